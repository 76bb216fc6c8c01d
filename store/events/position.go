package events

// Position is where the page begins that follows one which ends with e.
func (e *Entry) Position() Position { return placeOf(e).position() }

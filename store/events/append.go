package events

// staged is what is on its way to the last segment.
type staged struct {
	buffer []byte
	tail   tail
	at     int64 // where buffer will stand
	synced int64 // how far the file is durable
	size   int64 // of the file: behind what was written it has zeros
}

// zeros are written behind the entries, so many at once: to sync bytes that have
// their place on the disk takes little more than half the time of making a file
// longer, which the file system's journal has to hear of.
var zeros [256 << 10]byte

// stagedFrom stages nothing yet, behind the synced bytes of a file.
func stagedFrom(synced, size int64) staged { return staged{at: synced, synced: synced, size: size} }

// append makes durable those of entries that belong to this series.
func (d *series) append(entries []Entry, mine func(*Entry) bool) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if d.isClosed() {
		return ErrClosed
	}
	for i := range entries {
		if e := &entries[i]; mine(e) {
			if err := d.stage(e); err != nil {
				return d.unstage(err)
			}
		}
	}
	if err := d.commit(); err != nil {
		return d.unstage(err)
	}
	return nil
}

// stage encodes e behind what is staged, in the next segment if this is full.
func (d *series) stage(e *Entry) error {
	if d.full(e) {
		if err := d.commit(); err != nil {
			return err
		}
		if err := d.begin(); err != nil {
			return err
		}
	}
	s, p := &d.staged, placeOf(e)
	before := len(s.buffer)
	s.buffer = appendFrame(s.buffer, e, p, d.last().salt, uint32(s.synced))
	s.tail.add(e, p, uint32(s.at)+uint32(before), uint32(len(s.buffer)-before))
	if len(s.buffer) > enough {
		return d.write()
	}
	return nil
}

// full says whether e has to go into another segment than the last.
func (d *series) full(e *Entry) bool {
	if d.file == nil {
		return true
	}
	s := &d.staged
	end := s.at + int64(len(s.buffer))
	rows := len(d.last().index.(*tail).rows) + len(s.tail.rows)
	return end > fileHeader && end+int64(e.size()) > d.segmentBytes || rows >= maxRows
}

// write hands what is staged to the operating system.
func (d *series) write() error {
	s := &d.staged
	n, err := d.file.WriteAt(s.buffer, s.at)
	s.at += int64(n)
	s.buffer = s.buffer[:0]
	if err != nil || s.at <= s.size {
		return err
	}
	s.size = max(s.at, min(s.at+int64(len(zeros)), d.segmentBytes))
	_, err = d.file.WriteAt(zeros[:s.size-s.at], s.at)
	return err
}

// commit makes what is staged durable and then visible.
func (d *series) commit() error {
	s := &d.staged
	if len(s.tail.rows) == 0 {
		return nil
	}
	if err := d.write(); err != nil {
		return err
	}
	if err := syncData(d.file); err != nil {
		// What the system still holds of the file is unknown now: no more of it.
		d.finish()
		return err
	}
	s.synced = s.at
	d.publish(&s.tail, s.at)
	s.tail = tail{rows: s.tail.rows[:0], keys: s.tail.keys[:0]}
	return nil
}

// publish lets lookups see rows.
func (d *series) publish(rows *tail, length int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	last := d.segments[len(d.segments)-1]
	grown := *last.index.(*tail)
	grown.append(rows)
	last.index, last.length = &grown, length
}

// unstage forgets what is staged and not durable.
func (d *series) unstage(err error) error {
	s := &d.staged
	if d.file != nil && d.file.Truncate(s.synced) != nil {
		d.finish()
	}
	*s = stagedFrom(s.synced, s.synced)
	return err
}

// finish ends the last segment where it is known to be durable.
func (d *series) finish() error {
	if d.file == nil {
		return nil
	}
	d.file.Truncate(d.staged.synced) // if it fails: no index will point behind
	err := d.file.Close()
	d.file = nil
	return err
}

// probe tries whether the last segment can be written, with zeros behind its
// end, which are no frame.
func (d *series) probe() error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if d.isClosed() {
		return ErrClosed
	}
	if d.file == nil {
		return d.begin()
	}
	_, err := d.file.WriteAt(make([]byte, blockBytes), d.staged.synced)
	if err == nil {
		err = d.file.Sync()
	}
	return d.unstage(err)
}

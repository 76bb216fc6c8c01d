package sqlite

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/writ-iam/writ/store/driver"
)

// Every stored value ends in a checksum of its key and itself. SQLite finds a
// page that is out of order, but not a policy in which the disk has turned a
// letter.

const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

func addSum(key, value []byte) []byte {
	stored := append(make([]byte, 0, len(value)+sumSize), value...)
	return binary.BigEndian.AppendUint32(stored, sum(key, value))
}

// checkSum returns the value without its checksum.
func checkSum(key, stored []byte) ([]byte, error) {
	n := len(stored) - sumSize
	if n < 0 || binary.BigEndian.Uint32(stored[n:]) != sum(key, stored[:n]) {
		return nil, fmt.Errorf("%w: the value of %q has changed on the disk", driver.ErrDamaged, key)
	}
	return stored[:n:n], nil
}

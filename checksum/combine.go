package checksum

import "encoding/binary"

// polynomials of the CRCs, reflected, and their widths in bits.
var polynomials = map[Algorithm]struct {
	poly uint64
	bits int
}{
	CRC32:     {0xedb88320, 32},
	CRC32C:    {0x82f63b78, 32},
	CRC64NVME: {0x9a6c9329ac4bc9b5, 64},
}

// Combines says whether the digest of a whole follows from those of its parts.
func (a Algorithm) Combines() bool { return polynomials[a].bits > 0 }

// Combine returns the digest of two texts one after the other, by their digests
// and the length of the second in bytes. The algorithm must be one that Combines.
//
// A CRC is linear: that of the first is carried on over as many zero bytes as the
// second has, by squaring the matrix that does so for one bit, and the second's
// is added.
func (a Algorithm) Combine(first, second []byte, length int64) []byte {
	p := polynomials[a]
	crc := number(first)
	m := shift(p.poly, p.bits)
	for range 3 { // from one bit to one byte
		m = m.square()
	}
	for ; length > 0; length >>= 1 {
		if length&1 == 1 {
			crc = m.apply(crc)
		}
		m = m.square()
	}
	return digits(crc^number(second), p.bits)
}

// matrix is a linear map over bits: what becomes of each.
type matrix []uint64

// shift is what one zero bit does to a reflected CRC.
func shift(poly uint64, bits int) matrix {
	m := make(matrix, bits)
	m[0] = poly
	for i := 1; i < bits; i++ {
		m[i] = 1 << (i - 1)
	}
	return m
}

func (m matrix) apply(v uint64) (sum uint64) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 == 1 {
			sum ^= m[i]
		}
	}
	return sum
}

func (m matrix) square() matrix {
	twice := make(matrix, len(m))
	for i := range m {
		twice[i] = m.apply(m[i])
	}
	return twice
}

func number(digest []byte) (n uint64) {
	for _, b := range digest {
		n = n<<8 | uint64(b)
	}
	return n
}

func digits(n uint64, bits int) []byte {
	return binary.BigEndian.AppendUint64(nil, n)[8-bits/8:]
}

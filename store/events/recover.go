package events

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// openSeries opens a directory of segments, makes it if there is none, and
// repairs what a crash may have left. A directory of another version of the
// program is refused and not touched.
func openSeries(dir string, segmentBytes, maxBytes int64, logger *slog.Logger) (*series, error) {
	d := &series{dir: dir, segmentBytes: segmentBytes, maxBytes: maxBytes, logger: logger, next: 1}
	if err := errors.Join(os.MkdirAll(dir, 0o700), syncDir(filepath.Dir(dir))); err != nil {
		return nil, err
	}
	numbers, err := d.numbers()
	if err != nil || len(numbers) == 0 {
		return d, err
	}
	last := numbers[len(numbers)-1]
	if err := d.checkVersion(last); err != nil {
		return nil, err
	}
	d.next = last + 1
	for _, n := range numbers {
		if err := d.open(n, n == last); err != nil {
			return nil, err
		}
	}
	return d, d.tidy(numbers)
}

// numbers lists the segments in the directory.
func (d *series) numbers() (numbers []int, err error) {
	names, err := filepath.Glob(filepath.Join(d.dir, "*"+segmentSuffix))
	for _, name := range names {
		n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), segmentSuffix))
		if err != nil {
			return nil, fmt.Errorf("%s is no file of the event log", name)
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers, err
}

// checkVersion refuses a segment that another version of the program made.
func (d *series) checkVersion(number int) error {
	f, err := os.Open(d.path(number, segmentSuffix))
	if err != nil {
		return err
	}
	defer f.Close()
	header := make([]byte, fileHeader)
	if _, err := io.ReadFull(f, header); err != nil {
		return nil // torn when it was made; open sees to it
	}
	if _, err := openHeader(header); err != nil && !errors.Is(err, errDamaged) {
		return fmt.Errorf("%s was %w", f.Name(), err)
	}
	return nil
}

// open takes up one segment: by its sidecar if it has one, else by reading it.
func (d *series) open(number int, last bool) error {
	info, err := os.Stat(d.path(number, segmentSuffix))
	if err != nil {
		return err
	}
	if c, err := openSidecar(d.path(number, sidecarSuffix)); err == nil {
		if info.Size() < c.length {
			d.report(number, "%w: %d bytes are missing at the end", errDamaged, c.length-info.Size())
		}
		d.segments = append(d.segments, &segment{number, c.salt, c.length, c})
		return nil
	}
	if last && info.Size() < fileHeader {
		return os.Remove(d.path(number, segmentSuffix))
	}
	c, err := scanFile(d.path(number, segmentSuffix))
	if errors.Is(err, errDamaged) {
		d.report(number, "%w: nothing of it can be read", err)
		return nil
	}
	if err != nil {
		return err
	}
	if last {
		return d.resume(number, c, info.Size())
	}
	return d.reseal(number, c)
}

// resume goes on with the last segment, without its torn tail.
func (d *series) resume(number int, c *contents, size int64) error {
	end := c.torn()
	f, err := os.OpenFile(d.path(number, segmentSuffix), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if end < c.blank {
		d.logger.Warn("event log: cutting what a crash left unfinished", "file", f.Name(), "bytes", c.blank-end)
		c.tail.cut(uint32(end))
		size = int64(end)
		if err := errors.Join(f.Truncate(int64(end)), f.Sync()); err != nil {
			f.Close()
			return err
		}
	}
	d.reportGaps(number, c, end)
	d.file, d.staged = f, stagedFrom(int64(end), size)
	d.segments = append(d.segments, &segment{number, c.salt, int64(end), &c.tail})
	return nil
}

// reseal gives a segment the sidecar that a crash prevented or damage took.
func (d *series) reseal(number int, c *contents) error {
	d.reportGaps(number, c, c.end)
	g := &segment{number, c.salt, int64(c.end), &c.tail}
	d.segments = append(d.segments, g)
	return d.writeSidecar(g, &c.tail, g.length)
}

func (d *series) reportGaps(number int, c *contents, end int) {
	for _, g := range c.gaps {
		if g.from < end {
			d.report(number, "%w: bytes %d to %d", errDamaged, g.from, g.to)
		}
	}
}

// tidy removes what belongs to no segment.
func (d *series) tidy(numbers []int) error {
	files, err := os.ReadDir(d.dir)
	for _, f := range files {
		suffix := filepath.Ext(f.Name())
		n, notNumber := strconv.Atoi(strings.TrimSuffix(f.Name(), suffix))
		orphan := suffix == sidecarSuffix && notNumber == nil && !slices.Contains(numbers, n)
		if orphan || suffix == draftSuffix {
			err = errors.Join(err, os.Remove(filepath.Join(d.dir, f.Name())))
		}
	}
	return err
}

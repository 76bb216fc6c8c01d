package events

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// openSegments opens a log that tells nobody of damage.
func openSegments(t testing.TB, dir string, o Options) *Segments {
	t.Helper()
	o.Logger = slog.New(slog.DiscardHandler)
	l, err := OpenSegments(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func closeLog(t testing.TB, l Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// files lists the files of accounts' entries with a suffix, oldest first.
func files(t testing.TB, dir, suffix string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "accounts", "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func everything(all []Entry) []Entry { return want(all, func(Entry) bool { return true }) }

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	o := Options{SegmentBytes: 2 << 10, InstallationBytes: 1 << 20}
	var all []Entry
	for n := range 60 {
		l := openSegments(t, dir, o)
		appendAll(t, l, entry(alice, n), entry("", n))
		all = append(all, entry(alice, n))
		equal(t, lookup(t, l, Query{Account: alice, Limit: 7}), everything(all))
		closeLog(t, l)
		if _, err := l.Get(t.Context(), alice, id(n)); err != ErrClosed {
			t.Fatalf("after Close: %v", err)
		}
		if err := l.Append(t.Context(), all); err == nil {
			t.Fatal("a closed log appends")
		}
	}
	if n := len(files(t, dir, segmentSuffix)); n < 5 {
		t.Fatalf("only %d segments", n)
	}
}

func TestOneProcess(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{})
	if _, err := OpenSegments(dir, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Fatalf("opened twice: %v", err)
	}
	closeLog(t, l)
	closeLog(t, openSegments(t, dir, Options{}))
}

func TestNewerVersion(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "accounts", "00000001.events")
	os.MkdirAll(filepath.Dir(path), 0o700)
	header, _ := newHeader()
	header[7]++
	header = append(header[:12], order.AppendUint32(nil, crc(header[:12]))...)
	os.WriteFile(path, append(header, "unknown"...), 0o600)
	if _, err := OpenSegments(dir, Options{}); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Fatalf("a newer log is opened: %v", err)
	}
	if now, _ := os.ReadFile(path); !bytes.HasSuffix(now, []byte("unknown")) {
		t.Fatal("a newer log was touched")
	}
}

// Power fails while the last batch is written: the file ends at any byte, or
// its last part was never written and is zero, or is something else, and zeros
// may follow.
func TestTornTail(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{})
	appendAll(t, l, short(0, 3)...)
	path := files(t, dir, segmentSuffix)[0]
	closeLog(t, l)
	before, _ := os.ReadFile(path)
	l = openSegments(t, dir, Options{})
	appendAll(t, l, short(3, 6)...)
	closeLog(t, l)
	whole, _ := os.ReadFile(path)
	if len(before) >= len(whole) {
		t.Fatal("a closed log has zeros behind its entries")
	}
	behind := make([]byte, 100)
	for cut := len(before); cut <= len(whole); cut++ {
		zeros, other := behind[:cut%2*len(behind)], bytes.Repeat([]byte{'x'}, len(whole)-cut)
		testTorn(t, slices.Concat(whole[:cut], zeros), cut == len(whole))
		testTorn(t, slices.Concat(whole[:cut], other, zeros), cut == len(whole))
	}
	for at := len(before); at < len(whole); at++ {
		holed := slices.Clone(whole)
		clear(holed[at:min(at+50, len(whole))])
		testTorn(t, slices.Concat(holed, behind[:at%2*len(behind)]), bytes.Equal(holed, whole))
	}
	for cut := range fileHeader {
		testHeaderOnly(t, whole[:cut])
	}
}

// A segment is read piece by piece. Where one ends no frame is lost, and none
// behind what is damaged.
func TestPieces(t *testing.T) {
	header, salt := newHeader()
	data, starts := header, []int{}
	for n := 0; len(data) < 3*windowBytes; n++ {
		e := entry(alice, n)
		e.Event = bytes.Repeat([]byte{'.'}, n%5000)
		starts = append(starts, len(data))
		data = appendFrame(data, &e, placeOf(&e), salt, fileHeader)
	}
	for at := windowBytes - 5500; at < windowBytes+5500; at += 83 {
		damaged := slices.Clone(data)
		copy(damaged[at:], "damage")
		c, err := scan(bytes.NewReader(damaged), len(damaged))
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(starts), func(start int) bool {
			next, _ := slices.BinarySearch(starts, start+1)
			end := len(data)
			if next < len(starts) {
				end = starts[next]
			}
			return start < at+len("damage") && at < end
		})
		var got []int
		for _, r := range c.tail.rows {
			got = append(got, int(r.offset))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("damaged at %d: %d frames of %d", at, len(got), len(want))
		}
	}
}

// A crash leaves the zeros that were to be written over. They are no torn tail,
// and are written over after all.
func TestRoomAhead(t *testing.T) {
	dir, crashed := t.TempDir(), t.TempDir()
	l := openSegments(t, dir, Options{})
	defer closeLog(t, l)
	appendAll(t, l, entry(alice, 0))
	if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	path := files(t, crashed, segmentSuffix)[0]
	before, _ := os.Stat(path)
	var told bytes.Buffer
	again, err := OpenSegments(crashed, Options{Logger: slog.New(slog.NewTextHandler(&told, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer closeLog(t, again)
	appendAll(t, again, entry(alice, 1))
	if after, _ := os.Stat(path); after.Size() != before.Size() || after.Size() < int64(len(zeros)) {
		t.Errorf("%d bytes, then %d", before.Size(), after.Size())
	}
	equal(t, lookup(t, again, Query{Account: alice, Limit: 9}), everything(entries(alice, 0, 2)))
	if told.Len() > 0 {
		t.Errorf("zeros are taken for a torn tail: %s", &told)
	}
}

// short returns entries that make few bytes.
func short(from, to int) (all []Entry) {
	for _, e := range entries(alice, from, to) {
		e.Attributes, e.Event, e.Note = e.Attributes[2:3], nil, nil
		all = append(all, e)
	}
	return all
}

// testTorn opens a log whose first three entries must have survived.
func testTorn(t *testing.T, file []byte, whole bool) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "accounts", "00000001.events")
	os.MkdirAll(filepath.Dir(path), 0o700)
	os.WriteFile(path, file, 0o600)
	l := openSegments(t, dir, Options{})
	got := lookup(t, l, Query{Account: alice, Limit: 9})
	if n := len(got); n < 3 || whole != (n == 6) {
		t.Fatalf("%d entries of %d bytes", n, len(file))
	}
	equal(t, got, everything(short(0, len(got))))
	if err := l.Damage(); err != nil {
		t.Fatalf("a torn tail is taken for damage: %v", err)
	}
	appendAll(t, l, entry(alice, 9))
	closeLog(t, l)
	l = openSegments(t, dir, Options{})
	equal(t, lookup(t, l, Query{Account: alice, Limit: 9}), everything(append(got, entry(alice, 9))))
	closeLog(t, l)
}

func testHeaderOnly(t *testing.T, file []byte) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "accounts", "00000007.events")
	os.MkdirAll(filepath.Dir(path), 0o700)
	os.WriteFile(path, file, 0o600)
	l := openSegments(t, dir, Options{})
	appendAll(t, l, entry(alice, 9))
	equal(t, lookup(t, l, Query{Account: alice, Limit: 9}), entries(alice, 9, 10))
	if err := l.Damage(); err != nil {
		t.Fatal(err)
	}
	closeLog(t, l)
}

// One byte of what was acknowledged changes. What it was part of is reported
// and all else is there, whether the segment has its index or is the last.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{SegmentBytes: 2 << 10})
	for n := range 12 {
		appendAll(t, l, entry(alice, n))
	}
	closeLog(t, l)
	names := files(t, dir, segmentSuffix)
	if len(names) != 2 {
		t.Fatalf("%d segments", len(names))
	}
	for i, name := range names {
		whole, _ := os.ReadFile(name)
		end := len(whole)
		if i == 1 { // no later entry testifies that the last one was durable
			c, err := scan(bytes.NewReader(whole), len(whole))
			if err != nil {
				t.Fatal(err)
			}
			end = c.synced
		}
		for at := 0; at < end; at += 13 {
			damaged := slices.Clone(whole)
			damaged[at] ^= 0x20
			os.WriteFile(name, damaged, 0o600)
			testDamage(t, dir, i == 1 && at < fileHeader)
		}
		os.WriteFile(name, whole, 0o600)
	}
}

// testDamage reads a log in which at most one entry of twelve may be lost, or
// the last segment if its header is.
func testDamage(t *testing.T, dir string, header bool) {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	l := openSegments(t, copied, Options{SegmentBytes: 2 << 10})
	defer closeLog(t, l)
	got := lookup(t, l, Query{Account: alice, Limit: 5})
	if len(got) < 11 && !header {
		t.Fatalf("%d entries of 12 are left", len(got))
	}
	if len(got) < 12 && l.Damage() == nil {
		t.Fatalf("%d entries of 12 are left, and nothing is reported", len(got))
	}
	for _, e := range got {
		var n int
		fmt.Sscanf(e.ID, "%x", &n)
		equal(t, []Entry{e}, entries(alice, n, n+1))
	}
	appendAll(t, l, entry(alice, 99))
	if _, err := l.Get(t.Context(), alice, id(99)); err != nil {
		t.Fatal(err)
	}
}

// An index that is missing, cut, changed or older than a crash is made anew.
func TestIndexIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	o := Options{SegmentBytes: 8 << 10}
	l := openSegments(t, dir, o)
	appendAll(t, l, entries(alice, 0, 100)...)
	closeLog(t, l)
	first := files(t, dir, sidecarSuffix)[0]
	whole, _ := os.ReadFile(first)
	check := func(l Log) {
		t.Helper()
		equal(t, lookup(t, l, Query{Account: alice, Limit: 30}), everything(entries(alice, 0, 100)))
		equal(t, lookup(t, l, Query{Account: alice, Attribute: &Attribute{"Username", "user-1"}, Limit: 30}),
			want(entries(alice, 0, 100), func(e Entry) bool { return e.has(Attribute{"Username", "user-1"}) }))
	}
	for at := 0; at < len(whole); at += 1 + at/sidecarHeader*100 {
		changed := slices.Clone(whole)
		changed[at]++
		os.WriteFile(first, changed, 0o600)
		l := openSegments(t, dir, o)
		check(l)
		check(l)
		closeLog(t, l)
		if now, _ := os.ReadFile(first); !bytes.Equal(now, whole) {
			t.Fatalf("byte %d changed: the index made anew is another", at)
		}
	}
	os.WriteFile(first, whole[:len(whole)-1], 0o600)
	os.WriteFile(strings.TrimSuffix(first, sidecarSuffix)+draftSuffix, whole[:10], 0o600)
	os.WriteFile(filepath.Join(dir, "accounts", "00000999.index"), whole, 0o600)
	l = openSegments(t, dir, o)
	check(l)
	os.Remove(first) // while the log is open
	check(l)
	closeLog(t, l)
	if n := len(files(t, dir, "")); n != 2*len(files(t, dir, segmentSuffix))-1 {
		t.Errorf("%d files, some belong to no segment: %v", n, files(t, dir, ""))
	}
}

func TestFloodIsBounded(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{SegmentBytes: 1 << 20, InstallationBytes: 64 << 10})
	appendAll(t, l, entries(alice, 0, 10)...)
	for n := range 200 {
		appendAll(t, l, entries("", 10*n, 10*n+10)...)
	}
	var size int64
	filepath.Walk(filepath.Join(dir, "installation"), func(path string, info os.FileInfo, _ error) error {
		if strings.HasSuffix(path, segmentSuffix) {
			size += info.Size()
		}
		return nil
	})
	if size > 64<<10 || size < 32<<10 {
		t.Errorf("%d bytes of the installation's own entries, bounded to %d", size, 64<<10)
	}
	got := lookup(t, l, Query{Limit: 100})
	equal(t, got, everything(entries("", 2000-len(got), 2000)))
	equal(t, lookup(t, l, Query{Account: alice, Limit: 100}), everything(entries(alice, 0, 10)))
	closeLog(t, l)
}

func TestTrimDeletesFiles(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{SegmentBytes: 4 << 10})
	appendAll(t, l, entries(alice, 0, 500)...)
	before := len(files(t, dir, segmentSuffix))
	if err := l.Trim(t.Context(), noon.Add(250*time.Second)); err != nil {
		t.Fatal(err)
	}
	if after := len(files(t, dir, segmentSuffix)); after < before/2-2 || after > before/2+2 {
		t.Errorf("%d files of %d after half was trimmed", after, before)
	}
	if err := l.Trim(t.Context(), maxTime); err != nil {
		t.Fatal(err)
	}
	if names := files(t, dir, ""); len(names) != 1 {
		t.Errorf("after all was trimmed: %v", names)
	}
	closeLog(t, l)
}

// Files are deleted while they are searched.
func TestTrimWhileLookingUp(t *testing.T) {
	l := openSegments(t, t.TempDir(), Options{SegmentBytes: 4 << 10})
	defer closeLog(t, l)
	appendAll(t, l, entries(alice, 0, 2000)...)
	var trimming sync.WaitGroup
	trimming.Go(func() {
		for n := 0; n <= 1900; n += 20 {
			if err := l.Trim(t.Context(), noon.Add(time.Duration(n)*time.Second)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 20 {
		got := lookup(t, l, Query{Account: alice, From: noon.Add(1900 * time.Second), Limit: 30})
		equal(t, got, everything(entries(alice, 1900, 2000)))
		lookup(t, l, Query{Account: alice, Limit: 200})
	}
	trimming.Wait()
	if err := l.Damage(); err != nil {
		t.Error(err)
	}
}

// kill -9 at any moment: what was acknowledged is there.
func TestKill(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for round := range rounds {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "EVENTS_TEST_WRITE_TO="+dir, fmt.Sprintf("EVENTS_TEST_ROUND=%d", round))
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(100+37*round)*time.Millisecond, func() { child.Process.Kill() })
		for s := bufio.NewScanner(out); s.Scan(); {
			if len(s.Text()) == 36 {
				acknowledged[s.Text()] = true
			}
		}
		child.Wait()
	}
	if len(acknowledged) < 100 {
		t.Fatalf("only %d entries were acknowledged", len(acknowledged))
	}
	l := openSegments(t, dir, Options{})
	defer closeLog(t, l)
	for _, e := range lookup(t, l, Query{Account: alice, Limit: 10_000}) {
		delete(acknowledged, e.ID)
	}
	for id := range acknowledged {
		t.Errorf("%s was acknowledged and is lost", id)
	}
	if err := l.Damage(); err != nil {
		t.Error(err)
	}
}

// writeUntilKilled is the child of TestKill.
func writeUntilKilled(dir string) {
	l, err := OpenSegments(dir, Options{SegmentBytes: 64 << 10, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w := NewWriter(l)
	var round int
	fmt.Sscan(os.Getenv("EVENTS_TEST_ROUND"), &round)
	for writer := range 16 {
		go func() {
			for n := 0; ; n++ {
				e := entry(alice, round<<24|writer<<20|n)
				if err := w.WriteDurable(context.Background(), e); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println(e.ID)
			}
		}()
	}
	select {}
}

func crc(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

const (
	crashAddress = "WRIT_STORETEST_ADDRESS" // makes the test binary the process to be killed
	crashRound   = "WRIT_STORETEST_ROUND"
)

// Main is the TestMain of packages that call Crash.
func Main(m *testing.M) {
	if address := os.Getenv(crashAddress); address != "" {
		fmt.Fprintln(os.Stderr, writeForever(address, os.Getenv(crashRound)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever inserts users from several goroutines and prints the id of each
// when, and only when, its Update has returned.
func writeForever(address, round string) error {
	keys, err := store.NewKeyring([]byte(strings.Repeat("\x07", store.MasterKeySize)))
	if err != nil {
		return err
	}
	db, err := store.Open(background, address, store.Options{Keys: keys})
	if err != nil {
		return err
	}
	allow(db)
	failed := make(chan error)
	for g := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", round, g, i)
				err := db.Update(&writ.Call{ID: id}, func(tx *store.Tx) error {
					return users.Insert(tx, &user{Account: account, Name: id, ID: "id-" + id})
				})
				if err != nil {
					failed <- err
				}
				os.Stdout.WriteString(id + "\n")
			}
		}()
	}
	return <-failed
}

// Crash kills processes with SIGKILL while they write to the database at an
// address, and looks after each whether all is there that was acknowledged,
// each with its index entry and its change record. The package's TestMain must
// be Main.
func Crash(t *testing.T, address string) {
	acknowledged := map[string]bool{}
	for round := range 6 {
		for _, id := range killed(t, address, round) {
			acknowledged[id] = true
		}
		verify(t, address, acknowledged)
	}
	t.Logf("%d acknowledged updates survived", len(acknowledged))
}

// killed runs a process, kills it after a while and returns what it
// acknowledged.
func killed(t *testing.T, address string, round int) (ids []string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashAddress+"="+address, fmt.Sprint(crashRound, "=", round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if ids = append(ids, lines.Text()); len(ids) == 1 {
			time.AfterFunc(time.Duration(50+37*round)*time.Millisecond, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); len(ids) == 0 {
		t.Fatalf("the process acknowledged nothing: %v", err)
	}
	return ids
}

func verify(t *testing.T, address string, acknowledged map[string]bool) {
	t.Helper()
	db := Open(t, address)
	defer db.Close()
	logged := map[string]bool{}
	for _, change := range history(t, db, 0) {
		logged[change.Writes[0].Key.Parts()[2]] = true
	}
	stored := 0
	view(t, db, func(tx *store.Tx) error {
		for u, err := range users.Scan(tx, store.K(account)) {
			if err != nil {
				return err
			}
			stored++
			if by, err := users.By(tx, "id", u.ID); err != nil || by.Name != u.Name {
				t.Errorf("%s is not in the index: %v", u.Name, err)
			}
			if !logged[u.Name] {
				t.Errorf("%s has no change record", u.Name)
			}
		}
		for id := range acknowledged {
			if _, err := users.Get(tx, account, id); err != nil {
				t.Errorf("%s was acknowledged and is lost: %v", id, err)
			}
		}
		n, err := users.Count(tx, store.K(account))
		if n != stored || len(logged) != stored || db.Revision() != uint64(stored) {
			err = errors.Join(err, fmt.Errorf("%d records, counted %d, %d logged, revision %d", stored, n, len(logged), db.Revision()))
		}
		return err
	})
}

// Cut makes the model that is embedded of a service of which little is served:
// EC2's has 765 operations, of which Writ has a few dozen.
//
//	go run ./internal/gen/cut -service ec2 -from FILE
//
// FILE is AWS's whole model with its paginators, in the form of model/data. Its
// one idea: what is served is what has a rule in model/data/<svc>.authz.json.
// Those operations are kept with all the shapes that they reach; of the others
// only the name is, marked "cut", so that coverage and the answer NotImplemented
// stay true. Cutting what was cut changes nothing.
//
// Bounds and patterns are dropped: EC2 checks them with texts of its own, which
// are those of the service.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	service := flag.String("service", "ec2", "the service to cut")
	from := flag.String("from", "", "its whole model")
	dir := flag.String("dir", "model/data", "where its rules are, and its model goes")
	flag.Parse()
	if err := run(*dir, *service, *from); err != nil {
		log.Fatal("cut: ", err)
	}
}

func run(dir, service, from string) error {
	var whole file
	if err := read(from, &whole); err != nil {
		return err
	}
	rules := map[string]json.RawMessage{}
	if err := read(filepath.Join(dir, service+".authz.json"), &rules); err != nil {
		return err
	}
	cut, err := whole.cut(rules)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(cut)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, service+".json"), append(raw, '\n'), 0o666)
}

func read(name string, into any) error {
	raw, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

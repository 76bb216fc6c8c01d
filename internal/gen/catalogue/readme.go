package main

import (
	"os"
	"text/template"
)

var readme = template.Must(template.New("").Parse(`# Data of package catalogue

Written by ` + "`go run ./internal/gen/catalogue -npm DIR`" + `, where DIR is the node_modules directory that holds
both packages below at these versions. Do not edit. The archives are plain zip files: ` + "`unzip -p services.zip iam`" + `
shows what is known of IAM, and ` + "`unzip -z`" + ` what an archive holds.

| file | made from the npm package | licence |
|---|---|---|
| managed.zip | {{.Managed}} | MIT, managed.LICENSE |
| services.zip | {{.Services}} | MIT, services.LICENSE |

## managed.zip

AWS managed policies with all versions that the source has, documents as AWS wrote them but for white space.

- Default versions carry the date at which the policy was last updated. Since 2023 the source gives the policy's own date
  of creation to new versions; such dates are left out.
- Some version numbers are missing in the source, because two versions came between two of its readings.
- The source has no policy ids. Package catalogue derives them.

## services.zip

Actions, resource types and condition keys from the Service Authorization Reference, without the descriptions and without
the scenarios of five actions. The source has no dependent actions. keys/global has the global condition keys, keys/foreign
those of services that cannot be found by their prefix.
`))

func writeReadme(path string, managed, services *archive) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := readme.Execute(f, struct{ Managed, Services string }{managed.comment, services.comment}); err != nil {
		return err
	}
	return f.Close()
}

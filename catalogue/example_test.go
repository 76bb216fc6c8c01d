package catalogue_test

import (
	"fmt"

	"github.com/writ-iam/writ/catalogue"
)

func ExampleLookupAction() {
	a, ok := catalogue.LookupAction("iam:createuser")
	fmt.Println(ok, a.Name, a.Access, a.Resources[0].Type)
	// Output: true CreateUser Write user
}

func ExampleLookupKey() {
	k, ok := catalogue.LookupKey("aws:PrincipalTag/team")
	fmt.Println(ok, k.Name, k.Type)
	// Output: true aws:PrincipalTag/${TagKey} String
}

func ExampleManagedPolicy() {
	m, ok := catalogue.ManagedPolicy("arn:aws:iam::aws:policy/AdministratorAccess")
	fmt.Println(ok, m.Path, m.DefaultVersion)
	fmt.Println(m.Document)
	// Output:
	// true / v1
	// {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
}

func ExampleManaged_Version() {
	m, _ := catalogue.ManagedPolicy("arn:aws-cn:iam::aws:policy/PowerUserAccess")
	v, ok := m.Version("v1")
	fmt.Println(ok, v.Document)
	// Output: true {"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}
}

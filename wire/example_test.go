package wire_test

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/wire"
)

// A request becomes a plain struct, and a plain struct an answer.
func Example() {
	r := httptest.NewRequest("POST", "/", strings.NewReader("Action=DeleteUser&Version=2010-05-08&UserName=alice"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	router, err := wire.NewRouter("us-east-1", nil, "iam", "sts")
	if err != nil {
		panic(err)
	}
	req := wire.Open(httptest.NewRecorder(), r, 1<<20)
	route, err := router.Resolve(req)
	if err != nil {
		panic(err)
	}
	var in iam.DeleteUserInput
	if err := wire.Decode(route.Operation, req, &in); err != nil {
		panic(err)
	}
	fmt.Println(route.Operation.Name, in.UserName, route.Scope.Region)

	answer := wire.Encode(route.Operation, &iam.DeleteUserOutput{}, "c6fd5f4c")
	fmt.Println(answer.Status, string(answer.Body))

	refusal := wire.EncodeError(route, iam.NoSuchEntityException("The user with name %s cannot be found.", in.UserName), "c6fd5f4c")
	fmt.Println(refusal.Status)
	// Output:
	// DeleteUser alice us-east-1
	// 200 <DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>c6fd5f4c</RequestId></ResponseMetadata></DeleteUserResponse>
	// 404
}

package s3

import (
	"encoding/hex"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// grant is one entry of an access control list (S3 User Guide, "Access control
// list (ACL) overview").
type grant struct {
	ID         string // canonical id of an account, "" for a group
	Group      string // URI of a predefined group
	Permission string // FULL_CONTROL, READ, WRITE, READ_ACP, WRITE_ACP
}

// The predefined groups: the public, once with and once without those who do not
// sign.
const (
	allUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

const fullControl = "FULL_CONTROL"

// maxGrants is the size of a list.
const maxGrants = 100

func (g *grant) public() bool { return g.Group != "" }

// parties are the accounts that canned ACLs speak of.
type parties struct{ owner, bucketOwner string }

// askedACL is the list that a request's headers ask for, nil if they ask for
// none. Not every input has all of them.
func askedACL(input any, p parties) ([]grant, error) {
	canned := value(member(input, "ACL"))
	granted, err := headerGrants(input)
	switch {
	case err != nil:
		return nil, err
	case canned != "" && granted != nil:
		return nil, writ.Errorf(400, "InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
	case canned != "":
		return cannedACL(canned, p)
	}
	return granted, nil
}

// cannedACL: S3 User Guide, "Canned ACL".
func cannedACL(name string, p parties) ([]grant, error) {
	acl := []grant{{ID: canonicalID(p.owner), Permission: fullControl}}
	switch name {
	case "private":
	case "public-read":
		acl = append(acl, grant{Group: allUsers, Permission: "READ"})
	case "public-read-write":
		acl = append(acl, grant{Group: allUsers, Permission: "READ"}, grant{Group: allUsers, Permission: "WRITE"})
	case "authenticated-read":
		acl = append(acl, grant{Group: authenticatedUsers, Permission: "READ"})
	case "bucket-owner-read":
		acl = append(acl, grant{ID: canonicalID(p.bucketOwner), Permission: "READ"})
	case ownerFullControl:
		if p.owner != p.bucketOwner {
			acl = append(acl, grant{ID: canonicalID(p.bucketOwner), Permission: fullControl})
		}
	case "aws-exec-read": // is for a service that is not here
		return nil, writ.NotImplemented("The canned ACL %s is not implemented", name)
	default:
		return nil, invalidArgument("x-amz-acl", name, "The canned ACL is not one of those that there are")
	}
	return acl, nil
}

// headerGrants reads x-amz-grant-…: id="…", uri="…", several with commas.
func headerGrants(input any) (acl []grant, err error) {
	for _, h := range [...]struct{ member, permission string }{{"GrantFullControl", fullControl}, {"GrantRead", "READ"}, {"GrantWrite", "WRITE"},
		{"GrantReadACP", "READ_ACP"}, {"GrantWriteACP", "WRITE_ACP"}} {
		header := value(member(input, h.member))
		if header == "" {
			continue
		}
		for grantee := range strings.SplitSeq(header, ",") {
			kind, name, _ := strings.Cut(strings.TrimSpace(grantee), "=")
			g, err := newGrant(strings.TrimSpace(kind), strings.Trim(strings.TrimSpace(name), `"`), h.permission)
			if err != nil {
				return nil, err
			}
			acl = append(acl, g)
		}
	}
	if len(acl) > maxGrants {
		return nil, malformedACL()
	}
	return acl, nil
}

// newGrant checks a grantee: an account by its canonical id, or a group.
func newGrant(kind, name, permission string) (grant, error) {
	switch strings.ToLower(kind) {
	case "id":
		if raw, err := hex.DecodeString(name); err != nil || len(raw) != 32 || strings.ToLower(name) != name {
			return grant{}, invalidArgument("CanonicalUser/ID", name, "Invalid id")
		}
		return grant{ID: name, Permission: permission}, nil
	case "uri":
		switch name {
		case allUsers, authenticatedUsers:
			return grant{Group: name, Permission: permission}, nil
		case logDelivery: // nothing delivers logs here
			return grant{}, writ.NotImplemented("The group %s is not implemented", name)
		}
		return grant{}, invalidArgument("Group/URI", name, "Invalid group uri")
	case "emailaddress": // accounts made since October 2025 can't be named so in AWS either
		return grant{}, writ.NotImplemented("Grantees by e-mail address are not implemented")
	}
	return grant{}, invalidArgument("x-amz-grant", kind, "Argument format not recognized")
}

// bodyACL reads the list of a request's body, which names the owner as it is.
func bodyACL(list *api.AccessControlPolicy, owner string) (acl []grant, err error) {
	if list.Owner == nil || value(list.Owner.ID) != canonicalID(owner) {
		return nil, writ.AccessDenied("Access Denied")
	}
	if len(list.Grants) > maxGrants {
		return nil, malformedACL()
	}
	acl = []grant{}
	for _, g := range list.Grants {
		if g.Grantee == nil || g.Permission == nil {
			return nil, malformedACL()
		}
		one, err := granted(g.Grantee, *g.Permission)
		if err != nil {
			return nil, err
		}
		acl = append(acl, one)
	}
	return acl, nil
}

func granted(to *api.Grantee, permission string) (grant, error) {
	switch to.Type {
	case "CanonicalUser":
		return newGrant("id", value(to.ID), permission)
	case "Group":
		return newGrant("uri", value(to.URI), permission)
	}
	return newGrant("emailAddress", value(to.EmailAddress), permission)
}

// onlyFor says whether a list grants nothing to anybody but one account.
func onlyFor(acl []grant, account string) bool {
	for i := range acl {
		if acl[i].ID != canonicalID(account) {
			return false
		}
	}
	return true
}

func malformedACL() error {
	return writ.Errorf(400, "MalformedACLError", "The XML you provided was not well-formed or did not validate against our published schema")
}

// anonymousID is the canonical user id of those who do not sign.
const anonymousID = "65a011a29cdf8ec533ec3d1ccaae921c"

func canonicalID(account string) string {
	if account == nobodysAccount || account == "" {
		return anonymousID
	}
	return writ.CanonicalID(account)
}

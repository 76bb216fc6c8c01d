package saml_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/saml"
)

// evil makes an assertion say that somebody else is meant, under another id.
func evil(assertion *etree.Element) *etree.Element {
	e := assertion.Copy()
	e.CreateAttr("ID", "evil")
	e.FindElement("./Subject/NameID").SetText("admin@example.com")
	return e
}

func assertion(r *etree.Element) *etree.Element { return r.SelectElement("Assertion") }

func unsignedCopy(el *etree.Element) *etree.Element {
	c := el.Copy()
	removeSignatures(c)
	return c
}

// The attacks of "On Breaking SAML: Be Whoever You Want to Be" (Somorovsky et
// al., USENIX Security 2012) and what was found since: what the signature covers
// is moved aside, and something else stands where it is looked for.
func TestWrapping(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	m := metadata(t, p)
	for name, attack := range map[string]func(r *etree.Element){
		"changed": func(r *etree.Element) { assertion(r).FindElement("./Subject/NameID").SetText("admin@example.com") },
		"another assertion first": func(r *etree.Element) {
			r.InsertChildAt(assertion(r).Index(), unsignedCopy(evil(assertion(r))))
		},
		"another assertion last": func(r *etree.Element) { r.AddChild(unsignedCopy(evil(assertion(r)))) },
		"the same id": func(r *etree.Element) {
			e := unsignedCopy(evil(assertion(r)))
			e.CreateAttr("ID", assertion(r).SelectAttrValue("ID", ""))
			r.InsertChildAt(assertion(r).Index(), e)
		},
		"the signed one within the other": func(r *etree.Element) {
			good := assertion(r)
			e := unsignedCopy(evil(good))
			r.RemoveChild(good)
			e.AddChild(good)
			r.AddChild(e)
		},
		"the signed one within the other's signature": func(r *etree.Element) {
			good := assertion(r)
			e := evil(good)
			r.RemoveChild(good)
			object := e.SelectElement("Signature").CreateElement("ds:Object")
			object.AddChild(unsignedCopy(good))
			r.AddChild(e)
		},
		"the signed one in an extension": func(r *etree.Element) {
			good := assertion(r)
			r.AddChild(unsignedCopy(evil(good)))
			extensions := r.CreateElement("samlp:Extensions")
			extensions.AddChild(good)
		},
		"the signed response within another": func(r *etree.Element) {
			outer := r.Copy()
			removeSignatures(outer)
			outer.CreateAttr("ID", "outer")
			assertion(outer).CreateAttr("ID", "evil")
			assertion(outer).FindElement("./Subject/NameID").SetText("admin@example.com")
			inner := r.Copy()
			r.Child, r.Attr = outer.Child, outer.Attr
			r.CreateElement("samlp:Extensions").AddChild(inner)
		},
		"the signature without its assertion": func(r *etree.Element) {
			good := assertion(r)
			e := evil(good)
			e.CreateAttr("ID", good.SelectAttrValue("ID", ""))
			r.RemoveChild(good)
			r.AddChild(e)
		},
		"two signatures": func(r *etree.Element) {
			assertion(r).AddChild(assertion(r).SelectElement("Signature").Copy())
		},
		"a reference to the whole document": func(r *etree.Element) {
			assertion(r).FindElement("./Signature/SignedInfo/Reference").CreateAttr("URI", "")
		},
		"two references": func(r *etree.Element) {
			info := assertion(r).FindElement("./Signature/SignedInfo")
			info.AddChild(info.SelectElement("Reference").Copy())
		},
		"two of what is signed": func(r *etree.Element) {
			s := assertion(r).SelectElement("Signature")
			s.AddChild(s.SelectElement("SignedInfo").Copy())
		},
		"an XSLT transform": func(r *etree.Element) {
			assertion(r).FindElement("./Signature/SignedInfo/Reference/Transforms/Transform").CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
		},
		"HMAC": func(r *etree.Element) {
			assertion(r).FindElement("./Signature/SignedInfo/SignatureMethod").CreateAttr("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
		},
		"a comment in the name": func(r *etree.Element) {
			assertion(r).FindElement("./Subject/NameID").CreateComment("")
		},
		"a processing instruction": func(r *etree.Element) {
			assertion(r).FindElement("./Subject/NameID").CreateProcInst("a", "b")
		},
		"two names": func(r *etree.Element) {
			s := assertion(r).SelectElement("Subject")
			s.AddChild(s.SelectElement("NameID").Copy())
		},
	} {
		// Once the response's own signature is there, once only the assertion's.
		for _, alone := range []bool{false, true} {
			response := tampered(t, p.Respond(t, answer()), func(r *etree.Element) {
				if alone {
					r.RemoveChild(r.SelectElement("Signature"))
				}
				attack(r)
			})
			a, err := m.Verify(response, expected())
			if !errors.Is(err, saml.ErrSignature) && !errors.Is(err, saml.ErrMalformed) || a != nil {
				t.Errorf("%s (assertion alone: %v): %+v, %v", name, alone, a, err)
			}
		}
	}
}

// A comment is not part of what is signed: it must not cut the name in two.
func TestCommentIsRefused(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	a := answer()
	a.Subject = "admin@example.com.evil.example"
	raw, _ := base64.StdEncoding.DecodeString(p.Respond(t, a))
	cut := strings.ReplaceAll(string(raw), "admin@example.com.evil", "admin@example.com<!---->.evil")
	if _, err := metadata(t, p).Verify(base64.StdEncoding.EncodeToString([]byte(cut)), expected()); !errors.Is(err, saml.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestDTDIsRefused(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	raw, _ := base64.StdEncoding.DecodeString(p.Respond(t, answer()))
	bomb := `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>` + string(raw)
	if _, err := metadata(t, p).Verify(base64.StdEncoding.EncodeToString([]byte(bomb)), expected()); !errors.Is(err, saml.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

// The key that a response brings along counts for nothing.
func TestKeyInfoIsIgnored(t *testing.T) {
	p, stranger := idp.NewSAML(t, entityID, now), idp.NewSAML(t, entityID, now)
	bare := answer()
	bare.Bare = true
	good := tampered(t, p.Respond(t, bare), func(r *etree.Element) {
		for _, cert := range r.FindElements("//X509Certificate") {
			cert.SetText(base64.StdEncoding.EncodeToString(stranger.Cert.Raw))
		}
	})
	m := metadata(t, p)
	if _, err := m.Verify(good, expected()); err != nil {
		t.Errorf("another certificate beside a good signature: %v", err)
	}
	forged := tampered(t, stranger.Respond(t, answer()), func(r *etree.Element) {
		for _, cert := range r.FindElements("//X509Certificate") {
			cert.SetText(base64.StdEncoding.EncodeToString(p.Cert.Raw))
		}
	})
	if _, err := m.Verify(forged, expected()); !errors.Is(err, saml.ErrSignature) {
		t.Errorf("the provider's certificate beside another's signature: %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	p := idp.NewSAML(f, entityID, now)
	m := metadata(f, p)
	both, _ := base64.StdEncoding.DecodeString(p.Respond(f, answer()))
	alone, _ := base64.StdEncoding.DecodeString(tampered(f, p.Respond(f, answer()), func(r *etree.Element) { r.RemoveChild(r.SelectElement("Signature")) }))
	f.Add(both)
	f.Add(alone)
	f.Add([]byte("<a/>"))
	f.Fuzz(func(t *testing.T, document []byte) {
		a, err := m.Verify(base64.StdEncoding.EncodeToString(document), expected())
		if err == nil && a.Subject != "ada@example.com" {
			t.Errorf("%s was taken for %+v", document, a)
		}
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add([]byte(idp.NewSAML(f, entityID, now).Metadata(f)))
	f.Fuzz(func(t *testing.T, document []byte) {
		if m, err := saml.ParseMetadata(document); err == nil && (m.EntityID == "" || len(m.Certificates) == 0) {
			t.Errorf("%s was taken for %+v", document, m)
		}
	})
}

package saml

import (
	"crypto/rsa"
	"encoding/xml"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"
)

const (
	bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
	// leeway is how far the clocks of provider and server may differ.
	leeway = time.Minute
	// redeemable is how long after it was issued an assertion is good
	// (AssumeRoleWithSAML: "Token must be redeemed within 5 minutes of issuance").
	redeemable = 5 * time.Minute
	maxID      = 256
)

// Expected is what a good assertion must fit.
type Expected struct {
	Now       time.Time
	Recipient func(string) bool // is it a place where assertions are accepted?
	Audience  func(string) bool // is it us?
	Keys      []*rsa.PrivateKey // to decrypt with
	Encrypted bool              // refuse assertions that are not encrypted
}

// Assertion is what the provider says of somebody.
type Assertion struct {
	ID         string
	Subject    string // the NameID
	Format     string // of the NameID, a URI
	Recipient  string
	Issued     time.Time
	Redeemable time.Time // until when it could be used again, if it were not remembered
	SessionEnd time.Time // zero if it sets no end
	Attributes map[string][]string
}

// assertionXML is the part that matters of SAML 2.0 Core, section 2.3.3. What
// must be there once is a list, so that a second one is not overlooked.
type assertionXML struct {
	ID           string       `xml:"ID,attr"`
	Version      string       `xml:"Version,attr"`
	IssueInstant string       `xml:"IssueInstant,attr"`
	Issuers      []string     `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
	Subjects     []subject    `xml:"urn:oasis:names:tc:SAML:2.0:assertion Subject"`
	Conditions   []conditions `xml:"urn:oasis:names:tc:SAML:2.0:assertion Conditions"`
	Statements   []struct {
		SessionEnd string `xml:"SessionNotOnOrAfter,attr"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AuthnStatement"`
	Attributes []struct {
		Name   string   `xml:"Name,attr"`
		Values []string `xml:"urn:oasis:names:tc:SAML:2.0:assertion AttributeValue"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AttributeStatement>Attribute"`
}

type subject struct {
	Names []struct {
		Format string `xml:"Format,attr"`
		Text   string `xml:",chardata"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
	Confirmations []struct {
		Method string `xml:"Method,attr"`
		Data   []struct {
			Recipient    string `xml:"Recipient,attr"`
			NotBefore    string `xml:"NotBefore,attr"`
			NotOnOrAfter string `xml:"NotOnOrAfter,attr"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:assertion SubjectConfirmationData"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion SubjectConfirmation"`
}

type conditions struct {
	NotBefore    string `xml:"NotBefore,attr"`
	NotOnOrAfter string `xml:"NotOnOrAfter,attr"`
	Restrictions []struct {
		Audiences []string `xml:"urn:oasis:names:tc:SAML:2.0:assertion Audience"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AudienceRestriction"`
}

// read makes an Assertion of an element that was signed, if it is good.
func (m *Metadata) read(signed *etree.Element, e Expected) (*Assertion, error) {
	doc := etree.NewDocument()
	doc.SetRoot(signed.Copy())
	raw, err := doc.WriteToBytes()
	var x assertionXML
	if err == nil {
		err = xml.Unmarshal(raw, &x)
	}
	if err != nil || x.ID == "" || len(x.ID) > maxID || x.Version != "2.0" {
		return nil, fmt.Errorf("%w: no assertion of SAML 2.0", ErrMalformed)
	}
	if len(x.Issuers) != 1 || x.Issuers[0] != m.EntityID {
		return nil, ErrIssuer
	}
	a := &Assertion{ID: x.ID, Attributes: map[string][]string{}}
	for _, attribute := range x.Attributes {
		a.Attributes[attribute.Name] = append(a.Attributes[attribute.Name], attribute.Values...)
	}
	for _, check := range []func(*assertionXML, Expected) error{a.issued, a.confirmed, a.conditions, a.session} {
		if err := check(&x, e); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Assertion) issued(x *assertionXML, e Expected) error {
	at, err := instant(x.IssueInstant)
	if err != nil {
		return err
	}
	a.Issued, a.Redeemable = at, at.Add(redeemable+leeway)
	return within(at, at.Add(redeemable), e.Now)
}

// confirmed demands one subject, whom whoever brings the assertion is (SAML 2.0
// Profiles, section 4.1.4.2).
func (a *Assertion) confirmed(x *assertionXML, e Expected) error {
	if len(x.Subjects) != 1 || len(x.Subjects[0].Names) != 1 || len(x.Subjects[0].Confirmations) != 1 {
		return fmt.Errorf("%w: not one subject, confirmed once", ErrMalformed)
	}
	name, confirmation := x.Subjects[0].Names[0], x.Subjects[0].Confirmations[0]
	if name.Text == "" || confirmation.Method != bearer || len(confirmation.Data) != 1 || confirmation.Data[0].NotOnOrAfter == "" {
		return fmt.Errorf("%w: no name, or not confirmed for its bearer", ErrMalformed)
	}
	data := confirmation.Data[0]
	a.Subject, a.Format, a.Recipient = name.Text, name.Format, data.Recipient
	if !e.Recipient(data.Recipient) {
		return fmt.Errorf("%w: %s", ErrRecipient, data.Recipient)
	}
	return period(data.NotBefore, data.NotOnOrAfter, e.Now)
}

// conditions demands an audience, and that every restriction has us in it.
func (a *Assertion) conditions(x *assertionXML, e Expected) error {
	if len(x.Conditions) != 1 || len(x.Conditions[0].Restrictions) == 0 {
		return ErrAudience
	}
	for _, r := range x.Conditions[0].Restrictions {
		if !slices.ContainsFunc(r.Audiences, e.Audience) {
			return fmt.Errorf("%w: %v", ErrAudience, r.Audiences)
		}
	}
	return period(x.Conditions[0].NotBefore, x.Conditions[0].NotOnOrAfter, e.Now)
}

// session finds the earliest end that the provider sets to what follows.
func (a *Assertion) session(x *assertionXML, e Expected) error {
	for _, s := range x.Statements {
		if s.SessionEnd == "" {
			continue
		}
		end, err := instant(s.SessionEnd)
		if err != nil {
			return err
		}
		if a.SessionEnd.IsZero() || end.Before(a.SessionEnd) {
			a.SessionEnd = end
		}
	}
	if !a.SessionEnd.IsZero() && !e.Now.Before(a.SessionEnd) {
		return ErrExpired
	}
	return nil
}

func instant(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return t.UTC(), nil
}

// period checks two limits, either of which may be absent.
func period(notBefore, notOnOrAfter string, now time.Time) error {
	from, to := now, now.Add(time.Hour)
	var err error
	if notBefore != "" {
		if from, err = instant(notBefore); err != nil {
			return err
		}
	}
	if notOnOrAfter != "" {
		if to, err = instant(notOnOrAfter); err != nil {
			return err
		}
	}
	return within(from, to, now)
}

func within(from, to, now time.Time) error {
	switch {
	case now.Add(leeway).Before(from):
		return ErrEarly
	case !now.Add(-leeway).Before(to):
		return ErrExpired
	}
	return nil
}

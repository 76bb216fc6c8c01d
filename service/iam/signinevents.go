package iam

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
)

// hiddenName stands in events for a user name that does not exist: it may be a
// password in the wrong field.
const hiddenName = "HIDDEN_DUE_TO_SECURITY_REASONS"

// The events are those of the console (CloudTrail User Guide, "AWS Management
// Console sign-in events").

func (s *Service) consoleLogin(c *writ.Call, p *person, failure string, device *mfaDevice) error {
	result, additional := "Success", map[string]string{"MFAUsed": "No"}
	if failure != "" {
		result = "Failure"
	}
	if device != nil {
		additional = map[string]string{"MFAUsed": "Yes", "MFAIdentifier": device.Serial}
	}
	return s.log.Notify(c, audit.Notice{Type: audit.ConsoleSignIn, Source: signin, Name: "ConsoleLogin", Account: p.account,
		Caller: p.caller, Identity: p.identity, Error: failure,
		Response: map[string]string{"ConsoleLogin": result}, Additional: additional})
}

func (s *Service) welcomed(c *writ.Call, p *person, device *mfaDevice) error {
	return s.consoleLogin(c, p, "", device)
}

func (s *Service) expired(c *writ.Call, p *person, device *mfaDevice) error {
	return s.consoleLogin(c, p, "The password has expired", device)
}

func (s *Service) refused(c *writ.Call, p *person) error {
	if p.caller == nil {
		return s.consoleLogin(c, p, "No username found in supplied account", nil)
	}
	return s.consoleLogin(c, p, "Failed authentication", nil)
}

// challenged records that a password was right and a second factor is asked for.
func (s *Service) challenged(c *writ.Call, p *person) error {
	return s.log.Notify(c, audit.Notice{Type: audit.ConsoleSignIn, Source: signin, Name: "CheckMfa", Account: p.account,
		Caller: p.caller, Response: map[string]string{"CheckMfa": "Success"},
		Additional: map[string]string{"MfaType": mfaType(p.devices)}})
}

func mfaType(devices []*mfaDevice) string {
	if len(devices) > 1 {
		return "Multiple MFA Devices"
	}
	switch devices[0].Type {
	case virtualDevice:
		return "Virtual MFA"
	case hardwareDevice:
		return "Hardware MFA"
	}
	return "U2F MFA"
}

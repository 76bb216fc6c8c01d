package validate

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// passRole reports statements that let their bearer hand any role to any service,
// or let services have roles of their own: Access Analyzer's checks PASS_ROLE_WITH_
// and CREATE_SLR_WITH_, each with six endings for the way in which it is said.
func (c *checker) passRole(s *statement) {
	if !s.tests("iam:PassedToService", "iam:AssociatedResourceArn") {
		c.loose(s, "PASS_ROLE_WITH_", "iam:PassRole", "arn:aws:iam::111122223333:role/qqqqqqqq", "any role can be passed to services that then act with its rights; name the roles, or add a condition on iam:PassedToService")
	}
	if !s.tests("iam:AWSServiceName") {
		c.loose(s, "CREATE_SLR_WITH_", "iam:CreateServiceLinkedRole", "arn:aws:iam::111122223333:role/aws-service-role/qqqqqqqq.amazonaws.com/qqqqqqqq", "service-linked roles of any service can be created; name the roles, or add a condition on iam:AWSServiceName")
	}
}

// loose reports an action that a statement allows on resources that it does not
// name. Such a statement covers any, of which example is one.
func (c *checker) loose(s *statement, code, name, example, message string) {
	i := slices.IndexFunc(s.action, func(a action) bool { return a.names(name) })
	if (i >= 0) == s.notAction {
		return
	}
	at, how := s.name("NotAction"), "NOT_ACTION"
	if !s.notAction {
		at, how = c.value(s.action[i].Value), ""
		if s.action[i].wild() {
			how = "STAR_IN_ACTION"
		}
	}
	if where := s.where(example); where != "" {
		c.report(code+ending(how, where), at, "%s: %s", name, message)
	}
}

// where tells how a statement is about resources that it does not name, "" if it is not.
func (s *statement) where(example string) string {
	switch {
	case s.NotResource != nil && !s.covers(example):
		return "NOT_RESOURCE"
	case s.Resource != nil && s.covers(example):
		return "STAR_IN_RESOURCE"
	}
	return ""
}

func ending(how, where string) string {
	switch {
	case how == "":
		return where
	case how == "STAR_IN_ACTION" && where == "STAR_IN_RESOURCE":
		return "STAR_IN_ACTION_AND_RESOURCE"
	case where == "STAR_IN_RESOURCE":
		return "STAR_IN_RESOURCE_AND_" + how
	}
	return how + "_AND_" + where
}

// maxARN is how long ARNs are at most.
const maxARN = 2048

// covers reports whether one of the statement's resources fits the ARN, in any account.
func (s *statement) covers(example string) bool {
	return slices.ContainsFunc(s.resource, func(r resource) bool {
		if r.star() {
			return true
		}
		text := r.with(1, "*").with(4, "*").text()
		return r.isARN && len(text) < maxARN && parsePattern(text).meets(parsePattern(example)) && !strings.Contains(text, "${")
	})
}

// raise are the actions with which somebody who has a few rights takes all, with
// a kind of resource that they act on. Those marked own do so even when only the
// caller's own user is named.
var raise = []struct {
	action, resource string
	own              bool
}{
	{"iam:AddUserToGroup", "group/qqqqqqqq", false},
	{"iam:AttachGroupPolicy", "group/qqqqqqqq", false},
	{"iam:AttachRolePolicy", "role/qqqqqqqq", false},
	{"iam:AttachUserPolicy", "user/qqqqqqqq", true},
	{"iam:CreateAccessKey", "user/qqqqqqqq", false},
	{"iam:CreateLoginProfile", "user/qqqqqqqq", false},
	{"iam:CreatePolicyVersion", "policy/qqqqqqqq", false},
	{"iam:DeleteRolePermissionsBoundary", "role/qqqqqqqq", false},
	{"iam:DeleteUserPermissionsBoundary", "user/qqqqqqqq", true},
	{"iam:PutGroupPolicy", "group/qqqqqqqq", false},
	{"iam:PutRolePermissionsBoundary", "role/qqqqqqqq", false},
	{"iam:PutRolePolicy", "role/qqqqqqqq", false},
	{"iam:PutUserPermissionsBoundary", "user/qqqqqqqq", true},
	{"iam:PutUserPolicy", "user/qqqqqqqq", true},
	{"iam:SetDefaultPolicyVersion", "policy/qqqqqqqq", false},
	{"iam:UpdateAssumeRolePolicy", "role/qqqqqqqq", false},
	{"iam:UpdateLoginProfile", "user/qqqqqqqq", false},
}

// escalation reports a statement with which its bearer can become an
// administrator, unless a condition limits what can be given or to whom.
func (c *checker) escalation(s *statement) {
	if s.tests("iam:PermissionsBoundary", "iam:PolicyARN", "iam:ResourceTag/", "aws:ResourceTag/", "iam:OrganizationsPolicyId") {
		return
	}
	var names []string
	at := s.name("NotAction")
	for _, r := range raise {
		i := slices.IndexFunc(s.action, func(a action) bool { return a.names(r.action) })
		if (i >= 0) == s.notAction || s.where("arn:aws:iam::111122223333:"+r.resource) == "" && !(r.own && s.ofCaller()) {
			continue
		}
		if len(names) == 0 && i >= 0 {
			at = c.value(s.action[i].Value)
		}
		names = append(names, r.action)
	}
	if len(names) > 0 {
		c.report("PRIVILEGE_ESCALATION", at, "with %s the bearer can gain all rights; name users, roles and policies that are no administrators', or add a condition on iam:PermissionsBoundary", some(names))
	}
}

// ofCaller reports whether a resource is the user who makes the request.
func (s *statement) ofCaller() bool {
	return s.Resource != nil && slices.ContainsFunc(s.resource, func(r resource) bool {
		return strings.Contains(strings.ToLower(r.Text), "user/${aws:username}")
	})
}

// nearAdministrator reports a document whose statements together allow
// everything, though each leaves something out: PowerUserAccess with IAMFullAccess.
func (c *checker) nearAdministrator(statements []*statement) {
	var most, iam *statement
	for _, s := range statements {
		if !s.allows || !s.everything() || len(s.Conditions) > 0 {
			continue
		}
		if s.notAction {
			most = s
		}
		if !s.notAction && slices.ContainsFunc(s.action, func(a action) bool { return strings.EqualFold(a.Text, "iam:*") }) {
			iam = s
		}
	}
	if most != nil && iam != nil && (c.kind == policy.IdentityPolicy || c.kind == policy.ManagedPolicy) {
		c.at = iam.Index
		c.report("FULL_ACCESS", iam.name("Action"), "with the statement at %s this amounts to all actions: who has iam:* can give the rest", most.Start)
	}
}

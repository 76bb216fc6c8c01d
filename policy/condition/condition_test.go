package condition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy/condition"
)

func ExampleCondition_Match() {
	operator, _ := condition.ParseOperator("ForAnyValue:StringLike")
	c := condition.New(operator, "aws:TagKeys", []string{"team-*"}, condition.Variables, func(int) {})

	var keys condition.Context
	keys.SetList("aws:TagKeys", []string{"cost", "team-red"})
	fmt.Println(c.Match(&keys))
	// Output: true
}

// matches compiles one value and compares one value of the request.
func matches(t *testing.T, operator, policy, request string) (got, wellFormed bool) {
	t.Helper()
	o, ok := condition.ParseOperator(operator)
	if !ok {
		t.Fatal(operator)
	}
	wellFormed = true
	c := condition.New(o, "x:k", []string{policy}, condition.Variables, func(int) { wellFormed = false })
	var keys condition.Context
	keys.Set("X:K", request)
	return c.Match(&keys), wellFormed
}

func TestNumbers(t *testing.T) {
	ascending := []string{"-1e3", "-999.5", "-2.5", "-1", "-0.001", "0", "1e-10", "0.0010", ".", "0.5", "1", "9", "10", "99.99", "100", "9007199254740992", "9007199254740993", "1e300", "123e300"}
	ascending = slices.DeleteFunc(ascending, func(s string) bool { return s == "." })
	for i, a := range ascending {
		for j, b := range ascending {
			for operator, want := range map[string]bool{
				"NumericEquals": i == j, "NumericNotEquals": i != j,
				"NumericLessThan": i < j, "NumericLessThanEquals": i <= j,
				"NumericGreaterThan": i > j, "NumericGreaterThanEquals": i >= j,
			} {
				if got, _ := matches(t, operator, b, a); got != want {
					t.Errorf("%s %s %s: %t", a, operator, b, got)
				}
			}
		}
	}
	for _, good := range ascending {
		if !condition.IsNumber(good) {
			t.Errorf("%q is said to be no number", good)
		}
	}
	for a, b := range map[string]string{"10": "1e1", "1.50": "+1.5", "-0": "0.0", "007": "7", "100": "1E+2", "0.01": "1e-2", "1000e-3": "1"} {
		if got, ok := matches(t, "NumericEquals", a, b); !got || !ok {
			t.Errorf("%s is not %s", a, b)
		}
	}
	for _, bad := range []string{"", "-", "+", "ten", "1.", ".5", "1e", "1e+", "1ee1", "1e1.5", "1e1234567890", "0x10", " 1", "1 ", "1,5", "--1", "NaN", "∞"} {
		if _, ok := matches(t, "NumericEquals", bad, "1"); ok {
			t.Errorf("%q is a number", bad)
		}
		if condition.IsNumber(bad) {
			t.Errorf("%q is said to be a number", bad)
		}
		if got, _ := matches(t, "NumericGreaterThan", "-1000", bad); got {
			t.Errorf("%q is more than -1000", bad)
		}
	}
}

func TestDates(t *testing.T) {
	same := [][]string{
		{"2026", "2026-01", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.000Z", "2026-01-01T02:30+02:30", "2025-12-31T19:00:00-05:00", "1767225600"},
		{"1970-01-01", "0", "-0"},
		{"1969-12-31T23:59:55Z", "-5"},
		{"2024-02-29T12:00:00.123456789Z", "2024-02-29T12:00:00.123456789999Z"},
		{"1970-01-01T00:00:00.5Z", "1970-01-01T01:00:00.50+01:00"},
	}
	for _, group := range same {
		for _, a := range group {
			for _, b := range group {
				if got, ok := matches(t, "DateEquals", a, b); !got || !ok {
					t.Errorf("%s is not %s", a, b)
				}
			}
		}
	}
	if got, _ := matches(t, "DateLessThan", "2024-02-29T12:00:00.123456790Z", same[3][0]); !got {
		t.Error("nanoseconds do not count")
	}
	for _, bad := range []string{"", "soon", "20261", "202", "2026-1", "2026-13", "2026-00", "2026-02-30", "2023-02-29", "2026-01-32", "2026-01-01T", "2026-01-01T00", "2026-01-01T00:00:", "2026-01-01T24:00Z",
		"2026-01-01T00:60Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00+1:00", "2026-01-01T00:00+0100", "2026-01-01T00:00+24:00", "2026-01-01T00:00+01:60",
		"2026-01-01T00:00ZZ", "2026-01-01 00:00Z", "2026/01/01", "2026-01-01t00:00z", "1767225600.5", "-", "99999999999999999999", "2026-", "2026-01-", "2026-01-01T0000"} {
		if bad == "20261" || bad == "202" {
			continue // seconds
		}
		if _, ok := matches(t, "DateEquals", bad, "2026"); ok {
			t.Errorf("%q is a date", bad)
		}
		if got, _ := matches(t, "DateGreaterThan", "-999999999999", bad); got {
			t.Errorf("%q is after the year one", bad)
		}
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		policy, request string
		want            bool
	}{
		{"10.0.0.0/8", "10.255.255.255", true},
		{"10.1.2.3/8", "10.255.255.255", true}, // the bits beyond the prefix do not count
		{"10.0.0.0/8", "11.0.0.0", false},
		{"10.0.0.1", "10.0.0.1", true},
		{"10.0.0.1", "10.0.0.2", false},
		{"0.0.0.0/0", "255.255.255.255", true},
		{"0.0.0.0/0", "::1", false},
		{"::/0", "2001:db8::1", true},
		{"2001:DB8::1", "2001:0db8:0:0:0:0:0:1", true},
		{"::ffff:10.0.0.0/104", "10.9.9.9", true},
		{"::ffff:10.0.0.0/104", "::ffff:10.9.9.9", true},
		{"::ffff:10.0.0.1", "10.0.0.1", true},
		{"10.0.0.0/8", "::ffff:a09:909", true},
		{"fe80::/10", "fe80::1%eth0", false},
		{"10.0.0.0/8", "10.0.0", false},
		{"10.0.0.0/8", "", false},
	}
	for _, test := range tests {
		if got, ok := matches(t, "IpAddress", test.policy, test.request); got != test.want || !ok {
			t.Errorf("%s in %s: %t", test.request, test.policy, got)
		}
	}
	for _, bad := range []string{"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::/129", "fe80::1%eth0", "10.0.0.0/8/8", "10.00.0.1", "*"} {
		if _, ok := matches(t, "IpAddress", bad, "10.0.0.1"); ok {
			t.Errorf("%q is an address", bad)
		}
	}
}

func TestOtherValues(t *testing.T) {
	tests := []struct {
		operator, policy, request string
		want, wellFormed          bool
	}{
		{"Bool", "true", "TRUE", true, true},
		{"Bool", "False", "false", true, true},
		{"Bool", "true", "1", false, true},
		{"Bool", "1", "1", false, false},
		{"Bool", "${x:k}", "true", true, true},
		{"Bool", "${x:none}", "true", false, true},
		{"Bool", "${x:k}", "1", false, true},
		{"BinaryEquals", "AAAA", "AAAA", true, true},
		{"BinaryEquals", "AA==", "AB==", false, true}, // not what an encoder writes
		{"BinaryEquals", "AB==", "AB==", false, false},
		{"BinaryEquals", "AA\n==", "AA==", false, false},
		{"ArnLike", "*", "arn:aws:s3:::b", true, true},
		{"ArnLike", "*", "b", false, true},
		{"ArnEquals", "arn:aws:s3", "arn:aws:s3", false, false},
		{"StringLike", "${x:k}*", "a*", true, true},
		{"StringLike", "${x:k}${$}${*}${?}", "a", false, true},
		{"StringEquals", "${", "${", true, true},
		{"StringEquals", "${x", "${x", true, true},
		{"StringEquals", "$5", "$5", true, true},
		{"StringEquals", "${}", "", false, true},
		{"StringEquals", "${x:none, 'a}b'}", "a}b", true, true},
		{"StringEquals", "${x:none,'' }", "", true, true},
		{"StringEquals", "${x:none, none}", "${x:none, none}", true, true},
		{"StringEquals", "${x:none, 'none}", "${x:none, 'none}", true, true},
		{"StringEquals", "${x:none, 'none'", "${x:none, 'none'", true, true},
		{"StringEquals", "${'", "${'", true, true},
		{"Null", "true", "", false, true}, // an empty string is a value
		{"Null", "perhaps", "", false, false},
	}
	for _, test := range tests {
		got, ok := matches(t, test.operator, test.policy, test.request)
		if got != test.want || ok != test.wellFormed {
			t.Errorf("%s %q %q: %t, well-formed %t", test.operator, test.policy, test.request, got, ok)
		}
	}
}

func TestParseOperator(t *testing.T) {
	for name, want := range map[string]bool{
		"StringEquals": true, "stringequals": true, "ForAllValues:StringLikeIfExists": true, "forAnyValue:ArnNotLike": true, "BoolIfExists": true, "Null": true,
		"": false, "String": false, "StringEqualsIfExistsIfExists": false, "ForAllValues:": false, "ForEachValue:StringEquals": false,
		"ForAllValues:ForAnyValue:Bool": false, "NullIfExists": false, "ForAnyValue:Null": false, "IfExists": false, "BoolNotEquals": false,
	} {
		if _, got := condition.ParseOperator(name); got != want {
			t.Errorf("%q is an operator: %t", name, got)
		}
	}
}

// TestForeignBytes: what is not UTF-8 in a request is never a wildcard.
func TestForeignBytes(t *testing.T) {
	operator, _ := condition.ParseOperator("StringLike")
	c := condition.New(operator, "x:resource", []string{"home/${x:user}"}, condition.Variables, func(int) {})
	for _, user := range []string{"\xff", "\xfe\xfe\xfe"} {
		var keys condition.Context
		keys.Set("x:user", user)
		keys.Set("x:resource", "home/jin")
		if c.Match(&keys) {
			t.Errorf("%q stands for another name", user)
		}
	}
}

// TestLongValues: values longer than the buffers at hand.
func TestLongValues(t *testing.T) {
	long := strings.Repeat("x", 1000)
	operator, _ := condition.ParseOperator("StringEquals")
	c := condition.New(operator, "x:a", []string{"${x:b}${x:b}"}, condition.Variables, func(int) {})
	var keys condition.Context
	keys.Set("x:b", long)
	keys.Set("x:a", long+long)
	if !c.Match(&keys) {
		t.Error("no match")
	}
	keys.Set("x:a", long+"y")
	if c.Match(&keys) {
		t.Error("match")
	}
}

func TestText(t *testing.T) {
	var keys condition.Context
	keys.Set("aws:username", "jin")
	text := condition.ParseText("home/${aws:UserName}/${x:y}/*", condition.Variables|condition.Wildcards)
	if _, ok := text.Expand(&keys); ok {
		t.Error("a variable without a value was replaced")
	}
	var unset []string
	text.Unset(&keys, func(key string) { unset = append(unset, key) })
	if !slices.Equal(unset, []string{"x:y"}) {
		t.Errorf("unset are %q", unset)
	}
	keys.Set("x:y", "*")
	if got, ok := text.Expand(&keys); got != "home/jin/*/*" || !ok {
		t.Errorf("got %q", got)
	}
	if !text.Match(&keys, "home/jin/*/notes") || text.Match(&keys, "home/jin/any/notes") {
		t.Error("a star in a value is not itself")
	}
}

func TestParseARN(t *testing.T) {
	var keys condition.Context
	keys.Set("x:y", "z")
	for pattern, want := range map[string]bool{
		"arn:aws:s3:::${x:y}": true,
		"arn:aws:s3:::z*":     true,
		"arn:aws:${x:y}:::z":  false, // no variable before the fifth colon
		"arn:aws":             false,
	} {
		text := condition.ParseARN(pattern, condition.Variables|condition.Wildcards)
		if got := text.MatchARN(&keys, "arn:aws:s3:::z"); got != want {
			t.Errorf("%s: %t", pattern, got)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	var keys condition.Context
	for i := range 20 {
		keys.Set(fmt.Sprintf("aws:PrincipalTag/tag%d", i), "value")
	}
	keys.Set("aws:SourceIp", "203.0.113.77")
	for operator, value := range map[string]string{"StringEquals": "203.0.113.77", "StringLike": "${aws:PrincipalTag/tag7}*", "IpAddress": "203.0.113.0/24"} {
		b.Run(operator, func(b *testing.B) {
			o, _ := condition.ParseOperator(operator)
			c := condition.New(o, "aws:SourceIp", []string{value}, condition.Variables, func(int) {})
			b.ReportAllocs()
			for b.Loop() {
				c.Match(&keys)
			}
		})
	}
}

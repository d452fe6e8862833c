package numfmt

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	tests := []struct {
		code string
		v    float64
		want string
	}{
		{"", 1234.5, "1234.5"},
		{"General", 0.1 + 0.2, "0.3"},
		{"General", 1e15, "1E+15"},
		{"General", 0.00001, "1E-05"},
		{"General", -0.5, "-0.5"},
		{"General", 123456789012345678, "1.23456789012346E+17"},
		{"General", 99999999999999.96, "100000000000000"},
		{`General" kg"`, 2.5, "2.5 kg"},
		{"0", 2.5, "3"},
		{"0", -0.4, "0"},
		{"0.00", 1.005, "1.01"},
		{"0.00", 0, "0.00"},
		{"0.0#", 1.5, "1.5"},
		{"#.##", 0.5, ".5"},
		{"0.##", 2, "2"},
		{"#,##0", 1234567, "1,234,567"},
		{"#,##0.00", -1234.5, "-1,234.50"},
		{"#,##0", 999, "999"},
		{"0,000", 7, "0,007"},
		{"#,##0,", 1234567, "1,235"},
		{"0.0,,\"M\"", 2500000, "2.5M"},
		{"00000", 42, "00042"},
		{"000-00-0000", 123456789, "123-45-6789"},
		{"(000) 000-0000", 2125551234, "(212) 555-1234"},
		{"0%", 0.256, "26%"},
		{"0.00%", 0.0825, "8.25%"},
		{"General%", 0.5, "50%"},
		{"0.00E+00", 1234.5, "1.23E+03"},
		{"0.00E+00", 9.999e-5, "1.00E-04"},
		{"##0.0E+0", 12345, "12.3E+3"},
		{"0E-0", 0.001, "1E-3"},
		{"$#,##0.00", 49.9, "$49.90"},
		{"[$€-407] #,##0.00", 1234.5, "€ 1,234.50"},
		{"#,##0.00 [$€-1]", 9, "9.00 €"},
		{`#,##0_);[Red]\(#,##0\)`, -5, "(5)"},
		{`_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)`, 0, "$-"},
		{`_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)`, -1.5, "$(1.50)"},
		{`0;-0;"none"`, 0, "none"},
		{`0;;`, -1, ""},
		{`"a;b"0`, 1, "a;b1"},
		{`[<1]0.00;[<10]0.0;0`, 0.5, "0.50"},
		{`[<1]0.00;[<10]0.0;0`, 5, "5.0"},
		{`[<1]0.00;[<10]0.0;0`, 50, "50"},
		{`[=1]"yes";"no"`, 1, "yes"},
		{`[=1]"yes";"no"`, 0, "no"},
		{`[>=1000]#,##0;-0`, -5, "-5"},
		{"# ?/?", 2.5, "2 1/2"},
		{"# ??/??", 0.25, "1/4"},
		{"# ?/8", 1.5, "1 4/8"},
		{"?/?", 1.5, "3/2"},
		{"# ?/?", 3, "3"},
		{"0;0;0;@;x", 4, "4"},
		{"[[[[", 1, "1"},
		{"@", 12, "12"},
	}
	for _, test := range tests {
		require.Equal(t, test.want, Parse(test.code).Number(test.v, false), "%q of %v", test.code, test.v)
	}
}

func TestDates(t *testing.T) {
	const at = 38300.75 + 5.0/86400 // 9 November 2004, 18:00:05
	tests := []struct {
		code string
		v    float64
		want string
	}{
		{Builtin(14), at, "11/09/2004"},
		{Builtin(22), at, "11/9/2004 18:00"},
		{"dd.mm.yyyy", at, "09.11.2004"},
		{"d-mmm-yy", at, "9-Nov-04"},
		{"dddd, mmmm d", at, "Tuesday, November 9"},
		{"ddd mmmmm", at, "Tue N"},
		{`yyyy\-mm\-dd hh:mm:ss`, at, "2004-11-09 18:00:05"},
		{"yyyy年m月d日", at, "2004年11月9日"},
		{"h:mm AM/PM", at, "6:00 PM"},
		{"h:mm:ss a/p", 0.25, "6:00:00 A"},
		{"mm:ss.0", 0.5 + 1.26/86400, "00:01.3"},
		{"hh:mm:ss.000", 0.5 + 1.26/86400, "12:00:01.260"},
		{"[h]:mm", 1.5, "36:00"},
		{"[hh]:mm:ss", 0.25, "06:00:00"},
		{"[m]", 0.5, "720"},
		{"[h]:mm", -0.5, "-12:00"},
		{"m/d/yyyy", 1, "1/1/1900"},
		{"m/d/yyyy", 61, "3/1/1900"},
		{"m/d/yyyy", -3, "-3"},
		{"m/d/yyyy", 3e6, "3000000"},
		{"[$-F800]dddd", at, "Tuesday"},
	}
	for _, test := range tests {
		require.Equal(t, test.want, Parse(test.code).Number(test.v, false), "%q of %v", test.code, test.v)
	}
	require.Equal(t, "1904-01-02", Parse("yyyy-mm-dd").Number(1, true), "days count from 1904")
}

// The formats that have a number only: ECMA-376 part 1, 18.8.30.
func TestBuiltin(t *testing.T) {
	const at = 38300.75 // 9 November 2004, 18:00
	tests := map[int]struct {
		v    float64
		want string
	}{
		0: {-1234.5, "-1234.5"}, 1: {-1234.5, "-1235"}, 2: {1234.5, "1234.50"}, 3: {-1234567, "-1,234,567"}, 4: {1234.567, "1,234.57"},
		5: {-1234, "($1,234)"}, 6: {1234, "$1,234"}, 7: {-0.5, "($0.50)"}, 8: {0.5, "$0.50"},
		9: {0.25, "25%"}, 10: {0.1234, "12.34%"}, 11: {12345, "1.23E+04"}, 12: {0.75, "3/4"}, 13: {2.34, "2 17/50"},
		14: {at, "11/09/2004"}, 15: {at, "9-Nov-04"}, 16: {at, "9-Nov"}, 17: {at, "Nov-04"},
		18: {at, "6:00 PM"}, 19: {at, "6:00:00 PM"}, 20: {at, "18:00"}, 21: {at, "18:00:00"}, 22: {at, "11/9/2004 18:00"},
		37: {-1234, "(1,234)"}, 38: {1234, "1,234"}, 39: {-1.5, "(1.50)"}, 40: {1.5, "1.50"},
		41: {0, "-"}, 42: {-12, "$(12)"}, 43: {1234.5, "1,234.50"}, 44: {12.5, "$12.50"},
		45: {0.5 + 5.0/86400, "00:05"}, 46: {1.5, "36:00:00"}, 47: {0.5 + 1.26/86400, "00:01.3"}, 48: {12345, "12.3E+3"}, 49: {12, "12"},
	}
	for id, test := range tests {
		require.Equal(t, test.want, Parse(Builtin(id)).Number(test.v, false), "format %d", id)
	}
	for _, id := range []int{-1, 23, 36, 50, 1 << 30} {
		require.Empty(t, Builtin(id), "format %d is none", id)
	}
}

func TestExact(t *testing.T) {
	tests := []struct {
		code string
		v    float64
		want string
	}{
		{"#,##0.00", 1234.567, "1234.567"},
		{"0%", 0.080299, "8.0299%"},
		{"d-mmm-yy", 38300, "11/09/2004"},
		{"h:mm", 0.25, "06:00:00 AM"},
		{"m/d/yy h:mm", 38300.75, "11/09/2004 18:00:00"},
		{"[h]:mm", 1.5, "36:00:00"},
		{"", 0.000001, "0.000001"},
		{"m/d/yy", -1, "-1"},
		{"m/d/yy", 38300.75, "11/09/2004 18:00:00"},
		{"yyyy-mm-dd", 38300, "2004-11-09"},
		{"[$-409]yy-m-d h:mm", 38300.75, "2004-11-09 18:00:00"},
		{"yyyy/mm/dd", 38300, "11/09/2004"},
		{"mmm", 38300, "11/09/2004"},
		{"mm", 38300, "11/09/2004"},
		{"h:mm AM/PM", 1.5, "36:00:00"},
		{"mm:ss", 38300.75, "11/09/2004 18:00:00"},
		{"d h:mm", 0.25, "12/30/1899 06:00:00"},
	}
	for _, test := range tests {
		require.Equal(t, test.want, Parse(test.code).Exact(test.v, false), "%q of %v", test.code, test.v)
	}
}

func TestText(t *testing.T) {
	require.Equal(t, "x", Parse("0.00").Text("x"))
	require.Equal(t, "No. x", Parse(`0;0;0;"No. "@`).Text("x"))
	require.Equal(t, "x (n)", Parse(`@" (n)"`).Text("x"))
	require.Equal(t, "", Parse(";;;").Text("hidden"))
}

func TestNotANumber(t *testing.T) {
	require.Empty(t, Parse("0").Number(math.NaN(), false))
	require.Empty(t, Parse("0").Number(math.Inf(1), false))
}

// Every number is shown in full by a format with enough places.
func TestPlaces(t *testing.T) {
	f := Parse("#,##0.000")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e11, 1e11).Draw(t, "thousandths")
		got := f.Number(float64(n)/1000, false)
		want := fmt.Sprintf("%03d", max(n, -n)%1000)
		require.Equal(t, want, got[len(got)-3:])
	})
}

func FuzzNumber(f *testing.F) {
	f.Add(`_($* #,##0.00_);[Red]\(0.0%\);[h]:mm:ss.00;@`, 1.5)
	f.Add("# ??/??", 1e300)
	f.Add("0E+000", -1e-300)
	f.Add("[$-409]dddd mmmm yyyy AM/PM", 60.5)
	f.Fuzz(func(t *testing.T, code string, v float64) {
		format := Parse(code)
		for _, s := range []string{format.Number(v, false), format.Exact(v, true), format.Text("x")} {
			require.Less(t, len(s), 100*(len(code)+100))
		}
	})
}

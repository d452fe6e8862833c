package agent

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A day is a date of the calendar.
type day struct{ year, month, day int }

func (d day) String() string {
	return strconv.Itoa(d.year) + "-" + strconv.Itoa(d.month) + "-" + strconv.Itoa(d.day)
}

var dates = regexp.MustCompile(`^\D{0,2}(\d{1,4})([./-])(\d{1,2})([./-])(\d{1,4})\D{0,2}$`)

// dateOf returns the date that a field is, if its form leaves no doubt: with the
// year first, or the day behind which a full stop stands, or that is above 12.
func dateOf(field string) (d day, ok bool) {
	if len(field) < 8 || len(field) > 14 || strings.Count(field, ".")+strings.Count(field, "/")+strings.Count(field, "-") < 2 {
		return day{}, false
	}
	m := dates.FindStringSubmatch(field)
	if m == nil || m[2] != m[4] {
		return day{}, false
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[3])
	c, _ := strconv.Atoi(m[5])
	switch {
	case len(m[1]) == 4:
		d = day{a, b, c}
	case len(m[5]) == 4 && (m[2] == "." || a > 12):
		d = day{c, b, a}
	case len(m[5]) == 4 && b > 12:
		d = day{c, a, b}
	}
	return d, d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31
}

var hyphens = strings.NewReplacer("-", "", "_", "")

// codeOf returns the product code that a field is, in lower case and without
// hyphens: capitals or a word with digits, as KX-200 or iPhone15, and not a
// number with a unit or a word behind it, as 10am or 30-day.
func codeOf(field string) (code string, ok bool) {
	field = strings.TrimFunc(field, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
	letters, capitals, mixed, lead := 0, 0, false, ' '
	for _, c := range field {
		switch {
		case c >= '0' && c <= '9':
			mixed = mixed || lead == 'a'
			lead = '0'
		case c >= 'A' && c <= 'Z':
			capitals++
			letters++
			lead = 'a'
		case c >= 'a' && c <= 'z':
			letters++
			lead = 'a'
		case c == '-' || c == '_':
			lead = ' '
		default:
			return "", false
		}
	}
	first := field[0]
	if letters == 0 || !mixed && (capitals < letters || first >= '0' && first <= '9') {
		return "", false
	}
	return hyphens.Replace(strings.ToLower(field)), true
}

// normalNumber returns a number without grouping, trailing zeros and leading
// zeros, so that "1,000.00", "1.000,00" and "1000" are the same. What could be
// thousands is, and a comma before one or two digits begins the decimals.
func normalNumber(n string) string {
	if last := strings.LastIndexAny(n, ".,"); last > 0 && !strings.ContainsAny(n, ":/") {
		n = ungrouped(n, last)
	}
	n = strings.ReplaceAll(strings.ReplaceAll(n, "’", ""), "'", "")
	if whole, decimals, ok := strings.Cut(n, "."); ok && !strings.Contains(decimals, ".") {
		if decimals = strings.TrimRight(decimals, "0"); decimals == "" {
			n = whole
		} else {
			n = whole + "." + decimals
		}
	}
	if trimmed := strings.TrimLeft(n, "0"); trimmed != "" && trimmed[0] >= '0' && trimmed[0] <= '9' {
		n = trimmed
	}
	return n
}

// ungrouped returns a number, of which the last separator is known, with a full
// stop before its decimals and no other separator. Versions and the like stay.
func ungrouped(n string, last int) string {
	whole, decimals := n[:last], n[last+1:]
	grouped := true // the whole is digits in threes
	groups := strings.FieldsFunc(whole, func(c rune) bool { return c == '.' || c == ',' || c == '’' || c == '\'' })
	for i, g := range groups {
		grouped = grouped && (len(g) == 3 || i == 0 && len(g) <= 3 || len(groups) == 1)
	}
	plain := strings.Join(groups, "")
	switch {
	case !grouped:
		return n
	case len(decimals) == 3 && len(groups[0]) <= 3: // another group
		return plain + decimals
	case len(groups) > 1 && strings.LastIndexByte(whole, n[last]) >= 0: // a version
		return n
	case len(decimals) <= 2 || len(groups) == 1:
		return plain + "." + decimals
	}
	return n
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

package numfmt

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// General returns v with up to 15 significant digits, as a cell without a
// format shows it.
func General(v float64) string { return plain(v, -5) }

// plain returns v with up to 15 significant digits, in scientific notation from
// 10^15 on and below 10^least.
func plain(v float64, least int) string {
	if v == 0 {
		return "0"
	}
	digits, exp := significant(math.Abs(v))
	digits = strings.TrimRight(digits, "0")
	sign := ""
	if v < 0 {
		sign = "-"
	}
	switch {
	case exp >= 15 || exp <= least:
		if len(digits) > 1 {
			digits = digits[:1] + "." + digits[1:]
		}
		return sign + digits + exponentSign("+", exp) + fmt.Sprintf("%02d", max(exp, -exp))
	case exp < 0:
		return sign + "0." + strings.Repeat("0", -exp-1) + digits
	case len(digits) <= exp+1:
		return sign + digits + strings.Repeat("0", exp+1-len(digits))
	}
	return sign + digits[:exp+1] + "." + digits[exp+1:]
}

// significant returns the first 15 digits of v >= 0 and the power of ten of the
// first of them. The shortest decimal number that is v is what is rounded, half
// up, as spreadsheet programs do: the nearest binary number may be a little less.
func significant(v float64) (digits string, exp int) {
	mantissa, e, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	exp, _ = strconv.Atoi(e)
	all := "0" + strings.Replace(mantissa, ".", "", 1) + strings.Repeat("0", 15)
	rounded := roundAt([]byte(all), 16)
	if rounded[0] == '1' {
		return string(rounded[:15]), exp + 1
	}
	return string(rounded[1:]), exp
}

// roundAt returns the first n digits, rounded half up by the one after them.
func roundAt(digits []byte, n int) []byte {
	up := n < len(digits) && digits[n] >= '5'
	digits = digits[:n]
	for i := n - 1; up && i >= 0; i-- {
		if up = digits[i] == '9'; up {
			digits[i] = '0'
		} else {
			digits[i]++
		}
	}
	return digits
}

// fixed returns the digits of v >= 0 before and after the point: 1.005 with two
// decimals is 1.01.
func fixed(v float64, decimals int) (whole, fraction string) {
	text, exp := significant(v)
	if v == 0 {
		exp = 0
	}
	digits := "0" + text
	at := exp + 2 // of the point in digits
	if at < 1 {
		digits, at = strings.Repeat("0", min(1-at, 400))+digits, 1
	}
	if n := at + decimals - len(digits); n > 0 {
		digits += strings.Repeat("0", n)
	}
	rounded := string(roundAt([]byte(digits), at+decimals))
	return strings.TrimLeft(rounded[:at], "0"), rounded[at:]
}

// A layout is where the parts of a number stand in the tokens of a section.
type layout struct {
	// The indexes of tokens, -1 for none.
	first, last int // digits before the point
	point       int
	exponent    int
	slash       int // of a fraction

	decimals  int  // digits behind the point
	percents  int  // percent signs, each of which multiplies by 100
	thousands bool // a comma between digits groups them
	scale     int  // commas behind the last digit, each of which divides by 1,000
}

// layout finds the parts of a number. A comma groups digits where digits follow
// it, and divides where none do; only what follows tells which, so that commas are
// counted until then.
func (s section) layout() layout {
	l := layout{first: -1, last: -1, point: -1, exponent: -1, slash: -1}
	commas := 0
	for i, t := range s.tokens {
		switch t.kind {
		case digit:
			if l.exponent >= 0 {
				continue
			}
			if l.point >= 0 {
				l.decimals = min(l.decimals+1, maxDigits)
				commas = 0
				continue
			}
			if l.first < 0 {
				l.first = i
			}
			l.thousands = l.thousands || commas > 0
			l.last, commas = i, 0
		case comma:
			if l.first >= 0 || l.point >= 0 {
				commas++
			}
		case point:
			if l.point < 0 && l.exponent < 0 {
				l.point = i
				l.scale, commas = l.scale+commas, 0
			}
		case percent:
			l.percents++
		case exponent:
			if l.exponent < 0 {
				l.exponent = i
			}
		case slash:
			if l.slash < 0 && l.first >= 0 {
				l.slash = i
			}
		}
	}
	l.scale += commas
	return l
}

// number shows a number by a section that is not for dates. Digits stand for it
// once percent signs and dividing commas have taken effect.
func (s section) number(v float64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	l := s.layout()
	switch {
	case s.has(general) || l.first < 0 && l.point < 0:
		return sign + s.words(v)
	case l.slash >= 0 && l.slash > l.first:
		return sign + s.fraction(v, l)
	}
	v *= math.Pow(100, float64(min(l.percents, 5)))
	v /= math.Pow(1000, float64(min(l.scale, 10)))
	exp := 0
	if l.exponent >= 0 {
		v, exp = s.scientific(v, l)
	}
	whole, fraction := fixed(v, l.decimals)
	if strings.Trim(whole+fraction, "0") == "" && l.exponent < 0 {
		sign = "" // -0.001 without decimals is 0
	}
	return sign + s.fill(l, whole, fraction, exp)
}

// words shows a number by a section without placeholders of digits.
func (s section) words(v float64) string {
	var b strings.Builder
	for _, t := range s.tokens {
		switch t.kind {
		case percent:
			b.WriteByte('%')
		case general, textual:
			if s.has(percent) {
				b.WriteString(General(v * 100))
			} else {
				b.WriteString(General(v))
			}
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// scientific returns the mantissa, with as many digits before the point as the
// section has, and the exponent. With more than one of them the exponent is a
// multiple of their number: "##0.0E+0" counts in thousands.
func (s section) scientific(v float64, l layout) (float64, int) {
	if v == 0 {
		return 0, 0
	}
	width := 0
	for i := max(l.first, 0); i <= l.last; i++ {
		if s.tokens[i].kind == digit {
			width++
		}
	}
	exp := int(math.Floor(math.Log10(v)))
	if whole, _ := fixed(v/math.Pow(10, float64(exp)), l.decimals); len(whole) > 1 {
		exp++
	}
	step := max(width, 1)
	if step > 1 {
		exp = int(math.Floor(float64(exp)/float64(step))) * step
	}
	return v / math.Pow(10, float64(exp)), exp
}

// fill puts the digits into their places. Digits before the point that have no
// place of their own stand in the first one; decimals that no place keeps and
// that are zero to the end are left out, and the point with them.
func (s section) fill(l layout, whole, fraction string, exp int) string {
	var b strings.Builder
	places := 0 // of digits before the point that are still to be filled
	for i := l.first; i >= 0 && i <= l.last; i++ {
		if s.tokens[i].kind == digit {
			places++
		}
	}
	if l.first < 0 {
		b.WriteString(whole)
	}
	keep := s.lastKept(l)
	decimal := 0     // the next digit behind the point
	expDone := false // the exponent stands in its first place
	for i, t := range s.tokens {
		switch {
		case t.kind == digit && l.exponent >= 0 && i > l.exponent:
			if !expDone {
				b.WriteString(s.exponentDigits(i, exp))
				expDone = true
			}
		case t.kind == digit && (l.point < 0 || i < l.point):
			n := 1
			if places < len(whole) && i == l.first {
				n = len(whole) - places + 1
			}
			for ; n > 0; n-- {
				s.place(&b, l, t.text, whole, places+n-1)
			}
			places--
		case t.kind == digit:
			if decimal < len(fraction) && (decimal < keep || strings.Trim(fraction[decimal:], "0") != "") {
				b.WriteByte(fraction[decimal])
			}
			decimal++
		case t.kind == point && i == l.point:
			if keep > 0 || strings.Trim(fraction, "0") != "" || l.decimals == 0 {
				b.WriteByte('.')
			}
		case t.kind == exponent && i == l.exponent:
			b.WriteString(exponentSign(t.text, exp))
		case t.kind == comma:
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// place writes the digit that has the given number of places up to the point, and
// the comma behind it. Where the number has no digit, "0" shows a zero, "?" a
// space, and "#" nothing: ECMA-376 part 1, 18.8.31.
func (s section) place(b *strings.Builder, l layout, placeholder, whole string, places int) {
	switch {
	case places <= len(whole):
		b.WriteByte(whole[len(whole)-places])
	case placeholder == "0":
		b.WriteByte('0')
	case placeholder == "?":
		b.WriteByte(' ')
		return
	default:
		return
	}
	if l.thousands && places > 1 && places%3 == 1 {
		b.WriteByte(',')
	}
}

// lastKept returns how many decimals are shown even if they are zero.
func (s section) lastKept(l layout) int {
	n, keep := 0, 0
	for i, t := range s.tokens {
		if t.kind != digit || l.point < 0 || i < l.point || l.exponent >= 0 && i > l.exponent {
			continue
		}
		if n++; t.text == "0" {
			keep = n
		}
	}
	return keep
}

// exponentSign returns "E" with the sign of an exponent: "E+" shows both signs, and
// "E-" only that of negative ones.
func exponentSign(sign string, exp int) string {
	switch {
	case exp < 0:
		return "E-"
	case sign == "+":
		return "E+"
	}
	return "E"
}

// exponentDigits returns the exponent, as wide as its placeholders from token i on.
func (s section) exponentDigits(i, exp int) string {
	width := 0
	for ; i < len(s.tokens) && s.tokens[i].kind == digit; i++ {
		if s.tokens[i].text == "0" {
			width++
		}
	}
	digits := strconv.Itoa(max(exp, -exp))
	return strings.Repeat("0", max(0, min(width, maxDigits)-len(digits))) + digits
}

package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// fraction shows a number as a fraction: "# ?/?" of 2.5 is "2 1/2". A section
// without a place for the whole part shows it as "5/2".
func (s section) fraction(v float64, l layout) string {
	numerator := l.slash // the first of its tokens
	for numerator > 0 && s.tokens[numerator-1].kind == digit {
		numerator--
	}
	end := l.slash + 1
	for end < len(s.tokens) && s.denominator(end) {
		end++
	}
	mixed, whole := l.first < numerator, 0.0
	if mixed {
		whole, v = math.Modf(v)
	}
	n, d := s.ratio(v, s.tokens[l.slash+1:end])
	if n == d && mixed {
		whole, n = whole+1, 0
	}
	var b strings.Builder
	for i := 0; i < len(s.tokens); i++ {
		t := s.tokens[i]
		switch {
		case i == numerator:
			if n > 0 || !mixed {
				b.WriteString(strconv.Itoa(n) + "/" + strconv.Itoa(d))
			} else if whole == 0 {
				b.WriteByte('0')
			}
			i = end - 1
		case i == l.first && whole > 0:
			b.WriteString(strconv.FormatFloat(whole, 'f', 0, 64))
		case t.kind == digit || t.kind == comma:
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// denominator reports whether token i belongs to the denominator: placeholders
// or the digits of a fixed one.
func (s section) denominator(i int) bool {
	t := s.tokens[i]
	return t.kind == digit || t.kind == literal && len(t.text) == 1 && t.text[0] >= '1' && t.text[0] <= '9'
}

// ratio returns the fraction nearest to v whose denominator is the fixed one,
// or else has no more digits than there are placeholders, four at most. Of two
// that are as near it is the one with the smaller denominator.
func (s section) ratio(v float64, places []token) (n, d int) {
	if v > 1e9 {
		return int(min(v, 1e15)), 1
	}
	var text strings.Builder
	for _, t := range places {
		text.WriteString(t.text)
	}
	if fixed, err := strconv.Atoi(text.String()); err == nil && fixed > 0 && fixed < 1e6 {
		return int(math.Round(v * float64(fixed))), fixed
	}
	limit := int(math.Pow(10, float64(min(max(len(places), 1), 4)))) - 1
	return nearest(v, limit)
}

// nearest returns the fraction nearest to v >= 0 whose denominator is at most
// limit: the last convergent of the continued fraction of v, or the one between
// it and the next that the limit still allows.
func nearest(v float64, limit int) (n, d int) {
	n0, d0, n, d := 0, 1, 1, 0
	for x := v; ; x = 1 / (x - math.Floor(x)) {
		a := int(min(math.Floor(x), 1e9))
		if d0+a*d > limit {
			k := (limit - d0) / d
			n1, d1 := n0+k*n, d0+k*d
			if d1 > 0 && math.Abs(v-float64(n1)/float64(d1)) < math.Abs(v-float64(n)/float64(d))-1e-12 {
				return n1, d1
			}
			return n, d
		}
		n0, d0, n, d = n, d, n0+a*n, d0+a*d
		if x-math.Floor(x) < 1e-9 || math.Abs(v-float64(n)/float64(d)) < 1e-12 {
			return n, d
		}
	}
}

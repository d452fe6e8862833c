package sqlstore

import (
	"strings"
	"unicode/utf8"
)

// mark begins what stands for a byte that the database cannot keep in a text: a
// second character for private use follows, U+E000 and the byte. Two marks stand
// for the one that a text has itself.
const mark = '\uf8ff'

// escape returns a text that any database keeps: valid UTF-8 without zero bytes,
// which PostgreSQL refuses. Most texts are returned as they are.
func escape(s string) string {
	if utf8.ValidString(s) && !strings.ContainsRune(s, 0) && !strings.ContainsRune(s, mark) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == mark:
			out.WriteRune(mark)
			out.WriteRune(mark)
		case r == 0, r == utf8.RuneError && size == 1:
			out.WriteRune(mark)
			out.WriteRune(0xE000 + rune(s[i])) // for private use as well
		default:
			out.WriteString(s[i : i+size])
		}
		i += size
	}
	return out.String()
}

// unescape undoes escape: for every s, unescape(escape(s)) is s.
func unescape(s string) string {
	if !strings.ContainsRune(s, mark) {
		return s
	}
	var out strings.Builder
	marked := false
	for _, r := range s {
		switch {
		case !marked && r == mark:
			marked = true
			continue
		case marked && r != mark:
			out.WriteByte(byte(r - 0xE000))
		default:
			out.WriteRune(r)
		}
		marked = false
	}
	return out.String()
}

// escaped returns the arguments of a query with their texts escaped.
func escaped(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if s, ok := a.(string); ok {
			a = escape(s)
		}
		out[i] = a
	}
	return out
}

// An unescaper is a scanner of rows whose texts are escaped.
type unescaper struct{ scanner }

// Scan scans a row.
func (u unescaper) Scan(to ...any) error {
	if err := u.scanner.Scan(to...); err != nil {
		return err
	}
	for _, v := range to {
		if s, ok := v.(*string); ok {
			*s = unescape(*s)
		}
	}
	return nil
}

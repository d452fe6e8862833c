package ooxml

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// maxEntity is the longest reference that is looked for, as in "&#x10FFFF;".
const maxEntity = 12

// lineEnds returns a text with its line ends as XML 1.0, 2.11, wants them, and
// with what is no UTF-8 marked as such.
func lineEnds(text []byte) []byte {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\ufffd"))
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text
}

// plain returns a text with its references to characters replaced as well. It
// may be changed in place.
func plain(text []byte) []byte {
	text = lineEnds(text)
	first := bytes.IndexByte(text, '&')
	if first < 0 {
		return text
	}
	// No character takes more bytes than a reference to it.
	out := text[:first]
	for rest := text[first:]; len(rest) > 0; {
		r, n := character(rest)
		if n == 0 {
			out, n = append(out, '&'), 1
		} else {
			out = utf8.AppendRune(out, r)
		}
		rest = rest[n:]
		next := bytes.IndexByte(rest, '&')
		if next < 0 {
			next = len(rest)
		}
		out, rest = append(out, rest[:next]...), rest[next:]
	}
	return out
}

// character returns the character that a reference stands for and the length of
// the reference: one of the five that XML has itself, or a number. Those that a
// document declares are none: they are how small files become large.
func character(s []byte) (rune, int) {
	n := bytes.IndexByte(s[:min(len(s), maxEntity)], ';')
	if n < 0 {
		return 0, 0
	}
	switch name := string(s[1:n]); name {
	case "lt":
		return '<', n + 1
	case "gt":
		return '>', n + 1
	case "amp":
		return '&', n + 1
	case "quot":
		return '"', n + 1
	case "apos":
		return '\'', n + 1
	default:
		return numbered(name, n+1)
	}
}

// numbered returns the character of a reference such as "#65" or "#x41".
func numbered(name string, size int) (rune, int) {
	if len(name) < 2 || name[0] != '#' {
		return 0, 0
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
		return 0, 0
	}
	return rune(v), size
}

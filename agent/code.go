package agent

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// codeMask stands for a code where a text is looked at.
const codeMask = "••••••"

var (
	// A code alone may be written in two parts or digit by digit, as in 123 456.
	spacedCode = regexp.MustCompile(`[0-9](?:[ \x{a0}-]?[0-9]){5}`)
	anyDigits  = regexp.MustCompile(`[0-9]+`)
)

// findCode returns the last code in a text, and the text without any. A code
// are six digits that stand alone, of any script.
func findCode(text string) (code, masked string) {
	plain := strings.Map(plainDigit, text)
	if loc := spacedCode.FindStringIndex(plain); loc != nil && len(digits(plain)) == 6 {
		return digits(plain), plain[:loc[0]] + codeMask + plain[loc[1]:]
	}
	masked = anyDigits.ReplaceAllStringFunc(plain, func(d string) string {
		if len(d) != 6 {
			return d
		}
		code = d
		return codeMask
	})
	if code == "" {
		return "", text
	}
	return code, masked
}

// plainDigit returns the digit 0 to 9 for one of any script.
func plainDigit(r rune) rune {
	if r <= unicode.MaxASCII || !unicode.IsDigit(r) {
		return r
	}
	// The digits of a script follow one another, from 0 to 9 (Unicode, section 4.6).
	for _, s := range unicode.Nd.R16 {
		if r >= rune(s.Lo) && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10
		}
	}
	for _, s := range unicode.Nd.R32 {
		if r >= rune(s.Lo) && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10
		}
	}
	return r
}

var addresses = regexp.MustCompile(`[\p{L}\p{N}_%+-]+(?:\.[\p{L}\p{N}_%+-]+)*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// namedAddress returns the e-mail address that a text holds, empty if it holds
// none or several.
func namedAddress(text string) string {
	var found string
	for _, a := range addresses.FindAllString(text, -1) {
		switch {
		case len(a) > 254: // RFC 5321, section 4.5.3.1.3, without the brackets
			return ""
		case found != "" && !strings.EqualFold(a, found):
			return ""
		}
		found = a
	}
	return found
}

// veiled returns an address of which little is seen, for the audit.
func veiled(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	_, size := utf8.DecodeRuneInString(local)
	return local[:size] + "…@" + domain
}

package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// longestValue is the longest text that a property may be set to, in runes.
const longestValue = 2000

// Coerce returns a value as the property's type, or an error in words for the
// model. Language, a BCP 47 tag or empty, decides where a number or a date may be
// read in two ways.
func (p Property) Coerce(v any, language string) (any, error) {
	switch x := v.(type) {
	case time.Time:
		if p.Type == Date {
			return x.Format(time.DateOnly), nil
		}
		v = x.UTC().Format(time.RFC3339)
	case []byte:
		v = string(x)
	case json.Number:
		v = x.String()
	case int64:
		v = float64(x)
	case int:
		v = float64(x)
	}
	switch x := v.(type) {
	case string:
		return p.coerceText(strings.TrimSpace(stripHidden(x)), language)
	case float64:
		return p.coerceNumber(x)
	case bool:
		if p.Type == Bool {
			return x, nil
		}
	}
	return nil, p.unfit()
}

// unfit says what the property wants.
func (p Property) unfit() error {
	switch p.Type {
	case Number:
		return errors.New("want a number such as 1234.5")
	case Date:
		return errors.New("want a date such as 2026-03-31")
	case DateTime:
		return errors.New("want a time such as 2026-03-31T08:00:00Z")
	case Bool:
		return errors.New("want yes or no")
	case Choice:
		names := make([]string, len(p.Options))
		for i, o := range p.Options {
			names[i] = o.names()[len(o.names())-1]
		}
		return fmt.Errorf("want one of %s", strings.Join(names, ", "))
	}
	return fmt.Errorf("want a text of at most %d characters", longestValue)
}

func (p Property) coerceNumber(x float64) (any, error) {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
	case p.Type == Number:
		return x, nil
	case p.Type == Text || p.Type == Choice:
		return p.coerceText(strconv.FormatFloat(x, 'f', -1, 64), "")
	case p.Type == Bool && (x == 0 || x == 1): // as databases without a type for it keep it
		return x == 1, nil
	}
	return nil, p.unfit()
}

func (p Property) coerceText(s, language string) (any, error) {
	switch p.Type {
	case Text:
		if utf8.RuneCountInString(s) <= longestValue {
			return s, nil
		}
	case Number:
		if n, ok := parseNumber(s, language); ok {
			return n, nil
		}
	case Date:
		if d, ok := parseDate(s, language); ok {
			return d.Format(time.DateOnly), nil
		}
	case DateTime:
		if at, ok := parseTime(s); ok {
			return at.UTC().Format(time.RFC3339), nil
		}
	case Bool:
		if v, ok := truths[fold(strings.Trim(s, ".!"))]; ok {
			return v, nil
		}
	case Choice:
		for _, o := range p.Options {
			for _, name := range o.names() {
				if name == fold(s) {
					return o.Value, nil
				}
			}
		}
	}
	return nil, p.unfit()
}

// truths are yes and no in the languages of the built-in texts.
var truths = func() map[string]bool {
	m := map[string]bool{}
	for w := range set("true yes y 1 on ja oui sí si sim vero wahr waar vrai verdadero verdadeiro") {
		m[w] = true
	}
	for w := range set("false no n 0 off nee nein non não nao falso falsch onwaar faux") {
		m[w] = false
	}
	return m
}()

var plainNumber = regexp.MustCompile(`^[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$`)

// parseNumber reads a number with the separators of any of the languages. A mark
// that stands once before three digits, as in 1,234, parts thousands in English
// if it is a comma, and in the others if it is a point; where no language is
// given, a point always parts decimals.
func parseNumber(s, language string) (float64, bool) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\'', '’':
			return -1
		case '−':
			return '-'
		}
		return plainDigit(r)
	}, s)
	comma, point := strings.Count(s, ","), strings.Count(s, ".")
	decimal, thousands := ".", ","
	switch lastComma, lastPoint := strings.LastIndex(s, ","), strings.LastIndex(s, "."); {
	case comma > 0 && point > 0:
		if lastComma > lastPoint {
			decimal, thousands = ",", "."
		}
	case comma == 1 && (len(s)-lastComma != 4 || language != "en" && language != ""):
		decimal, thousands = ",", "."
	case point > 1, point == 1 && len(s)-lastPoint == 4 && language != "en" && language != "" && groupedNumber.MatchString(s):
		decimal, thousands = ",", "."
	}
	if strings.Contains(s, thousands) {
		whole, _, _ := strings.Cut(s, decimal)
		if !groupedNumber.MatchString(whole) || strings.Contains(s[len(whole):], thousands) {
			return 0, false
		}
		s = strings.ReplaceAll(s, thousands, "")
	}
	s = strings.Replace(s, decimal, ".", 1)
	if !plainNumber.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

var groupedNumber = regexp.MustCompile(`^[-+]?[1-9][0-9]{0,2}(?:[,.][0-9]{3})+$`)

var numericDate = regexp.MustCompile(`^([0-9]{1,2})([./-])([0-9]{1,2})([./-])([0-9]{4})$`)

// parseDate reads a date as 2026-03-31, or with the day first as everywhere but
// in the United States: in English, a date such as 3/4/2026 is not known.
func parseDate(s, language string) (time.Time, bool) {
	s = strings.Map(plainDigit, s)
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006/01/02"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	if m := numericDate.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		day, month := m[1], m[3]
		first, _ := strconv.Atoi(day)
		second, _ := strconv.Atoi(month)
		switch {
		case first <= 12 && second > 12:
			day, month = month, day
		case first <= 12 && first != second && m[2] != "." && (language == "" || language == "en"):
			return time.Time{}, false
		}
		at, err := time.Parse("2-1-2006", day+"-"+month+"-"+m[5])
		return at, err == nil
	}
	return writtenDate(s)
}

// writtenDate reads a date with the month as a word, as in 31. März 2026.
func writtenDate(s string) (time.Time, bool) {
	var day, month, year int
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,/-", r) }) {
		n, err := strconv.Atoi(strings.TrimRight(w, "stndrhºe"))
		switch {
		case err == nil && n >= 1000 && n <= 9999 && year == 0:
			year = n
		case err == nil && n >= 1 && n <= 31 && day == 0:
			day = n
		case monthOf(w) > 0 && month == 0:
			month = monthOf(w)
		case w != "de" && w != "of" && w != "den" && w != "le" && w != "el" && w != "il" && w != "the":
			return time.Time{}, false
		}
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return at, year > 0 && month > 0 && at.Day() == day
}

// monthNames are the months in the languages of the built-in texts.
var monthNames = [12]map[string]bool{
	set("january januari januar janvier enero janeiro gennaio jan"),
	set("february februari februar février fevrier febrero fevereiro febbraio feb"),
	set("march maart märz maerz mars marzo março marco mar"),
	set("april avril abril aprile apr"),
	set("may mei mai mayo maio maggio"),
	set("june juni juin junio junho giugno jun"),
	set("july juli juillet julio julho luglio jul"),
	set("august augustus août aout agosto aug"),
	set("september septembre septiembre setembro settembre sep sept"),
	set("october oktober octobre octubre outubro ottobre oct okt"),
	set("november novembre noviembre novembro nov"),
	set("december dezember décembre decembre diciembre dezembro dicembre dec dez"),
}

// monthOf returns the number of a month, 0 for another word.
func monthOf(word string) int {
	for i, names := range monthNames {
		if names[word] {
			return i + 1
		}
	}
	return 0
}

// parseTime reads a time. One without a zone is in UTC.
func parseTime(s string) (time.Time, bool) {
	s = strings.Map(plainDigit, s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

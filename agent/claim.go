package agent

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a text claims is told as strings: numbers, e-mail addresses, and with a
// mark in front the following.
const (
	claimPhone    = "tel:"
	claimCode     = "code:"     // a product code, without hyphens
	claimMonth    = "month:"    // by its number
	claimDate     = "date:"     // year-month-day
	claimAmount   = "amount:"   // currency and number
	claimOffer    = "offer:"    // such as free
	claimCurrency = "currency:" // a currency is named
	claimPriced   = "priced:"   // a number has a currency
)

// A reader finds what texts claim.
type reader struct {
	lexicons []*lexicon
	// source says that the text is evidence: more is told of it, so that what says
	// the same in another form stands.
	source bool
	emit   func(claim string)
	// tokens are those of the text: words in lower case, "#" with a number, "=" with
	// a currency, and "" between clauses.
	tokens []string
	// money says that the text is about money.
	money bool
}

var (
	emails = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}`)
	phones = regexp.MustCompile(`\+?\(?\d[\d()/ .-]{5,}\d`)
)

// read tells what a text claims.
func (r *reader) read(text string) {
	r.tokens, r.money = r.tokens[:0], false
	if strings.ContainsAny(text, "\u00a0\u202f") {
		text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(joinGroups(text))
	}
	r.phones(text)
	for field := range strings.FieldsSeq(text) {
		r.field(field)
	}
	for _, l := range r.lexicons {
		r.words(l)
	}
}

// joinGroups takes the unbreakable spaces out of numbers, as in "1 000".
func joinGroups(text string) string {
	runes := []rune(text)
	out := runes[:0:0]
	for i, c := range runes {
		if (c == '\u00a0' || c == '\u202f') && i > 0 && i+3 < len(runes) && unicode.IsDigit(runes[i-1]) &&
			unicode.IsDigit(runes[i+1]) && unicode.IsDigit(runes[i+2]) && unicode.IsDigit(runes[i+3]) {
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// phones tells the runs of digits that are long enough for a phone number.
func (r *reader) phones(text string) {
	start, count := -1, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] <= '9' {
			switch c := text[i]; {
			case c >= '0':
				count++
				fallthrough
			case c == ' ' || c == '+' || c == '(' || c == ')' || c == '/' || c == '.' || c == '-':
				if start < 0 {
					start = i
				}
				continue
			}
		}
		if count >= 7 {
			for _, p := range phones.FindAllString(text[start:i], -1) {
				if _, ok := dateOf(p); ok {
					continue // it is told as a date
				}
				if d := digits(p); len(d) >= 7 {
					r.emit(claimPhone + d)
					r.emit(normalNumber(d))
				}
			}
		}
		start, count = -1, 0
	}
}

// field tells what stands in a field, and adds its tokens.
func (r *reader) field(field string) {
	if strings.IndexByte(field, '@') >= 0 {
		for _, e := range emails.FindAllString(field, -1) {
			r.emit(strings.ToLower(e))
			field = strings.Replace(field, e, " ", 1)
		}
	}
	numeric := strings.IndexFunc(field, unicode.IsNumber) >= 0
	if numeric {
		if day, ok := dateOf(field); ok {
			r.date(day)
			if !r.source {
				field = ""
			}
		} else if code, ok := codeOf(field); ok {
			r.emit(claimCode + code)
			if !r.source {
				field = ""
			}
		}
	}
	for i := 0; i < len(field); {
		i = r.token(field, i)
	}
	if field == "" || strings.IndexByte(",;:.!?", field[len(field)-1]) >= 0 {
		r.tokens = append(r.tokens, "")
	}
}

// token adds the token that starts at i, and returns where it ends.
func (r *reader) token(field string, i int) int {
	c, size := utf8.DecodeRuneInString(field[i:])
	switch {
	case unicode.IsLetter(c):
		end := i + size
		for end < len(field) {
			c, size := utf8.DecodeRuneInString(field[end:])
			if !unicode.IsLetter(c) && !unicode.Is(unicode.M, c) && (c != '\'' || end+1 == len(field)) {
				break
			}
			end += size
		}
		w := strings.ToLower(field[i:end])
		if before, after, ok := strings.Cut(w, "'"); ok && len(before) < 3 && before != "i" && before != "we" && after != "" { // as in l'ordre
			r.tokens = append(r.tokens, before)
			w = after
		}
		r.tokens = append(r.tokens, w)
		return end
	case unicode.IsNumber(c):
		end := numberEnd(field, i)
		n := normalNumber(field[i:end])
		r.emit(n)
		r.tokens = append(r.tokens, "#"+n)
		return end
	case c == '%' || c > 127 && unicode.Is(unicode.Sc, c) || c == '$':
		r.money = true
		r.tokens = append(r.tokens, "="+currencyOf(c))
	}
	return i + size
}

func currencyOf(symbol rune) string {
	switch symbol {
	case '$':
		return "USD"
	case '€':
		return "EUR"
	case '£':
		return "GBP"
	}
	return string(symbol)
}

// numberEnd returns where a number ends, with its separators inside.
func numberEnd(s string, i int) int {
	for i < len(s) {
		c, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsNumber(c) {
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !strings.ContainsRune(".,:/’'", c) || !unicode.IsNumber(next) {
				break
			}
		}
		i += size
	}
	return i
}

// words tells what the words of the text claim in a language.
func (r *reader) words(l *lexicon) {
	number, currency := "", "" // the token before is one
	for i := 0; i < len(r.tokens); i++ {
		w := r.tokens[i]
		before, currencyBefore := number, currency
		number, currency = "", ""
		switch {
		case w == "":
			continue
		case w[0] == '#':
			number = w[1:]
		case w[0] == '=':
			currency = w[1:]
		default:
			u := l.words[w]
			if u == (use{}) && i+1 < len(r.tokens) && (w == "per" || w == "por" || w == "pour") {
				u = l.words[w+"_"+r.tokens[i+1]]
			}
			if u.number > 0 {
				value, n := l.numeral(r.tokens[i:])
				i += n - 1
				if value > 1 {
					number = strconv.Itoa(value)
					r.emit(number)
				}
			}
			if u.month > 0 {
				r.emit(claimMonth + strconv.Itoa(u.month))
			}
			if u.roles&offers != 0 {
				r.offer(l, i)
			}
			r.money = r.money || u.roles&monetary != 0
			currency = u.currency
		}
		if currency != "" {
			r.money = true
			r.emit(claimCurrency + currency)
			if before != "" {
				r.amount(currency, before)
				currency = ""
			}
		}
		if number != "" && currencyBefore != "" {
			r.amount(currencyBefore, number)
		}
	}
}

func (r *reader) amount(currency, number string) {
	r.emit(claimAmount + currency + " " + number)
	r.emit(claimPriced + number)
}

// offer tells of an offer that begins at a token.
func (r *reader) offer(l *lexicon, i int) {
	if i > 0 && r.tokens[i-1] != "" {
		if class, n := l.claimed(r.tokens[i-1:]); n > 1 && class == "" {
			return // as in "feel free"
		}
	}
	if class, n := l.claimed(r.tokens[i:]); n > 0 && class != "" {
		r.emit(claimOffer + class)
	}
}

// numeral returns the number that some words begin with, and how many they are.
func (l *lexicon) numeral(words []string) (value, n int) {
	for i, w := range words {
		u := l.words[w]
		if u.number == 0 {
			if u.roles&joiner == 0 || i+1 == len(words) {
				break
			}
			continue
		}
		sum, ok := together(value, u.number)
		if !ok || i > n+1 {
			break
		}
		value, n = sum, i+1
	}
	return value, max(n, 1)
}

// together returns the number that one is with the next word for one, as twenty
// and five are, two and hundred, or quatre and vingt.
func together(n, next int) (sum int, ok bool) {
	rest := n % 100
	switch {
	case n == 0:
		return next, true
	case next == 100 && n < 10, next >= 1000 && n < next:
		return n * next, true
	case next == 20 && rest == 4:
		return n - 4 + 80, true
	case rest == 0 && n >= 100 && next < 100,
		next < 10 && rest >= 20 && rest%10 == 0,
		next >= 10 && next < 20 && (rest == 60 || rest == 80):
		return n + next, true
	}
	return 0, false
}

// date tells a date, of evidence with its parts.
func (r *reader) date(d day) {
	r.emit(claimDate + d.String())
	if r.source {
		r.emit(claimMonth + strconv.Itoa(d.month))
	}
}

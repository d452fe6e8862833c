package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// referrals are headings that announce links to other pages, or the contents
// of this one, as letters returns them. Links alone below such a heading answer
// nobody.
var referrals = map[string]bool{
	"related": true, "related information": true, "related articles": true, "related topics": true, "related links": true,
	"related pages": true, "related resources": true, "related content": true, "related documentation": true,
	"see also": true, "additional resources": true, "additional information": true, "additional links": true,
	"further reading": true, "further information": true, "further resources": true, "further references": true,
	"more information": true, "more resources": true, "useful links": true, "useful resources": true, "resources": true,
	"references": true, "links": true, "next steps": true, "next": true, "what s next": true, "where to go next": true,
	"learn more": true, "read more": true, "on this page": true, "in this article": true, "in this section": true,
	"in this topic": true, "in this guide": true, "contents": true, "table of contents": true, "quick links": true,
	"siehe auch": true, "weitere informationen": true, "weiterführende links": true, "verwandte themen": true,
	"verwandte artikel": true, "ähnliche artikel": true, "nächste schritte": true, "mehr erfahren": true,
	"auf dieser seite": true, "in diesem artikel": true, "inhalt": true, "inhaltsverzeichnis": true,
	"voir aussi": true, "en savoir plus": true, "articles connexes": true, "liens utiles": true, "étapes suivantes": true,
	"prochaines étapes": true, "sur cette page": true, "dans cet article": true, "sommaire": true, "table des matières": true,
	"ver también": true, "véase también": true, "más información": true, "artículos relacionados": true,
	"enlaces relacionados": true, "recursos adicionales": true, "próximos pasos": true, "en esta página": true,
	"en este artículo": true, "contenido": true,
	"veja também": true, "saiba mais": true, "artigos relacionados": true, "recursos adicionais": true,
	"próximas etapas": true, "próximos passos": true, "nesta página": true, "neste artigo": true, "sumário": true,
	"vedi anche": true, "ulteriori informazioni": true, "articoli correlati": true, "link utili": true,
	"passaggi successivi": true, "prossimi passi": true, "in questa pagina": true, "in questo articolo": true,
	"zie ook": true, "meer informatie": true, "gerelateerde artikelen": true, "verwante artikelen": true,
	"volgende stappen": true, "op deze pagina": true, "in dit artikel": true, "inhoud": true,
}

// refers reports whether a heading or a line announces nothing but links.
func refers(text string) bool {
	return len(text) <= 40 && referrals[letters(text)]
}

// A linkage tells what a block says beside its links.
type linkage int

const (
	prose linkage = iota // words of its own
	links                // nothing but links to other pages
	local                // nothing but links into this page
)

// trail is the separator in a list of links that leads to a page.
var trail = regexp.MustCompile(`\s[>»›/→|]\s`)

// wordy reports whether there is a letter or a digit.
func wordy(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// links adds a block that has no words beside its links. The way to a page and
// links into the page itself are left out.
func (o *outline) links(text string, kind linkage) {
	way := len(o.sections) == 0 && o.text.Len() == 0 && trail.MatchString(text)
	if o.depth == 0 && (way || kind == local) {
		o.contents()
		return
	}
	o.add(text)
}

// contents reports whether a list of links into the page is its table of
// contents, by the line or heading before it or by its place at the top. If so
// it takes back that line: both are to be left out.
func (o *outline) contents() bool {
	if o.refer >= 0 {
		o.text.Truncate(o.refer)
		return true
	}
	return len(o.sections) == 0 && len(o.path) == 0 && o.text.Len() == 0
}

// A fileName is a description of an image that its program made.
var fileName = regexp.MustCompile(`\.\w{2,4}$|\d{4}|[_/]`)

// described returns the description of an image that stands alone, if it is a
// phrase that tells a reader something.
func described(alt string) string {
	if alt = oneLine(alt); len(strings.Fields(alt)) < 3 || fileName.MatchString(alt) {
		return ""
	}
	return alt
}

// letters returns the letters and digits of s in lower case, to compare by.
func letters(s string) string {
	out := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		switch r {
		case ' ', '\n', '.', ',', ':', ';', '!', '?', '-', '–', '—', '\'', '’', '"', '“', '”', '(', ')':
			gap = true
			continue
		}
		if unicode.IsSpace(r) {
			gap = true
			continue
		}
		if gap && len(out) > 0 {
			out = append(out, ' ')
		}
		gap = false
		out = utf8.AppendRune(out, unicode.ToLower(r))
	}
	return string(out)
}

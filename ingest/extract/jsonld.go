package extract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// linkedData is what a page says in JSON-LD in the vocabulary of
// https://schema.org. See https://json-ld.org/spec/latest/json-ld/.
type linkedData struct {
	headline, language, body string    // of the article that the page is
	updated                  time.Time // the latest that an article or a page names
	way                      []string  // the parts of the site that the page is in
	questions                []question
	howTos                   []howTo
}

// A question is one entry of a page's list of frequent questions.
type question struct{ text, answer string }

// A howTo is an instruction in steps.
type howTo struct {
	name  string
	steps []string
}

// maxQuestions is how many questions and instructions of a page are taken.
const maxQuestions = 500

// maxDepth is how deep data may be nested that is looked into.
const maxDepth = 20

// read adds the data of one script element. Broken data are mended where that
// is possible, else ignored.
func (l *linkedData) read(source string) {
	source = strings.Trim(strings.TrimSpace(source), ";")
	var v any
	if json.Unmarshal([]byte(source), &v) != nil && json.Unmarshal(mend(source), &v) != nil {
		return
	}
	l.collect(v, 0, true)
}

// collect takes a value. The article of the page itself stands at its top.
func (l *linkedData) collect(v any, depth int, top bool) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.collect(e, depth+1, top)
		}
	case map[string]any:
		if l.take(v, top) {
			return
		}
		for _, key := range sortedKeys(v) {
			l.collect(v[key], depth+1, top && (key == "@graph" || key == "mainEntity"))
		}
	}
}

// take reads an object of a known type, and reports whether it is read whole, so
// that nothing within it is looked for: Question, HowTo, BreadcrumbList, and at the top of the
// page's data Article, what is derived of it, and WebPage.
func (l *linkedData) take(v map[string]any, top bool) bool {
	for _, t := range texts(v["@type"]) {
		t = t[strings.LastIndexAny(t, "/#:")+1:]
		switch {
		case t == "Question":
			q := question{fragmentText(either(v, "name", "text")), answerText(v)}
			if q.text != "" && q.answer != "" && len(l.questions) < maxQuestions {
				l.questions = append(l.questions, q)
			}
			return true
		case t == "HowTo":
			h := howTo{name: fragmentText(v["name"])}
			h.read(v["step"], 0)
			if len(h.steps) > 0 && len(l.howTos) < maxQuestions {
				l.howTos = append(l.howTos, h)
			}
			return true
		case t == "BreadcrumbList":
			l.breadcrumbs(v)
			return true
		case top && (strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") || t == "WebPage"):
			l.article(v, t != "WebPage")
		}
	}
	return false
}

// breadcrumbs reads the way to the page: what is between the front page and the page
// itself, whose name its title is.
func (l *linkedData) breadcrumbs(v map[string]any) {
	list, _ := v["itemListElement"].([]any)
	for i, e := range list {
		step, _ := e.(map[string]any)
		if item, ok := step["item"].(map[string]any); ok && step["name"] == nil {
			step = item
		}
		if i > 0 && i < len(list)-1 && len(l.way) < maxQuestions {
			l.way = append(l.way, scalarName(step["name"]))
		}
	}
}

// article reads what the page says of itself. Its headline and text are taken if
// the object is an article of its own, not the page around one.
func (l *linkedData) article(v map[string]any, own bool) {
	if t := date(scalarName(v["dateModified"])); t.After(l.updated) {
		l.updated = t
	}
	l.language = tag(l.language, scalarName(v["inLanguage"]))
	if own {
		l.headline = oneLine(fragmentText(either(v, "headline", "name")))
		l.body = fragmentText(v["articleBody"])
	}
}

// read takes steps: texts, objects, or sections of them (HowToStep, HowToSection).
// A name that only repeats how its text begins is left out.
func (h *howTo) read(v any, depth int) {
	switch v := v.(type) {
	case string:
		if step := fragmentText(v); step != "" {
			h.steps = append(h.steps, step)
		}
	case []any:
		for _, e := range v {
			if depth < maxDepth {
				h.read(e, depth+1)
			}
		}
	case map[string]any:
		if v["itemListElement"] != nil && depth < maxDepth {
			h.read(v["itemListElement"], depth+1)
			return
		}
		name, detail := oneLine(fragmentText(v["name"])), fragmentText(v["text"])
		if detail == "" || strings.HasPrefix(detail, name) {
			name, detail = detail, name
		}
		if name != "" && !strings.HasPrefix(name, detail) {
			name = strings.TrimRight(name, ".:") + ": " + detail
		}
		h.read(name, maxDepth)
	}
}

// answerText returns the accepted answer of a question, or the first other one.
func answerText(q map[string]any) string {
	answer := either(q, "acceptedAnswer", "suggestedAnswer")
	if list, ok := answer.([]any); ok && len(list) > 0 {
		answer = list[0]
	}
	if a, ok := answer.(map[string]any); ok {
		return fragmentText(a["text"])
	}
	return fragmentText(answer)
}

// addTo adds to an outline what its text does not show yet: questions as headings
// over their answers, instructions as numbered lists.
func (l *linkedData) addTo(o *outline) {
	if len(l.questions)+len(l.howTos) == 0 {
		return
	}
	shown, added := o.shown(), make(map[string]bool)
	o.resume(place{})
	for _, q := range l.questions {
		key := letters(q.text)
		if added[key] || known(shown, q.text) && known(shown, q.answer) {
			continue
		}
		added[key] = true
		o.heading(minor, q.text, "")
		o.block(q.answer)
	}
	for _, h := range l.howTos {
		if known(shown, h.steps[0]) {
			continue
		}
		o.heading(minor, h.name, "")
		for i, step := range h.steps {
			o.openItem(fmt.Sprintf("%d. ", i+1))
			o.block(step)
			o.closeItem()
		}
		o.endList()
	}
	o.flush()
}

// maxShown is how much text is compared with the data of a page, in bytes.
const maxShown = 1 << 20

// shown returns the headings and the text as letters returns them.
func (o *outline) shown() string {
	var b strings.Builder
	b.WriteString(" " + letters(o.title) + " ")
	for _, s := range o.sections {
		if b.Len() > maxShown {
			break
		}
		for _, h := range s.Path {
			b.WriteString(letters(h) + " ")
		}
		b.WriteString(letters(s.Text) + " ")
	}
	return b.String()
}

// maxKnown is how much of a text is compared, in bytes: its data often have it
// cut, or end in other words.
const maxKnown = 60

// known reports whether the beginning of a text is shown.
func known(shown, text string) bool {
	text = letters(text)
	if len(text) > maxKnown {
		text = text[:maxKnown]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return strings.Contains(shown, " "+text)
}

// mend removes from JSON what often breaks it: line ends inside strings, commas
// at the end of lists, comments around it.
func mend(source string) []byte {
	source = strings.TrimSuffix(strings.TrimPrefix(source, "<!--"), "-->")
	source = strings.NewReplacer("//<![CDATA[", "", "//]]>", "", "<![CDATA[", "", "]]>", "").Replace(source)
	out := make([]byte, 0, len(source))
	quoted := false
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case quoted && c == '\\' && i+1 < len(source):
			out = append(out, c, source[i+1])
			i++
			continue
		case c == '"':
			quoted = !quoted
		case quoted && c < ' ':
			c = ' '
		case !quoted && c == ',' && strings.IndexAny(strings.TrimLeft(source[i+1:], " \t\r\n"), "]}") == 0:
			continue
		}
		out = append(out, c)
	}
	return out
}

// either returns the first of the named values that is there, or nil.
func either(v map[string]any, names ...string) any {
	for _, name := range names {
		if v[name] != nil {
			return v[name]
		}
	}
	return nil
}

// texts returns a string or the strings of a list.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var all []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// scalarName returns a string, or the name of an object that stands for one.
func scalarName(v any) string {
	if m, ok := v.(map[string]any); ok {
		v = either(m, "alternateName", "name", "@value")
	}
	s, _ := v.(string)
	return s
}

// sortedKeys returns the keys of an object in one order, so that a page has the
// same text whenever it is read.
func sortedKeys(v map[string]any) []string {
	keys := make([]string, 0, len(v))
	for key := range v {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

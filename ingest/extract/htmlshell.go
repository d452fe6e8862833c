package extract

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// appRoots are the ids of the element that the scripts of an application fill.
var appRoots = setOf("root app __next __nuxt svelte gatsby-focus-wrapper app-root react-root")

// minOwnText is how much text, in bytes, tells a short page from an empty one
// that its scripts are to fill.
const minOwnText = 200

// complete adds what a page of the given size, in bytes, says outside of its
// elements. A page that shows nothing without its scripts and says nothing in its
// data has [ingest.ErrNoText].
func (p *pageHead) complete(o *outline, size int) error {
	own := 0
	for _, s := range o.sections {
		own += len(s.Text)
	}
	if own < minOwnText && (p.app || 2*p.scripts > size) && !p.fill(o) {
		if len(p.linked.questions)+len(p.linked.howTos) == 0 {
			return fmt.Errorf("%w: the page needs JavaScript to show its text", ingest.ErrNoText)
		}
	}
	p.linked.addTo(o)
	return nil
}

// fill writes the text that an empty page carries as data in place of what it
// shows, and reports whether there was any.
func (p *pageHead) fill(o *outline) bool {
	texts := stateTexts(p.state)
	if p.linked.body != "" {
		texts = []string{p.linked.body}
	}
	if len(texts) == 0 {
		return false
	}
	o.sections, o.referred = nil, nil
	o.resume(place{})
	for _, text := range texts {
		o.block(text)
	}
	o.flush()
	return true
}

// minWords is how many words tell running text from a name or a setting.
const minWords = 8

// stateTexts returns the running text in the data of a page, in its order, each
// text once. Data that break off are read up to there.
func stateTexts(source string) []string {
	var texts []string
	seen := make(map[string]bool)
	d := json.NewDecoder(strings.NewReader(source))
	for {
		token, err := d.Token()
		if err != nil {
			return texts
		}
		s, ok := token.(string)
		if !ok || len(strings.Fields(s)) < minWords || seen[s] {
			continue
		}
		seen[s] = true
		if text := fragmentText(s); text != "" {
			texts = append(texts, text)
		}
	}
}

package agent

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A draft collects a model's answer by sentences.
type draft struct {
	guard    *guard
	links    []string
	show     func(text string)
	pending  strings.Builder // the sentence that is being written
	cited    []int           // its sources
	kept     strings.Builder // the sentences let through
	sources  []int           // their sources, each once
	findings []string
	remarks  []string // which rules of the voice it breaks
	size     int
}

func newDraft(links []string, r Request, show func(string)) *draft {
	d := &draft{links: links, show: show}
	d.reset(r)
	return d
}

// reset throws the answer so far away.
func (d *draft) reset(r Request) {
	d.guard = newGuard(r, d.links)
	d.pending.Reset()
	d.kept.Reset()
	d.cited, d.sources, d.remarks, d.size = nil, nil, nil, 0
}

// add takes a piece of the answer and returns the size so far, in bytes.
func (d *draft) add(delta Delta) int {
	d.size += len(delta.Text)
	d.pending.WriteString(strings.ToValidUTF8(delta.Text, "\uFFFD"))
	d.cited = append(d.cited, delta.Sources...)
	for {
		text := d.pending.String()
		end := sentenceEnd(text)
		if end == 0 {
			return d.size
		}
		d.pending.Reset()
		d.pending.WriteString(text[end:])
		d.keep(text[:end])
	}
}

// end takes what is left as the last sentence.
func (d *draft) end() {
	text := d.pending.String()
	d.pending.Reset()
	d.keep(text)
	if r := d.guard.request; !d.guard.quotes(d.kept.String()) {
		d.remarks = append(d.remarks, r.Profile.Voice.breaksAsWhole(d.kept.String(), cmp.Or(r.Language, english))...)
	}
}

// keep adds a sentence and its sources if the guard lets it through.
func (d *draft) keep(sentence string) {
	text, finding := d.guard.check(sentence)
	if finding != "" {
		d.findings = append(d.findings, finding)
	}
	if text == "" || d.jars(text) {
		d.cited = nil
		return
	}
	d.kept.WriteString(text)
	for _, s := range d.cited {
		if s >= 0 && s < len(d.guard.request.Evidence) && !slices.Contains(d.sources, s) {
			d.sources = append(d.sources, s)
		}
	}
	d.cited = nil
	d.show(d.kept.String())
}

// jars checks a sentence by the rules of the voice, and reports whether it may
// not be said.
func (d *draft) jars(sentence string) bool {
	r := d.guard.request
	voice := &r.Profile.Voice
	said := strings.TrimSpace(sentence)
	if word, ok := voice.banned(sentence); ok {
		d.remarks = append(d.remarks, fmt.Sprintf("the word %q is not used: %s", word, said))
		return true
	}
	if d.guard.quotes(sentence) {
		return false
	}
	for _, fault := range voice.breaks(sentence, phrasesOf(r.Language)) {
		d.remarks = append(d.remarks, fault+": "+said)
	}
	return false
}

// sentenceEnd returns where the first sentence of text ends, the space behind
// it included, or 0 if more text may belong to it.
func sentenceEnd(text string) int {
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		switch {
		case r == '\n':
			return next
		case strings.ContainsRune(".!?…", r) && next < len(text) && (text[next] == ' ' || text[next] == '\n') && strings.Trim(text[:i], " 0123456789") != "":
			return next + 1
		case strings.ContainsRune("。！？", r):
			return next
		}
	}
	return 0
}

// cite returns the citations of the sources, those that may be shown. An
// answer whose model named no source rests on the best passage.
func cite(evidence []retrieval.Hit, sources []int) []channel.Citation {
	if len(sources) == 0 && len(evidence) > 0 {
		sources = []int{0}
	}
	var cites []channel.Citation
	for _, s := range sources {
		h := evidence[s]
		if h.Private {
			continue
		}
		span := quoteSpan(h)
		c := channel.Citation{
			Source: h.Document, Title: title(h.Passage), URL: h.URL, Anchor: h.Anchor, Quote: h.Text[span.Start:span.End],
			Passage: h.ID, Version: version(h.Text),
		}
		c.Start = utf8.RuneCountInString(h.Text[:span.Start])
		c.End = c.Start + utf8.RuneCountInString(c.Quote)
		if c.URL != "" && c.Anchor != "" && !strings.Contains(c.URL, "#") {
			c.URL += "#" + c.Anchor
		}
		cites = append(cites, c)
	}
	return cites
}

// version names a text by its content.
func version(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

package crawl

import (
	"encoding/binary"
	"strings"
)

// texts finds pages that say the same.
type texts struct {
	owner map[string]string   // digest -> ID of the page that has it first
	shown map[string]bool     // digests of the pages that were yielded
	kin   map[string][]*Visit // path, title and figures -> pages that may be nearly the same
}

// newTexts returns texts of which none is known.
func newTexts() texts {
	return texts{owner: make(map[string]string), shown: make(map[string]bool), kin: make(map[string][]*Visit)}
}

// kinOf returns what pages must share to be compared by likeness. A near text
// of another path, or with other figures, may be one that matters: the terms of
// another country differ in a number.
func kinOf(v *Visit) string {
	path, _, _ := strings.Cut(v.ID, "?")
	return path + "\n" + v.Title + "\n" + string(binary.LittleEndian.AppendUint64(nil, v.Figures))
}

// claim makes a page the owner of its text, unless there is one.
func (t texts) claim(v *Visit) {
	if v.Text == "" || v.ID == "" {
		return
	}
	if t.owner[v.Text] == "" {
		t.owner[v.Text] = v.ID
	}
	t.kin[kinOf(v)] = append(t.kin[kinOf(v)], v)
}

// original returns the ID of another page that says the same, or nearly, and
// whether the texts are the very same. It is "" where there is none.
func (t texts) original(v *Visit) (id string, exact bool) {
	if v.Text == "" {
		return "", false
	}
	if id := t.owner[v.Text]; id != "" && id != v.ID {
		return id, true
	}
	if t.owner[v.Text] == v.ID {
		return "", false
	}
	for _, other := range t.kin[kinOf(v)] {
		if other.ID != v.ID && near(other.Similar, v.Similar) {
			return other.ID, false
		}
	}
	return "", false
}

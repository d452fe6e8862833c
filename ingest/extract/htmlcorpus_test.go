package extract

import (
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A truth is what people took for the main text of a page.
type truth struct {
	Text          string
	With, Without []string // snippets that must be there, and that must not
	Type          string
}

// A tallied is the sum of the scores of pages.
type tallied struct {
	pages, with, withAll, without, withoutAll int
	f1                                        float64
}

// TestPagesScore compares the text of real pages with what people took for
// their main text: the mean F1 of the multisets of words, by kind of page. Words
// and limits were chosen on two thirds of the pages, shown apart from the rest,
// of which the worst were looked at as well: its figure is no blind one.
func TestPagesScore(t *testing.T) {
	dir := needCorpus(t, "pages")
	data, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	require.NoError(t, err)
	var truths map[string]truth
	require.NoError(t, json.Unmarshal(data, &truths))
	scores := make(map[string]*tallied)
	for id, want := range truths {
		page, err := os.ReadFile(filepath.Join(dir, "html", id+".html"))
		require.NoError(t, err)
		doc, err := New(nil).Extract(t.Context(), ingest.Item{Name: id + ".html"}, strings.NewReader(string(page)))
		if err != nil {
			require.ErrorIs(t, err, ingest.ErrNoText, id)
		}
		part := "two thirds"
		if h := fnv.New32a(); inThird(h, id) {
			part = "one third"
		}
		for _, kind := range []string{want.Type, "all", part} {
			if scores[kind] == nil {
				scores[kind] = &tallied{}
			}
			scores[kind].add(allText(doc), want)
		}
	}
	var kinds []string
	for kind := range scores {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		s := scores[kind]
		t.Logf("%-14s %3d pages: F1 %.4f; %d of %d snippets there, %d of %d there that must not", kind, s.pages, s.f1/float64(s.pages), s.with, s.withAll, s.without, s.withoutAll)
	}
	require.Greater(t, scores["all"].f1/float64(scores["all"].pages), 0.85)
	require.Greater(t, scores["documentation"].f1/float64(scores["documentation"].pages), 0.93)
}

func inThird(h interface {
	Write([]byte) (int, error)
	Sum32() uint32
}, id string) bool {
	_, err := h.Write([]byte(id))
	return err == nil && h.Sum32()%3 == 0
}

func (s *tallied) add(got string, want truth) {
	s.pages++
	s.f1 += f1(pageWords(got), pageWords(want.Text))
	line := strings.ToLower(oneLine(got))
	for _, snippet := range want.With {
		s.withAll++
		if strings.Contains(line, strings.ToLower(oneLine(snippet))) {
			s.with++
		}
	}
	for _, snippet := range want.Without {
		s.withoutAll++
		if strings.Contains(line, strings.ToLower(oneLine(snippet))) {
			s.without++
		}
	}
}

// pageWords counts the runs of letters, digits and underscores in lower case.
func pageWords(s string) map[string]int {
	count := make(map[string]int)
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_'
	}) {
		count[word]++
	}
	return count
}

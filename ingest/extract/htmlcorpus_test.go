package extract

import (
	"encoding/json"
	"hash/fnv"
	"maps"
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

// TestPagesScore compares the text of real pages with what people took for their
// main text: the mean F1 of the multisets of words, by kind of page, and apart for
// the half of the pages whose errors were looked at while words and limits were
// chosen. It reads them as they are compared with others, and as questions find
// them, with the header beside each cell of a table.
func TestPagesScore(t *testing.T) {
	dir := needCorpus(t, "pages")
	truths := readTruths(t, dir)
	for _, test := range []struct {
		name               string
		plain              bool
		all, documentation float64 // the least
	}{{"plain", true, 0.87, 0.94}, {"as found", false, 0.86, 0.935}} {
		t.Run(test.name, func(t *testing.T) {
			scores := make(map[string]*tallied)
			for id, want := range truths {
				text := mainText(t, filepath.Join(dir, "html", id+".html"), test.plain)
				for _, kind := range []string{"all", want.Type, "all, " + half(id), want.Type + ", " + half(id)} {
					if scores[kind] == nil {
						scores[kind] = &tallied{}
					}
					scores[kind].add(text, want)
				}
			}
			for _, kind := range slices.Sorted(maps.Keys(scores)) {
				s := scores[kind]
				t.Logf("%-24s %3d pages: F1 %.4f; %d of %d snippets there, %d of %d there that must not", kind, s.pages, s.mean(), s.with, s.withAll, s.without, s.withoutAll)
			}
			require.Greater(t, scores["all"].mean(), test.all)
			require.Greater(t, scores["documentation"].mean(), test.documentation)
		})
	}
}

// mainText returns the text of a page, none where it has none.
func mainText(t *testing.T, name string, plain bool) string {
	t.Helper()
	page, err := os.Open(name)
	require.NoError(t, err)
	defer page.Close()
	doc, err := New(&Options{Plain: plain}).Extract(t.Context(), ingest.Item{Name: ".html"}, page)
	if err != nil {
		require.ErrorIs(t, err, ingest.ErrNoText, name)
	}
	return allText(doc)
}

// half tells on which side of the line a page is.
func half(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	if h.Sum32()%2 == 0 {
		return "looked at"
	}
	return "held out"
}

func (s *tallied) mean() float64 { return s.f1 / float64(s.pages) }

func readTruths(t *testing.T, dir string) map[string]truth {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	require.NoError(t, err)
	var truths map[string]truth
	require.NoError(t, json.Unmarshal(data, &truths))
	return truths
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

package extract

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// corpora is where documents of others lie that are no part of the project.
const corpora = "../../../shared/data"

// needCorpus skips a test where the documents are absent.
func needCorpus(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("real documents take seconds")
	}
	dir := filepath.Join(corpora, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the documents in %s are not here", name)
	}
	return dir
}

// TestDocumentsScore compares the text of real files with what other tools read
// in them, of one file in three: the mean F1 of the multisets of words. A file that
// is refused has none.
func TestDocumentsScore(t *testing.T) {
	for kind, floor := range map[string]float64{"pdf": 0.98, "docx": 0.985, "pptx": 0.92, "xls": 0.92} {
		t.Run(kind, func(t *testing.T) {
			names, err := filepath.Glob(filepath.Join(needCorpus(t, "documents"), kind, "*."+kind))
			require.NoError(t, err)
			sum, read := 0.0, 0
			for i, name := range names {
				if i%3 != 0 { // each takes some fifty milliseconds
					continue
				}
				read++
				reference, err := os.ReadFile(name + ".ref.txt")
				require.NoError(t, err)
				data, err := os.ReadFile(name)
				require.NoError(t, err)
				item := ingest.Item{Name: "." + kind}
				doc, err := New(&Options{Plain: true}).Extract(t.Context(), item, bytes.NewReader(data))
				if err != nil {
					t.Logf("%s: %v", filepath.Base(name), err)
				}
				score := f1(words(allText(doc)), words(string(reference)))
				if score < 0.9 {
					t.Logf("%.3f %s", score, filepath.Base(name))
				}
				sum += score
			}
			mean := sum / float64(read)
			t.Logf("mean F1 of %d of %d files: %.4f", read, len(names), mean)
			require.Greater(t, mean, floor)
		})
	}
}

// TestHelpCenters reads one article in four of help centres, of the largest one
// in forty: every
// article has text, and no markup is left in it.
func TestHelpCenters(t *testing.T) {
	dir := needCorpus(t, "helpcenters")
	e, n := New(nil), 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		if d.Name() == ".github" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".mdx") {
			return nil
		}
		if n++; n%4 != 0 || n%40 != 0 && strings.Contains(name, "sap-btp") {
			return nil
		}
		f, err := os.Open(name)
		require.NoError(t, err)
		defer f.Close()
		doc, err := e.Extract(t.Context(), ingest.Item{Name: filepath.Base(name)}, f)
		require.NoError(t, err, name)
		for _, s := range doc.Sections {
			for _, junk := range []string{"</call-out>", "</Note>", "</Accordion>", "loio"} {
				if strings.Contains(s.Text, junk) && !strings.Contains(s.Text, "<"+strings.Trim(junk, "</>")) {
					t.Errorf("%s: %q is left", name, junk)
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
}

// allText returns the title, every heading once, and the text.
func allText(doc retrieval.Document) string {
	parts := []string{doc.Title}
	var last []string
	for _, s := range doc.Sections {
		same := 0
		for same < min(len(last), len(s.Path)) && last[same] == s.Path[same] {
			same++
		}
		parts = append(append(parts, s.Path[same:]...), s.Text)
		last = s.Path
	}
	return strings.Join(parts, "\n")
}

// words counts the runs of letters and digits in lower case, and the characters
// of scripts without spaces one by one.
func words(s string) map[string]int {
	count := make(map[string]int)
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			count[word.String()]++
			word.Reset()
		}
	}
	for _, r := range strings.ToLower(ligatures.Replace(s)) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			flush()
			count[string(r)]++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return count
}

func f1(got, want map[string]int) float64 {
	both, total := 0, 0
	for word, n := range got {
		both += min(n, want[word])
		total += n
	}
	for _, n := range want {
		total += n
	}
	return 2 * float64(both) / float64(max(total, 1))
}

package language_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// A tally counts what Detect said of texts of known language.
type tally struct{ texts, right, sure, wrong int }

func (c *tally) add(text, want string) {
	tag, sure := language.Detect(text)
	c.texts++
	if tag == want {
		c.right++
	}
	if sure {
		c.sure++
		if tag != want {
			c.wrong++
		}
	}
}

func (c tally) String() string {
	share := func(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }
	return fmt.Sprintf("%5d texts, likeliest right %5.1f %%, sure %5.1f %%, wrong when sure %4.1f %%",
		c.texts, share(c.right, c.texts), share(c.sure, c.texts), share(c.wrong, c.sure))
}

// length names a group of texts by their number of words.
func length(text string) string {
	switch n := len(strings.Fields(text)); {
	case n <= 2:
		return "1-2 words"
	case n <= 5:
		return "3-5 words"
	case n <= 10:
		return "6-10 words"
	}
	return "longer"
}

// sentences yields the lines of testdata: a tag, or "-" for what must not be
// sure, and a sentence.
func sentences(t testing.TB, yield func(tag, sentence string)) {
	file, err := os.ReadFile("testdata/sentences.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(file)) {
		tag, sentence, ok := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, ok, line)
		yield(tag, sentence)
	}
}

func TestDetectOnWhatCustomersWrite(t *testing.T) {
	byLength, byTag := map[string]*tally{}, map[string]*tally{}
	sentences(t, func(tag, sentence string) {
		if tag == "-" {
			got, sure := language.Detect(sentence)
			require.False(t, sure, "%q is not in %s", sentence, got)
			return
		}
		for of, name := range map[*map[string]*tally]string{&byLength: length(sentence), &byTag: tag} {
			if (*of)[name] == nil {
				(*of)[name] = &tally{}
			}
			(*of)[name].add(sentence, tag)
		}
		if got, sure := language.Detect(sentence); sure {
			require.Equal(t, tag, got, "%q: what is sure is right", sentence)
		}
	})
	for _, all := range []map[string]*tally{byLength, byTag} {
		for name, c := range all {
			t.Logf("%-10s %s", name, c)
			require.GreaterOrEqual(t, float64(c.right), .85*float64(c.texts), name)
		}
	}
	require.Equal(t, byLength["6-10 words"].texts, byLength["6-10 words"].sure, "of six words and more it is sure")
}

func TestDetectIsNotSureOf(t *testing.T) {
	for _, text := range []string{"", "ok", "1234", "Hallo", "no", "PIN", "iPhone", "a@example.com", "https://shop.example/de/ruecksendung"} {
		tag, sure := language.Detect(text)
		require.False(t, sure, "%q as %s", text, tag)
	}
}

func TestDetectOnPublicSets(t *testing.T) {
	for set, want := range map[string]string{
		"bankfaq-q2a": "en", "clinc-oos": "en", "dstc11-ctx": "en", "xquad-en": "en", "covidfaq-en": "en",
		"covidfaq-de": "de", "xquad-de": "de", "debian-nl": "nl", "squad-it": "it", "xquad-es": "es",
	} {
		t.Run(set, func(t *testing.T) {
			file, err := os.Open(filepath.Join("../../../shared/data/retrieval", set, "queries.jsonl"))
			if err != nil {
				t.Skip("the sets that others made are not here: ../shared/data/retrieval")
			}
			defer func() { require.NoError(t, file.Close()) }()
			byLength := map[string]*tally{}
			lines := bufio.NewScanner(file)
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				var q struct {
					Text string `json:"text"`
				}
				require.NoError(t, json.Unmarshal(lines.Bytes(), &q))
				group := length(q.Text)
				if byLength[group] == nil {
					byLength[group] = &tally{}
				}
				byLength[group].add(q.Text, want)
			}
			require.NoError(t, lines.Err())
			for group, c := range byLength {
				t.Logf("%-10s %s", group, c)
				if c.texts >= 100 {
					require.GreaterOrEqual(t, float64(c.right), .95*float64(c.texts), group)
					require.LessOrEqual(t, float64(c.wrong), .02*float64(c.texts), group)
				}
			}
		})
	}
}

func TestBase(t *testing.T) {
	for tag, want := range map[string]string{"pt-BR": "pt", "EN_us": "en", " nl ": "nl", "": ""} {
		require.Equal(t, want, language.Base(tag))
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("wo ist mein Paket")
	f.Add("l'\xff don’t")
	f.Fuzz(func(t *testing.T, text string) {
		tag, sure := language.Detect(text)
		if sure {
			require.Contains(t, language.Tags(), tag)
		}
		if utf8.ValidString(text) {
			again, _ := language.Detect("  " + text + " ")
			require.Equal(t, tag, again, "space around a text says nothing")
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	for b.Loop() {
		language.Detect("My order hasn't arrived yet, it's been a week. Where is it?")
	}
}

package agent

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
)

func TestDisclosure(t *testing.T) {
	const said = "I'm Wren, an AI assistant.\n\n"
	profile := Profile{Name: "Wren"}
	for _, test := range []struct{ name, text, begins string }{
		{"before an answer", "How do I return it?", said + "Here's what I found"},
		{"before a greeting", "Hi!", said + "Hello!"},
		{"before a handoff", "Can I talk to a human please?", said + "Of course."},
		{"in the customer's language", "Guten Tag, ich möchte bitte mit einem Menschen sprechen.", "Ich bin Wren, ein KI-Assistent.\n\nSelbstverständlich."},
	} {
		t.Run(test.name, func(t *testing.T) {
			opened(t, Config{Settings: Settings{Profile: profile, Undisclosed: true}}, func(d *desk) { // opened turns it round
				d.write("t", test.text)
				require.Len(t, d.heard(), 1)
				require.True(t, strings.HasPrefix(d.heard()[0], test.begins), d.heard()[0])
				require.Equal(t, d.heard()[0], d.turns("t")[0].Text, "the turn has what was said")
				require.True(t, d.conversation("t").Memory.Disclosed)
				require.Equal(t, 1, d.recorded("t", Disclosed))
			})
		})
	}
}

// recorded counts the records of a kind.
func (d *desk) recorded(thread, kind string) int {
	n := 0
	for _, r := range collect(d.t, d.Archive().Records(d.t.Context(), d.conversation(thread).ID, 0)) {
		if r.Kind == kind {
			n++
		}
	}
	return n
}

func TestDisclosureOncePerOpening(t *testing.T) {
	settings := Settings{Undisclosed: true, Channels: map[string]ChannelSettings{"chat": {CloseAfter: Duration(time.Hour)}}}
	opened(t, Config{Settings: settings}, func(d *desk) {
		d.write("t", "Hi!")
		d.write("t", "How do I return it?")
		d.pass(2 * time.Hour)
		require.Equal(t, channel.Closed, d.conversation("t").Owner)
		d.write("t", "Hello again")
		heard := d.heard()
		require.Len(t, heard, 3)
		for i, want := range []bool{true, false, true} {
			require.Equal(t, want, strings.HasPrefix(heard[i], "I'm Assistant, an AI assistant."), heard[i])
		}
		require.Equal(t, 2, d.recorded("t", Disclosed))
	})
}

func TestTheDisclosureIsNoPartOfTheSearch(t *testing.T) {
	turn := beginning(t, Config{}, Conversation{}, "and then?")
	turn.history = []channel.Message{{Author: channel.Agent, Language: "en", Text: "I'm Assistant, an AI assistant.\n\nReturns take 30 days."}}
	require.Equal(t, []string{"Returns take 30 days."}, turn.before())
}

// writes is a Model that writes the next text at every call, and remembers the
// requests.
type writes struct {
	texts    []string
	requests []Request
}

func (w *writes) Generate(_ context.Context, r Request) iter.Seq2[Delta, error] {
	w.requests = append(w.requests, r)
	text := w.texts[len(w.requests)-1]
	return func(yield func(Delta, error) bool) { yield(Delta{Text: text}, nil) }
}

func TestVoice(t *testing.T) {
	long := "You can return it, " + strings.Repeat("and send it back to us, ", 9) + "within 30 days."
	for _, test := range []struct {
		name, question string
		voice          Voice
		calls          int
		texts          []string
		said           string
		finding        string
	}{
		{name: "nothing wrong", voice: Voice{Banned: []string{"cheap"}}, texts: []string{"You have 30 days."}, said: "You have 30 days."},
		{name: "a banned word, and then not", voice: Voice{Banned: []string{"Cheap stuff"}}, texts: []string{"It is cheap  stuff.", "You have 30 days."}, said: "You have 30 days."},
		{name: "a banned word, twice", voice: Voice{Banned: []string{"cheap"}}, texts: []string{"It is cheap. You have 30 days.", "Cheap it is. You may return it."},
			said: "You may return it.", finding: `style: the word "cheap" is not used: Cheap it is.`},
		{name: "a word that only contains it", voice: Voice{Banned: []string{"cheap"}}, texts: []string{"It is cheaper."}, said: "It is cheaper."},
		{name: "a long sentence, twice", voice: Voice{MaxWords: 20}, texts: []string{long, long}, said: long, finding: "style: a sentence has at most 20 words, and this one has 61"},
		{name: "a long answer, and then a short one", voice: Voice{MaxLength: 30}, texts: []string{long, "You have 30 days."}, said: "You have 30 days."},
		{name: "hard to read", voice: Voice{Readability: 60}, texts: []string{hard + " " + hard, "You have 30 days."}, said: "You have 30 days."},
		{name: "the other form of address", question: "Kann ich das bitte zurückgeben (return)?", voice: Voice{Address: Formal},
			texts: []string{"Du hast 30 Tage.", "Sie haben 30 Tage."}, said: "Sie haben 30 Tage."},
		{name: "they, in German", question: "Kann ich das bitte zurückgeben (return)?", voice: Voice{Address: Informal},
			texts: []string{"Sie sind leicht. Schick sie uns in 30 Tagen."}, said: "Sie sind leicht. Schick sie uns in 30 Tagen."},
		{name: "no call left", voice: Voice{Banned: []string{"cheap"}}, calls: 1, texts: []string{"It is cheap. You have 30 days."},
			said: "You have 30 days.", finding: `style: the word "cheap" is not used: It is cheap.`},
		{name: "a second answer that says nothing", voice: Voice{MaxWords: 2}, texts: []string{"You have 30 days.", "It costs $99."},
			said: "You have 30 days.", finding: "style: a sentence has at most 2 words"},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := &writes{texts: test.texts}
			settings := Settings{Profile: Profile{Voice: test.voice}, Limits: Limits{ModelCalls: test.calls}}
			if test.question == "" {
				test.question = "How do I return it?"
			}
			opened(t, Config{Settings: settings, Model: model}, func(d *desk) {
				d.write("t", test.question)
				require.Equal(t, []string{test.said}, d.heard())
				require.Len(t, model.requests, len(test.texts))
				if len(test.texts) > 1 {
					require.NotEmpty(t, model.requests[1].Remarks)
					require.Contains(t, model.requests[1].Prompt().Messages[0].Text, "Write it again")
				}
				findings := strings.Join(d.turns("t")[0].Decision.Findings, "\n")
				require.Contains(t, findings, test.finding)
				if test.finding == "" {
					require.NotContains(t, findings, "style")
				}
			})
		})
	}
}

const hard = "The organisation's comprehensive documentation unambiguously establishes the indispensable prerequisites necessitating " +
	"considerable administrative deliberation regarding international transportation, notwithstanding extraordinary circumstances " +
	"whose implications, irrespective of interpretation, necessitate authorisation."

func TestQuotationsKeepTheirVoice(t *testing.T) {
	settings := Settings{Profile: Profile{Voice: Voice{MaxWords: 3, MaxLength: 10, Banned: []string{"cheap"}}}}
	opened(t, Config{Settings: settings, Model: says("You can return an item within 30 days.")}, func(d *desk) {
		d.write("t", "How do I return it?")
		require.Empty(t, d.turns("t")[0].Decision.Findings)
	})
}

func TestReadability(t *testing.T) {
	easy := strings.Repeat("The dog sat on the mat and ate. ", 5)
	ease, ok := readability(easy, "en")
	require.True(t, ok)
	require.Greater(t, ease, 90.)
	joined, _ := readability(strings.ReplaceAll(easy, ".", ""), "en")
	require.Less(t, joined, ease-10, "long sentences are harder")
	ease, _ = readability(hard+" "+hard, "en")
	require.Less(t, ease, 20.)
	_, ok = readability("Too short to tell.", "en")
	require.False(t, ok)
	for tag, words := range map[string]map[string]int{
		"en": {"table": 2, "late": 1, "delivery": 4}, "de": {"bestellung": 3, "haus": 1}, "fr": {"commande": 2, "livraison": 3},
		"es": {"peor": 2, "bueno": 2}, "it": {"consegna": 3}, "pt": {"encomenda": 4}, "nl": {"bestelling": 3},
	} {
		for w, n := range words {
			require.Equal(t, n, syllablesOf(w, tag), "%s %s", tag, w)
		}
	}
}

func TestScripts(t *testing.T) {
	turn := beginning(t, Config{Settings: Settings{Profile: Profile{Name: "Wren", Company: "Tarnwheel"}}}, Conversation{Channel: "chat"}, "hi")
	turn.customer = Customer{Name: "Ada", Trust: channel.Asserted}
	const script = "{{agent.name}} of {{ agent.company }} on {{channel}}: hello {{customer.name|there}}!"
	require.Equal(t, "Wren of Tarnwheel on chat: hello Ada!", turn.fill(script))
	for _, name := range []string{"", "Visit evil.example", "http://evil.example", "one two three four five six seven", "a\u202eb!", "<b>Ada</b>"} {
		turn.customer.Name = name
		require.Contains(t, turn.fill(script), "hello there!", name)
	}
	turn.customer = Customer{Name: "Ada"}
	require.Contains(t, turn.fill(script), "hello there!", "what an anonymous visitor claims is not known")
}

func TestSentiment(t *testing.T) {
	for text, want := range map[string]func(float64) bool{
		"This is terrible, I am so angry and disappointed!": func(s float64) bool { return s < -.7 },
		"Das ist wirklich eine Frechheit. Ich bin sauer.":   func(s float64) bool { return s < -.5 },
		"C'est inacceptable, je suis furieux":               func(s float64) bool { return s < -.5 },
		"Ik ben erg boos, wat een schande":                  func(s float64) bool { return s < -.5 },
		"Esto es una estafa, qué vergüenza":                 func(s float64) bool { return s < -.5 },
		"Que vergonha, estou farto":                         func(s float64) bool { return s < -.5 },
		"Che vergogna, sono furioso":                        func(s float64) bool { return s < -.5 },
		"It is not bad, thanks, great service":              func(s float64) bool { return s > .5 },
		"not happy":                                         func(s float64) bool { return s < 0 },
		"Where is my order?":                                func(s float64) bool { return s == 0 },
		"":                                                  func(s float64) bool { return s == 0 },
	} {
		require.True(t, want(sentiment(text)), "%s: %v", text, sentiment(text))
	}
}

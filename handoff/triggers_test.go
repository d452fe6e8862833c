package handoff_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// sentences returns the lines of a file in testdata.
func sentences(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	require.Greater(t, len(out), 60)
	return out
}

func newTriggers(t testing.TB, phrases ...handoff.Phrase) *handoff.Triggers {
	t.Helper()
	triggers, err := handoff.NewTriggers(handoff.TriggersConfig{Phrases: phrases})
	require.NoError(t, err)
	return triggers
}

func TestTriggersAskForPerson(t *testing.T) {
	triggers := newTriggers(t)
	for _, text := range sentences(t, "asks.txt") {
		t.Run(text, func(t *testing.T) {
			m, ok := triggers.Match(text)
			require.True(t, ok, "asks for a person")
			require.Equal(t, handoff.Match{Reason: handoff.CustomerRequest, Rule: handoff.AsksForPerson}, m)
		})
	}
}

func TestTriggersSpeakOfPersons(t *testing.T) {
	triggers := newTriggers(t)
	for _, text := range sentences(t, "asks-not.txt") {
		t.Run(text, func(t *testing.T) {
			_, ok := triggers.Match(text)
			require.False(t, ok, "does not ask for a person")
		})
	}
}

func TestPhrases(t *testing.T) {
	triggers := newTriggers(t,
		handoff.Phrase{Name: "legal", Texts: []string{"lawyer", "Data-Protection officer"}},
		handoff.Phrase{Name: "crédit", Texts: []string{"Crédit"}, Reason: handoff.UnsupportedRequest},
		handoff.Phrase{Name: "chinese", Texts: []string{"退款"}},
		handoff.Phrase{Name: "version", Texts: []string{"v2.5"}},
		handoff.Phrase{Name: "greek", Texts: []string{"ΕΠΙΣΤΡΟΦΗ"}},
	)
	for text, rule := range map[string]string{
		"I'll call my LAWYER!":                   "legal",
		"my (lawyer) says":                       "legal",
		"where is the data protection\nofficer?": "legal",
		"a lawyer? can I speak to a human":       "legal",
		"can I speak to a human":                 handoff.AsksForPerson,
		"un credit s'il vous plait":              "crédit",
		"un cre\u0301dit":                        "crédit",
		"我要退款。":                                  "chinese",
		"does V2.5 work?":                        "version",
		"επιστροφη παρακαλω":                     "greek",
		"the lawyers are here":                   "",
		"clawyer":                                "",
		"accredited":                             "",
		"v2.51":                                  "",
		"protection officer":                     "",
		"":                                       "",
		"?!":                                     "",
	} {
		t.Run(text, func(t *testing.T) {
			m, ok := triggers.Match(text)
			require.Equal(t, rule, m.Rule)
			require.Equal(t, rule != "", ok)
		})
	}
	m, _ := triggers.Match("credit")
	require.Equal(t, handoff.UnsupportedRequest, m.Reason)
	m, _ = triggers.Match("lawyer")
	require.Equal(t, handoff.Policy, m.Reason, "the default")
}

func TestTriggersFaults(t *testing.T) {
	_, err := handoff.NewTriggers(handoff.TriggersConfig{Phrases: []handoff.Phrase{
		{Texts: []string{"refund"}}, {Name: "empty"}, {Name: "odd", Texts: []string{"?!"}, Reason: "whim"},
	}})
	for _, fault := range []string{
		"Phrases[0] has no name", `phrase "empty" has no texts`, `reason "whim"`, `phrase "odd" has the text "?!"`,
	} {
		require.ErrorContains(t, err, fault)
	}
}

// Courtesy, case, accents and what stands around a request do not matter.
func TestRequestsStandOut(t *testing.T) {
	triggers := newTriggers(t)
	for _, text := range sentences(t, "asks.txt") {
		for _, around := range []string{"My parcel is lost.\n%s", "%s\nMy parcel is lost.", "  %s !!", "Hello! %s"} {
			_, ok := triggers.Match(strings.ToUpper(strings.Replace(around, "%s", text, 1)))
			require.True(t, ok, around, text)
		}
	}
}

func FuzzTriggersMatch(f *testing.F) {
	for _, text := range sentences(f, "asks.txt") {
		f.Add(text)
	}
	f.Add("\xff\xfe agent")
	triggers := newTriggers(f, handoff.Phrase{Name: "refund", Texts: []string{"refund"}})
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := triggers.Match(text)
		require.Equal(t, ok, m.Rule != "", "a match has a rule")
		again, _ := triggers.Match(text)
		require.Equal(t, m, again)
		m, _ = triggers.Match(text + "\nrefund")
		require.Equal(t, "refund", m.Rule, "a phrase is found behind anything")
	})
}

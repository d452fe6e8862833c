package agenttest

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

func TestScriptFaultsNameFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no script":       {"About it.\n", "x.txtar:1: it has no script"},
		"unknown part":    {"-- a.txt --\n-- script --\n", "x.txtar:1: a.txt: want one script"},
		"unknown setting": {"About it.\n-- settings.json --\n{\"pricee\": 1}\n-- script --\n", `x.txtar:2: json: unknown field "pricee"`},
		"broken customer": {"-- customers.json --\n[{]\n-- script --\n", "x.txtar:1: invalid character"},
		"two values":      {"-- customers.json --\n[] []\n-- script --\n", "x.txtar:1: there is something behind"},
		"no form":         {"-- script --\n\ncustomer says hello\n", `x.txtar:3: "customer says hello" is none of the forms`},
		"stranger":        {"-- script --\nAda: Hello\n", "x.txtar:2: nobody is called Ada"},
		"taken stranger":  {"-- script --\nMaria takes Ada\n", "x.txtar:2: nobody is called Ada"},
		"told twice":      {"-- script --\nAda is Ada\nAda is Bob\n", "x.txtar:3: Ada was told of before"},
		"role":            {"-- script --\nAda is Ada, on phone\n", `x.txtar:2: Ada is "on phone"`},
		"flag":            {"-- script --\ncustomer (loud): Hello\n", "x.txtar:2: (loud): want automatic"},
		"time":            {"-- script --\nwait a day\n", `x.txtar:2: "wait a day" is none`},
		"no time":         {"-- script --\nwait -1s\n", "x.txtar:2: wait: want a time"},
		"start":           {"-- script --\nstart today\n", "x.txtar:2: start: want a time"},
		"late start":      {"-- script --\ncustomer: Hi\n\nstart 2026-01-01 00:00\n", "x.txtar:4: start: it comes before"},
		"credits":         {"-- script --\ncredits many\n", "x.txtar:2: credits: want an amount"},
		"fault":           {"-- script --\nmoon is down\n", "x.txtar:2: moon can not be down, only chat, mail"},
		"passage":         {"-- script --\nmodel says: Yes. [0]\n", "x.txtar:2: model: passages are counted"},
		"arguments":       {"-- script --\nmodel calls pay {1}\n", "x.txtar:2: model: the arguments"},
		"set in":          {"-- script --\n    agent: Hi\n", "x.txtar:2: it is set in"},
		"run together":    {"-- script --\ncustomer: Hi\n    agent: Hi\ncustomer: Hi\n", "x.txtar:4: an empty line must stand"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parsePlay("x.txtar", []byte(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAllFaultsOfAScriptAreTold(t *testing.T) {
	_, err := parsePlay("x.txtar", []byte("-- settings.json --\n{\n-- script --\nAda: Hi\nwait x\n"))
	for _, want := range []string{"x.txtar:1:", "x.txtar:4:", "x.txtar:5:"} {
		require.ErrorContains(t, err, want)
	}
}

func TestADifferenceNamesItsLine(t *testing.T) {
	p, err := parsePlay("x.txtar", []byte("-- script --\n# Greeting\ncustomer: Hi\n    agent: Hi\n    | there\n"))
	require.NoError(t, err)
	para := p.paragraphs[0]
	para.got = []string{"agent: Hi", "| there"}
	require.NoError(t, para.compare("x.txtar"))
	para.got = []string{"agent: Hi", "| you"}
	require.ErrorContains(t, para.compare("x.txtar"), "x.txtar:5: \nwant | there\nhave | you")
	para.got = []string{"agent: Hi"}
	require.ErrorContains(t, para.compare("x.txtar"), "x.txtar:5: \nwant | there\nhave nothing more")
	para.got = []string{"agent: Hi", "| there", "events: x"}
	require.ErrorContains(t, para.compare("x.txtar"), "x.txtar:6: \nwant nothing more\nhave events: x")
}

func TestALineOfTheModelIsNotLeftOver(t *testing.T) {
	m := &prompter{file: "x.txtar"}
	require.Error(t, m.add(3, Says("a"), true), "also is with a line before it")
	require.NoError(t, m.add(4, Says("a"), false))
	require.NoError(t, m.add(5, Says("b"), true))
	require.NoError(t, m.add(6, Says("c"), false))
	for range m.Generate(t.Context(), agent.Request{}) {
	}
	require.ErrorContains(t, m.left(), "x.txtar:6: the model was not called for this line")
	require.NotContains(t, m.left().Error(), "x.txtar:4")
}

const greeting = "A greeting.\n-- script --\n# Said first\ncustomer: Hi\n    agent: wrong\n\nwait 1m\n"

func TestUpdateWritesWhatHappened(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "greeting.txtar")
	require.NoError(t, os.WriteFile(file, []byte(greeting), 0o600))
	RunScripts(t, os.DirFS(dir), &ScriptOptions{Update: dir})
	RunScripts(t, os.DirFS(dir), nil)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, `A greeting.
-- script --
# Said first
customer: Hi
    triggers: answer, greeting
    agent: I'm Assistant, an AI assistant.
    |
    | Hello! What can I help you with?
    events: message.received, agent.disclosed, turn.committed, message.delivered

wait 1m
`, string(data))
}

func TestModelLinesStandReadyAndMayBeJoined(t *testing.T) {
	RunScripts(t, fstest.MapFS{"a/b.txtar": {Data: []byte(`
-- settings.json --
{"limits": {"quiet": "1ns"}, "thresholds": {"answer": 0.01, "ask": 0.01}}
-- knowledge/x.md --
Returns are free.
-- script --
customer: Are returns free?
model says: Returns are free. [1]
model also calls fly {}
model says: Yes, free. [1]
    decide: answer, evidence
    call: fly {} refused, there is no such action
    finding: action fly: there is no such action
    agent: I'm Assistant, an AI assistant.
    |
    | Yes, free.
    source: x.md
    events: message.received, action.refused, agent.disclosed, turn.committed, message.delivered
`)}}, nil)
}

func FuzzParsePlay(f *testing.F) {
	f.Add([]byte(greeting))
	f.Add([]byte("-- script --\nmodel calls a {}\nmodel also calls b {}\nAda is A <a@b.c>, signed, on mail, id 1, phone +31, reads nl\nAda (again): x\n"))
	f.Add([]byte("-- settings.json --\n{}\n-- customers.json --\n[]\n-- knowledge/a.md --\n# A\n## B\nc\n-- script --\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePlay("x.txtar", data)
		if err != nil {
			return
		}
		for _, para := range p.paragraphs {
			para.got = para.want
		}
		once := p.format()
		again, err := parsePlay("x.txtar", once)
		require.NoError(t, err, "what was written can be read")
		for _, para := range again.paragraphs {
			para.got = para.want
		}
		require.Equal(t, string(once), string(again.format()), "what was written stays so")
	})
}

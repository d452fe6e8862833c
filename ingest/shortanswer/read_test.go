package shortanswer_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/shortanswer"
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestRead(t *testing.T) {
	full := shortanswer.Answer{
		ID: "xmas", Question: "Are you open at Christmas?", Also: []string{"Christmas hours", "holidays"}, Answer: "Yes; until noon.\nThen no.",
		URL: "https://example.com/xmas", Audience: "members", Language: "en", From: day(2026, 12, 24), Until: day(2026, 12, 27),
	}
	for name, test := range map[string]struct {
		list string
		want []shortanswer.Answer
	}{
		"CSV": {"\ufeffid,question,also,answer,url,audience,language,from,until\r\n" +
			"xmas,Are you open at Christmas?,Christmas hours | holidays|,\"Yes; until noon.\nThen no.\",https://example.com/xmas,members,en,2026-12-24,2026-12-26\r\n", []shortanswer.Answer{full}},
		"semicolons": {"ID; Question ;Answer\na;What, now?;This\n\n", []shortanswer.Answer{{ID: "a", Question: "What, now?", Answer: "This"}}},
		"time":       {"id,question,answer,until\na,Q,A,2026-12-24T18:00:00+01:00\n", []shortanswer.Answer{{ID: "a", Question: "Q", Answer: "A", Until: time.Date(2026, 12, 24, 18, 0, 0, 0, time.FixedZone("", 3600))}}},
		"JSON": {` [{"id": "xmas", "question": "Are you open at Christmas?", "also": ["Christmas hours", "holidays"], "answer": "Yes; until noon.\nThen no.",
			"url": "https://example.com/xmas", "audience": "members", "language": "en", "from": "2026-12-24T00:00:00Z", "until": "2026-12-27T00:00:00Z"}]`, []shortanswer.Answer{full}},
		"none": {"[]", []shortanswer.Answer{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := shortanswer.Read(strings.NewReader(test.list))
			require.NoError(t, err)
			require.Len(t, got, len(test.want))
			for i := range got {
				require.True(t, got[i].Until.Equal(test.want[i].Until))
				got[i].Until = test.want[i].Until
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestAnswersWithoutIDKeepTheirs(t *testing.T) {
	read := func(list string) []shortanswer.Answer {
		answers, err := shortanswer.Read(strings.NewReader(list))
		require.NoError(t, err)
		return answers
	}
	one := read("question,answer\nHow much?,Five\nHow far?,Nine\n")
	two := read("question,answer\nHow  FAR?,Ten\nHow much?,Six\n")
	require.Equal(t, []string{one[0].ID, one[1].ID}, []string{two[1].ID, two[0].ID}, "whatever the order and the answer")
	require.NotEqual(t, one[0].ID, one[1].ID)
}

func TestReadNamesEveryFault(t *testing.T) {
	for list, want := range map[string][]string{
		"":                         {"the list is empty"},
		"question,reply\n":         {`line 1: there is no column "reply"`},
		"question\nQ\n":            {"the columns question and answer are required"},
		"question,answer\nQ\n":     {"line 2", "wrong number of fields"},
		"question,answer\n\"Q,A\n": {"line 2", "quote"},
		"question,answer,from,until\nQ,A,soon,\nQ,A,,\nQ,A,,24.12.2026\n": {`line 2: from: "soon" is no time`, `line 4: until: "24.12.2026"`},
		"[\n{\"question\": 1}]":    {"line 2", "cannot unmarshal"},
		"[{\"questions\": \"Q\"}]": {`unknown field "questions"`},
		"[]]":                      {"something after the list"},
	} {
		_, err := shortanswer.Read(strings.NewReader(list))
		for _, words := range want {
			require.ErrorContains(t, err, words, list)
		}
	}
	broken := errors.New("broken")
	_, err := shortanswer.Read(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	_, err = shortanswer.Read(io.LimitReader(endless{}, 40<<20))
	require.ErrorContains(t, err, "more than 32 MiB")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// FuzzRead checks that any list is read or refused, and that an answer that is
// read has an ID.
func FuzzRead(f *testing.F) {
	for _, list := range []string{"[]", "question,answer\nQ,A\n", "id;question;answer\na;b;c", "[{\"id\":\"a\"}]", "\"", "also,question,answer\na|b,c,d"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		answers, err := shortanswer.Read(strings.NewReader(list))
		for _, a := range answers {
			require.NoError(t, err)
			require.NotEmpty(t, a.ID)
		}
	})
}

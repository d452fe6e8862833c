package livechat

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var testTokens = tokens{name: "livechat", key: []byte("0123456789abcdef0123456789abcdef"), age: time.Hour}

func TestTokens(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	thread := newThread()
	token := testTokens.issue(thread, now)
	require.Len(t, token, 76)
	got, err := testTokens.thread(token, now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, thread, got)
	_, err = testTokens.thread(token, now.Add(time.Hour+time.Second))
	require.ErrorIs(t, err, errToken, "a token expires")
	require.NotEqual(t, thread, newThread(), "threads are random")

	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		_, err := testTokens.thread(string(forged), now)
		require.Error(t, err, "a token with another character at %d is forged", i)
	}
}

func FuzzToken(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	valid := testTokens.issue(strings.Repeat("ab", threadSize), now)
	f.Add(valid)
	f.Add("")
	f.Add(strings.Repeat("A", 76))
	f.Fuzz(func(t *testing.T, token string) {
		if thread, err := testTokens.thread(token, now); err == nil {
			require.Equal(t, valid, testTokens.issue(thread, now), "only what was issued is accepted")
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"1","text":"Hello","wants_person":true}`))
	f.Add([]byte("{\"id\":\"1\",\"text\":\"a\xff\\u0000\\ud83d\"}"))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := decode(body, 100)
		if err != nil {
			return
		}
		require.NotEmpty(t, p.Text)
		require.True(t, utf8.ValidString(p.Text))
		require.LessOrEqual(t, utf8.RuneCountInString(p.Text), 100)
		require.False(t, strings.ContainsFunc(p.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }))
		require.Regexp(t, clientIDs, p.ID)
		again, err := json.Marshal(p)
		require.NoError(t, err)
		same, err := decode(again, 100)
		require.NoError(t, err)
		require.Equal(t, p, same, "decoding is stable")
	})
}

func TestLimiterForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter{perMinute: 2}
		for _, key := range []string{"a", "b", "c"} {
			require.Zero(t, l.wait(key, time.Now()))
		}
		require.Len(t, l.full, 3)
		time.Sleep(2 * time.Minute) // of the bubble
		require.Zero(t, l.wait("d", time.Now()))
		require.Len(t, l.full, 1, "who stayed away takes no memory")
	})
}

func TestRoomsClose(t *testing.T) {
	var rs rooms
	l, ok := rs.join("a", 1)
	require.True(t, ok)
	rs.draft("a", "text")
	rs.draft("b", "nobody looks")
	require.Len(t, rs.open, 1)
	rs.leave("a", l)
	require.Empty(t, rs.open, "a thread that nobody looks at takes no memory")
}

func TestPreferredLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"de-AT,de;q=0.9,en;q=0.8": "de-AT", "fr": "fr", "en;q=0.5, nl": "en", "": "", "*": "", "<script>": "", strings.Repeat("a", 36): "",
	} {
		require.Equal(t, want, preferred(header), header)
	}
}

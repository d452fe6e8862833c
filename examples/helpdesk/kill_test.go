package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// TestMain lets the test binary be the program itself: the kill loop starts and
// kills it.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == readFiles {
		main() // in a process that reads files for another one
		os.Exit(0)
	}
	if args := os.Getenv("HELPDESK_ARGS"); args != "" {
		os.Args = append([]string{"helpdesk"}, strings.Split(args, "\n")...)
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a helpdesk in a process of its own.
type process struct {
	*exec.Cmd
	url string
}

func start(t *testing.T, address string, args ...string) process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HELPDESK_ARGS="+strings.Join(append(args, "-addr", address, "-model", "extractive"), "\n"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "Live chat and help centre"); ok {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return process{cmd, strings.TrimSpace(url)}
		}
	}
	_ = cmd.Wait()
	t.Fatalf("the helpdesk did not start: %s", stderr.String())
	return process{}
}

// kill ends the process without a chance to clean up.
func (p process) kill(t *testing.T) {
	require.NoError(t, p.Process.Signal(syscall.SIGKILL))
	_ = p.Wait()
}

// stop ends the process in peace.
func (p process) stop(t *testing.T) {
	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	require.NoError(t, p.Wait())
}

// post sends JSON and decodes the answer.
func (p process) post(ctx context.Context, path, token string, in, out any) (int, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if out == nil {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.NewDecoder(resp.Body).Decode(out)
}

// visitor chats until the process dies, and returns the ids of the messages
// that were acknowledged. Each is sent once or, to see it dropped, twice.
func (p process) visitor(name string, r *rand.Rand) (acked []string) {
	ctx := context.Background()
	var session struct{ Token string }
	if code, err := p.post(ctx, "/chat/session", "", struct{}{}, &session); err != nil || code != http.StatusOK {
		return nil
	}
	questions := []string{"How long do I have to return a tent?", "Do you ship to Norway?", "What is the weather in Paris?", "How do I reset my password?"}
	for n := 0; n < 20; n++ {
		id := fmt.Sprintf("%s-%d", name, n)
		message := map[string]string{"id": id, "text": questions[r.IntN(len(questions))]}
		code, err := p.post(ctx, "/chat/messages", session.Token, message, nil)
		if err != nil {
			return acked
		}
		if code == http.StatusAccepted {
			acked = append(acked, id)
			if r.IntN(4) == 0 {
				_, _ = p.post(ctx, "/chat/messages", session.Token, message, nil)
			}
		}
		<-time.After(time.Duration(r.IntN(30)) * time.Millisecond)
	}
	return acked
}

// TestKilled starts the program, lets visitors write, kills it with SIGKILL,
// and starts it again. In the end every acknowledged message has been answered
// exactly once, the ledger sums to zero and the audit is whole.
// FRONTDESK_KILL_ROUNDS says how often.
func TestKilled(t *testing.T) {
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("FRONTDESK_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	dir := t.TempDir()
	data, settings := filepath.Join(dir, "helpdesk.db"), filepath.Join(dir, "settings.json")
	require.NoError(t, os.WriteFile(settings, []byte(`{"price": 1000, "limits": {"quiet": "20ms"}}`), 0o600))
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)

	var acked []string
	// On a slow machine the first kills come before any message.
	for round := 0; round < rounds || len(acked) == 0 && round < 10*rounds; round++ {
		p := start(t, "127.0.0.1:0", "-data", data, "-settings", settings)
		var wg sync.WaitGroup
		var mu sync.Mutex
		for v := range 4 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(seed, uint64(round*10+v)))
				ids := p.visitor(fmt.Sprintf("%d-%d", round, v), r)
				mu.Lock()
				defer mu.Unlock()
				acked = append(acked, ids...)
			})
		}
		<-time.After(time.Duration(50+rand.New(rand.NewPCG(seed, uint64(round))).IntN(400)) * time.Millisecond)
		p.kill(t)
		wg.Wait()
	}
	p := start(t, "127.0.0.1:0", "-data", data, "-settings", settings)
	require.Eventually(t, func() bool { return settled(t, data) }, time.Minute, 200*time.Millisecond, "work is left undone")
	p.stop(t)
	t.Logf("%d rounds, %d messages acknowledged", rounds, len(acked))
	require.NotEmpty(t, acked)
	verify(t, data, acked)
}

// settled reports whether nothing is left to answer, to send or to settle.
func settled(t *testing.T, data string) bool {
	done := true
	inspect(t, data, func(ctx context.Context, store agent.Store, _ *credits.Ledger) {
		for c, err := range store.Conversations(ctx, agent.Filter{}) {
			require.NoError(t, err)
			for m, err := range store.Messages(ctx, c.ID, 0) {
				require.NoError(t, err)
				if m.Author == channel.Customer && m.Seq > c.Answered || m.Delivery.State == agent.Pending || m.Delivery.State == agent.Sending {
					done = false
				}
			}
			done = done && len(c.Memory.Charges) == 0
		}
	})
	return done
}

func inspect(t *testing.T, data string, look func(context.Context, agent.Store, *credits.Ledger)) {
	ctx := t.Context()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(data))
	require.NoError(t, err)
	defer db.Close()
	store, err := sqlstore.Open(ctx, db, nil)
	require.NoError(t, err)
	defer store.Close()
	tenant, err := store.Tenant("helpdesk")
	require.NoError(t, err)
	ledger, err := credits.NewLedger(credits.Config{Store: tenant.Credits("agent"), Plan: credits.Plan{Monthly: 3000 * credits.Credit}})
	require.NoError(t, err)
	look(ctx, tenant.Conversations(), ledger)
}

func verify(t *testing.T, data string, acked []string) {
	inspect(t, data, func(ctx context.Context, store agent.Store, ledger *credits.Ledger) {
		stored, charged := map[string]int{}, credits.Amount(0)
		for c, err := range store.Conversations(ctx, agent.Filter{}) {
			require.NoError(t, err)
			counted := verifyConversation(ctx, t, store, c, stored)
			charged += counted
		}
		for _, id := range acked {
			require.Equal(t, 1, stored[id], "message %s was acknowledged", id)
		}
		balance, err := ledger.Balance(ctx)
		require.NoError(t, err)
		require.Equal(t, charged, balance.Spent, "every charge has its conversation")
		require.Equal(t, 3000*credits.Credit, balance.Available+balance.Held+balance.Spent, "the ledger sums to zero")
		var sum credits.Amount
		for e, err := range ledger.Entries(ctx, time.Time{}) {
			require.NoError(t, err)
			sum += e.Amount
		}
		require.Zero(t, sum)
	})
}

// verifyConversation checks one conversation and returns what it must have
// been charged.
func verifyConversation(ctx context.Context, t *testing.T, store agent.Store, c agent.Conversation, stored map[string]int) credits.Amount {
	said, received := map[string]int{}, map[int64]bool{}
	for m, err := range store.Messages(ctx, c.ID, 0) {
		require.NoError(t, err)
		if m.Author == channel.Customer {
			_, id, _ := strings.Cut(m.ID, ".")
			stored[id]++
			received[m.Seq] = true
			continue
		}
		turn, _, _ := cutLast(m.ID, ".")
		said[turn]++
		require.Equal(t, agent.Sent, m.Delivery.State)
	}
	answers := 0
	for turn, err := range store.Turns(ctx, c.ID) {
		require.NoError(t, err)
		for seq := range received {
			if turn.First <= seq && seq <= turn.Last {
				delete(received, seq)
			}
		}
		want := 1
		if turn.Decision.Kind == agent.Silent {
			want = 0
		}
		require.Equal(t, want, said[turn.ID], "a turn says what it decided, once: %v", turn.Decision)
		if turn.Decision.Kind == agent.Answer && len(turn.Decision.Evidence) > 0 {
			answers++
		}
	}
	require.Empty(t, received, "every message is in a turn")
	records := map[string]int{}
	for r, err := range store.Records(ctx, c.ID, 0) {
		require.NoError(t, err)
		records[r.Kind]++
	}
	require.NotZero(t, records[agent.MessageReceived])
	require.NotZero(t, records[agent.TurnCommitted])
	if answers > 0 {
		return 1000
	}
	return 0
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args string
		want string
	}{
		{"-content a -url :", "a: no such file"},
		{"-content a -url :", "no address to start at"},
		{"-content= ", "it is empty"},
		{"-content . -content content -content .", `two sources are called "helpdesk"`},
		{"-answers main.go -ask x", "there is no column"},
		{"-sources /nowhere.json", "no such file"},
		{"-push /nowhere", "no such file"},
		{"-json", "goes with -ask"},
		{"-ask= -json", "has no question"},
		{"-data /nowhere/at/all/x.db -addr 127.0.0.1:0", "does not exist"},
		{"-pages 0", "at least 1"},
		{"what", "all arguments are flags"},
		{"-ask x -content /nowhere/at/all", "no such file"},
		{"-ask x -model gpt9", "there is no model"},
		{"-ask x -settings /nowhere.json", "no such file"},
		{"-ask x -content main.go", "not a folder"},
	} {
		err := run(t.Context(), strings.Fields(test.args), io.Discard, io.Discard)
		require.ErrorContains(t, err, test.want, test.args)
	}
}

func TestAskPrintsOneObject(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-ask", "How long do I have to return a tent?", "-json", "-model", "extractive"}, &out, io.Discard))
	var got map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, "answer", got["decision"])
	require.Contains(t, got["answer"], "60 days")
	require.NotEmpty(t, got["citations"])
}

func TestArticlesOnly(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, ".git"), 0o700))
	for name, text := range map[string]string{"a.md": "# Returns\n\nSixty days.", ".env": "SECRET=1", ".git/config": "secret", "notes.key": "secret"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	outside := filepath.Join(t.TempDir(), "outside.md")
	require.NoError(t, os.WriteFile(outside, []byte("# Secret"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link.md")))
	l, err := newLibrary(t.Context(), options{content: list{dir}, stderr: io.Discard}, home{})
	require.NoError(t, err)
	defer l.extractor.Close()
	d := &helpdesk{library: l}
	doc, err := d.read(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, "Returns", doc.Title)
	for _, name := range []string{".env", ".git/config", "notes.key", "link.md", "link", "../outside.md", "/etc/passwd", "a.md/"} {
		_, err := d.read(t.Context(), name)
		require.Error(t, err, name)
	}
}

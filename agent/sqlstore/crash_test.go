package sqlstore_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/sqlstore"
	"github.com/frontdesk-go/frontdesk/channel"
)

// crashFile is the variable by which the test binary knows that it is the
// process to be killed, and on which database it works.
const crashFile = "SQLSTORE_CRASH_FILE"

// stopServer ends a database server that the tests have started.
var stopServer = func() {}

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		fmt.Println("error", crashing(context.Background(), path))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { stopServer(); os.Exit(code) }))
}

// crashing receives, answers and delivers until it is killed. It prints a line
// for everything that it was told is stored.
func crashing(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	if err != nil {
		return err
	}
	d, err := sqlstore.Open(ctx, db, nil)
	if err != nil {
		return err
	}
	t, err := d.Tenant("t")
	if err != nil {
		return err
	}
	s := t.Conversations()
	if err := s.Release(ctx, "w"); err != nil {
		return err
	}
	for i := 0; err == nil; i++ {
		err = workOnce(ctx, s, i, func(what string) { fmt.Println(what) })
	}
	return err
}

// workOnce receives a message, twice as providers do, answers one that waits
// and delivers an answer. It tells what it was told is stored.
func workOnce(ctx context.Context, s agent.Store, i int, tell func(string)) error {
	id := fmt.Sprintf("%d.%d", os.Getpid(), i)
	for range 2 {
		if _, err := s.Receive(ctx, inbound(fmt.Sprint(i%5), id)); err != nil {
			return err
		}
		tell("received " + id)
	}
	w, err := s.Claim(ctx, wants("w"))
	if err != nil {
		return err
	}
	c := reply(w, agent.Pending)
	c.Turn.Question = ""
	for _, m := range w.Messages {
		if m.Author == channel.Customer {
			c.Turn.Question += m.ID + " "
		}
	}
	if err := s.Commit(ctx, c); err != nil {
		return err
	}
	tell("committed " + c.Turn.ID)
	m, err := s.Take(ctx, wants("w"))
	if err != nil {
		return err
	}
	m.Delivery.State = agent.Sent
	record := agent.Record{At: start, Conversation: m.Conversation, Kind: agent.MessageDelivered, Detail: m.ID}
	if err := s.Settle(ctx, m, record); err != nil {
		return err
	}
	tell("settled " + m.ID)
	return nil
}

// TestKilledProcess kills a process that works on a database many times, each
// time after another number of lines, and looks for what it was told is stored.
func TestKilledProcess(t *testing.T) {
	kills := 30
	if testing.Short() {
		kills = 5
	}
	path := temp(t)
	told := make(map[string]bool)
	for i := range kills {
		killAfter(t, path, 1+i*7%40, told)
	}
	found := inventory(t, tenant(t, open(t, path), "t").Conversations())
	for what := range told {
		require.Equal(t, 1, found[what], "%s: what was acknowledged is there, once", what)
	}
	t.Logf("%d kills, %d things acknowledged, none lost", kills, len(told))
}

// killAfter starts a process, kills it after a number of lines, and adds what
// it said to told.
func killAfter(t *testing.T, path string, lines int, told map[string]bool) {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), crashFile+"="+path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	scan := bufio.NewScanner(out)
	for n := 0; scan.Scan(); n++ {
		require.False(t, strings.HasPrefix(scan.Text(), "error"), scan.Text())
		told[scan.Text()] = true
		if n == lines {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	require.Error(t, cmd.Wait(), "it works until it is killed")
}

// inventory returns how often each thing is stored, as the process calls them,
// and fails if one is doubled, out of order, or without its record.
func inventory(t *testing.T, s agent.Store) map[string]int {
	t.Helper()
	found, recorded := make(map[string]int), make(map[string]int)
	for r, err := range s.Records(t.Context(), "", 0) {
		require.NoError(t, err)
		recorded[r.Kind+" "+r.Detail]++
	}
	for c, err := range s.Conversations(t.Context(), agent.Filter{}) {
		require.NoError(t, err)
		var asked, dealt string
		for m, err := range s.Messages(t.Context(), c.ID, 0) {
			require.NoError(t, err)
			if m.Author == channel.Customer {
				found["received "+m.ID]++
				require.Equal(t, 1, recorded[agent.MessageReceived+" "+m.ID], "every message has its record")
				asked += m.ID + " "
				continue
			}
			if m.Delivery.State == agent.Sent {
				found["settled "+m.ID]++
				require.Equal(t, 1, recorded[agent.MessageDelivered+" "+m.ID], "every delivery has its record")
			}
		}
		for turn, err := range s.Turns(t.Context(), c.ID) {
			require.NoError(t, err)
			found["committed "+turn.ID]++
			require.Equal(t, 1, recorded[agent.TurnCommitted+" "+turn.ID], "every turn has its record")
			dealt += turn.Question
		}
		require.True(t, strings.HasPrefix(asked, dealt), "every message is answered once, in order:\n%s\n%s", asked, dealt)
	}
	return found
}

// TestTornLog opens copies of a database whose log ends anywhere, as after a
// loss of power while it was written. What is left is the work up to some
// moment, and no half of anything.
func TestTornLog(t *testing.T) {
	path := temp(t)
	s := tenant(t, open(t, path), "t").Conversations()
	var told []string
	for i := range 10 {
		require.NoError(t, workOnce(t.Context(), s, i, func(what string) {
			if !slices.Contains(told, what) {
				told = append(told, what)
			}
		}))
	}
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	log, err := os.ReadFile(path + "-wal")
	require.NoError(t, err)
	least := len(told)
	for i := range 25 {
		torn := slices.Clone(log[:len(log)-i*len(log)/40])
		if i%2 == 1 { // the last blocks were allocated and not written
			clear(torn[len(torn)-min(5000, len(torn)):])
		}
		copied := temp(t)
		require.NoError(t, os.WriteFile(copied, file, 0o600))
		require.NoError(t, os.WriteFile(copied+"-wal", torn, 0o600))
		found := inventory(t, tenant(t, open(t, copied), "t").Conversations())
		require.LessOrEqual(t, len(found), len(told))
		for _, what := range told[:len(found)] {
			require.Equal(t, 1, found[what], "%s: what is left is what was stored first", what)
		}
		least = min(least, len(found))
	}
	require.Less(t, least, len(told), "the test tears the log deep enough to lose something")
}

package extract

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// script returns a Command that runs a script.
func script(t *testing.T, text string, change ...func(*Command)) Command {
	t.Helper()
	sh, err := exec.LookPath("sh")
	require.NoError(t, err)
	c := Command{Args: []string{sh, "-c", text, "sh", "{}"}}
	for _, f := range change {
		f(&c)
	}
	return c
}

func TestCommand(t *testing.T) {
	cat := "while read -r line; do echo \"$line\"; done"
	doc, err := extractName(t, script(t, "printf 'First page.\\n\\fSecond page.\\n\\nFROM '; "+cat+" <\"$1\""), "a-file.pdf", "the file\n")
	require.NoError(t, err)
	require.Equal(t, lines("A file", "[ #page=1]", "First page.", "[ #page=2]", "Second page.", "", "FROM the file"), show(doc))

	stdin := script(t, cat, func(c *Command) { c.Args, c.Output = c.Args[:4], Markdown })
	doc, err = extractName(t, stdin, "a.odt", "# Title\n\nText.\n")
	require.NoError(t, err)
	require.Equal(t, lines("Title", "[ #]", "Text."), show(doc))

	require.Empty(t, leftovers(t))
}

func leftovers(t *testing.T) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "extract-*"))
	require.NoError(t, err)
	return left
}

func TestCommandFaults(t *testing.T) {
	tests := map[string]struct {
		command Command
		err     error
		words   string
	}{
		"fails":    {script(t, "echo 'bad xref' >&2; exit 3"), ingest.ErrMalformed, "exit status 3: bad xref"},
		"password": {script(t, "echo 'Incorrect password' >&2; exit 1"), ingest.ErrEncrypted, ""},
		"nothing":  {script(t, "exit 0"), ingest.ErrNoText, "found none"},
		"endless":  {script(t, "while :; do echo more and more and more; done", func(c *Command) { c.Options = &Options{MaxBytes: 1000} }), ingest.ErrTooLarge, "it writes too much"},
		"hangs":    {script(t, "while :; do :; done", func(c *Command) { c.Timeout = 100 * time.Millisecond }), ingest.ErrTooLarge, "it took too long: more than 100ms"},
		"absent":   {Command{Args: []string{"/nonexistent/program"}}, nil, "extract: running /nonexistent/program: "},
		"no args":  {Command{}, nil, "Command.Args is empty"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := extractName(t, test.command, "a.pdf", "content")
			require.ErrorContains(t, err, test.words)
			if test.err != nil {
				require.ErrorIs(t, err, test.err)
			} else {
				require.NotErrorIs(t, err, ingest.ErrMalformed, "it is not the file's fault")
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := script(t, "while :; do :; done").Extract(ctx, ingest.Item{}, strings.NewReader("x"))
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, leftovers(t))
}

// TestKinds checks that a host can have one kind of file read by its own means.
func TestKinds(t *testing.T) {
	e := New(&Options{Kinds: map[Kind]ingest.Extractor{PDF: script(t, "echo From the program.")}})
	doc, err := extractName(t, e, "a.pdf", printed("BT /F 10 Tf (From us.) Tj ET"))
	require.NoError(t, err)
	require.Equal(t, "From the program.", doc.Sections[0].Text)
	doc, err = extractName(t, e, "a.txt", "Text.")
	require.NoError(t, err)
	require.Equal(t, "Text.", doc.Sections[0].Text)
}

func TestPdftotext(t *testing.T) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not here")
	}
	e := New(&Options{Kinds: map[Kind]ingest.Extractor{PDF: Command{Args: []string{program, "-layout", "-q", "{}", "-"}}}})
	file := strings.Replace(printed("BT /F 10 Tf 72 700 Td (Within 5 days.) Tj ET"), "<</Kids", "<</Type/Pages/Count 1/Kids", 1)
	doc, err := extractName(t, e, "a.pdf", strings.Replace(file, "/Type/Page/", "/Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/", 1))
	require.NoError(t, err)
	require.Equal(t, lines("A", "[ #page=1]", "Within 5 days."), show(doc))
}

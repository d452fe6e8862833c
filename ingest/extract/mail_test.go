package extract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

const mailHead = "From: =?utf-8?q?J=C3=B6rg?= <j@shop.example>\r\nTo: a@b.example\r\nSubject: Your =?iso-8859-1?q?r=FCckgabe?=\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"

func TestMail(t *testing.T) {
	head := []string{"Your rückgabe", "[ #]", "From: Jörg <j@shop.example>", "To: a@b.example", "Date: Mon, 2 Nov 2026 10:00:00 +0100", ""}
	tests := map[string]struct {
		content string
		want    []string
	}{
		"plain": {"Content-Type: text/plain\r\n\r\nHello.\r\n\r\n> What\r\n> now?\r\n", []string{"Hello.", "", "> What", "> now?"}},
		"html":  {"Content-Type: text/html\r\n\r\n<p>Hello <b>you</b>.</p><ul><li>one</li></ul>", []string{"Hello you.", "", "- one"}},
		"both":  {"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlain.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Not this.</p>\r\n--b--\r\n", []string{"Plain."}},
		"files": {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=prices.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString([]byte("Plan,Price\nBasic,5\n")) + "\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=logo.png\r\n\r\n\x89PNG\r\n\x1a\n\x00\r\n--b--\r\n",
			[]string{"See below.", "[prices.csv #]", "Plan: Basic; Price: 5", "[logo.png #]", "logo.png"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "a.eml", mailHead+test.content)
			require.Equal(t, lines(append(head, test.want...)...), show(doc))
			require.Equal(t, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), doc.Updated)
		})
	}
}

func TestMailInMail(t *testing.T) {
	inner := "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=a.eml\r\n\r\n"
	content := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + inner + mailHead + "\r\nInside.\r\n--b--\r\n"
	require.NotContains(t, show(read(t, "a.eml", mailHead+content)), "Inside.")
}

func TestMailOfManyParts(t *testing.T) {
	for _, part := range []string{"--b\n\nx\n", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"} {
		_, err := extractName(t, New(nil), "a.eml", "Subject: x\n"+strings.Repeat(part, 30_000))
		require.ErrorIs(t, err, ingest.ErrTooLarge)
	}
}

// TestMailOfOthers reads odd messages: none ends in a panic or without a reason.
func TestMailOfOthers(t *testing.T) {
	dir := needCorpus(t, "mail")
	n, bad := 0, 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".eml") {
			return err
		}
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		n++
		_, err = New(nil).Extract(t.Context(), ingest.Item{Name: "a.eml"}, bytes.NewReader(data))
		if err != nil {
			bad++
			require.NotContains(t, err.Error(), "panicked", name)
			require.True(t, errors.Is(err, ingest.ErrMalformed) || errors.Is(err, ingest.ErrNoText) || errors.Is(err, ingest.ErrUnsupported), "%s: %v", name, err)
		}
		return nil
	})
	require.NoError(t, err)
	t.Logf("%d messages, %d of them without text", n, bad)
	require.LessOrEqual(t, 20*bad, n)
}

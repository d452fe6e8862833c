package extract

import (
	"bytes"
	"context"
	"fmt"
	"github.com/frontdesk-go/frontdesk/ingest"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestScratch(t *testing.T) {
	root := os.Getenv("XROOT")
	show := os.Getenv("XSHOW")
	e := New(nil)
	n := 0
	start := time.Now()
	var worst time.Duration
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if d.IsDir() {
			return nil
		}
		switch filepath.Ext(p) {
		case ".md", ".mdx", ".html", ".txt", ".rst", ".pdf", ".docx":
		default:
			return nil
		}
		if strings.HasSuffix(p, ".ref.txt") {
			return nil
		}
		data, _ := os.ReadFile(p)
		n++
		s := time.Now()
		doc, err := e.Extract(context.Background(), ingest.Item{ID: p, Name: filepath.Base(p)}, bytes.NewReader(data))
		if w := time.Since(s); w > worst {
			worst = w
		}
		if err != nil {
			fmt.Println("ERR", p, err)
		}
		if show != "" && strings.Contains(p, show) {
			fmt.Printf("=== %s\nTITLE %q LANG %q URL %q UPD %v\n", p, doc.Title, doc.Language, doc.URL, doc.Updated)
			for _, s := range doc.Sections {
				fmt.Printf("--- %q #%s\n%s\n", s.Path, s.Anchor, s.Text)
			}
		}
		return nil
	})
	fmt.Println(n, "files", time.Since(start), "worst", worst)
}

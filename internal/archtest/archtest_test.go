package archtest_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/internal/archtest"
)

// TestModule holds this module to the policy.
func TestModule(t *testing.T) {
	found, err := archtest.Check(os.DirFS("../.."))
	require.NoError(t, err)
	for _, v := range found {
		t.Error(v)
	}
}

// clean is a small module that keeps every rule.
var clean = map[string]string{
	"README.md":  "",
	".gitignore": "# built\n/bin/\n*.db\n",
	"desk.db":    "",
	"doc.go":     "// Package frontdesk explains.\npackage frontdesk\n",
	"channel/channel.go": `// Package channel carries messages.
package channel

import _ "time"

// A Channel is a way to reach customers.
type Channel interface{ Name() string }

type memory[T any] struct{}

func (memory[T]) init()          {}
func (*memory[T]) Name() string  { return "" }
`,
	"channel/example_test.go": `package channel_test

import _ "github.com/frontdesk-go/frontdesk/channel/channeltest"

func Example() {
	// Output:
}
`,
	"channel/channeltest/run.go": `// Package channeltest proves channels.
package channeltest

import (
	"context"
	_ "testing"

	_ "github.com/frontdesk-go/frontdesk/channel"
	_ "github.com/stretchr/testify/require"
)

func background() context.Context { return context.Background() }
`,
	"examples/desk/main.go": `// Desk shows everything.
package main

import (
	"os"

	_ "github.com/frontdesk-go/frontdesk/channel"
	_ "github.com/frontdesk-go/frontdesk/channel/channeltest"
	_ "github.com/tmc/langchaingo/llms"
	_ "modernc.org/sqlite"
)

func main() { os.Exit(len(os.Getenv("HOME"))) }
`,
}

func TestCleanModule(t *testing.T) {
	require.Empty(t, check(t, nil))
}

// imports returns a file of the package that imports path.
func imports(pkg, path string) string {
	return "// Package " + pkg + " is planted.\npackage " + pkg + "\n\nimport _ \"" + path + "\"\n"
}

// own is the import path of a package of the module.
func own(pkg string) string { return "github.com/frontdesk-go/frontdesk/" + pkg }

// An exampled package needs nothing more to be a package of the library.
const exampled = "package planted\n\nfunc Example() {\n\t// Output:\n}\n"

func TestImportViolations(t *testing.T) {
	tests := []struct{ name, pkg, target, want string }{
		{"against the arrows", "channel", own("agent"), "channel imports none of the other packages"},
		{"sideways", "handoff", own("credits"), "of the other packages, handoff imports only schedule"},
		{"into another's subpackage", "agent", own("channel/email"), "agent imports only channel, credits,"},
		{"a subpackage as its parent may not", "ingest/crawl", own("agent"), "ingest imports only retrieval"},
		{"from parent to child", "agent", own("agent/lead"), "a package never imports what stands below it"},
		{"from sibling to sibling", "channel/email", own("channel/livechat"), "channel imports none"},
		{"the examples", "agent", own("examples/helpdesk"), "nobody imports the examples"},
		{"the examples, by an overseer", "agent/console", own("examples/helpdesk"), "nobody imports the examples"},
		{"a suite", "agent/sqlstore", own("agent/agenttest"), "packages named *test are for tests and examples"},
		{"the library, from internal", "internal/text", own("channel"), "internal packages stand below the library"},
		{"the root", "agent", "github.com/frontdesk-go/frontdesk", "of the other packages, agent imports only"},
		{"langchaingo", "agent", "github.com/tmc/langchaingo/llms", "only agent/langchain may"},
		{"pdf", "ingest", "github.com/ledongthuc/pdf", "only ingest/extract may"},
		{"docx", "ingest/files", "github.com/nguyenthenguyen/docx", "only ingest/extract may"},
		{"goldmark", "channel/email", "github.com/yuin/goldmark/ast", "only ingest/extract may"},
		{"x/net", "channel/livechat", "golang.org/x/net/html", "only ingest/... may"},
		{"snowball", "agent", "github.com/kljensen/snowball/english", "only retrieval may"},
		{"jsonschema", "agent/lead", "github.com/google/jsonschema-go/jsonschema", "only agent may"},
		{"a driver", "agent/sqlstore", "modernc.org/sqlite", "it is for tests"},
		{"a driver, in a suite", "agent/agenttest", "modernc.org/sqlite", "it is for tests"},
		{"testify", "agent", "github.com/stretchr/testify/require", "it is for tests"},
		{"goleak", "schedule", "go.uber.org/goleak", "it is for tests"},
		{"rapid", "credits", "pgregory.net/rapid", "it is for tests"},
		{"testing", "agent", "testing", "it is for tests"},
		{"testing's own", "retrieval", "testing/fstest", "it is for tests"},
		{"cgo", "retrieval", "C", "nobody does"},
		{"a stranger", "agent", "example.com/module/pkg", "in no fence"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := tt.pkg[strings.LastIndex(tt.pkg, "/")+1:]
			requireOne(t, map[string]string{
				tt.pkg + "/planted.go":      imports(name, tt.target),
				tt.pkg + "/planted_test.go": exampled,
			}, tt.pkg+"/planted.go:4: imports "+tt.target, tt.want)
		})
	}
}

func TestFencesHoldInTestsAndExamples(t *testing.T) {
	tests := map[string]struct{ path, target, want string }{
		"a fenced module in a test": {"agent/x_test.go", "github.com/tmc/langchaingo/llms", "only agent/langchain may"},
		"a stranger in a test":      {"agent/x_test.go", "example.com/module", "in no fence"},
		"a stranger in an example":  {"examples/x/x.go", "example.com/module", "in no fence"},
		"an example in a test":      {"agent/x_test.go", own("examples/helpdesk"), "nobody imports the examples"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			requireOne(t, map[string]string{tt.path: imports("planted", tt.target)}, tt.path+":4", tt.want)
		})
	}
}

func TestSourceViolations(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"init", "func init() {}", "declares init"},
		{"panic", `func f() { panic("no") }`, "calls panic"},
		{"environment", `import "os"` + "\n\n" + `var v = os.Getenv("V")`, "uses os.Getenv"},
		{"environment, as a value", `import env "os"` + "\n\n" + `var look = env.LookupEnv`, "uses os.LookupEnv"},
		{"exit", `import "os"` + "\n\n" + `func f() { os.Exit(1) }`, "uses os.Exit"},
		{"fatal", `import "log"` + "\n\n" + `func f() { log.Fatalf("no") }`, "uses log.Fatalf"},
		{"background", `import "context"` + "\n\n" + `var ctx = context.Background()`, "uses context.Background"},
		{"todo", `import "context"` + "\n\n" + `var ctx = context.TODO()`, "uses context.TODO"},
		{"sleep", `import "time"` + "\n\n" + `func f() { time.Sleep(1) }`, "uses time.Sleep"},
		{"option", "// WithName sets the name.\nfunc WithName() {}", "declares WithName"},
		{"bare function", "func Bare() {}", "Bare is exported and has no comment"},
		{"bare method", "// A T is a type.\ntype T struct{}\n\nfunc (*T) Bare() {}", "Bare is exported and has no comment"},
		{"bare type", "type Bare int", "Bare is exported and has no comment"},
		{"bare type in a group", "// All types.\ntype (\n\tBare int\n)", "Bare is exported and has no comment"},
		{"bare variable", "var Bare int", "Bare is exported and has no comment"},
		{"wide interface", "// A Wide is too wide.\ntype Wide interface{ A(); B(); C(); D(); E() }", "interface Wide has 5 methods"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			requireOne(t, map[string]string{
				"channel/planted.go": "package channel\n\n" + tt.source + "\n",
			}, "channel/planted.go:", tt.want)
		})
	}
}

func TestForeignTypes(t *testing.T) {
	const head = "package retrieval\n\nimport stem \"github.com/kljensen/snowball\"\n\n"
	tests := map[string]string{
		"in a parameter":       "// F uses it.\nfunc F(s *stem.Stemmer) {}",
		"in a result":          "// F gives it.\nfunc F() (s []stem.Stemmer, err error) { return }",
		"in a field":           "// A T has it.\ntype T struct{ Stemmer stem.Stemmer }",
		"in an embedded field": "// A T is one.\ntype T struct{ stem.Stemmer }",
		"in an interface":      "// A T gives it.\ntype T interface{ F() map[string]stem.Stemmer }",
		"in a variable":        "// V is one.\nvar V stem.Stemmer",
	}
	around := map[string]string{
		"retrieval/retrieval.go": "// Package retrieval is planted.\npackage retrieval\n",
		"retrieval/x_test.go":    exampled,
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			files := maps.Clone(around)
			files["retrieval/planted.go"] = head + source + "\n"
			requireOne(t, files, "retrieval/planted.go:", "exports stem.Stemmer")
		})
	}
	around["retrieval/planted.go"] = head + "// A T hides it.\ntype T struct{ stemmer stem.Stemmer }\n\nfunc (t *T) f(s stem.Stemmer) { _ = stem.New() }\n"
	require.Empty(t, check(t, around), "what is not exported may use it")
}

func TestSleepingTests(t *testing.T) {
	files := map[string]string{
		"channel/sleep_test.go": "package channel\n\nimport \"time\"\n\nfunc pass() { time.Sleep(time.Second) }\n",
	}
	requireOne(t, files, "channel/sleep_test.go:5", "no synctest bubble")

	files["channel/bubble_test.go"] = imports("channel", "testing/synctest")
	require.Empty(t, check(t, files), "time in a bubble is not real")
}

func TestPackageViolations(t *testing.T) {
	tests := []struct{ name, path, source, at, want string }{
		{"no package comment", "channel/channel.go", "package channel\n", "channel:", "no package comment"},
		{"another's package comment", "channel/channel.go", "// Package mail is planted.\npackage channel\n", "channel:", "no package comment"},
		{"no comment on an example", "examples/bare/main.go", "package main\n", "examples/bare:", "no package comment"},
		{"no example", "schedule/schedule.go", "// Package schedule is planted.\npackage schedule\n", "schedule:", "no Example"},
		{"an example that is not run", "channel/example_test.go", "package channel\n\nfunc Example() {}\n", "channel:", "no Example"},
		{"a vague name", "internal/util/util.go", "// Package util is planted.\npackage util\n", "internal/util:", "says nothing"},
		{"a new folder", "vendor/notes.txt", "", "vendor:", "not one of the repository's top level"},
		{"a new file", "TODO.md", "", "TODO.md:", "not one of the repository's top level"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			requireOne(t, map[string]string{tt.path: tt.source}, tt.at, tt.want)
		})
	}
}

func TestUnreadableSource(t *testing.T) {
	_, err := archtest.Check(plant(t, map[string]string{"channel/broken.go": "package"}))
	require.ErrorContains(t, err, "channel/broken.go")
}

func TestAllowedImports(t *testing.T) {
	tests := []struct{ name, pkg, target string }{
		{"along an arrow", "agent", own("handoff")},
		{"a subpackage its parent", "agent/lead", own("agent")},
		{"a subpackage as its parent", "agent/lead", own("channel")},
		{"an overseer", "agent/console", own("channel/email")},
		{"what subpackages share", "channel/email", own("channel/internal/meta")},
		{"a suite another", "agent/agenttest", own("channel/channeltest")},
		{"a suite the testing package", "agent/agenttest", "testing"},
		{"a helper of tests the library", "internal/browsertest", own("channel")},
		{"the library what stands below it", "channel/livechat", own("internal/text")},
		{"through a fence", "agent/langchain", "github.com/tmc/langchaingo/llms"},
		{"through a fence, below it", "ingest/crawl", "golang.org/x/net/html"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := tt.pkg[strings.LastIndex(tt.pkg, "/")+1:]
			require.Empty(t, check(t, map[string]string{
				tt.pkg + "/planted.go":      imports(name, tt.target),
				tt.pkg + "/planted_test.go": exampled,
			}))
		})
	}
}

func TestPassesOverWhatGoDoes(t *testing.T) {
	broken := "func init() { panic(0) }"
	require.Empty(t, check(t, map[string]string{
		"channel/testdata/x.go":    broken,
		"channel/_old/x.go":        broken,
		"channel/_x.go":            broken,
		"docs/node_modules/m/x.go": broken,
		".cache/x.go":              broken,
		"internal/m/x.go":          broken,
		"internal/m/go.mod":        "module m",
		"bin/x":                    "",
	}))
}

// requireOne plants files and requires one violation, at a place, of a rule.
func requireOne(t *testing.T, files map[string]string, at, rule string) {
	t.Helper()
	found := check(t, files)
	require.Len(t, found, 1, lines(found))
	require.True(t, strings.HasPrefix(found[0].String(), at), "%s is not at %s", found[0], at)
	require.Contains(t, found[0].Rule, rule)
}

func check(t *testing.T, files map[string]string) []archtest.Violation {
	t.Helper()
	found, err := archtest.Check(plant(t, files))
	require.NoError(t, err)
	return found
}

func lines(found []archtest.Violation) string {
	var b strings.Builder
	for _, v := range found {
		b.WriteString(v.String() + "\n")
	}
	return b.String()
}

// plant writes the clean module with files over it to a temporary folder.
func plant(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	root := t.TempDir()
	all := maps.Clone(clean)
	maps.Copy(all, files)
	for name, content := range all {
		full := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte(content), 0o644))
	}
	return os.DirFS(root)
}

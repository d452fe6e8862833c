package archtest

// modulePath is the import path of the module's root.
const modulePath = "github.com/frontdesk-go/frontdesk"

// arrows are the imports between the seven packages, all of them. A subpackage
// may import its parent and what its parent may; a package never imports what
// stands below it.
var arrows = map[string][]string{
	"agent":     {"channel", "credits", "handoff", "retrieval", "schedule"},
	"channel":   {},
	"credits":   {},
	"handoff":   {"schedule"},
	"ingest":    {"retrieval"},
	"retrieval": {},
	"schedule":  {},
}

// overseers are the packages that may see the whole library.
var overseers = []string{"agent/console/...", "agent/sqlstore/..."}

// fences names the packages that may import a module of a third party. Examples
// are hosts and may import any of these; what is not in the table, nobody may.
var fences = map[string][]string{
	"code.dny.dev/ssrf":                      {"internal/dial"},
	"github.com/blevesearch/snowballstem":    {},
	"github.com/gogs/chardet":                {"ingest/extract"},
	"github.com/golang-jwt/jwt":              {"channel/visitor"},
	"github.com/google/jsonschema-go":        {"agent"},
	"github.com/jhillyerd/enmime":            {"ingest/extract"},
	"github.com/kljensen/snowball":           {"retrieval"},
	"github.com/ledongthuc/pdf":              {"ingest/extract"},
	"github.com/modelcontextprotocol/go-sdk": {"agent/mcp"},
	"github.com/nguyenthenguyen/docx":        {"ingest/extract"},
	"github.com/nlnwa/whatwg-url":            {"ingest/crawl"},
	"github.com/richardlehane/mscfb":         {"ingest/extract/..."},
	"github.com/tmc/langchaingo":             {"agent/langchain"},
	"github.com/viterin/vek":                 {"retrieval"},
	"github.com/yuin/goldmark":               {"ingest/extract"},
	"golang.org/x/net":                       {"ingest/..."},
	"golang.org/x/text":                      {"ingest/extract/...", "retrieval"},
	"golang.org/x/tools":                     {"agent/agenttest"},
	// An empty entry is for the kits below, or for nobody.
	"github.com/getkin/kin-openapi": {},
	"github.com/jackc/pgx":          {},
	"modernc.org/sqlite":            {},
	"github.com/stretchr/testify":   {},
	"go.uber.org/goleak":            {},
	"pgregory.net/rapid":            {},
	"C":                             {},
	"testing":                       {},
	"net/http/httptest":             {},
}

// testKit are the entries of fences that every test file may import.
var testKit = []string{
	"github.com/getkin/kin-openapi",
	"github.com/jackc/pgx",
	"github.com/stretchr/testify",
	"go.uber.org/goleak",
	"modernc.org/sqlite",
	"net/http/httptest",
	"pgregory.net/rapid",
	"testing",
}

// suiteKit are the entries of fences that a package named *test may import.
var suiteKit = []string{
	"github.com/stretchr/testify",
	"net/http/httptest",
	"pgregory.net/rapid",
	"testing",
}

// bridges are the packages whose API is made of a third party's types.
var bridges = []string{"agent/langchain", "agent/mcp"}

// A ban is a use of the standard library that a kind of file does without.
type ban struct {
	pkg   string
	names []string
	why   string
	// suites says that the packages named *test are held to the ban as well.
	suites bool
}

// bans hold for the library.
var bans = []ban{
	{pkg: "os", names: []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, suites: true,
		why: "the library does not read the environment; the host passes values"},
	{pkg: "os", names: []string{"Exit"}, suites: true,
		why: "only a program ends the process"},
	{pkg: "log", names: []string{"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"}, suites: true,
		why: "only a program ends the process"},
	{pkg: "github.com/tmc/langchaingo/llms", names: []string{"CountTokens", "CalculateMaxTokens"}, suites: true,
		why: "it downloads a tokenizer when it is called"},
	{pkg: "context", names: []string{"Background", "TODO"},
		why: "the library takes its context from the caller"},
}

// vagueNames are names of packages that say nothing about what is in them.
var vagueNames = []string{"base", "common", "helper", "helpers", "misc", "shared", "types", "util", "utils"}

// topLevelNames are the names that stand in the root of the repository, beside
// test files, what git ignores and names that start with a dot.
var topLevelNames = []string{
	"agent", "channel", "credits", "handoff", "ingest", "retrieval", "schedule",
	"examples", "internal", "docs",
	"doc.go", "go.mod", "go.sum",
	"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
	"Makefile", "staticcheck.conf",
}

// maxMethods is the most methods that an exported interface declares itself.
const maxMethods = 4

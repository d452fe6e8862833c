package readme

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme proves that the README's Go is that of a file which is compiled,
// that its commands name what exists, and that it is short.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	lines := strings.Split(string(readme), "\n")
	require.LessOrEqual(t, len(lines), 200)
	var code []string
	for _, file := range []string{"../../quickstart/main.go", "pager_test.go"} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		code = append(code, dedent(string(source)))
	}
	blocks := strings.Split(string(readme), "```go\n")[1:]
	require.NotEmpty(t, blocks)
	require.LessOrEqual(t, strings.Count(strings.Split(string(readme), "```go\n")[0], "\n"), 25, "the first Go block stands within 25 lines")
	for _, block := range blocks {
		block, _, _ := strings.Cut(block, "```")
		found := false
		for _, source := range code {
			found = found || strings.Contains(source, dedent(block))
		}
		require.True(t, found, "no tested file has this block:\n%s", block)
	}
	for _, line := range lines {
		if dir, ok := strings.CutPrefix(strings.TrimSpace(line), "go run ./"); ok {
			require.DirExists(t, "../../../"+strings.Fields(dir)[0])
		}
	}
}

// dedent takes the white space off the start of each line.
func dedent(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

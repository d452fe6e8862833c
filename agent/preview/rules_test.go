package preview

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRulesAreThoseOfTheEngine reads the names out of the source of package agent:
// what is decided by a constant is decided by a rule of the engine's own.
func TestRulesAreThoseOfTheEngine(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	found := map[string]bool{}
	constants := map[string]string{}
	var named []string
	take := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BasicLit:
			if name, err := strconv.Unquote(e.Value); err == nil && name != "" {
				found[name] = true
			}
		case *ast.Ident:
			named = append(named, e.Name)
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				f, ok := n.Fun.(*ast.SelectorExpr)
				if ok && slices.Contains([]string{"decided", "handOver", "noAnswer"}, f.Sel.Name) && len(n.Args) > 2 {
					take(n.Args[1])
				}
			case *ast.FuncDecl:
				if n.Name.Name == "takes" { // returns the rule
					ast.Inspect(n, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 0 {
							take(r.Results[0])
						}
						return true
					})
				}
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if lit, ok := v.(*ast.BasicLit); ok && i < len(n.Names) {
						constants[n.Names[i].Name] = lit.Value
					}
				}
			}
			return true
		})
	}
	for _, name := range named {
		if v, err := strconv.Unquote(constants[name]); err == nil {
			found[v] = true
		}
	}
	var want []string
	for name := range found {
		want = append(want, name)
	}
	require.ElementsMatch(t, want, rules())
}

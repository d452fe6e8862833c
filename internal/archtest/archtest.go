// Package archtest keeps the architecture of the module as a test.
//
// [Check] reads the module's files itself, without running the go command, so
// that the test cache knows every file that a result depends on. What it
// enforces stands in policy.go, as tables; each other file holds the rules of
// one kind, and the package's test plants a violation of every rule.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A Violation is one place that breaks one rule.
type Violation struct {
	// Path is the file or folder, slash-separated, from the module's root.
	Path string
	// Line is the line in the file, zero where the whole file is meant.
	Line int
	// Rule is a sentence that says what is wrong and what holds instead.
	Rule string
}

// String returns the violation in the form of a compiler's message.
func (v Violation) String() string {
	if v.Line == 0 {
		return v.Path + ": " + v.Rule
	}
	return fmt.Sprintf("%s:%d: %s", v.Path, v.Line, v.Rule)
}

// Check returns every violation in the module whose root is fsys, ordered by
// path and line. The error is of reading or parsing a file.
func Check(fsys fs.FS) ([]Violation, error) {
	m, err := load(fsys)
	if err != nil {
		return nil, err
	}
	var found []Violation
	for _, f := range m.files {
		found = append(found, importRules(f)...)
		found = append(found, sourceRules(f)...)
		found = append(found, apiRules(f)...)
	}
	found = append(found, packageRules(m)...)
	top, err := topLevel(fsys)
	if err != nil {
		return nil, err
	}
	found = append(found, top...)
	// Maps were ranged over: the order must be the same at each run.
	slices.SortStableFunc(found, func(a, b Violation) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return found, nil
}

// A module is the parsed Go files of the tree.
type module struct {
	files []*file
}

// packages returns the files of each folder, test files included.
func (m *module) packages() map[string][]*file {
	byFolder := make(map[string][]*file)
	for _, f := range m.files {
		byFolder[f.pkg] = append(byFolder[f.pkg], f)
	}
	return byFolder
}

// A file is one Go file.
type file struct {
	path string // from the module's root
	pkg  string // the folder, "." for the root
	fset *token.FileSet
	ast  *ast.File
}

// test reports whether the go command compiles f for tests only.
func (f *file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// library reports whether hosts can come to depend on f.
func (f *file) library() bool {
	return !f.test() && !under(f.pkg, "examples") && f.ast.Name.Name != "main"
}

// violation returns a violation at pos.
func (f *file) violation(pos token.Pos, format string, args ...any) Violation {
	return Violation{Path: f.path, Line: f.fset.Position(pos).Line, Rule: fmt.Sprintf(format, args...)}
}

// load parses the Go files that the go command would see, and no others.
func load(fsys fs.FS) (*module, error) {
	m := &module{}
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (hidden(d.Name()) || otherModule(fsys, p)):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".go" || hidden(d.Name()):
			return nil
		}
		f, err := parse(fsys, fset, p)
		m.files = append(m.files, f)
		return err
	})
	return m, err
}

// parse keeps comments, as rules are about them, and resolves no identifiers.
func parse(fsys fs.FS, fset *token.FileSet, p string) (*file, error) {
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(fset, p, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("archtest: %w", err)
	}
	return &file{path: p, pkg: path.Dir(p), fset: fset, ast: tree}, nil
}

// hidden reports whether the go command passes over a file or folder.
func hidden(name string) bool {
	return name != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) ||
		name == "testdata" || name == "node_modules"
}

// otherModule reports whether a folder below the root is a module of its own.
func otherModule(fsys fs.FS, folder string) bool {
	if folder == "." {
		return false
	}
	_, err := fs.Stat(fsys, path.Join(folder, "go.mod"))
	return err == nil
}

// under reports whether pkg is parent or stands below it.
func under(pkg, parent string) bool {
	return pkg == parent || strings.HasPrefix(pkg, parent+"/")
}

// match reports whether pkg is the pattern, or below it where it ends in "/...".
func match(pattern, pkg string) bool {
	if parent, ok := strings.CutSuffix(pattern, "/..."); ok {
		return under(pkg, parent)
	}
	return pattern == pkg
}

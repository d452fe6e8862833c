package archtest

import (
	"go/ast"
	"go/doc"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// packageRules checks each package as a whole.
func packageRules(m *module) []Violation {
	var found []Violation
	for folder, files := range m.packages() {
		found = append(found, sleepRules(files)...)
		// A folder of tests alone is no package to hosts.
		shipped := slices.DeleteFunc(slices.Clone(files), (*file).test)
		if len(shipped) == 0 {
			continue
		}
		if slices.Contains(vagueNames, path.Base(folder)) {
			found = append(found, Violation{Path: folder, Rule: "the name says nothing about what is in the package"})
		}
		if !described(shipped) {
			found = append(found, Violation{Path: folder, Rule: "the package has no package comment"})
		}
		if needsExample(folder, shipped) && !hasExample(files) {
			found = append(found, Violation{Path: folder, Rule: "the package has no Example with an // Output: comment"})
		}
	}
	return found
}

// described reports whether exactly the form that go doc shows first is there:
// a comment above the package clause that names a library package.
func described(files []*file) bool {
	return slices.ContainsFunc(files, func(f *file) bool {
		if f.ast.Name.Name == "main" {
			return f.ast.Doc.Text() != ""
		}
		return strings.HasPrefix(f.ast.Doc.Text(), "Package "+f.ast.Name.Name+" ")
	})
}

// needsExample reports whether a package is one that hosts use. The root only
// explains; suites are shown by the tests that run them.
func needsExample(folder string, files []*file) bool {
	return folder != "." && files[0].library() && !suite(folder) &&
		!slices.Contains(strings.Split(folder, "/"), "internal")
}

// hasExample reports whether go test runs an Example among the files.
func hasExample(files []*file) bool {
	var tests []*ast.File
	for _, f := range files {
		if f.test() {
			tests = append(tests, f.ast)
		}
	}
	return slices.ContainsFunc(doc.Examples(tests...), func(e *doc.Example) bool {
		return e.Output != "" || e.EmptyOutput
	})
}

// topLevel checks the names in the root of the repository.
func topLevel(fsys fs.FS) ([]Violation, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	ignored := ignorePatterns(fsys)
	var found []Violation
	for _, e := range entries {
		name := e.Name()
		switch {
		case slices.Contains(topLevelNames, name), strings.HasPrefix(name, "."), strings.HasSuffix(name, "_test.go"):
		case slices.ContainsFunc(ignored, func(p string) bool { ok, _ := path.Match(p, name); return ok }):
		default:
			found = append(found, Violation{Path: name, Rule: "the name is not one of the repository's top level"})
		}
	}
	return found, nil
}

// ignorePatterns returns what git ignores in the root, in the form of
// path.Match. Without the file, nothing is ignored.
func ignorePatterns(fsys fs.FS) []string {
	text, err := fs.ReadFile(fsys, ".gitignore")
	if err != nil {
		return nil
	}
	var patterns []string
	for line := range strings.Lines(string(text)) {
		p := strings.Trim(strings.TrimSpace(line), "/")
		if p != "" && !strings.HasPrefix(p, "#") {
			patterns = append(patterns, p)
		}
	}
	return patterns
}

package archtest

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// importRules checks the imports of f against the arrows and the fences.
func importRules(f *file) []Violation {
	var found []Violation
	for _, spec := range f.ast.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it already
		}
		if why := refuse(f, target); why != "" {
			found = append(found, f.violation(spec.Pos(), "imports %s: %s", target, why))
		}
	}
	return found
}

// refuse says why f may not import target, or "" if it may.
func refuse(f *file, target string) string {
	if target == modulePath {
		return refuseOwn(f, ".")
	}
	if own, ok := strings.CutPrefix(target, modulePath+"/"); ok {
		return refuseOwn(f, own)
	}
	return refuseFenced(f, target)
}

// refuseOwn says why f may not import the package target of this module. Test
// files may import all of the library: the compiler keeps them free of cycles.
func refuseOwn(f *file, target string) string {
	switch {
	case under(target, "examples"):
		if under(f.pkg, "examples") {
			return ""
		}
		return "nobody imports the examples"
	// Both are hosts of the library, and see what hosts see.
	case f.test() || under(f.pkg, "examples"):
		return ""
	case suite(target):
		if suite(f.pkg) {
			return ""
		}
		return "packages named *test are for tests and examples"
	case under(target, "internal"):
		return "" // below everything, because it imports nothing of the library
	case under(f.pkg, "internal"):
		if suite(f.pkg) {
			return ""
		}
		return "internal packages stand below the library"
	}
	return refuseArrow(f.pkg, target)
}

// refuseArrow says why one library package may not import another.
func refuseArrow(from, target string) string {
	// Arrows are drawn between the top folders, and hold for all below them.
	home, _, _ := strings.Cut(from, "/")
	switch {
	case slices.ContainsFunc(overseers, func(o string) bool { return match(o, from) }):
		return ""
	case strings.Contains(target, "/internal/"):
		return "" // the compiler keeps strangers out
	case under(target, from):
		return "a package never imports what stands below it"
	case under(from, target), slices.Contains(arrows[home], target):
		return ""
	case len(arrows[home]) == 0:
		return fmt.Sprintf("%s imports none of the other packages", home)
	}
	return fmt.Sprintf("of the other packages, %s imports only %s", home, strings.Join(arrows[home], ", "))
}

// refuseFenced says why f may not import a package from outside this module.
func refuseFenced(f *file, target string) string {
	name, fenced := fence(target)
	first, _, _ := strings.Cut(target, "/")
	switch {
	case !fenced && strings.Contains(first, "."):
		return "the module is in no fence of the import policy"
	case !fenced, under(f.pkg, "examples"):
		return ""
	case f.test() && slices.Contains(testKit, name):
		return ""
	case suite(f.pkg) && slices.Contains(suiteKit, name):
		return ""
	case slices.ContainsFunc(fences[name], func(p string) bool { return match(p, f.pkg) }):
		return ""
	case slices.Contains(testKit, name):
		return "it is for tests"
	case len(fences[name]) == 0:
		return "nobody does"
	}
	return "only " + strings.Join(fences[name], ", ") + " may"
}

// fence returns the entry of fences that target falls under.
func fence(target string) (string, bool) {
	// From the import path upwards, so that the most exact entry decides.
	for p := target; p != "."; p = path.Dir(p) {
		if _, ok := fences[p]; ok {
			return p, true
		}
	}
	return "", false
}

// suite reports whether pkg exists for tests: by convention its name ends so.
func suite(pkg string) bool { return strings.HasSuffix(path.Base(pkg), "test") }

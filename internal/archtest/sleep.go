package archtest

import "go/ast"

// sleepRules finds uses of time.Sleep in a package: in the library always, and
// in tests unless the package tests in synctest bubbles, where time is not
// real and sleeping is the way to pass it.
func sleepRules(files []*file) []Violation {
	// Any file may hold the bubble that another one sleeps in.
	bubbles := false
	for _, f := range files {
		bubbles = bubbles || (f.test() || suite(f.pkg)) && f.localName("testing/synctest") != ""
	}
	var found []Violation
	for _, f := range files {
		switch {
		case f.test() || suite(f.pkg):
			if !bubbles {
				found = append(found, sleeps(f, "the tests of the package have no synctest bubble, so it takes real time")...)
			}
		case f.library():
			found = append(found, sleeps(f, "nobody can end it; wait for a timer and the context")...)
		}
	}
	return found
}

// sleeps returns a violation for every use of time.Sleep in f.
func sleeps(f *file, why string) []Violation {
	var found []Violation
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && f.refers(e, "time", "Sleep") {
			found = append(found, f.violation(n.Pos(), "uses time.Sleep: %s", why))
		}
		return true
	})
	return found
}

package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// sourceRules checks what f declares and calls.
func sourceRules(f *file) []Violation {
	if !f.library() {
		return nil
	}
	found := banned(f)
	for _, decl := range f.ast.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			found = append(found, funcRules(f, d)...)
		case *ast.GenDecl:
			found = append(found, genRules(f, d)...)
		}
	}
	return found
}

// banned finds panics and the uses that bans name.
func banned(f *file) []Violation {
	var found []Violation
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
				found = append(found, f.violation(n.Pos(), "calls panic: the library returns errors"))
			}
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		for _, b := range bans {
			if (b.suites || !suite(f.pkg)) && f.refers(e, b.pkg, b.names...) {
				found = append(found, f.violation(n.Pos(), "uses %s.%s: %s", b.pkg, e.(*ast.SelectorExpr).Sel.Name, b.why))
			}
		}
		return true
	})
	return found
}

// refers reports whether e names one of the given names of an imported package.
func (f *file) refers(e ast.Expr, pkg string, names ...string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || !slices.Contains(names, sel.Sel.Name) {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	// By name alone: a local variable of the same name would be taken for the
	// package, which at worst asks for a better name.
	return ok && id.Name == f.localName(pkg)
}

// localName returns the name under which f imports pkg, or "".
func (f *file) localName(pkg string) string {
	for _, spec := range f.ast.Imports {
		if spec.Path.Value != strconv.Quote(pkg) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

// funcRules checks the declaration of a function or method.
func funcRules(f *file, d *ast.FuncDecl) []Violation {
	var found []Violation
	name := d.Name.Name
	if name == "init" && d.Recv == nil {
		found = append(found, f.violation(d.Pos(), "declares init: the host composes values"))
	}
	if option(name) {
		found = append(found, f.violation(d.Pos(), "declares %s: settings are fields of a Config or Options", name))
	}
	if d.Name.IsExported() && exportedReceiver(d.Recv) && d.Doc == nil {
		found = append(found, f.violation(d.Pos(), "%s is exported and has no comment", name))
	}
	return found
}

// option reports whether a function is named as a functional option is.
func option(name string) bool {
	rest, ok := strings.CutPrefix(name, "With")
	return ok && rest != "" && unicode.IsUpper(rune(rest[0]))
}

// exportedReceiver reports whether a function with the receiver can be seen
// from outside: it has none, or one of an exported type.
func exportedReceiver(recv *ast.FieldList) bool {
	if recv == nil {
		return true
	}
	t := recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		// A receiver of a generic type.
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// genRules checks a declaration of types, constants or variables.
func genRules(f *file, d *ast.GenDecl) []Violation {
	var found []Violation
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			found = append(found, typeRules(f, d, s)...)
		case *ast.ValueSpec:
			// In a group, the comment above it speaks for all.
			if d.Doc != nil || s.Doc != nil || s.Comment != nil {
				continue
			}
			for _, id := range s.Names {
				if id.IsExported() {
					found = append(found, f.violation(id.Pos(), "%s is exported and has no comment", id.Name))
				}
			}
		}
	}
	return found
}

// typeRules checks the declaration of one type.
func typeRules(f *file, d *ast.GenDecl, s *ast.TypeSpec) []Violation {
	if !s.Name.IsExported() {
		return nil
	}
	var found []Violation
	// A comment above a group of types is about the group, not about each of them.
	grouped := d.Lparen != token.NoPos
	if s.Doc == nil && s.Comment == nil && (d.Doc == nil || grouped) {
		found = append(found, f.violation(s.Pos(), "%s is exported and has no comment", s.Name.Name))
	}
	if i, ok := s.Type.(*ast.InterfaceType); ok {
		methods := 0
		for _, m := range i.Methods.List {
			// Embedded interfaces have no names, and count where they are declared.
			methods += len(m.Names)
		}
		if methods > maxMethods {
			found = append(found, f.violation(s.Pos(), "interface %s has %d methods: at most %d, or compose it of such", s.Name.Name, methods, maxMethods))
		}
	}
	return found
}

package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// apiRules finds types of third parties in what f exports: a host must be able
// to use the library without importing what lies behind it.
func apiRules(f *file) []Violation {
	if !f.library() || slices.Contains(bridges, f.pkg) {
		return nil
	}
	foreign := foreignNames(f)
	if len(foreign) == 0 {
		return nil
	}
	var found []Violation
	for _, decl := range f.ast.Decls {
		for _, shape := range exportedShapes(decl) {
			eachSelector(shape, func(pkg *ast.Ident, sel *ast.SelectorExpr) {
				if foreign[pkg.Name] {
					found = append(found, f.violation(sel.Pos(), "exports %s.%s: nothing of a third party is part of the API", pkg.Name, sel.Sel.Name))
				}
			})
		}
	}
	return found
}

// foreignNames returns the names under which f uses modules of third parties.
func foreignNames(f *file) map[string]bool {
	names := make(map[string]bool)
	for _, spec := range f.ast.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		first, _, _ := strings.Cut(target, "/")
		switch {
		case !strings.Contains(first, ".") || under(target, modulePath):
		case spec.Name != nil:
			names[spec.Name.Name] = true
		// The last element stands in for the name in the package clause, which cannot
		// be known without reading the module.
		default:
			names[path.Base(target)] = true
		}
	}
	return names
}

// exportedShapes returns the types that a declaration shows to other packages:
// the signature of a function, the definition of a type, the type of a variable.
func exportedShapes(decl ast.Decl) []ast.Expr {
	if d, ok := decl.(*ast.FuncDecl); ok {
		// The body is nobody's business.
		if d.Name.IsExported() && exportedReceiver(d.Recv) {
			return []ast.Expr{d.Type}
		}
		return nil
	}
	var shapes []ast.Expr
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				shapes = append(shapes, s.Type)
			}
		case *ast.ValueSpec:
			// A variable without a written type shows none here, as types are not resolved.
			if s.Type != nil && slices.ContainsFunc(s.Names, (*ast.Ident).IsExported) {
				shapes = append(shapes, s.Type)
			}
		}
	}
	return shapes
}

// eachSelector calls visit for every name of another package in a type, except
// in fields of structs that are not exported.
func eachSelector(shape ast.Expr, visit func(pkg *ast.Ident, sel *ast.SelectorExpr)) {
	ast.Inspect(shape, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.StructType:
			for _, field := range x.Fields.List {
				// An embedded field without a name promotes what it has.
				if len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
					eachSelector(field.Type, visit)
				}
			}
			return false
		case *ast.SelectorExpr:
			if pkg, ok := x.X.(*ast.Ident); ok {
				visit(pkg, x)
			}
		}
		return true
	})
}

package compliance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// source is the module's source, read package by package as it is asked for.
type source struct {
	root     string
	packages map[string]map[string]string
}

func newSource(root string) *source {
	return &source{root, map[string]map[string]string{}}
}

// file returns the file, from the module's root, in which a name of Row.By or
// Row.Tests is declared; of a path the path itself.
func (s *source) file(name string) (string, error) {
	dir, base := path.Split(name)
	pkg, symbol, ok := strings.Cut(base, ".")
	if _, err := os.Stat(filepath.Join(s.root, name)); err == nil && (!ok || path.Ext(name) != "") {
		return name, nil
	}
	if !ok {
		return "", fmt.Errorf("there is no %s", name)
	}
	names, err := s.names(dir + pkg)
	if err != nil {
		return "", err
	}
	file, ok := names[symbol]
	if !ok {
		return "", fmt.Errorf("there is no %s in %s", symbol, dir+pkg)
	}
	return file, nil
}

// names are all that a package declares, its tests' too, and the files.
func (s *source) names(pkg string) (map[string]string, error) {
	if names, ok := s.packages[pkg]; ok {
		return names, nil
	}
	files, err := filepath.Glob(filepath.Join(s.root, pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no package %s", pkg)
	}
	names := map[string]string{}
	for _, f := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range tree.Decls {
			for _, n := range declared(d) {
				names[n] = path.Join(pkg, filepath.Base(f))
			}
		}
	}
	s.packages[pkg] = names
	return names, nil
}

// declared are the names of a declaration: functions, methods and fields as
// Type.Name.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		of := d.Recv.List[0].Type
		if p, ok := of.(*ast.StarExpr); ok {
			of = p.X
		}
		if g, ok := of.(*ast.IndexExpr); ok {
			of = g.X
		}
		if t, ok := of.(*ast.Ident); ok {
			return []string{t.Name + "." + d.Name.Name}
		}
	case *ast.GenDecl:
		for _, sp := range d.Specs {
			switch sp := sp.(type) {
			case *ast.ValueSpec:
				for _, n := range sp.Names {
					names = append(names, n.Name)
				}
			case *ast.TypeSpec:
				names = append(names, sp.Name.Name)
				if st, ok := sp.Type.(*ast.StructType); ok {
					for _, f := range st.Fields.List {
						for _, n := range f.Names {
							names = append(names, sp.Name.Name+"."+n.Name)
						}
					}
				}
			}
		}
	}
	return names
}

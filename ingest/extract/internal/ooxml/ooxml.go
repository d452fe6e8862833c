// Package ooxml opens the packages of Office Open XML, which DOCX, PPTX and
// XLSX files are: parts in a ZIP archive that refer to one another. See
// ECMA-376 part 2.
//
// A package is read within limits: what the archive says of its sizes is not
// believed, and no part is inflated that the caller does not ask for.
package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Errors that tell why a package cannot be read.
var (
	ErrFormat   = errors.New("ooxml: a damaged or cut off archive")
	ErrTooLarge = errors.New("ooxml: more than the limits allow")
)

// freely is what an entry may inflate to whatever its ratio.
const freely = 1 << 20

// maxRelations is the most relations that a part may have.
const maxRelations = 10_000

// Limits bound what is read of one package.
type Limits struct {
	Entries  int   // files in the archive
	Inflated int64 // bytes that all parts that are read inflate to, together
	Ratio    int   // times its size that a part may inflate to, beyond its first MiB
	Depth    int   // elements open within one another
	// Check is asked while parts are read, and its error ends that. It may be nil.
	Check func() error
}

// A Package is an open package. It counts what was inflated, so it is not safe
// for concurrent use.
type Package struct {
	files  map[string]*zip.File // by their names as partName returns them
	limits Limits
	left   int64 // bytes that may still be inflated
	markup int   // characters of markup that may still be decoded
}

// A Relation leads from one part of a package to another: ECMA-376 part 2, 9.3.
type Relation struct {
	// Kind is the last element of the relation's type, such as "image": what comes
	// before it differs between the transitional and the strict form.
	Kind string
	// Target is the name of the part, or an address if External.
	Target   string
	External bool
}

// Open opens a package. Of entries with one name the first counts. The error wraps
// [ErrFormat], or [ErrTooLarge] for too many entries.
func Open(data []byte, limits Limits) (*Package, error) {
	// The library holds the whole directory in memory, whose entries begin so.
	// Files that are stored in the archive may be archives themselves.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n/4 > limits.Entries {
		return nil, fmt.Errorf("%w: %d entries in the archive", ErrTooLarge, n)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(r.File) > limits.Entries {
		return nil, fmt.Errorf("%w: %d entries in the archive", ErrTooLarge, len(r.File))
	}
	p := &Package{files: make(map[string]*zip.File, len(r.File)), limits: limits, left: limits.Inflated}
	p.markup = min(freeMarkup+markupPerByte*len(data), maxMarkup)
	for _, f := range r.File {
		name := partName(f.Name)
		if p.files[name] == nil {
			p.files[name] = f
		}
	}
	return p, nil
}

// partName makes names comparable: they are the same in either case (ECMA-376 part
// 2, 9.1.1), and some programs write them with backslashes.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// Has reports whether there is a part of that name.
func (p *Package) Has(name string) bool { return p.files[partName(name)] != nil }

// Total returns how many bytes the XML of the parts whose names begin so inflates
// to, and an error that wraps [ErrTooLarge] where one inflates to too much.
func (p *Package) Total(prefix string) (int64, error) {
	total := int64(0)
	for name := range p.files {
		if !strings.HasPrefix(name, prefix) || !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		n, err := p.Size(name)
		p.left += n // it is inflated only to be counted
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// Size returns how many bytes a part inflates to, and zero if it is missing or
// damaged from its start. It inflates the part to count them, as the archive
// may lie, and returns an error that wraps [ErrTooLarge] where there are too many.
func (p *Package) Size(name string) (int64, error) {
	f := p.files[partName(name)]
	if f == nil {
		return 0, nil
	}
	r, err := f.Open()
	if err != nil {
		return 0, nil
	}
	defer r.Close()
	limit := min(p.left, freely+int64(min(f.CompressedSize64, 1<<40))*int64(p.limits.Ratio))
	n, _ := io.Copy(io.Discard, io.LimitReader(r, limit+1))
	if n > limit {
		return 0, fmt.Errorf("%w: %s inflates to more than %d bytes", ErrTooLarge, f.Name, limit)
	}
	p.left -= n
	return n, nil
}

// Read returns a part of at most the given bytes, as far as it is undamaged. One
// that is larger counts as missing.
func (p *Package) Read(name string, most int64) ([]byte, error) {
	n, err := p.Size(name)
	if n == 0 || n > most || err != nil {
		return nil, err
	}
	r, err := p.files[partName(name)].Open()
	if err != nil {
		return nil, nil
	}
	defer r.Close()
	data, _ := io.ReadAll(io.LimitReader(r, n))
	return data, nil
}

// Decoder returns a decoder of a part. A missing part has no elements, and one
// that is damaged ends where it cannot be read on.
func (p *Package) Decoder(name string) (*Decoder, error) {
	if n, err := p.Size(name); n == 0 || err != nil {
		return p.Decode(strings.NewReader("")), err
	}
	r, err := p.files[partName(name)].Open()
	if err != nil {
		return p.Decode(strings.NewReader("")), nil
	}
	return p.Decode(r), nil
}

// Relations returns where the part of the given name leads to, by the identifiers
// of the relations. The name of the package itself is empty.
func (p *Package) Relations(name string) (map[string]Relation, error) {
	rels := path.Join(path.Dir(name), "_rels", path.Base(name)+".rels")
	if name == "" {
		rels = "_rels/.rels"
	}
	out := make(map[string]Relation)
	err := p.Walk(rels, func(e xml.StartElement, _ *Decoder) error {
		if e.Name.Local != "Relationship" || len(out) == maxRelations {
			return nil
		}
		r := Relation{Kind: path.Base(Attr(e, "Type")), Target: Attr(e, "Target"), External: Attr(e, "TargetMode") == "External"}
		if !r.External {
			r.Target = resolve(name, r.Target)
		}
		out[Attr(e, "Id")] = r
		return nil
	})
	return out, err
}

// resolve returns the part that a target means, seen from a part. No target leads
// out of the package.
func resolve(from, target string) string {
	target, _, _ = strings.Cut(strings.ReplaceAll(target, `\`, "/"), "#")
	if !strings.HasPrefix(target, "/") {
		target = path.Join("/", path.Dir(from), target)
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// Main returns the name of the part that the package is about, or else the
// given one.
func (p *Package) Main(otherwise string) (string, error) {
	relations, err := p.Relations("")
	for _, r := range relations {
		if r.Kind == "officeDocument" && p.Has(r.Target) {
			return r.Target, err
		}
	}
	return otherwise, err
}

// Root returns the name of the outermost element of a part, without its
// namespace, and nothing if it has none.
func (p *Package) Root(name string) string {
	f := p.files[partName(name)]
	if f == nil {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	d := p.Decode(io.LimitReader(r, freely))
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if e, ok := token.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
}

// Target returns the name of the part that a relation of the given kind leads
// to, the first by its name, and nothing if there is none.
func Target(relations map[string]Relation, kind string) string {
	name := ""
	for _, r := range relations {
		if r.Kind == kind && !r.External && (name == "" || r.Target < name) {
			name = r.Target
		}
	}
	return name
}

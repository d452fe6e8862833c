package plainpdf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// maxForms is how deeply forms may contain forms.
const maxForms = 12

// fontKeys are the entries of a font that text needs.
var fontKeys = [...]name{
	"Type", "Subtype", "BaseFont", "FirstChar", "LastChar", "Widths", "DW", "W", "FontMatrix",
}

// A writer writes plain PDFs, object by object.
type writer struct {
	*file
	left    int // bytes that may still be written
	out     bytes.Buffer
	offsets []int // by object number, less one
	kids    array
	fonts   map[int]ref
	forms   map[int]ref
	known   map[int]float64 // the FontID of fonts of earlier files too
	ids     float64         // how many FontIDs there are
}

// newWriter returns a writer of the plain files of f.
func newWriter(f *file) *writer {
	w := &writer{file: f, left: f.limits.Output, known: make(map[int]float64)}
	w.begin()
	return w
}

// begin starts a file, into which no object of an earlier one can be referred to.
func (w *writer) begin() {
	w.left -= w.out.Len()
	w.out = bytes.Buffer{}
	w.out.WriteString("%PDF-1.4\n")
	w.offsets, w.kids = nil, nil
	w.fonts, w.forms = make(map[int]ref), make(map[int]ref)
}

// add writes an object.
func (w *writer) add(d dict, content []byte) (ref, error) {
	w.offsets = append(w.offsets, w.out.Len())
	fmt.Fprintf(&w.out, "%d 0 obj\n", len(w.offsets))
	if content != nil {
		d["Length"] = float64(len(content))
	}
	writeDict(&w.out, d)
	if content != nil {
		w.out.WriteString("\nstream\n")
		w.out.Write(content)
		w.out.WriteString("\nendstream")
	}
	w.out.WriteString("\nendobj\n")
	if w.out.Len() > w.left {
		return ref{}, tooLarge("too much text")
	}
	return ref{id: len(w.offsets)}, nil
}

// page writes a page.
func (w *writer) page(page dict) error {
	data, err := w.contents(page["Contents"])
	if err != nil {
		return err
	}
	content, resources, err := w.content(data, page["Resources"], 0)
	if err != nil {
		return err
	}
	shown, err := w.annotations(page, resources["XObject"].(dict))
	if err != nil {
		return err
	}
	content = append(content, shown...)
	stream, err := w.add(dict{}, content)
	if err != nil {
		return err
	}
	kid, err := w.add(dict{
		"Type": name("Page"), "Contents": stream, "Resources": resources,
		"MediaBox": w.data(page["MediaBox"], 2), "Rotate": w.data(page["Rotate"], 0),
	}, nil)
	w.kids = append(w.kids, kid)
	return errors.Join(err, w.fault())
}

// contents returns the content of a page, whose streams are one: an operator may
// end in another than its operands. See ISO 32000-1, 7.8.2.
func (w *writer) contents(v any) ([]byte, error) {
	parts, ok := w.resolve(v).(array)
	if !ok {
		parts = array{v}
	}
	var data []byte
	for _, part := range parts {
		s, ok := w.resolve(part).(*stream)
		if !ok {
			continue
		}
		decoded, err := w.decode(s)
		if err != nil {
			return nil, err
		}
		if len(data)+len(decoded) > w.limits.Stream {
			break
		}
		if len(parts) == 1 {
			return decoded, nil
		}
		data = append(append(data, decoded...), '\n')
	}
	return data, nil
}

// content returns the plain form of a content stream and of its resources.
func (w *writer) content(data []byte, resources any, depth int) ([]byte, dict, error) {
	var out bytes.Buffer
	if err := plainContent(&out, data, w.left); err != nil {
		return nil, nil, err
	}
	r := w.dict(resources)
	fonts, forms := dict{}, dict{}
	for key, v := range w.dict(r["Font"]) {
		font, err := w.font(v)
		if err != nil {
			return nil, nil, err
		}
		fonts[key] = font
	}
	for key, v := range w.dict(r["XObject"]) {
		form, err := w.form(v, resources, depth+1)
		if err != nil {
			return nil, nil, err
		}
		if form.id > 0 {
			forms[key] = form
		}
	}
	return out.Bytes(), dict{"Font": fonts, "XObject": forms}, nil
}

// form writes a form, and returns no reference for an image. A form that
// contains itself finds itself half done, and is left out there.
func (w *writer) form(v, resources any, depth int) (ref, error) {
	s, ok := w.resolve(v).(*stream)
	if !ok || w.resolve(s.dict["Subtype"]) != name("Form") || depth > maxForms {
		return ref{}, nil
	}
	if done, ok := w.forms[s.id]; ok {
		return done, nil
	}
	w.forms[s.id] = ref{}
	data, err := w.decode(s)
	if err != nil {
		return ref{}, err
	}
	if s.dict["Resources"] != nil {
		resources = s.dict["Resources"]
	}
	content, plain, err := w.content(data, resources, depth)
	if err != nil {
		return ref{}, err
	}
	done, err := w.add(dict{
		"Type": name("XObject"), "Subtype": name("Form"), "Matrix": w.data(s.dict["Matrix"], 1), "Resources": plain,
	}, content)
	w.forms[s.id] = done
	return done, err
}

// font writes a font, of one that an earlier file has only its FontID.
func (w *writer) font(v any) (ref, error) {
	r, shared := v.(ref)
	if done, ok := w.fonts[r.id]; ok && shared {
		return done, nil
	}
	id, known := w.known[r.id]
	font := dict{"FontID": id}
	if !known || !shared {
		w.ids++
		font["FontID"] = w.ids
		if err := w.fillFont(font, w.dict(v)); err != nil {
			return ref{}, err
		}
	}
	done, err := w.add(font, nil)
	if shared {
		w.fonts[r.id], w.known[r.id] = done, font["FontID"].(float64)
	}
	return done, err
}

// fillFont copies what text needs of a font.
func (w *writer) fillFont(font, d dict) error {
	w.copyFont(font, d)
	if e, ok := w.resolve(d["Encoding"]).(dict); ok {
		font["Encoding"] = dict{"BaseEncoding": w.data(e["BaseEncoding"], 0), "Differences": w.data(e["Differences"], 1)}
	} else {
		font["Encoding"] = w.data(d["Encoding"], 0)
	}
	if list := w.array(d["DescendantFonts"]); len(list) > 0 {
		descendant := dict{}
		w.copyFont(descendant, w.dict(list[0]))
		font["DescendantFonts"] = array{descendant}
	}
	switch m := w.resolve(d["ToUnicode"]).(type) {
	case name:
		font["ToUnicode"] = m
	case *stream:
		data, err := w.decode(m)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := plainMap(&out, data, w.left); err != nil {
			return err
		}
		if font["ToUnicode"], err = w.add(dict{}, out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// copyFont copies the entries of a font that are plain data.
func (w *writer) copyFont(font, d dict) {
	for _, key := range fontKeys {
		if d[key] != nil {
			font[key] = w.data(d[key], 2)
		}
	}
	descriptor := w.dict(d["FontDescriptor"])
	plain := dict{}
	for _, key := range []name{"Flags", "MissingWidth"} {
		if descriptor[key] != nil {
			plain[key] = w.data(descriptor[key], 0)
		}
	}
	font["FontDescriptor"] = plain
}

// data returns a copy of plain data: arrays to the given depth, with no
// dictionary and no reference in them.
func (w *writer) data(v any, depth int) any {
	switch v := w.resolve(v).(type) {
	case bool, float64, name, text:
		return v
	case array:
		if depth <= 0 || len(v) > 1<<17 {
			return nil
		}
		plain := make(array, len(v))
		for i, e := range v {
			plain[i] = w.data(e, depth-1)
		}
		return plain
	}
	return nil
}

// finish writes the tree and the tables, and returns the file.
func (w *writer) finish() ([]byte, error) {
	pages, err := w.add(dict{"Type": name("Pages"), "Kids": w.kids, "Count": float64(len(w.kids))}, nil)
	if err != nil {
		return nil, err
	}
	root, err := w.add(dict{"Type": name("Catalog"), "Pages": pages}, nil)
	if err != nil {
		return nil, err
	}
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, offset := range w.offsets {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", offset)
	}
	w.out.WriteString("trailer\n")
	writeDict(&w.out, dict{"Size": float64(len(w.offsets) + 1), "Root": root})
	// The reader looks for the end in the last 100 bytes.
	fmt.Fprintf(&w.out, "\n%sstartxref\n%d\n%%%%EOF\n", strings.Repeat("\n", 100), start)
	return w.out.Bytes(), nil
}

package plainpdf

import (
	"bytes"
	"strconv"
)

// maxAnnotations is how many annotations of a page are looked at.
const maxAnnotations = 4096

// The flags of annotations that are not shown. See ISO 32000-1, 12.5.3.
const (
	hiddenFlag = 1 << 1
	noViewFlag = 1 << 5
)

// annotations adds what a page's annotations look like, such as the values of a
// form's fields, to its forms, and returns the content that shows them. See ISO
// 32000-1, 12.5.
func (w *writer) annotations(page, forms dict) ([]byte, error) {
	var out bytes.Buffer
	list := w.array(page["Annots"])
	for i, v := range list[:min(len(list), maxAnnotations)] {
		a := w.dict(v)
		look := w.appearance(a)
		if look == nil {
			continue
		}
		form, err := w.form(look, nil, 0)
		if err != nil {
			return nil, err
		}
		if form.id == 0 {
			continue
		}
		key := name("Annotation" + strconv.Itoa(i))
		forms[key] = form
		out.WriteString("\nq ")
		for _, n := range w.placing(a, w.resolve(look).(*stream).dict) {
			writeOperand(&out, n)
		}
		out.WriteString("cm ")
		writeOperand(&out, key)
		out.WriteString("Do Q\n")
	}
	return out.Bytes(), nil
}

// appearance returns the form that shows an annotation, nil if none does. One
// with several states names the one it is in.
func (w *writer) appearance(a dict) any {
	if flags, _ := w.resolve(a["F"]).(float64); int64(flags)&(hiddenFlag|noViewFlag) != 0 {
		return nil
	}
	if w.resolve(a["Subtype"]) == name("Popup") {
		return nil
	}
	normal := w.dict(a["AP"])["N"]
	switch looks := w.resolve(normal).(type) {
	case *stream:
		return normal
	case dict:
		state, _ := w.resolve(a["AS"]).(name)
		if _, ok := w.resolve(looks[state]).(*stream); ok {
			return looks[state]
		}
	}
	return nil
}

// placing returns the matrix that brings the box of an appearance onto the
// annotation's rectangle. See ISO 32000-1, 12.5.5, algorithm 8.1.
func (w *writer) placing(a, form dict) [6]float64 {
	rect, okRect := w.box(a["Rect"])
	box, okBox := w.box(form["BBox"])
	if !okRect {
		return [6]float64{1, 0, 0, 1, 0, 0}
	}
	if !okBox {
		return [6]float64{1, 0, 0, 1, rect[0], rect[1]}
	}
	box = w.turned(box, form["Matrix"])
	x, y := 1.0, 1.0
	if box[2] > box[0] && box[3] > box[1] {
		x, y = (rect[2]-rect[0])/(box[2]-box[0]), (rect[3]-rect[1])/(box[3]-box[1])
	}
	return [6]float64{x, 0, 0, y, rect[0] - x*box[0], rect[1] - y*box[1]}
}

// box returns a rectangle with its lower left corner first.
func (w *writer) box(v any) (box [4]float64, ok bool) {
	list := w.array(v)
	if len(list) != len(box) {
		return box, false
	}
	for i, e := range list {
		if box[i], ok = w.resolve(e).(float64); !ok {
			return box, false
		}
	}
	return [4]float64{min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])}, true
}

// turned returns the rectangle around a box that a matrix was applied to.
func (w *writer) turned(box [4]float64, matrix any) [4]float64 {
	list := w.array(matrix)
	if len(list) != 6 {
		return box
	}
	var m [6]float64
	for i, e := range list {
		m[i], _ = w.resolve(e).(float64)
	}
	x := func(i, j int) float64 { return m[0]*box[i] + m[2]*box[j] + m[4] }
	y := func(i, j int) float64 { return m[1]*box[i] + m[3]*box[j] + m[5] }
	return [4]float64{
		min(x(0, 1), x(2, 1), x(0, 3), x(2, 3)), min(y(0, 1), y(2, 1), y(0, 3), y(2, 3)),
		max(x(0, 1), x(2, 1), x(0, 3), x(2, 3)), max(y(0, 1), y(2, 1), y(0, 3), y(2, 3)),
	}
}

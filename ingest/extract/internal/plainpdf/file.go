package plainpdf

import (
	"bytes"
	"math"
)

// A file knows where the objects of a PDF are. They are found by their own
// headers and not by the cross-reference table: so a broken or a hostile table
// does no harm.
type file struct {
	data    []byte
	limits  Limits
	places  map[int]place // by object number
	boxes   [][]byte      // the content of object streams
	trailer dict
	crypt   *crypt // nil if not encrypted

	left   int // bytes that may still be decoded
	work   int // bytes that may still be parsed
	cache  map[int]any
	cached int  // cost of the values in cache
	boxed  int  // bytes in boxes
	noEnd  bool // no stream has an end where it was last looked for
}

// A place is where an object is.
type place struct {
	box        int32 // an index of boxes plus one, or 0 for the file itself
	pos        int32 // of its value
	order      int32 // where it or its box stands in the file
	start, end int32 // of the bytes of a stream
	gen        uint16
}

const (
	// maxCost is the most that one value may cost: a number costs 1 and a
	// dictionary 8, as they take memory.
	maxCost = 1 << 19
	// maxCache is the cost of the values that are kept for the next time.
	maxCache = 1 << 18
	// maxBoxes is the most bytes of object streams.
	maxBoxes = 48 << 20
)

// open finds all objects. Of several of one number the last counts, as in a
// file that was changed by appending.
func open(data []byte, limits Limits) (*file, error) {
	if len(data) > math.MaxInt32 {
		return nil, tooLarge("more than 2 GiB")
	}
	f := &file{
		data: data, limits: limits, places: make(map[int]place), trailer: dict{}, cache: make(map[int]any),
		left: limits.Decoded, work: 8*len(data) + 64<<20,
	}
	boxes, err := f.scan()
	if err != nil {
		return nil, err
	}
	f.forget() // what a later object of the number replaces
	f.trailers()
	if f.trailer["Encrypt"] != nil {
		if f.crypt, err = newCrypt(f); err != nil {
			return nil, err
		}
	}
	for _, at := range boxes {
		if err := f.unpack(at); err != nil {
			return nil, err
		}
	}
	f.forget()
	return f, f.fault()
}

// fault returns an error once the file has made too much work.
func (f *file) fault() error {
	if f.work < 0 {
		return tooLarge("too much to read")
	}
	return nil
}

// parser returns one that reads values at pos.
func (f *file) parser(data []byte, pos int) *parser {
	return &parser{data: data, pos: pos, refs: true, cost: maxCost}
}

// object reads an object, nil if there is none.
func (f *file) object(id int) any {
	if v, ok := f.cache[id]; ok {
		return v
	}
	at, ok := f.places[id]
	if !ok || f.work < 0 {
		return nil
	}
	data := f.data
	if at.box > 0 {
		data = f.boxes[at.box-1]
	}
	p := f.parser(data, int(at.pos))
	v, err := p.value(0)
	f.work -= p.pos - int(at.pos) + 16
	if err != nil {
		v = nil
	}
	if d, ok := v.(dict); ok && at.end > 0 {
		v = &stream{dict: d, raw: data[at.start:at.end], id: id, gen: int(at.gen)}
	}
	if f.cached > maxCache {
		f.forget()
	}
	f.cached += maxCost - p.cost
	f.cache[id] = v
	return v
}

// forget drops the objects that were read, which can be read again.
func (f *file) forget() {
	clear(f.cache)
	f.cached = 0
}

// unpack finds the objects in an object stream. See ISO 32000-1, 7.5.7.
func (f *file) unpack(at place) error {
	s, ok := f.streamAt(at)
	if !ok {
		return nil
	}
	data, err := f.decode(s)
	if err != nil {
		return err
	}
	first := f.int(s.dict["First"])
	if first < 0 || first > len(data) {
		return nil
	}
	f.boxes = append(f.boxes, data)
	if f.boxed += len(data); f.boxed > maxBoxes {
		return tooLarge("too many objects")
	}
	header := f.parser(data[:first], 0)
	header.refs = false
	for range f.int(s.dict["N"]) {
		header.cost = maxCost
		number, err1 := header.value(0)
		offset, err2 := header.value(0)
		if err1 != nil || err2 != nil {
			return nil
		}
		n, ok1 := number.(float64)
		o, ok2 := offset.(float64)
		if !ok1 || !ok2 || o < 0 || float64(first)+o >= float64(len(data)) {
			continue
		}
		if err := f.place(int(n), place{box: int32(len(f.boxes)), pos: int32(first + int(o)), order: at.order}); err != nil {
			return err
		}
	}
	return nil
}

// streamAt reads the stream at a place, which may no longer be that of a number.
func (f *file) streamAt(at place) (*stream, bool) {
	v, err := f.parser(f.data, int(at.pos)).value(0)
	d, ok := v.(dict)
	id, _, found := objectHeader(f.data[:at.order])
	return &stream{dict: d, raw: f.data[at.start:at.end], id: id, gen: int(at.gen)}, ok && found && err == nil
}

// place remembers where an object is, unless a later one of its number is known.
func (f *file) place(id int, at place) error {
	if old, ok := f.places[id]; ok && old.order > at.order {
		return nil
	}
	f.places[id] = at
	if len(f.places) > f.limits.Objects {
		return tooLarge("more than %d objects", f.limits.Objects)
	}
	return nil
}

// trailers merges the trailers. Those of cross-reference streams are merged
// already.
func (f *file) trailers() {
	for pos, wasted := 0, 0; wasted < len(f.data)/2+1<<20; {
		i := bytes.Index(f.data[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + len("trailer")
		p := f.parser(f.data, pos)
		if p.skip(); p.at(0) != '<' {
			continue
		}
		v, err := p.value(0)
		wasted += p.pos - pos
		if d, ok := v.(dict); ok && err == nil {
			f.merge(d)
		}
	}
}

// merge takes over what a trailer says.
func (f *file) merge(d dict) {
	for _, key := range []name{"Root", "Encrypt", "ID", "Info"} {
		if d[key] != nil {
			f.trailer[key] = d[key]
		}
	}
}

// resolve follows references to a value, nil where there is none.
func (f *file) resolve(v any) any {
	for range 16 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = f.object(r.id)
	}
	return nil
}

// dict returns a dictionary, or that of a stream, and nil for any other value.
func (f *file) dict(v any) dict {
	switch v := f.resolve(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

// array returns an array, and nil for any other value.
func (f *file) array(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}

// int returns a whole number, and zero for any other value.
func (f *file) int(v any) int {
	n, _ := f.resolve(v).(float64)
	if n != n || n > 1<<31 || n < -1<<31 {
		return 0
	}
	return int(n)
}

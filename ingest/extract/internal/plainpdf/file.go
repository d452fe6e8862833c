package plainpdf

import (
	"bytes"
	"strconv"
)

// A file is the objects of a PDF, found by their own headers and not by the
// cross-reference table: so a broken or a hostile table does no harm.
type file struct {
	objects map[int]any
	trailer dict
	crypt   *crypt // nil if not encrypted
	left    int    // bytes that may still be decoded
}

// A found is an object in the order of the file.
type found struct {
	id    int
	value any
}

// open finds all objects. Of several of one number the last counts, as in a
// file that was changed by appending.
func open(data []byte, limits Limits) (*file, error) {
	f := &file{objects: make(map[int]any), trailer: dict{}, left: limits.Decoded}
	all, err := f.scan(data, limits.Objects)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		f.objects[o.id] = o.value
	}
	f.trailers(data, all)
	if f.trailer["Encrypt"] != nil {
		if f.crypt, err = newCrypt(f); err != nil {
			return nil, err
		}
	}
	for _, o := range all {
		f.objects[o.id] = o.value
		if s, ok := o.value.(*stream); ok && s.dict["Type"] == name("ObjStm") {
			if err := f.unpack(s, limits.Objects); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

// scan reads every "1 0 obj". The work is bounded: an unclosed value makes the
// parser run ahead, and the bytes that it reads in vain are counted.
func (f *file) scan(data []byte, limit int) ([]found, error) {
	var all []found
	wasted := 0
	for pos := 0; ; {
		i := bytes.Index(data[pos:], []byte("obj"))
		if i < 0 {
			return all, nil
		}
		i += pos
		pos = i + 3
		id, gen, ok := objectHeader(data[:i])
		if !ok {
			continue
		}
		p := &parser{data: data, pos: i + 3, refs: true}
		v, err := p.value(0)
		if err != nil {
			if wasted += p.pos - pos; wasted > 4*len(data)+1<<20 {
				return nil, malformed("too many broken objects")
			}
			continue
		}
		pos = max(p.pos, pos)
		if d, ok := v.(dict); ok {
			if start := streamStart(data, p); start > 0 {
				end := f.streamEnd(data, start, d)
				v = &stream{dict: d, raw: data[start:end], id: id, gen: gen}
				pos = end
			}
		}
		all = append(all, found{id, v})
		f.objects[id] = v // for the lengths of the streams to come
		if len(all) > limit {
			return nil, tooLarge("more than %d objects", limit)
		}
	}
}

// objectHeader reads the "1 0 " before "obj", backwards.
func objectHeader(data []byte) (id, gen int, ok bool) {
	end := len(data)
	number := func() (int, bool) {
		for end > 0 && isSpace(data[end-1]) {
			end--
		}
		start := end
		for start > 0 && data[start-1] >= '0' && data[start-1] <= '9' && end-start < 10 {
			start--
		}
		n, err := strconv.Atoi(string(data[start:end]))
		end = start
		return n, err == nil
	}
	if gen, ok = number(); !ok {
		return 0, 0, false
	}
	if end == 0 || !isSpace(data[end-1]) {
		return 0, 0, false
	}
	id, ok = number()
	return id, gen, ok
}

// streamStart returns where the bytes of a stream begin, or 0 if none does.
func streamStart(data []byte, p *parser) int {
	p.skip()
	if !bytes.HasPrefix(data[p.pos:], []byte("stream")) {
		return 0
	}
	start := p.pos + len("stream")
	if bytes.HasPrefix(data[start:], []byte("\r\n")) {
		return start + 2
	}
	if start < len(data) && (data[start] == '\n' || data[start] == '\r') {
		return start + 1
	}
	return start
}

// streamEnd trusts the length if "endstream" follows there, else searches.
func (f *file) streamEnd(data []byte, start int, d dict) int {
	if n, ok := f.resolve(d["Length"]).(float64); ok && n >= 0 && n < float64(len(data)-start) {
		end := start + int(n)
		if bytes.HasPrefix(bytes.TrimLeft(data[end:min(len(data), end+16)], "\r\n \t"), []byte("endstream")) {
			return end
		}
	}
	i := bytes.Index(data[start:], []byte("endstream"))
	if i < 0 {
		i = bytes.Index(data[start:], []byte("endobj"))
	}
	if i < 0 {
		return len(data)
	}
	end := start + i
	if end > start && data[end-1] == '\n' {
		end--
	}
	if end > start && data[end-1] == '\r' {
		end--
	}
	return end
}

// unpack reads the objects of an object stream. See ISO 32000-1, 7.5.7.
func (f *file) unpack(s *stream, limit int) error {
	data, err := f.decode(s)
	if err != nil {
		return err
	}
	n, _ := f.resolve(s.dict["N"]).(float64)
	first, _ := f.resolve(s.dict["First"]).(float64)
	if first < 0 || first > float64(len(data)) {
		return nil
	}
	header := &parser{data: data[:int(first)]}
	for range min(int(n), limit) {
		id, err1 := header.value(0)
		offset, err2 := header.value(0)
		if err1 != nil || err2 != nil {
			return nil
		}
		i, ok1 := id.(float64)
		o, ok2 := offset.(float64)
		if !ok1 || !ok2 || o < 0 || first+o >= float64(len(data)) {
			continue
		}
		p := &parser{data: data, pos: int(first + o), refs: true}
		if v, err := p.value(0); err == nil {
			f.objects[int(i)] = v
		}
		if f.left -= p.pos - int(first+o); f.left < 0 { // objects may overlap
			return tooLarge("too much compressed data")
		}
		if len(f.objects) > limit {
			return tooLarge("more than %d objects", limit)
		}
	}
	return nil
}

// trailers merges the trailers and the dictionaries of cross-reference streams.
func (f *file) trailers(data []byte, all []found) {
	merge := func(d dict) {
		for _, key := range []name{"Root", "Encrypt", "ID", "Info"} {
			if d[key] != nil {
				f.trailer[key] = d[key]
			}
		}
	}
	for _, o := range all {
		if s, ok := o.value.(*stream); ok && s.dict["Type"] == name("XRef") {
			merge(s.dict)
		}
	}
	for pos, tries := 0, 0; tries < 1000; tries++ {
		i := bytes.Index(data[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + len("trailer")
		p := &parser{data: data, pos: pos, refs: true}
		if v, err := p.value(0); err == nil {
			if d, ok := v.(dict); ok {
				merge(d)
			}
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
		v = f.objects[r.id]
	}
	return nil
}

func (f *file) dict(v any) dict {
	switch v := f.resolve(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (f *file) array(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}

func (f *file) int(v any) int {
	n, _ := f.resolve(v).(float64)
	if n != n || n > 1<<31 || n < -1<<31 {
		return 0
	}
	return int(n)
}

package plainpdf

import (
	"bytes"
	"strconv"
)

// scan finds every "1 0 obj", and returns the places of object streams in their
// order. The work is bounded: an unclosed value makes the parser run ahead, and
// the bytes that it reads in vain are counted.
func (f *file) scan() (boxes []place, err error) {
	wasted := 0
	for pos := 0; ; {
		i := bytes.Index(f.data[pos:], []byte("obj"))
		if i < 0 {
			return boxes, nil
		}
		i += pos
		pos = i + 3
		id, gen, ok := objectHeader(f.data[:i])
		if !ok {
			continue
		}
		p := f.parser(f.data, pos)
		v, err := p.value(0)
		if err != nil {
			if wasted += p.pos - pos; wasted > len(f.data)/2+1<<20 {
				return nil, malformed("too many broken objects")
			}
			continue
		}
		at := place{pos: int32(pos), order: int32(i), gen: uint16(gen)}
		pos = max(p.pos, pos)
		if d, ok := v.(dict); ok {
			if start := streamStart(f.data, p); start > 0 {
				pos = f.streamEnd(start, d)
				at.start, at.end = int32(start), int32(pos)
			}
			switch {
			case at.end > 0 && d["Type"] == name("ObjStm"):
				boxes = append(boxes, at)
			case at.end > 0 && d["Type"] == name("XRef"):
				f.merge(d)
			}
		}
		if err := f.place(id, at); err != nil {
			return nil, err
		}
	}
}

// objectHeader reads the "1 0 " before "obj", backwards: the numbers of the object
// and of its generation.
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

// streamEnd trusts the length if "endstream" follows there, else searches. See ISO
// 32000-1, 7.3.8.1. Without it a stream goes to the end of
// its object, or of the file.
func (f *file) streamEnd(start int, d dict) int {
	data := f.data
	if n, ok := f.resolve(d["Length"]).(float64); ok && n >= 0 && n < float64(len(data)-start) {
		end := start + int(n)
		if bytes.HasPrefix(bytes.TrimLeft(data[end:min(len(data), end+16)], "\r\n \t"), []byte("endstream")) {
			return end
		}
	}
	i := -1
	if !f.noEnd {
		i = bytes.Index(data[start:], []byte("endstream"))
	}
	if f.noEnd = i < 0; f.noEnd {
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

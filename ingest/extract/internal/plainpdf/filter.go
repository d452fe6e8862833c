package plainpdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"io"
)

// decode returns the decrypted and unfiltered bytes of a stream. What a broken
// filter yields before its fault is kept. Data of images yields nothing.
func (f *file) decode(s *stream) ([]byte, error) {
	data := s.raw
	if f.crypt != nil {
		data = f.crypt.stream(s)
	}
	filters, params := f.array(s.dict["Filter"]), f.array(s.dict["DecodeParms"])
	if n, ok := f.resolve(s.dict["Filter"]).(name); ok {
		filters, params = array{n}, array{s.dict["DecodeParms"]}
	}
	if len(filters) > 4 {
		return nil, nil
	}
	for i, filter := range filters {
		var param dict
		if i < len(params) {
			param = f.dict(params[i])
		}
		kind, _ := f.resolve(filter).(name)
		size := len(data)
		data = f.filter(kind, param, data)
		if len(data) > f.limits.Stream {
			return nil, tooLarge("a page has more than %d bytes of content", f.limits.Stream)
		}
		if len(data) > 1<<20+f.limits.Ratio*size {
			return nil, tooLarge("%d bytes become more than %d", size, len(data))
		}
		if f.left -= len(data); f.left < 0 {
			return nil, tooLarge("too much compressed data")
		}
	}
	return data, nil
}

// room is how many bytes one filter may yield for data: one more than the
// limits allow.
func (f *file) room(data []byte) int {
	return min(f.left, f.limits.Stream, 1<<20+f.limits.Ratio*len(data)) + 1
}

// filter undoes one filter, ISO 32000-1, 7.4. One that is not known yields nothing.
func (f *file) filter(kind name, param dict, data []byte) []byte {
	switch kind {
	case "FlateDecode", "Fl":
		return f.unpredict(f.inflate(data), param)
	case "LZWDecode", "LZW":
		early := 1
		if param["EarlyChange"] != nil {
			early = f.int(param["EarlyChange"])
		}
		return f.unpredict(unlzw(data, early, f.room(data)), param)
	case "ASCII85Decode", "A85":
		data, _, _ = bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(data), []byte("<~")), []byte("~"))
		if len(data) > f.limits.Stream {
			return nil
		}
		out := make([]byte, len(data)*5+8) // "z" stands for four bytes
		n, _, _ := ascii85.Decode(out, data, true)
		return out[:n]
	case "ASCIIHexDecode", "AHx":
		p := &parser{data: append(append([]byte("<"), data...), '>')}
		v, _ := p.hex()
		s, _ := v.(text)
		return []byte(s)
	case "RunLengthDecode", "RL":
		return runLength(data, f.room(data))
	case "Crypt":
		return data
	}
	return nil
}

// inflate reads zlib data without its checksum, which is often wrong.
func (f *file) inflate(data []byte) []byte {
	if len(data) < 2 {
		return nil
	}
	body := data[2:]
	if data[0]&0x0f != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 {
		body = data
	}
	var out bytes.Buffer
	_, _ = io.Copy(&out, io.LimitReader(flate.NewReader(bytes.NewReader(body)), int64(f.room(data))))
	return out.Bytes()
}

// unpredict undoes a predictor. See ISO 32000-1, 7.4.4.4.
func (f *file) unpredict(data []byte, param dict) []byte {
	predictor := f.int(param["Predictor"])
	if predictor < 2 {
		return data
	}
	number := func(key name, initial int) int {
		if n := f.int(param[key]); n > 0 {
			return n
		}
		return initial
	}
	colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colors > 32 || bits > 32 || columns > 1<<20 {
		return nil
	}
	size, width := (colors*bits+7)/8, (colors*bits*columns+7)/8
	if predictor == 2 {
		for row := 0; row+width <= len(data) && bits == 8; row += width {
			for i := row + size; i < row+width; i++ {
				data[i] += data[i-size]
			}
		}
		return data
	}
	return unpng(data, size, width)
}

// unpng undoes the filters of PNG, row by row, in place.
func unpng(data []byte, size, width int) []byte {
	out := data[:0]
	previous := make([]byte, width)
	for len(data) > 1 {
		kind, row := data[0], data[1:min(len(data), width+1)]
		data = data[1+len(row):]
		for i := range row {
			var left, corner byte
			if i >= size {
				left, corner = row[i-size], previous[i-size]
			}
			switch kind {
			case 1:
				row[i] += left
			case 2:
				row[i] += previous[i]
			case 3:
				row[i] += byte((int(left) + int(previous[i])) / 2)
			case 4:
				row[i] += paeth(left, previous[i], corner)
			}
		}
		previous = append(previous[:0], row...)
		previous = previous[:width:cap(previous)]
		out = append(out, row...)
	}
	return out
}

// paeth predicts a byte from those to the left, above, and above to the left: RFC
// 2083, section 6.6.
func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// abs returns the distance of n from zero.
func abs(n int) int { return max(n, -n) }

// runLength decodes runs of bytes, up to the limit. See ISO 32000-1, 7.4.5.
func runLength(data []byte, limit int) []byte {
	var out []byte
	for i := 0; i < len(data) && data[i] != 128 && len(out) < limit; {
		n := int(data[i])
		i++
		if n < 128 {
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		} else if i < len(data) {
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
	}
	return out
}

// unlzw decodes LZW of 9 to 12 bits. See ISO 32000-1, 7.4.4.2.
func unlzw(data []byte, early, limit int) []byte {
	var out []byte
	var table [4096]struct{ start, end int } // in out
	next, width, previous := 258, 9, -1
	bits, have := 0, 0
	for _, c := range data {
		bits, have = bits<<8|int(c), have+8
		if have < width {
			continue
		}
		have -= width
		code := bits >> have & (1<<width - 1)
		bits &= 1<<have - 1
		if code == 257 || len(out) > limit {
			break
		}
		if code == 256 {
			next, width, previous = 258, 9, -1
			continue
		}
		start := len(out)
		switch {
		case code < 256:
			out = append(out, byte(code))
		case code < next:
			out = append(out, out[table[code].start:table[code].end]...)
		case code == next && previous >= 0:
			out = append(out, out[previous:start]...)
			out = append(out, out[previous])
		default:
			return out
		}
		if previous >= 0 && next < 4096 {
			table[next] = struct{ start, end int }{previous, start + 1}
			next++
		}
		previous = start
		switch {
		case next+early >= 2048:
			width = 12
		case next+early >= 1024:
			width = 11
		case next+early >= 512:
			width = 10
		}
	}
	return out
}

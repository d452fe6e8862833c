package extract

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/ingest"
)

const (
	// maxMovie is the most bytes that the index of an MP4 file may have.
	maxMovie = 64 << 20
	// maxSamples is the most subtitles that are read.
	maxSamples = 200_000
	// maxBoxes is the most boxes of one level that are looked at.
	maxBoxes = 10_000
)

// readMP4 reads the first subtitles of an MP4 or QuickTime file, none if it has
// none. See ISO/IEC 14496-12 for the boxes and 3GPP TS 26.245 for the text.
func readMP4(path string, limit int) ([]Segment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	movie, err := findMovie(f)
	if err != nil || movie == nil {
		return nil, err
	}
	for _, b := range boxes(movie) {
		if b.kind != "trak" {
			continue
		}
		t, ok := newTrack(b.data)
		if !ok {
			continue
		}
		if segments := t.read(f, limit); len(segments) > 0 {
			return segments, nil
		}
	}
	return nil, nil
}

// findMovie returns the content of the box of the index, nil without one.
func findMovie(f io.ReaderAt) ([]byte, error) {
	for offset, n := int64(0), 0; n < maxBoxes; n++ {
		var header [16]byte
		if got, _ := f.ReadAt(header[:], offset); got < 8 {
			return nil, nil
		}
		size, start := int64(binary.BigEndian.Uint32(header[:])), int64(8)
		if size == 1 {
			size, start = int64(binary.BigEndian.Uint64(header[8:])), 16
		}
		if string(header[4:8]) == "moov" {
			if size-start > maxMovie {
				return nil, fmt.Errorf("%w: an index of %d bytes", ingest.ErrTooLarge, size)
			}
			return io.ReadAll(io.NewSectionReader(f, offset+start, max(size-start, 0)))
		}
		if size < start || offset > 1<<50 {
			return nil, nil
		}
		offset += size
	}
	return nil, nil
}

// A box is a part of an MP4 file that is in memory.
type box struct {
	kind string
	data []byte
}

// boxes returns the boxes in data. The last may be cut off.
func boxes(data []byte) []box {
	var found []box
	for len(data) >= 8 && len(found) < maxBoxes {
		size := int(binary.BigEndian.Uint32(data))
		if size == 0 || size > len(data) {
			size = len(data)
		}
		if size < 8 {
			break
		}
		found = append(found, box{string(data[4:8]), data[8:size]})
		data = data[size:]
	}
	return found
}

// boxAt returns the content of a box in boxes in data, nil if it is not there.
func boxAt(data []byte, path ...string) []byte {
	for _, kind := range path {
		var inner []byte
		for _, b := range boxes(data) {
			if b.kind == kind {
				inner = b.data
				break
			}
		}
		if data = inner; data == nil {
			return nil
		}
	}
	return data
}

// A track is where the subtitles of a track are, and when.
type track struct {
	scale   uint32 // units of time a second
	times   []byte // pairs of a count and a duration
	sizes   []byte
	size    uint32 // of every sample, or 0
	count   int
	chunks  []byte // triples: the first chunk, samples in each, a description
	offsets []byte
	wide    bool // offsets have eight bytes
}

// newTrack reads the tables of a track of text, false if it is none.
func newTrack(data []byte) (*track, bool) {
	handler := boxAt(data, "mdia", "hdlr")
	if len(handler) < 12 {
		return nil, false
	}
	switch string(handler[8:12]) {
	case "sbtl", "text", "subt":
	default:
		return nil, false
	}
	header, stbl := boxAt(data, "mdia", "mdhd"), boxAt(data, "mdia", "minf", "stbl")
	t := &track{times: table4(boxAt(stbl, "stts")), chunks: table4(boxAt(stbl, "stsc")), offsets: table4(boxAt(stbl, "stco"))}
	if t.offsets == nil {
		t.offsets, t.wide = table4(boxAt(stbl, "co64")), true
	}
	if at := 12; len(header) > 0 {
		if header[0] == 1 {
			at = 20
		}
		if len(header) >= at+4 {
			t.scale = binary.BigEndian.Uint32(header[at:])
		}
	}
	if sizes := boxAt(stbl, "stsz"); len(sizes) >= 12 {
		t.size, t.count = binary.BigEndian.Uint32(sizes[4:]), int(min(binary.BigEndian.Uint32(sizes[8:]), maxSamples))
		t.sizes = sizes[12:]
	}
	return t, t.scale > 0 && t.count > 0 && len(t.chunks) >= 12
}

// table4 returns the entries of a table behind its version and its count.
func table4(data []byte) []byte {
	if len(data) < 8 {
		return nil
	}
	return data[8:]
}

func at32(data []byte, i int) uint32 {
	if 4*i+4 > len(data) {
		return 0
	}
	return binary.BigEndian.Uint32(data[4*i:])
}

// offset returns where a chunk begins, false if there is none of its number.
func (t *track) offset(chunk int) (int64, bool) {
	if !t.wide {
		return int64(at32(t.offsets, chunk)), 4*chunk+4 <= len(t.offsets)
	}
	if 8*chunk+8 > len(t.offsets) {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(t.offsets[8*chunk:])), true
}

// read reads the samples, up to limit bytes of text.
func (t *track) read(f io.ReaderAt, limit int) []Segment {
	var segments []Segment
	sample, rule, now := 0, 0, uint64(0)
	step, repeat := 0, at32(t.times, 0)
	left := int64(maxMovie)
	for chunk := 0; sample < t.count && limit > 0 && left > 0; chunk++ {
		position, ok := t.offset(chunk)
		if !ok {
			break
		}
		for int(at32(t.chunks, 3*(rule+1))) == chunk+1 && at32(t.chunks, 3*(rule+1)) > 0 {
			rule++
		}
		for range min(int(at32(t.chunks, 3*rule+1)), t.count-sample) {
			for repeat == 0 && 8*step+8 < len(t.times) {
				step++
				repeat = at32(t.times, 2*step)
			}
			duration := uint64(at32(t.times, 2*step+1))
			size := t.size
			if size == 0 {
				size = at32(t.sizes, sample)
			}
			if text := sampleText(f, position, size); text != "" {
				segments = append(segments, Segment{Start: t.seconds(now), End: t.seconds(now + duration), Text: text})
				limit -= len(text)
			}
			position += int64(size)
			left -= int64(min(size, 1<<16))
			now += duration
			sample++
			repeat--
		}
	}
	return segments
}

func (t *track) seconds(units uint64) time.Duration {
	return time.Duration(float64(units) / float64(t.scale) * float64(time.Second))
}

// sampleText reads a sample: the length of its text in two bytes, and the text
// in UTF-8 or, with a mark, in UTF-16.
func sampleText(f io.ReaderAt, position int64, size uint32) string {
	if size < 3 || size > 1<<16 {
		return ""
	}
	data := make([]byte, size)
	if n, err := f.ReadAt(data, position); err != nil && n < len(data) {
		return ""
	}
	length := int(binary.BigEndian.Uint16(data))
	data = data[2:min(len(data), 2+length)]
	if !hasUTF16Mark(data) && !utf8.Valid(data) {
		return "" // not of this kind
	}
	return oneLine(cueText(decode(data)))
}

package retrieval

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"iter"
	"math"
	"time"
)

// errSnapshot reports a snapshot that is damaged or of another kind. It is not
// shown: the index is then built of the passages.
var errSnapshot = errors.New("retrieval: unusable snapshot")

// A reader reads a part of a snapshot. After bytes that cannot be, bad is set
// and everything read is zero.
type reader struct {
	part []byte
	bad  bool
}

// fail ends the reading.
func (r *reader) fail() { r.bad, r.part = true, nil }

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.part)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.part = r.part[size:]
	return n
}

func (r *reader) bool() bool { return r.uint() == 1 }

// below reads a number that must be under limit.
func (r *reader) below(limit int) int {
	n := r.uint()
	if n >= uint64(limit) {
		r.fail()
		return 0
	}
	return int(n)
}

// count reads the number of things that take so many bytes each at least.
func (r *reader) count(bytes int) int {
	n := r.uint()
	if n > uint64(len(r.part)/bytes) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	out := r.part[:n]
	r.part = r.part[n:]
	return out
}

func (r *reader) string() string {
	return string(r.bytes(r.count(1)))
}

func (r *reader) strings() []string {
	n := r.count(1)
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.string()
	}
	return out
}

func (r *reader) time() time.Time {
	t := time.Unix(int64(r.uint()), int64(r.below(1e9))).UTC()
	if t.IsZero() {
		return time.Time{}
	}
	return t
}

func (r *reader) vector() []float32 {
	n := r.count(4)
	if n == 0 {
		return nil
	}
	v := make([]float32, n)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.bytes(4)))
	}
	return v
}

// A restorer builds an index from the parts of a snapshot.
type restorer struct {
	*index
	labels []*label
	count  int      // of the passages, -1 before it is known
	taken  []uint64 // bits of passages that have their place in a document
	ended  bool
}

// trusted is how many passages memory is taken for on the word of a snapshot's
// head alone.
const trusted = 1 << 18

// restore returns the index of a snapshot, if it is one of the same
// configuration and undamaged.
func restore(parts iter.Seq2[[]byte, error], wordsOnly bool, otherwise *language) (*index, error) {
	r := restorer{index: newIndex(wordsOnly), count: -1}
	for part, err := range ahead(parts) {
		if err != nil {
			return nil, err
		}
		body := len(part) - crc32.Size
		if body < 1 || binary.LittleEndian.Uint32(part[body:]) != crc32.Checksum(part[:body], castagnoli) {
			return nil, errSnapshot
		}
		if in := (reader{part: part[:body]}); !r.read(&in, otherwise) {
			return nil, errSnapshot
		}
	}
	if !r.ended {
		return nil, errSnapshot
	}
	return r.index, nil
}

// ahead yields parts while the next ones are read, which takes a database about
// as long as making an index of them.
func ahead(parts iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	type read struct {
		part []byte
		err  error
	}
	return func(yield func([]byte, error) bool) {
		ready, done := make(chan read, 4), make(chan struct{})
		defer func() { // the reader must have stopped
			close(done)
			for range ready {
			}
		}()
		go func() {
			defer close(ready)
			for part, err := range parts {
				select {
				case ready <- read{part, err}:
				case <-done:
					return
				}
			}
		}()
		for r := range ready {
			if !yield(r.part, r.err) {
				return
			}
		}
	}
}

// read reads a part, and reports whether it can be one.
func (r *restorer) read(in *reader, otherwise *language) bool {
	kind, shard := in.bytes(1)[0], in.below(len(r.shards))
	s, full := r.shards[shard], len(r.entries) == r.count
	switch {
	case kind == headPart && r.count < 0:
		r.head(in, otherwise)
	case kind == entryPart && r.count >= 0:
		for len(in.part) > 0 {
			r.entry(in)
		}
	case kind == listPart && full:
		for len(in.part) > 0 {
			r.list(in, s)
		}
	case kind == gramPart && full:
		for len(in.part) > 0 {
			s.grams.add(uint32(in.uint()), int32(in.below(r.count+1)))
		}
	case kind == endPart && full:
		for _, s := range r.shards {
			s.gramLen = int(in.uint())
		}
		r.ended = true
	default:
		return false
	}
	return !in.bad
}

// head reads what the rest rests on.
func (r *restorer) head(in *reader, otherwise *language) {
	if in.uint() != snapshotVersion || in.bool() != r.wordsOnly || in.string() != otherwise.tag {
		in.fail()
		return
	}
	r.count = in.below(maxPassages)
	some := min(r.count, trusted)
	r.entries, r.sizes, r.firsts = make([]entry, 0, some), make([]sizes, 0, some), newFirsts(some)
	for _, name := range in.strings() {
		r.audience(name)
	}
	for range in.count(7) {
		names := in.strings()
		if len(names) != 4 {
			in.fail()
			return
		}
		l := label{source: names[0], tag: names[1], audience: names[2], private: in.bool(), curated: in.bool()}
		l.language, l.shard = languageOf(names[3]), r.audience(l.audience)
		r.labels = append(r.labels, r.label(l))
	}
}

// entry reads a passage.
func (r *restorer) entry(in *reader) {
	n := uint32(len(r.entries))
	e := entry{id: in.string(), text: in.string(), next: uint32(in.below(r.count+1)) - 1}
	first := in.bool()
	size := sizes{uint16(in.below(1 << 16)), uint16(in.below(1 << 16))}
	if in.bool() {
		e.place = &place{in.strings(), in.string()}
	}
	r.vectors.set(n, in.vector())
	if in.bool() && n > 0 {
		e.origin = r.entries[n-1].origin
	} else {
		e.origin = r.origin(in)
	}
	if in.bad || int(n) == r.count || first && !r.take(n) || e.next != gone && !r.take(e.next) {
		in.fail()
		return
	}
	r.keep(n, e, size)
	if first {
		r.begin(n)
	}
}

// take reports whether a passage is neither the first of a document nor after
// another yet, and makes it so. If it could be both, a document might not end.
func (r *restorer) take(n uint32) bool {
	word, bit := int(n/64), uint64(1)<<(n%64)
	if lack := word + 1 - len(r.taken); lack > 0 {
		r.taken = append(r.taken, make([]uint64, lack)...)
	}
	free := r.taken[word]&bit == 0
	r.taken[word] |= bit
	return free
}

// keep adds a passage that was read to the index and its statistics.
func (r *restorer) keep(n uint32, e entry, size sizes) {
	if e.origin.passing() {
		r.dated[n] = true
	}
	r.entries, r.sizes = append(r.entries, e), append(r.sizes, size)
	r.live++
	s := r.shards[e.origin.shard]
	s.passages++
	s.length += int(size.words)
	s.title += int(size.title)
	s.languages[e.origin.language]++
}

// origin reads an origin.
func (r *restorer) origin(in *reader) *origin {
	label, names := in.below(len(r.labels)), in.strings()
	if in.bad || len(names) != 3 {
		in.fail()
		return nil
	}
	o := &origin{label: r.labels[label], document: names[0], title: names[1], url: names[2], keywords: in.strings()}
	if in.bool() {
		o.times = &times{in.time(), in.time(), in.time()}
	}
	return o
}

// list reads the list of a term.
func (r *restorer) list(in *reader, s *shard) {
	name, n := in.string(), in.count(1)
	if int(s.enter(name)) != len(s.lists) {
		in.fail() // a term twice
		return
	}
	l := list{postings: make([]posting, 0, n)}
	last := posting(0)
	for range n {
		next := last + posting(in.below(1<<32))
		if int(next.passage()) >= r.count || len(l.postings) > 0 && next.passage() <= last.passage() {
			in.fail()
			return
		}
		l.add(next)
		last = next
	}
	s.lists = append(s.lists, l)
}

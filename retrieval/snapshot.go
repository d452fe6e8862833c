package retrieval

import (
	"encoding/binary"
	"hash/crc32"
	"iter"
	"math"
	"time"
)

// snapshotVersion must be raised whenever text is analyzed in another way or the
// form below changes, so that older snapshots are not used.
const snapshotVersion = 2

// partSize is the size in bytes from which a part of a snapshot is complete.
const partSize = 1 << 20

// The kinds of parts, in the order in which they stand.
const (
	headPart byte = iota
	entryPart
	listPart
	gramPart
	endPart
)

// castagnoli is the table of the checksum that every part ends with.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A writer forms the parts of a snapshot. Integers are varints, strings and
// lists are preceded by their length.
type writer struct {
	part  []byte
	yield func([]byte) bool
	done  bool // nobody wants more
}

func (w *writer) uint(n uint64)   { w.part = binary.AppendUvarint(w.part, n) }
func (w *writer) string(s string) { w.uint(uint64(len(s))); w.part = append(w.part, s...) }

func (w *writer) bool(b bool) {
	if b {
		w.uint(1)
	} else {
		w.uint(0)
	}
}

func (w *writer) time(t time.Time) {
	w.uint(uint64(t.Unix()))
	w.uint(uint64(t.Nanosecond()))
}

func (w *writer) strings(list []string) {
	w.uint(uint64(len(list)))
	for _, s := range list {
		w.string(s)
	}
}

// begin starts a part of the kind unless one is begun that is not complete yet.
func (w *writer) begin(kind byte, shard int) {
	if len(w.part) >= partSize {
		w.end()
	}
	if len(w.part) == 0 {
		w.part = append(w.part, kind)
		w.uint(uint64(shard))
	}
}

// end completes the part begun, if any.
func (w *writer) end() {
	if len(w.part) > 0 && !w.done {
		w.part = binary.LittleEndian.AppendUint32(w.part, crc32.Checksum(w.part, castagnoli))
		w.done = !w.yield(w.part)
	}
	w.part = w.part[:0]
}

// snapshot yields the parts of a snapshot of an index without unused numbers.
func (x *index) snapshot(otherwise *language) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		w := &writer{yield: yield}
		labels := x.writeHead(w, otherwise)
		for n := range x.entries {
			w.begin(entryPart, 0)
			x.writeEntry(w, uint32(n), labels)
			if w.done {
				return
			}
		}
		w.end()
		for i, s := range x.shards {
			s.write(w, i)
		}
		w.begin(endPart, 0)
		for _, s := range x.shards {
			w.uint(uint64(s.gramLen))
		}
		w.end()
	}
}

// writeHead writes what the rest rests on, and returns the numbers of labels.
func (x *index) writeHead(w *writer, otherwise *language) map[*label]uint64 {
	w.begin(headPart, 0)
	w.uint(snapshotVersion)
	w.bool(x.wordsOnly)
	w.string(otherwise.tag)
	w.uint(uint64(len(x.entries)))
	names := make([]string, len(x.shards))
	for name, n := range x.audiences {
		names[n] = name
	}
	w.strings(names)
	numbers := make(map[*label]uint64)
	w.uint(uint64(len(x.labels)))
	for _, l := range x.labels {
		numbers[l] = uint64(len(numbers))
		w.strings([]string{l.source, l.tag, l.audience, l.language.tag})
		w.bool(l.private)
		w.bool(l.curated)
	}
	w.end()
	return numbers
}

// writeEntry writes a passage. What it has in common with the one before is
// written once.
func (x *index) writeEntry(w *writer, n uint32, labels map[*label]uint64) {
	e := &x.entries[n]
	o := e.origin
	w.string(e.id)
	w.string(e.text)
	w.uint(uint64(e.next + 1)) // zero for gone
	first, ok := x.first(o.document)
	w.bool(ok && first == n)
	w.uint(uint64(x.sizes[n].words))
	w.uint(uint64(x.sizes[n].title))
	w.bool(e.place != nil)
	if e.place != nil {
		w.strings(e.place.path)
		w.string(e.place.anchor)
	}
	vector := x.vectors.of(n)
	w.uint(uint64(len(vector)))
	for _, f := range vector {
		w.part = binary.LittleEndian.AppendUint32(w.part, math.Float32bits(f))
	}
	shared := n > 0 && x.entries[n-1].origin == o
	w.bool(shared)
	if shared {
		return
	}
	w.uint(labels[o.label])
	w.strings([]string{o.document, o.title, o.url})
	w.strings(o.keywords)
	w.bool(o.times != nil)
	if t := o.times; t != nil {
		w.time(t.from)
		w.time(t.until)
		w.time(t.updated)
	}
}

// write writes the lists and n-grams of a shard.
func (s *shard) write(w *writer, number int) {
	for id, l := range s.lists {
		w.begin(listPart, number)
		w.string(s.names[id])
		w.uint(uint64(len(l.postings)))
		last := posting(0)
		for _, p := range l.postings {
			w.uint(uint64(p - last))
			last = p
		}
	}
	w.end()
	for g, n := range s.grams.all() {
		w.begin(gramPart, number)
		w.uint(uint64(g))
		w.uint(uint64(n))
	}
	w.end()
}

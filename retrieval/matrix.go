package retrieval

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// Vectors are those of an index's passages, which all have one length unless
// the embedder has been changed. They stand in blocks, so that a search reads
// memory in a row and growing copies nothing.
type vectors struct {
	matrices map[int]*matrix // by length
	rows     []row           // by passage
}

// A row is where a passage's vector stands. Its length is zero without one.
type row struct{ length, number int32 }

// blockRows is how many vectors a block has room for.
const blockRows = 64

// A matrix holds vectors of one length.
type matrix struct {
	length int
	blocks [][]float32
	owners []uint32 // passages, by row; gone for a row that is free
	free   []int32
}

// set keeps a copy of a passage's vector in place of the one that it had. One
// with numbers that are none is not kept.
func (s *vectors) set(passage uint32, v []float32) {
	s.drop(passage)
	if len(v) == 0 || !finite(v) {
		return
	}
	if s.matrices[len(v)] == nil {
		if s.matrices == nil {
			s.matrices = make(map[int]*matrix)
		}
		s.matrices[len(v)] = &matrix{length: len(v)}
	}
	if lack := int(passage) + 1 - len(s.rows); lack > 0 {
		s.rows = append(s.rows, make([]row, lack)...)
	}
	s.rows[passage] = row{int32(len(v)), s.matrices[len(v)].add(passage, v)}
}

// of returns a passage's vector, nil without one. It is the caller's until the
// index changes.
func (s *vectors) of(passage uint32) []float32 {
	if int(passage) >= len(s.rows) || s.rows[passage].length == 0 {
		return nil
	}
	r := s.rows[passage]
	return s.matrices[int(r.length)].row(int(r.number))
}

// drop forgets a passage's vector. Its row is the next one's.
func (s *vectors) drop(passage uint32) {
	if s.of(passage) == nil {
		return
	}
	r := s.rows[passage]
	m := s.matrices[int(r.length)]
	m.owners[r.number] = gone
	if m.free = append(m.free, r.number); len(m.free) == len(m.owners) {
		delete(s.matrices, m.length)
	}
	s.rows[passage] = row{}
}

// renumber gives the vectors of n passages to those that moved names.
func (s *vectors) renumber(moved []uint32, n int) {
	if s.rows == nil {
		return
	}
	rows := make([]row, n)
	for passage, r := range s.rows {
		if r.length > 0 {
			rows[moved[passage]] = r
			s.matrices[int(r.length)].owners[r.number] = moved[passage]
		}
	}
	s.rows = rows
}

// add keeps a copy of a vector and returns its row.
func (m *matrix) add(passage uint32, v []float32) int32 {
	if n := len(m.free); n > 0 {
		r := m.free[n-1]
		m.free = m.free[:n-1]
		m.owners[r] = passage
		copy(m.row(int(r)), v)
		return r
	}
	r := len(m.owners)
	if r == len(m.blocks)*blockRows {
		m.blocks = append(m.blocks, make([]float32, blockRows*m.length))
	}
	m.owners = append(m.owners, passage)
	copy(m.row(r), v)
	return int32(r)
}

func (m *matrix) row(r int) []float32 {
	from := r % blockRows * m.length
	return m.blocks[r/blockRows][from : from+m.length]
}

// leastShare is how many rows make it worth another goroutine to search them.
const leastShare = 8192

// nearest returns the passages of which keep is true whose vectors have the
// greatest products with the one given, up to limit, best first. It looks at
// every row: exact, and as fast as memory is.
func (m *matrix) nearest(vector []float32, limit int, keep func(passage uint32) bool) []candidate {
	n := min(runtime.GOMAXPROCS(0), len(m.owners)/leastShare+1)
	parts := make([][]candidate, n)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() {
			parts[i] = m.nearestOf(i*len(m.owners)/n, (i+1)*len(m.owners)/n, vector, limit, keep)
		})
	}
	wg.Wait()
	found := slices.Concat(parts...)
	slices.SortFunc(found, byVector)
	return found[:min(len(found), limit)]
}

// nearestOf searches the rows from from up to to.
func (m *matrix) nearestOf(from, to int, vector []float32, limit int, keep func(passage uint32) bool) []candidate {
	var found []candidate // best first
	for r := from; r < to; r++ {
		c := candidate{passage: m.owners[r]}
		if c.passage == gone {
			continue
		}
		c.vector = dot(m.row(r), vector)
		full := len(found) == limit
		// Few get past the first question, so that who may see it is asked second.
		if full && c.vector <= found[limit-1].vector || !keep(c.passage) {
			continue
		}
		if full {
			found = found[:limit-1]
		}
		at, _ := slices.BinarySearchFunc(found, c, byVector)
		found = slices.Insert(found, at, c)
	}
	return found
}

// byVector orders by descending product.
func byVector(a, b candidate) int { return cmp.Compare(b.vector, a.vector) }

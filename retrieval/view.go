package retrieval

import (
	"slices"
	"time"
)

// A view is the index as one asker sees it: the passages of their audiences,
// and statistics of those alone.
type view struct {
	*index
	seen   []*shard // the visible ones
	shown  []bool   // by audience
	total  totals
	hidden []uint32    // in order
	near   []candidate // what the store found by a vector, nearest first

	vectorWeight float64 // of the vectors beside words and n-grams
}

// Totals are sums over the visible passages.
type totals struct {
	passages, length, title, gramLen int
	languages                        map[*language]int
}

// view returns the index as it is for an asker of the given audiences.
func (x *index) view(audiences []string) *view {
	v := &view{index: x, shown: make([]bool, len(x.shards))}
	v.shown[everybody] = true
	for _, a := range audiences {
		if n, ok := x.audiences[a]; ok {
			v.shown[n] = true
		}
	}
	v.total.languages = make(map[*language]int)
	for n, s := range x.shards {
		if !v.shown[n] || s.passages == 0 {
			continue
		}
		v.seen = append(v.seen, s)
		v.total.passages += s.passages
		v.total.length += s.length
		v.total.title += s.title
		v.total.gramLen += s.gramLen
		for l, k := range s.languages {
			v.total.languages[l] += k
		}
	}
	return v
}

// at returns the view that leaves out passages that do not hold at a time. They
// still count in the totals.
func (v *view) at(now time.Time) *view {
	w := *v
	w.hidden = slices.Clone(v.hidden)
	for n := range v.dated {
		if p := v.entries[n].passage(); !p.holds(now) {
			w.hidden = append(w.hidden, n)
		}
	}
	slices.Sort(w.hidden)
	return &w
}

// without returns the view that leaves a document's passages out of rankings.
// They still count in the totals.
func (v *view) without(document string) *view {
	w := *v
	w.hidden = slices.AppendSeq(slices.Clone(v.hidden), v.of(document))
	slices.Sort(w.hidden)
	return &w
}

// sees reports whether the asker may see a passage, and it is still there.
func (v *view) sees(passage uint32) bool {
	o := v.entries[passage].origin
	return o != nil && v.shown[o.shard] && !v.hides(passage)
}

// hides reports whether a passage is left out of rankings.
func (v *view) hides(passage uint32) bool {
	_, hidden := slices.BinarySearch(v.hidden, passage)
	return hidden
}

// count returns how many visible passages have a term, and how many have it in
// their title or path.
func (v *view) count(lists []*list) (passages, titles int) {
	for _, l := range lists {
		passages += len(l.postings)
		titles += int(l.titles)
		for _, n := range v.hidden {
			if p, ok := l.at(n); ok {
				passages--
				if p.title() > 0 {
					titles--
				}
			}
		}
	}
	return passages, titles
}

// lists returns the lists of a term in the visible shards.
func (v *view) lists(term string) []*list {
	var out []*list
	for _, s := range v.seen {
		if l := s.list(term); l != nil && len(l.postings) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// mean is the average over the visible passages of a sum over them.
func (v *view) mean(sum int) float64 {
	return float64(sum) / float64(max(1, v.total.passages))
}

// gramCount is the number of visible passages with the gram.
func (v *view) gramCount(g uint32) int {
	n := 0
	for _, s := range v.seen {
		n += int(s.grams.of(g))
	}
	return n
}

package retrieval

import "slices"

// A view is the index as one asker sees it: the passages of their audiences,
// and statistics of those alone.
type view struct {
	*index
	visible []bool   // by audience
	total   counts   // without grams
	hidden  []uint32 // in order
}

// view returns the index as it is for an asker of the given audiences.
func (x *index) view(audiences []string) *view {
	v := &view{index: x, visible: make([]bool, len(x.counts))}
	v.visible[everybody] = true
	for _, a := range audiences {
		if n, ok := x.audiences[a]; ok {
			v.visible[n] = true
		}
	}
	v.total.languages = make(map[*language]int)
	for n, c := range x.counts {
		if !v.visible[n] {
			continue
		}
		v.total.passages += c.passages
		v.total.length += c.length
		v.total.title += c.title
		v.total.gramLen += c.gramLen
		for l, k := range c.languages {
			v.total.languages[l] += k
		}
	}
	return v
}

// without returns the view that leaves a document's passages out of rankings.
// They still count in the statistics.
func (v *view) without(document string) *view {
	w := *v
	w.hidden = v.documents[document]
	return &w
}

// sees reports whether the asker may see a passage, and it is still there.
func (v *view) sees(passage uint32) bool {
	a := v.entries[passage].audience
	if a < 0 || !v.visible[a] {
		return false
	}
	if v.hidden == nil {
		return true
	}
	_, hidden := slices.BinarySearch(v.hidden, passage)
	return !hidden
}

// mean is the average over the visible passages of a sum over them.
func (v *view) mean(sum int) float64 {
	return float64(sum) / float64(max(1, v.total.passages))
}

// gramCount is the number of visible passages with the gram.
func (v *view) gramCount(g uint32) int {
	n := 0
	for i, c := range v.counts {
		if v.visible[i] {
			n += int(c.grams[g])
		}
	}
	return n
}

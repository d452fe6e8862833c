package retrieval

// A shard is the inverted index of one audience's passages, with statistics of
// those alone, so that passages an asker may not see do not weigh in their
// ranking: another audience's shard is not even looked at.
type shard struct {
	vocabulary
	lists     []list // by number of the term
	passages  int
	length    int // words in all
	title     int // words of titles and paths
	gramLen   int
	languages map[*language]int
	grams     gramCounts // passages by n-gram
}

// newShard returns an empty shard.
func newShard() *shard {
	return &shard{
		vocabulary: newVocabulary(),
		languages:  make(map[*language]int),
	}
}

// list returns the list of a term, nil for an unknown one.
func (s *shard) list(term string) *list {
	if id, ok := s.number(term); ok {
		return &s.lists[id]
	}
	return nil
}

// add appends a passage to the lists of its terms.
func (s *shard) add(n uint32, a *analysis) {
	for _, t := range a.terms {
		id := s.enter(t.term)
		if int(id) == len(s.lists) {
			s.lists = added(s.lists, list{})
		}
		s.lists[id].add(newPosting(n, t.all, t.title))
	}
	s.count(a, 1)
}

// remove takes a passage out of the lists of its terms.
func (s *shard) remove(n uint32, a *analysis) {
	for _, t := range a.terms {
		s.list(t.term).remove(n)
	}
	s.count(a, -1)
}

// count counts a passage in, or out where sign is -1.
func (s *shard) count(a *analysis, sign int) {
	s.passages += sign
	s.length += sign * a.length
	s.title += sign * a.title
	s.gramLen += sign * a.gramLen
	s.languages[a.language] += sign
	for _, g := range a.grams {
		s.grams.add(g, int32(sign))
	}
}

// compact gives passages their new numbers and forgets terms that none has.
func (s *shard) compact(moved []uint32) {
	old, lists := s.vocabulary, s.lists
	s.vocabulary, s.lists = newVocabulary(), nil
	for id, l := range lists {
		if len(l.postings) == 0 {
			continue
		}
		for i, p := range l.postings {
			l.postings[i] = posting(moved[p.passage()]<<6) | p&63
		}
		s.enter(old.names[id])
		s.lists = append(s.lists, l)
	}
}

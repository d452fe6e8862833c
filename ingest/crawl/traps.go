package crawl

import (
	"errors"
	"regexp"
	"strings"
)

// Limits on addresses that differ in little. A site has thousands of articles
// under one key of a query, but hardly under three.
const (
	maxQueries1 = 1000 // of one path, with one key
	maxQueries2 = 300  // with two
	maxQueries3 = 100  // with more
	maxDates    = 100  // of one calendar
	maxWasted   = 20   // queries of one path that led to the same text
	maxDepth    = 256  // links from the start
)

// Reasons for which one more address of its kind is not followed.
var (
	errQueries  = errors.New("its path has too many different queries, as filters or searches have")
	errCalendar = errors.New("it is one of very many dates, as a calendar has")
	errWasted   = errors.New("other queries of its path lead to the same text")
	errDepth    = errors.New("it is more than 256 links away from the start")
)

// traps counts the addresses of one site that may be made up without end.
type traps struct {
	queries map[string]int // by path and number of keys
	dates   map[string]int // by what stands before the date
	wasted  map[string]int // by path
}

// A calendarKey is a key of a query that names a day, or a value that is one;
// a calendarPath ends with a year and a month.
var (
	calendarKey  = regexp.MustCompile(`(?i)(^|[&_-])(year|month|week|day|date|cal|calendar|jahr|monat|mes|mois)[^=&]*=|=\d{4}-\d{1,2}(-\d{1,2})?(&|$)`)
	calendarPath = regexp.MustCompile(`(/|-)(19|2\d)\d\d[/-](0?[1-9]|1[0-2])([/-](0?[1-9]|[12]\d|3[01]))?/?$`)
)

// add counts an address, and returns why it is one too many.
func (t *traps) add(address string) error {
	if t.queries == nil {
		*t = traps{make(map[string]int), make(map[string]int), make(map[string]int)}
	}
	path, query, found := strings.Cut(address, "?")
	if !found {
		if at := calendarPath.FindStringIndex(path); at != nil {
			return count(t.dates, path[:at[0]], maxDates, errCalendar)
		}
		return nil
	}
	if t.wasted[path] >= maxWasted {
		return errWasted
	}
	if calendarKey.MatchString(query) {
		return count(t.dates, path, maxDates, errCalendar)
	}
	switch keys := strings.Count(query, "&") + 1; keys {
	case 1:
		return count(t.queries, path+"?", maxQueries1, errQueries)
	case 2:
		return count(t.queries, path+"?&", maxQueries2, errQueries)
	}
	return count(t.queries, path+"?&&", maxQueries3, errQueries)
}

// waste notes that an address had the text of another page.
func (t *traps) waste(address string) {
	if path, _, found := strings.Cut(address, "?"); found {
		t.wasted[path]++
	}
}

// count counts a key, and returns err once there are more than most.
func count(counts map[string]int, key string, most int, err error) error {
	if counts[key]++; counts[key] > most {
		return err
	}
	return nil
}

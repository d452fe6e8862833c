package extract

import (
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// listLevels is how many levels a list has: ECMA-376 part 1, 17.9.6.
const listLevels = 9

// A wordLevel says how the items of a level of a list are numbered.
type wordLevel struct {
	start   int    // the number of the first item
	format  string // "decimal", "bullet" and so on
	text    string // "%1.%2." with the numbers of the levels
	restart int    // the level, from one, above which numbers go on; -1 for the one above
}

// A wordList is a list as paragraphs name it. Lists of one kind count together.
type wordList struct {
	kind   string                // the identifier of the definition it is of
	levels [listLevels]wordLevel // as the definition has them, but for what differs
	starts map[int]int           // levels at which the list begins anew
}

// wordLists are the lists of a document, and how far each has come.
type wordLists struct {
	kinds  map[string][listLevels]wordLevel // abstractNum, by their identifiers
	lists  map[string]*wordList             // num, by their identifiers
	counts map[string]*[listLevels]int      // by kind; zero is before the first
	begun  map[string]bool                  // lists whose starts were applied
}

// readLists reads the numbering part: ECMA-376 part 1, 17.9. No part, no lists.
func readLists(pkg *ooxml.Package, part string) (*wordLists, error) {
	l := &wordLists{
		kinds: make(map[string][listLevels]wordLevel), lists: make(map[string]*wordList),
		counts: make(map[string]*[listLevels]int), begun: make(map[string]bool),
	}
	err := pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		switch e.Name.Local {
		case "abstractNum":
			levels, err := listKind(d)
			l.kinds[ooxml.Attr(e, "abstractNumId")] = levels
			return err
		case "num":
			return l.list(ooxml.Attr(e, "numId"), d)
		}
		return nil
	})
	return l, err
}

// listKind reads the levels of a definition. One that is not given has no numbers.
func listKind(d *ooxml.Decoder) (levels [listLevels]wordLevel, err error) {
	err = d.Children(func(e xml.StartElement) error {
		if e.Name.Local != "lvl" {
			return nil
		}
		i := levelNumber(e)
		levels[i], err = listLevel(d)
		return err
	})
	return levels, err
}

// levelNumber returns the level that an element is about, from zero, within those
// that there are.
func levelNumber(e xml.StartElement) int {
	n, err := strconv.Atoi(ooxml.Attr(e, "ilvl"))
	if err != nil {
		return 0
	}
	return max(0, min(n, listLevels-1))
}

// listLevel reads how the items of a level are numbered. What is not said is as
// ECMA-376 part 1, 17.9 has it: from zero, in digits, anew below each item above.
func listLevel(d *ooxml.Decoder) (wordLevel, error) {
	l := wordLevel{format: "decimal", restart: -1}
	err := d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "start":
			l.start = xmlNumber(e, 0)
		case "numFmt":
			l.format = ooxml.Attr(e, "val")
		case "lvlText":
			l.text = ooxml.Attr(e, "val")
		case "lvlRestart":
			l.restart = xmlNumber(e, -1)
		}
		return nil
	})
	return l, err
}

// list reads a list: its kind, and where it differs from that.
func (l *wordLists) list(id string, d *ooxml.Decoder) error {
	list := &wordList{starts: make(map[int]int)}
	err := d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			list.kind = ooxml.Attr(e, "val")
			list.levels = l.kinds[list.kind]
		case "lvlOverride":
			i := levelNumber(e)
			return d.Children(func(e xml.StartElement) (err error) {
				switch e.Name.Local {
				case "startOverride":
					list.starts[i] = xmlNumber(e, 0)
				case "lvl":
					list.levels[i], err = listLevel(d)
				}
				return err
			})
		}
		return nil
	})
	l.lists[id] = list
	return err
}

// mark counts an item and returns what it begins with: a bullet, its number with
// those of the levels above, or nothing. The levels below it begin anew, unless
// they say after which level they do (lvlRestart, ECMA-376 part 1, 17.9.10). An
// item of a list that is not declared has a bullet.
func (l *wordLists) mark(id string, level int) string {
	list := l.lists[id]
	if list == nil {
		return bulletMark
	}
	level = max(0, min(level, listLevels-1))
	counts := l.counts[list.kind]
	if counts == nil {
		counts = new([listLevels]int)
		l.counts[list.kind] = counts
	}
	l.begin(id, list, counts)
	counts[level]++
	for i := level + 1; i < listLevels; i++ {
		if r := list.levels[i].restart; r < 0 || r > level {
			counts[i] = 0
		}
	}
	switch list.levels[level].format {
	case "bullet":
		return bulletMark
	case "none":
		return ""
	}
	return list.number(level, counts)
}

// begin sets a list to where it begins anew, when it is first used: startOverride
// of ECMA-376 part 1, 17.9.26.
func (l *wordLists) begin(id string, list *wordList, counts *[listLevels]int) {
	if l.begun[id] {
		return
	}
	l.begun[id] = true
	for i, start := range list.starts {
		list.levels[i].start = start
		counts[i] = 0
	}
}

// number fills the numbers into the text of a level: "%1.%2." becomes "2.1. ". A
// level that no item was counted on yet shows its first number.
func (list *wordList) number(level int, counts *[listLevels]int) string {
	text := list.levels[level].text
	for i := range listLevels {
		l := list.levels[i]
		n := l.start + max(counts[i], 1) - 1
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), ordinal(n, l.format))
	}
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return text + " "
}

// ordinal writes a number in a format of ECMA-376 part 1, 17.18.59. What is not
// known is written in digits.
func ordinal(n int, format string) string {
	switch format {
	case "upperLetter":
		return strings.ToUpper(alphabetic(n))
	case "lowerLetter":
		return alphabetic(n)
	case "upperRoman":
		return strings.ToUpper(roman(n))
	case "lowerRoman":
		return roman(n)
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "bullet", "none":
		return ""
	}
	return strconv.Itoa(n)
}

// alphabetic numbers a to z, then aa to zz, and so on.
func alphabetic(n int) string {
	if n < 1 || n > 26*50 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
}

// roman writes 1 to 3999 in small letters, and what is beyond in digits.
func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := []string{"m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"}
	var b strings.Builder
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(signs[i])
		}
	}
	return b.String()
}

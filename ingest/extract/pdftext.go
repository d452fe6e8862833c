package extract

import (
	"context"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

const (
	// formCost is how many characters the showing of a form counts for, beside
	// the length of its content.
	formCost = 800
	// maxForms is how deeply forms may show forms.
	maxForms = 12
	// wordGap is the least gap between words, as a part of the font's size.
	wordGap = 0.17
	// cellGap is the least gap between the cells of a row.
	cellGap = 2
)

// A matrix is a transformation. See ISO 32000-1, 8.3.3.
type matrix [6]float64

// identity changes nothing.
var identity = matrix{1, 0, 0, 1, 0, 0}

// mul returns the matrix that applies m first and then n: ISO 32000-1, 8.3.4.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// A pdfLine is text on one baseline, in the order in which it was shown. What
// stands far apart is divided by tabs.
type pdfLine struct {
	text       string
	x, y, endX float64
	size       float64
}

// A pdfState is the part of the graphics state that bears on text. See
// ISO 32000-1, 8.4.1 and 9.3.
type pdfState struct {
	ctm, tm, line                        matrix
	font                                 *pdfFont
	size, charGap, wordGap, leading, ris float64
	scale                                float64
}

// A pdfText reads the text of pages, one after the other.
type pdfText struct {
	fonts map[int64]*pdfFont
	codes int // that fonts may still map to text or give a width
	left  int // characters that may still be shown; negative once passed
	shown int // characters that were shown, known or not

	lines   []pdfLine
	current strings.Builder
	at      pdfLine    // the line being gathered
	end     [2]float64 // where its last glyph ended
	dir     [2]float64 // its direction
}

// maxCodes is the most codes that the fonts of a document map to text or give a
// width.
const maxCodes = 1 << 19

func newPDFText(characters int) *pdfText {
	return &pdfText{fonts: make(map[int64]*pdfFont), codes: maxCodes, left: characters}
}

// page returns the lines of a page.
func (t *pdfText) page(ctx context.Context, page pdf.Value) []pdfLine {
	t.lines = nil
	base := identity
	switch page.Key("Rotate").Int64() {
	case 90, -270:
		base = matrix{0, -1, 1, 0, 0, 0}
	case 180, -180:
		base = matrix{-1, 0, 0, -1, 0, 0}
	case 270, -90:
		base = matrix{0, 1, -1, 0, 0, 0}
	}
	t.run(ctx, page, page.Key("Contents"), base, 0)
	t.endLine()
	return t.lines
}

// run interprets a content stream. What the parser's fault cuts off is lost,
// what came before it stays.
func (t *pdfText) run(ctx context.Context, owner, stream pdf.Value, base matrix, depth int) {
	defer func() { _ = recover() }()
	state := pdfState{ctm: base, tm: identity, line: identity, scale: 1}
	var saved []pdfState
	forms := owner.Key("Resources").Key("XObject")
	fonts := t.fontsOf(owner.Key("Resources").Key("Font"))
	pdf.Interpret(stream, func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		if t.left < 0 || len(args) < arity(op) {
			return
		}
		switch op {
		case "q":
			if len(saved) < 512 {
				saved = append(saved, state)
			}
		case "Q":
			if n := len(saved); n > 0 {
				state, saved = saved[n-1], saved[:n-1]
			}
		case "Tf":
			state.font = fonts(args[0].Name())
			state.size = args[1].Float64()
		case "Do":
			if form := forms.Key(args[0].Name()); form.Kind() == pdf.Stream && depth < maxForms {
				if t.left -= formCost + int(form.Key("Length").Int64()); ctx.Err() != nil {
					t.left = -1
				}
				t.run(ctx, form, form, matrixOf(form.Key("Matrix")).mul(state.ctm), depth+1)
			}
		default:
			t.operator(&state, op, args)
		}
	})
}

// arity returns how many operands an operator must have at least, zero for
// those that are not read.
func arity(op string) int {
	switch op {
	case "Tf", "Td", "TD":
		return 2
	case "cm", "Tm":
		return 6
	case "\"":
		return 3
	case "Do", "Tj", "TJ", "'", "Tc", "Tw", "Tz", "TL", "Ts":
		return 1
	}
	return 0
}

// operator applies an operator of a content stream: ISO 32000-1, 8.4.4 for the
// state, 9.3 for that of text, 9.4 for positions and strings.
func (t *pdfText) operator(s *pdfState, op string, args []pdf.Value) {
	switch op {
	case "cm":
		s.ctm = toMatrix(args).mul(s.ctm)
	case "BT":
		s.tm, s.line = identity, identity
	case "Tc":
		s.charGap = args[0].Float64()
	case "Tw":
		s.wordGap = args[0].Float64()
	case "Tz":
		s.scale = args[0].Float64() / 100
	case "TL":
		s.leading = args[0].Float64()
	case "Ts":
		s.ris = args[0].Float64()
	case "Td":
		s.move(args[0].Float64(), args[1].Float64())
	case "TD":
		s.leading = -args[1].Float64()
		s.move(args[0].Float64(), args[1].Float64())
	case "Tm":
		s.line = toMatrix(args)
		s.tm = s.line
	case "T*":
		s.move(0, -s.leading)
	case "Tj":
		t.show(s, args[0].RawString())
	case "'":
		s.move(0, -s.leading)
		t.show(s, args[0].RawString())
	case "\"":
		s.wordGap, s.charGap = args[0].Float64(), args[1].Float64()
		s.move(0, -s.leading)
		t.show(s, args[2].RawString())
	case "TJ":
		for i := range args[0].Len() {
			if e := args[0].Index(i); e.Kind() == pdf.String {
				t.show(s, e.RawString())
			} else {
				s.advance(-e.Float64() / 1000 * s.size * s.scale)
			}
		}
	}
}

// move begins a line at an offset from the beginning of the last one.
func (s *pdfState) move(x, y float64) {
	s.line = matrix{1, 0, 0, 1, x, y}.mul(s.line)
	s.tm = s.line
}

// advance goes on by x in the line.
func (s *pdfState) advance(x float64) {
	s.tm = matrix{1, 0, 0, 1, x, 0}.mul(s.tm)
}

func toMatrix(args []pdf.Value) matrix {
	var m matrix
	for i := range m {
		m[i] = args[len(args)-6+i].Float64()
	}
	return m
}

// matrixOf returns the matrix of an array, the identity for any other value.
func matrixOf(v pdf.Value) matrix {
	if v.Len() != 6 {
		return identity
	}
	var m matrix
	for i := range m {
		m[i] = v.Index(i).Float64()
	}
	return m
}

// show places the glyphs of a string.
func (t *pdfText) show(s *pdfState, raw string) {
	if s.font == nil {
		return
	}
	for len(raw) > 0 && t.left >= 0 {
		t.left--
		t.shown++
		code, n := s.font.next(raw)
		raw = raw[n:]
		width := s.font.width(code) * s.size
		start := matrix{s.size * s.scale, 0, 0, s.size, 0, s.ris}.mul(s.tm).mul(s.ctm)
		gap := s.charGap
		if n == 1 && code == ' ' {
			gap += s.wordGap
		}
		advance := (width + gap) * s.scale
		glyph := s.font.text(code)
		inked := matrix{1, 0, 0, 1, width * s.scale, s.ris}.mul(s.tm).mul(s.ctm)
		t.place(glyph, start, [2]float64{inked[4], inked[5]})
		s.advance(advance)
	}
}

// place adds a glyph to the line being gathered, with a space or a line end
// before it where there is a gap.
func (t *pdfText) place(glyph string, start matrix, end [2]float64) {
	size := math.Hypot(start[2], start[3])
	if glyph == "" || math.IsNaN(size) || math.IsInf(size, 0) {
		return
	}
	length := math.Hypot(start[0], start[1])
	dir := [2]float64{1, 0}
	if length > 0 {
		dir = [2]float64{start[0] / length, start[1] / length}
	}
	if t.current.Len() > 0 {
		dx, dy := start[4]-t.end[0], start[5]-t.end[1]
		along, across := dx*t.dir[0]+dy*t.dir[1], math.Abs(dy*t.dir[0]-dx*t.dir[1])
		unit := max(min(size, t.at.size), 0.1*max(size, t.at.size))
		switch {
		case across > 0.6*unit || dir[0]*t.dir[0]+dir[1]*t.dir[1] < 0.9 || along < -2*unit:
			t.endLine()
		case along > cellGap*unit:
			t.tab()
		case math.Abs(along) > wordGap*unit && (along > 0 || along < -0.6*unit):
			t.space()
		}
	}
	if t.current.Len() == 0 {
		if strings.TrimSpace(glyph) == "" {
			return
		}
		t.dir = dir
		t.at = pdfLine{x: start[4]*dir[0] + start[5]*dir[1], y: start[5]*dir[0] - start[4]*dir[1], size: size}
	}
	if glyph == " " {
		t.space()
	} else {
		t.current.WriteString(glyph)
	}
	t.end = end
	t.at.size = max(t.at.size, size)
}

func (t *pdfText) space() {
	if s := t.current.String(); !strings.HasSuffix(s, " ") {
		t.current.WriteByte(' ')
	}
}

// leader is what may stand far before the text of a line that is no row: a
// bullet or a number.
var leader = regexp.MustCompile(`^(?:\W{0,2}|\(?[\d.]{1,8}\)?|\w[.)])$`)

// tab ends a cell.
func (t *pdfText) tab() {
	if leader.MatchString(strings.TrimSpace(t.current.String())) {
		t.space()
		return
	}
	t.current.WriteByte('\t')
}

func (t *pdfText) endLine() {
	if text := strings.TrimSpace(t.current.String()); text != "" {
		t.at.text = strings.ToValidUTF8(text, "")
		t.at.endX = t.end[0]*t.dir[0] + t.end[1]*t.dir[1]
		t.lines = append(t.lines, t.at)
	}
	t.current.Reset()
}

// runes returns how many characters a line has.
func (l pdfLine) runes() int { return utf8.RuneCountInString(l.text) }

package numfmt

import (
	"math"
	"strings"
)

// Number returns v as the format shows it. With date1904, days count from 1904
// instead of 1900 (ECMA-376 part 1, 18.2.28). Space around the number is not kept.
// What is no number is shown as nothing, and what is no date as its number.
func (f Format) Number(v float64, date1904 bool) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	if len(f.sections) == 0 {
		return General(v)
	}
	s, negative := f.choose(v)
	var out string
	switch {
	case s.date:
		out = s.dateTime(v, date1904)
	default:
		if negative {
			v = math.Abs(v)
		}
		out = s.number(v)
	}
	return strings.TrimSpace(out)
}

// Exact returns v as it would be typed in: with all its digits, a percentage as
// one, a date or a time as an English (US) LibreOffice writes it.
func (f Format) Exact(v float64, date1904 bool) string {
	if len(f.sections) > 0 && f.sections[0].date {
		return f.sections[0].exactTime(v, date1904)
	}
	if len(f.sections) > 0 && f.sections[0].has(percent) {
		return plain(v*100, -15) + "%"
	}
	return plain(v, -15)
}

// Text returns text as the format shows it: by its section for text, which may
// surround the text or hide it. Without one the text is as it is.
func (f Format) Text(text string) string {
	if f.text == nil {
		return text
	}
	var b strings.Builder
	for _, t := range f.text.tokens {
		switch t.kind {
		case textual:
			b.WriteString(text)
		case general:
			b.WriteString(text)
		default:
			b.WriteString(t.text)
		}
	}
	return strings.TrimSpace(b.String())
}

// IsDate reports whether the format shows a number as a date or a time.
func (f Format) IsDate() bool {
	return len(f.sections) > 0 && f.sections[0].date
}

// choose returns the section for a value, and whether that section stands for
// negative numbers and so shows no sign of its own. Without conditions, the first
// of two sections is for numbers from zero on and the second for those below; of
// three, the third is for zero. With conditions the first that holds is taken,
// and where none does the last.
func (f Format) choose(v float64) (s section, negative bool) {
	for i, s := range f.sections {
		switch {
		case s.condition != "":
			if s.holds(v) {
				return s, i == 1 && v < 0 && f.sections[0].condition == ""
			}
		case i == 0 && len(f.sections) == 2 && v >= 0, i == 0 && v > 0:
			return s, false
		case i == 0 && len(f.sections) == 1:
			return s, false
		case i == 1 && v < 0:
			return s, true
		case i == 1 && len(f.sections) == 2 && f.sections[0].condition != "":
			return s, false
		case i == 2:
			return s, false
		}
	}
	return f.sections[len(f.sections)-1], false
}

// builtin are the codes of the formats that workbooks name by number only, as
// ECMA-376 part 1, 18.8.30 lists them, with the dates of an English (US) LibreOffice.
var builtin = [...]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
	5: `"$"#,##0_);\("$"#,##0\)`, 6: `"$"#,##0_);\("$"#,##0\)`,
	7: `"$"#,##0.00_);\("$"#,##0.00\)`, 8: `"$"#,##0.00_);\("$"#,##0.00\)`,
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "mm/dd/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
	37: `#,##0_);\(#,##0\)`, 38: `#,##0_);\(#,##0\)`, 39: `#,##0.00_);\(#,##0.00\)`, 40: `#,##0.00_);\(#,##0.00\)`,
	41: `_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)`, 42: `_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)`,
	43: `_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)`, 44: `_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)`,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}

// Builtin returns the code of a format that workbooks name by number only. It
// is empty for a number that stands for none, which is shown as General.
func Builtin(id int) string {
	if id < 0 || id >= len(builtin) {
		return ""
	}
	return builtin[id]
}

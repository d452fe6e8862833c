package numfmt

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxSerial is the day after the last, 31 December 9999.
const maxSerial = 2958466

// Time returns the time that a serial number stands for, in whole
// milliseconds, and whether there is one: days since the end of 1899, or since 1
// January 1904, with the time of day as their fraction (ECMA-376 part 1, 18.17.4).
// The 29 February 1900, which programs count although it never was, is given as
// the 28th.
func Time(serial float64, date1904 bool) (time.Time, bool) {
	if !(serial >= 0 && serial < maxSerial) {
		return time.Time{}, false
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case serial < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	day, part := math.Modf(serial)
	ms := time.Duration(math.Round(part*86400e3)) * time.Millisecond
	return epoch.AddDate(0, 0, int(day)).Add(ms), true
}

// dateTime shows a number as a date or a time. The letter "m" is for minutes behind
// hours and before seconds, else for months: ECMA-376 part 1, 18.8.31.
func (s section) dateTime(v float64, date1904 bool) string {
	sign := ""
	if v < 0 && s.has(elapsedTime) {
		sign, v = "-", -v
	}
	t, ok := Time(v, date1904)
	if !ok {
		return General(v)
	}
	t = t.Round(s.resolution())
	var b strings.Builder
	b.WriteString(sign)
	minutes := false // whether the next "m" means minutes
	for i, k := range s.tokens {
		switch k.kind {
		case dateTime:
			if k.text[0] == 'm' {
				minutes = minutes || s.beforeSeconds(i)
			}
			b.WriteString(s.datePart(t, k.text, minutes))
			minutes = k.text[0] == 'h'
		case elapsedTime:
			b.WriteString(elapsed(v, k.text))
			minutes = k.text[0] == 'h'
		case digit:
			b.WriteString(s.secondsPart(t, i))
		case point:
			if i+1 == len(s.tokens) || s.tokens[i+1].kind != digit || s.tokens[i+1].text != "0" {
				b.WriteByte('.')
			}
		case general:
		default:
			b.WriteString(k.text)
		}
	}
	return b.String()
}

// resolution returns the smallest time that the section shows, up to a second.
func (s section) resolution() time.Duration {
	d := time.Second
	for i, t := range s.tokens {
		if t.kind == digit && s.decimalOf(i) > 0 && d > time.Millisecond {
			d /= 10
		}
	}
	return d
}

// decimalOf returns which decimal of the seconds the digit at token i is, and
// zero if it is none.
func (s section) decimalOf(i int) int {
	for n := 1; i-n >= 0; n++ {
		switch t := s.tokens[i-n]; {
		case t.kind == point:
			return n
		case t.kind != digit:
			return 0
		}
	}
	return 0
}

// secondsPart returns the digit of the seconds that token i stands for, the first
// with the point before it. Milliseconds are the smallest that are shown.
func (s section) secondsPart(t time.Time, i int) string {
	n := s.decimalOf(i)
	switch {
	case n == 0 || n > 3:
		return s.tokens[i].text
	case n == 1:
		return "." + fmt.Sprintf("%03d", t.Nanosecond()/1e6)[:1]
	}
	return fmt.Sprintf("%03d", t.Nanosecond()/1e6)[n-1 : n]
}

// beforeSeconds reports whether the next part of a date after token i is of seconds.
func (s section) beforeSeconds(i int) bool {
	for _, t := range s.tokens[i+1:] {
		if t.kind == dateTime || t.kind == elapsedTime {
			return t.text[0] == 's'
		}
	}
	return false
}

// elapsed returns the whole hours, minutes or seconds that a number of days is, in
// at least as many digits as the code has letters. What is less than a millionth
// short of a whole one counts as it: days in binary fractions rarely are exact.
func elapsed(v float64, code string) string {
	unit := map[byte]float64{'h': 24, 'm': 24 * 60, 's': 24 * 60 * 60}[code[0]]
	n := strconv.FormatFloat(math.Floor(v*unit+1e-6), 'f', 0, 64)
	return strings.Repeat("0", max(0, min(len(code), 10)-len(n))) + n
}

// datePart returns the part of a date or a time that a run of letters stands for,
// in the language of [time.Month] and [time.Weekday].
func (s section) datePart(t time.Time, code string, minutes bool) string {
	n := len(code)
	switch code[0] {
	case 'y', 'e':
		if n <= 2 && code[0] == 'y' {
			return fmt.Sprintf("%02d", t.Year()%100)
		}
		return fmt.Sprintf("%04d", t.Year())
	case 'm':
		if minutes {
			return padded(t.Minute(), n)
		}
		return monthPart(t, n)
	case 'd':
		return dayPart(t, n)
	case 'h':
		if s.twelve() {
			return padded((t.Hour()+11)%12+1, n)
		}
		return padded(t.Hour(), n)
	case 's':
		return padded(t.Second(), n)
	case 'a':
		half := t.Format("PM")
		if n == len("a/p") {
			half = half[:1]
		}
		return half
	}
	return ""
}

// twelve reports whether hours are counted to twelve.
func (s section) twelve() bool {
	for _, t := range s.tokens {
		if t.kind == dateTime && t.text[0] == 'a' {
			return true
		}
	}
	return false
}

// padded returns a number, in two digits at least if the width is two.
func padded(v, width int) string {
	if width >= 2 {
		return fmt.Sprintf("%02d", v)
	}
	return strconv.Itoa(v)
}

// monthPart returns the month as "1", "01", "Jan", "January" or "J", for runs of one
// to five letters.
func monthPart(t time.Time, n int) string {
	switch name := t.Month().String(); n {
	case 1, 2:
		return padded(int(t.Month()), n)
	case 3:
		return name[:3]
	case 5:
		return name[:1]
	default:
		return name
	}
}

// dayPart returns the day as "9" or "09" for runs of one and two letters, and the day
// of the week for longer ones.
func dayPart(t time.Time, n int) string {
	switch n {
	case 1, 2:
		return padded(t.Day(), n)
	case 3:
		return t.Weekday().String()[:3]
	}
	return t.Weekday().String()
}

// exactTime returns a date or a time as an English (US) LibreOffice writes it to a
// text file: a time of day or an elapsed time where the format has no date, else the
// date, in the order of ISO 8601 where the format has that, with its time of day
// where it or the format has one.
func (s section) exactTime(v float64, date1904 bool) string {
	t, ok := Time(v, date1904)
	if !ok {
		return General(v)
	}
	if !date1904 && v < 60 {
		t = t.AddDate(0, 0, -1) // without the day that never was
	}
	t = t.Round(time.Second)
	const mostHours = 1<<15 - 1 // that are shown as elapsed
	switch {
	case !s.hasDate() && v < 1:
		return t.Format("03:04:05 PM")
	case !s.hasDate() && v*24 < mostHours:
		return elapsed(v, "hh") + t.Format(":04:05")
	}
	layout := "01/02/2006"
	if s.isISO() {
		layout = time.DateOnly
	}
	if s.hasTime() || t.Hour()+t.Minute()+t.Second() > 0 {
		layout += " 15:04:05"
	}
	return t.Format(layout)
}

// hasDate reports whether the section shows part of a date: a year, a day, or a
// month, which only words and a section without a time have.
func (s section) hasDate() bool {
	for _, t := range s.tokens {
		if t.kind == dateTime && (strings.IndexByte("ydeg", t.text[0]) >= 0 || t.text[0] == 'm' && len(t.text) > 2) {
			return true
		}
	}
	return !s.hasTime() && !s.has(elapsedTime)
}

// isISO reports whether the section shows a date as ISO 8601 does: year, month and
// day with hyphens between them.
func (s section) isISO() bool {
	var b strings.Builder
	for _, t := range s.tokens {
		switch {
		case t.kind == dateTime:
			b.WriteByte(t.text[0])
		case t.text != "":
			b.WriteString(t.text)
		}
	}
	return strings.HasPrefix(b.String(), "y-m-d")
}

// hasTime reports whether the section shows a time of day.
func (s section) hasTime() bool {
	for _, t := range s.tokens {
		if t.kind == dateTime && (t.text[0] == 'h' || t.text[0] == 's') {
			return true
		}
	}
	return false
}

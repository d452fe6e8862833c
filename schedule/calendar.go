package schedule

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Calendar answers when Hours are open. It goes by the wall clock: where
// clocks are put back, the repeated hour is open twice or not at all, and where
// they are put forward, the hour that is skipped is not made up for.
//
// A nil Calendar is always open. Methods may be called from many goroutines.
type Calendar struct {
	zone *time.Location
	open []span // in order, apart from each other
}

// A span is part of a week in minutes since Sunday, 0:00: [from, to).
type span struct{ from, to int }

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
)

// Calendar checks the hours and reports all their faults at once. Periods may
// overlap. Zones other than UTC come from the system's time zone database; a
// host that runs where there is none imports time/tzdata.
func (h Hours) Calendar() (*Calendar, error) {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "Local" {
		err = fmt.Errorf("schedule: zone %q is not a known IANA time zone", h.Zone)
	}
	faults := []error{err}
	var week []span
	for _, p := range h.Week {
		s, err := p.span()
		week, faults = append(week, s), append(faults, err)
	}
	week = union(week)
	switch {
	case h.Mode == Always || h.Mode == "":
		week = []span{{0, minutesPerWeek}}
	case h.Mode != During && h.Mode != Outside:
		faults = append(faults, fmt.Errorf("schedule: mode %q is none of %q, %q and %q", h.Mode, Always, During, Outside))
	case len(h.Week) == 0:
		faults = append(faults, fmt.Errorf("schedule: mode %q needs at least one period", h.Mode))
	case h.Mode == Outside:
		week = complement(week)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &Calendar{zone, week}, nil
}

// span checks the period.
func (p Period) span() (span, error) {
	from, okFrom := clock(p.From)
	to, okTo := clock(p.To)
	switch {
	case p.Day < time.Sunday || p.Day > time.Saturday:
		return span{}, fmt.Errorf("schedule: day %d is none of 0 (Sunday) to 6 (Saturday)", p.Day)
	case !okFrom || !okTo:
		return span{}, fmt.Errorf("schedule: period %q to %q on %v must be given as \"09:00\", and ends at \"24:00\" at the latest", p.From, p.To, p.Day)
	case from >= to:
		return span{}, fmt.Errorf("schedule: period %s to %s on %v is empty; one that passes midnight is two periods", p.From, p.To, p.Day)
	}
	day := int(p.Day) * minutesPerDay
	return span{day + from, day + to}, nil
}

// clock returns the minutes since midnight of "15:04".
func clock(s string) (int, bool) {
	if s == "24:00" {
		return minutesPerDay, true
	}
	// time.Parse takes "9:00" too, and the length tells them apart.
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

// union returns the spans in order, with those that overlap or touch made one.
func union(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// complement returns the rest of the week.
func complement(spans []span) []span {
	var out []span
	from := 0
	for _, s := range spans {
		if from < s.from {
			out = append(out, span{from, s.from})
		}
		from = s.to
	}
	if from < minutesPerWeek {
		out = append(out, span{from, minutesPerWeek})
	}
	return out
}

// Open reports whether t is within the hours.
func (c *Calendar) Open(t time.Time) bool {
	if c == nil {
		return true
	}
	minute := int(sinceSunday(t.In(c.zone)) / time.Minute)
	return slices.ContainsFunc(c.open, func(s span) bool { return s.from <= minute && minute < s.to })
}

// NextOpen returns the first time, not before t, that is within the hours: t
// itself if they are open then. It reports false if they never are.
func (c *Calendar) NextOpen(t time.Time) (time.Time, bool) {
	if c == nil {
		return t, true
	}
	if len(c.open) == 0 {
		return time.Time{}, false
	}
	for {
		local := t.In(c.zone)
		_, change := local.ZoneBounds()
		// Until the zone's next change, clocks run evenly.
		next := local.Add(c.wait(sinceSunday(local)))
		if change.IsZero() || next.Before(change) {
			return next, true
		}
		// There the offset is another, and the wait is reckoned anew.
		t = change
	}
}

// wait returns how long the hours stay closed at a time of the week.
func (c *Calendar) wait(now time.Duration) time.Duration {
	for _, s := range c.open {
		if now < time.Duration(s.to)*time.Minute {
			return max(0, time.Duration(s.from)*time.Minute-now)
		}
	}
	return time.Duration(minutesPerWeek+c.open[0].from)*time.Minute - now
}

// sinceSunday returns what the clocks and the calendar on the wall show.
func sinceSunday(local time.Time) time.Duration {
	h, m, s := local.Clock()
	return time.Duration(local.Weekday())*24*time.Hour + time.Duration(h)*time.Hour +
		time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(local.Nanosecond())
}

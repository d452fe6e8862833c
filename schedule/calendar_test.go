package schedule_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/schedule"
)

// office is open on weekdays, with a lunch break on Friday.
func office(mode schedule.Mode, zone string) schedule.Hours {
	return schedule.Hours{Mode: mode, Zone: zone, Week: []schedule.Period{
		{Day: time.Friday, From: "13:00", To: "17:00"},
		{Day: time.Friday, From: "09:00", To: "12:00"},
		{Day: time.Monday, From: "09:00", To: "17:00"},
		{Day: time.Monday, From: "16:00", To: "18:30"},
		{Day: time.Saturday, From: "22:00", To: "24:00"},
		{Day: time.Sunday, From: "00:00", To: "02:30"},
	}}
}

func calendar(t testing.TB, h schedule.Hours) *schedule.Calendar {
	t.Helper()
	c, err := h.Calendar()
	require.NoError(t, err)
	return c
}

func at(t testing.TB, zone, clock string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	out, err := time.ParseInLocation("2006-01-02 15:04", clock, loc)
	require.NoError(t, err)
	return out
}

func TestCalendarOpen(t *testing.T) {
	const zone = "Europe/Amsterdam"
	during, outside := calendar(t, office(schedule.During, zone)), calendar(t, office(schedule.Outside, zone))
	for _, tt := range []struct {
		clock    string
		open     bool
		nextOpen string
	}{
		{"2026-03-02 08:59", false, "2026-03-02 09:00"}, // a Monday
		{"2026-03-02 09:00", true, "2026-03-02 09:00"},
		{"2026-03-02 18:29", true, "2026-03-02 18:29"},
		{"2026-03-02 18:30", false, "2026-03-06 09:00"},
		{"2026-03-06 12:00", false, "2026-03-06 13:00"},
		{"2026-03-06 17:00", false, "2026-03-07 22:00"},
		{"2026-03-07 23:59", true, "2026-03-07 23:59"},
		{"2026-03-08 00:00", true, "2026-03-08 00:00"},
		{"2026-03-08 02:30", false, "2026-03-09 09:00"},
		{"2026-03-28 22:00", true, "2026-03-28 22:00"},
		{"2026-03-29 03:00", false, "2026-03-30 09:00"}, // 02:00 to 03:00 is skipped
	} {
		t.Run(tt.clock, func(t *testing.T) {
			now := at(t, zone, tt.clock)
			require.Equal(t, tt.open, during.Open(now))
			require.Equal(t, !tt.open, outside.Open(now))
			next, ok := during.NextOpen(now)
			require.True(t, ok)
			require.Equal(t, tt.nextOpen, next.Format("2006-01-02 15:04"))
		})
	}
}

// The hour from 02:00 to 03:00 comes twice on 2026-10-25, and not at all on
// 2026-03-29.
func TestCalendarChangeOfClocks(t *testing.T) {
	const zone = "Europe/Amsterdam"
	night := calendar(t, schedule.Hours{Mode: schedule.During, Zone: zone, Week: []schedule.Period{
		{Day: time.Sunday, From: "02:15", To: "02:45"}, {Day: time.Sunday, From: "12:00", To: "13:00"},
	}})
	twice := time.Date(2026, 10, 25, 0, 15, 0, 0, time.UTC)
	require.True(t, night.Open(twice), "02:15 in summer")
	require.False(t, night.Open(twice.Add(30*time.Minute)), "02:45 in summer")
	require.True(t, night.Open(twice.Add(time.Hour)), "02:15 in winter")
	next, _ := night.NextOpen(twice.Add(40 * time.Minute))
	require.Equal(t, twice.Add(time.Hour), next.UTC(), "closed at 02:55, open again at the second 02:15")
	next, _ = night.NextOpen(at(t, zone, "2026-03-29 01:00"))
	require.Equal(t, at(t, zone, "2026-03-29 12:00"), next, "the period that is skipped is not made up for")

	long := calendar(t, schedule.Hours{Mode: schedule.During, Zone: zone, Week: []schedule.Period{
		{Day: time.Sunday, From: "02:30", To: "04:00"},
	}})
	next, _ = long.NextOpen(at(t, zone, "2026-03-29 01:59"))
	require.Equal(t, time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), next.UTC(), "03:00 comes right after 01:59, and is in the period")
}

// The nil Calendar is that of Hours that nobody has set.
func TestCalendarAlways(t *testing.T) {
	now := time.Now()
	var none *schedule.Calendar
	for name, c := range map[string]*schedule.Calendar{
		"nil":    none,
		"zero":   calendar(t, schedule.Hours{}),
		"always": calendar(t, office(schedule.Always, "")),
	} {
		t.Run(name, func(t *testing.T) {
			require.True(t, c.Open(now))
			next, ok := c.NextOpen(now)
			require.True(t, ok)
			require.True(t, next.Equal(now))
		})
	}
}

// Outside of all hours there is nothing, and NextOpen must not look for ever.
func TestCalendarNever(t *testing.T) {
	h := schedule.Hours{Mode: schedule.Outside}
	for day := range time.Saturday + 1 {
		h.Week = append(h.Week, schedule.Period{Day: day, From: "00:00", To: "24:00"})
	}
	never := calendar(t, h)
	require.False(t, never.Open(time.Now()))
	_, ok := never.NextOpen(time.Now())
	require.False(t, ok)
}

func TestCalendarFaults(t *testing.T) {
	_, err := schedule.Hours{Mode: "sometimes", Zone: "Europe/Atlantis", Week: []schedule.Period{
		{Day: time.Monday, From: "9", To: "17:00"},
		{Day: time.Tuesday, From: "22:00", To: "06:00"},
		{Day: time.Wednesday, From: "09:00", To: "24:30"},
		{Day: 7, From: "09:00", To: "17:00"},
	}}.Calendar()
	for _, fault := range []string{
		`mode "sometimes"`, `zone "Europe/Atlantis"`, `period "9" to "17:00" on Monday`,
		"period 22:00 to 06:00 on Tuesday is empty", `"24:30" on Wednesday`, "day 7",
	} {
		require.ErrorContains(t, err, fault)
	}
	for _, h := range []schedule.Hours{{Mode: schedule.During}, {Mode: schedule.Outside}} {
		_, err := h.Calendar()
		require.ErrorContains(t, err, "needs at least one period")
	}
	_, err = schedule.Hours{Zone: "Local"}.Calendar()
	require.Error(t, err, "the zone of the machine is not an IANA name")
}

// In any zone, around any change of its clocks, the wall clock alone decides,
// and NextOpen finds the first minute at which Open is true.
func TestCalendarProperties(t *testing.T) {
	zones := []string{
		"Europe/Amsterdam", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe",
		"Pacific/Apia", "Pacific/Chatham", "Asia/Kathmandu", "Asia/Tehran", "Africa/Casablanca", "Africa/Cairo",
		"Antarctica/Troll", "America/Havana", "Asia/Gaza", "Europe/Dublin", "Asia/Kolkata", "UTC",
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		now := time.Unix(rapid.Int64Range(946684800, 2145916800).Draw(t, "second"), 0).In(loc)
		if _, change := now.ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near a change") {
			now = change.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, "minutes")) * time.Minute)
		}
		periods := rapid.SliceOfN(rapid.Custom(newPeriod), 1, 6).Draw(t, "week")
		mode := rapid.SampledFrom([]schedule.Mode{schedule.During, schedule.Outside}).Draw(t, "mode")
		c, err := schedule.Hours{Mode: mode, Zone: zone, Week: periods}.Calendar()
		require.NoError(t, err)

		wall := now.In(loc).Format("15:04")
		within := false
		for _, p := range periods {
			within = within || p.Day == now.In(loc).Weekday() && p.From <= wall && wall < p.To
		}
		require.Equal(t, within == (mode == schedule.During), c.Open(now), "the wall clock decides")

		next, ok := c.NextOpen(now)
		require.True(t, ok)
		require.True(t, c.Open(next))
		require.False(t, next.Before(now))
		require.Equal(t, c.Open(now), next.Equal(now))
		for probe := next.Add(-time.Second); !probe.Before(now); probe = probe.Add(-7 * time.Minute) {
			require.False(t, c.Open(probe), "nothing earlier is open")
		}
	})
}

// newPeriod draws any period of a day, to the minute and up to 24:00.
func newPeriod(t *rapid.T) schedule.Period {
	from := rapid.IntRange(0, 1439).Draw(t, "from")
	to := rapid.IntRange(from+1, 1440).Draw(t, "to")
	clock := func(m int) string {
		if m == 1440 {
			return "24:00"
		}
		return time.Date(2000, 1, 1, 0, m, 0, 0, time.UTC).Format("15:04")
	}
	return schedule.Period{
		Day:  time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")),
		From: clock(from), To: clock(to),
	}
}

package schedule_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/schedule"
)

func TestEvery(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 34, 56, 0, time.UTC)
	hourly := schedule.Every(time.Hour)
	require.Equal(t, time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC), hourly.Next(now))
	require.Equal(t, time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC), hourly.Next(hourly.Next(now)))
	require.True(t, schedule.Every(0).Next(now).IsZero(), "never due")
	require.True(t, schedule.Every(-time.Hour).Next(now).IsZero(), "never due")
}

func TestWeekly(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	require.NoError(t, err)
	sunday := schedule.Weekly(time.Sunday, 2, 30, zone)
	for _, tt := range []struct{ from, want string }{
		{"2026-03-16 00:00", "2026-03-22 02:30"},
		{"2026-03-22 02:29", "2026-03-22 02:30"},
		{"2026-03-22 02:30", "2026-03-29 03:30"}, // 02:30 is skipped
		{"2026-03-29 03:30", "2026-04-05 02:30"},
		{"2026-10-18 02:30", "2026-10-25 02:30"}, // comes twice
	} {
		require.Equal(t, tt.want, sunday.Next(at(t, "Europe/Amsterdam", tt.from)).Format("2006-01-02 15:04"))
	}
	twice := sunday.Next(at(t, "Europe/Amsterdam", "2026-10-18 02:30"))
	require.Equal(t, "2026-11-01 02:30", sunday.Next(twice).Format("2006-01-02 15:04"), "a repeated time counts once")
	require.Equal(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		schedule.Weekly(time.Monday, 9, 0, nil).Next(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), "no zone is UTC")
}

func TestJitter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 34, 56, 0, time.UTC)
	sunday := schedule.Weekly(time.Sunday, 3, 0, nil)
	seen := map[time.Time]bool{}
	for _, key := range []string{"a", "b", "c", "https://example.com/help"} {
		s := schedule.Jitter(sunday, key, 6*time.Hour)
		due := s.Next(now)
		late := due.Sub(sunday.Next(now.Add(-6 * time.Hour)))
		require.GreaterOrEqual(t, late%(7*24*time.Hour), time.Duration(0))
		require.Less(t, late%(7*24*time.Hour), 6*time.Hour)
		require.Equal(t, due, schedule.Jitter(sunday, key, 6*time.Hour).Next(now), "the same in every process")
		require.Equal(t, due.AddDate(0, 0, 7), s.Next(due), "each stays at its time")
		require.Equal(t, due, s.Next(due.Add(-time.Nanosecond)))
		seen[due] = true
	}
	require.Greater(t, len(seen), 2, "not all at once")
	require.Equal(t, sunday.Next(now), schedule.Jitter(sunday, "a", 0).Next(now))
	require.True(t, schedule.Jitter(schedule.Every(0), "a", time.Hour).Next(now).IsZero(), "never due")
}

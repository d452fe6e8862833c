package credits

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Periods follow each other without gap or overlap, each within a month or two,
// and begin on the day of the start or on the last of a shorter month.
func TestPeriodProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"", "Europe/Amsterdam", "America/Sao_Paulo", "Pacific/Apia", "Asia/Gaza"}).Draw(t, "zone")
		start := time.Unix(rapid.Int64Range(0, 1<<31).Draw(t, "start"), 0)
		cycle, err := Plan{Monthly: 1, Start: start, Zone: zone}.cycle()
		require.NoError(t, err)
		now := start.Add(time.Duration(rapid.Int64Range(0, 1<<27).Draw(t, "seconds")) * time.Second)

		from, to := cycle.period(now)
		require.False(t, now.Before(from), "a time is not before its period")
		require.True(t, now.Before(to), "a time is before the end of its period")
		nextFrom, _ := cycle.period(to)
		require.Equal(t, to, nextFrom, "the next period begins where one ends")
		_, lastTo := cycle.period(from.Add(-1))
		require.Equal(t, from, lastTo, "the last period ends where one begins")
		if day, want := from.Day(), cycle.start.Day(); day != want {
			require.Less(t, day, want)
			require.NotEqual(t, from.Month(), from.AddDate(0, 0, 1).Month(), "the last day of a shorter month")
		}
	})
}

func TestNoPeriodBeforeTheStart(t *testing.T) {
	start := time.Date(2026, 3, 15, 18, 0, 0, 0, time.UTC)
	cycle, err := Plan{Monthly: 1, Start: start}.cycle()
	require.NoError(t, err)
	from, to := cycle.period(start.AddDate(0, 0, -1))
	require.Zero(t, from)
	require.Equal(t, start.Truncate(24*time.Hour), to)
}

package schedule_test

import (
	"testing"
	"time"

	"github.com/frontdesk-go/frontdesk/schedule"
)

func BenchmarkCalendarOpen(b *testing.B) {
	c := calendar(b, office(schedule.During, "Europe/Amsterdam"))
	now := time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.Open(now)
	}
}

func BenchmarkCalendarNextOpen(b *testing.B) {
	c := calendar(b, office(schedule.During, "Europe/Amsterdam"))
	now := time.Date(2026, 3, 6, 17, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.NextOpen(now)
	}
}

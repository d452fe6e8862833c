package schedule

import (
	"hash/fnv"
	"time"
)

// Every returns a Schedule with a fixed interval. It is due at the multiples
// of d since the zero time, so that all processes agree: Every(time.Hour) is
// due on the hour, UTC. It is never due if d is not positive.
func Every(d time.Duration) Schedule {
	return ScheduleFunc(func(t time.Time) time.Time {
		if d <= 0 {
			return time.Time{}
		}
		return t.Truncate(d).Add(d)
	})
}

// Weekly returns a Schedule that is due once a week by the wall clock of the
// zone, UTC if nil. A time that the clocks skip moves as time.Date moves it,
// and one that they repeat counts once.
func Weekly(day time.Weekday, hour, minute int, zone *time.Location) Schedule {
	if zone == nil {
		zone = time.UTC
	}
	return ScheduleFunc(func(t time.Time) time.Time {
		local := t.In(zone)
		y, m, d := local.Date()
		// This may lie up to six days back, from where the loop goes on by weeks.
		d += int(day - local.Weekday())
		for {
			if due := time.Date(y, m, d, hour, minute, 0, 0, zone); due.After(t) {
				return due
			}
			d += 7
		}
	})
}

// Jitter returns a Schedule that is due after s is, by a part of most that
// depends on the key alone: jobs of one schedule and different keys are not all
// due at once, and each stays at its time. It is s itself if most is not
// positive.
func Jitter(s Schedule, key string, most time.Duration) Schedule {
	if most <= 0 {
		return s
	}
	h := fnv.New64a()
	h.Write([]byte(key))
	late := time.Duration(h.Sum64() % uint64(most))
	return ScheduleFunc(func(t time.Time) time.Time {
		due := s.Next(t.Add(-late))
		if due.IsZero() {
			return due
		}
		return due.Add(late)
	})
}

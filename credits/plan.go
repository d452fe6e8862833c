package credits

import (
	"errors"
	"fmt"
	"time"
)

// A Plan is a monthly allowance. It is granted once per period, and what is
// then left of the last period expires: nothing rolls over. A change of the
// plan counts from the next period. The zero Plan grants nothing, and then
// nothing expires.
type Plan struct {
	// Monthly is what each period grants.
	Monthly Amount `json:"monthly,omitempty"`
	// Start is the day of the first period. Each later period begins at
	// midnight of the same day of the month, or of the month's last day where
	// the month is shorter. The zero time means the first day of each month.
	Start time.Time `json:"start,omitzero"`
	// Zone is the IANA name of the zone whose midnight counts. Empty means UTC.
	Zone string `json:"zone,omitempty"`
}

// A cycle is a Plan that was checked.
type cycle struct {
	monthly Amount
	start   time.Time // the first midnight
	zone    *time.Location
}

// cycle checks the plan and reports all its faults.
func (p Plan) cycle() (cycle, error) {
	var faults []error
	if p.Monthly < 0 {
		faults = append(faults, fmt.Errorf("credits: Plan.Monthly is %v, and an allowance cannot be negative", p.Monthly))
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "Local" {
		faults = append(faults, fmt.Errorf("credits: Plan.Zone %q is not a known IANA time zone", p.Zone))
		zone = time.UTC
	}
	// The zero time has no local day: west of Greenwich it is a 31st.
	y, m, d := 1, time.January, 1
	if !p.Start.IsZero() {
		y, m, d = p.Start.In(zone).Date()
	}
	return cycle{p.Monthly, time.Date(y, m, d, 0, 0, 0, 0, zone), zone}, errors.Join(faults...)
}

// period returns the period that t is in, from inclusive, to exclusive. From is
// the zero time before the first period, and always if there is no allowance.
func (c cycle) period(t time.Time) (from, to time.Time) {
	switch {
	case c.monthly == 0:
		return time.Time{}, time.Time{}
	case t.Before(c.start):
		return time.Time{}, c.start
	}
	y, m, _ := t.In(c.zone).Date()
	// The month's reset day is still to come.
	if from = c.reset(y, m); t.Before(from) {
		return c.reset(y, m-1), from
	}
	return from, c.reset(y, m+1)
}

// reset returns the beginning of the period that begins in the month.
func (c cycle) reset(y int, m time.Month) time.Time {
	// Day 0 of the next month is the last one of this.
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, c.zone).Day()
	return time.Date(y, m, min(c.start.Day(), last), 0, 0, 0, 0, c.zone)
}

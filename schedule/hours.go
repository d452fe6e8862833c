// Package schedule knows working hours and runs recurring jobs.
package schedule

import "time"

// A Mode says how hours are meant.
type Mode string

// The modes.
const (
	Always  Mode = "always"  // open at all times; the zero value means the same
	During  Mode = "during"  // open within the periods
	Outside Mode = "outside" // open whenever the periods are not
)

// Hours are working hours as data. The zero value is always open.
type Hours struct {
	Mode Mode `json:"mode,omitempty"`
	// Zone is an IANA name, such as "Europe/Amsterdam". Empty means UTC.
	Zone string `json:"zone,omitempty"`
	// Week holds the periods, several a day where wanted, in any order.
	Week []Period `json:"week,omitempty"`
}

// A Period is part of a day, by the wall clock of its zone: [From, To).
type Period struct {
	Day time.Weekday `json:"day"`
	// From and To are "15:04"; To may be "24:00".
	From string `json:"from"`
	To   string `json:"to"`
}

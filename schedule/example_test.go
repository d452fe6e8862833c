package schedule_test

import (
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/schedule"
)

func ExampleHours() {
	office, err := schedule.Hours{
		Mode: schedule.During,
		Zone: "Europe/Amsterdam",
		Week: []schedule.Period{
			{Day: time.Monday, From: "09:00", To: "17:30"},
			{Day: time.Friday, From: "09:00", To: "12:00"},
		},
	}.Calendar()
	if err != nil {
		panic(err)
	}
	friday := time.Date(2026, 3, 27, 15, 0, 0, 0, time.UTC)
	fmt.Println(office.Open(friday))
	next, _ := office.NextOpen(friday)
	fmt.Println(next)
	// Output:
	// false
	// 2026-03-30 09:00:00 +0200 CEST
}

package handoff_test

import (
	"encoding/json"
	"fmt"

	"github.com/frontdesk-go/frontdesk/handoff"
)

func ExampleTest_Ask() {
	var c handoff.Condition
	err := json.Unmarshal([]byte(`{"all": [
		{"fact": "channel", "in": ["email", "livechat"]},
		{"stems": ["complain"]},
		{"not": {"fact": "customer.tier", "in": ["trial"]}}
	]}`), &c)
	if err != nil {
		fmt.Println(err)
		return
	}
	test, err := handoff.NewTest(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	known := map[string]any{"channel": "email", "text": "I have a complaint."}
	facts := func(name string) (any, bool) { v, ok := known[name]; return v, ok }
	fmt.Println(test.Ask(facts) == handoff.Maybe, test.Why(facts))
	known["customer.tier"] = "gold"
	fmt.Println(test.Ask(facts) == handoff.Yes, test.Why(facts))
	// Output:
	// true customer.tier is not known
	// true channel is email and the text has "complain" and customer.tier is gold
}

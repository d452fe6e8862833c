package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/console"
	"github.com/frontdesk-go/frontdesk/channel"
)

// The console is mounted behind the host's own sign-in, which also says under
// which name its people answer.
func Example() {
	desk, err := agent.New(agent.Config{Knowledge: shelf{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	pages, err := console.New(console.Config{
		Agent:  desk,
		Person: func(r *http.Request) string { name, _, _ := r.BasicAuth(); return name },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/desk/", http.StripPrefix("/desk", pages))

	turn, err := desk.Reply(context.Background(), channel.Message{Text: "Can I talk to a person?"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"", "Mia"} {
		r := httptest.NewRequest("POST", "/desk/conversations/"+turn.Conversation+"/reply", strings.NewReader("message=1&text=Hello"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(name, "")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Printf("%q: %d\n", name, w.Code)
	}
	conv, err := desk.Conversation(context.Background(), turn.Conversation)
	fmt.Println(conv.Owner, conv.Person, err)
	// Output:
	// "": 403
	// "Mia": 303
	// person Mia <nil>
}

package visitor_test

import (
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/visitor"
)

func Example() {
	key := visitor.Key{ID: "2026-03", Secret: []byte("at least 32 random bytes, a secret")}
	now := time.Now()

	// The host, on a page for somebody who is signed in:
	token, err := visitor.Sign(key, "shop.example.com", visitor.Visitor{
		Party: channel.Party{ID: "42", Name: "Ada", Email: "ada@example.com"},
	}, now, time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}

	// The channel that is given it:
	verifier, err := visitor.NewVerifier(visitor.Config{Keys: []visitor.Key{key}, Audience: "shop.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := verifier.Verify(token, now)
	fmt.Println(who.Name, who.Trust, err)
	// Output: Ada signed <nil>
}

package handoff_test

import (
	"strings"
	"testing"
)

func BenchmarkTriggersMatch(b *testing.B) {
	triggers := newTriggers(b)
	for name, text := range map[string]string{
		"question": "Hello, I ordered the blue tent two weeks ago and it still has not arrived. Where is the parcel now?",
		"noun":     "Hello, I ordered a tent for one person two weeks ago and my agent says it still has not arrived.",
		"request":  "Hello, this does not help me. Can I please talk to a real person?",
		"long":     strings.Repeat("Hello, I ordered the blue tent for one person and it still has not arrived. ", 130),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				triggers.Match(text)
			}
		})
	}
}

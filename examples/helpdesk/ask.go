package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/examples/internal/models"
)

// An answered question, as -json prints it.
type answered struct {
	Decision  agent.Kind         `json:"decision"`
	Answer    string             `json:"answer"`
	Citations []channel.Citation `json:"citations"`
	Score     float64            `json:"score"`
	Milli     float64            `json:"ms"`
	Rule      string             `json:"rule"`
	Reason    string             `json:"reason"`
}

// ask answers one question and keeps nothing.
func ask(ctx context.Context, o options) error {
	model, _, err := models.Pick(o.model)
	if err != nil {
		return err
	}
	settings, err := readSettings(o)
	if err != nil {
		return err
	}
	settings.Price = 0
	l, err := newLibrary(ctx, o, home{})
	if err != nil {
		return err
	}
	defer l.extractor.Close()
	if err := l.open(ctx, func() {}); err != nil {
		return err
	}
	desk, err := agent.New(agent.Config{Settings: settings, Knowledge: l.knowledge, Model: model, Log: o.log()})
	if err != nil {
		return err
	}
	began := time.Now()
	turn, err := desk.Reply(ctx, channel.Message{Text: o.ask})
	if err != nil {
		return err
	}
	took := time.Since(began)
	if o.json {
		return json.NewEncoder(o.stdout).Encode(answered{
			turn.Decision.Kind, turn.Text, append([]channel.Citation{}, turn.Citations...), turn.Decision.Score,
			float64(took.Microseconds()) / 1000, turn.Decision.Rule, turn.Decision.Reason,
		})
	}
	fmt.Fprintln(o.stdout, turn.Text)
	for _, c := range turn.Citations {
		fmt.Fprintf(o.stdout, "  [%s] %s\n", c.Title, place(c))
	}
	if o.verbose {
		fmt.Fprintf(o.stderr, "\n%s", turn.Decision)
	}
	return nil
}

// place says where a citation leads: its address, or its file and heading.
func place(c channel.Citation) string {
	switch {
	case c.URL != "":
		return c.URL
	case c.Anchor != "":
		return c.Source + "#" + c.Anchor
	}
	return c.Source
}

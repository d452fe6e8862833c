// Package frontdesk is the root of a library for customer agents in Go: an AI
// agent, embedded in your process, that answers customers from your own content
// with citations, over your channels, and passes to people what it should not
// answer. It needs no key, no server and no service; each part can be replaced
// by one of yours.
//
// The module is seven packages, to be used together or alone:
//
//   - agent: the engine. Start here, with agent.New and Agent.Reply.
//   - retrieval: finds the passages that answer a question, and says how likely
//     it is that they do.
//   - ingest: brings files, web sites and short answers into a knowledge base
//     and keeps them in step.
//   - channel: how messages come in and go out; livechat is one.
//   - handoff: when and to whom a conversation is passed on.
//   - credits: what the agent spends, in a ledger that sums to zero.
//   - schedule: working hours and recurring jobs.
//
// An agent over a folder of help pages, composed of the defaults:
//
//	knowledge, err := retrieval.New(ctx, retrieval.Config{})
//	pipeline, err := ingest.New(ingest.Config{Knowledge: knowledge, Extractor: extract.New(nil)})
//	report, err := pipeline.Sync(ctx, files.New(os.DirFS("help"), nil))
//	desk, err := agent.New(agent.Config{
//		Knowledge: knowledge,
//		Store:     tenant.Conversations(), // SQLite, by agent/sqlstore
//		Channels:  []agent.Channel{chat},  // a browser, by channel/livechat
//	})
//	err = desk.Run(ctx)
//
// Run "go run ./examples/helpdesk" in a clone to talk to one.
package frontdesk

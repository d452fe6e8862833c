// Package agent is a customer agent that lives inside its host's process. It
// answers customers from a company's own content with citations, asks back,
// and passes to people what it should not answer.
//
// The model proposes and code decides: who may speak, whether there is
// evidence, which action may run, what is sent and what is charged are plain
// Go over state that can be inspected. A model that obeys every hostile text in
// its context still cannot cross them.
//
// # An agent in four lines
//
//	knowledge, err := retrieval.New(ctx, retrieval.Config{})
//	err = knowledge.Add(ctx, documents...)
//	desk, err := agent.New(agent.Config{Knowledge: knowledge})
//	turn, err := desk.Reply(ctx, channel.Message{Text: "How do I return it?"})
//
// [Agent.Reply] answers in the calling goroutine. [Agent.Run] serves channels:
// each message is stored before it is acknowledged, a burst of messages becomes
// one [Turn], and what the turn decides, says and changes is committed in one
// transaction, after which the answer is delivered.
//
// # A turn
//
// A turn is a list of steps: gate, identify, triggers, guidelines, retrieve,
// decide, until one of them decides; then generate, with the actions that the
// model proposes, and guard, or route to people; then the goals, which may add a
// question (see [Goal]); and in the end settle, the charge. The [Decision] is
// stored with the turn and says which step and rule decided, and on what
// evidence.
//
// # Parts
//
// Everything a host may replace is an interface of a few methods, on one page
// in ports.go, with a default here or below: the memory stores of this package
// and sqlstore for SQLite, [Extractive] and langchain for the [Model], package
// retrieval for the [Retriever]. Package agenttest proves one of your own.
package agent

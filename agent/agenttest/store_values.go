package agenttest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// valueClauses prove that what goes in comes out. They fill the types by
// reflection, so that a field added to one of them is proven too.
func valueClauses() []clause {
	return []clause{
		{"every field of what is stored comes back as it was", keepsEveryField},
		{"nothing returned or passed in is kept or changed by the Store", sharesNothing},
		{"any text comes back as it was", keepsText},
		{"attachments come back as they were", keepsAttachments},
		{"a zero time comes back as zero, and any other as the same instant", keepsTimes},
	}
}

// fill sets every field that v leads to, to values that differ: those of one
// start share none with those of another that is far enough.
func fill(v reflect.Value, start *int) error {
	*start++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(at(*start)))
		return nil
	case json.RawMessage:
		v.SetBytes(fmt.Appendf(nil, `{"n":%d}`, *start))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *start))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*start))
	case reflect.Uint8:
		v.SetUint(uint64(*start % 256))
	case reflect.Float64:
		v.SetFloat(float64(*start) + 0.1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), start)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		return fillAll(v.Len(), v.Index, start)
	case reflect.Struct:
		return fillAll(v.NumField(), v.Field, start)
	default:
		return fmt.Errorf("agenttest: cannot fill a %s", v.Type())
	}
	return nil
}

// fillAll fills n parts of a value.
func fillAll(n int, part func(i int) reflect.Value, start *int) error {
	for i := range n {
		if err := fill(part(i), start); err != nil {
			return err
		}
	}
	return nil
}

// filledMessage returns a filled message that Receive takes.
func filledMessage(s *subject, start int) channel.Message {
	var m channel.Message
	s.ok(fill(reflect.ValueOf(&m).Elem(), &start))
	m.Author = channel.Customer
	return m
}

// filledCommit returns a filled commit for a conversation.
func filledCommit(s *subject, c agent.Conversation, start int) agent.Commit {
	var commit agent.Commit
	s.ok(fill(reflect.ValueOf(&commit).Elem(), &start))
	filled := &commit.Conversation
	// These say which conversation the commit is for.
	filled.ID, filled.Channel, filled.Thread, filled.Epoch = c.ID, c.Channel, c.Thread, c.Epoch
	for i := range commit.Messages {
		// A state that is filled with a text is none.
		commit.Messages[i].Delivery.State = agent.Sent
	}
	commit.Records[0].Conversation, commit.Records[1].Conversation = c.ID, c.ID
	commit.Turn.Conversation = c.ID
	return commit
}

// requireStored fails unless the newest of a conversation's data is what the
// commit brought.
func (s *subject) requireStored(commit agent.Commit) {
	s.t.Helper()
	want := commit.Conversation
	want.Epoch++
	s.equal(want, s.conversation(want.ID))
	messages := s.messages(want.ID)
	messages = messages[len(messages)-2:]
	records := s.records(want.ID)
	records = records[len(records)-2:]
	for i := range 2 {
		commit.Messages[i].Seq, commit.Messages[i].Conversation = messages[i].Seq, want.ID
		commit.Records[i].Seq = records[i].Seq
	}
	s.equal(commit.Messages, messages)
	s.equal(commit.Records, records)
	turns := collect(s, s.Turns(s.ctx(), want.ID))
	s.equal(*commit.Turn, turns[len(turns)-1])
}

// keepsEveryField reads the first message again after the commit, which brings
// values of its own for every field.
func keepsEveryField(s *subject) {
	in := message("t", "m", 0)
	in.Message = filledMessage(s, 0)
	r := s.receive(in)
	s.equal(in.Message, s.messages(r.Conversation)[0].Message)
	s.equal(in.Message.From, s.conversation(r.Conversation).Customer)
	commit := filledCommit(s, s.conversation(r.Conversation), 1000)
	s.commit(commit)
	s.requireStored(commit)
	s.equal(in.Message, s.messages(r.Conversation)[0].Message)
}

// sharesNothing overwrites in place what went in and what came out, and looks
// whether the Store has noticed.
func sharesNothing(s *subject) {
	in := message("t", "m", 0)
	in.Message = filledMessage(s, 0)
	r := s.receive(in)
	commit := filledCommit(s, s.conversation(r.Conversation), 1000)
	commit.Messages[1].Delivery.State = agent.Pending
	commit.Messages[1].Delivery.Next = time.Time{}
	s.commit(commit)
	before := s.written()

	start := 5000
	s.ok(scribble(reflect.ValueOf(&in), &start))
	s.ok(scribble(reflect.ValueOf(&commit), &start))
	s.equal(before, s.written())
	seen := s.all()
	s.ok(scribble(reflect.ValueOf(&seen), &start))
	s.equal(before, s.written())

	c := claim("w", 1_000_000)
	c.Conversation, c.Recent = r.Conversation, 1
	w, m := s.claim(c), s.take(c)
	before = s.written()
	s.ok(scribble(reflect.ValueOf(&w), &start))
	s.ok(scribble(reflect.ValueOf(&m), &start))
	s.equal(before, s.written())
}

// written returns all that is stored in a form that shares nothing with it.
func (s *subject) written() string {
	s.t.Helper()
	text, err := json.MarshalIndent(s.all(), "", " ")
	s.ok(err)
	return string(text)
}

// scribble overwrites all that v leads to in place.
func scribble(v reflect.Value, start *int) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return scribble(v.Elem(), start)
	case reflect.Slice:
		for i := range v.Len() {
			if err := scribble(v.Index(i), start); err != nil {
				return err
			}
		}
		return nil
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			return nil
		}
		for i := range v.NumField() {
			if err := scribble(v.Field(i), start); err != nil {
				return err
			}
		}
		return nil
	}
	return fill(v, start)
}

// keepsText takes texts through every kind of column, as a key too: databases
// differ in null bytes, quoting, normal forms and the order of letters.
func keepsText(s *subject) {
	for i, text := range []string{
		"", " ", "\n", "two\r\nlines", "quote ' \" ` ; -- ? $1 :x @y %s",
		"null \x00 inside", "\x00", "\\u0000", "<script>&amp;</script>",
		"größer 你好 שלום 👩‍👩‍👧", "combining e\u0301, bidi \u202e, zero\u200bwidth", "\u2028\ufffd\U0010ffff",
		strings.Repeat("very long, ", 10_000),
	} {
		in := message(fmt.Sprint("thread", i, text), fmt.Sprint("id", i, text), i)
		in.NewID = fmt.Sprint("c", i, text)
		in.Message.Text, in.Message.From.Name, in.Record.Detail = text, text, text
		r := s.receive(in)
		s.equal(in.Message, s.messages(r.Conversation)[0].Message)
		s.equal(text, s.records(r.Conversation)[0].Detail)
		s.equal(true, s.receive(in).Duplicate)
		c := s.conversation(in.NewID)
		s.equal(text, c.Customer.Name)
		c.Team, c.Memory.Asking = text, text
		s.commit(agent.Commit{Conversation: c, At: at(i), Turn: &agent.Turn{ID: fmt.Sprint(i), Conversation: c.ID, Text: text}})
		s.equal(text, s.conversation(c.ID).Team)
		s.equal(text, s.conversation(c.ID).Memory.Asking)
		s.equal(text, collect(s, s.Turns(s.ctx(), c.ID))[0].Text)
	}
}

// keepsAttachments has bytes that are no text, and a file without any.
func keepsAttachments(s *subject) {
	in := message("t", "m", 0)
	every := make([]byte, 1<<20)
	for i := range every {
		every[i] = byte(i ^ i>>8)
	}
	in.Message.Attachments = []channel.Attachment{
		{Name: "every byte.bin", MediaType: "application/octet-stream", Data: every},
		{Name: "../empty", MediaType: "text/plain"},
	}
	r := s.receive(in)
	s.equal(in.Message, s.messages(r.Conversation)[0].Message)
	s.equal(in.Message, s.claim(claim("w", 0)).Messages[0].Message)
}

// keepsTimes compares instants: the zone need not come back. One is before 1970,
// where a time that is stored as a number is negative.
func keepsTimes(s *subject) {
	zone := time.FixedZone("somewhere", -7*3600)
	for i, want := range []time.Time{
		{}, at(0), at(0).Truncate(time.Second), at(0).In(zone),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(2199, 1, 1, 0, 0, 0, 1, time.UTC),
	} {
		in := message(fmt.Sprint(i), fmt.Sprint(i), 0)
		in.Message.At, in.At, in.Record.At = want, want, want
		r := s.receive(in)
		c := s.conversation(r.Conversation)
		m := answer("a")
		m.At, m.Delivery.Next = want, want
		c.Due = want
		s.commit(agent.Commit{Conversation: c, At: at(0), Messages: []agent.Message{m}, Turn: &agent.Turn{ID: "t", Started: want}})
		c = s.conversation(r.Conversation)
		messages := s.messages(c.ID)
		for _, got := range []time.Time{
			messages[0].At, messages[1].At, messages[1].Delivery.Next, c.Due, c.OpenedAt, c.ActiveAt,
			s.records(c.ID)[0].At, collect(s, s.Turns(s.ctx(), c.ID))[0].Started,
		} {
			require.True(s.t, want.Equal(got), "%s: %s became %s", s.says, want, got)
		}
	}
}

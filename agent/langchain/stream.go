package langchain

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// maxLine is the longest line of a stream in bytes. langchaingo reads none
// that are longer.
const maxLine = 64 << 10

// A stream is the body of a reply in server-sent events, as the protocols of
// OpenAI and Anthropic have them: one JSON object in each data line. Reading it
// fails on what langchaingo would pass over: an event with an error, data that
// is not JSON, and an end before the protocol's own. The pieces of tool calls,
// which langchaingo joins wrongly, are held back and come whole at the end.
type stream struct {
	body   io.ReadCloser
	in     *bufio.Reader
	header http.Header // of the request
	out    []byte      // read, and not yet delivered
	err    error       // of the read after out
	calls  toolCalls
	// ended says that the protocol's end was read, and that nothing more is read
	// of the body. Close may be called while another goroutine reads.
	ended atomic.Bool
}

// newStream returns the stream of a reply to a request with the header.
func newStream(body io.ReadCloser, header http.Header) *stream {
	return &stream{body: body, in: bufio.NewReaderSize(body, maxLine), header: header}
}

// drainTime is the longest that Close waits for the rest of a body.
const drainTime = 100 * time.Millisecond

// Close closes the body. Behind the protocol's end it reads the connection's
// first, since a connection whose body was not read to its end is not used
// again, and langchaingo stops reading at the protocol's.
func (s *stream) Close() error {
	if s.ended.Load() {
		late := time.AfterFunc(drainTime, func() { _ = s.body.Close() })
		_, _ = io.CopyN(io.Discard, s.body, maxLine) // not s.in, whose buffer a reader may still have
		late.Stop()
	}
	return s.body.Close()
}

// Read delivers whole lines.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		if s.out, s.err = s.next(); s.err == io.EOF {
			s.ended.Store(true)
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// next returns the next line, or what stands for it. What it returns is valid
// until the next call. The end of the protocol comes with io.EOF, and an end of
// the connection before it is io.ErrUnexpectedEOF.
func (s *stream) next() ([]byte, error) {
	// The line stays in the reader's buffer, which bounds it: a server that sends
	// no line break costs maxLine and no more.
	line, err := s.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, fmt.Errorf("a line of the stream has more than %d bytes", maxLine)
	case err == io.EOF && len(line) == 0:
		return nil, io.ErrUnexpectedEOF
	case err != nil && err != io.EOF:
		return nil, err
	}
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	if data = bytes.TrimSpace(data); !ok || len(data) == 0 {
		return line, nil
	}
	// OpenAI's last line, which is no JSON. The calls must come before it.
	if string(data) == "[DONE]" {
		return append(s.calls.lines(), line...), io.EOF
	}
	return s.event(line, data)
}

// An event is what concerns a stream of the data of one. Anthropic's events
// have a Type, OpenAI's have Choices; both have Error in place of these.
type event struct {
	Type    string
	Error   json.RawMessage
	Choices []struct {
		Delta struct {
			ToolCalls []toolDelta `json:"tool_calls"`
		}
		FinishReason string `json:"finish_reason"`
	}
}

// event returns the line of an event, or what stands for it. The last one of
// Anthropic's protocol comes with io.EOF.
func (s *stream) event(line, data []byte) ([]byte, error) {
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, errors.New("the data of the stream is not JSON of the protocol")
	}
	switch {
	case e.Type == "error" || len(e.Error) > 0 && string(e.Error) != "null":
		return nil, &StatusError{Status: http.StatusOK, Message: redact(message(data), s.header)}
	case e.Type == "message_stop":
		return line, io.EOF
	case len(e.Choices) == 0:
		return line, nil
	}
	// Only the first choice: the agent asks for one answer.
	if e.Choices[0].FinishReason != "" {
		s.calls.finish = e.Choices[0].FinishReason
	}
	if len(e.Choices[0].Delta.ToolCalls) == 0 {
		return line, nil
	}
	s.calls.add(e.Choices[0].Delta.ToolCalls)
	return withoutToolCalls(data)
}

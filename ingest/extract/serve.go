package extract

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"runtime/debug"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/process"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Child and Serve exchange frames: four bytes of length, big end first, and as
// many bytes. A request is a frame of JSON, frames with the content, and an
// empty one at its end. The answer is a frame of JSON.
type (
	request struct {
		Memory int64
		Item   wireItem
	}
	// wireItem is an ingest.Item without what cannot be sent.
	wireItem struct{ ID, Name, MediaType, URL string }
	answer   struct {
		Document retrieval.Document
		Fault    string // the name of a sentinel, "" for none of them
		Message  string // "" if there is a document
	}
)

// maxFrame is the largest frame, in bytes.
const maxFrame = 256 << 20

// outOfMemory is what the runtime, or the race detector, says of memory
// or a thread that the system refuses.
var outOfMemory = regexp.MustCompile(`out of memory|cannot allocate memory|failed to allocate|pthread_create failed`)

// sentinels are the errors that keep their identity on their way.
var sentinels = map[string]error{
	"unsupported": ingest.ErrUnsupported,
	"no text":     ingest.ErrNoText,
	"too large":   ingest.ErrTooLarge,
	"malformed":   ingest.ErrMalformed,
	"encrypted":   ingest.ErrEncrypted,
	"late":        context.DeadlineExceeded,
}

// A wireError is an error that another process returned.
type wireError struct {
	message string
	kind    error
}

// Error implements error.
func (e wireError) Error() string { return e.message }

// Unwrap returns the sentinel, nil if it is none of this module's.
func (e wireError) Unwrap() error { return e.kind }

type (
	brokenError struct{ error } // there will be no answer
	readError   struct{ error } // of the content's reader
)

// Serve reads files for a [Child], one after the other, until r ends. It limits
// the memory of the whole process to what the Child allows: call it in a process
// that does nothing else.
func Serve(ctx context.Context, r io.Reader, w io.Writer, e ingest.Extractor) error {
	return serve(ctx, r, w, e, limitMemory)
}

func serve(ctx context.Context, r io.Reader, w io.Writer, e ingest.Extractor, limit func(int64)) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	for limited := false; ; limited = true {
		var q request
		if err := readJSON(in, &q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("extract: reading a request: %w", err)
		}
		if !limited {
			limit(q.Memory)
		}
		content := &frames{in: in}
		a := extractOne(ctx, e, q.Item, content)
		if _, err := io.Copy(io.Discard, content); err != nil {
			return fmt.Errorf("extract: reading the content: %w", err)
		}
		if err := errors.Join(writeJSON(out, a), out.Flush()); err != nil {
			return fmt.Errorf("extract: writing the answer: %w", err)
		}
		tidy(q.Memory)
	}
}

// limitMemory makes the collector work towards three quarters of the limit, and
// an allocation that would pass it by far fail at once.
func limitMemory(n int64) {
	debug.SetMemoryLimit(n / 4 * 3)
	_ = process.LimitMemory(n) // the Child watches as well
}

// tidy gives memory back after a file that took much, for the next one.
func tidy(limit int64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if int64(m.HeapSys-m.HeapReleased) > limit/4 {
		debug.FreeOSMemory()
	}
}

func extractOne(ctx context.Context, e ingest.Extractor, item wireItem, r io.Reader) answer {
	doc, err := e.Extract(ctx, ingest.Item{ID: item.ID, Name: item.Name, MediaType: item.MediaType, URL: item.URL}, r)
	if err == nil {
		return answer{Document: doc}
	}
	a := answer{Message: err.Error()}
	for name, kind := range sentinels {
		if errors.Is(err, kind) {
			a.Fault = name
		}
	}
	return a
}

// A server is a process that runs Serve.
type server struct {
	process *process.Process
	in      *bufio.Reader
	out     *bufio.Writer
	files   int // it was asked to read
}

func newServer(p *process.Process) *server {
	return &server{process: p, in: bufio.NewReader(p.Out), out: bufio.NewWriterSize(p.In, 64<<10)}
}

// ask has a file read. A brokenError says that the process is of no more use.
func (s *server) ask(item ingest.Item, memory int64, r io.Reader) (retrieval.Document, error) {
	s.files++
	q := request{Memory: memory, Item: wireItem{item.ID, item.Name, item.MediaType, item.URL}}
	if err := errors.Join(writeJSON(s.out, q), writeContent(s.out, r), s.out.Flush()); err != nil {
		return retrieval.Document{}, brokenError{err}
	}
	var a answer
	if err := readJSON(s.in, &a); err != nil {
		return retrieval.Document{}, brokenError{err}
	}
	if a.Message != "" {
		return retrieval.Document{}, wireError{a.Message, sentinels[a.Fault]}
	}
	return a.Document, nil
}

// writeContent writes r as frames, with the empty one at its end.
func writeContent(w io.Writer, r io.Reader) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if err := writeFrame(w, buffer[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return writeFrame(w, nil)
		}
		if err != nil {
			return readError{err}
		}
	}
}

func writeFrame(w io.Writer, data []byte) error {
	if err := binary.Write(w, binary.BigEndian, uint32(len(data))); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

func writeJSON(w io.Writer, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(w, data)
}

// frameSize reads the length of the next frame.
func frameSize(r io.Reader) (int, error) {
	var n uint32
	if err := binary.Read(r, binary.BigEndian, &n); err != nil {
		return 0, err
	}
	if n > maxFrame {
		return 0, fmt.Errorf("a frame of %d bytes", n)
	}
	return int(n), nil
}

func readJSON(r io.Reader, v any) error {
	n, err := frameSize(r)
	if err != nil {
		return err
	}
	limited := io.LimitReader(r, int64(n))
	if err := json.NewDecoder(limited).Decode(v); err != nil {
		return fmt.Errorf("a frame without JSON: %w", err)
	}
	_, err = io.Copy(io.Discard, limited)
	return err
}

// frames reads the content of a request.
type frames struct {
	in   io.Reader
	left int
	end  bool
}

// Read implements [io.Reader].
func (f *frames) Read(p []byte) (int, error) {
	for f.left == 0 && !f.end {
		n, err := frameSize(f.in)
		if err != nil {
			return 0, noEOF(err)
		}
		f.left, f.end = n, n == 0
	}
	if f.end {
		return 0, io.EOF
	}
	n, err := f.in.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, noEOF(err)
}

// noEOF makes the end of the stream in the middle of a request a fault.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

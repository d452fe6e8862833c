package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// maxLine is the longest line of a file, in bytes.
const maxLine = 64 << 20

// lines yields the lines of a file with their numbers. An error ends it.
func lines(path string) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(line{}, err)
			return
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		// The Scanner's own limit of 64 kB is less than some documents have.
		s.Buffer(nil, maxLine)
		for n := 1; s.Scan(); n++ {
			if len(s.Bytes()) > 0 && !yield(line{path, n, s.Bytes()}, nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(line{}, fmt.Errorf("%s: %w", path, err))
		}
	}
}

// A line is a line of a file. Its text is valid until the next.
type line struct {
	path   string
	number int
	text   []byte
}

// errorf returns an error that names the file and the line.
func (l line) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", l.path, l.number, fmt.Errorf(format, args...))
}

// decode reads the JSON object of a line.
func (l line) decode(v any) error {
	if err := json.Unmarshal(l.text, v); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return l.errorf("the JSON object is cut off")
		}
		return l.errorf("not a JSON object of the expected form: %w", err)
	}
	return nil
}

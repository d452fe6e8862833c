package shortanswer

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// maxList is the most bytes that a list may have.
const maxList = 32 << 20

// Read reads a list of answers: a JSON array of them, or CSV whose first row
// names the columns as the fields of the JSON are named. CSV may be separated
// by commas or semicolons, divides the ways to ask by "|", and gives times as
// 2026-12-24 or as in RFC 3339; a day in Until is the last that counts. An
// answer without ID gets one made of its question. The error names the line of
// every fault.
func Read(r io.Reader) ([]Answer, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxList+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxList {
		return nil, fmt.Errorf("shortanswer: the list has more than %d MiB", maxList>>20)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	var answers []Answer
	if bytes.HasPrefix(data, []byte("[")) {
		answers, err = readJSON(data)
	} else {
		answers, err = readCSV(data)
	}
	if err != nil {
		return nil, err
	}
	for i := range answers {
		if answers[i].ID == "" {
			sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(answers[i].Question), " "))))
			answers[i].ID = hex.EncodeToString(sum[:6])
		}
	}
	return answers, nil
}

func readJSON(data []byte) ([]Answer, error) {
	var answers []Answer
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&answers); err != nil {
		line := 1 + bytes.Count(data[:d.InputOffset()], []byte("\n"))
		return nil, fmt.Errorf("shortanswer: line %d: %w", line, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("shortanswer: there is something after the list")
	}
	return answers, nil
}

// columns are those of a list in CSV, and how each fills an answer.
func columns() map[string]func(a *Answer, cell string) error {
	text := func(field func(a *Answer) *string) func(*Answer, string) error {
		return func(a *Answer, cell string) error { *field(a) = cell; return nil }
	}
	return map[string]func(a *Answer, cell string) error{
		"id":       text(func(a *Answer) *string { return &a.ID }),
		"question": text(func(a *Answer) *string { return &a.Question }),
		"answer":   text(func(a *Answer) *string { return &a.Answer }),
		"url":      text(func(a *Answer) *string { return &a.URL }),
		"audience": text(func(a *Answer) *string { return &a.Audience }),
		"language": text(func(a *Answer) *string { return &a.Language }),
		"from":     func(a *Answer, cell string) error { return parseTime(&a.From, cell, 0) },
		"until":    func(a *Answer, cell string) error { return parseTime(&a.Until, cell, 1) },
		"also": func(a *Answer, cell string) error {
			for way := range strings.SplitSeq(cell, "|") {
				if way = strings.TrimSpace(way); way != "" {
					a.Also = append(a.Also, way)
				}
			}
			return nil
		},
	}
}

func readCSV(data []byte) ([]Answer, error) {
	r := csv.NewReader(bytes.NewReader(data))
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	head, err := r.Read()
	if err == io.EOF {
		return nil, errors.New("shortanswer: the list is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("shortanswer: %w", err)
	}
	known := columns()
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
		if known[head[i]] == nil {
			return nil, fmt.Errorf("shortanswer: line 1: there is no column %q: use id, question, also, answer, url, audience, language, from and until", name)
		}
	}
	if !slices.Contains(head, "question") || !slices.Contains(head, "answer") {
		return nil, errors.New("shortanswer: line 1: the columns question and answer are required")
	}
	return readRows(r, head)
}

// readRows reads what follows the names of the columns.
func readRows(r *csv.Reader, head []string) ([]Answer, error) {
	known := columns()
	var answers []Answer
	var faults []error
	for {
		row, err := r.Read()
		if err == io.EOF {
			return answers, errors.Join(faults...)
		}
		if err != nil {
			return nil, fmt.Errorf("shortanswer: %w", err) // it names the line
		}
		line, _ := r.FieldPos(0)
		var a Answer
		for i, cell := range row {
			if err := known[head[i]](&a, strings.TrimSpace(cell)); err != nil {
				faults = append(faults, fmt.Errorf("shortanswer: line %d: %s: %w", line, head[i], err))
			}
		}
		answers = append(answers, a)
	}
}

// parseTime reads a time, or a day with days added to it, in UTC.
func parseTime(to *time.Time, cell string, days int) error {
	if cell == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, cell)
	if err == nil {
		*to = day.AddDate(0, 0, days)
		return nil
	}
	if *to, err = time.Parse(time.RFC3339, cell); err != nil {
		return fmt.Errorf("%q is no time: write it as 2026-12-24 or 2026-12-24T18:00:00+01:00", cell)
	}
	return nil
}

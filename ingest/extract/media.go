package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/process"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Segment is what is said in a part of a film or a recording.
type Segment struct {
	// Start and End are counted from the beginning.
	Start, End time.Duration
	Text       string
}

// A Transcriber turns speech into text. Package extract/transcribe has one.
type Transcriber interface {
	// Transcribe returns what is said, in its order. The name tells the format of
	// the audio by its extension. The language is a BCP 47 tag, or empty to have
	// it found out. It may be called from many goroutines.
	Transcribe(ctx context.Context, audio io.Reader, name, language string) ([]Segment, error)
}

// peekSize is how much of an item is looked at to know media.
const peekSize = 64

// isMedia reports whether a film or a recording begins here, by the marks of
// its container: MP4 and QuickTime, WebM and Matroska, AVI, MPEG.
func isMedia(head []byte) bool {
	switch {
	case len(head) >= 12 && bytes.Equal(head[:4], []byte("RIFF")):
		return bytes.Equal(head[8:12], []byte("AVI "))
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")), // EBML
		bytes.HasPrefix(head, []byte("\x00\x00\x01\xba")), // a pack of MPEG
		bytes.HasPrefix(head, []byte("\x00\x00\x01\xb3")): // a sequence of MPEG
		return true
	case len(head) >= 12:
		return isBoxed(head) && head[0] == 0
	}
	return false
}

// isBoxed reports whether MP4 or QuickTime begins here.
func isBoxed(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	switch string(head[4:8]) {
	case "ftyp", "moov", "mdat", "wide", "free", "skip":
		return true
	}
	return false
}

// media reads films and recordings: their subtitles, else what is said in
// them. Each passage leads to its time by its anchor, "t=95" for a minute and 35
// seconds. See https://www.w3.org/TR/media-frags/#naming-time.
func (e *Extractor) media(ctx context.Context, item ingest.Item, r *bufio.Reader) (retrieval.Document, error) {
	head, _ := r.Peek(peekSize)
	boxed := isBoxed(head)
	name, err := spool(io.LimitReader(r, e.opts.MaxMedia+1))
	if err != nil {
		return retrieval.Document{}, err
	}
	defer os.Remove(name)
	if info, err := os.Stat(name); err != nil {
		return retrieval.Document{}, err
	} else if info.Size() > e.opts.MaxMedia {
		return retrieval.Document{}, fmt.Errorf("%w: more than %d bytes", ingest.ErrTooLarge, e.opts.MaxMedia)
	}
	f := film{opts: e.opts, item: item, path: name, boxed: boxed}
	segments, err := f.segments(ctx)
	if err != nil {
		return retrieval.Document{}, err
	}
	o := newOutline(e.opts.MaxText)
	spoken(o, segments)
	return o.document()
}

// A film is a film or a recording in a file.
type film struct {
	opts  Options
	item  ingest.Item
	path  string
	boxed bool // it is MP4 or QuickTime
}

// segments returns the subtitles, else the speech. The error says what was
// missing.
func (f film) segments(ctx context.Context) ([]Segment, error) {
	if f.boxed {
		segments, err := readMP4(f.path, f.opts.MaxText)
		if err != nil && !errors.Is(err, ingest.ErrMalformed) || len(segments) > 0 {
			return segments, err
		}
	}
	missing := []string{"it has no subtitles that can be read"}
	if f.opts.FFmpeg != "" {
		if segments, err := f.subtitles(ctx); err != nil || len(segments) > 0 {
			return segments, err
		}
	} else if !f.boxed {
		missing = append(missing, "subtitles of this kind of file need ffmpeg (Options.FFmpeg)")
	}
	if f.opts.Transcriber == nil {
		missing = append(missing, "speech needs a transcriber (Options.Transcriber)")
		return nil, fmt.Errorf("%w: %s", ingest.ErrNoText, strings.Join(missing, "; "))
	}
	return f.transcribe(ctx)
}

// ffmpegLimits are those of ffmpeg; ctx limits its time.
var ffmpegLimits = process.Limits{Memory: 1 << 30}

// subtitles has ffmpeg write the first subtitles, none if there are none.
func (f film) subtitles(ctx context.Context) ([]Segment, error) {
	out := &limited{left: int64(f.opts.MaxText)}
	err := process.Run(ctx, []string{f.opts.FFmpeg, "-nostdin", "-v", "error", "-i", "file:" + f.path, "-map", "0:s:0", "-f", "srt", "-"}, ffmpegLimits, nil, out)
	if process.Ended(err) {
		return nil, nil // ffmpeg fails where no subtitles are, or none of text
	}
	if err != nil {
		return nil, f.fault(err)
	}
	return parseSubtitles(decode(out.kept.Bytes())), nil
}

func (f film) fault(err error) error {
	if errors.Is(err, process.ErrMemory) || errors.Is(err, errOutput) {
		return fmt.Errorf("%w: ffmpeg: %w", ingest.ErrTooLarge, err)
	}
	return fmt.Errorf("extract: running ffmpeg: %w", err)
}

// transcribe gives the sound to the transcriber, or the file as it is where
// there is no ffmpeg to take the sound out of it.
func (f film) transcribe(ctx context.Context) ([]Segment, error) {
	path, name := f.path, f.item.Name
	if f.opts.FFmpeg != "" {
		path, name = f.path+".mp3", "audio.mp3"
		defer os.Remove(path)
		err := process.Run(ctx, []string{f.opts.FFmpeg, "-nostdin", "-v", "error", "-i", "file:" + f.path, "-vn", "-ac", "1", "-ar", "16000", "-b:a", "32k", "-f", "mp3", "file:" + path}, ffmpegLimits, nil, io.Discard)
		if process.Ended(err) {
			return nil, fmt.Errorf("%w: ffmpeg finds no sound in it: %w", ingest.ErrNoText, err)
		}
		if err != nil {
			return nil, f.fault(err)
		}
	}
	audio, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	segments, err := f.opts.Transcriber.Transcribe(ctx, audio, name, f.opts.Language)
	if err != nil {
		return nil, fmt.Errorf("extract: transcribing: %w", err)
	}
	return segments, nil
}

// spokenLength is about how much is said in one section, in bytes, and
// spokenGap the silence that ends one.
const (
	spokenLength = 800
	spokenGap    = 8 * time.Second
)

// spoken writes segments as sections of some sentences. The time is the heading.
func spoken(o *outline, segments []Segment) {
	var texts []string
	size := 0
	start, end := time.Duration(0), time.Duration(0)
	flush := func() {
		if len(texts) > 0 {
			o.heading(2, clock(start), fmt.Sprintf("t=%d", int(start.Seconds())))
			o.block(strings.Join(texts, " "))
		}
		texts, size = nil, 0
	}
	for _, s := range segments {
		text := oneLine(s.Text)
		if text == "" || len(texts) > 0 && texts[len(texts)-1] == text {
			continue
		}
		if s.Start-end > spokenGap || size > spokenLength && sentenceEnd(texts[len(texts)-1]) || size > 2*spokenLength {
			flush()
		}
		if len(texts) == 0 {
			start = s.Start
		}
		texts, end = append(texts, text), s.End
		size += len(text)
	}
	flush()
}

func sentenceEnd(s string) bool { return strings.ContainsAny(s[len(s)-1:], ".?!\"") }

// clock writes a time as players do.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

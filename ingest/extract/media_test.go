package extract

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A cue is a subtitle of a test film, shown for some milliseconds.
type cue struct {
	text string
	ms   uint32
}

func u32(n ...uint32) string {
	var b []byte
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return string(b)
}

func mp4Box(kind string, content ...string) string {
	all := strings.Join(content, "")
	return u32(uint32(8+len(all))) + kind + all
}

// mp4 returns a film with subtitles, two samples a chunk.
func mp4(cues ...cue) string {
	start := mp4Box("ftyp", "isom", u32(512), "isom")
	var samples, sizes, times, offsets string
	for i, c := range cues {
		if i%2 == 0 {
			offsets += u32(uint32(len(start) + 8 + len(samples)))
		}
		sample := string(binary.BigEndian.AppendUint16(nil, uint16(len(c.text)))) + c.text
		samples += sample
		sizes += u32(uint32(len(sample)))
		times += u32(1, c.ms)
	}
	n := uint32(len(cues))
	stbl := mp4Box("stbl",
		mp4Box("stts", u32(0, n), times), mp4Box("stsc", u32(0, 1), u32(1, 2, 1)),
		mp4Box("stsz", u32(0, 0, n), sizes), mp4Box("stco", u32(0, (n+1)/2), offsets))
	video := mp4Box("trak", mp4Box("mdia", mp4Box("hdlr", u32(0, 0), "vide", u32(0, 0, 0))))
	text := mp4Box("trak", mp4Box("mdia", mp4Box("mdhd", u32(0, 0, 0, 1000, 0)), mp4Box("hdlr", u32(0, 0), "sbtl", u32(0, 0, 0)), mp4Box("minf", stbl)))
	return start + mp4Box("mdat", samples) + mp4Box("moov", video, text)
}

func TestSubtitlesOfMP4(t *testing.T) {
	content := mp4(cue{"Welcome.", 2000}, cue{"", 1000}, cue{"<i>Press</i> the\nbutton.", 2000}, cue{"", 90_000}, cue{"\xfe\xff\x00B\x00y\x00e", 1000})
	require.Equal(t, lines("Intro", "[0:00 #t=0]", "Welcome. Press the button.", "[1:35 #t=95]", "Bye"), show(read(t, "intro.mp4", content)))
}

func TestSpoken(t *testing.T) {
	o := newOutline(1 << 20)
	var segments []Segment
	for i := range 60 {
		segments = append(segments, Segment{Start: time.Duration(i) * 2 * time.Second, End: time.Duration(i+1) * 2 * time.Second, Text: strings.Repeat("word ", 9) + fmt.Sprintf("end %02d.", i)})
	}
	segments = append(segments, Segment{Start: time.Hour, End: time.Hour, Text: "Late."})
	spoken(o, segments)
	doc, err := o.document()
	require.NoError(t, err)
	require.Len(t, doc.Sections, 5)
	require.Equal(t, []string{"0:00"}, doc.Sections[0].Path)
	require.Equal(t, "t=32", doc.Sections[1].Anchor)
	require.Equal(t, []string{"1:00:00"}, doc.Sections[4].Path)
}

func TestParseSubtitles(t *testing.T) {
	want := []Segment{{Start: 1500 * time.Millisecond, End: 3 * time.Second, Text: "Hello you."}, {Start: time.Hour + 2*time.Minute, End: time.Hour + 3*time.Minute, Text: "Bye."}}
	require.Equal(t, want, parseSubtitles("1\n00:00:01,500 --> 00:00:03,000\n<i>Hello</i>\n{\\an8}you.\n\n2\n01:02:00,000 --> 01:03:00,000\nBye.\n"))
	require.Equal(t, want, parseSubtitles("WEBVTT\n\nNOTE nothing\n\n00:01.500 --> 00:03.000 align:start\nHello\n<c.red>you.</c>\n\n01:02:00.000 --> 01:03:00.000\nBye.\n"))
}

// A scripted transcriber returns what it is told to.
type scripted struct {
	segments       []Segment
	err            error
	name, language string
	audio          []byte
}

func (s *scripted) Transcribe(_ context.Context, audio io.Reader, name, language string) ([]Segment, error) {
	s.name, s.language = name, language
	s.audio, _ = io.ReadAll(audio)
	return s.segments, s.err
}

func TestTranscriber(t *testing.T) {
	s := &scripted{segments: []Segment{{Start: 61 * time.Second, Text: "Hello."}}}
	e := New(&Options{Transcriber: s, Language: "en"})
	doc, err := extractName(t, e, "talk.webm", "\x1aE\xdf\xa3 sound")
	require.NoError(t, err)
	require.Equal(t, lines("Talk", "[1:01 #t=61]", "Hello."), show(doc))
	require.Equal(t, []string{"talk.webm", "en", "\x1aE\xdf\xa3 sound"}, []string{s.name, s.language, string(s.audio)})
	s.err = errors.New("server down")
	_, err = extractName(t, e, "talk.webm", "\x1aE\xdf\xa3 sound")
	require.ErrorIs(t, err, s.err)
}

// TestMediaFaults checks that an error says what is missing.
func TestMediaFaults(t *testing.T) {
	_, err := extractName(t, New(nil), "a.webm", "\x1aE\xdf\xa3 sound")
	require.ErrorIs(t, err, ingest.ErrNoText)
	require.ErrorContains(t, err, "it has no subtitles that can be read; subtitles of this kind of file need ffmpeg (Options.FFmpeg); speech needs a transcriber (Options.Transcriber)")
	_, err = extractName(t, New(nil), "a.mp4", mp4())
	require.EqualError(t, err, "ingest: no text in it: it has no subtitles that can be read; speech needs a transcriber (Options.Transcriber)")
	_, err = extractName(t, New(&Options{MaxMedia: 10}), "a.mp4", mp4())
	require.ErrorIs(t, err, ingest.ErrTooLarge)
	_, err = extractName(t, New(&Options{FFmpeg: filepath.Join(t.TempDir(), "absent")}), "a.webm", "\x1aE\xdf\xa3 sound")
	require.ErrorContains(t, err, "extract: running ffmpeg: ")
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "extract-*"))
	require.NoError(t, err)
	require.Empty(t, left, "no temporary file is left behind")
}

// TestFFmpeg makes a film with the real program, if there is one, and reads its
// subtitles and its sound.
func TestFFmpeg(t *testing.T) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not here")
	}
	dir := t.TempDir()
	srt := filepath.Join(dir, "a.srt")
	require.NoError(t, os.WriteFile(srt, []byte("1\n00:00:00,200 --> 00:00:00,900\nFrom the film.\n"), 0o600))
	for name, codec := range map[string]string{"a.mp4": "mov_text", "a.mov": "mov_text", "a.webm": "webvtt", "a.avi": ""} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			args := []string{"-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-i", srt, "-map", "0:a"}
			if codec != "" {
				args = append(args, "-map", "1:s", "-c:s", codec)
			}
			out, err := exec.Command(ffmpeg, append(args, path)...).CombinedOutput()
			require.NoError(t, err, "%s", out)
			film, err := os.ReadFile(path)
			require.NoError(t, err)
			s := &scripted{segments: []Segment{{Text: "From the sound."}}}
			doc, err := extractName(t, New(&Options{FFmpeg: ffmpeg, Transcriber: s}), name, string(film))
			require.NoError(t, err)
			if codec == "" {
				require.Equal(t, "From the sound.", doc.Sections[0].Text)
				require.Equal(t, "audio.mp3", s.name)
				require.NotEmpty(t, s.audio)
				return
			}
			require.Equal(t, "From the film.", doc.Sections[0].Text)
			if codec == "mov_text" {
				doc, err = extractName(t, New(nil), name, string(film))
				require.NoError(t, err)
				require.Equal(t, "From the film.", doc.Sections[0].Text, "our own reader sees the same")
			}
		})
	}
}

func FuzzMedia(f *testing.F) {
	f.Add(mp4(cue{"Hello.", 1000}, cue{"Bye.", 1000}))
	f.Add("\x00\x00\x00\x08moov")
	f.Add("\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, content string) {
		if !isMedia([]byte(content)) {
			return
		}
		path := filepath.Join(t.TempDir(), "film")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, _ = readMP4(path, 1<<20)
		_ = parseSubtitles(content)
	})
}

package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	// cueTime is the line of times above a subtitle, in SubRip and WebVTT.
	cueTime = regexp.MustCompile(`^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s+-->\s+(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`)
	cueTag  = regexp.MustCompile(`<[^<>]*>|\{\\[^{}]*\}`)
)

// parseSubtitles reads SubRip or WebVTT.
func parseSubtitles(text string) []Segment {
	var segments []Segment
	var current *Segment
	for line := range strings.SplitSeq(text, "\n") {
		if m := cueTime.FindStringSubmatch(line); m != nil {
			segments = append(segments, Segment{Start: cueDuration(m[1:5]), End: cueDuration(m[5:9])})
			current = &segments[len(segments)-1]
			continue
		}
		if line = strings.TrimSpace(line); line == "" {
			current = nil
		} else if current != nil {
			current.Text = strings.TrimSpace(current.Text + " " + cueText(line))
		}
	}
	return segments
}

// cueText returns what is shown of a line.
func cueText(line string) string { return strings.TrimSpace(cueTag.ReplaceAllString(line, "")) }

// cueDuration reads hours, minutes, seconds and their fraction.
func cueDuration(parts []string) time.Duration {
	var n [4]int
	for i, part := range parts {
		n[i], _ = strconv.Atoi(part)
	}
	for range 3 - len(parts[3]) {
		n[3] *= 10
	}
	return time.Duration(n[0])*time.Hour + time.Duration(n[1])*time.Minute + time.Duration(n[2])*time.Second + time.Duration(n[3])*time.Millisecond
}

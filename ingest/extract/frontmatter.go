package extract

import (
	"encoding/json"
	"html"
	"slices"
	"strings"
	"time"
)

// A matter holds the front matter of a Markdown file by name in lower case:
// "title", or "seo.title" for a value one level down. A list has a value for
// every item. It is read from the part of YAML and TOML that authors
// write, and from JSON.
type matter map[string][]string

// frontMatter divides a text that starts with "---", "+++" or "{" into its front
// matter and the rest.
func frontMatter(source string) (matter, string) {
	source = strings.TrimLeft(source, "\n ")
	if strings.HasPrefix(source, "{") {
		return jsonMatter(source)
	}
	fence := source[:min(3, len(source))]
	if fence != "---" && fence != "+++" {
		return nil, source
	}
	head, body, found := strings.Cut(source, "\n")
	if strings.TrimSpace(head) != fence || !found {
		return nil, source
	}
	r := matterReader{values: make(matter), toml: fence == "+++"}
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		if end := strings.TrimRight(line, " "); end == fence || fence == "---" && end == "..." {
			return r.values, strings.Join(lines[i+1:], "\n")
		}
		r.line(line)
	}
	return nil, source
}

// jsonMatter reads front matter that is one JSON object.
func jsonMatter(source string) (matter, string) {
	d := json.NewDecoder(strings.NewReader(source))
	var object map[string]any
	if d.Decode(&object) != nil {
		return nil, source
	}
	m := make(matter)
	m.fill("", object)
	return m, source[d.InputOffset():]
}

// fill takes the values of an object and of those one level down.
func (m matter) fill(group string, object map[string]any) {
	for name, v := range object {
		name = group + strings.ToLower(name)
		switch v := v.(type) {
		case map[string]any:
			if group == "" {
				m.fill(name+".", v)
			}
		default:
			m[name] = texts(v)
		}
	}
}

// text returns the first of the values that is not empty, in one line.
func (m matter) text(names ...string) string {
	for _, name := range names {
		if s := oneLine(html.UnescapeString(strings.Join(m[name], " "))); s != "" {
			return s
		}
	}
	return ""
}

// keywords returns what the author names as keywords, anywhere.
func (m matter) keywords() []string {
	return keywords(slices.Concat(m["keywords"], m["tags"], m["seo.keywords"], m["meta.keywords"])...)
}

// updated returns when the author says that the text last changed.
func (m matter) updated() time.Time {
	for _, name := range []string{"last_update.date", "last_modified_at", "last_updated", "lastupdated", "updated_at", "updatedat", "updated", "lastmod", "modified", "ms.date", "date"} {
		day := m.text(name)
		if t, err := time.Parse("01/02/2006", day); err == nil {
			return t
		}
		if t, err := time.Parse(time.DateOnly, day[:min(len(day), len(time.DateOnly))]); err == nil {
			return t
		}
	}
	return time.Time{}
}

// maxKeywords is how many keywords of a document are taken: more are spam.
const maxKeywords = 100

// keywords divides lists at their commas, and leaves out repetitions.
func keywords(lists ...string) []string {
	var words []string
	for _, list := range lists {
		for word := range strings.SplitSeq(html.UnescapeString(list), ",") {
			word = oneLine(word)
			if word != "" && len(word) <= maxHeading && len(words) < maxKeywords && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return words
}

// A matterReader reads front matter line by line.
type matterReader struct {
	values matter
	toml   bool
	group  string // the name that nested ones stand below, with a dot
	name   string // of the value that the next lines may go on with
}

func (r *matterReader) line(line string) {
	trimmed := strings.TrimSpace(line)
	nested := line != strings.TrimLeft(line, " \t")
	switch {
	case trimmed == "" || trimmed[0] == '#':
	case r.toml && trimmed[0] == '[':
		r.group, r.name = strings.ToLower(strings.Trim(trimmed, "[] "))+".", ""
	case strings.HasPrefix(trimmed, "- "):
		r.add(scalar(trimmed[2:]))
	case r.pair(trimmed, nested):
	case nested || r.toml:
		r.add(list(trimmed)...) // a text or a list that goes on
	}
}

// pair reads a line such as `title: "Refunds"` or `title = "Refunds"`.
func (r *matterReader) pair(line string, nested bool) bool {
	name, value, ok := strings.Cut(line, r.separator())
	name = strings.ToLower(strings.TrimSpace(name))
	if !ok || name == "" || strings.ContainsAny(name, " \t\"'[],") || value != "" && value[0] != ' ' && !r.toml {
		return false
	}
	if nested && !r.toml {
		if r.group == "" {
			return false // the text of the name before
		}
		name = r.group + name
	} else if r.toml {
		name = r.group + name
	}
	value = strings.TrimSpace(value)
	if !nested && !r.toml {
		r.group = ""
		if value == "" {
			r.group = name + "."
		}
	}
	r.name = name
	r.add(list(value)...)
	return true
}

func (r *matterReader) separator() string {
	if r.toml {
		return "="
	}
	return ":"
}

func (r *matterReader) add(values ...string) {
	for _, v := range values {
		if v != "" && r.name != "" {
			r.values[r.name] = append(r.values[r.name], v)
		}
	}
}

// list reads a value: one such as `[a, "b"]`, a part of it, or one scalar.
func list(value string) []string {
	switch value {
	case "|", ">", "|-", ">-", "|+", ">+":
		return nil // the text follows
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(value, "["), "]")
	if inner == value || strings.ContainsAny(inner, "[]") {
		return []string{scalar(strings.TrimSuffix(value, ","))}
	}
	var items []string
	for item := range strings.SplitSeq(inner, ",") {
		items = append(items, scalar(item))
	}
	return items
}

// scalar returns a value without its quotes, or without its comment.
func scalar(value string) string {
	value = strings.TrimSpace(value)
	if len(value) < 2 || value[0] != '"' && value[0] != '\'' || value[len(value)-1] != value[0] {
		value, _, _ = strings.Cut(value, " #")
		return strings.TrimSpace(value)
	}
	quote, inner := value[0], value[1:len(value)-1]
	if quote == '\'' {
		return strings.ReplaceAll(inner, "''", "'")
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(inner)
}

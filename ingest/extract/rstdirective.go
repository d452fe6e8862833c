package extract

import (
	"strings"
)

// explicit reads what begins with two dots: a directive, a target, a note or a
// comment.
func (r *rst) explicit(lines []string, depth int) int {
	n := 1 + indented(lines[1:], 1)
	first := strings.TrimSpace(strings.TrimPrefix(lines[0], ".."))
	body := lines[1:n]
	switch {
	case rstReplace.MatchString(first):
		// Found before.
	case strings.HasPrefix(first, "_"):
		if m := rstTarget.FindStringSubmatch(first); m != nil && strings.HasSuffix(first, ":") {
			r.target = rstID(m[1])
		}
	case rstNote.MatchString(first):
		m := rstNote.FindStringSubmatch(first)
		r.out.block("[" + m[1] + "] " + r.inline(oneLine(m[2]+" "+strings.Join(body, " "))))
	case rstDirect.MatchString(first):
		m := rstDirect.FindStringSubmatch(first)
		d := newDirective(m[1], m[2], body)
		r.directive(d, depth)
	}
	return n
}

// A rstDirective is a directive with its parts.
type rstDirective struct {
	name, argument string
	options        map[string]string
	body           []string
}

func newDirective(name, argument string, lines []string) rstDirective {
	d := rstDirective{name: strings.ToLower(name), argument: strings.TrimSpace(argument), options: make(map[string]string)}
	lines = dedent(lines)
	for len(lines) > 0 && lines[0] != "" {
		if m := rstField.FindStringSubmatch(lines[0]); m != nil {
			d.options[m[1]] = m[2]
		} else if len(d.options) > 0 || d.argument == "" {
			break
		} else {
			d.argument += " " + strings.TrimSpace(lines[0]) // goes on
		}
		lines = lines[1:]
	}
	d.body = dedent(trimBlank(lines))
	return d
}

// rstCode are directives whose body is code, rstSilent those that show nothing,
// and rstChange those that say since when something is.
var (
	rstCode = map[string]bool{
		"code": true, "code-block": true, "sourcecode": true, "parsed-literal": true, "prompt": true, "console": true, "math": true,
		"doctest": true, "testcode": true, "testoutput": true, "productionlist": true, "highlight-block": true,
	}
	rstSilent = map[string]bool{
		"toctree": true, "contents": true, "sectnum": true, "index": true, "include": true, "literalinclude": true, "raw": true,
		"highlight": true, "currentmodule": true, "module": true, "default-role": true, "role": true, "meta": true, "header": true,
		"footer": true, "autosummary": true, "automodule": true, "autoclass": true, "autofunction": true, "graphviz": true, "mermaid": true,
		"testsetup": true, "testcleanup": true, "tabularcolumns": true, "codeauthor": true, "sectionauthor": true, "moduleauthor": true,
		"py:module": true, "py:currentmodule": true, "todolist": true, "genindex": true, "uml": true, "youtube": true, "container-start": true,
	}
	rstChange = map[string]string{
		"versionadded": "Added in version", "versionchanged": "Changed in version", "deprecated": "Deprecated since version",
		"versionremoved": "Removed in version", "deprecated-removed": "Deprecated since version",
	}
)

// directive writes what a reader sees of a directive. Of one that nobody knows
// it writes the body.
func (r *rst) directive(d rstDirective, depth int) {
	switch {
	case rstSilent[d.name]:
	case rstCode[d.name]:
		r.code(d)
	case rstChange[d.name] != "":
		r.change(d, depth)
	case d.name == "image" || d.name == "figure":
		r.out.block(described(d.options["alt"]))
		r.body(d.body, depth+1)
	case d.name == "list-table":
		r.listTable(d)
	case d.name == "csv-table":
		r.csvTable(d)
	case d.name == "rubric":
		r.out.heading(minor, r.inline(d.argument), rstID(d.argument))
	case d.name == "only", d.name == "rst-class", d.name == "class", d.name == "container", d.name == "tabs", d.name == "tab-set", d.name == "grid", d.name == "hlist":
		r.body(d.body, depth+1) // the argument is for programs
	default:
		r.other(d, depth)
	}
}

func (r *rst) code(d rstDirective) {
	lines := d.body
	if d.name == "math" && d.argument != "" {
		lines = append([]string{d.argument}, lines...)
	}
	r.out.code(strings.Join(lines, "\n"))
}

func (r *rst) change(d rstDirective, depth int) {
	version, text, _ := strings.Cut(d.argument, " ")
	n := blockEnd(d.body)
	text = oneLine(text + " " + strings.Join(d.body[:n], " "))
	line := rstChange[d.name] + " " + version
	if text != "" {
		line += ": " + r.inline(text)
	}
	r.out.block(line)
	r.body(d.body[n:], depth+1)
}

// other writes an admonition, a table with a title, a description of a function
// or whatever has a body: the argument and what follows.
func (r *rst) other(d rstDirective, depth int) {
	if len(d.body) == 0 && !isAside(d.name) && !strings.ContainsAny(d.argument, "( ") {
		return
	}
	// The text of a note may begin beside its name, and go on below.
	if isAside(d.name) && d.name != "admonition" && d.argument != "" {
		n := blockEnd(d.body)
		r.out.block(r.inline(oneLine(d.argument + " " + strings.Join(d.body[:n], " "))))
		r.body(d.body[n:], depth+1)
		return
	}
	r.out.block(r.inline(d.argument))
	r.body(d.body, depth+1)
}

package main

import (
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/spanish"
)

// A language is what a plain index knows of one.
type language struct {
	usual []string // words by which it is told
	stem  func(word string) string
	stop  func(word string) bool // nil for none
}

// term returns the stem of a word, empty for a stop word.
func (l *language) term(word string) string {
	if l.stop != nil && l.stop(word) {
		return ""
	}
	return l.stem(word)
}

// languages are those with a Snowball stemmer.
var languages = []*language{
	{strings.Fields("the of and to is for"), func(w string) string { return english.Stem(w, true) }, english.IsStopWord},
	{strings.Fields("les des et est une dans"), func(w string) string { return french.Stem(w, true) }, french.IsStopWord},
	{strings.Fields("el los las del que una"), func(w string) string { return spanish.Stem(w, true) }, spanish.IsStopWord},
	{strings.Fields("der die und das ist nicht"), stemmer(german.Stem), nil},
	{strings.Fields("il di che della è gli"), stemmer(italian.Stem), nil},
	{strings.Fields("het een van de en voor"), stemmer(dutch.Stem), nil},
}

// stemmer adapts one of package snowballstem, for the languages that package
// snowball does not have.
func stemmer(stem func(*snowballstem.Env) bool) func(string) string {
	return func(word string) string {
		env := snowballstem.NewEnv(word)
		stem(env)
		return env.Current()
	}
}

// languageOf returns the language of texts: that with the most of its usual words.
func languageOf(texts [][]string) *language {
	counts := make(map[string]int)
	for _, words := range texts {
		for _, w := range words {
			counts[w]++
		}
	}
	return slices.MaxFunc(languages, func(x, y *language) int { return x.among(counts) - y.among(counts) })
}

// among is how often the usual words occur.
func (l *language) among(counts map[string]int) int {
	n := 0
	for _, w := range l.usual {
		n += counts[w]
	}
	return n
}

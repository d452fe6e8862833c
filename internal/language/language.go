// Package language tells in which of the languages that frontdesk speaks a text
// is written, and knows the words of more languages that carry no meaning.
package language

import (
	"slices"
	"strings"
)

// tags are the languages that Detect tells apart.
var tags = []string{"en", "nl", "de", "fr", "es", "pt", "it"}

// Tags returns the base tags of the languages that Detect tells apart.
func Tags() []string { return slices.Clone(tags) }

// Base returns the base language of a BCP 47 tag, in lower case: "pt" of "pt-BR".
func Base(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")), "-")
	return base
}

// Stop returns the words of a language that carry no meaning of their own, with
// a space between them; empty for a language that is not known.
func Stop(tag string) string { return stop[tag] }

// Asking returns the words of a language that mostly serve to ask.
func Asking(tag string) string { return asking[tag] }

var (
	stop = map[string]string{
		"en": stopEnglish, "de": stopGerman, "fr": stopFrench, "es": stopSpanish, "it": stopItalian, "nl": stopDutch,
		"pt": stopPortuguese, "sv": stopSwedish, "no": stopNorwegian, "ru": stopRussian, "hu": stopHungarian,
	}
	asking = map[string]string{
		"en": askingEnglish, "de": askingGerman, "fr": askingFrench, "es": askingSpanish, "it": askingItalian,
		"nl": askingDutch, "pt": askingPortuguese,
	}
)

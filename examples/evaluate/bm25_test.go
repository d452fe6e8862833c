package main

import (
	"math"
	"testing"

	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/stretchr/testify/require"
)

// texts returns documents named a, b, c and so on.
func texts(all ...string) []retrieval.Document {
	var out []retrieval.Document
	for i, text := range all {
		out = append(out, document(record{ID: string(rune('a' + i)), Text: text}))
	}
	return out
}

func TestPlainRanksByBM25(t *testing.T) {
	p := newPlain(texts("the refund of the order", "refunds and refunds to the card", "a parcel is lost"))
	require.Equal(t, []string{"b", "a"}, p.rank("What about my refund?"), "stems are compared, and what shares none is not found")
	require.Equal(t, []string{"c"}, p.rank("lost parcels"))
	require.Empty(t, p.rank("the and of"), "stop words find nothing")
	require.Empty(t, p.rank(""))
}

func TestPlainWeighsRarity(t *testing.T) {
	p := newPlain(texts("card red", "card blue", "card red", "card green"))
	require.Equal(t, "d", p.rank("green card")[0])
	require.Equal(t, []string{"a", "b", "c", "d"}, p.rank("card"), "equal scores go by ID")
	require.False(t, math.IsNaN(p.mean))
}

func TestPlainKeepsTen(t *testing.T) {
	require.Len(t, newPlain(texts("x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x")).rank("x"), 10)
}

func TestStems(t *testing.T) {
	for _, tt := range []struct {
		stem       func(string) string
		word, want string
	}{
		// From the vocabularies of snowballstem.org.
		{stemmer(german.Stem), "aufeinanderfolgenden", "aufeinanderfolg"},
		{stemmer(german.Stem), "kategorischen", "kategor"},
		{stemmer(german.Stem), "häuser", "haus"},
		{stemmer(german.Stem), "verständnis", "verstandnis"},
		{stemmer(german.Stem), "ängste", "angst"},
		{stemmer(german.Stem), "über", "uber"},
		{stemmer(dutch.Stem), "lichamelijkheden", "licham"},
		{stemmer(dutch.Stem), "opheffen", "opheff"},
		{stemmer(dutch.Stem), "maan", "man"},
		{stemmer(dutch.Stem), "keys", "key"},
		{stemmer(italian.Stem), "abbandonata", "abbandon"},
		{stemmer(italian.Stem), "pronunciandosi", "pronunc"},
		{stemmer(italian.Stem), "propagazione", "propag"},
		{stemmer(italian.Stem), "pochi", "poch"},
		{stemmer(italian.Stem), "uscirono", "uscir"},
	} {
		require.Equal(t, tt.want, tt.stem(tt.word), tt.word)
	}
}

func TestLanguageOf(t *testing.T) {
	for want, text := range map[string]string{
		"order": "the orders of the shop", "bestell": "die Bestellungen und der Laden ist nicht", "ordin": "gli ordini della bottega che è il",
	} {
		l := languageOf([][]string{split(text)})
		require.Equal(t, want, l.term(split(text)[1]), text)
	}
}

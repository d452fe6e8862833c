package retrieval_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// corpus makes documents of one passage of some 60 words, drawn from a
// vocabulary as large and as uneven as that of a language.
func corpus(n int) []retrieval.Document {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.2, 8, 40_000)
	syllables := strings.Fields("ba con der fi gra ho in ka lo mer nu or pre qua ra si ter un ver wi")
	word := func() string {
		w := ""
		for n := zipf.Uint64() + 3; n > 0; n /= 20 {
			w += syllables[n%20]
		}
		return w
	}
	text := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = word()
		}
		return strings.Join(words, " ") + "."
	}
	docs := make([]retrieval.Document, n)
	for i := range docs {
		docs[i] = article(fmt.Sprint(i), text(4), "", text(20)+" "+text(20)+" "+text(20))
	}
	return docs
}

func BenchmarkAdd(b *testing.B) {
	docs := corpus(5000)
	for b.Loop() {
		k, err := retrieval.New(b.Context(), retrieval.Config{})
		require.NoError(b, err)
		require.NoError(b, k.Add(b.Context(), docs...))
	}
	b.ReportMetric(float64(b.N*len(docs))/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkRetrieve reports questions a second and how long the slowest took,
// by words alone and by the whole ranking.
func BenchmarkRetrieve(b *testing.B) {
	for _, n := range []int{500, 5000, 20000} {
		docs := corpus(n)
		for _, words := range []bool{true, false} {
			b.Run(fmt.Sprintf("passages=%d/words=%t", n, words), func(b *testing.B) {
				k, err := retrieval.New(b.Context(), retrieval.Config{WordsOnly: words})
				require.NoError(b, err)
				require.NoError(b, k.Add(b.Context(), docs...))
				require.NoError(b, k.Calibrate(b.Context()))
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					words := strings.Fields(docs[i%n].Sections[0].Text)
					start := time.Now()
					_, err := k.Retrieve(b.Context(), retrieval.Query{Text: strings.Join(words[5:12], " ")})
					require.NoError(b, err)
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}

// BenchmarkHeap reports what the index takes beside the documents themselves.
func BenchmarkHeap(b *testing.B) {
	docs := corpus(20000)
	for _, words := range []bool{true, false} {
		b.Run(fmt.Sprintf("words=%t", words), func(b *testing.B) {
			for b.Loop() {
				before := heap()
				k, err := retrieval.New(b.Context(), retrieval.Config{WordsOnly: words})
				require.NoError(b, err)
				require.NoError(b, k.Add(b.Context(), docs...))
				b.ReportMetric((float64(heap())-float64(before))/float64(k.Len()), "B/passage")
				runtime.KeepAlive(docs)
			}
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

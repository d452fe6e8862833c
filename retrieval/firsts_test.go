package retrieval

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestFirstsAreAMap adds, replaces, renumbers and forgets documents as a map
// would.
func TestFirstsAreAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, want := newIndex(true), make(map[string]uint32)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			name := fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "document"))
			if rapid.IntRange(0, 2).Draw(t, "step") == 0 {
				x.forget(name)
				delete(want, name)
			} else {
				n := uint32(len(x.entries))
				x.entries = append(x.entries, entry{origin: &origin{document: name}})
				x.begin(n)
				want[name] = n
			}
			require.Equal(t, len(want), x.firsts.used)
		}
		for i := range 61 {
			name := fmt.Sprint(i)
			n, ok := x.first(name)
			held, known := want[name]
			require.Equal(t, known, ok)
			if known {
				require.Equal(t, held, n)
			}
		}
		listed := 0
		for n := range x.firsts.all() {
			require.Equal(t, want[x.document(n)], n)
			listed++
		}
		require.Len(t, want, listed)
	})
}

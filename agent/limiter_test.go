package agent

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMemoryLimiterForgets(t *testing.T) {
	l := NewMemoryLimiter()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range 5000 {
		at = at.Add(10 * time.Minute)
		for _, key := range []string{"one", fmt.Sprint(i)} {
			ok, err := l.Allow(t.Context(), Use{Key: key, Cause: fmt.Sprint(i), Amount: 1, Max: 10, Since: at.Add(-time.Hour), At: at})
			require.NoError(t, err)
			require.True(t, ok)
		}
	}
	require.LessOrEqual(t, len(l.uses), 1024, "keys that no longer count are dropped")
	require.LessOrEqual(t, len(l.uses["one"].counted), 6*26, "and what no longer counts under the others")
}

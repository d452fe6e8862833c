// Package retry reads when a server wants to be asked again.
package retry

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// most is the longest wait that is read. A longer one is no wait any more.
const most = 24 * time.Hour

// After returns how long a server asks to wait in its Retry-After, in seconds or
// until a date, at most a day, and zero if it does not say. See RFC 9110, section
// 10.2.3.
func After(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	seconds, err := strconv.ParseUint(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(most/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), most)
	}
	return 0
}

package credits

import (
	"strconv"
	"strings"
)

// An Amount is a number of milli-credits.
type Amount int64

// Credit is one credit.
const Credit Amount = 1000

// String returns the amount in credits, without trailing zeros: "12.5".
func (a Amount) String() string {
	whole, rest := int64(a/Credit), int64(a%Credit)
	if rest == 0 {
		return strconv.FormatInt(whole, 10)
	}
	sign := ""
	if a < 0 {
		sign, whole, rest = "-", -whole, -rest
	}
	// The leading one keeps the zeros of the fraction, and is cut off again.
	fraction := strconv.FormatInt(int64(Credit)+rest, 10)[1:]
	return sign + strconv.FormatInt(whole, 10) + "." + strings.TrimRight(fraction, "0")
}

package sqlstore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// nanos returns a time as it is stored: nanoseconds since 1970, 0 for the zero
// time. What is outside the 584 years that fit becomes their end.
func nanos(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() < 1678:
		return math.MinInt64
	case t.Year() > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// instant undoes nanos.
func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// encode returns v as JSON.
func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("sqlstore: %w", err)
	}
	return string(text), nil
}

// decode undoes encode. The error for a damaged row names it by what and id.
func decode(text string, v any, what string, id any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("sqlstore: %s %v is damaged: %w", what, id, err)
	}
	return nil
}

// encodeVector returns a vector as 32 bit floats, little endian, nil for nil.
func encodeVector(v []float32) []byte {
	if v == nil {
		return nil
	}
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}

// decodeVector undoes encodeVector.
func decodeVector(b []byte) ([]float32, error) {
	if b == nil {
		return nil, nil
	}
	if len(b)%4 != 0 {
		return nil, fmt.Errorf("sqlstore: a vector of %d bytes is damaged", len(b))
	}
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}

// in appends values to args, and returns the list of their placeholders. An
// empty list matches nothing.
func in[T ~string](args []any, values []T) (string, []any) {
	if len(values) == 0 {
		return "NULL", args
	}
	var list strings.Builder
	for i, v := range values {
		if i > 0 {
			list.WriteString(", ")
		}
		args = append(args, string(v))
		list.WriteString("$" + strconv.Itoa(len(args)))
	}
	return list.String(), args
}

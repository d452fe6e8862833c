package push

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a delivery, as Standard Webhooks names them.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// tolerance is how far the clocks of both sides may be apart. What is older may
// be a copy that somebody kept.
const tolerance = 5 * time.Minute

// parseSecret returns the bytes of a secret: 24 to 64 of them in base64, after the
// prefix that Standard Webhooks gives to symmetric ones. No error shows them.
func parseSecret(s string) ([]byte, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(s), "whsec_")
	secret, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, errors.New(`a secret is "whsec_" and base64`)
	}
	if len(secret) < 24 || len(secret) > 64 {
		return nil, fmt.Errorf("the secret has %d bytes, and must have 24 to 64", len(secret))
	}
	return secret, nil
}

// Sign puts the headers of a delivery on a request that has the body given:
// the ID is the same for each attempt at a delivery, and the time is that of the
// attempt.
func Sign(r *http.Request, secret, id string, at time.Time, body []byte) error {
	key, err := parseSecret(secret)
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set(headerID, id)
	r.Header.Set(headerTimestamp, timestamp)
	r.Header.Set(headerSignature, "v1,"+base64.StdEncoding.EncodeToString(mac(key, id, timestamp, body)))
	return nil
}

// mac returns the signature of a delivery under the scheme "v1": an HMAC-SHA256 of
// its ID, its timestamp and its body, with dots between them.
func mac(secret []byte, id, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

// verify returns an error that says why a delivery is not to be trusted. One of its
// signatures must fit one of the secrets: both may be several while a secret is
// replaced. Comparing takes the same time wherever they differ.
func verify(secrets [][]byte, header http.Header, body []byte, now time.Time) error {
	id, timestamp := header.Get(headerID), header.Get(headerTimestamp)
	if id == "" || timestamp == "" || header.Get(headerSignature) == "" {
		return fmt.Errorf("the delivery is not signed: it needs %s, %s and %s", headerID, headerTimestamp, headerSignature)
	}
	if len(id) > 256 || strings.Contains(id, ".") {
		return fmt.Errorf("%s has a dot or more than 256 bytes", headerID)
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return fmt.Errorf("%s must be the seconds since 1970", headerTimestamp)
	}
	if apart := now.Sub(time.Unix(seconds, 0)).Abs(); apart > tolerance {
		return fmt.Errorf("%s is %s away from the clock here, and may be %s: sign each attempt anew", headerTimestamp, apart.Round(time.Second), tolerance)
	}
	want := make([][]byte, len(secrets))
	for i, secret := range secrets {
		want[i] = mac(secret, id, timestamp, body)
	}
	fits := false
	for signature := range strings.FieldsSeq(header.Get(headerSignature)) {
		scheme, text, _ := strings.Cut(signature, ",")
		given, err := base64.StdEncoding.DecodeString(text)
		for i := 0; scheme == "v1" && err == nil && i < len(want); i++ {
			fits = hmac.Equal(given, want[i]) || fits
		}
	}
	if !fits {
		return errors.New("no signature fits: see that both sides have the same secret, and that the body is signed as it is sent")
	}
	return nil
}

package livechat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"
)

// errToken does not say which: whoever forges tokens must not learn from it.
var errToken = errors.New("livechat: token is forged or expired")

// tokens issues and checks the tokens of anonymous visitors. A token is, in
// unpadded base64url: the version 1, the 16 random bytes that name the thread,
// the time of issue in Unix seconds as 8 bytes, and the HMAC-SHA256 of these
// and the channel's name. Whoever holds it is the visitor.
type tokens struct {
	name string
	key  []byte
	age  time.Duration
}

const (
	// Sizes are bytes. A change of the form needs another version.
	tokenVersion = 1
	threadSize   = 16
	signedSize   = 1 + threadSize + 8
	tokenSize    = signedSize + sha256.Size
)

// newThread returns an id that nobody can guess.
func newThread() string {
	var id [threadSize]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// issue returns a token for thread, which is one of newThread.
func (t tokens) issue(thread string, now time.Time) string {
	token := make([]byte, 0, tokenSize)
	token = append(token, tokenVersion)
	id, _ := hex.DecodeString(thread) // made by newThread or checked by thread
	token = append(token, id...)
	token = binary.BigEndian.AppendUint64(token, uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(token, t.sign(token)...))
}

// thread returns the thread of a token that was issued at most t.age ago.
func (t tokens) thread(token string, now time.Time) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize || raw[0] != tokenVersion {
		return "", errToken
	}
	// Nothing of a token is believed before its MAC is checked.
	signed, mac := raw[:signedSize], raw[signedSize:]
	if !hmac.Equal(mac, t.sign(signed)) {
		return "", errToken
	}
	issued := time.Unix(int64(binary.BigEndian.Uint64(signed[1+threadSize:])), 0)
	if now.Sub(issued) > t.age {
		return "", errToken
	}
	return hex.EncodeToString(signed[1 : 1+threadSize]), nil
}

// sign includes the name, so that a token is good for one channel only even if
// two share a key.
func (t tokens) sign(data []byte) []byte {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte("frontdesk livechat\x00" + t.name + "\x00"))
	mac.Write(data)
	return mac.Sum(nil)
}

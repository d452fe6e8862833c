package visitor

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// A Key signs or verifies tokens, in one way that it fixes itself. It has one of
// Secret, Public and Private.
type Key struct {
	// ID is the kid of its tokens. The key without an ID is that of tokens
	// without a kid.
	ID string
	// Secret signs and verifies with HMAC-SHA256. It has at least 32 bytes
	// (RFC 7518, section 3.2).
	Secret []byte
	// Public verifies with Ed25519.
	Public ed25519.PublicKey
	// Private signs with Ed25519, and verifies with its public part.
	Private ed25519.PrivateKey
}

// String returns the ID, and nothing that is secret.
func (k Key) String() string { return fmt.Sprintf("key %q", k.ID) }

// GoString returns what String does.
func (k Key) GoString() string { return k.String() }

func (k Key) check() error {
	parts := 0
	for _, n := range []int{len(k.Secret), len(k.Public), len(k.Private)} {
		if n > 0 {
			parts++
		}
	}
	switch {
	case parts != 1:
		return errors.New("want one of Secret, Public and Private")
	case k.Secret != nil && len(k.Secret) < 32:
		return fmt.Errorf("the Secret has %d bytes: it needs at least 32 random ones", len(k.Secret))
	case k.Public != nil && len(k.Public) != ed25519.PublicKeySize:
		return fmt.Errorf("the Public part has %d bytes: an Ed25519 key has %d", len(k.Public), ed25519.PublicKeySize)
	case k.Private != nil && len(k.Private) != ed25519.PrivateKeySize:
		return fmt.Errorf("the Private part has %d bytes: an Ed25519 key has %d", len(k.Private), ed25519.PrivateKeySize)
	}
	return nil
}

func (k Key) method() jwt.SigningMethod {
	if k.Secret != nil {
		return jwt.SigningMethodHS256
	}
	return jwt.SigningMethodEdDSA
}

// public returns the part of an Ed25519 key that verifies.
func (k Key) public() ed25519.PublicKey {
	if k.Private != nil {
		return k.Private.Public().(ed25519.PublicKey)
	}
	return k.Public
}

// signing returns the part that signs.
func (k Key) signing() (any, error) {
	if err := k.check(); err != nil {
		return nil, fmt.Errorf("visitor: sign: %w", err)
	}
	switch {
	case k.Secret != nil:
		return k.Secret, nil
	case k.Private != nil:
		return k.Private, nil
	}
	return nil, errors.New("visitor: sign: a Public key verifies only")
}

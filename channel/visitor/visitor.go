// Package visitor proves who a visitor is: a host that knows its visitors signs
// a token for each, and a channel that is given one gets a [channel.Party] whose
// Trust is Signed.
//
// A token is a JSON Web Token (RFC 7519), signed with HMAC-SHA256 or Ed25519, so
// that a host in any language can make it with a library it has. Its claims are
// those of OpenID Connect Core 1.0, section 5.1: sub is the visitor's id with
// the host, name, email and phone_number (E.164) are optional; attributes is an
// object of what else the host knows. It needs exp, iat and aud.
//
// A signed identity is the highest trust there is. A host signs an address or a
// number only if it knows it to be the visitor's.
package visitor

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Errors that Verify returns, for the host's log. A visitor is told none of them.
var (
	// ErrMalformed reports that it is no token, lacks a claim, or would be good
	// for longer than Config.MaxAge.
	ErrMalformed = errors.New("visitor: token is malformed")
	// ErrForged reports that no key of ours signed it in its own way, or that it
	// is meant for somebody else.
	ErrForged = errors.New("visitor: token is forged")
	// ErrExpired reports that it was good once.
	ErrExpired = errors.New("visitor: token has expired")
	// ErrNotYetValid reports that it will be good later, or that clocks differ.
	ErrNotYetValid = errors.New("visitor: token is not valid yet")
)

// maxToken is the longest token that is looked at, in bytes. A header of HTTP
// holds no more.
const maxToken = 8 << 10

// A Visitor is who a token says somebody is.
type Visitor struct {
	// Party has an ID or an e-mail address. Its Trust is Signed.
	channel.Party
	// Attributes are what else the host says. They are JSON values, and as true
	// as the rest.
	Attributes map[string]any
}

// Config configures a Verifier. Keys and Audience are required.
type Config struct {
	// Keys are those whose tokens are good. To rotate, add the new key, sign with
	// it, and remove the old one once its last token has expired.
	Keys []Key
	// Audience is what the aud of a token has to hold, such as the name of the
	// site, so that a token for something else is not good here.
	Audience string
	// MaxAge is the longest time from iat to exp. Defaults to 24 hours.
	MaxAge time.Duration
	// Leeway is how far clocks may differ. Defaults to 30 seconds.
	Leeway time.Duration
}

// A Verifier verifies tokens. It may be used by many goroutines.
type Verifier struct {
	cfg  Config
	keys map[string]Key
}

// NewVerifier returns a Verifier, or every fault of its configuration, joined.
func NewVerifier(cfg Config) (*Verifier, error) {
	if cfg.MaxAge == 0 {
		cfg.MaxAge = 24 * time.Hour
	}
	if cfg.Leeway == 0 {
		cfg.Leeway = 30 * time.Second
	}
	v := &Verifier{cfg: cfg, keys: map[string]Key{}}
	var faults []error
	if len(cfg.Keys) == 0 {
		faults = append(faults, errors.New("visitor: Config.Keys is empty"))
	}
	if cfg.Audience == "" {
		faults = append(faults, errors.New("visitor: Config.Audience is empty"))
	}
	if cfg.MaxAge < 0 || cfg.Leeway < 0 {
		faults = append(faults, errors.New("visitor: MaxAge and Leeway may not be negative"))
	}
	for i, k := range cfg.Keys {
		if err := k.check(); err != nil {
			faults = append(faults, fmt.Errorf("visitor: Config.Keys[%d]: %w", i, err))
		}
		if _, ok := v.keys[k.ID]; ok {
			faults = append(faults, fmt.Errorf("visitor: Config.Keys[%d]: there is another key with the ID %q", i, k.ID))
		}
		v.keys[k.ID] = k
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return v, nil
}

// Verify returns the visitor of a token that is good at the time now, or an
// error that wraps one of this package.
func (v *Verifier) Verify(token string, now time.Time) (Visitor, error) {
	if len(token) > maxToken {
		return Visitor{}, fmt.Errorf("%w: it has %d bytes", ErrMalformed, len(token))
	}
	var c claims
	_, err := jwt.NewParser(
		jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithLeeway(v.cfg.Leeway), jwt.WithStrictDecoding(),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithAudience(v.cfg.Audience),
	).ParseWithClaims(token, &c, v.key)
	if err != nil {
		return Visitor{}, named(err)
	}
	if c.IssuedAt == nil || c.ExpiresAt.Sub(c.IssuedAt.Time) > v.cfg.MaxAge {
		return Visitor{}, fmt.Errorf("%w: it has no iat, or is good for longer than %s", ErrMalformed, v.cfg.MaxAge)
	}
	if c.Subject == "" && c.Email == "" {
		return Visitor{}, fmt.Errorf("%w: it has neither sub nor email", ErrMalformed)
	}
	return c.visitor(), nil
}

// key returns what verifies a token. The key that a token names says how it has
// to be signed; what the token says of that only has to agree.
func (v *Verifier) key(token *jwt.Token) (any, error) {
	if _, ok := token.Header["crit"]; ok { // RFC 7515, section 4.1.11: what is not understood is refused
		return nil, errors.New("it has a crit header")
	}
	id := ""
	if kid, ok := token.Header["kid"]; ok {
		if id, ok = kid.(string); !ok {
			return nil, errors.New("its kid is no text")
		}
	}
	key, ok := v.keys[id]
	if !ok {
		return nil, errors.New("its kid is unknown")
	}
	if token.Method.Alg() != key.method().Alg() {
		return nil, errors.New("it is signed in another way than its key")
	}
	if key.Secret != nil {
		return key.Secret, nil
	}
	return key.public(), nil
}

// named returns the error of this package for one of the library's. A token that
// has several faults is named by the worst.
func named(err error) error {
	kind := ErrMalformed
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed), errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
	case errors.Is(err, jwt.ErrTokenUnverifiable), errors.Is(err, jwt.ErrTokenSignatureInvalid),
		errors.Is(err, jwt.ErrTokenInvalidAudience):
		kind = ErrForged
	case errors.Is(err, jwt.ErrTokenExpired):
		kind = ErrExpired
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		kind = ErrNotYetValid
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Name       string         `json:"name,omitempty"`
	Email      string         `json:"email,omitempty"`
	Phone      string         `json:"phone_number,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

func (c claims) visitor() Visitor {
	return Visitor{
		Party:      channel.Party{ID: c.Subject, Name: c.Name, Email: c.Email, Phone: c.Phone, Trust: channel.Signed},
		Attributes: c.Attributes,
	}
}

// Sign returns a token for a visitor that is good from now for life, with a key
// that has a Secret or a Private part.
func Sign(k Key, audience string, v Visitor, now time.Time, life time.Duration) (string, error) {
	signing, err := k.signing()
	if err != nil {
		return "", err
	}
	t := jwt.NewWithClaims(k.method(), claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: v.ID, Audience: jwt.ClaimStrings{audience},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
		},
		Name: v.Name, Email: v.Email, Phone: v.Phone, Attributes: v.Attributes,
	})
	if k.ID != "" {
		t.Header["kid"] = k.ID
	}
	token, err := t.SignedString(signing)
	if err != nil {
		return "", fmt.Errorf("visitor: sign: %w", err)
	}
	return token, nil
}

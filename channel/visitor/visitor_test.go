package visitor_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/visitor"
)

var (
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	secret = visitor.Key{ID: "s1", Secret: bytes.Repeat([]byte("s"), 32)}
	signer = visitor.Key{ID: "e1", Private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte("e"), 32))}
	other  = visitor.Key{ID: "s1", Secret: bytes.Repeat([]byte("o"), 32)}
	public = visitor.Key{ID: "e1", Public: signer.Private.Public().(ed25519.PublicKey)}
	ada    = visitor.Visitor{
		Party:      channel.Party{ID: "42", Name: "Ada", Email: "ada@example.com", Phone: "+441632960001", Trust: channel.Signed},
		Attributes: map[string]any{"plan": "gold", "seats": 3.0},
	}
)

func verifier(t testing.TB, keys ...visitor.Key) *visitor.Verifier {
	v, err := visitor.NewVerifier(visitor.Config{Keys: keys, Audience: "shop"})
	require.NoError(t, err)
	return v
}

func signed(t testing.TB, k visitor.Key, life time.Duration) string {
	token, err := visitor.Sign(k, "shop", ada, now, life)
	require.NoError(t, err)
	return token
}

func TestVisitor(t *testing.T) {
	v := verifier(t, secret, public)
	for _, k := range []visitor.Key{secret, signer} {
		got, err := v.Verify(signed(t, k, time.Hour), now.Add(time.Minute))
		require.NoError(t, err)
		require.Equal(t, ada, got)
	}
}

func TestTimes(t *testing.T) {
	v := verifier(t, secret)
	for _, test := range []struct {
		name  string
		life  time.Duration
		after time.Duration
		want  error
	}{
		{"fresh", time.Hour, 0, nil},
		{"within the leeway after its end", time.Hour, time.Hour + 29*time.Second, nil},
		{"after its end", time.Hour, time.Hour + 31*time.Second, visitor.ErrExpired},
		{"within the leeway before its issue", time.Hour, -29 * time.Second, nil},
		{"before its issue", time.Hour, -31 * time.Second, visitor.ErrNotYetValid},
		{"as long as may be", 24 * time.Hour, 0, nil},
		{"for too long", 24*time.Hour + time.Second, 0, visitor.ErrMalformed},
		{"ends before it begins", -time.Hour, 0, visitor.ErrExpired},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := v.Verify(signed(t, secret, test.life), now.Add(test.after))
			require.ErrorIs(t, err, test.want)
		})
	}
}

func TestRotation(t *testing.T) {
	next := visitor.Key{ID: "s2", Secret: bytes.Repeat([]byte("n"), 32)}
	old, young := signed(t, secret, time.Hour), signed(t, next, time.Hour)
	both, after := verifier(t, secret, next), verifier(t, next)
	for _, token := range []string{old, young} {
		_, err := both.Verify(token, now)
		require.NoError(t, err)
	}
	_, err := after.Verify(young, now)
	require.NoError(t, err)
	_, err = after.Verify(old, now)
	require.ErrorIs(t, err, visitor.ErrForged)
}

// raw makes a token by hand, signed with key as HS256 does if key is not nil.
func raw(t testing.TB, header, claims string, method jwt.SigningMethod, key any) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	if method == nil {
		return text + "."
	}
	sig, err := method.Sign(text, key)
	require.NoError(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func TestBadTokens(t *testing.T) {
	v := verifier(t, secret, public, visitor.Key{Secret: bytes.Repeat([]byte("d"), 32)})
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	claims := fmt.Sprintf(`{"sub":"42","aud":"shop","iat":%d,"exp":%d}`, at(0), at(time.Hour))
	hs := func(claims string) string {
		return raw(t, `{"alg":"HS256","kid":"s1"}`, claims, jwt.SigningMethodHS256, secret.Secret)
	}
	_, err := v.Verify(hs(claims), now)
	require.NoError(t, err, "what the bad ones are made from is good")
	good := signed(t, secret, time.Hour)
	for name, test := range map[string]struct {
		token string
		want  error
	}{
		"empty":          {"", visitor.ErrMalformed},
		"two parts":      {"a.b", visitor.ErrMalformed},
		"no base64":      {"!.!.!", visitor.ErrMalformed},
		"no JSON":        {raw(t, `{`, claims, nil, nil), visitor.ErrMalformed},
		"huge":           {hs(strings.Replace(claims, "42", strings.Repeat("4", 9000), 1)), visitor.ErrMalformed},
		"sub a number":   {hs(fmt.Sprintf(`{"sub":42,"aud":"shop","iat":%d,"exp":%d}`, at(0), at(time.Hour))), visitor.ErrMalformed},
		"no exp":         {hs(fmt.Sprintf(`{"sub":"42","aud":"shop","iat":%d}`, at(0))), visitor.ErrMalformed},
		"no iat":         {hs(fmt.Sprintf(`{"sub":"42","aud":"shop","exp":%d}`, at(time.Hour))), visitor.ErrMalformed},
		"exp too far":    {hs(fmt.Sprintf(`{"sub":"42","aud":"shop","iat":%d,"exp":%d}`, at(0), at(365*24*time.Hour))), visitor.ErrMalformed},
		"exp no time":    {hs(fmt.Sprintf(`{"sub":"42","aud":"shop","iat":%d,"exp":1e300}`, at(0))), visitor.ErrExpired},
		"nobody":         {hs(fmt.Sprintf(`{"aud":"shop","iat":%d,"exp":%d}`, at(0), at(time.Hour))), visitor.ErrMalformed},
		"nbf ahead":      {hs(fmt.Sprintf(`{"sub":"42","aud":"shop","iat":%d,"nbf":%d,"exp":%d}`, at(0), at(time.Minute), at(time.Hour))), visitor.ErrNotYetValid},
		"no audience":    {hs(fmt.Sprintf(`{"sub":"42","iat":%d,"exp":%d}`, at(0), at(time.Hour))), visitor.ErrMalformed},
		"other audience": {hs(fmt.Sprintf(`{"sub":"42","aud":"bank","iat":%d,"exp":%d}`, at(0), at(time.Hour))), visitor.ErrForged},
		"expired and for another audience": {
			hs(fmt.Sprintf(`{"sub":"42","aud":"bank","iat":%d,"exp":%d}`, at(-2*time.Hour), at(-time.Hour))), visitor.ErrForged},
		"another key":         {signed(t, other, time.Hour), visitor.ErrForged},
		"changed":             {good[:len(good)-4] + "AAAA", visitor.ErrForged},
		"none":                {raw(t, `{"alg":"none","kid":"s1"}`, claims, nil, nil), visitor.ErrForged},
		"None":                {raw(t, `{"alg":"None","kid":"s1"}`, claims, nil, nil), visitor.ErrForged},
		"unknown kid":         {raw(t, `{"alg":"HS256","kid":"x"}`, claims, jwt.SigningMethodHS256, secret.Secret), visitor.ErrForged},
		"no kid":              {raw(t, `{"alg":"HS256"}`, claims, jwt.SigningMethodHS256, secret.Secret), visitor.ErrForged},
		"kid no text":         {raw(t, `{"alg":"HS256","kid":1}`, claims, jwt.SigningMethodHS256, secret.Secret), visitor.ErrForged},
		"crit":                {raw(t, `{"alg":"HS256","kid":"s1","crit":["x"]}`, claims, jwt.SigningMethodHS256, secret.Secret), visitor.ErrForged},
		"HS512":               {raw(t, `{"alg":"HS512","kid":"s1"}`, claims, jwt.SigningMethodHS512, secret.Secret), visitor.ErrForged},
		"public key as HMAC":  {raw(t, `{"alg":"HS256","kid":"e1"}`, claims, jwt.SigningMethodHS256, []byte(public.Public)), visitor.ErrForged},
		"secret named as Ed":  {raw(t, `{"alg":"EdDSA","kid":"s1"}`, claims, jwt.SigningMethodEdDSA, signer.Private), visitor.ErrForged},
		"key of another kind": {raw(t, `{"alg":"HS256","kid":"e1"}`, claims, jwt.SigningMethodHS256, secret.Secret), visitor.ErrForged},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := v.Verify(test.token, now)
			require.ErrorIs(t, err, test.want)
			require.Zero(t, got)
		})
	}
}

// TestNoByteMayChange changes each character of a token to any other.
func TestNoByteMayChange(t *testing.T) {
	v := verifier(t, secret, public)
	for _, k := range []visitor.Key{secret, signer} {
		token := signed(t, k, time.Hour)
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ" { // some of them are the same signature to a lax decoder
			if end := len(token) - 1; byte(c) != token[end] {
				_, err := v.Verify(token[:end]+string(c), now)
				require.Error(t, err)
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			i := rapid.IntRange(0, len(token)-1).Draw(t, "place")
			b := []byte(token)
			b[i] = rapid.SampledFrom([]byte("ABCxyz019-_.")).Filter(func(c byte) bool { return c != token[i] }).Draw(t, "byte")
			_, err := v.Verify(string(b), now)
			require.Error(t, err)
		})
	}
}

func TestConfigFaults(t *testing.T) {
	_, err := visitor.NewVerifier(visitor.Config{MaxAge: -1, Keys: []visitor.Key{
		{ID: "a"}, {ID: "b", Secret: []byte("short")}, {ID: "c", Public: []byte("short")}, {ID: "d", Private: []byte("short")},
		{ID: "e", Secret: secret.Secret, Public: public.Public}, secret, secret,
	}})
	for _, want := range []string{
		"Audience is empty", "may not be negative", "Keys[0]: want one of", "Keys[1]: the Secret has 5 bytes", "Keys[2]: the Public part has 5 bytes",
		"Keys[3]: the Private part has 5 bytes", "Keys[4]: want one of", `Keys[6]: there is another key with the ID "s1"`,
	} {
		require.ErrorContains(t, err, want)
	}
	_, err = visitor.NewVerifier(visitor.Config{Audience: "shop"})
	require.ErrorContains(t, err, "Keys is empty")
	_, err = visitor.Sign(public, "shop", ada, now, time.Hour)
	require.ErrorContains(t, err, "verifies only")
}

func TestKeysAreNotPrinted(t *testing.T) {
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		require.Equal(t, `key "s1"`, fmt.Sprintf(format, secret))
	}
}

func FuzzVerify(f *testing.F) {
	v := verifier(f, secret, public)
	good := signed(f, secret, time.Hour)
	for _, seed := range []string{good, signed(f, signer, time.Hour), "a.b.c", "..", good + ".", raw(f, `{"alg":"none"}`, `{}`, nil, nil)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		got, err := v.Verify(token, now)
		if err != nil {
			require.Zero(t, got)
			return
		}
		// Nobody but the holder of a key can make one that says something else.
		a, _ := json.Marshal(ada)
		b, _ := json.Marshal(got)
		require.JSONEq(t, string(a), string(b))
	})
}

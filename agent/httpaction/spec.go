package httpaction

import (
	"encoding/json"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Spec describes an action as an HTTP request. It is a JSON document, and
// holds no secrets.
type Spec struct {
	// Name, Description, Risk and Idempotent are those of agent.Action. A GET
	// that does not write is idempotent by itself. Another request that is must
	// send {call.key}, by which its server tells repeats.
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Risk        agent.Risk `json:"risk,omitempty"`
	Idempotent  bool       `json:"idempotent,omitempty"`
	// Trust is the least at which the customer's identity must be known:
	// "anonymous", which is the default, "asserted", "e-mail verified" or
	// "signed". A Spec that sends who the customer is needs more than anonymous.
	Trust string `json:"trust,omitempty"`
	// Inputs are what the model fills in.
	Inputs []Input `json:"inputs,omitempty"`

	// Method is GET, HEAD, POST, PUT, PATCH or DELETE. Defaults to GET.
	Method string `json:"method,omitempty"`
	// URL may have placeholders in its path and in the values of its query. A
	// value that has only a placeholder of an input that was left out is left
	// out as well.
	URL string `json:"url"`
	// Headers are sent beside those of the protocol. One whose placeholder has
	// no value is left out. Only printable ASCII can be sent.
	Headers map[string]string `json:"headers,omitempty"`
	// Body is sent as JSON. A string in it that is one placeholder becomes the
	// value with its type, and is left out if there is none; others are filled
	// in as text.
	Body json.RawMessage `json:"body,omitempty"`
	Auth Auth            `json:"auth,omitzero"`

	// Response names what the model is told of the reply: a field of the
	// action's result by where it is in the reply's JSON, as in
	// {"state": "/shipment/state"}. See RFC 6901. If it is empty, the model is
	// told the status alone. A result is 16 KiB at most.
	Response map[string]string `json:"response,omitempty"`
	// Timeout is how long the action may take with all attempts. Defaults to 10 s,
	// at most a minute.
	Timeout agent.Duration `json:"timeout,omitempty"`
	// Retries is how many more attempts are made, at most 5, while the server is
	// busy or away, each after the wait that it asks for. Only for requests that
	// may be repeated: GET, HEAD, PUT, DELETE and Idempotent.
	Retries int `json:"retries,omitempty"`
}

// An Input is a value that the model fills in.
type Input struct {
	// Name is made of letters, digits and underscores.
	Name string `json:"name"`
	// Description tells the model what it is.
	Description string `json:"description,omitempty"`
	// Type is "string", "integer", "number" or "boolean". Defaults to "string".
	Type string `json:"type,omitempty"`
	// Enum lists the values that a string may have. Empty allows all.
	Enum []string `json:"enum,omitempty"`
	// MaxLength is the longest string allowed, in characters. Defaults to 500.
	MaxLength int `json:"max_length,omitempty"`
	// Optional inputs may be left out. One in the path may not be.
	Optional bool `json:"optional,omitempty"`
}

// Auth is how a request proves who sends it.
type Auth struct {
	// Type is one of the constants below. Empty means none.
	Type AuthType `json:"type,omitempty"`
	// Secret is the reference of the token, the password or the key.
	Secret string `json:"secret,omitempty"`
	// User is the name of Basic.
	User string `json:"user,omitempty"`
	// Header is the header of APIKey. Defaults to X-Api-Key.
	Header string `json:"header,omitempty"`
}

// An AuthType is a way to prove who sends a request.
type AuthType string

// The types of Auth.
const (
	Bearer AuthType = "bearer"  // Authorization: Bearer and the secret, RFC 6750, section 2.1
	Basic  AuthType = "basic"   // Authorization: Basic with User and the secret, RFC 7617
	APIKey AuthType = "api_key" // Header: and the secret
)

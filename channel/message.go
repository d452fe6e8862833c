package channel

import "time"

// A Message is one message in either direction.
type Message struct {
	// ID is, inbound, the provider's own id: repeats are dropped. Outbound it
	// is the agent's id, the same at every attempt to send this message.
	ID string `json:"id"`
	// Thread groups messages into one conversation: a chat, a mail thread, a
	// phone number.
	Thread string `json:"thread"`
	// From is who wrote the message. Outbound it carries only a display name.
	From Party `json:"from,omitzero"`
	// Author is the side that wrote the message.
	Author Author `json:"author"`
	// Text is plain text, or Markdown without HTML and images when the agent wrote it.
	Text string `json:"text"`
	// Language is, inbound, a hint of the language that the customer reads, a BCP
	// 47 tag such as the browser's. Outbound it is the language of Text.
	Language string `json:"language,omitempty"`
	// Citations are the sources that an answer rests on.
	Citations []Citation `json:"citations,omitempty"`
	// Attachments are files that came with the message.
	Attachments []Attachment `json:"attachments,omitempty"`
	// At is when the message was written, by the provider's clock.
	At time.Time `json:"at"`
	// Automatic says that a machine wrote an inbound message: it is stored and
	// never answered.
	Automatic bool `json:"automatic,omitempty"`
	// WantsPerson says that the customer used the channel's own way to a
	// person, such as a button.
	WantsPerson bool `json:"wants_person,omitempty"`
}

// An Author is the side that wrote a message.
type Author string

// The authors.
const (
	Customer Author = "customer"
	Agent    Author = "agent"  // the AI agent
	Person   Author = "person" // somebody of the company
	System   Author = "system" // a notice, such as that the conversation was closed
)

// A Party is who wrote a message, as far as the channel knows.
type Party struct {
	// ID is the channel's id of the party, stable across threads.
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	// Phone is in E.164 form.
	Phone string `json:"phone,omitempty"`
	// Trust says how well the channel knows that the rest is true.
	Trust Trust `json:"trust,omitempty"`
}

// Trust says how well an identity is known. Higher values include lower ones.
type Trust int

// The levels of trust.
const (
	// Anonymous: nothing is known; whatever the party says is a claim.
	Anonymous Trust = iota
	// Asserted: the channel says so, as a phone network or a From header does.
	Asserted
	// EmailVerified: the party showed that it reads the mail of its address.
	EmailVerified
	// Signed: the host signed the identity.
	Signed
)

// String returns the level in words.
func (t Trust) String() string {
	switch t {
	case Anonymous:
		return "anonymous"
	case Asserted:
		return "asserted"
	case EmailVerified:
		return "e-mail verified"
	case Signed:
		return "signed"
	}
	return "unknown"
}

// A Citation names the place that a statement rests on.
type Citation struct {
	// Source is the document's id in the knowledge base, a path or a URL.
	Source string `json:"source"`
	// Title is the document's title.
	Title string `json:"title"`
	// URL leads a customer to the place, anchor included. It is empty where the
	// source has no address.
	URL string `json:"url,omitempty"`
	// Anchor is the fragment of the heading within the document.
	Anchor string `json:"anchor,omitempty"`
	// Quote is the sentence of the source, word for word.
	Quote string `json:"quote,omitempty"`
	// Passage is the id of the passage that the sentence stands in, and Version the
	// first 16 bytes of the SHA-256 of its text, in hex: another version of the
	// document has others. Start and End are where Quote stands in that text, in
	// characters (Unicode code points), End behind the last.
	Passage string `json:"passage,omitempty"`
	Version string `json:"version,omitempty"`
	Start   int    `json:"start,omitempty"`
	End     int    `json:"end,omitempty"`
}

// An Attachment is a file that came with a message.
type Attachment struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Data      []byte `json:"data"`
}

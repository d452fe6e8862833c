package livechat

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

// Config configures a Chat. Only Key is required.
type Config struct {
	// Key signs the tokens of visitors, with HMAC-SHA256. It has at least 32
	// bytes, is the same on every replica, and is a secret. A new Key begins
	// every visitor's conversation anew.
	Key []byte

	// Name is the channel's name. Defaults to "livechat".
	Name string
	// Title heads the chat. Defaults to "Chat with us".
	Title string
	// Greeting stands above the first message. Defaults to "Hi! How can we help?".
	Greeting string
	// AgentName is what the AI agent is called in the chat. Defaults to "Assistant".
	AgentName string
	// Accent is the colour of the chat, as #rrggbb. Defaults to "#3b5bdb".
	Accent string

	// Identify returns who a visitor is by the token that the host's page gave the
	// chat in data-visitor, and at the time now. Verify of a visitor.Verifier is
	// made for it. A token that it returns an error for is logged and not believed:
	// the visitor stays anonymous. Nil believes nobody.
	Identify func(token string, now time.Time) (channel.Party, error)

	// Origins lists the sites, such as https://www.example.com, whose pages may
	// use the chat from another origin than its own. Pages of its own may always.
	Origins []string
	// Address tells the limits who is asking. Behind a proxy the host reads it
	// from the header that the proxy sets. Defaults to the host of RemoteAddr.
	Address func(*http.Request) string

	// MaxText is the longest message of a visitor in runes. Defaults to 4000.
	MaxText int
	// MessagesPerMinute limits one visitor. Defaults to 20.
	MessagesPerMinute int
	// SessionsPerMinute limits the new visitors of one address. Defaults to 60.
	SessionsPerMinute int
	// MaxStreams is how many streams a visitor may have open, which is one for
	// each tab. Defaults to 8.
	MaxStreams int
	// TokenAge is how long a visitor may stay away and still find the
	// conversation. Defaults to 30 days.
	TokenAge time.Duration
	// Poll is how often a stream looks for messages that another replica sent.
	// Defaults to 15 seconds.
	Poll time.Duration

	// Logger is told of failures, without the text of messages. Nil logs nothing.
	Logger *slog.Logger
}

// heartbeat is how often an idle stream is written to, since proxies close
// those that are silent for half a minute.
const heartbeat = 20 * time.Second

// colour is the form of Config.Accent. The accent is written into a style sheet,
// so that nothing else may pass.
var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// complete returns a copy with the defaults filled in, or all faults.
func (cfg Config) complete() (Config, error) {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf("livechat: "+format, args...))
		}
	}
	fault(len(cfg.Key) < 32, "Config.Key has %d bytes: it needs at least 32 random ones", len(cfg.Key))
	cfg.Name = cmp.Or(cfg.Name, "livechat")
	cfg.Title = cmp.Or(cfg.Title, "Chat with us")
	cfg.Greeting = cmp.Or(cfg.Greeting, "Hi! How can we help?")
	cfg.AgentName = cmp.Or(cfg.AgentName, "Assistant")
	cfg.Accent = cmp.Or(cfg.Accent, "#3b5bdb")
	cfg.MaxText = cmp.Or(cfg.MaxText, 4000)
	cfg.MessagesPerMinute = cmp.Or(cfg.MessagesPerMinute, 20)
	cfg.SessionsPerMinute = cmp.Or(cfg.SessionsPerMinute, 60)
	cfg.MaxStreams = cmp.Or(cfg.MaxStreams, 8)
	cfg.TokenAge = cmp.Or(cfg.TokenAge, 30*24*time.Hour)
	cfg.Poll = cmp.Or(cfg.Poll, 15*time.Second)
	if cfg.Address == nil {
		cfg.Address = remoteHost
	}
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	fault(!colour.MatchString(cfg.Accent), "Config.Accent is %q: it must be a colour such as #3b5bdb", cfg.Accent)
	fault(min(cfg.MaxText, cfg.MessagesPerMinute, cfg.SessionsPerMinute, cfg.MaxStreams) < 0,
		"Config has a negative limit: limits are positive, and zero means the default")
	fault(min(cfg.TokenAge, cfg.Poll) < 0, "Config has a negative duration: durations are positive, and zero means the default")
	for _, o := range cfg.Origins {
		fault(!isOrigin(o), "Config.Origins has %q: an origin is a scheme and a host, such as https://www.example.com", o)
	}
	return cfg, errors.Join(faults...)
}

// isOrigin reports whether s is what a browser sends as the Origin of a page.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && s == u.Scheme+"://"+u.Host
}

// remoteHost drops the port, which differs from connection to connection.
func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

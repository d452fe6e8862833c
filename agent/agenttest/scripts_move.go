package agenttest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// A role is a customer of a script. Its thread has the same name.
type role struct {
	name     string
	party    channel.Party
	channel  string
	language string
}

// A form is one way to write what happens.
type form struct {
	pattern *regexp.Regexp
	read    func(p *play, line int, m []string) (func(*stage) error, error)
}

// forms are tried in order.
func forms() []form {
	return []form{
		{regexp.MustCompile(`^start (.+)$`), (*play).readStart},
		{regexp.MustCompile(`^credits (\S+)$`), (*play).readCredits},
		{regexp.MustCompile(`^wait (\S+)$`), (*play).readWait},
		{regexp.MustCompile(`^(\S+) is (down|up)$`), (*play).readFault},
		{regexp.MustCompile(`^(\S+) is (.+)$`), (*play).readRole},
		{regexp.MustCompile(`^model (also )?(?:(says): (.+)|(calls) (\S+) (\{.*\})|(finds no answer)|(fails): (.+)|(hangs))$`), (*play).readModel},
		{regexp.MustCompile(`^(\S+) (takes|returns|closes) (\S+)$`), (*play).readPerson},
		{regexp.MustCompile(`^(\S+) says to (\S+): (.+)$`), (*play).readSaying},
		{regexp.MustCompile(`^(\S+?)(?: \((.+?)\))?: ?(.*)$`), (*play).readMessage},
	}
}

// parseMove reads a line of what happens. What is not an act of its own has no func.
func (p *play) parseMove(text string, line int) (func(*stage) error, error) {
	for _, f := range forms() {
		if m := f.pattern.FindStringSubmatch(text); m != nil {
			return f.read(p, line, m)
		}
	}
	return nil, fmt.Errorf("%q is none of the forms that RunScripts lists", text)
}

func (p *play) readStart(_ int, m []string) (func(*stage) error, error) {
	at, err := time.Parse("2006-01-02 15:04", m[1])
	if err != nil || at.Year() < 2000 {
		return nil, fmt.Errorf("start: want a time after 2000 such as 2026-07-06 09:00, have %q", m[1])
	}
	if len(p.moves()) > 0 || !p.start.IsZero() {
		return nil, errors.New("start: it comes before everything else")
	}
	p.start = at
	return nil, nil
}

// moves returns those of all paragraphs that have ended.
func (p *play) moves() (all []move) {
	for _, para := range p.paragraphs {
		all = append(all, para.moves...)
	}
	return all
}

func (p *play) readCredits(line int, m []string) (func(*stage) error, error) {
	amount, err := strconv.ParseFloat(m[1], 64)
	if err != nil || amount < 0 {
		return nil, fmt.Errorf("credits: want an amount, have %q", m[1])
	}
	p.metered = true
	return func(s *stage) error {
		return s.ledger.Grant(s.ctx, fmt.Sprint("line ", line), credits.Amount(amount*float64(credits.Credit)), "script")
	}, nil
}

func (p *play) readWait(_ int, m []string) (func(*stage) error, error) {
	d, err := time.ParseDuration(m[1])
	if err != nil || d <= 0 {
		return nil, fmt.Errorf("wait: want a time such as 90s, 31m or 72h, have %q", m[1])
	}
	return func(s *stage) error { return s.pass(d) }, nil
}

// parts are what of the world can be down.
var parts = []string{"chat", "mail", "crm", "knowledge", "credits", "codes", "router"}

func (p *play) readFault(_ int, m []string) (func(*stage) error, error) {
	if !slices.Contains(parts, m[1]) {
		return nil, fmt.Errorf("%s can not be down, only %s can", m[1], strings.Join(parts, ", "))
	}
	return func(s *stage) error {
		s.setDown(m[1], m[2] == "down")
		return nil
	}, nil
}

func (p *play) readRole(_ int, m []string) (func(*stage) error, error) {
	r := &role{name: m[1], channel: "chat"}
	for i, word := range strings.Split(m[2], ",") {
		word = strings.TrimSpace(word)
		key, value, _ := strings.Cut(word, " ")
		switch level := levelNamed(word); {
		case level >= 0:
			r.party.Trust = level
		case key == "on" && (value == "chat" || value == "mail"):
			r.channel = value
		case key == "id" && value != "":
			r.party.ID = value
		case key == "phone" && value != "":
			r.party.Phone = value
		case key == "reads" && value != "":
			r.language = value
		case i == 0:
			address, err := mail.ParseAddress(word)
			if err == nil {
				r.party.Name, r.party.Email = address.Name, address.Address
			} else {
				r.party.Name = word
			}
		default:
			return nil, fmt.Errorf("%s is %q: want a level of trust, on chat or on mail, id, phone or reads", m[1], word)
		}
	}
	if i := slices.IndexFunc(p.cast, func(o *role) bool { return o.name == r.name }); i >= 0 {
		*p.cast[i] = *r
		return nil, errors.Join(p.later(i, r.name))
	}
	p.cast = append(p.cast, r)
	return nil, nil
}

// later refuses to tell of a customer twice, but of the one that everybody knows.
func (p *play) later(i int, name string) error {
	if i == 0 {
		return nil
	}
	return fmt.Errorf("%s was told of before", name)
}

// levelNamed returns the level of trust of that name, -1 if there is none.
func levelNamed(name string) channel.Trust {
	for level := channel.Anonymous; level <= channel.Signed; level++ {
		if level.String() == name {
			return level
		}
	}
	return -1
}

// role returns the customer of a name.
func (p *play) role(name string) (*role, error) {
	for _, r := range p.cast {
		if r.name == name {
			return r, nil
		}
	}
	return nil, fmt.Errorf("nobody is called %s: tell of them first, as in %s is Ada Lovelace <ada@example.com>, asserted", name, name)
}

func (p *play) readMessage(_ int, m []string) (func(*stage) error, error) {
	r, err := p.role(m[1])
	if err != nil {
		return nil, err
	}
	message := channel.Message{Thread: r.name, From: r.party, Language: r.language, Text: strings.ReplaceAll(m[3], `\n`, "\n")}
	again := false
	switch m[2] {
	case "":
	case "automatic":
		message.Automatic = true
	case "wants a person":
		message.WantsPerson = true
	case "with a file":
		message.Attachments = []channel.Attachment{{Name: "file.txt", MediaType: "text/plain", Data: []byte("content")}}
	case "again":
		again = true
	default:
		return nil, fmt.Errorf("(%s): want automatic, wants a person, with a file or again", m[2])
	}
	return func(s *stage) error { return s.deliver(r, message, again) }, nil
}

func (p *play) readPerson(_ int, m []string) (func(*stage) error, error) {
	r, err := p.role(m[3])
	return func(s *stage) error {
		do := map[string]func(*agent.Agent) error{
			"takes":   func(a *agent.Agent) error { return a.Take(s.ctx, s.conversation(r), m[1]) },
			"returns": func(a *agent.Agent) error { return a.Return(s.ctx, s.conversation(r), m[1]) },
			"closes":  func(a *agent.Agent) error { return a.Close(s.ctx, s.conversation(r), m[1]) },
		}
		return do[m[2]](s.desk)
	}, err
}

func (p *play) readSaying(line int, m []string) (func(*stage) error, error) {
	r, err := p.role(m[2])
	return func(s *stage) error {
		return s.desk.Say(s.ctx, s.conversation(r), channel.Message{
			ID: fmt.Sprint("said on line ", line), From: channel.Party{Name: m[1]}, Text: m[3],
		})
	}, err
}

// cites are the passages that a text of the model rests on, from 1, at its end.
var cites = regexp.MustCompile(`\s*\[(\d+)\]$`)

func (p *play) readModel(line int, m []string) (func(*stage) error, error) {
	var step Step
	switch {
	case m[2] != "":
		step = Says(strings.ReplaceAll(m[3], `\n`, "\n"))
		d := &step.Deltas[0]
		for c := cites.FindStringSubmatch(d.Text); c != nil; c = cites.FindStringSubmatch(d.Text) {
			d.Text = strings.TrimSuffix(d.Text, c[0])
			n, err := strconv.Atoi(c[1])
			if err != nil || n < 1 {
				return nil, fmt.Errorf("model: passages are counted from [1], have [%s]", c[1])
			}
			d.Sources = append([]int{n - 1}, d.Sources...)
		}
	case m[4] != "":
		if !json.Valid([]byte(m[6])) {
			return nil, fmt.Errorf("model: the arguments are no JSON object: %s", m[6])
		}
		step.Deltas = []agent.Delta{{Call: &agent.Call{ID: fmt.Sprint("line ", line), Name: m[5], Arguments: json.RawMessage(m[6])}}}
	case m[7] != "":
		step.Deltas = []agent.Delta{{NoAnswer: true}}
	case m[8] != "":
		step.Err = errors.New(m[9])
	default:
		step.Hang = true
	}
	p.scripted = true
	also := m[1] != ""
	return func(s *stage) error { return s.model.add(line, step, also) }, nil
}

package agenttest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
)

// ScriptOptions say what RunScripts runs conversations with.
type ScriptOptions struct {
	// Config returns what the agent of each script is made of, inside the bubble
	// of its synctest: actions, say, and the settings that scripts change. Nil is
	// an empty one. What a script plays itself takes the place of its Store,
	// Channels, Model, Meter, Codes and Observer, and of Knowledge and CRM if the
	// script has them.
	Config func(t *testing.T) agent.Config
	// Update is the directory that is the root of fsys, to write into each script
	// what happened, in place of what it expected. Empty compares.
	Update string
	// Turn, if it is not nil, is given each turn of each script, such as to a
	// preview.Coverage. It is called from many goroutines.
	Turn func(agent.Turn)
}

// RunScripts runs every conversation that fsys holds as a .txtar file, each in
// virtual time against an agent of its own, and compares what happened with what
// the file expects. Failures name file and line. Nil options are the zero value.
//
// A file is a txtar archive (golang.org/x/tools/txtar): text about it, and then
//
//	-- settings.json --        agent.Settings, on top of those of Config
//	-- customers.json --       a list of agent.Customer, a CRM that can be edited
//	-- knowledge/returns.md -- a document: "# Title", "## Section", text
//	-- script --               the conversation
//
// A script is made of paragraphs. What happens stands at the beginning of the
// lines, all of a paragraph at once, and under it, set in, what comes of it:
//
//	Ada is Ada Lovelace <ada@example.com>, asserted, on mail
//
//	Ada: How long do I have to return a bike?
//	    decide: answer, evidence
//	    agent: From «Returns»:
//	         | You have 30 days.
//	    source: returns.md
//	    events: message.received, turn.committed, message.delivered
//
//	wait 31m
//
// What happens is written in these forms. A line that begins with # is a note.
//
//	start 2026-07-06 09:00      when the script begins, in UTC
//	credits 50                  grants credits; without any, all is free
//	wait 31m                    lets time pass
//	NAME is WHO                 tells of a customer: name and <address>, a level
//	                            of trust, "on" a channel, "id", "phone", "reads"
//	                            a language; "customer" is anonymous, on chat
//	NAME: TEXT                  the customer writes; {{code}} is the newest code that
//	                            was mailed, and \n a new line
//	NAME (automatic): TEXT      a machine writes in the customer's name
//	NAME (wants a person): TEXT the customer uses the way to a person
//	NAME (again): TEXT          the provider delivers the message before once more
//	NAME (with a file): TEXT    the customer sends a file
//	PERSON takes NAME           somebody of the company takes the conversation,
//	PERSON returns NAME         gives it back to the agent,
//	PERSON closes NAME          closes it,
//	PERSON says to NAME: TEXT   or writes in it
//	model says: TEXT [1]        a call of the model writes, from the first passage
//	model calls ACTION {...}    proposes an action,
//	model also calls ...        and another one in the same call,
//	model finds no answer       says that the evidence does not answer,
//	model fails: TEXT           fails
//	model hangs                 or never comes back
//	PART is down, PART is up    chat, mail, crm, knowledge, credits, codes, router
//
// Each call of the model takes the next of its lines, and each line must be
// taken. A script without any is answered by agent.Extractive.
func RunScripts(t *testing.T, fsys fs.FS, opts *ScriptOptions) {
	if opts == nil {
		opts = &ScriptOptions{}
	}
	var names []string
	require.NoError(t, fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".txtar" {
			names = append(names, name)
		}
		return err
	}))
	require.NotEmpty(t, names, "there is a .txtar file to run")
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			data, err := fs.ReadFile(fsys, name)
			require.NoError(t, err)
			p, err := parsePlay(name, data)
			require.NoError(t, err)
			if opts.Update != "" {
				// Also what fails is written: it says what happened.
				defer func() {
					require.NoError(t, os.WriteFile(filepath.Join(opts.Update, filepath.FromSlash(name)), p.format(), 0o644))
				}()
			}
			synctest.Test(t, func(t *testing.T) { newStage(t, p, *opts).perform(opts.Update != "") })
		})
	}
}

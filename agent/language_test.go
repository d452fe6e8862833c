package agent

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/internal/language"
)

func TestTheLanguageOfATurn(t *testing.T) {
	const german, unclear = "Wo ist mein Paket geblieben?", "4711"
	for _, test := range []struct {
		name, text                  string
		memory, contact, hint, rule string
		allowed                     []string
		want                        string
	}{
		{name: "the message, if it is sure", text: german, memory: "fr", contact: "nl", hint: "en-GB", rule: "it", want: "de"},
		{name: "the conversation so far", text: unclear, memory: "fr", contact: "nl", hint: "en-GB", rule: "it", want: "fr"},
		{name: "the contact", text: unclear, contact: "nl-BE", hint: "en-GB", rule: "it", want: "nl"},
		{name: "the channel's hint", text: unclear, hint: "pt-BR", rule: "it", want: "pt"},
		{name: "the settings", text: unclear, rule: "it", want: "it"},
		{name: "a greeting", text: "Bonjour !", rule: "it", want: "fr"},
		{name: "a greeting, after the hint", text: "Bonjour !", hint: "nl", rule: "it", want: "nl"},
		{name: "English", text: unclear, want: "en"},
		{name: "a language that is not allowed", text: german, contact: "nl", allowed: []string{"en", "nl"}, want: "nl"},
		{name: "a language that nobody here speaks", text: unclear, hint: "sv", want: "en"},
		{name: "no English", text: unclear, allowed: []string{"fr-CH", "de"}, want: "fr"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := Config{
				Settings: Settings{Languages: test.allowed, Language: test.rule},
				CRM:      Directory{{Email: "ada@example.com", Language: test.contact}},
			}
			turn := beginning(t, cfg, Conversation{Memory: Memory{Language: test.memory}}, test.text)
			turn.burst[0].Language = test.hint
			turn.burst[0].From = channel.Party{Email: "ada@example.com", Trust: channel.Asserted}
			require.NoError(t, turn.identify(t.Context()))
			require.Equal(t, test.want, turn.Language)
		})
	}
}

func TestAConversationKeepsItsLanguage(t *testing.T) {
	opened(t, Config{Model: says("Innerhalb von 30 Tagen. [1]")}, func(d *desk) {
		d.write("t", "Hallo, kann ich den return Artikel bitte zurückgeben?")
		require.Equal(t, "de", d.turns("t")[0].Language)
		d.write("t", "return 4711")
		require.Equal(t, "de", d.turns("t")[1].Language, "an unclear message changes nothing")
		d.write("t", "And how do I return it from another country?")
		require.Equal(t, "en", d.turns("t")[2].Language, "a clear one does")
		require.Equal(t, "en", d.conversation("t").Memory.Language)
		require.Equal(t, "en", d.chat.Sent()[2].Language)
	})
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	for _, address := range []Address{Formal, Informal} {
		settings := Settings{Profile: Profile{Voice: Voice{Address: address}}}
		seen := map[string]string{}
		for tag, texts := range settings.textsByLanguage() {
			book := phrasebooks()[tag]
			require.NotEmpty(t, book.Name)
			require.Contains(t, book.From, "%s")
			require.Len(t, book.Openings, 5)
			require.Len(t, book.Choices, mostOptions)
			for _, list := range []string{book.Talk.Greetings, book.Talk.Thanks, book.Talk.Fillers, book.Sentiment.Good, book.Sentiment.Bad, book.Sentiment.Not} {
				require.NotEmpty(t, list, tag)
			}
			v := reflect.ValueOf(texts)
			for i := range v.NumField() {
				field := v.Type().Field(i)
				if field.Name == "Closed" || field.Type.Kind() != reflect.String {
					continue
				}
				text := v.Field(i).String()
				require.NotEmpty(t, text, "%s of %s", field.Name, tag)
				require.Empty(t, seen[text], "%s of %s is in the words of another language", field.Name, tag)
				seen[text] = tag
				if got, sure := language.Detect(strings.ReplaceAll(text, "{{agent.name}}", "")); sure {
					require.Equal(t, tag, got, text)
				}
			}
			for _, reason := range []handoff.Reason{handoff.CustomerRequest, handoff.MissingKnowledge, handoff.OutsideHours, handoff.Limits, handoff.Failure} {
				require.NotEqual(t, texts.HandOff, texts.handOff(reason), "%s of %s", reason, tag)
			}
		}
	}
}

func TestTextsFollowTheFormOfAddress(t *testing.T) {
	formal, informal := Settings{}, Settings{Profile: Profile{Voice: Voice{Address: Informal}}}
	require.Equal(t, "Guten Tag! Wie kann ich Ihnen helfen?", formal.textsByLanguage()["de"].Greeting)
	require.Equal(t, "Hallo! Wie kann ich dir helfen?", informal.textsByLanguage()["de"].Greeting)
	informal.Texts = map[string]Texts{"de": {Greeting: "Servus!"}}
	require.Equal(t, "Servus!", informal.textsByLanguage()["de"].Greeting, "the settings come first")
}

func TestSmallTalkInEveryLanguage(t *testing.T) {
	for text, want := range map[string]talk{
		"Hoi!": greets, "Guten Tag": greets, "Bonjour à tous": greets, "¡Hola, buenas tardes!": greets, "Olá, bom dia": greets, "Buongiorno a tutti": greets,
		"Heel erg bedankt": thanks, "Vielen lieben Dank": asks, "Danke für Ihre Hilfe": thanks, "Merci beaucoup !": thanks,
		"Muchas gracias por su ayuda": thanks, "Muito obrigada": thanks, "Grazie mille per l'aiuto": thanks, "thank you for your help": thanks,
		"Danke, aber wo ist es?": asks, "bom preço": asks,
	} {
		require.Equal(t, want, smallTalk(text), text)
	}
}

func TestExtractiveSpeaksTheLanguage(t *testing.T) {
	r := evidence("Innerhalb von 30 Tagen.")
	r.Language, r.Profile.Personality = "de", Friendly
	var text strings.Builder
	for d, err := range (Extractive{}).Generate(t.Context(), r) {
		require.NoError(t, err)
		text.WriteString(d.Text)
	}
	require.Equal(t, "Das habe ich auf unseren Hilfeseiten gefunden.\n\nAus «Returns»:\nInnerhalb von 30 Tagen.", text.String())
}

func TestThePromptNamesTheLanguage(t *testing.T) {
	system := Request{Language: "de", Profile: Profile{Voice: Voice{Address: Informal}}}.Prompt().System
	require.Contains(t, system, "in German.")
	require.Contains(t, system, "in the informal form (du)")
	require.NotContains(t, Request{}.Prompt().System, "form (", "English has one form of address")
}

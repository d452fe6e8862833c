package lead

import (
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// spoken reports whether the agent speaks a language.
func spoken(tag string) bool { return slices.Contains(language.Tags(), tag) }

// farewells close a conversation politely.
var farewells = map[string]string{
	"en": "Thank you for your answers. From what you tell me, we are not the right choice for you at the moment. If that changes, just write to us again.",
	"de": "Vielen Dank für Ihre Antworten. Nach dem, was Sie schreiben, sind wir im Moment nicht das Richtige für Sie. Wenn sich das ändert, schreiben Sie uns einfach wieder.",
	"nl": "Bedankt voor uw antwoorden. Op basis van wat u vertelt, zijn wij op dit moment niet de juiste keuze voor u. Verandert dat, schrijf ons dan gerust opnieuw.",
	"fr": "Merci pour vos réponses. D'après ce que vous m'indiquez, nous ne sommes pas le bon choix pour vous en ce moment. Si cela change, écrivez-nous à nouveau.",
	"es": "Gracias por sus respuestas. Por lo que nos cuenta, ahora mismo no somos la mejor opción para usted. Si eso cambia, escríbanos de nuevo.",
	"pt": "Obrigado pelas suas respostas. Pelo que nos diz, neste momento não somos a escolha certa para si. Se isso mudar, escreva-nos novamente.",
	"it": "Grazie per le sue risposte. Da quanto ci dice, in questo momento non siamo la scelta giusta per lei. Se la situazione cambia, ci scriva di nuovo.",
}

// openers are words with which questions begin that lack their mark. Words that
// as often begin something else are left out.
var openers = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`what how when where why who which can could do does is are
		was wie wann wo warum wer welche welcher welches kann kannst können
		wat hoe wanneer waar waarom welke kan kunnen kunt
		comment quand où pourquoi quel quelle quels quelles combien puis pouvez
		qué cómo cuándo dónde quién cuál cuánto cuánta puedo pueden
		quando onde quem qual quanto posso podem
		come dove perché chi quale quali posso potete`) {
		m[w] = true
	}
	return m
}()

// refusals are phrases of those who do not know or do not say.
var refusals = strings.Split(`don't know|dont know|do not know|not sure|no idea|rather not|prefer not|none of your business|skip|pass|no comment|
weiß nicht|weiss nicht|weiß ich nicht|keine ahnung|keine angabe|möchte ich nicht sagen|nicht sicher|
weet ik niet|weet het niet|geen idee|liever niet|niet zeker|
ne sais pas|sais pas|aucune idée|préfère ne pas|pas sûr|pas sûre|
no sé|no lo sé|ni idea|prefiero no|no estoy seguro|no estoy segura|
não sei|nao sei|sem ideia|prefiro não|não tenho certeza|
non lo so|non so|nessuna idea|preferisco non|non sono sicuro|non sono sicura`, "|")

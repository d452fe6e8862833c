package handoff

import "strings"

// Consent tells whether a text is a clear yes or a clear no in English, German,
// Dutch, French, Spanish, Portuguese or Italian. It is Maybe unless the text
// says that and courtesies alone: whoever adds a wish, a condition or a question
// has not said yes.
func Consent(text string) Truth {
	if len(text) > longestConsent || strings.ContainsAny(text, "?¿") {
		return Maybe
	}
	// Refusals first, as "do not do it" holds what agrees.
	rest, refused := without(spaced(fold(text)...), refusals)
	rest, agreed := without(rest, agreements)
	rest, _ = without(rest, courtesies)
	switch {
	case strings.TrimSpace(rest) != "" || agreed == refused:
		return Maybe
	case agreed:
		return Yes
	}
	return No
}

// longestConsent is how long a yes or no may be, in bytes.
const longestConsent = 120

// without takes phrases out of spaced text, and reports whether it had one.
func without(text string, phrases []string) (rest string, found bool) {
	for _, p := range phrases {
		for strings.Contains(text, p) {
			// The mark keeps what stood around the phrase from becoming another one.
			text, found = strings.Replace(text, p, " | ", 1), true
		}
	}
	return strings.ReplaceAll(text, "|", ""), found
}

// phrasesOf returns folded phrases with spaces around them, those of more words
// first.
func phrasesOf(list string) []string {
	var phrases [6][]string
	for p := range strings.SplitSeq(list, ",") {
		p = strings.TrimSpace(p)
		n := min(strings.Count(p, " "), 5)
		phrases[n] = append(phrases[n], " "+p+" ")
	}
	var all []string
	for n := len(phrases) - 1; n >= 0; n-- {
		all = append(all, phrases[n]...)
	}
	return all
}

// What people say to a question such as "Shall I cancel the order?", folded.
// Words that only acknowledge, such as "right" or "genau" alone, count where the
// answer to such a question can mean nothing else.
var (
	agreements = phrasesOf(`yes, yes do it, yes do that, yes go ahead, yes i confirm, i confirm, i agree, yep, yeah, yup, sure, of course, absolutely,
		confirm, confirmed, go ahead, do it, please do, do that, ok, okay, that s right, that is right, correct, that s correct, that is correct,
		ja, jawohl, jep, klar, na klar, ja klar, gern, gerne, ja gern, ja gerne, einverstanden, bestatige, ich bestatige, bestatigt, mach das, machen sie das, tu das,
		stimmt, das stimmt, genau, in ordnung, auf jeden fall, naturlich, selbstverstandlich,
		ja graag, graag, ja hoor, jazeker, zeker, akkoord, prima, doe maar, ga door, ga je gang, ik bevestig, bevestigd, dat klopt, klopt, natuurlijk, is goed, dat is goed,
		oui, ouais, d accord, bien sur, oui bien sur, vas y, allez y, je confirme, confirme, c est bon, c est correct, volontiers, absolument, je suis d accord, faites le, fais le,
		si, claro, claro que si, por supuesto, de acuerdo, vale, adelante, confirmo, confirmado, hazlo, hagalo, correcto, es correcto, esta bien, estoy de acuerdo,
		sim, com certeza, claro que sim, pode, pode ser, pode fazer, de acordo, concordo, confirmada, isso, isso mesmo, esta certo, certo, esta bem, faca isso, faz isso,
		certo che si, certamente, va bene, d accordo, confermo, confermato, procedi, proceda, procedete, fallo, lo faccia, esatto, giusto, ovviamente, sono d accordo`)
	refusals = phrasesOf(`no, nope, nah, no thanks, no thank you, don t, do not, don t do it, do not do it, don t do that, do not do that, please don t, stop, cancel that, never mind, nevermind,
		not now, no way, i don t want that, i do not want that,
		nein, ne, nee, lieber nicht, bitte nicht, nicht, nein danke, auf keinen fall, stopp, abbrechen, lass es, lassen sie es,
		nee bedankt, nee dank je, nee dank u, liever niet, niet doen, doe maar niet, niet, laat maar, annuleren,
		non, non merci, pas maintenant, ne le faites pas, ne le fais pas, surtout pas, annulez, annule, laissez tomber, laisse tomber,
		no gracias, mejor no, no lo hagas, no lo haga, ahora no, cancela, cancele, dejalo, dejelo,
		nao, nao obrigado, nao obrigada, nao faca isso, melhor nao, agora nao, deixa, deixa estar, deixe, cancelar,
		no grazie, meglio di no, non farlo, non lo faccia, non ora, annulla, annulli, lascia stare, lasci stare`)
	courtesies = phrasesOf(`please, thanks, thank you, thank you very much, thank you so much, thx, very much, hi, hello, that, it,
		bitte, danke, danke schon, vielen dank, alstublieft, alsjeblieft, graag gedaan, bedankt, dank je, dank je wel, dank u, dank u wel, hoor,
		s il vous plait, s il te plait, svp, stp, merci, merci beaucoup, por favor, gracias, muchas gracias, porfa,
		obrigado, obrigada, muito obrigado, muito obrigada, per favore, per piacere, grazie, grazie mille, prego`)
)

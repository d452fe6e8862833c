package agent

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// guards lists sentences by language and source: those that may leave, and those
// that may not.
var guards = []struct {
	language, source string
	may, not         []string
}{
	{"en", "Returns take thirty days, until 31 March 2026. Shipping costs €4.95 or 25 %, and is free from EUR 50. The KX-200 has our Komfort Plan for 1\u00a0000 euros. A discount needs a code. Two hundred shops. See 2026-05-07.",
		[]string{"You have 30 days.", "Shipping costs 4.95 euros.", "It is EUR 4,95.", "From 50 euros on it is free.", "The KX-200 has it.", "The kx200 has it.", "Ask for the Komfort Plan.", "It costs €1,000.",
			"Until 31.03.2026.", "Until 2026-03-31.", "We have 200 shops.", "Feel free to ask.", "It saves 25 percent.", "On 7 May 2026.", "We cannot refund your order.", "You can cancel your order.", "You will be refunded within thirty days.",
			"Once your refund has been approved, you get a mail."},
		[]string{"You have twenty-nine days.", "It costs $4.95.", "It costs 4.95 dollars.", "It is half price.", "Get half off.", "The KX-300 has it.", "Our Gold Guarantee covers it.", `See our "Lifetime Promise".`, "It saves 25 euros.",
			"Until 31.04.2026.", "We have two thousand shops.", "I will cancel your order.", "I'll happily refund you.", "We have already issued a refund.", "Your order has been cancelled.", "I can offer you a voucher.", "On the fourteenth."}},
	{"de", "Sie haben dreißig Tage Zeit, bis zum 31. März. Der Versand kostet 4,95 Euro. Der Betrag wird erstattet. Die KX-200 kostet 1.299,00 €.",
		[]string{"Sie haben 30 Tage Zeit.", "Der Versand kostet 4,95 €.", "Der Versand kostet EUR 4.95.", "Sie kostet 1299 Euro.", "Wir können das nicht erstatten.", "Sie können die Bestellung stornieren.", "Der Betrag wird Ihnen erstattet."},
		[]string{"Sie haben fünfunddreißig Tage Zeit.", "Sie haben neunzig Tage Zeit.", "Der Versand ist kostenlos.", "Sie bekommen einen Rabatt.", "Zum halben Preis.", "Bis zum 31. April.", "Ich habe Ihre Bestellung storniert.", "Ihre Bestellung wurde storniert.",
			"Wir garantieren das.", "Ich werde Ihnen den Betrag erstatten.", "Habe ich Ihnen erstattet.", "Ich schenke Ihnen einen Gutschein.", "Das deckt die Gold-Garantie Plus.", "Er kostet 4,95 Dollar."}},
	{"nl", "U heeft dertig dagen de tijd, tot 31 maart. Verzending kost € 4,95.",
		[]string{"U heeft 30 dagen.", "Verzending kost 4,95 euro.", "U kunt de bestelling annuleren.", "Dat kunnen wij niet vergoeden."},
		[]string{"U heeft vijfendertig dagen.", "Verzending is gratis.", "U krijgt korting.", "Voor de halve prijs.", "Tot 31 april.", "Ik heb uw bestelling geannuleerd.", "Uw bestelling is geannuleerd.", "Wij garanderen dat.", "Wij zullen het bedrag terugbetalen."}},
	{"fr", "Vous avez trente jours, jusqu'au 31 mars. La livraison coûte 4,95 €. Nous avons quatre-vingt-dix magasins.",
		[]string{"Vous avez 30 jours.", "La livraison coûte 4,95 euros.", "Nous avons 90 magasins.", "Vous pouvez annuler la commande.", "Nous ne pouvons pas rembourser."},
		[]string{"Vous avez quatre-vingts jours.", "Vous avez vingt-cinq jours.", "La livraison est gratuite.", "C'est offert.", "À moitié prix.", "Vous avez une remise.", "Jusqu'au 31 avril.", "J'ai annulé votre commande.", "Votre commande a été annulée.", "Nous garantissons cela.", "Je vous rembourse."}},
	{"es", "Tiene treinta días, hasta el 31 de marzo. El envío cuesta 4,95 €.",
		[]string{"Tiene 30 días.", "El envío cuesta 4,95 euros.", "Puede cancelar el pedido.", "No podemos reembolsar el pedido."},
		[]string{"Tiene treinta y cinco días.", "El envío es gratis.", "Es gratuito.", "A mitad de precio.", "Tiene un descuento.", "Hasta el 31 de abril.", "He cancelado su pedido.", "Su pedido ha sido cancelado.", "Le reembolsaremos el dinero.", "Garantizamos eso.", "Le ofrezco un cupón."}},
	{"pt", "Tem trinta dias, até 31 de março. O envio custa 4,95 €.",
		[]string{"Tem 30 dias.", "O envio custa 4,95 euros.", "Pode cancelar a encomenda.", "Não podemos reembolsar."},
		[]string{"Tem trinta e cinco dias.", "O envio é grátis.", "É gratuito.", "Por metade do preço.", "Tem um desconto.", "Até 31 de abril.", "Cancelei a sua encomenda.", "A sua encomenda foi cancelada.", "Reembolsaremos o dinheiro.", "Garantimos isso.", "Vou reembolsar já."}},
	{"it", "Ha trenta giorni, fino al 31 marzo. La spedizione costa 4,95 €.",
		[]string{"Ha 30 giorni.", "La spedizione costa 4,95 euro.", "Può annullare l'ordine.", "Non possiamo rimborsare."},
		[]string{"Ha trentacinque giorni.", "Ha ventotto giorni.", "La spedizione è gratuita.", "A metà prezzo.", "Ha uno sconto.", "Fino al 31 aprile.", "Ho annullato il Suo ordine.", "Il Suo ordine è stato annullato.", "Rimborseremo l'importo.", "Garantiamo questo.", "Le offro un buono sconto."}},
}

func TestGuardInEveryLanguage(t *testing.T) {
	for _, test := range guards {
		t.Run(test.language, func(t *testing.T) {
			r := evidence(test.source)
			r.Language = test.language
			g := newGuard(r, nil)
			for _, sentence := range test.may {
				clean, finding := g.check(sentence)
				require.Equal(t, sentence, clean, finding)
			}
			for _, sentence := range test.not {
				clean, _ := g.check(sentence)
				require.Empty(t, clean, "%q may not leave", sentence)
			}
		})
	}
}

func TestGuardReadsAnswersInAnotherLanguage(t *testing.T) {
	g := newGuard(evidence("You have thirty days. Shipping costs 5 euros."), nil)
	clean, finding := g.check("Sie haben dreißig Tage für die Rückgabe der Bestellung.")
	require.NotEmpty(t, clean, finding)
	for _, sentence := range []string{
		"Sie haben neunzig Tage für die Rückgabe der Bestellung.", "Der Versand der Bestellung ist für Sie kostenlos.",
		"Ich habe die Bestellung für Sie schon storniert.",
	} {
		clean, _ = g.check(sentence)
		require.Empty(t, clean, sentence)
	}
}

func TestGuardKnowsWhoTalks(t *testing.T) {
	r := evidence("Nothing.")
	r.Profile = Profile{Name: "Wren", Company: "Tarnwheel Care"}
	r.Customer = Customer{Name: "Ada Card"}
	g := newGuard(r, nil)
	for _, sentence := range []string{"This is Wren of Tarnwheel Care.", "Hello Ada Card, how are you?"} {
		clean, finding := g.check(sentence)
		require.Equal(t, sentence, clean, finding)
	}
	r.History = []channel.Message{{Text: "My model is an AB-12 and I saw it for 7 euros"}}
	g = newGuard(r, nil)
	clean, _ := g.check("Your AB-12 is a bike.")
	require.NotEmpty(t, clean, "what the customer has may be named")
	clean, _ = g.check("It costs 7 euros.")
	require.Empty(t, clean, "what it costs is for the evidence to say")
}

// tricks hide a claim or a link from a reader that only looks at letters.
var tricks = []string{
	"You have **9**0 days.", "You have 9\u200b0 days.", "You have &#57;0 days.", "You have ９０ days.", "You have \\90 days.", "You have <b>90</b> days.", "You have n\u00adinety days.", "You have ninety‑nine days.",
	"It is f\u200bree.", "It is **free**.", "It is &#102;ree.", "It is _half_ price.", "Get it free!", "FREE shipping",
	"[free](https://help.example.com/returns)", "I have re\u2060funded you.", "I **have refunded** you.", "I have _refunded_ you.", "I’ve refunded you.", "We\u00a0have\u00a0refunded it.",
	"See evil\u2024example/x and http:\u2215\u2215evil.example", "See hxxp://evil.example", "[x](  //evil.example )", "<//evil.example>", "See evil．example", "![](data:image/png;base64,AAAA)", "[a]: https://evil.example", "Call +44 20 7946 0000", "Call 020-7946-0000",
	"Write to help@example.com.evil.example", "Write to a@b\u200b.example", "It costs € 99", "It costs 99€", "It costs EUR99", "Order the ZZ-99-A", "On the 5th of may 2031", "| 90 | days |", "- [ ] 90 days", "`90 days`", "> 90 days", "1) 90 days", "H₂O at 90°C", "½ price of 99",
}

func TestGuardSeesThroughTricks(t *testing.T) {
	g := newGuard(evidence("Returns take 30 days."), nil)
	for _, sentence := range tricks {
		clean, _ := g.check(sentence)
		if clean != "" { // what is left of it may claim nothing
			require.NotContains(t, clean, "evil", sentence)
			require.NotContains(t, clean, "90", sentence)
			require.NotContains(t, strings.ToLower(clean), "free", sentence)
			require.Equal(t, strings.TrimSpace(clean), "", "%q leaves %q", sentence, clean)
		}
	}
}

// reworded returns a sentence with some harmless changes.
func reworded(s string) string {
	return "So " + strings.NewReplacer("You can ", "you may ", " the ", " this ", "please ", "", " do not ", " don't ").Replace(s)
}

func TestGuardLetsHelpCentersSpeak(t *testing.T) {
	for _, center := range []string{"chatwoot", "sendgrid", "sap-btp"} {
		t.Run(center, func(t *testing.T) {
			pages, err := filepath.Glob("../../shared/data/helpcenters/" + center + "/*.md*")
			require.NoError(t, err)
			deeper, err := filepath.Glob("../../shared/data/helpcenters/" + center + "/*/*.md*")
			require.NoError(t, err)
			if pages = append(pages, deeper...); len(pages) == 0 {
				t.Skip("the help centers that others made are not here: ../shared/data/helpcenters")
			}
			quotes, changed, all := 0, 0, 0
			for _, page := range pages[:min(len(pages), 300)] {
				text, err := os.ReadFile(page)
				require.NoError(t, err)
				paragraphs := strings.Split(string(text), "\n\n")
				for _, p := range paragraphs {
					if len(p) > 2000 || strings.ContainsAny(p, "<[]{}|`") || strings.HasPrefix(p, "---") || len(strings.Fields(p)) < 5 {
						continue
					}
					g := newGuard(Request{Evidence: []retrieval.Hit{{Passage: retrieval.Passage{Title: "Help", Text: p}}}}, nil)
					for _, span := range retrieval.Sentences(p) {
						s := p[span.Start:span.End]
						all++
						if clean, _ := g.check(s); clean != s {
							quotes++
						}
						if clean, finding := g.check(reworded(s)); clean == "" {
							if changed++; changed < 12 {
								t.Log(finding, "|", s)
							}
						}
					}
				}
			}
			share := func(n int) string { return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(max(all, 1))) }
			t.Logf("%s: %d sentences, dropped when quoted %s, when reworded %s", center, all, share(quotes), share(changed))
			require.Less(t, float64(changed), .02*float64(all), "hardly any sentence that the source carries is dropped")
		})
	}
}

func TestGuardLetsOtherLanguagesSpeak(t *testing.T) {
	so := map[string]string{"en": "So ", "de": "Also ", "nl": "Dus ", "es": "Así que ", "it": "Quindi "}
	for set, tag := range map[string]string{"covidfaq-en": "en", "covidfaq-de": "de", "debian-nl": "nl", "xquad-es": "es", "squad-it": "it"} {
		t.Run(set, func(t *testing.T) {
			file, err := os.ReadFile("../../shared/data/retrieval/" + set + "/corpus.jsonl")
			if err != nil {
				t.Skip("the sets that others made are not here: ../shared/data/retrieval")
			}
			all, dropped := 0, 0
			for line := range strings.Lines(string(file)) {
				var page struct {
					Title string `json:"title"`
					Text  string `json:"text"`
				}
				require.NoError(t, json.Unmarshal([]byte(line), &page))
				r := Request{Language: tag, Evidence: []retrieval.Hit{{Passage: retrieval.Passage{Title: page.Title, Text: page.Text}}}}
				g := newGuard(r, nil)
				for _, span := range retrieval.Sentences(page.Text) {
					s := page.Text[span.Start:span.End]
					if all++; all > 2000 {
						break
					}
					if clean, finding := g.check(so[tag] + s); clean == "" {
						if dropped++; dropped < 6 {
							t.Log(finding, "|", s)
						}
					}
				}
			}
			t.Logf("%s: %d sentences, dropped when reworded %.2f %%", tag, all, 100*float64(dropped)/float64(all))
			require.Less(t, float64(dropped), .02*float64(all), "hardly any sentence that the source carries is dropped")
		})
	}
}

func TestGuardTakesTheCompanysWord(t *testing.T) {
	r := evidence("Nothing.")
	r.Guidelines = []string{"Orders over 50 euros ship free, see https://shop.example/shipping."}
	g := newGuard(r, nil)
	for _, sentence := range []string{"Orders over €50 ship free.", "See https://shop.example/shipping for more."} {
		clean, finding := g.check(sentence)
		require.Equal(t, sentence, clean, finding)
	}
}

func TestGuardLetsTheAgentsOwnWordsThrough(t *testing.T) {
	for tag, book := range phrasebooks() {
		r := evidence("Nothing.")
		r.Evidence[0].Path = []string{"Deadlines", "Sale Plan"}
		r.Language = tag
		g := newGuard(r, nil)
		for _, sentence := range append(slices.Collect(maps.Values(book.Openings)), fmt.Sprintf(book.From, title(r.Evidence[0].Passage))) {
			for span := range strings.SplitAfterSeq(sentence, ". ") {
				clean, finding := g.check(span)
				require.Equal(t, span, clean, finding)
			}
		}
	}
}

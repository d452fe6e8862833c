package retrieval

import (
	"slices"
	"strings"
)

// A kind is what the answer to a question must hold.
type kind int

const (
	anything kind = iota
	duration      // a span of time or a date
	amount        // a sum of money
	figure        // any number
)

// wants are the words of a language that tell the kind of an answer. Phrases
// have their words in lower case, and a comma between them.
type wants struct {
	ask   [4][]string     // phrases that ask for it, by kind
	times map[string]bool // units of time, months
	money map[string]bool // words that stand for money or for none
}

// newWants reads lists of phrases and words.
func newWants(durations, amounts, numbers, times, money string) *wants {
	w := &wants{times: words(times), money: words(money)}
	for i, list := range []string{duration: durations, amount: amounts, figure: numbers} {
		for p := range strings.SplitSeq(list, ",") {
			if p = strings.TrimSpace(p); p != "" {
				w.ask[i] = append(w.ask[i], " "+p+" ")
			}
		}
	}
	return w
}

// asked tells the kind that words ask for.
func (w *wants) asked(tokens []string) kind {
	if w == nil {
		return anything
	}
	text := " " + strings.Join(tokens, " ") + " "
	for _, k := range []kind{duration, amount, figure} {
		if slices.ContainsFunc(w.ask[k], func(p string) bool { return strings.Contains(text, p) }) {
			return k
		}
	}
	return anything
}

// reach is how many words apart a figure and its unit may stand: "5 to 7
// working days", "until 31 January".
const reach = 3

// hold reports whether a sentence has a thing of the kind.
func (w *wants) hold(k kind, sentence string) bool {
	if k == amount && strings.ContainsAny(sentence, "$€£¥₹") {
		return true
	}
	digit, unit := -1, -1
	for i, t := range tokenize(sentence) {
		if t[0] >= '0' && t[0] <= '9' {
			digit = i
		}
		if k == duration && w.times[t] || k == amount && w.money[t] {
			unit = i
		}
		switch {
		case k == figure && digit >= 0, k == amount && unit >= 0:
			return true
		case digit >= 0 && unit >= 0 && max(digit-unit, unit-digit) <= reach:
			return true
		}
	}
	return false
}

// The words that tell the kind of an answer, by language: phrases that ask for
// a time, a price and a number, units of time with the months, words of money.
var (
	wantsEnglish = newWants(
		`how long, how soon, how fast, how quickly, how many days, how many hours, how many weeks, how many months, until when,
by when, when will, when do, when does, when is, when can, when are, deadline`,
		"how much is, how much does, how much do, how much are, how much will, how much for, how much to, cost, costs, price, fee, charge",
		"how many, how much, how big, how large, how old, how often, maximum, limit",
		`second seconds minute minutes hour hours day days week weeks month months year years january february march april may june
july august september october november december`,
		"free euro euros eur dollar dollars usd pound pounds gbp pence cents")

	wantsGerman = newWants(
		"wie lange, wie schnell, wie viele tage, wie viele stunden, wie viele wochen, bis wann, wann, frist",
		"wie viel kostet, was kostet, was kosten, kostet, kosten, preis, gebühr, gebühren",
		"wie viele, wieviele, wie viel, wieviel, wie oft, wie groß, wie alt, maximal",
		`sekunden minute minuten stunde stunden tag tage tagen werktage werktagen woche wochen monat monate monaten jahr jahre
jahren januar februar märz april mai juni juli august september oktober november dezember`,
		"kostenlos kostenfrei gratis euro eur franken chf cent")

	wantsFrench = newWants(
		"combien de temps, combien de jours, combien d heures, combien de semaines, sous combien, jusqu à quand, quel délai, délai",
		"combien coûte, combien coûtent, coûte, coûtent, prix, tarif, frais",
		"combien, à quelle fréquence, maximum",
		`secondes minute minutes heure heures jour jours semaine semaines mois an ans année années janvier février mars avril mai
juin juillet août septembre octobre novembre décembre`,
		"gratuit gratuite gratuitement gratuits euro euros eur centimes")

	wantsSpanish = newWants(
		"cuánto tiempo, cuanto tiempo, cuántos días, cuantos dias, cuántas horas, cuándo, plazo",
		"cuánto cuesta, cuesta, cuestan, precio, tarifa, coste, costo",
		"cuántos, cuántas, cuantos, cuantas, cuánto, máximo",
		`segundos minuto minutos hora horas día días semana semanas mes meses año años enero febrero marzo abril mayo junio julio
agosto septiembre octubre noviembre diciembre`,
		"gratis gratuito gratuita euro euros eur dólares pesos céntimos")

	wantsItalian = newWants(
		"quanto tempo, quanti giorni, quante ore, quante settimane, entro quando, fino a quando, termine",
		"quanto costa, quanto costano, costa, costano, prezzo, tariffa",
		"quanti, quante, quanto, massimo",
		`secondi minuto minuti ora ore giorno giorni settimana settimane mese mesi anno anni gennaio febbraio marzo aprile maggio
giugno luglio agosto settembre ottobre novembre dicembre`,
		"gratis gratuito gratuita gratuitamente euro eur centesimi")

	wantsDutch = newWants(
		"hoe lang, hoe snel, hoeveel dagen, hoeveel uur, hoeveel weken, tot wanneer, wanneer, termijn",
		"wat kost, hoeveel kost, kost, kosten, prijs, tarief",
		"hoeveel, hoe vaak, hoe groot, hoe oud, maximaal",
		`seconden minuut minuten uur uren dag dagen werkdagen week weken maand maanden jaar januari februari maart april mei juni
juli augustus september oktober november december`,
		"gratis kosteloos euro eur cent")

	wantsPortuguese = newWants(
		"quanto tempo, quantos dias, quantas horas, até quando, prazo",
		"quanto custa, custa, custam, preço, tarifa, taxa",
		"quantos, quantas, quanto, máximo",
		`segundos minuto minutos hora horas dia dias semana semanas mês meses ano anos janeiro fevereiro março abril maio junho
julho agosto setembro outubro novembro dezembro`,
		"grátis gratuito gratuita euro euros eur reais cêntimos centavos")
)

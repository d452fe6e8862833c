package retrieval

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDetect(t *testing.T) {
	english := languageOf("en")
	tests := []struct{ tag, text string }{
		{"en", "You can return the item within 30 days of the delivery."},
		{"de", "Sie können den Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben."},
		{"fr", "Vous pouvez retourner les articles dans les 30 jours après la livraison."},
		{"es", "Puede devolver los artículos en los 30 días después de la entrega."},
		{"it", "È possibile restituire gli articoli entro 30 giorni dalla consegna del pacco."},
		{"nl", "U kunt het artikel binnen 30 dagen na de levering aan ons terugsturen."},
		{"pt", "Você pode devolver os artigos em até 30 dias depois da entrega."},
		{"sv", "Du kan skicka tillbaka varan inom 30 dagar efter att du har fått den."},
		{"ru", "Вы можете вернуть товар в течение 30 дней после того, как он был доставлен."},
		{"hu", "A terméket a kézbesítés után 30 napon belül vissza lehet küldeni, ha az nem sérült."},
		{"en", "KX-200 E04"}, // too short to tell
		{"und", "Możesz zwrócić produkt przez trzydzieści dni. Zwroty są bezpłatne. Paczkę nadaj kurierem albo pocztą. Pieniądze wracają przelewem. " +
			"Reklamacje rozpatrujemy szybko. Klienci chwalą naszą obsługę. Gwarancja trwa dwa lata. Faktury wysyłamy pocztą elektroniczną. Sklep działa codziennie. Zapraszamy serdecznie wszystkich nowych klientów dzisiaj."},
	}
	for _, tt := range tests {
		t.Run(tt.tag, func(t *testing.T) { require.Equal(t, tt.tag, detect(tokenize(tt.text), english).tag) })
	}
}

func TestLanguageOf(t *testing.T) {
	for tag, want := range map[string]string{"de-AT": "de", "EN_us": "en", "nb": "no", "ja": "und", "": "und"} {
		require.Equal(t, want, languageOf(tag).tag, tag)
	}
}

func TestStemsMeet(t *testing.T) {
	for tag, pairs := range map[string][][2]string{
		"en": {{"returns", "returning"}, {"refunded", "refund"}},
		"de": {{"rückgaben", "rueckgabe"}, {"häuser", "haus"}, {"kosten", "koste"}, {"größe", "groesse"}},
		"es": {{"devoluciones", "devolución"}, {"envíos", "envio"}},
		"fr": {{"livraisons", "livraison"}, {"remboursés", "remboursée"}},
		"it": {{"rimborsi", "rimborso"}, {"consegne", "consegna"}, {"banche", "banca"}},
		"nl": {{"boeken", "boek"}, {"mannen", "man"}, {"scholen", "school"}, {"bestellingen", "bestelling"}},
		"pt": {{"devoluções", "devolução"}, {"pedidos", "pedido"}, {"cartões", "cartão"}},
	} {
		for _, p := range pairs {
			l := languageOf(tag)
			require.Equal(t, l.term(p[0]), l.term(p[1]), "%s: %s and %s", tag, p[0], p[1])
		}
	}
}

func TestStemKeepsDifferentWordsApart(t *testing.T) {
	for tag, pairs := range map[string][][2]string{
		"en": {{"order", "other"}}, "de": {{"konto", "kosten"}}, "nl": {{"boot", "boom"}}, "pt": {{"conta", "custo"}},
	} {
		for _, p := range pairs {
			l := languageOf(tag)
			require.NotEqual(t, l.term(p[0]), l.term(p[1]), "%s: %s and %s", tag, p[0], p[1])
		}
	}
}

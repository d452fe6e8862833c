package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode/utf32"
)

// TestCharsets reads a text in the encodings of its language.
func TestCharsets(t *testing.T) {
	tests := map[string]string{
		"shift_jis,euc-jp,iso-2022-jp": "返品は商品到着後三十日以内にお願いします。送料はお客様のご負担となります。カタカナも使います。ありがとうございます。",
		"euc-kr":                       "상품을 받은 후 삼십일 이내에 반품할 수 있습니다. 배송비는 고객이 부담합니다. 감사합니다.",
		"big5":                         "您可以在收到商品後三十天內退貨。運費由客戶承擔。謝謝您的惠顧，歡迎再次光臨我們的商店。",
		"gb18030":                      "您可以在收到商品后三十天内退货。运费由客户承担。谢谢您的惠顾，欢迎再次光临我们的商店。",
		"windows-1251,koi8-r":          "Вы можете вернуть товар в течение тридцати дней после получения. Стоимость пересылки оплачивает покупатель. Спасибо за покупку.",
		"windows-1252":                 "Vous pouvez retourner l’article dans les trente jours après sa réception. Les frais d’expédition sont à votre charge : 5 €.",
		"iso-8859-7":                   "Μπορείτε να επιστρέψετε το προϊόν εντός τριάντα ημερών από την παραλαβή του. Ευχαριστούμε πολύ για την αγορά σας.",
	}
	for names, text := range tests {
		for name := range strings.SplitSeq(names, ",") {
			t.Run(name, func(t *testing.T) {
				e, err := htmlindex.Get(name)
				require.NoError(t, err)
				require.Equal(t, text, decode(encode(t, e, text)))
			})
		}
	}
}

// TestMixedCharset reads a few Russian words in a text that is mostly English.
func TestMixedCharset(t *testing.T) {
	text := strings.Repeat("The settings of the server are described in this manual, one after the other. ", 20) +
		"Вы можете вернуть товар в течение тридцати дней после получения. Стоимость пересылки оплачивает покупатель."
	for _, name := range []string{"windows-1251", "koi8-r"} {
		e, err := htmlindex.Get(name)
		require.NoError(t, err)
		require.Equal(t, text, decode(encode(t, e, text)), name)
	}
}

func TestMarks(t *testing.T) {
	require.Equal(t, "Grüße", decode([]byte("\xef\xbb\xbfGr\u00fc\u00dfe")))
	require.Equal(t, "Grüße", decode(encode(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "Grüße")))
	require.Equal(t, "©", decode([]byte("\xa9")), "what is nothing else is windows-1252")
	require.Equal(t, "a\nb\nc", decode([]byte("a\r\nb\rc\u00ad")))
}

func encode(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	data, err := e.NewEncoder().Bytes([]byte(text))
	require.NoError(t, err)
	return data
}

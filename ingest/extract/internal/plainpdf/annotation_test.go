package plainpdf

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// annotated is a page with one annotation, whose appearance is object 6.
func annotated(t *testing.T, annotation string) string {
	t.Helper()
	return rewrite(t, build(catalog, pages,
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[<<"+annotation+">>]>>", stm("", hello), font,
		stm("/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 9 Tf (Jane Doe) Tj ET")))
}

func TestAnnotations(t *testing.T) {
	tests := []struct {
		name, annotation string
		shown            bool
	}{
		{"the value of a field", "/Subtype/Widget/Rect[10 700 110 720]/AP<</N 6 0 R>>", true},
		{"the state it is in", "/Subtype/Widget/AS/On/Rect[0 0 9 9]/AP<</N<</On 6 0 R/Off 4 0 R>>>>", true},
		{"another state", "/Subtype/Widget/AS/Off/Rect[0 0 9 9]/AP<</N<</On 6 0 R>>>>", false},
		{"hidden", "/Subtype/Widget/F 2/Rect[0 0 9 9]/AP<</N 6 0 R>>", false},
		{"never on the screen", "/Subtype/Widget/F 32/Rect[0 0 9 9]/AP<</N 6 0 R>>", false},
		{"the window of a note", "/Subtype/Popup/Rect[0 0 9 9]/AP<</N 6 0 R>>", false},
		{"no appearance", "/Subtype/Link/Rect[0 0 9 9]", false},
		{"no rectangle", "/Subtype/Widget/AP<</N 6 0 R>>", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := annotated(t, tt.annotation)
			require.Contains(t, out, "<48656c6c6f>", "the page's own text stays")
			if tt.shown {
				require.Contains(t, out, "<4a616e6520446f65>")
			} else {
				require.NotContains(t, out, "<4a616e6520446f65>")
			}
		})
	}
}

func TestAnnotationStandsInItsRectangle(t *testing.T) {
	out := annotated(t, "/Subtype/Widget/Rect[10 740 210 700]/AP<</N 6 0 R>>")
	require.Contains(t, out, "q 2 0 0 2 10 700 cm /Annotation0 Do Q")
}

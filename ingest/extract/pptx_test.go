package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// slides returns a presentation whose first slide has the given shapes. Other
// parts may be added.
func slides(shapes string, parts ...string) string {
	list := `<p:sldId id="1" r:id="s1"/><p:sldId id="2" r:id="s2"/>`
	if strings.HasPrefix(shapes, "<p:sldId") {
		list, shapes = shapes, ""
	}
	return archived(append([]string{
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
		"ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>` + list + `</p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", `<Relationships><Relationship Id="s1" Type="x/slide" Target="slides/slide1.xml"/><Relationship Id="s2" Type="x/slide" Target="slides/slide2.xml"/></Relationships>`,
		"ppt/slides/slide1.xml", `<p:sld xmlns:p="p" xmlns:a="a" xmlns:r="r"><p:cSld><p:spTree>` + shapes + `</p:spTree></p:cSld></p:sld>`,
		"ppt/slides/_rels/slide1.xml.rels", `<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/n1.xml"/><Relationship Id="c" Type="x/chart" Target="../charts/c1.xml"/>
			<Relationship Id="d" Type="x/diagramData" Target="../diagrams/d1.xml"/><Relationship Id="m" Type="x/comments" Target="../comments/m1.xml"/></Relationships>`,
	}, parts...)...)
}

// shape returns a shape with a kind of place, and a paragraph a text.
func shape(kind string, texts ...string) string {
	return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="` + kind + `"/></p:nvPr></p:nvSpPr><p:txBody>` + runs(texts...) + `</p:txBody></p:sp>`
}

func runs(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString("<a:p><a:r><a:t>" + t + "</a:t></a:r></a:p>")
	}
	return b.String()
}

func framed(content string) string {
	return "<p:graphicFrame><a:graphic><a:graphicData>" + content + "</a:graphicData></a:graphic></p:graphicFrame>"
}

func TestPPTX(t *testing.T) {
	cell := func(text string) string { return "<a:tc><a:txBody>" + runs(text) + "</a:txBody></a:tc>" }
	table := framed(`<a:tbl><a:tblPr firstRow="1"/><a:tr>` + cell("Plan") + cell("Price") + "</a:tr><a:tr>" + cell("Pro") + cell("9") + "</a:tr></a:tbl>")
	chart := `<c:chartSpace xmlns:c="c"><c:ser><c:tx><c:v>Visits</c:v></c:tx><c:cat><c:pt idx="0"><c:v>May</c:v></c:pt></c:cat><c:val><c:formatCode>0%</c:formatCode><c:pt idx="0"><c:v>0.5</c:v></c:pt></c:val></c:ser></c:chartSpace>`
	tests := map[string]struct {
		shapes string
		parts  []string
		want   string
	}{
		"a title":     {shape("title", "Plans") + shape("body", "One", "Two"), nil, lines("Plans", "[ #]", "One", "Two")},
		"no title":    {shape("", "Text"), nil, lines("A", "[Slide 1 #]", "Text")},
		"later slide": {shape("ctrTitle", "Plans"), []string{"ppt/slides/slide2.xml", "<sld>" + shape("title", "Prices") + shape("", "9") + "</sld>"}, lines("Plans", "[Prices #]", "9")},
		"hidden":      {shape("", "Text"), []string{"ppt/slides/slide2.xml", `<sld show="0">` + shape("", "x") + "</sld>"}, lines("A", "[Slide 1 #]", "Text")},
		"numbers":     {shape("sldNum", "7") + shape("ftr", "Footer") + shape("dt", "May") + shape("", "Text"), nil, lines("A", "[Slide 1 #]", "Text")},
		"groups":      {"<p:grpSp><p:grpSp>" + shape("", "Deep") + "</p:grpSp></p:grpSp>", nil, lines("A", "[Slide 1 #]", "Deep")},
		"merged downwards": {framed(`<a:tbl><a:tblPr firstRow="1"/><a:tr>` + cell("Region") + cell("Plan") + "</a:tr><a:tr>" + strings.Replace(cell("North"), "<a:tc", `<a:tc rowSpan="2"`, 1) + cell("Pro") + "</a:tr><a:tr>" + strings.Replace(cell(""), "<a:tc", `<a:tc vMerge="1"`, 1) + cell("Team") + "</a:tr></a:tbl>"), nil,
			lines("A", "[Slide 1 #]", "Region: North; Plan: Pro", "Region: North; Plan: Team")},
		"a table":      {table, nil, lines("A", "[Slide 1 #]", "Plan: Pro; Price: 9")},
		"merged cells": {framed(`<a:tbl><a:tblPr firstRow="1"/><a:tr>` + cell("Plan") + cell("Price") + cell("Term") + `</a:tr><a:tr><a:tc gridSpan="2"><a:txBody>` + runs("Free") + `</a:txBody></a:tc><a:tc hMerge="1"><a:txBody/></a:tc>` + cell("None") + "</a:tr></a:tbl>"), nil, lines("A", "[Slide 1 #]", "Plan: Free; Term: None")},
		"no header":    {framed(`<a:tbl><a:tblPr/><a:tr>` + cell("Jo") + cell("9") + "</a:tr></a:tbl>"), nil, lines("A", "[Slide 1 #]", "Jo; 9")},
		"two titles":   {shape("title", "Plans", "2024") + shape("", "Text"), nil, lines("Plans 2024", "[ #]", "Text")},
		"scatter":      {framed(`<c:chart r:id="c"/>`), []string{"ppt/charts/c1.xml", `<c:chartSpace xmlns:c="c"><c:ser><c:xVal><c:pt idx="0"><c:v>1</c:v></c:pt></c:xVal><c:yVal><c:pt idx="0"><c:v>4</c:v></c:pt></c:yVal></c:ser></c:chartSpace>`}, lines("A", "[Slide 1 #]", "1; 4")},
		"no chart":     {framed(`<c:chart r:id="gone"/>`) + shape("", "Text"), nil, lines("A", "[Slide 1 #]", "Text")},
		"a chart":      {framed(`<c:chart r:id="c"/>`), []string{"ppt/charts/c1.xml", chart}, lines("A", "[Slide 1 #]", "May; Visits: 50%")},
		"a diagram":    {framed(`<dgm:relIds r:dm="d"/>`), []string{"ppt/diagrams/d1.xml", "<dataModel><pt><t>" + runs("Step") + "</t></pt></dataModel>"}, lines("A", "[Slide 1 #]", "Step")},
		"renderings":   {"<mc:AlternateContent><mc:Choice>" + shape("", "Once") + "</mc:Choice><mc:Fallback>" + shape("", "Once") + "</mc:Fallback></mc:AlternateContent>", nil, lines("A", "[Slide 1 #]", "Once")},
		"notes":        {shape("", "Text"), []string{"ppt/notesSlides/n1.xml", "<notes>" + shape("sldImg", "x") + shape("body", "Say this.") + shape("sldNum", "1") + "</notes>"}, lines("A", "[Slide 1 #]", "Text", "", "Say this.")},
		"core title":   {shape("", "Text"), []string{"_rels/x", "", "docProps/core.xml", ""}, lines("A", "[Slide 1 #]", "Text")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, show(read(t, "a.pptx", slides(test.shapes, test.parts...))))
		})
	}
}

func TestPPTXOptions(t *testing.T) {
	file := slides(shape("", "Text")+shape("sldNum", "7"), "ppt/comments/m1.xml", "<cmLst><cm><text>A remark</text></cm></cmLst>",
		"ppt/notesSlides/n1.xml", "<notes>"+shape("body", "Say this.")+"</notes>")
	extract := func(o Options) string {
		doc, err := New(&o).Extract(t.Context(), ingest.Item{Name: "a.pptx"}, strings.NewReader(file))
		require.NoError(t, err)
		return show(doc)
	}
	require.Equal(t, lines("A", "[Slide 1 #]", "Text", "", "Say this."), extract(Options{}))
	require.Equal(t, lines("A", "[Slide 1 #]", "Text", "", "Say this.", "", "A remark"), extract(Options{Remarks: true}))
	require.Equal(t, lines("A", "[ #]", "Text", "", "7"), extract(Options{Plain: true}))
}

// The text of an object of another program is in the picture of it.
func TestPPTXObject(t *testing.T) {
	text := utf16le("Seen")
	emf := "\x54\x00\x00\x00\x40\x00\x00\x00" + strings.Repeat("\x00", 36) + "\x04\x00\x00\x00\x38\x00\x00\x00" + strings.Repeat("\x00", 4) + string(text)
	parts := []string{"ppt/slides/_rels/slide2.xml.rels", `<Relationships><Relationship Id="v" Type="x/vmlDrawing" Target="../drawings/v.vml"/><Relationship Id="p" Type="x/image" Target="../media/a.emf"/></Relationships>`,
		"ppt/drawings/v.vml", `<xml><v:shape id="sp1"><v:imagedata o:relid="i"/></v:shape></xml>`, "ppt/drawings/_rels/v.vml.rels", `<Relationships><Relationship Id="i" Type="x/image" Target="../media/a.emf"/></Relationships>`,
		"ppt/media/a.emf", emf, "ppt/slides/slide2.xml"}
	for name, object := range map[string]string{
		"old":  `<p:oleObj spid="sp1"/>`,
		"new":  `<mc:AlternateContent><mc:Choice><p:oleObj spid="none"/></mc:Choice><mc:Fallback><p:oleObj><p:pic><p:blipFill><a:blip r:embed="p"/></p:blipFill></p:pic></p:oleObj></mc:Fallback></mc:AlternateContent>`,
		"none": `<p:oleObj spid="none"/>`,
	} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, "a.pptx", slides(shape("", "x"), append(parts, `<p:sld xmlns:r="r">`+framed(object)+"</p:sld>")...))
			require.Equal(t, name != "none", strings.Contains(show(doc), "Seen"), show(doc))
		})
	}
}

func FuzzPPTX(f *testing.F) {
	f.Add(shape("title", "x") + framed(`<a:tbl><a:tr><a:tc><a:txBody>`+runs("y")+`</a:txBody></a:tc></a:tr></a:tbl>`))
	f.Add(framed(`<c:chart r:id="c"/><dgm:relIds r:dm="d"/><p:oleObj spid="a"/>`))
	f.Fuzz(func(t *testing.T, shapes string) {
		_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.pptx"}, strings.NewReader(slides(shapes)))
		if err != nil {
			require.NotContains(t, err.Error(), "panicked")
		}
	})
}

package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A mark says what the class or id of an element tells of it. Elements may have
// several.
type mark uint8

const (
	frameMark  mark = 1 << iota // around or between the content, unless most of the text is in it
	besideMark                  // beside the content, of which it is a part where it is text
	bannerMark                  // never content, however much it says
	replyMark                   // what readers wrote below a page
	indexMark                   // a list that leads to the parts of a page
	noteMark                    // an aside that belongs to the text
	textMark                    // the text of a page; by a whole name alone
	pressMark                   // a link that is a button
)

// marks are the classes and ids that tell something, and words in them.
var marks = func() map[string]mark {
	table := make(map[string]mark)
	for m, words := range map[mark]string{frameMark: frameWords, besideMark: "sidebar", bannerMark: bannerWords, replyMark: replyWords, indexMark: "toc tocwrapper", noteMark: noteWords, textMark: textNames, pressMark: pressWords} {
		for word := range strings.FieldsSeq(words) {
			table[word] |= m
		}
	}
	return table
}()

// The words that give each mark. They are those of the programs that make most
// documentation, help centres, shops and forums; none is that of a single site.
const (
	frameWords = `
		nav navbar navigation menu submenu megamenu sidenav sidemenu topnav searchbox search-form search-bar
		pagination pager paginator prevnext prev-next skiplink skip-link skip-links skip-to-content
		share sharing sharedaddy social socials addtoany sharethis vote votes voting feedback rating-widget
		related recommended recommendations upsell upsells up-sells cross-sell crosssell
		advert advertisement ads ad adsbygoogle sponsor sponsors sponsored promo promos toolbar topbar masthead site-header
		byline dateline entry-meta post-meta post-info article-meta page-meta meta-info
		author-bio about-author authorbox author-box author-info about_author post-author posted-on reading-time read-time
		filter filters facet facets refinements sort-by sorter login signin signup wishlist minicart mini-cart cart-drawer
		headerlink viewcode-link navheader navfooter sphinxsidebar editsection mw-editsection mw-jump-link edit-link edit-page edit-this-page theme-edit-this-page edit-on-github printfooter catlinks
		signature post-signature postprofile message-cell--user message-attribution message-lastedit user-action-time
		s-user-card user-card user-info user-details js-bottom-notice browserwarning action-bar
		dropdown-menu dropdown-panel dropdown-content dropdown-list tooltip popover nocontent
		noprint no-print non-printable hidden-print d-print-none print:hidden
		article-relatives recent-articles article-return-to-top article-more-questions article-rating articleratings page-rating doc-rating
		reaction-picker intercom-reaction-picker rst-footer-buttons rst-versions navpath md-source-file page-metadata
		version-switcher version-selector version-dropdown
		language-selection lang-switcher language-switcher locale-switcher`

	bannerWords = `
		footer site-footer page-footer copyright promobar promo-bar announcement-bar cookie cookies cookiebanner consent gdpr onetrust cmplz
		breadcrumb breadcrumbs newsletter subscribe popup modal lightbox offcanvas
		sr-only visually-hidden visuallyhidden u-visually-hidden screen-reader-text screen-reader-only screenreader-only`

	replyWords = "comments disqus disqus_thread replies comment-list commentlist"

	pressWords = "btn button cta"

	noteWords = "note admonition callout warning tip important caution info alert hint danger footnote-list"

	textNames = `
		content main-content maincontent main_content doccontent doc-content docs-content document-content page-content pagecontent
		article-body article-content article__body article__content articlebody article post-content post-body post__content
		entry-content entry__content blog-content blog-post-content single-content story-body body-content topic-content
		markdown-body markdown rst-content theme-doc-markdown mw-parser-output prose rich-text help-article kb-article kb-content`
)

// frameRoles are the ARIA roles of what is no content.
var frameRoles = setOf("navigation banner contentinfo search dialog alertdialog menu menubar toolbar complementary")

// offers are the headings of parts of a page that lead away from it or ask for
// something, as letters returns them.
var offers = phrases(`
	you may also like|you might also like|you may also be interested in|related articles|related posts|related stories|related products|related content
	recommended|recommended for you|keep reading|read next|also read|more articles|more like this|latest news|latest posts|latest articles
	popular posts|recent posts|from our blog|from the blog|similar threads|similar products|articles in this section|recently viewed articles
	customers also bought|customers also viewed|recently viewed|about the author|about the authors|follow us|share this|share this article
	leave a comment|leave a reply|subscribe to our newsletter|was this page helpful|was this article helpful|was this helpful`)

// asks are how parts of a page begin that ask what its readers think of it, or
// whether they need more, as letters returns them.
var asks = phrases(`
	was this page helpful|was this article helpful|was this helpful|was this information helpful|was this content helpful|is this page useful|is this page helpful
	did this answer your question|did this page help you|did this solve your problem|did you find this|did you find it helpful|did you find what you were looking for
	rate this page|rate this article|how helpful was this|how useful was this|thanks for your feedback|thank you for your feedback
	help us improve|help improve this page|let us know so we can improve|please enable javascript|you need to enable javascript
	war dieser artikel hilfreich|war diese seite hilfreich|war das hilfreich|war diese antwort hilfreich
	cet article vous a t il été utile|cet article était il utile|cette page vous a t elle été utile|cette page vous a t elle aidé
	fue útil este artículo|le resultó útil este artículo|te ha resultado útil esta página|fue útil esta página
	este artigo foi útil|esta página foi útil|isto foi útil|questo articolo ti è stato utile|questa pagina è stata utile|ti è stato utile
	was dit artikel nuttig|was dit artikel behulpzaam|is deze pagina nuttig|heeft dit je vraag beantwoord`)

// askers are the first words of asks.
var askers = func() map[string]bool {
	words := make(map[string]bool)
	for phrase := range asks {
		word, _, _ := strings.Cut(phrase, " ")
		words[word] = true
	}
	return words
}()

// commands are the texts of links that act on the page or show where it was made
// from, as letters returns them.
var commands = phrases(`
	edit|edit this page|edit page|edit this page on github|edit on github|edit on gitlab|edit source|edit this article|improve this page
	view source|view page source|show source|view on github|view this page on github|source|source code|view code
	copy|copy link|copy code|copy to clipboard|permalink|print|print this page|print page|download pdf|download as pdf|save as pdf
	back to top|return to top|go to top|top|skip to content|skip to main content|skip navigation|table of contents
	send feedback|give feedback|leave feedback|provide feedback|report a problem|report an issue|report this page|open an issue|suggest edits|suggest an edit|submit feedback
	share|share this page|tweet|subscribe|follow|previous|next|previous page|next page|log in|sign in|sign up`)

// setOf returns the set of the words of a text.
func setOf(text string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// phrases returns the set of the phrases between bars and line ends.
func phrases(text string) map[string]bool {
	set := make(map[string]bool)
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		for phrase := range strings.SplitSeq(line, "|") {
			set[oneLine(phrase)] = true
		}
	}
	return set
}

// marksOf returns the marks of an element: by whole names, and by words in them
// as well. An id that is the anchor of a heading tells nothing of the text below.
func marksOf(n *html.Node) (whole, all mark) {
	for _, a := range n.Attr {
		if a.Key == "class" || a.Key == "id" && boxed(n) {
			w, m := marksIn(a.Val)
			whole, all = whole|w, all|m
		}
	}
	return whole, all
}

// marksIn returns the marks of a list of names. Words of names that say what an
// element has or lacks count for nothing: "has-sidebar" is no sidebar.
func marksIn(names string) (whole, all mark) {
	for name := range strings.FieldsSeq(strings.ToLower(names)) {
		whole |= marks[name]
		if modifier(name) || !strings.ContainsAny(name, "-_:") {
			continue
		}
		for word := range strings.FieldsFuncSeq(name, isWordEnd) {
			all |= marks[word] &^ textMark
		}
	}
	return whole, whole | all
}

// isWordEnd reports whether a character divides the words of a name.
func isWordEnd(r rune) bool { return r == '-' || r == '_' || r == ':' }

// modifier reports whether a class says what an element has or lacks.
func modifier(class string) bool {
	for _, prefix := range []string{"has-", "no-", "with-", "without-", "hide-"} {
		if strings.HasPrefix(class, prefix) {
			return true
		}
	}
	return false
}

// boxed reports whether an element is a box whose id is not that of a heading
// right at its start.
func boxed(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Ul, atom.Ol, atom.Form, atom.Aside, atom.Table, atom.Td, 0:
	default:
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.FirstChild != nil {
			return headingLevel(c.DataAtom) == 0 || !madeFrom(attr(n, "id"), rawText(c))
		}
	}
	return true
}

// madeFrom reports whether an id was made from the text of a heading.
func madeFrom(id, heading string) bool {
	words := strings.Fields(letters(strings.ReplaceAll(id, "_", " ")))
	return len(words) > 0 && strings.Contains(" "+letters(heading)+" ", " "+words[len(words)-1]+" ")
}

package plainpdf

import "slices"

// inherited are the entries that a page takes from the nodes above it.
var inherited = [...]name{"Resources", "MediaBox", "Rotate"}

// pages returns the page dictionaries in order, each with what it inherits.
// A file without a usable page tree yields its page objects by number.
func (f *file) pages(limit int) ([]dict, error) {
	root := f.dict(f.trailer["Root"])
	if root["Pages"] == nil {
		root = f.catalog()
	}
	t := &tree{file: f, limit: limit, seen: make(map[int]bool)}
	t.walk(root["Pages"], dict{}, 0)
	if len(t.pages) == 0 {
		t.all()
	}
	if len(t.pages) > limit {
		return nil, tooLarge("more than %d pages", limit)
	}
	return t.pages, nil
}

// catalog finds the catalog of a file whose trailer does not name it.
func (f *file) catalog() dict {
	for _, id := range f.ids() {
		if d, ok := f.object(id).(dict); ok && d["Type"] == name("Catalog") {
			return d
		}
	}
	return nil
}

// ids returns the numbers of all objects in order.
func (f *file) ids() []int {
	ids := make([]int, 0, len(f.places))
	for id := range f.places {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// A tree is a walk over the page tree (ISO 32000-1, 7.7.3), which may be none: no
// node is visited twice.
type tree struct {
	*file
	limit int
	seen  map[int]bool
	pages []dict
}

// walk takes the pages at or below a node, which has inherited what is above it.
func (t *tree) walk(v any, above dict, depth int) {
	if r, ok := v.(ref); ok {
		if t.seen[r.id] {
			return
		}
		t.seen[r.id] = true
	}
	node := t.dict(v)
	if node == nil || depth > maxDepth || len(t.pages) > t.limit {
		return
	}
	merged := dict{}
	for _, key := range inherited {
		merged[key] = above[key]
		if node[key] != nil {
			merged[key] = node[key]
		}
	}
	kids, ok := t.resolve(node["Kids"]).(array)
	if !ok || t.resolve(node["Type"]) == name("Page") {
		merged["Contents"], merged["Annots"], merged["Self"] = node["Contents"], node["Annots"], v
		t.pages = append(t.pages, merged)
		return
	}
	for _, kid := range kids {
		t.walk(kid, merged, depth+1)
	}
}

// all takes the page objects of the file by number.
func (t *tree) all() {
	for _, id := range t.ids() {
		if d, ok := t.object(id).(dict); ok && d["Type"] == name("Page") && len(t.pages) <= t.limit {
			t.pages = append(t.pages, dict{"Resources": d["Resources"], "MediaBox": d["MediaBox"], "Rotate": d["Rotate"], "Contents": d["Contents"], "Annots": d["Annots"], "Self": ref{id: id}})
		}
	}
}

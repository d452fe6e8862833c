package livechat

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"math"
	"net/http"
	"path"
	"time"
)

// widget is what browsers load: scripts as they are written, without a build.
//
//go:embed widget
var widget embed.FS

// mediaTypes are those of the widget's files. The tables of the system, which
// package mime reads, differ between machines.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
}

// files serves the widget. Its files are public, so that the pages of every
// site may load them; what they ask for afterwards is guarded.
func (c *Chat) files() http.Handler {
	theme := fmt.Appendf(nil, ":host { --accent: %s; --on-accent: %s; }\n", c.cfg.Accent, textOn(c.cfg.Accent))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Base(r.URL.Path)
		body, err := widget.ReadFile("widget/" + name)
		// Base would find a file under any folder.
		if err != nil || r.URL.Path != "/"+name {
			refuse(w, &refusal{status: http.StatusNotFound, text: "there is no such page"})
			return
		}
		if path.Ext(name) == ".css" {
			// The capacity is cut off: requests at the same time append to one theme.
			body = append(theme[:len(theme):len(theme)], body...)
		}
		h := w.Header()
		h.Set("Content-Type", mediaTypes[path.Ext(name)])
		// Module scripts are loaded with CORS, also by pages that may not use the chat.
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		// Names stay the same from release to release, so browsers ask each time.
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
	})
}

// textOn returns white or black, whichever is easier to read on a colour of the
// form #rrggbb: the one with the higher contrast ratio by WCAG 2.2.
func textOn(colour string) string {
	var rgb [3]uint8
	fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2])
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	var luminance float64
	for i, v := range rgb {
		luminance += weights[i] * linear(float64(v)/255)
	}
	// White has the luminance 1, black 0, and each has 0.05 added to it:
	// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
	if 1.05/(luminance+0.05) >= (luminance+0.05)/0.05 {
		return "#ffffff"
	}
	return "#000000"
}

// linear undoes the gamma of one sRGB component.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

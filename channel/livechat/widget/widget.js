// The loader: the one script that a page embeds.
//
//   <script src="https://example.com/chat/widget.js" defer></script>
//
// Attributes: data-open opens the chat with the page, data-label names the
// button, data-side="start" moves it to the other side, data-theme="light" or
// "dark" overrides what the visitor's system prefers, data-visitor is the host's
// signed token of who the visitor is. The chat itself is loaded
// when it is first opened. The page's policy must allow the origin of this
// script in script-src and connect-src, and nothing else: no inline script, no
// inline style, no eval.
"use strict";
(() => {
  const script = document.currentScript;
  const base = new URL(".", script.src).href;
  const options = script.dataset;
  const label = options.label || "Chat with us";

  const host = document.createElement("div");
  for (const name of ["side", "theme"]) {
    if (options[name]) host.dataset[name] = options[name];
  }
  const root = host.attachShadow({ mode: "open" });
  const launcher = document.createElement("button");
  launcher.className = "launcher";
  launcher.type = "button";
  launcher.setAttribute("aria-label", label);
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  launcher.append(
    icon("bubble", "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 3.7A.9.9 0 0 1 5 19v-3.2a2.5 2.5 0 0 1-1-2z"),
    icon("chevron", "m6 9 6 6 6-6"),
  );
  root.append(launcher);

  // Styles go in as a constructed sheet, which no policy on inline styles stops.
  async function style() {
    const response = await fetch(base + "widget.css");
    if (!response.ok) throw new Error(`the chat's styles: ${response.status}`);
    root.adoptedStyleSheets = [await new CSSStyleSheet().replace(await response.text())];
  }

  let chat; // the promise of the opened chat
  // toggle loads the chat when it is first called. Asked says that the visitor
  // wanted it, who then expects the focus in it.
  function toggle(asked) {
    chat ??= import(base + "chat.js").then((m) => m.mount({ base, root, launcher, label, visitor: options.visitor }));
    chat.then(
      (c) => c.toggle(asked),
      () => { chat = undefined; }, // the next click tries again
    );
  }

  // icon is that of dom.js, which is not loaded yet.
  function icon(name, path) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "icon " + name);
    const shape = document.createElementNS(ns, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  // wasOpen reads what chat.js keeps for the tab, so that the next page of the
  // site shows the chat as this one did.
  function wasOpen() {
    try {
      return sessionStorage.getItem("frontdesk:" + base + "open") === "yes";
    } catch {
      return false; // storage is blocked
    }
  }

  launcher.addEventListener("click", () => toggle(true));
  style().then(() => {
    document.body.append(host);
    if ("open" in options || wasOpen()) toggle(false);
  }, (err) => console.error(err));
})();

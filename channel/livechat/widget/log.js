// The log shows the conversation: what the transcript has, the answer that is
// being written, and what is not sent yet. Only finished messages are announced
// to screen readers, once; drafts and the history at the start are not.

import { el, icon, shapes } from "./dom.js";
import { anchor, markdown, safe } from "./markdown.js";
import { strings } from "./strings.js";

const typingFades = 6_000;

export class Log {
  element = el("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": strings.conversation });
  agent = ""; // the name of the AI agent
  #greeting = el("div", { className: "greeting", dir: "auto", hidden: true });
  #entries = el("ol", { className: "entries" });
  #live = el("div", { role: "log", "aria-live": "off" }, this.#entries);
  #draft = el("div", { className: "entry agent draft", hidden: true, "aria-live": "off" });
  #dots = el("div", { className: "dots", hidden: true, role: "img" }, el("i"), el("i"), el("i"));
  #unsent = el("ol", { className: "entries unsent", "aria-live": "off" });
  #shown = new Set(); // ids of messages in the transcript
  #pending = new Map(); // elements in #unsent by id
  #text = ""; // of the draft
  #frame = 0;
  #timer = 0;

  constructor() {
    this.element.append(this.#greeting, this.#live, this.#draft, this.#dots, this.#unsent);
  }

  // greet says before the first message that a machine answers here, as article
  // 50 of Regulation (EU) 2024/1689 asks.
  greet(text) {
    this.#greeting.replaceChildren(el("p", { className: "hello" }, text), el("p", {}, strings.disclosure));
    this.#greeting.hidden = false;
  }

  // live announces messages from now on.
  live() {
    this.#live.setAttribute("aria-live", "polite");
  }

  // clear makes room for another conversation.
  clear() {
    this.#entries.replaceChildren();
    this.#live.setAttribute("aria-live", "off");
    this.#shown.clear();
    this.draft({ text: "" });
  }

  // add shows a message of the transcript.
  add(m) {
    const follow = this.#atEnd();
    this.#shown.add(m.id);
    this.#pending.get(m.id)?.remove();
    this.#pending.delete(m.id);
    if (m.author !== "customer") this.draft({ text: "" });
    const entry = this.#entry(m);
    this.#entries.append(entry);
    if (m.author === "customer") this.toEnd();
    else if (follow) this.toEnd(entry);
  }

  // unsent shows a message of the outbox and what became of it.
  unsent(m, state) {
    if (this.#shown.has(m.id)) return;
    let entry = this.#pending.get(m.id);
    if (!entry) {
      entry = el("li", { className: "entry customer" },
        el("div", { className: "bubble", dir: "auto" }, m.text),
        el("div", { className: "state" }));
      this.#pending.set(m.id, entry);
      this.#unsent.append(entry);
      this.toEnd();
    }
    entry.dataset.state = state;
    entry.lastChild.textContent = strings[state];
  }

  // draft shows the answer so far: {text} replaces it, {more} goes on.
  draft({ text, more }) {
    this.#text = more === undefined ? text : this.#text + more;
    this.#dots.hidden = true;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#drawDraft());
  }

  // drawDraft draws at most once a frame, however fast the pieces come.
  #drawDraft() {
    const follow = this.#atEnd();
    this.#draft.hidden = this.#text === "";
    this.#draft.replaceChildren(byline(this.agent), el("div", { className: "bubble", dir: "auto" }, markdown(this.#text)));
    if (follow && this.#text !== "") this.toEnd(this.#draft);
  }

  // typing shows for a while that somebody writes.
  typing(name) {
    if (this.#text !== "") return;
    const follow = this.#atEnd();
    this.#dots.hidden = false;
    this.#dots.setAttribute("aria-label", strings.writing(name));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#dots.hidden = true; }, typingFades);
    if (follow) this.toEnd();
  }

  // toEnd scrolls to the end, but not past the beginning of an entry that is
  // new: a long answer is read from its beginning.
  toEnd(entry) {
    const { scrollHeight, clientHeight } = this.element;
    this.element.scrollTop = Math.min(scrollHeight - clientHeight, entry ? entry.offsetTop - 12 : Infinity);
  }

  // atEnd is where the log follows what is added. Whoever scrolled up is reading,
  // and is left alone.
  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  // entry builds a message. Only the agent's texts are Markdown: what people type
  // is shown as they typed it.
  #entry(m) {
    const entry = el("li", { className: "entry " + m.author });
    entry.dataset.seq = m.seq;
    const bubble = el("div", { className: "bubble", dir: "auto" });
    if (m.author === "agent") bubble.append(markdown(m.text));
    else bubble.append(m.text);
    if (m.author !== "system") entry.append(byline(this.#name(m), m.at));
    entry.append(bubble);
    if (m.citations) entry.append(sources(m.citations));
    return entry;
  }

  // name is what stands above a message, which may come without one.
  #name(m) {
    if (m.author === "customer") return strings.you;
    return m.name || (m.author === "agent" ? this.agent : strings.team);
  }
}

// byline names the author and, if it is known, the time in the visitor's zone.
function byline(name, at) {
  const line = el("div", { className: "byline" }, el("span", {}, name));
  if (at) {
    const when = new Date(at);
    line.append(" ", el("time", { dateTime: at, title: when.toLocaleString() },
      when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })));
  }
  return line;
}

// sources lists what an answer rests on; the words of a source are its tooltip.
function sources(citations) {
  const list = el("ul", { className: "sources", "aria-label": strings.sources });
  for (const c of citations) {
    const url = c.url && safe(c.url, document.baseURI);
    const label = el("span", {}, c.title || c.url);
    const source = url ? anchor(url, "") : el("span");
    source.append(icon(shapes.page), label);
    if (url) source.append(el("span", { className: "hidden" }, ` (${strings.opensElsewhere})`));
    source.className = "source";
    if (c.quote) source.title = c.quote;
    list.append(el("li", {}, source));
  }
  return list;
}

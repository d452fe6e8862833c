// The chat itself: the panel above the launcher, and the wiring between what
// the visitor does, the client and the log.

import { Client } from "./client.js";
import { el, icon, shapes } from "./dom.js";
import { Log } from "./log.js";
import { Storage } from "./storage.js";
import { strings } from "./strings.js";

// mount adds the panel to root and returns the chat.
export function mount({ base, root, launcher, label, visitor }) {
  return new Chat(base, root, launcher, label, visitor);
}

// A Chat holds what is shown and who may speak. The transcript is the log's, and
// what is not sent yet the client's: after a reload both come back.
class Chat {
  #launcher;
  #tab; // what lasts as long as the browser tab
  #client;
  #log = new Log();
  #owner = "";
  #person = strings.team; // who spoke last for the company
  #max = Infinity;
  #asked = false; // for a person, without an answer yet
  #up; // whether the stream is connected, undefined before the first time

  #title = el("h2", { id: "title" });
  #status = el("p", { className: "status" });
  #notice = el("p", { className: "notice", hidden: true, role: "status" });
  #spoken = el("p", { className: "hidden", role: "status" });
  #input = el("textarea", { rows: 1, placeholder: strings.write, "aria-label": strings.writeLabel, enterKeyHint: "send" });
  #count = el("span", { className: "count", hidden: true });
  #send = el("button", { type: "submit", className: "send", disabled: true, "aria-label": strings.send }, icon(shapes.send));
  #ask = el("button", { type: "button", className: "ask" }, icon(shapes.person), el("span", {}, strings.talkToPerson));
  #panel;

  constructor(base, root, launcher, label, visitor) {
    this.#launcher = launcher;
    this.#tab = new Storage(() => sessionStorage, "frontdesk:" + base);
    this.#title.textContent = label;
    this.#panel = this.#build();
    root.prepend(this.#panel);
    this.#client = new Client(base, visitor, {
      session: (s) => this.#begin(s),
      reset: () => this.#log.clear(),
      message: (m) => this.#show(m),
      owner: (o) => this.#own(o),
      draft: (d) => this.#log.draft(d),
      typing: () => this.#log.typing(this.#speaker()),
      connection: (up) => this.#connected(up),
      outbox: (m, state) => this.#log.unsent(m, state),
    });
    this.#describe();
    this.#client.start();
  }

  // toggle opens or closes the panel. It leaves the focus where it is if the
  // visitor did not ask for it.
  toggle(asked = true) {
    const open = this.#panel.hidden;
    this.#panel.hidden = !open;
    this.#launcher.setAttribute("aria-expanded", String(open));
    this.#tab.set("open", open ? "yes" : "no");
    if (open) {
      delete this.#launcher.dataset.unread;
      this.#log.toEnd();
      if (asked) this.#input.focus({ preventScroll: true });
    } else {
      this.#launcher.focus();
    }
  }

  // build returns the panel, hidden, with its listeners.
  #build() {
    const close = el("button", { type: "button", className: "close", "aria-label": strings.close }, icon(shapes.close));
    close.addEventListener("click", () => this.toggle());
    const form = el("form", { className: "composer" }, this.#input, this.#count, this.#send);
    form.addEventListener("submit", (e) => { e.preventDefault(); this.#submit(); });
    this.#input.addEventListener("input", () => this.#measure());
    this.#input.addEventListener("keydown", (e) => {
      // Enter also ends the composing of a character, which must not send.
      if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      this.#submit();
    });
    this.#ask.addEventListener("click", () => this.#askForPerson());
    const panel = el("section", { className: "panel", hidden: true, role: "dialog", "aria-labelledby": "title" },
      el("header", {},
        el("span", { className: "mark" }, icon(shapes.spark), icon(shapes.person)),
        el("div", { className: "heading" }, this.#title, this.#status), close),
      this.#log.element,
      el("footer", {}, this.#notice, this.#spoken, form, el("div", { className: "below" }, this.#ask)));
    panel.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.isComposing) this.toggle(); });
    return panel;
  }

  // begin shows what the server says of itself, again after each new session.
  #begin(session) {
    this.#title.textContent = session.title;
    this.#log.agent = session.agent;
    this.#log.greet(session.greeting);
    this.#max = session.max_text;
    this.#describe();
    this.#measure();
  }

  // show adds a message of the transcript, in order and each once.
  #show(m) {
    if (m.author === "person") this.#person = m.name || strings.team;
    if (m.author !== "customer") this.#asked = false;
    this.#describe();
    this.#log.add(m);
    if (this.#panel.hidden && m.author !== "customer") this.#launcher.dataset.unread = "";
  }

  // own says who may speak. It comes after the transcript so far, from where on
  // messages are announced.
  #own(owner) {
    const before = this.#owner;
    this.#owner = owner;
    this.#describe();
    this.#log.live();
    if (before !== owner) this.#spoken.textContent = this.#status.textContent;
  }

  // describe shows who may speak. Machines say that they are machines.
  #describe() {
    const withPerson = strings.withPerson(this.#person);
    const byAgent = [el("span", {}, this.#log.agent), " ", el("span", { className: "chip" }, strings.poweredByAI)];
    const status = { person: [withPerson], queued: [strings.queued], closed: [strings.closed] };
    const ask = { person: withPerson, queued: strings.asked };
    this.#panel.dataset.owner = this.#owner;
    this.#status.replaceChildren(...(status[this.#owner] ?? byAgent));
    this.#ask.lastChild.textContent = ask[this.#owner] ?? strings.talkToPerson;
    this.#ask.disabled = this.#asked || this.#owner in ask;
    this.#notify();
  }

  #connected(up) {
    this.#up = up;
    this.#notify();
  }

  // notify shows the one thing that the visitor should know now.
  #notify() {
    let text = "";
    if (this.#up === false) text = strings.reconnecting;
    else if (this.#owner === "queued") text = strings.queuedNotice;
    else if (this.#owner === "closed") text = strings.closedNotice;
    if (this.#notice.textContent !== text) this.#notice.textContent = text;
    this.#notice.hidden = text === "";
  }

  // speaker is who a typing sign is of, since the sign does not say.
  #speaker() {
    return this.#owner === "person" ? this.#person : this.#log.agent;
  }

  // submit leaves to the outbox whether there is a connection.
  #submit() {
    const text = this.#input.value.trim();
    if (text === "" || length(text) > this.#max) return;
    this.#client.send(text);
    this.#input.value = "";
    this.#measure();
  }

  // askForPerson sends a message that the server needs no language to understand.
  #askForPerson() {
    this.#asked = true;
    this.#describe();
    this.#client.send(strings.wantPerson, true);
    this.#input.focus();
  }

  // measure fits the field to its text and shows how much room is left.
  #measure() {
    const { style } = this.#input;
    style.height = "auto";
    style.height = this.#input.scrollHeight + "px";
    const used = length(this.#input.value.trim());
    this.#send.disabled = used === 0 || used > this.#max;
    this.#count.hidden = used < this.#max * 0.9;
    this.#count.textContent = `${used} / ${this.#max}`;
    this.#count.classList.toggle("over", used > this.#max);
  }
}

// length counts characters as the server does, not UTF-16 units.
function length(text) {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

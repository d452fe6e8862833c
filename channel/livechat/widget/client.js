// The client speaks with the server: one session, one stream of events in, and
// an outbox of messages that are not yet in the transcript. A message is in the
// outbox, with an id of its own, before it is first sent, and leaves it when
// the transcript shows it, so that neither a reload nor a lost answer to a
// request can lose it or make it appear twice.

import { Storage } from "./storage.js";
import { events } from "./sse.js";

const silence = 60_000; // the server writes every 20 seconds
const patience = 20_000; // for the answer to a request

export class Client {
  #base;
  #visitor; // the host's token of who the visitor is, if it gave one
  #store;
  #last = 0; // the sequence number of the last message
  #session; // the promise of the session
  #stream; // the AbortController of the stream
  #sending = false; // whether flush runs: two would send out of order
  #accepted = new Set(); // ids that wait for the transcript only
  #on;

  // on has the functions session, reset, message, owner, draft, typing,
  // connection and outbox, which are called with what happened.
  constructor(base, visitor, on) {
    this.#base = base;
    this.#visitor = visitor;
    this.#on = on;
    this.#store = new Storage(() => localStorage, "frontdesk:" + base);
  }

  // start follows the conversation for as long as the page lives.
  async start() {
    for (const m of this.#outbox()) this.#on.outbox(m, "sending");
    for (let tries = 0; ; tries++) {
      try {
        await this.#follow(() => { tries = 0; });
      } catch (err) {
        if (!(err instanceof Lost)) console.debug("chat:", err);
      }
      this.#on.connection(false);
      await this.#pause(tries);
    }
  }

  // send puts a message into the outbox and sends it.
  send(text, wantsPerson = false) {
    const m = { id: uuid(), text, wants_person: wantsPerson, at: Date.now() };
    this.#store.set("out:" + m.id, JSON.stringify(m));
    this.#on.outbox(m, "sending");
    this.#flush();
  }

  // follow reads one stream to its end, which the server, the network or a silence
  // brings about. It calls alive with every event, beats included.
  async #follow(alive) {
    await this.#open();
    this.#flush();
    const stop = (this.#stream = new AbortController());
    let timer = setTimeout(() => stop.abort(), patience);
    try {
      const response = await this.#request("events", {
        headers: { "Last-Event-ID": String(this.#last) },
        signal: stop.signal,
      });
      this.#on.draft({ text: "" }); // a draft is of one stream
      for await (const event of events(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), silence);
        alive();
        this.#take(event);
      }
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  // take passes on an event. The owner comes behind all messages that there are,
  // and so says that the connection is up and the transcript whole.
  #take({ type, data }) {
    switch (type) {
      case "message":
        if (data.seq <= this.#last) return; // shown already
        this.#last = data.seq;
        if (data.author === "customer") this.#store.remove("out:" + data.id);
        this.#on.message(data);
        break;
      case "owner":
        this.#on.connection(true);
        this.#on.owner(data.owner);
        break;
      case "draft":
        this.#on.draft(data);
        break;
      case "typing":
        this.#on.typing();
        break;
    }
  }

  // open makes a session once, and again after the server refused the token.
  #open() {
    this.#session ??= this.#begin().catch((err) => {
      this.#session = undefined;
      throw err;
    });
    return this.#session;
  }

  // begin asks for a token and for what the chat looks like. A token that the
  // server no longer knows is replaced, and with it the conversation.
  async #begin() {
    const had = this.#store.get("token");
    const response = await this.#request("session", { method: "POST", signal: AbortSignal.timeout(patience) });
    const session = await response.json();
    this.#store.set("token", session.token);
    if (session.new && had) {
      this.#last = 0;
      this.#stream?.abort();
      this.#on.reset();
    }
    this.#on.session(session);
  }

  // request throws Lost where trying again may help, and Refused otherwise.
  async #request(path, init) {
    const headers = { ...init.headers };
    const token = this.#store.get("token");
    if (token) headers.Authorization = "Bearer " + token;
    if (this.#visitor) headers["Visitor-Token"] = this.#visitor;
    const response = await fetch(this.#base + path, { ...init, headers, cache: "no-store", credentials: "omit" });
    if (response.ok) return response;
    if (response.status === 401) this.#session = undefined;
    if (response.status < 500 && ![401, 408, 429].includes(response.status)) throw new Refused(response.status);
    throw new Lost(Number(response.headers.get("Retry-After")) * 1000);
  }

  // outbox returns the messages that the transcript has not shown, oldest first.
  #outbox() {
    return this.#store.values("out:").map(stored).filter(Boolean).sort((a, b) => a.at - b.at);
  }

  // flush sends the outbox, oldest first, until every message is accepted.
  async #flush() {
    if (this.#sending) return;
    this.#sending = true;
    for (let tries = 0; ; ) {
      const m = this.#outbox().find((m) => !this.#accepted.has(m.id));
      if (!m) break;
      try {
        await this.#post(m);
        tries = 0;
      } catch (err) {
        this.#on.outbox(m, "waiting");
        await this.#pause(tries++, err.after);
      }
    }
    this.#sending = false;
  }

  // post sends one message. It gives up only on what the server refuses.
  async #post(m) {
    await this.#open();
    try {
      await this.#request("messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id: m.id, text: m.text, wants_person: m.wants_person }),
        signal: AbortSignal.timeout(patience),
      });
      this.#accepted.add(m.id);
      this.#on.outbox(m, "sent");
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      this.#store.remove("out:" + m.id);
      this.#on.outbox(m, "refused");
    }
  }

  // pause waits longer from try to try, up to 15 seconds, at least after
  // milliseconds, and at random, so that not all browsers come back at once. It
  // ends early when the browser is online again.
  #pause(tries, after = 0) {
    const most = Math.min(15_000, 500 * 2 ** tries);
    return new Promise((resolve) => {
      const done = new AbortController();
      const end = () => { clearTimeout(timer); done.abort(); resolve(); };
      const timer = setTimeout(end, Math.max(after || 0, most / 2 + (Math.random() * most) / 2));
      addEventListener("online", end, { signal: done.signal });
      addEventListener("pageshow", end, { signal: done.signal });
    });
  }
}

// stored reads a message of the outbox, or nothing if something else was written there.
function stored(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Lost: the request failed for now. after is when to try again, if known.
class Lost extends Error {
  constructor(after) {
    super("the server cannot be reached");
    this.after = after;
  }
}

// Refused: the request will never do.
class Refused extends Error {
  constructor(status) {
    super("refused with " + status);
  }
}

// uuid works on plain-http pages too, where crypto.randomUUID is missing.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

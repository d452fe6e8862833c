// Keeps an open page up to date. The page is its own fragment: it is asked for
// again, and what differs is put in its place. Parts are matched by id.
"use strict";

(() => {
  const pause = 3000; // milliseconds
  const root = document.querySelector("[data-live]");

  // A page that the browser kept holds a form that was sent already.
  addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

  const text = document.getElementById("text");
  text?.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) text.form.requestSubmit();
  });

  if (!root) return;
  let last = root.cloneNode(true); // as the server sent it

  // refresh puts the page as it is now in the place of what is shown. A page that
  // is scrolled to its end stays there, as in a chat.
  async function refresh() {
    const response = await fetch(root.dataset.live, { cache: "no-store" });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) throw new Error("another page");
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 48;
    document.title = page.title;
    merge(root, last, fresh);
    last = fresh;
    if (atEnd && document.getElementById("items")) scrollTo(0, document.documentElement.scrollHeight);
  }

  // merge turns now, which the server sent as before, into after. What did not
  // change is left alone, and with it focus, selection and open details.
  function merge(now, before, after) {
    if (now.hasAttribute("data-keep") || before.isEqualNode(after)) return;
    const parts = [...after.children];
    if (parts.length === 0 || now.children.length === 0 || parts.some((p) => !p.id) || own(before) !== own(after)) {
      replace(now, after);
      return;
    }
    const wanted = new Set(parts.map((p) => p.id));
    for (const child of [...now.children]) if (!wanted.has(child.id)) child.remove();
    const was = new Map([...before.children].map((p) => [p.id, p]));
    const have = new Map([...now.children].map((p) => [p.id, p]));
    let place = now.firstElementChild; // where the next part belongs
    for (const part of parts) {
      const mine = have.get(part.id);
      if (!mine) {
        now.insertBefore(document.importNode(part, true), place);
        continue;
      }
      if (mine === place) place = place.nextElementSibling;
      else now.insertBefore(mine, place);
      merge(mine, was.get(part.id), part);
    }
  }

  // own returns the tag of an element, without what is inside.
  function own(e) { return e.cloneNode(false).outerHTML; }

  // replace puts a copy of fresh in the place of old, with its details open and
  // its focus where they were.
  function replace(old, fresh) {
    const copy = document.importNode(fresh, true);
    for (const d of old.querySelectorAll("details[open][id]")) {
      const same = copy.querySelector("#" + CSS.escape(d.id));
      if (same) same.open = true;
    }
    const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(copy);
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  }

  // watch asks again for as long as the page is looked at. When that fails, the
  // page says that it may be out of date.
  async function watch() {
    for (;;) {
      await new Promise((done) => setTimeout(done, pause));
      if (document.hidden) continue;
      try {
        await refresh();
        document.documentElement.dataset.updates = "on";
      } catch {
        document.documentElement.dataset.updates = "off";
      }
    }
  }
  document.documentElement.dataset.updates = "on";
  watch();
})();

// Markdown as the agent writes it, built node by node: no text of a message is
// ever read as HTML. Known are paragraphs, lists, quotes, bold, italics, code,
// fenced or not, and links. Headings become bold lines, images their description, and
// everything else stays the text that it is.

const item = /^\s{0,3}(?:([-*+•])|(\d{1,4})[.)])\s+(.*)$/;
const heading = /^#{1,6}\s+(.*?)\s*#*$/;
const quote = /^>\s?(.*)$/;
const fence = /^\s*```/;

// markdown returns a fragment for the text.
export function markdown(text) {
  const out = document.createDocumentFragment();
  let open; // the element that the next line may go on in
  for (const line of text.split(/\r?\n/)) {
    open = block(out, open, line);
  }
  return out;
}

// block adds one line and returns the element that stays open.
function block(out, open, line) {
  let m;
  if (open?.matches("pre")) {
    if (fence.test(line)) return undefined;
    open.append(open.textContent ? "\n" + line : line);
    return open;
  }
  if (fence.test(line)) return add(out, "pre");
  if (line.trim() === "") return open?.matches("ol, ul") ? open : undefined;
  if ((m = item.exec(line))) return listItem(out, open, m);
  if ((m = heading.exec(line))) {
    const p = add(out, "p");
    inline(add(p, "strong"), m[1]);
    return undefined;
  }
  if ((m = quote.exec(line))) return more(out, open, "blockquote", m[1]);
  if (open?.matches("ol, ul") && /^\s/.test(line)) {
    const last = open.lastElementChild;
    add(last, "br");
    inline(last, line.trim());
    return open;
  }
  return more(out, open, "p", line);
}

// listItem begins a list, or goes on in one of the same kind. A list that begins
// at another number keeps it.
function listItem(out, open, [, , number, text]) {
  const name = number ? "ol" : "ul";
  const list = open?.matches(name) ? open : add(out, name);
  if (list !== open && number) list.start = Number(number);
  inline(add(list, "li"), text);
  return list;
}

// more goes on in an open element of that name, or begins one.
function more(out, open, name, text) {
  const same = open?.matches(name);
  const element = same ? open : add(out, name);
  if (same) add(element, "br");
  inline(element, text.trim());
  return element;
}

// The order decides where two could match: escapes and code come first, as what
// is in them is text.
const spans = new RegExp([
  /\\([\\`*_{}[\]()#+.!~>-])/, // 1: an escaped character
  /`([^`]+)`/, // 2: code
  /(!?)\[([^\]]*)\]\(<?([^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)>?(?:\s+"[^"]*")?\)/, // 3 !, 4 text, 5 address
  /\*\*(?=\S)(.+?)\*\*/, // 6: bold
  /\*(?=[^\s*])([^*]+?)\*/, // 7: italics
  /<((?:https?:\/\/|mailto:)[^\s<>]+)>/, // 8: an address in brackets
  /((?:https?:\/\/|mailto:)[^\s<>]+)/, // 9: an address
].map((r) => r.source).join("|"), "g");

// inline appends a line with its markup. What does not match stays text.
function inline(parent, text) {
  let from = 0;
  for (const m of text.matchAll(spans)) {
    parent.append(text.slice(from, m.index));
    from = m.index + m[0].length;
    const [, escaped, code, image, label, address, bold, italics, marked, bare] = m;
    if (escaped) parent.append(escaped);
    else if (code) add(parent, "code").append(code);
    else if (image) parent.append(label);
    else if (label !== undefined) link(parent, address, label || address);
    else if (bold) inline(add(parent, "strong"), bold);
    else if (italics) inline(add(parent, "em"), italics);
    else if (marked) link(parent, marked, marked);
    else bareLink(parent, bare);
  }
  parent.append(text.slice(from));
}

// bareLink leaves the punctuation after an address out of it, but not a bracket
// that was opened within.
function bareLink(parent, bare) {
  let address = bare.replace(/[.,;:!?'"»”)\]*]+$/, "");
  if (address.split("(").length > address.split(")").length && bare[address.length] === ")") address += ")";
  link(parent, address, address);
  parent.append(bare.slice(address.length));
}

// link adds a link, or only its label where the address may not be opened.
function link(parent, address, label) {
  const url = safe(address);
  parent.append(url ? anchor(url, label) : label);
}

// anchor returns a link that opens elsewhere and gives nothing away.
export function anchor(url, label) {
  const a = document.createElement("a");
  a.href = url;
  a.target = "_blank";
  a.rel = "noopener noreferrer nofollow";
  a.append(label);
  return a;
}

// safe returns the full address, or undefined unless it is a page or a mail
// address, without a user name that makes one host look like another. Without a
// base, as in a text, what has no scheme leads nowhere.
export function safe(address, base) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return undefined;
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return undefined;
  return url.username || url.password ? undefined : url.href;
}

function add(parent, name) {
  const element = document.createElement(name);
  parent.append(element);
  return element;
}

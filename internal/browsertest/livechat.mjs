// The live chat as a visitor uses it. Each scenario is run by a Go test of the
// same name, with --base of the site and --control of the server's switches.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { drive, flags, shot } from "./browser.mjs";

const axe = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const options = {
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

const scenarios = {
  async answer(page) {
    await page.goto(flags.base);
    await page.locator(".launcher").focus();
    await shot(page, "launcher");
    await page.keyboard.press("Enter");
    await visible(page, ".greeting");
    await shot(page, "greeting");
    assert.match(await page.locator("header").innerText(), /Powered by AI/);
    await page.keyboard.type("How long do I have to return an order?");
    await page.keyboard.press("Enter");
    await visible(page, ".draft .bubble");
    await page.locator(".draft .bubble", { hasText: "days" }).waitFor();
    assert.equal(await page.locator("[role=log] .draft").count(), 0, "an unfinished answer is not announced");
    await shot(page, "draft");
    const answer = await visible(page, ".entries .agent:has(.source)");
    await shot(page, "answer");
    assert.equal(await page.locator(".draft").isVisible(), false, "the message replaces the draft");

    const source = answer.locator("a.source").first();
    assert.match(await source.getAttribute("href"), /\/help\/returns#deadline$/);
    assert.match(await source.getAttribute("title"), /30 days/);
    assert.equal(await source.getAttribute("rel"), "noopener noreferrer nofollow");
    assert.equal(await answer.locator(".bubble li").count(), 3, "a list is a list");
    assert.equal(await page.locator("[role=log]").getAttribute("aria-live"), "polite");

    await page.reload();
    await visible(page, ".entries .agent");
    await settled(page, 2);
    assert.equal(await focused(page), undefined, "a chat that opens by itself leaves the focus alone");
    await page.locator("textarea").press("Escape");
    assert.equal(await page.locator(".panel").isVisible(), false);
    assert.equal(await focused(page), "launcher", "the focus returns to the button");
  },

  async long(page) {
    await page.setViewportSize({ width: 1180, height: 480 });
    await start(page);
    for (const n of [2, 4]) {
      await ask(page, "How do I return an order?");
      await settled(page, n);
      await page.waitForFunction(() => {
        const root = [...document.querySelectorAll("body > div")].map((d) => d.shadowRoot).find(Boolean);
        const view = root.querySelector(".scroll").getBoundingClientRect();
        const answer = [...root.querySelectorAll(".entries .agent")].at(-1).getBoundingClientRect();
        return answer.height > view.height && answer.top >= view.top && answer.top < view.top + 40;
      });
    }
    await shot(page, "long");
  },

  async midway(page) {
    await start(page);
    await ask(page, "Tell me slowly: how do I return an order?");
    await visible(page, ".draft .bubble");
    await page.reload();
    await page.locator(".draft .bubble", { hasText: "30 days" }).waitFor();
    await settled(page, 2);
  },

  async markdown(page) {
    await page.goto(flags.base);
    for (const [text, html] of markdown) {
      const got = await page.evaluate(async (text) => {
        const { markdown } = await import("/chat/markdown.js");
        const div = document.createElement("div");
        div.append(markdown(text));
        for (const a of div.querySelectorAll("a")) {
          for (const name of ["target", "rel"]) a.removeAttribute(name);
        }
        return div.innerHTML;
      }, text);
      assert.equal(got, html, text);
    }
  },

  async accessible(page) {
    await page.goto(flags.base);
    await page.evaluate(axe.replace(/^/, "window.define = undefined;\n"));
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      if (scheme === "light") {
        await check(page, "the launcher");
        await page.locator(".launcher").click();
        await ask(page, "How long do I have to return an order?");
        await visible(page, ".entries .agent:has(.source)");
      }
      await check(page, "the chat, " + scheme);
      await shot(page, "answer-" + scheme);
    }
  },

  async phone(page) {
    await page.goto(flags.base);
    await page.locator(".launcher").tap();
    await ask(page, "How long do I have to return an order?");
    await visible(page, ".entries .agent:has(.source)");
    await shot(page, "phone");
    const box = await page.locator(".panel").boundingBox();
    assert.deepEqual([box.x, box.width], [0, 390], "the chat fills a small screen");
  },

  async rtl(page) {
    await page.goto(flags.base);
    await page.evaluate(() => { document.documentElement.dir = "rtl"; });
    await page.locator(".launcher").click();
    await ask(page, "متى يصل طلبي؟");
    await visible(page, ".entries .agent");
    await shot(page, "rtl");
    const box = await page.locator(".panel").boundingBox();
    assert.ok(box.x < 100, "the chat stands where lines end");
  },

  async restart(page) {
    await start(page);
    await ask(page, "Tell me slowly: how do I return an order?");
    await visible(page, ".draft .bubble");
    await control("kill");
    await page.locator(".notice", { hasText: "Reconnecting" }).waitFor();
    await ask(page, "Are you still there?");
    await page.locator(".unsent .state", { hasText: "Trying again" }).waitFor();
    await shot(page, "offline");
    await control("start");
    await visible(page, ".entries .agent:has(.source)");
    await settled(page, 4);
    assert.equal(await page.locator(".notice").isVisible(), false);
    assert.deepEqual(await control("stored"), ["Tell me slowly: how do I return an order?", "Are you still there?"]);
  },

  async unsent(page) {
    await start(page);
    await ask(page, "First");
    await settled(page, 2);
    await page.route("**/chat/messages", (r) => r.abort());
    await ask(page, "Second, which is not sent");
    await page.locator(".unsent .state", { hasText: "Trying again" }).waitFor();
    await page.reload();
    await page.locator(".unsent .bubble", { hasText: "Second" }).waitFor();
    // The request arrives, its answer does not.
    await page.unroute("**/chat/messages");
    let lost = 0;
    await page.route("**/chat/messages", async (r) => {
      if (lost++ > 0) return r.continue();
      await r.fetch();
      await r.abort();
    });
    await settled(page, 4);
    assert.deepEqual(await control("stored"), ["First", "Second, which is not sent"]);
  },

  async hostile(page) {
    await start(page);
    await ask(page, `<img src=x onerror="window.hit=1"><script>window.hit=2</script><b>bold?</b>`);
    await settled(page, 2);
    assert.equal(await page.locator(".entries .customer .bubble").innerText(),
      `<img src=x onerror="window.hit=1"><script>window.hit=2</script><b>bold?</b>`);
    const found = await page.evaluate(() => {
      const root = [...document.querySelectorAll("body > div")].map((d) => d.shadowRoot).find(Boolean);
      const log = root.querySelector(".entries");
      return {
        hit: window.hit,
        elements: log.querySelectorAll("img, script, iframe, svg:not(.icon), style, form, input, object, b, marquee").length,
        handlers: [...log.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith("on")),
        links: [...log.querySelectorAll("a")].map((a) => a.href),
      };
    });
    await shot(page, "hostile");
    assert.deepEqual(found, { hit: undefined, elements: 0, handlers: [], 
      links: ["https://fine.example/a_(b)", "https://fine.example/bare", "https://evil.example/", "https://evil.example/"] });
  },

  async person(page) {
    await start(page);
    const header = page.locator("header");
    await page.locator(".ask", { hasText: "Talk to a person" }).click();
    await header.filter({ hasText: "A person will be with you soon" }).waitFor();
    assert.doesNotMatch(await header.innerText(), /Powered by AI/);
    await shot(page, "queued");
    await control("person");
    await header.filter({ hasText: "You are talking to Ana" }).waitFor();
    await shot(page, "person");
    await control("close");
    await header.filter({ hasText: "Conversation closed" }).waitFor();
    await shot(page, "closed");
    await ask(page, "One more thing");
    await header.filter({ hasText: "Powered by AI" }).waitFor();
    assert.ok(await page.locator(".ask").isEnabled());
  },

  async tabs(page, context) {
    await start(page);
    const other = await context.newPage();
    await start(other);
    await ask(page, "From the first tab");
    await ask(other, "From the second tab");
    await settled(page, 4);
    await settled(other, 4);
    assert.equal((await control("stored")).length, 2);
  },

  async blocked(page) {
    await page.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
      }
    });
    await start(page);
    await ask(page, "Without storage");
    await settled(page, 2);
  },

  async forged(page) {
    await start(page);
    await ask(page, "Mine");
    await settled(page, 2);
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find((k) => k.endsWith("token"));
      localStorage.setItem(key, localStorage.getItem(key).slice(0, -2) + "AA");
    });
    await page.reload();
    await visible(page, ".greeting");
    await ask(page, "Somebody else's");
    await settled(page, 2);
    assert.equal(await page.locator(".entries", { hasText: "Mine" }).count(), 0, "a forged token opens nothing");
  },
};

const markdown = [
  ["Hello", "<p>Hello</p>"],
  ["One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"],
  ["**Bold**, *slanted* and `code`", "<p><strong>Bold</strong>, <em>slanted</em> and <code>code</code></p>"],
  ["**Bold with [a link](https://a.example/)**", `<p><strong>Bold with <a href="https://a.example/">a link</a></strong></p>`],
  ["5 * 3 * 2 and snake_case_name", "<p>5 * 3 * 2 and snake_case_name</p>"],
  ["**unfinished", "<p>**unfinished</p>"],
  ["\\*plain\\*", "<p>*plain*</p>"],
  ["## A heading", "<p><strong>A heading</strong></p>"],
  ["- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"],
  ["3. c\n\n4. d\n   more", `<ol start="3"><li>c</li><li>d<br>more</li></ol>`],
  ["- a\n1. b", "<ul><li>a</li></ul><ol start=\"1\"><li>b</li></ol>"],
  ["> quoted\n> twice", "<blockquote>quoted<br>twice</blockquote>"],
  ["See https://a.example/b_(c).", `<p>See <a href="https://a.example/b_(c)">https://a.example/b_(c)</a>.</p>`],
  ["(https://a.example/)", `<p>(<a href="https://a.example/">https://a.example/</a>)</p>`],
  ["<https://a.example/>", `<p><a href="https://a.example/">https://a.example/</a></p>`],
  ["[mail](mailto:a@b.example)", `<p><a href="mailto:a@b.example">mail</a></p>`],
  ["[js](javascript:alert(1)) [data](data:text/html,x) [user](https://a@b.example/)", "<p>js data user</p>"],
  ["![a picture](https://a.example/x.png)", "<p>a picture</p>"],
  ["<b>no</b> &amp; <img src=x>", "<p>&lt;b&gt;no&lt;/b&gt; &amp;amp; &lt;img src=x&gt;</p>"],
  ["```sh\nrun <it> **now**\n\nagain\n```\nafter", "<pre>run &lt;it&gt; **now**\n\nagain</pre><p>after</p>"],
  ["", ""],
];

async function start(page) {
  await page.goto(flags.base);
  await page.locator(".launcher").click();
  await visible(page, ".greeting");
}

async function ask(page, text) {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

async function visible(page, selector) {
  const found = page.locator(selector).first();
  await found.waitFor({ state: "visible" });
  return found;
}

// settled waits until the log has n messages and nothing is unsent, and proves
// that it stays so when everything is read again.
async function settled(page, n) {
  const state = () => page.evaluate(() => {
    const root = [...document.querySelectorAll("body > div")].map((d) => d.shadowRoot).find(Boolean);
    const seqs = [...root.querySelectorAll(".entries > [data-seq]")].map((e) => Number(e.dataset.seq));
    return { seqs, unsent: root.querySelectorAll(".unsent > *").length };
  });
  const give = Date.now() + 15_000;
  let now = await state();
  while ((now.seqs.length < n || now.unsent > 0) && Date.now() < give) {
    await page.waitForTimeout(50);
    now = await state();
  }
  assert.equal(now.seqs.length, n, `${n} messages are shown: ${JSON.stringify(now)}`);
  assert.equal(now.unsent, 0, "nothing is left unsent");
  assert.deepEqual(now.seqs, [...new Set(now.seqs)].sort((a, b) => a - b), "each message is shown once, in order");
}

const focused = (page) => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className);

async function control(what) {
  const response = await fetch(`${flags.control}/${what}`, { method: "POST" });
  assert.equal(response.status, 200);
  return response.json();
}

async function check(page, what) {
  const { violations } = await page.evaluate(() => axe.run(document));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.failureSummary + " " + n.target).join("; ")}`), [], what + " is accessible");
}

await drive((page, context) => scenarios[flags.scenario](page, context), options[flags.scenario]);

// The helpdesk as a customer and as one of its people use it, with --base of
// the program and --control of what kills and starts it.

import assert from "node:assert/strict";
import { drive, flags, shot } from "./browser.mjs";

await drive(async (page, context) => {
  await page.goto(flags.base);
  await shot(page, "helpdesk-home");
  await page.locator(".launcher").click();

  // An answer with its source, which leads to the heading it was read under.
  await ask(page, "How long do I have to return a tent?");
  const answer = page.locator(".entries .agent:has(.source)").first();
  await answer.waitFor();
  await shot(page, "helpdesk-answer");
  assert.match(await answer.innerText(), /60 days/);
  assert.match(await page.locator("header:visible").last().innerText(), /Powered by AI/);
  const source = await answer.locator("a.source").first().getAttribute("href");
  const article = await context.newPage();
  await article.goto(source);
  assert.ok(await article.locator(":target").isVisible(), "the citation leads to its heading");
  await shot(article, "helpdesk-article");
  await article.close();

  // Killed while a message is on its way: nothing is lost and nothing doubled.
  await ask(page, "Which countries do you deliver to?");
  await control("restart");
  await page.locator(".entries .agent").nth(1).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator(".entries .customer").count(), 2);
  await page.reload();
  await page.locator(".entries .agent").nth(1).waitFor();
  assert.equal(await page.locator(".entries > [data-seq]").count(), 4);

  // To a person, and back.
  await page.locator(".ask").click();
  await page.locator(".panel", { hasText: "person will be with you" }).waitFor();
  const inbox = await context.newPage();
  await inbox.goto(flags.base + "/inbox/");
  await shot(inbox, "helpdesk-inbox");
  await inbox.locator("a[href*='conversations/']").first().click();
  await inbox.locator("#packet").waitFor();
  await inbox.locator("#text").fill("Hello, this is a person. We have one store, in Harrowmere.");
  await inbox.locator("#reply button.primary").click();
  await shot(inbox, "helpdesk-conversation");
  const person = page.locator(".entries .person", { hasText: "one store, in Harrowmere" });
  await person.waitFor();
  assert.doesNotMatch(await page.locator(".panel").innerText(), /Powered by AI/);
  await shot(page, "helpdesk-person");
  await ask(page, "How do I reset my password?");
  await inbox.locator("#transcript", { hasText: "How do I reset my password?" }).waitFor();
  await inbox.locator("#return").click();
  await page.locator(".panel", { hasText: "Powered by AI" }).waitFor();
  const before = await page.locator(".entries .agent").count();
  await ask(page, "I forgot my password, how do I reset it?");
  await page.locator(".entries .agent").nth(before).waitFor();
  await inbox.locator("#close").click();
  await page.locator(".panel", { hasText: "Conversation closed" }).waitFor();
  await inbox.goto(flags.base + "/status");
  await shot(inbox, "helpdesk-status");

  // What the agent knows, as it looks on a phone.
  await inbox.setViewportSize({ width: 390, height: 844 });
  await inbox.goto(flags.base + "/content");
  await fits(inbox);
  await shot(inbox, "helpdesk-content");
  await inbox.locator(".card h2 a").first().click();
  await inbox.locator(".rows li").first().waitFor();
  await fits(inbox);
  await shot(inbox, "helpdesk-documents");
});

async function fits(page) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands out of the page");
}

async function ask(page, text) {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

async function control(what) {
  const response = await fetch(`${flags.control}/${what}`, { method: "POST" });
  assert.equal(response.status, 200);
}

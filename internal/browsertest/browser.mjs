// What every script shares: a headless Chromium that starts empty, and a page
// on which any error or breach of the page's policy fails the script.

import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

// Without these, Chromium calls home at its start.
const quiet = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// flags are the script's, each "--name value".
export const flags = {};
for (let i = 2; i < process.argv.length; i += 2) {
  flags[process.argv[i].slice(2)] = process.argv[i + 1];
}

// drive opens a browser with an empty profile, passes body a page and its
// context, and ends the process with 1 if body or the page fails. Pictures go to
// the folder of the flag shots, if there is one.
export async function drive(body, contextOptions = {}) {
  const profile = await mkdtemp(join(tmpdir(), "browsertest-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync),
    headless: true,
    args: quiet,
    viewport: { width: 1180, height: 820 },
    ...contextOptions,
  });
  context.setDefaultTimeout(15_000);
  const faults = [];
  const watch = (page) => {
    page.on("pageerror", (err) => faults.push(`the page threw: ${err.message}`));
    page.on("console", (m) => {
      if (/Content Security Policy|Trusted Type/i.test(m.text())) faults.push(m.text());
    });
    page.on("dialog", (d) => { faults.push(`a dialog opened: ${d.message()}`); d.dismiss(); });
  };
  context.on("page", watch);
  context.pages().forEach(watch);
  try {
    await body(context.pages()[0], context);
    if (faults.length > 0) throw new Error(faults.join("\n"));
  } catch (err) {
    console.error(err);
    if (flags.shots) await context.pages()[0].screenshot({ path: join(flags.shots, `failed-${flags.scenario ?? "script"}.png`) });
    process.exitCode = 1;
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

// shot keeps a picture of the page.
export async function shot(page, name) {
  if (flags.shots) await page.screenshot({ path: join(flags.shots, name + ".png") });
}

// One page of one browser: jobs come as lines of JSON and are answered in order. `page.py` says what is in a job.
// Nothing is fetched from a network: a page is offline, or has an address on this machine and reaches no other; what it
// asks for is in the answer.
"use strict";
const readline = require("node:readline");

const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const SECONDS = 60;

const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

async function load(page, seen, job) {
  if (job.html === null && job.file === null && job.address === null) return;
  await page.context().setOffline(job.address === null);
  await page.unrouteAll();
  if (job.address !== null) await page.route((url) => url.origin !== new URL(job.address).origin, (route) => route.abort());
  await page.goto("about:blank");  // without the rules of the page before
  seen.errors = [];
  seen.requests = [];
  if (job.html !== null) await page.setContent(job.html);
  else await page.goto(job.file ?? job.address);
  if (job.file !== null) seen.requests = seen.requests.filter((url) => url !== job.file);
}

async function answer(page, seen, job) {
  await page.setViewportSize({ width: job.width, height: job.height });
  await page.emulateMedia({ colorScheme: job.dark ? "dark" : "light", media: job.print ? "print" : "screen" });
  await load(page, seen, job);
  if (job.library !== null) await page.addScriptTag({ path: job.library });
  for (const key of job.keys) await page.keyboard.press(key);
  const value = job.tree !== null ? await page.locator(job.tree).ariaSnapshot() : job.script === null ? null : await page.evaluate(job.script);
  if (job.screenshot !== null) await page.screenshot({ path: job.screenshot });
  if (job.pdf !== null) await page.pdf({ path: job.pdf, format: "A4" });
  return { value: value ?? null, ...seen };
}

async function main() {
  const { chromium } = require("playwright-core");  // with a temporary profile of its own
  const browser = await chromium.launch({ executablePath: process.argv[2], headless: true, chromiumSandbox: false, args: FLAGS });
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  page.setDefaultTimeout(SECONDS * 500);
  const seen = { errors: [], requests: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") seen.errors.push(message.text()); });
  page.on("request", (request) => seen.requests.push(request.url()));
  say({ version: browser.version() });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const late = setTimeout(() => { say({ failed: `no answer in ${SECONDS} s` }); process.exit(1); }, SECONDS * 1000);
    say(await answer(page, seen, JSON.parse(line)).catch((error) => ({ failed: String(error) })));
    clearTimeout(late);
  }
  await browser.close();
}

main().catch((error) => { say({ failed: String(error).split("\n")[0] }); process.exit(1); });

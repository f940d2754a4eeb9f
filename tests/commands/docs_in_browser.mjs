// The manual in a browser: run by hand, with a site that `awsmini docs build` wrote or the address of `awsmini docs serve`.
//
//   node tests/commands/docs_in_browser.mjs SITE --modules FOLDER [--chromium PATH] [--pictures FOLDER] [--awsmini PATH]
//
// FOLDER is a node_modules that has playwright-core and axe-core. With the path of awsmini, and a site of all services,
// searches are compared with those of `awsmini search`. Exits with 1 where something is not as it should be.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [site, ...rest] = process.argv.slice(2);
const option = (name, other) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : other);
const require = createRequire(pathToFileURL(resolve(option("--modules"), "x.js")));
const { chromium } = require("playwright-core");
const root = site.includes("://") ? site.replace(/\/?$/, "/") : pathToFileURL(resolve(site)).href + "/";
const pictures = option("--pictures");

const failures = [];
const check = (what, holds, more = "") => {
  console.log(`${holds ? "ok    " : "FAILED"} ${what} ${more}`);
  if (!holds) failures.push(what);
};
const browser = await chromium.launch({ executablePath: option("--chromium", "/usr/bin/chromium"), args: ["--no-sandbox"] });
const said = [];
const open = async (path, options = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => request.url().startsWith(root) || request.url().startsWith("data:") || said.push(`asked for ${request.url()}`));
  await page.goto(root + path);
  return page;
};
const hits = (page) => page.$$eval("#hits li", (items) => items.map((item) => item.dataset.name));
const ended = (page) => page.waitForFunction(() => document.querySelector("#hits").dataset.ended === "true", null, { timeout: 60_000 });
const audit = async (page, what) => {
  if (!(await page.evaluate("typeof axe"))?.match(/object/)) await page.evaluate(require("axe-core").source);
  const { violations } = await page.evaluate(() => axe.run({ preload: false }));
  for (const { id, impact, nodes } of violations) console.log(`       ${what}: ${impact} ${id} × ${nodes.length}: ${nodes[0].html.slice(0, 120)} ${nodes[0].failureSummary?.replaceAll("\n", " ").slice(0, 200)}`);
  check(`axe-core: ${what}`, !violations.some(({ impact }) => ["serious", "critical"].includes(impact)), `${violations.length} in all`);
};

// Search, with the keyboard alone
const page = await open("index.html");
await page.keyboard.press("/");
await page.waitForFunction(() => document.activeElement.id === "q");
await page.waitForTimeout(1500);
const first = await page.evaluate(async () => {
  const input = document.querySelector("#q"), start = performance.now();
  input.value = "describe instances";
  input.dispatchEvent(new Event("input"));
  while (!document.querySelector("#hits li")) await new Promise((done) => setTimeout(done));
  return performance.now() - start;
});
check("first hits in under 100 ms", first < 100, `${first.toFixed(1)} ms`);
await ended(page);
check("the command is found", (await hits(page)).includes("ec2 describe-instances"), (await hits(page)).slice(0, 3).join(", "));
for (const words of option("--awsmini") ? ["describe instances", "ec2 spot price", "sqs", "lambda layer", "hourlyprice", "dynamodb table restore", "t3.micro", "kms rotate", "get object torrent", "invalidation"] : []) {
  await page.fill("#q", words);
  await page.waitForTimeout(50);
  await ended(page);
  const told = execFileSync(option("--awsmini"), ["search", "--limit", "9999", ...words.split(" ")], { encoding: "utf8", env: { ...process.env, MANWIDTH: "200" } });
  const wanted = told.split("\n").map((line) => line.match(/^([a-z0-9-]+(?: [a-z0-9.-]+){1,2})(?:  |$)/)?.[1]).filter(Boolean);
  const found = (await hits(page)).filter((name) => wanted.includes(name));
  check(`as awsmini search: ${words}`, wanted.length > 0 && wanted.slice(0, found.length).join() === found.join(), `${found.length} of ${wanted.length}`);
}
await page.fill("#q", "ec2 purchase hourlyprice");
await ended(page);
check("found in shapes", (await hits(page)).includes("ec2 purchase-host-reservation"), (await hits(page)).slice(0, 3).join(", "));
await page.fill("#q", "run instances");
await page.waitForSelector("#hits li");
await audit(page, "a list of hits");
if (pictures) await page.screenshot({ path: `${pictures}/search.png` });
await page.keyboard.press("ArrowDown");
await page.keyboard.press("ArrowUp");
const chosen = await page.$eval("#hits [aria-selected=true]", (item) => item.dataset.name);
await page.keyboard.press("Enter");
await page.waitForURL(`**/${chosen.replaceAll(" ", "/")}.html`);
check("Enter opens the chosen", (await page.textContent("h1")) === `awsmini ${chosen}`, chosen);

// Links, back, anchors
await page.click("nav a >> text=ec2");
await page.waitForURL("**/ec2.html");
await page.click("main a >> text=/^describe-instances$/");
await page.waitForURL("**/ec2/describe-instances.html");
await page.goBack();
await page.waitForURL("**/ec2.html");
check("a link, and back", (await page.textContent("h1")) === "awsmini ec2");
const deep = await open("ec2/describe-instances.html#Reservations.Instances.State.Name");
await deep.waitForFunction(() => document.querySelector(":target"), null, { timeout: 5000 }).catch(() => {});
await deep.waitForTimeout(500);
const seen = await deep.evaluate(() => {
  const target = document.getElementById("Reservations.Instances.State.Name"), box = target?.getBoundingClientRect();
  return box && box.height > 0 && box.top >= 0 && box.top < innerHeight;
});
check("an anchor of a member of a member unfolds and is in view", seen);
await deep.evaluate(() => { location.hash = "#--filters"; });
await deep.waitForTimeout(300);
check("an anchor of an option", await deep.$eval("[id='--filters']", (element) => { const { top } = element.getBoundingClientRect(); return top >= 0 && top < innerHeight; }));
await deep.evaluate(() => document.querySelectorAll("details").forEach((term) => { term.open = true; }));
await deep.waitForTimeout(800);
check("every anchor is there once", await deep.evaluate(() => { const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id); return new Set(ids).size === ids.length; }));
await audit(deep, "an operation, unfolded");
if (pictures) await deep.screenshot({ path: `${pictures}/operation.png` });

// A phone, dark and light
for (const colorScheme of ["light", "dark"]) {
  const phone = await open("s3api/put-object.html", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme });
  check(`phone, ${colorScheme}: nothing is wider than the screen`, await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${await phone.evaluate(() => document.documentElement.scrollWidth)} px`);
  const ground = () => phone.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  check(`${colorScheme}: as the system has it`, (before === "rgb(255, 255, 255)") === (colorScheme === "light"), before);
  await audit(phone, `phone, ${colorScheme}`);
  if (pictures) await phone.screenshot({ path: `${pictures}/phone-${colorScheme}.png` });
  await phone.click("button");
  check(`${colorScheme}: the switch`, (await ground()) !== before);
  await phone.reload();
  check(`${colorScheme}: the switch is remembered`, (await ground()) !== before);
}
for (const path of ["index.html", "ec2.html", "s3/cp.html", "help/global-options.html", "help/config-vars.html", "ec2/wait/instance-running.html"]) {
  await audit(await open(path), path);
}
check("no errors on the console, nothing asked for elsewhere", said.length === 0, said.slice(0, 3).join(" | "));
await browser.close();
console.log(failures.length ? `${failures.length} failed` : "all well");
process.exit(failures.length ? 1 : 0);

// `watch`: the page follows what is saved, and lets in nobody else.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {createServer} from "node:http";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {folder, launch, open, pictures, root, save, scenario, start, status} from "./browser.mjs";

const here = folder();
const zeku = readFileSync(join(root, "scenarios/zeku.toml"), "utf8");
const titled = title => zeku.replace(/^title_en = .*$/m, `title_en = "${title}"`);
let browser, served;

before(async () => {
  scenario(here, "zeku.xlsx");
  save(here, "zeku.toml", titled("The first"));
  served = await start("watch", here, "zeku.toml", "--replications", "24");
  browser = await launch(`--host-resolver-rules=MAP evil.example 127.0.0.1`);
});
after(async () => { served?.kill(); await browser?.close(); here.remove(); });

const head = (page, text) => page.locator("h1", {hasText: text}).waitFor();
const done = page => page.locator("#bar.done").waitFor();

test("a save is shown without loading the page anew, and the reader's place is kept", async () => {
  const {page, errors, asked, close} = await open(browser);
  await page.goto(served.address);
  await head(page, "The first");
  await done(page);
  await page.evaluate(() => { window.stays = true; scrollTo(0, 900); });
  await page.selectOption("#site", "2");
  await page.screenshot({path: join(pictures, "watch.png")});
  const saved = Date.now();
  save(here, "zeku.toml", titled("The second"));
  await head(page, "The second");
  const first = Date.now() - saved;
  await done(page);
  console.log(`first look after ${first} ms, all of it after ${Date.now() - saved} ms`);
  assert.deepEqual(await page.evaluate(() => [window.stays, scrollY]), [true, 900]);
  assert.equal(await page.inputValue("#site"), "2");
  assert.equal(await page.locator(".sheet:visible").count(), 1);
  await page.locator("#chart-campaign .drawing").scrollIntoViewIfNeeded();
  const box = await page.locator("#chart-campaign .drawing").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.4);
  await page.locator("#chart-campaign .point").waitFor({state: "visible"});
  assert.deepEqual(errors, []);
  assert.ok(asked.every(address => address.startsWith(served.address) || address === "data:,"), asked.join("\n"));
  await close();
});

test("a broken file shows its problem with its place and remedy, and recovers", async () => {
  const {page, errors, close} = await open(browser);
  await page.goto(served.address);
  await done(page);
  const text = titled("The third").replace("replications = 200", "replicatons = 200");
  const line = text.split("\n").findIndex(line => line.startsWith("replicatons")) + 1;
  save(here, "zeku.toml", text);
  await page.locator("#bar.wrong").waitFor();
  assert.match(await page.locator(".problems li").first().textContent(), /S\d{3}.*replicatons.*replications/s);
  assert.equal(await page.locator(".where").first().textContent(), `zeku.toml:${line}:1`);
  await page.screenshot({path: join(pictures, "watch-wrong.png")});
  save(here, "zeku.toml", titled("The third"));
  await head(page, "The third");
  await done(page);
  assert.deepEqual(errors, []);
  await close();
});

test("200 saves lose nothing", async () => {
  const {page, errors, close} = await open(browser);
  await page.goto(served.address);
  for (let number = 1; number <= 200; number += 1) {
    save(here, "zeku.toml", titled(`Save number ${number}`));
    await new Promise(next => setTimeout(next, number % 20));
  }
  await page.locator("h1", {hasText: /^Save number 200$/}).waitFor();
  await done(page);
  assert.deepEqual(errors, []);
  await close();
});

test("foreign names, foreign pages and paths to files are refused", async () => {
  assert.equal(await status(served.port, "/"), 200);
  assert.equal(await status(served.port, "/", {Host: `evil.example:${served.port}`}), 403);
  assert.equal(await status(served.port, "/body", {Origin: "http://evil.example"}), 403);
  assert.equal(await status(served.port, "/news", {"Sec-Fetch-Site": "cross-site"}), 403);
  for (const path of ["/zeku.toml", "/../zeku.toml", "/..%2f..%2fetc%2fpasswd", "/body/../../zeku.toml", "//zeku.toml"]) {
    assert.equal(await status(served.port, path), 404, path);
  }
  // A name that was made to lead here, as in DNS rebinding.
  const {page, close} = await open(browser);
  const answer = await page.goto(`http://evil.example:${served.port}/`);
  assert.equal(answer.status(), 403);
  // Another page of this computer, which can neither read nor frame it.
  const foreign = createServer((_, answer) => answer.end("<title>foreign</title>")).listen(0, "127.0.0.1");
  await new Promise(ready => foreign.once("listening", ready));
  await page.goto(`http://127.0.0.1:${foreign.address().port}/`);
  const read = await page.evaluate(address => fetch(address).then(() => "read", () => "refused"), served.address);
  assert.equal(read, "refused");
  foreign.close();
  await close();
});

test("it ends on Ctrl-C, and the page says so", async () => {
  const {page, close} = await open(browser);
  await page.goto(served.address);
  await done(page);
  assert.equal(await served.stop(), 130);
  await page.locator("#bar.ended").waitFor();
  await close();
});

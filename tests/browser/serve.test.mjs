// `serve`: sliders are simulated beside the plan, and what they say is saved as a variant.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {execFileSync} from "node:child_process";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {folder, launch, open, pictures, program, scenario, start, status} from "./browser.mjs";

const here = folder();
let browser, served;

before(async () => {
  scenario(here, "zeku.toml");
  scenario(here, "zeku.xlsx");
  served = await start("serve", here, "zeku.toml", "--replications", "24");
  browser = await launch();
});
after(async () => { served?.kill(); await browser?.close(); here.remove(); });

const slide = async (page, name, by) => {
  const slider = page.locator(".knob", {hasText: name}).locator("input");
  const value = Number(await slider.inputValue());
  await slider.focus();
  for (let step = 0; step < Math.abs(by); step += 1) await page.keyboard.press(by > 0 ? "ArrowRight" : "ArrowLeft");
  assert.equal(Number(await slider.inputValue()), value + by);
};

test("a moved slider is simulated beside the plan, with the difference and its interval", async () => {
  const {page, errors, close} = await open(browser, {viewport: {width: 1400, height: 1000}});
  await page.goto(served.address);
  await page.locator(".knob").first().waitFor();
  assert.ok(await page.locator(".knob").count() > 5);
  const moved = Date.now();
  await slide(page, "Lanes at every site", 3);
  await page.locator("#answer table").waitFor();
  console.log(`first answer after ${Date.now() - moved} ms`);
  await page.locator("#answer .moved", {hasText: "Lanes at every site: 0 → +3"}).waitFor();
  await page.locator("#answer .design", {hasText: "24 replications"}).waitFor();
  const row = await page.locator("#answer tr", {hasText: "swabbed by"}).textContent();
  assert.match(row, /\d\d:\d\d.*\d\d:\d\d.*−\d+ ± \d+ min/);
  await page.screenshot({path: join(pictures, "serve.png")});
  await page.locator("#back").click();
  await page.locator("#answer table").waitFor({state: "detached"});
  assert.deepEqual(errors, []);
  await close();
});

test("what the sliders say is saved as a variant that is read without a complaint, and nothing is overwritten", async () => {
  const {page, close} = await open(browser, {viewport: {width: 390, height: 844}});
  await page.goto(served.address);
  await page.locator(".knob").first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await slide(page, "Lanes at Site 3", 1);
  await slide(page, "Machines", 2);
  await slide(page, "Time between trips", -1);
  const saveAs = async name => {
    await page.fill("#variant", name);
    await page.locator("#saved").evaluate(said => { said.textContent = ""; });
    await page.click("#save");
    await page.waitForFunction(() => document.getElementById("saved").textContent !== "");
    return page.locator("#saved").textContent();
  };
  assert.equal(await saveAs("more-of-it"), "saved as more-of-it.toml");
  const text = readFileSync(here.at("more-of-it.toml"), "utf8");
  assert.match(text, /extends = "zeku.toml"/);
  const checked = execFileSync(program, ["check", "more-of-it.toml", "--format", "json"], {cwd: here.path});
  assert.deepEqual(JSON.parse(checked).map(file => [file.ok, file.problems]), [[true, []]]);
  writeFileSync(here.at("mine.toml"), "mine");
  assert.match(await saveAs("mine"), /is there already/);
  assert.equal(readFileSync(here.at("mine.toml"), "utf8"), "mine");
  for (const name of ["../out", "a/b", "", "x.toml", "/tmp/x", "nul"]) assert.match(await saveAs(name), /letters, digits and dashes/);
  assert.ok(!existsSync(join(here.path, "../out.toml")));
  await close();
});

test("a scenario that names its levers has these sliders, and a variant holds the one that was moved", async () => {
  scenario(here, "features/levers.toml");
  const named = await start("serve", here, "features/levers.toml", "--replications", "20");
  const {page, errors, close} = await open(browser, {viewport: {width: 1400, height: 1000}});
  try {
    await page.goto(named.address);
    await page.locator(".knob").first().waitFor();
    assert.deepEqual(await page.locator(".knob span").allTextContents(), [
      "Lanes at Site 2", "Pace of each lane", "Vehicles: Vans", "Time between trips: Vans", "Machines: PCR at County laboratory",
      "Door-to-door teams: How many teams", "People in a full tube: Precaution areas and everyone else"]);
    await slide(page, "Pace of each lane", 2);
    await page.locator("#answer .moved", {hasText: "Pace of each lane: 60 people/h → 70 people/h"}).waitFor();
    await page.locator("#answer .design", {hasText: "20 replications of each, 95%"}).waitFor();
    assert.match(await page.locator("#answer tr", {hasText: "swabbed by"}).textContent(), /−\d+ ± \d+ min/);
    await page.screenshot({path: join(pictures, "levers.png")});
    await page.fill("#variant", "faster");
    await page.click("#save");
    await page.locator("#saved", {hasText: "saved as"}).waitFor();
    const text = readFileSync(here.at("features/faster.toml"), "utf8");
    assert.match(text, /^# Pace of each lane: 60 people\/h → 70 people\/h\nextends = "levers.toml"\ntitle = .*\ntitle_en = .*\n\n\[lane.pace\]\nassumed = "70 people\/h"\nrange = "47.83 people\/h..99.17 people\/h"\nsource = .*\n$/);
    execFileSync(program, ["check", "features/faster.toml"], {cwd: here.path});
    assert.deepEqual(errors, []);
  } finally {
    named.kill();
    await close();
  }
});

test("only the page itself changes anything", async () => {
  const body = JSON.stringify({panel: 1, positions: [], name: "evil"});
  for (const path of ["/save", "/try"]) {
    assert.equal(await status(served.port, path, {}, "POST", body), 403);
    assert.equal(await status(served.port, path, {"X-Token": "0".repeat(32)}, "POST", body), 403);
    assert.equal(await status(served.port, path, {Origin: "http://evil.example"}, "POST", body), 403);
    assert.equal(await status(served.port, path), 405);
  }
  assert.equal(await status(served.port, "/save", {}, "POST", "x".repeat(100_000)), 413);
  assert.ok(!existsSync(here.at("evil.toml")));
});

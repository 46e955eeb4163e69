// report.html, opened from the disk.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {folder, launch, open, pictures, run} from "./browser.mjs";

const here = folder();
let browser;

before(async () => {
  browser = await launch();
  run("run", "scenarios/zeku.toml", "--replications", "20", "--only", "report", "--lang", "both", "--out", here.at("out"));
});
after(async () => { await browser?.close(); here.remove(); });

const address = name => pathToFileURL(join(here.path, "out", name)).href;

for (const [width, height] of [[390, 844], [1920, 1080]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the report fits ${width} pixels, ${colorScheme}, and asks nobody anything`, async () => {
      const {page, errors, asked, close} = await open(browser, {viewport: {width, height}, colorScheme});
      for (const name of ["report.html", "report-zh.html"]) {
        await page.goto(address(name));
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
        await page.screenshot({path: join(pictures, `${name}-${width}-${colorScheme}.png`)});
      }
      const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(dark === "rgb(14, 17, 22)", colorScheme === "dark");
      assert.deepEqual(errors, []);
      assert.deepEqual(asked, [address("report.html"), address("report-zh.html")]);
      await close();
    });
  }
}

test("pointing at a curve tells its values", async () => {
  const {page, errors, close} = await open(browser, {viewport: {width: 1280, height: 900}});
  await page.goto(address("report.html"));
  const drawing = page.locator("#chart-campaign .drawing");
  await drawing.scrollIntoViewIfNeeded();
  const box = await drawing.boundingBox();
  const tip = drawing.locator(".point");
  assert.equal(await tip.isVisible(), false);
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await tip.waitFor({state: "visible"});
  assert.match(await tip.textContent(), /\d\d:\d\d.*Swabbed [\d,]+.*Published [\d,]+/);
  await page.mouse.move(box.x + box.width * 0.5, box.y - 40);
  await tip.waitFor({state: "hidden"});
  assert.deepEqual(errors, []);
  await close();
});

test("choosing a site shows its sheet alone", async () => {
  const {page, close} = await open(browser);
  await page.goto(address("report.html"));
  const shown = () => page.locator(".sheet:visible").count();
  const all = await shown();
  assert.ok(all > 3);
  await page.selectOption("#site", "1");
  assert.equal(await shown(), 1);
  await page.selectOption("#site", "");
  assert.equal(await shown(), all);
  await close();
});

test("choosing a round shows its row alone, and an hour what is done by then", async () => {
  const {page, errors, close} = await open(browser, {viewport: {width: 1280, height: 900}});
  await page.goto(address("report.html"));
  const rows = () => page.locator("#front .rounds tbody tr:visible").count();
  const all = await rows();
  await page.selectOption("#round", {index: 2});
  assert.equal(await rows(), 1);
  await page.selectOption("#round", "");
  assert.equal(await rows(), all);
  const map = page.locator("#chart-map"), done = () => map.locator(".ring.done").count();
  await map.scrollIntoViewIfNeeded();
  await map.locator("input").fill("0");
  assert.equal(await done(), 0);
  assert.match(await map.locator("output").textContent(), /07:00 · 0\/9 sites done · 0\/\d+ cells/);
  await map.locator("input").fill("40");
  const some = await done();
  assert.ok(some > 0 && some < await map.locator(".ring").count());
  await map.screenshot({path: join(pictures, "map-at-an-hour.png")});
  assert.deepEqual(errors, []);
  await close();
});

test("each round has its own map and its own hours, chosen at the map or above the table", async () => {
  const {page, errors, close} = await open(browser, {viewport: {width: 1280, height: 900}});
  await page.goto(address("report.html"));
  const map = page.locator("#chart-map"), choice = map.locator("select"), hour = map.locator("input");
  const names = await choice.locator("option").allTextContents();
  assert.deepEqual(names, await page.locator("#round option").evaluateAll(all => all.slice(1).map(option => option.textContent)));
  const own = await choice.inputValue(), seen = new Set();
  const says = () => map.locator("output").textContent();
  await map.scrollIntoViewIfNeeded();
  for (const name of names) {
    await choice.selectOption(name);
    assert.match(await map.locator("figcaption").textContent(), new RegExp(`${name}: cells and sites`));
    await hour.fill("0");
    assert.equal(await map.locator(".ring.done").count(), 0);
    await hour.fill(await hour.getAttribute("max"));
    assert.equal(await map.locator(".ring.done").count(), await map.locator(".ring").count());
    const ends = await says();
    assert.match(ends, /\d+-\d+ \d\d:\d\d · (\d+)\/\1 sites done · (\d+)\/\2 cells/);
    seen.add(ends);
  }
  assert.equal(seen.size, names.length, "no two rounds end alike");
  await map.screenshot({path: join(pictures, "map-of-another-round.png")});
  // The choice above the table moves the map too, and all rounds bring back the map of the page.
  await page.selectOption("#round", names[0]);
  assert.equal(await choice.inputValue(), names[0]);
  await page.selectOption("#round", "");
  assert.equal(await choice.inputValue(), own);
  assert.match(await map.locator("figcaption").textContent(), new RegExp(`${own}: cells and sites`));
  assert.deepEqual(errors, []);
  await close();
});

test("without scripts the report is complete", async () => {
  const {page, close} = await open(browser, {javaScriptEnabled: false});
  await page.goto(address("report.html"));
  assert.ok(await page.locator(".sheet:visible").count() > 3);
  assert.ok(await page.locator("figure svg:visible").count() > 5);
  assert.equal(await page.locator(".choose:visible").count(), 0);
  await close();
});

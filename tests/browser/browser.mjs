// What the tests share: a browser that asks nobody anything, the program, and a folder that goes away.
import {spawn, execFileSync} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {request} from "node:http";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {createInterface} from "node:readline";
import {chromium} from "playwright-core";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const program = process.env.SWABPLAN ?? join(root, "target/release/swabplan");
/** Pictures for whoever wants to look. */
export const pictures = join(root, "target/browser");
mkdirSync(pictures, {recursive: true});

export const launch = (...more) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", ...more],
});

/** A page that notes what goes wrong and whom it asks. */
export const open = async (browser, options = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [], asked = [];
  page.on("console", message => { if (message.type() === "error") errors.push(message.text()); });
  page.on("pageerror", error => errors.push(String(error)));
  page.on("request", request => asked.push(request.url()));
  page.setDefaultTimeout(40_000);
  return {page, errors, asked, close: () => context.close()};
};

export const folder = () => {
  const path = mkdtempSync(join(tmpdir(), "swabplan-browser-"));
  return {path, at: name => join(path, name), remove: () => rmSync(path, {recursive: true, force: true})};
};

/** Copies a shipped scenario with the files beside it. */
export const scenario = (into, name) => cpSync(join(root, "scenarios", name), into.at(name));

/** Saves as editors do: another file, renamed. */
export const save = (into, name, text) => {
  writeFileSync(into.at(`${name}~`), text);
  renameSync(into.at(`${name}~`), into.at(name));
};

export const run = (...words) => execFileSync(program, words, {cwd: root, stdio: ["ignore", "pipe", "inherit"]});

/** Starts `watch` or `serve` and waits for its address. */
export const start = async (verb, into, file, ...words) => {
  const child = spawn(program, [verb, file, "--lang", "en", "--format", "json", ...words], {cwd: into.path});
  const [line] = await new Promise((done, failed) => {
    createInterface({input: child.stdout}).once("line", text => done([text]));
    child.once("exit", code => failed(new Error(`${verb} ended with ${code}`)));
  });
  const {address} = JSON.parse(line);
  const ended = new Promise(done => child.once("exit", done));
  return {
    address,
    port: Number(new URL(address).port),
    stop: () => { child.kill("SIGINT"); return ended; },
    kill: () => child.kill("SIGKILL"),
  };
};

/** The status of a request made by hand, with headers that a browser would not let a page set. */
export const status = (port, path, headers = {}, method = "GET", body = "") => new Promise((done, failed) => {
  const asked = request({host: "127.0.0.1", port, path, method, headers}, answer => { answer.resume(); done(answer.statusCode); });
  asked.on("error", failed);
  asked.end(body);
});

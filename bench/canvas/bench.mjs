// How fast the canvas is beside the same scene by hand, in turns in one run. docs/benchmarks.md says how and why.
//   node bench.mjs --binary PATH --chromium PATH [--rounds 3] [--sizes 300,1000,5000] [--json FILE]

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { report } from "./report.mjs";
import * as subjects from "./subjects.mjs";
import { mainThread } from "./trace.mjs";

const here = import.meta.dirname;
const text = (type, fallback) => ({ type, default: fallback });
const { values: options } = parseArgs({
  options: {
    binary: text("string"),
    chromium: text("string", "/usr/bin/chromium"),
    rounds: text("string", "3"),
    sizes: text("string", "300,1000,5000"),
    only: text("string", "phloem,calibration"),
    json: text("string"),
  },
});
const sizes = options.sizes.split(",").map(Number);
const chosen = options.only.split(",");
const VIEW = { width: 1440, height: 900 };
// Frames come as fast as they can be made, so that their time is what they cost and no multiple of a screen's.
const FLAGS = ["--disable-frame-rate-limit", "--disable-gpu-vsync", "--enable-precise-memory-info", "--js-flags=--expose-gc"];

const browser = await chromium.launch({ executablePath: options.chromium, headless: true, args: FLAGS });
let area = { x: 0, y: 0, ...VIEW };
const started = [];
const start = async (name, begin) => {
  if (chosen.includes(name)) started.push(await begin());
};
const results = [];

/** Opens a size in a browser that has nothing in its cache, and says how long it took and what was loaded. */
async function open(subject, size) {
  const context = await browser.newContext({ viewport: VIEW, serviceWorkers: "block" });
  await subject.enter?.(context);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  page.on("pageerror", (error) => console.error(`${subject.name}: ${error}`));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && console.error(`${subject.name}: ${message.text()}`));
  await page.addInitScript(`window.isUsable = ${subject.isUsable}`);
  await page.addInitScript(() => {
    // The memory of wasm lies outside the heap of scripts.
    window.memories = [];
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const original = WebAssembly[name].bind(WebAssembly);
      WebAssembly[name] = async (...given) => {
        const made = await original(...given);
        const { exports } = made.instance ?? made;
        window.memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
        return made;
      };
    }
    // From navigation to the first frame after the canvas can be used.
    const look = () => {
      if (!document.body || !window.isUsable()) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => (window.usable_ms = performance.now())));
    };
    requestAnimationFrame(look);
  });
  await page.goto(subject.url(size), { waitUntil: "commit" });
  await page.waitForFunction(() => window.usable_ms !== undefined, undefined, { timeout: 30_000, polling: 50 });
  const opened = { usable_ms: await page.evaluate(() => window.usable_ms), usable_bytes: bytes };
  // Not as elements: our pages allow no scripts but the server's own.
  for (const file of ["driver.js", subject.adapter]) await page.evaluate(readFileSync(join(here, file), "utf8"));
  return { context, page, session, opened };
}

async function measure(subject, size) {
  const { context, page, session, opened } = await open(subject, size);
  await page.waitForTimeout(1500);
  // The calibration page gets a canvas as large as ours.
  if (subject.name === "Phloem") area = await page.evaluate(() => (({ x, y, width, height }) => ({ x, y, width, height }))(document.querySelector(".canvas-surface").getBoundingClientRect()));
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"], screenshots: false });
  const frames = {};
  const scenes = { "pan 1": "pan(1, 'pan 1')", "pan 0.5": "pan(0.5, 'pan 0.5')", zoom: "zoomScene('zoom')", drag: "drag('drag')", undo: "undo('undo')", marquee: "marquee('marquee')", fit: "fit('fit')" };
  for (const [name, call] of Object.entries(scenes)) {
    frames[name] = await page.evaluate(`window.bench.${call}`).catch((error) => (console.error(`${subject.name}, ${size}, ${name}: ${error.message.split("\n")[0]}`), undefined));
  }
  const trace = await browser.stopTracing();
  const work = mainThread(JSON.parse(trace.toString()).traceEvents);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
  await context.close();
  return { subject: subject.name, size, ...opened, heap_bytes: usedSize + wasm, wasm_bytes: wasm, frames, work };
}

let isGood = false;
try {
  await start("phloem", () => subjects.phloem(options.binary, sizes));
  await start("calibration", () => subjects.calibration(() => area));
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (const size of sizes) {
      for (const subject of started) {
        console.error(`    round ${round} of ${options.rounds}: ${subject.name}, ${size} nodes`);
        results.push(await measure(subject, size));
      }
    }
  }
  if (options.json) writeFileSync(options.json, JSON.stringify({ chromium: browser.version(), rounds: Number(options.rounds), results }));
  isGood = report(results, browser.version());
} finally {
  await browser.close();
  for (const subject of started) await subject.stop();
}
process.exitCode = isGood ? 0 : 1;

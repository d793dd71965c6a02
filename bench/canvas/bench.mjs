// How fast the canvas is beside the same scene by hand and in other programs, in turns in one run. docs/benchmarks.md says how and why.
//   node bench.mjs --binary PATH --chromium PATH [--rounds 3] [--sizes 300,1000,5000] [--only phloem,calibration,react-flow,node-red] [--json FILE]

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { STEPS, followLoading, pressFirst } from "./first_load.mjs";
import * as peers from "./peers.mjs";
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
    only: text("string", "phloem,calibration,react-flow,node-red"),
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
const firstLoads = [];

/** Opens a size in a browser that has nothing in its cache, and says how long it took and what was loaded. */
async function open(subject, size, isPressed = false) {
  await subject.fill?.(size);
  const context = await browser.newContext({ viewport: VIEW, serviceWorkers: "block" });
  await subject.enter?.(context);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const sumUp = await followLoading(session);
  page.on("pageerror", (error) => console.error(`${subject.name}: ${error}`));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && console.error(`${subject.name}: ${message.text()}`));
  await page.addInitScript(`window.isUsable = ${subject.isUsable}; window.firstStep = ${subject.first}; window.isChosen = ${subject.isChosen}; window.press = ${isPressed ? pressFirst : undefined}`);
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
      requestAnimationFrame(() =>
        setTimeout(() => {
          window.usable_ms = performance.now();
          window.press?.();
        }),
      );
    };
    requestAnimationFrame(look);
    performance.setResourceTimingBufferSize(5000);
  });
  await page.goto(subject.url(size), { waitUntil: "commit" });
  await page.waitForFunction(() => window.usable_ms !== undefined, undefined, { timeout: 180_000, polling: 50 });
  const usable_ms = await page.evaluate(() => window.usable_ms);
  const urls = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ responseEnd }) => responseEnd <= window.usable_ms).map(({ name }) => name));
  return { context, page, session, sumUp: () => sumUp(new Set([page.url(), ...urls])), usable_ms };
}

/** What a program loads before a small workflow can be used, and, opened once more, how long it takes until a step answers to a press. */
async function firstLoad(subject) {
  const { context, page, sumUp, usable_ms } = await open(subject, STEPS);
  // Long enough to see whom else a program asks.
  await page.waitForTimeout(2000);
  const loaded = await sumUp();
  await context.close();
  const again = await open(subject, STEPS, true);
  await again.page.waitForFunction(() => window.answered_ms !== undefined, undefined, { timeout: 30_000, polling: 50 });
  const answered_ms = await again.page.evaluate(() => window.answered_ms);
  await again.context.close();
  return { subject: subject.name, usable_ms, answered_ms, ...loaded };
}

async function measure(subject, size) {
  const { context, page, session, sumUp, usable_ms } = await open(subject, size);
  const { bytes } = await sumUp();
  // Not as elements: our pages allow no scripts but the server's own.
  for (const file of ["driver.js", subject.adapter]) await page.evaluate(readFileSync(join(here, file), "utf8"));
  await page.waitForTimeout(1500);
  const { lacks, ...found } = await page.evaluate(() => {
    const { x, y, width, height } = window.bench.adapter.surface().getBoundingClientRect();
    return { lacks: window.bench.adapter.lacks ?? {}, area: { x, y, width, height } };
  });
  // The pages that are no program of their own get a canvas as large as ours.
  if (subject.name === "Phloem") ({ area } = found);
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"], screenshots: false });
  const frames = {};
  const scenes = { "pan 1": "pan(1, 'pan 1')", "pan 0.5": "pan(0.5, 'pan 0.5')", zoom: "zoomScene('zoom')", drag: "drag('drag')", undo: "undo('undo')", marquee: "marquee('marquee')", fit: "fit('fit')" };
  for (const [name, call] of Object.entries(scenes)) {
    if (lacks[name]) continue;
    frames[name] = await page.evaluate(`window.bench.${call}`).catch((error) => (console.error(`${subject.name}, ${size}, ${name}: ${error.message.split("\n")[0]}`), undefined));
  }
  const trace = await browser.stopTracing();
  const work = mainThread(JSON.parse(trace.toString()).traceEvents);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
  await context.close();
  return { subject: subject.name, size, ...found, lacks, usable_ms, usable_bytes: bytes, heap_bytes: usedSize + wasm, wasm_bytes: wasm, frames, work };
}

let isGood = false;
try {
  await start("phloem", () => subjects.phloem(options.binary, [STEPS, ...sizes]));
  await start("calibration", () => subjects.calibration(() => area));
  await start("react-flow", () => peers.reactFlow(() => area));
  await start("node-red", () => peers.nodeRed());
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    const say = (words) => console.error(`    round ${round} of ${options.rounds}: ${words}`);
    for (const subject of started) {
      say(`${subject.name}, first load`);
      firstLoads.push(await firstLoad(subject));
    }
    for (const size of sizes) {
      for (const subject of started) {
        say(`${subject.name}, ${size} nodes`);
        results.push(await measure(subject, size));
      }
    }
  }
  if (options.json) writeFileSync(options.json, JSON.stringify({ chromium: browser.version(), rounds: Number(options.rounds), first_loads: firstLoads, results }));
  isGood = report(results, firstLoads, browser.version());
} finally {
  await browser.close();
  for (const subject of started) await subject.stop();
}
process.exitCode = isGood ? 0 : 1;

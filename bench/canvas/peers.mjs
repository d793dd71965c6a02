// The other programs, each started, filled with a scene and opened: React Flow's stress example and Node-RED's editor.

import { build } from "esbuild";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { scene } from "./scene.mjs";
import { freePort, pages, startProgram, temporary, until } from "./subjects.mjs";

const here = import.meta.dirname;

/** React Flow on a page of our own, bundled as for production. */
export async function reactFlow(area) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "react_flow.jsx")],
    outdir: "/",
    bundle: true,
    minify: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const built = (ending) => ({ content: outputFiles.find(({ path }) => path.endsWith(ending)).contents });
  const html = '<!doctype html><meta charset="utf-8"><title>React Flow</title><link rel="stylesheet" href="/react_flow.css"><div id="root"></div><script src="/react_flow.js"></script>';
  const files = { "/react_flow.html": { content: html }, "/react_flow.js": built(".js"), "/react_flow.css": built(".css") };
  const { url, stop } = await pages(files, area);
  return {
    name: "React Flow",
    adapter: "react_flow_adapter.js",
    url: (size) => `${url}/react_flow.html?size=${size}`,
    // Its nodes are hidden until they have been measured.
    isUsable: () => document.querySelector(".react-flow__node")?.checkVisibility({ visibilityProperty: true }) ?? false,
    first: () => document.querySelector(".react-flow__node"),
    isChosen: () => document.querySelector(".react-flow__node.selected") !== null,
    stop,
  };
}

// Node-RED's paper ends at 8,000 pixels, and its nodes are about half as large as ours, so they stand closer.
const COLUMN = 136 / 336;
const ROW = 80 / 168;
const rule = (value) => ({ t: "eq", v: value, vt: "str" });
// Its own nodes with as many ways out as the scene's steps have.
const kinds = {
  start: { type: "inject", props: [], once: false },
  speak: { type: "change", rules: [] },
  get_digits: { type: "switch", property: "payload", propertyType: "msg", rules: [rule("1"), rule("2")], checkall: "false", outputs: 2 },
};
kinds.switch = kinds.get_digits;

/** A scene as Node-RED's flow. */
function flow(size) {
  const ids = new Map(scene(size).map(({ name }, place) => [name, `step${place}`]));
  const nodes = scene(size).map(({ name, kind, x, y, states, next }) => ({
    ...kinds[kind],
    id: ids.get(name),
    z: "steps",
    name,
    x: 100 + x * COLUMN,
    y: 80 + y * ROW,
    wires: states.map((state) => next.filter(([from]) => from === state).map(([, target]) => ids.get(target))),
  }));
  return [{ id: "steps", type: "tab", label: `${size} steps` }, ...nodes];
}

/** Node-RED's editor on a server of its own. */
export async function nodeRed() {
  const [data, port] = [temporary(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const server = startProgram(process.execPath, [join(here, "node_red_server.mjs"), String(port), data]);
  await until("Node-RED is ready", async () => (await fetch(`${url}/flows`)).ok);
  return {
    name: "Node-RED",
    adapter: "node_red_adapter.js",
    url: () => `${url}/`,
    isUsable: () => document.querySelector("rect.red-ui-flow-node") !== null && !document.querySelector("#red-ui-loading-progress")?.checkVisibility(),
    first: () => document.querySelector("rect.red-ui-flow-node"),
    isChosen: () => document.querySelector(".red-ui-flow-node-selected") !== null,
    async fill(size) {
      const answer = await fetch(`${url}/flows`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(flow(size)) });
      if (!answer.ok) throw new Error(`Node-RED refuses ${size} nodes: ${answer.status}`);
    },
    async stop() {
      await server.stop();
      rmSync(data, { recursive: true });
    },
  };
}

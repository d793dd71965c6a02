// How fast Node-RED passes a message from node to node: the flow of engine/benches/visits.rs, drawn with Node-RED's own nodes.
// Prints visits per second of processor time. docs/benchmarks.md says how and why.

import runtime from "@node-red/runtime";
import util from "@node-red/util";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const NODES = 90;
const MEASURED_NS = 1_000_000_000n;
// Several messages under way let Node-RED do more in each turn of its loop; beyond this it gets no faster.
const MESSAGES = 16;

const equals = (value) => ({ t: "eq", v: value, vt: "str" });
const set = (name, to, tot) => ({
  type: "change",
  rules: [{ t: "set", p: name, pt: "msg", to, tot }],
});

const chains = {
  values: [
    {
      type: "switch",
      property: "choice",
      propertyType: "msg",
      rules: [equals("1"), equals("2"), equals("3"), { t: "else" }],
      checkall: "false",
      outputs: 4,
    },
    {
      type: "template",
      field: "greeting",
      fieldType: "msg",
      syntax: "mustache",
      output: "str",
      template: "Hello {{customer}}, you are number {{count}}.",
    },
    set("last", "choice", "msg"),
  ],
  formulas: ['msg.choice === "2"', "msg.choice == 2 && msg.count >= 2", 'msg.severity.toLowerCase() === "high" || msg.count > 5'].map(
    (formula) => ({ type: "function", func: `return ${formula} ? [msg, null] : [null, msg];`, outputs: 2 }),
  ),
};

const chain = chains[process.argv[2]];
if (!chain) {
  throw new Error("say which: values or formulas");
}

const userDir = mkdtempSync(join(tmpdir(), "phloem-bench-"));
const nodes = Array.from({ length: NODES }, (_, place) => {
  const node = chain[place % chain.length];
  const next = place + 1 < NODES ? [`n${place + 1}`] : [];
  return { ...node, id: `n${place}`, z: "flow", x: 0, y: 0, wires: Array(node.outputs ?? 1).fill(next) };
});
writeFileSync(join(userDir, "flows.json"), JSON.stringify([{ id: "flow", type: "tab" }, ...nodes]));

const started = new Promise((resolve) => runtime.events.once("flows:started", resolve));
const settings = {
  userDir,
  flowFile: "flows.json",
  coreNodesDir: dirname(createRequire(import.meta.url).resolve("@node-red/nodes")),
  httpAdminRoot: false,
  httpNodeRoot: false,
  logging: { console: { level: "off" } },
  telemetry: { enabled: false, updateNotification: false },
  functionExternalModules: false,
};
util.init(settings);
runtime.init(settings);
await runtime.start();
await started;

// Time the main thread has had a processor for; what the garbage collector does beside it is not held against it.
const processorNs = () => BigInt(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);

const first = runtime._.nodes.getNode("n0");
const last = runtime._.nodes.getNode(`n${NODES - 1}`);
let rounds = 0;
let lastMessage;
let isOver = false;
last.on("input", (message, _send, done) => {
  rounds += 1;
  lastMessage = message;
  done();
  if (!isOver) {
    first.receive(message);
  }
});
for (let message = 0; message < MESSAGES; message += 1) {
  first.receive({ choice: "2", customer: "Ada Lovelace", count: 3, severity: "High" });
}

const measure = async (ns) => {
  const before = rounds;
  const began = processorNs();
  while (processorNs() < began + ns) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return (Number(rounds - before) * NODES * 1e9) / Number(processorNs() - began);
};
// The first second goes to the compiler inside Node.js and is not counted.
await measure(MEASURED_NS);
const visitsPerS = await measure(MEASURED_NS);
isOver = true;
if (chain === chains.values && lastMessage.greeting !== "Hello Ada Lovelace, you are number 3.") {
  throw new Error(`the flow does not do what it is measured for: ${JSON.stringify(lastMessage)}`);
}
console.log(visitsPerS.toFixed(0));
await runtime.stop();
rmSync(userDir, { recursive: true });
process.exit(0);

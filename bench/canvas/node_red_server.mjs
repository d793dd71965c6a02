// Node-RED with its editor in a process of its own, embedded so that it starts with the Node.js that is there: node node_red_server.mjs PORT FOLDER

import { createServer } from "node:http";
import { createRequire } from "node:module";

const [port, userDir] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const red = require("node-red");
const app = require("express")();
const server = createServer(app);
// As delivered but for what appears once: the tour, the question about telemetry, and a warning of a Node.js older than it wants.
red.init(server, {
  userDir,
  uiHost: "127.0.0.1",
  uiPort: Number(port),
  httpAdminRoot: "/",
  httpNodeRoot: "/",
  SKIP_BUILD_CHECK: true,
  logging: { console: { level: "off" } },
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, codeEditor: { lib: "monaco" } },
});
app.use("/", red.httpAdmin);
app.use("/", red.httpNode);
await new Promise((resolve) => server.listen(Number(port), "127.0.0.1", resolve));
await red.start();
process.on("SIGTERM", () => process.exit(0));

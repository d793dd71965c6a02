// The programs that are measured: how each is started, filled with a scene, and opened.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { scene, workflow } from "./scene.mjs";

const here = import.meta.dirname;
export const freePort = () =>
  new Promise((resolve) => {
    const socket = createSocket().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
export const temporary = () => mkdtempSync(join(tmpdir(), "phloem-canvas-"));

export async function until(what, isSo) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within 30 s: ${what}`);
}

export function startProgram(program, args, env = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (piece) => (text += piece));
  return { printed: () => text, stop: () => new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) && child.kill("SIGTERM") : resolve())) };
}

/** Our editor, on a server of its own with a workflow of each size, signed in with the one-time link. */
export async function phloem(binary, sizes) {
  const [data, port] = [temporary(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const server = startProgram(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--data", data]);
  await until("the server prints the sign-in link", async () => /sign-in\?key=/.test(server.printed()));
  const link = server.printed().match(/http:\/\/\S*sign-in\S*/)[0];
  await until("the server is ready", async () => (await fetch(`${url}/readyz`)).ok);
  const { stdout } = await promisify(execFile)(binary, ["token", "create", "--data", data, "--name", "bench", "--scope", "write"]);
  for (const size of sizes) {
    const answer = await fetch(`${url}/api/v1/workflows/steps-${size}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${stdout.trim()}`, "content-type": "application/json" },
      body: JSON.stringify(workflow(`steps-${size}`, size)),
    });
    if (!answer.ok) throw new Error(`the import of ${size} steps: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  }
  // The link works once.
  let cookies;
  return {
    name: "Phloem",
    adapter: "phloem.js",
    url: (size) => `${url}/workflows/steps-${size}`,
    isUsable: () => document.querySelector(".canvas .node") !== null,
    first: () => document.querySelector(".canvas .node .node-header"),
    isChosen: () => document.querySelector(".canvas .node.selected") !== null,
    async enter(context) {
      if (cookies) return context.addCookies(cookies);
      const page = await context.newPage();
      await page.goto(link);
      await page.waitForURL((at) => !at.pathname.includes("sign-in"));
      await page.close();
      cookies = await context.cookies();
    },
    async stop() {
      await server.stop();
      rmSync(data, { recursive: true });
    },
  };
}

/** Serves files of this folder by name, and a scene of a size; for the pages that are no program of their own. */
export async function pages(files, area) {
  const port = await freePort();
  const types = { html: "text/html", js: "text/javascript", css: "text/css" };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const file = files[pathname];
    if (!file) return response.writeHead(404).end();
    const [content, type] = [typeof file === "string" ? readFileSync(join(here, file)) : file.content, types[pathname.split(".").pop()]];
    const size = Number(searchParams.get("size"));
    const given = size ? `<script>window.scene=${JSON.stringify(scene(size))};window.area=${JSON.stringify(area())}</script>` : "";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(type === "text/html" ? content.toString().replace("<div", `${given}<div`) : content);
  }).listen(port, "127.0.0.1");
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}

/** The same scene by hand. */
export async function calibration(area) {
  const { url, stop } = await pages({ "/calibration.html": "calibration.html", "/calibration.js": "calibration.js" }, area);
  return {
    name: "calibration",
    adapter: "calibration_adapter.js",
    url: (size) => `${url}/calibration.html?size=${size}`,
    isUsable: () => document.querySelector(".card") !== null,
    first: () => document.querySelector(".card"),
    isChosen: () => document.querySelector(".card.selected") !== null,
    stop,
  };
}

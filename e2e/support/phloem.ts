// A Phloem server of the test's own: an empty data folder, a free port, the simulator inside.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { freePort, Process } from "./process.ts";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");
export const BINARY = process.env.PHLOEM_BINARY ?? path.join(REPOSITORY, "target/debug/phloem");

export interface Settings {
  /** Data folder to go on with, as after a restart. */
  data?: string;
  /** Port to listen on again. */
  port?: number;
  env?: Record<string, string>;
}

export class Phloem {
  private constructor(
    private readonly process: Process,
    readonly port: number,
    readonly data: string,
    private signInLink: string | null,
  ) {}

  static async start(settings: Settings = {}): Promise<Phloem> {
    const data = settings.data ?? (await mkdtemp(path.join(tmpdir(), "phloem-e2e-")));
    const port = settings.port ?? (await freePort());
    const server = new Process(BINARY, ["serve", "--listen", `127.0.0.1:${port}`, "--data", data], settings.env);
    try {
      // Only the first start on a data folder prints a link.
      const link = settings.data === undefined ? (await server.printed(/http:\/\/\S*sign-in\S*/))[0] : null;
      const phloem = new Phloem(server, port, data, link);
      await phloem.ready();
      return phloem;
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the server has printed so far. */
  get log(): string {
    return this.process.text;
  }

  /** Signs the page in with the one-time link. */
  async signIn(page: Page): Promise<void> {
    if (!this.signInLink) throw new Error("the sign-in link works once, and this server has given none");
    await page.goto(this.signInLink);
    this.signInLink = null;
    await page.waitForURL((url) => !url.pathname.includes("sign-in"));
  }

  /** Asks the server for another one-time link, as somebody with access to its data may. */
  async newSignInLink(): Promise<void> {
    const { stdout } = await this.command("sign-in", "--data", this.data);
    // The command does not know on which port this server was told to listen.
    const key = stdout.match(/sign-in\?key=\S+/)?.[0];
    this.signInLink = key ? `${this.url}/${key}` : null;
  }

  /** A new token for a service. */
  async token(scope: string): Promise<string> {
    const { stdout } = await this.command("token", "create", "--data", this.data, "--name", `e2e ${scope}`, "--scope", scope);
    return stdout.trim();
  }

  /** Runs one of phloem's other commands; fails unless it exits with 0. */
  command(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return promisify(execFile)(BINARY, args, { cwd: REPOSITORY });
  }

  /** A request that carries a token, with JSON both ways. */
  async request(token: string, method: string, target: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.url + target, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) };
  }

  /** The simulator's control interface. */
  async control<T>(method: string, target: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/simulator/control${target}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }

  /** Stops the server and removes its data. */
  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Ends the server as a power cut would; its data stays. */
  async kill(): Promise<void> {
    await this.process.kill();
  }

  private async ready(): Promise<void> {
    await eventually("the server is ready", async () => (await fetch(`${this.url}/readyz`)).ok);
  }
}

/** Asks again and again until it is so. */
export async function eventually(what: string, isSo: () => Promise<boolean>, timeout_ms = 30_000): Promise<void> {
  const deadline = Date.now() + timeout_ms;
  let last: unknown = "it stayed false";
  while (Date.now() < deadline) {
    try {
      if (await isSo()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not in ${timeout_ms} ms (${last})`);
}

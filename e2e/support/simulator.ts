// A telephone network as a process of its own, so that a server can be killed while calls go on.

import { BINARY, eventually } from "./phloem.ts";
import { freePort, Process } from "./process.ts";

const AUTH_ID = "MAE2E00000000000TEST";
const AUTH_TOKEN = "e2e-token-of-the-simulated-network";

export class Simulator {
  private constructor(
    private readonly process: Process,
    readonly port: number,
  ) {}

  static async start(): Promise<Simulator> {
    const port = await freePort();
    const listen = ["--listen", `127.0.0.1:${port}`];
    const process = new Process(BINARY, ["simulator", ...listen, "--auth-id", AUTH_ID, "--auth-token", AUTH_TOKEN]);
    const simulator = new Simulator(process, port);
    await eventually("the simulator is ready", async () => Array.isArray((await simulator.ledger()).messages));
    return simulator;
  }

  /** What a server on `port` has to be told to use this network. */
  environment(port: number): Record<string, string> {
    return {
      PLIVO_AUTH_ID: AUTH_ID,
      PLIVO_AUTH_TOKEN: AUTH_TOKEN,
      PHLOEM_PLIVO_URL: `http://127.0.0.1:${this.port}/v1`,
      PHLOEM_PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
  }

  async control<T>(method: string, target: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/control${target}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${AUTH_ID}:${AUTH_TOKEN}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }

  ledger(): Promise<Ledger> {
    return this.control("GET", "/ledger");
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** What the carrier accepted and did, as far as the tests look at it. */
export interface Ledger {
  messages: { from: string; to: string; text: string; state: string }[];
  calls: { from: string; to: string; status: string; digits: unknown }[];
  conferences: { name: string; members: unknown[] }[];
}

/** What a virtual phone shows. */
export interface Phone {
  calls: {
    state: "ringing" | "in_call" | "ended";
    captions: { who: string; text: string }[];
    awaiting: { kind: string } | null;
    conference: string | null;
  }[];
  messages: { direction: "in" | "out"; other: string; text: string }[];
}

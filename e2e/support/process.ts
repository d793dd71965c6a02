// A program that the tests start: its output is kept, lines in it can be waited for, and it is ended with the tests.

import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

export class Process {
  private output = "";
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private onOutput: () => void = () => {};

  constructor(program: string, args: string[], env: Record<string, string> = {}) {
    this.child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.output += text;
        this.onOutput();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("exit", (code) => resolve(code));
    });
    this.ended.catch(() => {});
  }

  /** The first match in what the program has printed or will print. */
  async printed(pattern: RegExp, timeout_ms = 30_000): Promise<RegExpMatchArray> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${pattern} was not printed in ${timeout_ms} ms:\n${this.output}`)), timeout_ms);
    });
    const gone = this.ended.then((code) => {
      throw new Error(`the program ended with ${code} before it printed ${pattern}:\n${this.output}`);
    });
    const found = new Promise<RegExpMatchArray>((resolve) => {
      this.onOutput = () => {
        const match = this.output.match(pattern);
        if (match) resolve(match);
      };
      this.onOutput();
    });
    try {
      return await Promise.race([found, late, gone]);
    } finally {
      clearTimeout(timer);
      this.onOutput = () => {};
    }
  }

  /** Asks it to stop and waits until it has; after ten seconds it is killed. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    this.child.kill("SIGTERM");
    await this.ended.catch(() => null);
    clearTimeout(timer);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended.catch(() => null);
  }

  get text(): string {
    return this.output;
  }
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

// What the README tells people to type works as it stands there.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { BINARY, eventually, Phloem, REPOSITORY } from "../support/phloem.ts";
import type { Ledger } from "../support/simulator.ts";

test("the README's first workflow rings somebody and tells the team", async () => {
  const phloem = await Phloem.start();
  try {
    const readme = await readFile(path.join(REPOSITORY, "README.md"), "utf8");
    const typed = readme.match(/```sh\n([^`]+)```/)?.[1];
    if (!typed) throw new Error("the README has no commands");
    // Another port, another folder, and perhaps another build; the rest is typed as it is printed.
    const commands = typed
      .replaceAll("http://127.0.0.1:8080", phloem.url)
      .replaceAll("target/debug/phloem", BINARY)
      .replaceAll("--data data", `--data ${phloem.data}`);
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], { cwd: REPOSITORY });
    expect(stdout).toContain('"phlo_id":"critical-alert"');

    const texts = async () => (await phloem.control<Ledger>("GET", "/ledger")).messages;
    await eventually("the team is told", async () => (await texts()).some((text) => text.to === "+15550105678"));
    expect((await texts()).map((text) => text.text).join()).toContain("Checkout is down.");
  } finally {
    await phloem.stop();
  }
});

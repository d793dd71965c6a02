// The server dies during a call while the telephone network lives on: the call goes on where it was, and nothing happens twice.

import path from "node:path";
import { expect, test } from "@playwright/test";
import { eventually, Phloem, REPOSITORY } from "../support/phloem.ts";
import { freePort } from "../support/process.ts";
import { type Phone, Simulator } from "../support/simulator.ts";

const WORKFLOW = path.join(REPOSITORY, "e2e/workflows/page-and-meet.json");
const PHONE = "+15550109001";

test("a call outlives a killed server, and no text and no call is repeated", async () => {
  const simulator = await Simulator.start();
  const port = await freePort();
  const env = simulator.environment(port);
  let phloem = await Phloem.start({ port, env });
  try {
    await phloem.command("import", "--data", phloem.data, "--publish", WORKFLOW);
    const token = await phloem.token("run");
    const reader = await phloem.token("read");
    await simulator.control("PUT", `/phones/${PHONE}`, { on_call: "ring" });

    const body = { to: PHONE, variables: { service: "login" } };
    const accepted = await phloem.request(token, "POST", "/phlo/page-and-meet/run", body);
    expect(accepted.status, accepted.text).toBe(201);
    const run = accepted.json().api_id;

    const call = async () => (await simulator.control<Phone>("GET", `/phones/${PHONE}`)).calls.at(-1);
    await eventually("the phone rings", async () => (await call())?.state === "ringing");
    await simulator.control("POST", `/phones/${PHONE}/answer`);
    await eventually("the prompt waits for a key", async () => (await call())?.awaiting?.kind === "digits");

    await phloem.kill();
    phloem = await Phloem.start({ port, env, data: phloem.data });
    await simulator.control("POST", `/phones/${PHONE}/keys`, { keys: "1" });
    await eventually("the phone is in the conference", async () => (await call())?.conference != null);

    await phloem.kill();
    phloem = await Phloem.start({ port, env, data: phloem.data });
    await simulator.control("POST", `/phones/${PHONE}/hang_up`);
    const status = async () => (await phloem.request(reader, "GET", `/api/v1/runs/${run}`)).json().status;
    await eventually("the run is completed", async () => (await status()) === "completed");

    const ledger = await simulator.ledger();
    expect(ledger.calls).toHaveLength(1);
    expect(ledger.messages.map((message) => message.text)).toEqual(["login: somebody is joining."]);
    expect(ledger.conferences).toHaveLength(1);
  } finally {
    await phloem.stop();
    await simulator.stop();
  }
});

// A service starts runs with one POST: in both shapes, once for each intent, and with errors it can act on.

import path from "node:path";
import { expect, test } from "@playwright/test";
import { eventually, Phloem, REPOSITORY } from "../support/phloem.ts";
import type { Ledger } from "../support/simulator.ts";

const WORKFLOW = path.join(REPOSITORY, "e2e/workflows/page-and-meet.json");
const RUN = "/phlo/page-and-meet/run";

let phloem: Phloem;
let token: string;

test.beforeAll(async () => {
  phloem = await Phloem.start();
  await phloem.command("import", "--data", phloem.data, "--publish", WORKFLOW);
  token = await phloem.token("run");
});

test.afterAll(async () => {
  await phloem?.stop();
});

test("a run with variables goes through call, digits, text and conference to its end", async () => {
  const reader = await phloem.token("read");
  const phone = "+15550107001";
  await phloem.control("PUT", `/phones/${phone}`, { on_call: "answer", keys: ["1"], hang_up_after_ms: 2000 });

  const accepted = await phloem.request(token, "POST", RUN, { to: [phone], variables: { service: "checkout" } });
  expect(accepted.status, accepted.text).toBe(201);
  const { api_id, request_uuid, phlo_run_id, phlo_id } = accepted.json();
  expect(phlo_id).toBe("page-and-meet");
  expect([request_uuid, phlo_run_id]).toEqual([api_id, api_id]);

  const run = async () => (await phloem.request(reader, "GET", `/api/v1/runs/${api_id}`)).json();
  await eventually("the run is completed", async () => (await run()).status === "completed");
  expect((await run()).variables.Ask.digits).toBe("1");

  const ledger = await phloem.control<Ledger>("GET", "/ledger");
  const texts = ledger.messages.filter((message) => message.text === "checkout: somebody is joining.");
  expect(texts).toHaveLength(1);
  expect(ledger.calls.filter((call) => call.to === phone)).toHaveLength(1);
  const conference = ledger.conferences.find((conference) => conference.name.includes("incident-checkout"));
  expect(conference?.members).toHaveLength(1);

  const journal = await phloem.request(reader, "GET", `/api/v1/runs/${api_id}/journal`);
  for (const node of ["Page", "Ask", "Choice", "Tell", "Meet"]) expect(journal.text).toContain(`"${node}"`);
});

test("both shapes are acknowledged, and how fast is written into the report", async ({}, info) => {
  const account = await phloem.control<{ auth_id: string; auth_token: string }>("GET", "/account");
  const basic = `Basic ${Buffer.from(`${account.auth_id}:${account.auth_token}`).toString("base64")}`;
  const body = (index: number) => ({ to: `+155501080${String(index).padStart(2, "0")}`, service: "shop" });
  const shapes = [
    (index: number) => phloem.request(token, "POST", `${RUN}/`, { to: body(index).to, variables: { service: "shop" } }),
    (index: number) =>
      phloem.request("", "POST", `/v1/account/${account.auth_id}/phlo/page-and-meet/`, body(index), { authorization: basic }),
  ];
  for (const [shape, send] of shapes.entries()) {
    const times_ms: number[] = [];
    for (let index = 0; index < 9; index++) {
      const started = performance.now();
      const response = await send(shape * 20 + index);
      times_ms.push(performance.now() - started);
      expect(response.status, response.text).toBe(201);
    }
    times_ms.sort((a, b) => a - b);
    // A number to read, not a limit: what else the machine does must not fail a test.
    info.annotations.push({ type: "median_ms", description: `shape ${shape + 1}: ${times_ms[4]?.toFixed(1)}` });
  }
});

test("an idempotency key makes a repeated request the same run, and another body an error", async () => {
  const send = (service: string) =>
    phloem.request(token, "POST", RUN, { to: "+15550107003", variables: { service } }, { "idempotency-key": "one-intent" });
  const [first, again] = [await send("search"), await send("search")];
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.json().api_id).toBe(first.json().api_id);
  expect((await send("payments")).status).toBe(422);
  const calls = async () => (await phloem.control<Ledger>("GET", "/ledger")).calls.filter((call) => call.to === "+15550107003");
  await eventually("the call was placed", async () => (await calls()).length > 0);
  expect(await calls()).toHaveLength(1);
});

test("a request that cannot be carried out is told why", async () => {
  const body = { to: "+15550107004", variables: { service: "search" } };
  const missing = await phloem.request(token, "POST", RUN, { to: "+15550107004" });
  expect(missing.status).toBe(400);
  expect(missing.text).toContain("service");

  expect((await phloem.request("wrong", "POST", RUN, body)).status).toBe(401);
  expect((await fetch(phloem.url + RUN, { method: "POST", body: "{}" })).status).toBe(401);
  expect((await phloem.request(token, "POST", "/phlo/no-such-workflow/run", body)).status).toBe(404);
  expect((await phloem.request(token, "POST", RUN, "to me")).status).toBe(400);
  expect((await phloem.request(token, "POST", RUN, { ...body, padding: "x".repeat(3_000_000) })).status).toBe(413);
});

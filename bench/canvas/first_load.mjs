// What a program loads before a small workflow can be used, and how long that takes, with nothing in the browser's cache.

import { brotliCompressSync } from "node:zlib";

/** Small, so that it is the program that is measured. */
export const STEPS = 10;
// Below this a header is larger than what compression saves.
const COMPRESSED_FROM = 1024;

/** Follows what a page loads; what is given back sums up some of it, as it came and as it would come from a server that compresses. */
export async function followLoading(session) {
  const answers = new Map();
  const asked = new Set();
  session.on("Network.requestWillBeSent", ({ request }) => request.url.startsWith("http") && asked.add(new URL(request.url).host));
  session.on("Network.responseReceived", ({ requestId, response }) => answers.set(requestId, { url: response.url, headers: response.headers }));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (answers.has(requestId)) answers.get(requestId).bytes = encodedDataLength;
  });
  await session.send("Network.enable", { maxTotalBufferSize: 2 ** 28, maxResourceBufferSize: 2 ** 27 });
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  return async (urls) => {
    const wanted = [...answers].filter(([, { url, bytes }]) => urls.has(url) && bytes !== undefined);
    for (const [requestId, answer] of wanted) {
      answer.compressed = answer.bytes;
      const isCompressed = Object.keys(answer.headers).some((name) => name.toLowerCase() === "content-encoding");
      if (isCompressed || answer.bytes < COMPRESSED_FROM) continue;
      const { body, base64Encoded } = await session.send("Network.getResponseBody", { requestId });
      answer.compressed = Math.min(answer.bytes, brotliCompressSync(Buffer.from(body, base64Encoded ? "base64" : "utf8")).length);
    }
    const sum = (part) => wanted.reduce((total, [, answer]) => total + answer[part], 0);
    return { requests: wanted.length, bytes: sum("bytes"), compressed_bytes: sum("compressed"), hosts: [...asked].map((host) => host.replace(/:.*/, "")) };
  };
}

/** Runs inside the page: presses the first step until it is chosen, and leaves the time of the frame after that in `answered_ms`. */
export function pressFirst() {
  const press = () => {
    const step = window.firstStep();
    const box = step.getBoundingClientRect();
    const [clientX, clientY] = [box.x + box.width / 2, box.y + Math.min(20, box.height / 2)];
    const options = { clientX, clientY, button: 0, pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, cancelable: true, composed: true, view: window, detail: 1 };
    for (const kind of ["down", "up"]) {
      const buttons = kind === "down" ? 1 : 0;
      step.dispatchEvent(new PointerEvent(`pointer${kind}`, { ...options, buttons }));
      step.dispatchEvent(new MouseEvent(`mouse${kind}`, { ...options, buttons }));
    }
    step.dispatchEvent(new MouseEvent("click", options));
  };
  const began = performance.now();
  let tries = 0;
  const look = () => {
    if (window.isChosen()) return requestAnimationFrame(() => setTimeout(() => (window.answered_ms = performance.now())));
    // Not so often that two presses are a double click.
    if (performance.now() - began >= tries * 1000) {
      tries += 1;
      press();
    }
    requestAnimationFrame(look);
  };
  look();
}

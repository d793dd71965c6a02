// The HTTP service that the status line of the example asks: on this machine, with an answer the test chooses.

import { createServer, type IncomingMessage, type Server } from "node:http";

export class StatusService {
  readonly requests: { method: string; path: string; body: string }[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private answer: unknown,
  ) {}

  static start(answer: unknown): Promise<StatusService> {
    return new Promise((resolve) => {
      const server = createServer(async (request, response) => {
        const body = await text(request);
        service.requests.push({ method: request.method ?? "", path: request.url ?? "", body });
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(service.answer));
      });
      let service: StatusService;
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (!address || typeof address !== "object") throw new Error("the status service has no port");
        service = new StatusService(server, address.port, answer);
        resolve(service);
      });
    });
  }

  /** `host:port`, as PHLOEM_EGRESS_ALLOW wants it. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

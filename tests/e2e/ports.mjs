// Ports that are free at this moment.

import { createServer } from "node:net";

const listen = (server, port = 0) =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server.address().port));
  });

export async function freePort() {
  const server = createServer();
  const port = await listen(server);
  server.close();
  return port;
}

/** How many the sandbox may take, from its first: Zoom, Gainsight's data centres, and what follows. */
const SANDBOX = 8;

/** The first of so many in a row as the sandbox needs. */
export async function freeRun() {
  for (;;) {
    const servers = Array.from({ length: SANDBOX }, () => createServer());
    try {
      const first = await listen(servers[0]);
      for (const [at, server] of servers.entries()) if (at > 0) await listen(server, first + at);
      return first;
    } catch {
      // A neighbour is taken: another run.
    } finally {
      servers.forEach((server) => server.close());
    }
  }
}

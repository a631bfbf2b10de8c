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

/** Two in a row: the sandbox's Zoom, and Gainsight beside it. */
export async function freePair() {
  for (;;) {
    const [first, second] = [createServer(), createServer()];
    try {
      const port = await listen(first);
      await listen(second, port + 1);
      return port;
    } catch {
      // The neighbour is taken: another pair.
    } finally {
      first.close();
      second.close();
    }
  }
}

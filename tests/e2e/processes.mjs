// The product as it ships: the server and its stand-ins, as processes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { send } from "./requests.mjs";
import { until } from "./until.mjs";

const BINARY = process.env.SIDELIGHT_BIN ?? fileURLToPath(new URL("../../target/debug/sidelight", import.meta.url));
const running = new Set();
// However the tests end, nothing of theirs goes on.
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

function start(words, stdio) {
  const child = spawn(BINARY, words, { stdio });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Zoom and Gainsight, on `port` and those that follow. */
export async function startSandbox(port, appUrl) {
  const child = start(["sandbox", "--port", String(port), "--app-url", appUrl], ["ignore", "pipe", "inherit"]);
  // It says something once everything answers.
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => [`it ended with ${code}`]),
  ]);
  if (line !== "" && !line.includes("is up")) throw new Error(`The sandbox did not start: ${line}`);
  return { stop: () => stop(child, "SIGKILL") };
}

/** `sidelight serve` with a configuration; it can be killed and started again. */
export class Server {
  log = "";
  #child = null;

  constructor({ folder, port, opsPort, configuration }) {
    Object.assign(this, { url: `http://localhost:${port}`, ready: `http://127.0.0.1:${opsPort}/readyz` });
    this.file = `${folder}/sidelight.toml`;
    this.configure(configuration);
  }

  /** Holds from the next start on. */
  configure(configuration) {
    writeFileSync(this.file, configuration);
  }

  async start() {
    const child = start(["--config", this.file, "serve"], ["ignore", "pipe", "pipe"]);
    this.#child = child;
    const keep = (chunk) => (this.log += chunk);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    let ended = false;
    child.once("exit", () => (ended = true));
    await until("the server is ready", async () => {
      if (ended) throw new Error(`The server did not start:\n${this.log}`);
      return (await send(this.ready).catch(() => null))?.status === 200;
    });
  }

  /** As the power cut does it. */
  kill = () => stop(this.#child, "SIGKILL");

  /** As the operator does it; its streams end at once. */
  stop = () => stop(this.#child, "SIGTERM");
}

// A PostgreSQL server of the tests' own, run by the script that the store's tests use: it ends, and its folder goes, with this process.

import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { freePort } from "./ports.mjs";

const SCRIPT = readFileSync(new URL("../../crates/store/src/testing/postgres.sh", import.meta.url), "utf8");

/** The folder of PostgreSQL's server programs: told by the task runner, else where Debian keeps the newest. */
function binaries() {
  const told = process.env.SIDELIGHT_POSTGRES_BIN;
  if (told) return told;
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => `${debian}/${version}/bin`).find((folder) => existsSync(`${folder}/initdb`));
  if (!found) throw new Error("PostgreSQL is not installed, and tests against it are not left out: apt-get install postgresql");
  return found;
}

/** Starts a server; answers how to make an empty database, which gives its address, and how to stop. */
export async function startPostgres() {
  const [port, folder] = [await freePort(), binaries()];
  const words = ["-c", SCRIPT, "sh", folder, String(port)];
  // PostgreSQL refuses to run as root.
  const [command, ...rest] = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--", "sh", ...words] : ["sh", ...words];
  const keeper = spawn(command, rest, { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const ready = await Promise.race([
    once(createInterface(keeper.stdout), "line").then(([line]) => line === "ready"),
    once(keeper, "exit").then(() => false),
  ]);
  if (!ready) throw new Error("PostgreSQL did not start; its log is above");
  const stop = async () => {
    const ended = once(keeper, "exit");
    // The end of its input is the order to end everything.
    keeper.stdin.end();
    await ended;
  };
  const reach = ["-h", "127.0.0.1", "-p", String(port), "-U", "sidelight"];
  let databases = 0;
  const database = async () => {
    databases += 1;
    await promisify(execFile)(`${folder}/createdb`, [...reach, `sidelight_${databases}`]);
    return `postgres://sidelight@127.0.0.1:${port}/sidelight_${databases}`;
  };
  return { database, stop };
}

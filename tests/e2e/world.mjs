// What every journey runs in: the server as a process on a database of its own, Zoom and Gainsight beside it, a browser.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { startPostgres } from "./postgres.mjs";
import { freeRun, freePort } from "./ports.mjs";
import { Server, startSandbox } from "./processes.mjs";
import { askJson, Browser, send } from "./requests.mjs";
import { until } from "./until.mjs";
import { Window } from "./window.mjs";

export const NORTHWIND = "81234567890";
export const SOLSTICE = "82345678901";
export const STAND_UP = "83456789012";
/** Texts of the seed's people and customers, none of which may stand in a log. */
const PRIVATE = /lindqvist|northwind|ana\.ruiz|demo-application-secret|Bearer /iu;

const DOMAINS = { lumen: "lumenworks.example", harbor: "harborcloud.example", kestrel: "kestrelpay.example" };
export const username = (person, tenant = "lumen") => `${person.replace("-", ".")}@${DOMAINS[tenant]}`;

const tenant = (key, name, host = `${key}.us1.localhost`, settings = "") => `
[[tenants]]
key = "${key}"
name = "${name}"
host = "${host}"
data_centre = "US1"
client_id = "${key}-sidelight"
client_secret = "${key}-demo-application-secret"
email_domains = ["${DOMAINS[key]}"]
${settings}`;
export const LUMEN = tenant("lumen", "Lumen Works");

/** The same with a form that demands three fields. `preset` fills the two choices in. */
export const reviews = (preset) => tenant("lumen", "Lumen Works", undefined, `
activity_types = ["Executive Business Review", "Update"]
[[tenants.activity_forms]]
type = "Executive Business Review"
[[tenants.activity_forms.fields]]
name = "Duration"
required = true
[[tenants.activity_forms.fields]]
name = "Ant__Sentiment__c"
required = true
${preset ? 'preset = "Positive"' : ""}
[[tenants.activity_forms.fields]]
name = "Ant__Next_Step_Due__c"
[[tenants.activity_forms.fields]]
name = "Ant__Outcome__c"
required = true
${preset ? 'preset = "Goals agreed"' : ""}
`);
export const HARBOR = tenant("harbor", "Harbor Cloud");

/** The tenant that is entered from Salesforce, and our connected app there. */
export const kestrel = ({ sandboxPort }, viewers = "approved") => tenant("kestrel", "Kestrel Pay", undefined, `
shared_secret = "kestrel-access-key"
shared_fields = ["Company.*", "relationship.*", "Person.*", "company_person.*", "GsUser.*", "activity_timeline.*"]
salesforce_organisation = "00D5g000004KestEAC"
salesforce_viewers = "${viewers}"
[salesforce]
client_id = "sidelight-connected-app"
client_secret = "sidelight-connected-app-demo-secret"
hosts = ["http://login.salesforce.localhost:${sandboxPort + 6}"]
`);

function configuration({ port, opsPort, sandboxPort, database, tenants, server }) {
  return `
[server]
bind = "127.0.0.1:${port}"
ops_bind = "127.0.0.1:${opsPort}"
public_url = "http://localhost:${port}"
shutdown_grace_seconds = 1
${server}
[database]
url = "${database}"
[security]
master_key = "${Buffer.alloc(32, "end to end").toString("base64")}"
[zoom]
oauth_url = "http://localhost:${sandboxPort}"
api_url = "http://localhost:${sandboxPort}"
client_id = "sidelight-demo-client"
client_secret = "sidelight-demo-secret-not-for-production"
webhook_secret = "sidelight-demo-webhook-secret"
[[data_centres]]
label = "US1"
description = "Covers the US Region and contains data specific to the existing US customers only."
scheme = "http"
host_suffix = "us1.localhost"
port = ${sandboxPort + 1}
${tenants}`;
}

const PICTURES = fileURLToPath(new URL("output", import.meta.url));

export class World {
  #databases = 0;
  windows = new Set();

  /** @param {"SQLite" | "PostgreSQL"} database */
  static async start(database = "SQLite") {
    const world = new World();
    world.folder = await mkdtemp(`${tmpdir()}/sidelight-e2e-`);
    try {
      const [port, opsPort, sandboxPort] = [await freePort(), await freePort(), await freeRun()];
      Object.assign(world, { port, opsPort, sandboxPort, url: `http://localhost:${port}` });
      world.zoom = `http://localhost:${sandboxPort}`;
      world.postgres = database === "PostgreSQL" ? await startPostgres() : null;
      world.sandbox = await startSandbox(sandboxPort, world.url);
      world.browser = await chromium.launch({
        executablePath: process.env.SIDELIGHT_CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
    } catch (error) {
      // What runs already would keep a failed test from ending.
      await world.stop();
      throw error;
    }
    return world;
  }

  /** Windows that a failed test left open: a picture of each, and away with it. */
  async #closeWindows() {
    for (const window of this.windows) {
      await mkdir(PICTURES, { recursive: true });
      await window.page.screenshot({ path: `${PICTURES}/failed-${Date.now()}.png` }).catch(() => {});
      await window.context.close();
      this.windows.delete(window);
    }
  }

  async stop() {
    await this.#closeWindows();
    await this.browser?.close();
    await this.server?.kill();
    await this.sandbox?.stop();
    await this.postgres?.stop();
    await rm(this.folder, { recursive: true, force: true });
    assert.doesNotMatch(this.server?.log ?? "", PRIVATE, "the log speaks of people, customers or secrets");
  }

  /** Back to the seed, with an empty database and a server that has just started. */
  async renew({ tenants = LUMEN + HARBOR, server = "" } = {}) {
    const log = this.server?.log ?? "";
    await this.#closeWindows();
    await this.server?.kill();
    await this.control("reset");
    this.#databases += 1;
    const file = `sqlite://${this.folder}/${this.#databases}.db?mode=rwc`;
    const { port, opsPort, sandboxPort } = this;
    const database = this.postgres ? await this.postgres.database() : file;
    const settings = configuration({ port, opsPort, sandboxPort, database, tenants, server });
    this.server = new Server({ folder: this.folder, port, opsPort, configuration: settings });
    this.server.log = log;
    await this.server.start();
  }

  /** Someone adds the app; if he hosts the demo meeting, Zoom reports who is in it. */
  async install(person = "maya-lindqvist") {
    await new Browser().install(this.url, person);
    await this.control("meetings/replay");
    await this.control("webhooks/settle");
  }

  /** The usual beginning: Maya hosts the demo meeting, has the app and is signed in. */
  async signedIn(person = "maya-lindqvist", meeting = NORTHWIND) {
    await this.renew();
    await this.install(person);
    await this.signIn(person, meeting);
  }

  /** Signs somebody in who has added the app, without a screen. */
  async signIn(person = "maya-lindqvist", meeting = NORTHWIND) {
    const ask = await this.session(person, meeting);
    const name = username(person, (await ask("GET", "/panel")).viewer.email.includes("harbor") ? "harbor" : "lumen");
    const { domain } = await ask("POST", "/sign-in/look-up", { username: name });
    const { id, link } = await ask("POST", "/sign-in", { username: name, tenant: domain.tenant });
    const code = await new Browser().signIn(link, name);
    if (code) await ask("POST", `/sign-in/${id}/code`, { code });
  }

  /** A panel without a screen: asks the API. */
  async session(person, meeting) {
    const { context } = await this.control("context", { user: person, meeting });
    const api = `${this.url}/api/v1`;
    const { token } = await askJson(`${api}/session`, { method: "POST", body: { context } });
    return (method, path, body) => askJson(api + path, { method, body, token });
  }

  /** Tells the sandbox something. */
  control = (path, body = {}) => askJson(`${this.zoom}/_control/${path}`, { method: "POST", body });

  /** Asks the sandbox something. */
  ask = (path) => askJson(`${this.zoom}/_control/${path}`);

  /** Does something to the demo meeting. */
  step = (name, body) => this.control(`meetings/${NORTHWIND}/${name}`, body);

  /** Zoom reports the demo meeting's end while the window is still open, as a client that closes slowly has it. */
  async reportEnd() {
    const { uuid, topic } = await this.ask(`meetings/${NORTHWIND}`);
    const end_time = new Date().toISOString().replace(/\.\d+/u, "");
    const object = { uuid, id: NORTHWIND, topic, host_id: "u-maya-lindqvist", type: 2, duration: 45, timezone: "UTC", end_time };
    const body = { event: "meeting.ended", event_ts: Date.now(), payload: { account_id: "acc-lumen", object } };
    await this.control("webhooks/send", { body });
  }

  /** What happens to calls of a tenant's API; `times` is left out for all of them. */
  fault = (fault, match, times) => this.control("faults", { match: { tenant: "lumen", ...match }, fault, times });

  mend = () => askJson(`${this.zoom}/_control/faults`, { method: "DELETE" });

  /** What Sidelight has logged to a tenant. */
  logged = (tenantKey = "lumen") => this.ask(`activities?tenant=${tenantKey}&external_id_prefix=sidelight-`);

  /** How often a tenant's endpoint was asked. */
  calls = async (endpoint) => (await this.ask("calls")).lumen?.[endpoint]?.count ?? 0;

  /** What another integration does to Lumen's tenant. */
  async gainsight(method, path, body) {
    const tenants = await this.ask("tenants");
    const { url, access_key: key } = tenants.find((one) => one.key === "lumen");
    const headers = { "content-type": "application/json", accesskey: key };
    const answer = await send(url + path, { method, headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, answer.text);
  }

  until = until;

  meetingUrl = (person, { number = NORTHWIND, query = "" } = {}) =>
    `${this.zoom}/meeting/${number}?as=${person}&still=1${query}`;

  /** The meeting window of a person, with the panel in it; with an `address`, a window that is still to go there. */
  meeting(person = "maya-lindqvist", { number, query, address, ...options } = {}) {
    return Window.open(this, address ?? this.meetingUrl(person, { number, query }), options);
  }

  /** Any other page. */
  visit = (address, options) => Window.open(this, address, options);
}

// A person's system browser without a screen, for the steps that a test needs but does not look at: cookies, redirects, forms.

import { request } from "node:http";

const MOST_REDIRECTS = 10;

/** One request. Every host name of the stand-ins is this machine, whatever its resolver thinks of `*.localhost`. */
export function send(address, { method = "GET", headers = {}, body } = {}) {
  const url = new URL(address);
  const options = { host: "127.0.0.1", port: url.port, path: url.pathname + url.search, method };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, headers: { host: url.host, ...headers } }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve({ url, status: answer.statusCode, headers: answer.headers, text });
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** Sends JSON and takes JSON; a refusal is an error that names the request. */
export async function askJson(address, { method = "GET", body, token } = {}) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await send(address, { method, headers, body: body && JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(`${method} ${address}: ${answer.status} ${answer.text}`);
  return answer.text ? JSON.parse(answer.text) : null;
}

export class Browser {
  #cookies = new Map();

  /** One request with this browser's cookies, without following where it leads. */
  async once(address, form) {
    const { hostname } = new URL(address);
    const jar = this.#cookies.get(hostname) ?? new Map();
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
    if (form) headers["content-type"] = "application/x-www-form-urlencoded";
    const body = form && new URLSearchParams(form).toString();
    const answer = await send(address, { method: form ? "POST" : "GET", headers, body });
    for (const cookie of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(cookie);
      jar.set(name, value);
    }
    this.#cookies.set(hostname, jar);
    return answer;
  }

  /** Goes to a page, or sends a form to it, and follows wherever that leads. */
  async visit(address, form) {
    let answer = await this.once(address, form);
    for (let step = 0; answer.headers.location; step += 1) {
      if (step === MOST_REDIRECTS) throw new Error(`${address} leads in circles`);
      answer = await this.once(new URL(answer.headers.location, answer.url));
    }
    return answer;
  }

  /** Adds the app to somebody's Zoom account, agreeing at once. */
  async install(appUrl, person) {
    const start = await this.once(`${appUrl}/zoom/install`);
    const consent = new URL(start.headers.location);
    consent.searchParams.set("as", person);
    consent.searchParams.set("consent", "auto");
    expectText(await this.visit(consent), "Sidelight is added");
  }

  /** Opens a sign-in link, logs in on the tenant's page, and agrees if asked. Gives the code that the page shows, if it does. */
  async signIn(link, username) {
    const asking = await this.visit(link);
    const authorize = /href="([^"]+\/v1\/authorize[^"]*)"/u.exec(asking.text)[1].replaceAll("&amp;", "&");
    let page = await this.visit(authorize);
    const login = new URL("/v1/authorize/login", page.url);
    page = await this.visit(login, { ask: hidden(page, "ask"), username, password: "demo" });
    if (page.text.includes('value="allow"')) {
      const consent = new URL("/v1/authorize/consent", page.url);
      page = await this.visit(consent, { ask: hidden(page, "ask"), decision: "allow" });
    }
    expectText(page, "Welcome to Gainsight");
    return /Sign-in code">(\d{6})/u.exec(page.text)?.[1];
  }
}

const hidden = ({ text }, name) => new RegExp(`name="${name}" value="([^"]*)"`, "u").exec(text)[1];

function expectText({ text, url }, expected) {
  if (!text.includes(expected)) throw new Error(`${url} does not say "${expected}": ${text}`);
}

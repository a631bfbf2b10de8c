// What the panel's server does behind `GET /people` and `PUT /draft`, as a Node team would write it: one table for each kind, personal
// columns encrypted with AES-256-GCM, SQLite with the settings of Sidelight's own store. Both frameworks call this.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

import Database from "better-sqlite3";
import { jwtVerify, SignJWT } from "jose";

const key = randomBytes(32);
const indexKey = randomBytes(32);
const tokenKey = randomBytes(32);

/** The panel's own order of groups. */
const GROUPS = ["customer", "other_company", "not_in_gainsight", "needs_email", "colleagues", "devices"];

function seal(value) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
}

function unseal(sealed) {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString());
}

const blindIndex = (email) => createHmac("sha256", indexKey).update(email.toLowerCase()).digest("base64");

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    Object.assign(this, { status, body: { code } });
  }
}

export class Work {
  #db;
  #known = new Map();
  #read;
  #save;

  constructor(file) {
    this.#db = new Database(file);
    this.#db.pragma("journal_mode = WAL");
    this.#db.pragma("synchronous = FULL");
    this.#db.exec(`
      CREATE TABLE sessions (id TEXT PRIMARY KEY, person TEXT NOT NULL, meeting TEXT NOT NULL, ended_at INTEGER);
      CREATE TABLE meetings (uuid TEXT PRIMARY KEY, topic BLOB NOT NULL);
      CREATE TABLE views (person TEXT NOT NULL, meeting TEXT NOT NULL, view BLOB NOT NULL, PRIMARY KEY (person, meeting));
      CREATE TABLE participants (meeting TEXT NOT NULL, id TEXT NOT NULL, fact BLOB NOT NULL, PRIMARY KEY (meeting, id));
      CREATE TABLE drafts (person TEXT NOT NULL, meeting TEXT NOT NULL, version INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (person, meeting));
      CREATE TABLE events (seq INTEGER PRIMARY KEY, audience TEXT NOT NULL, payload TEXT NOT NULL);
      CREATE TABLE audit (seq INTEGER PRIMARY KEY, actor TEXT NOT NULL, action TEXT NOT NULL, details BLOB NOT NULL, digest BLOB NOT NULL);
    `);
    const one = (sql) => this.#db.prepare(sql);
    this.#read = {
      session: one("SELECT person, meeting FROM sessions WHERE id = ? AND ended_at IS NULL"),
      topic: one("SELECT topic FROM meetings WHERE uuid = ?"),
      view: one("SELECT view FROM views WHERE person = ? AND meeting = ?"),
      facts: one("SELECT id, fact FROM participants WHERE meeting = ?"),
    };
    const [draft, insert, update, event, last, audit] = [
      one("SELECT version FROM drafts WHERE person = ? AND meeting = ?"),
      one("INSERT INTO drafts (person, meeting, version, content) VALUES (?, ?, ?, ?)"),
      one("UPDATE drafts SET version = ?, content = ? WHERE person = ? AND meeting = ?"),
      one("INSERT INTO events (audience, payload) VALUES (?, ?)"),
      one("SELECT digest FROM audit ORDER BY seq DESC LIMIT 1"),
      one("INSERT INTO audit (actor, action, details, digest) VALUES (?, 'draft.saved', ?, ?)"),
    ];
    this.#save = this.#db.transaction(({ person, meeting }, basedOn, content) => {
      const held = draft.get(person, meeting)?.version ?? 0;
      if (held !== basedOn) throw new Refused(409, "draft_conflict");
      const version = held + 1;
      if (held === 0) insert.run(person, meeting, version, seal(content));
      else update.run(version, seal(content), person, meeting);
      const details = seal({ version });
      const chained = createHmac("sha256", indexKey).update(last.get()?.digest ?? "").update(details).digest();
      audit.run(person, details, chained);
      event.run(person, '{"type":"draft"}');
      return { version, content };
    });
  }

  /** Takes over a meeting, and what Gainsight said of its people, from an answer of Sidelight's. */
  seed({ meeting, people, persons }) {
    this.#db.prepare("INSERT INTO meetings VALUES (?, ?)").run(meeting, seal("Northwind Traders: weekly sync"));
    const insert = this.#db.prepare("INSERT INTO participants VALUES (?, ?, ?)");
    this.#db.transaction(() => {
      for (const { id, name, email, email_source, role, joined_at, group, ...known } of people.attendees) {
        insert.run(meeting, id, seal({ name, email, email_source, role, joined_at, is_device: group === "devices" }));
        if (email) this.#known.set(blindIndex(email), { group, ...known });
      }
      for (const person of persons) {
        this.#db.prepare("INSERT INTO views VALUES (?, ?, ?)").run(person, meeting, seal(people.view));
        this.#db.prepare("INSERT INTO sessions VALUES (?, ?, ?, NULL)").run(person, person, meeting);
      }
    })();
    const token = (session) =>
      new SignJWT({ sid: session }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h").sign(tokenKey);
    return Promise.all(persons.map(token));
  }

  async caller(authorization) {
    const { payload } = await jwtVerify(authorization?.replace(/^Bearer /u, "") ?? "", tokenKey).catch(() => {
      throw new Refused(401, "session_ended");
    });
    const session = this.#read.session.get(payload.sid);
    if (!session) throw new Refused(401, "session_ended");
    return session;
  }

  /** Everybody in the meeting, resolved and in the order of the screen, with the companies that they suggest. */
  people({ person, meeting }) {
    unseal(this.#read.topic.get(meeting).topic);
    const view = unseal(this.#read.view.get(person, meeting).view);
    const matched = new Map();
    const attendees = this.#read.facts.all(meeting).map(({ id, fact }) => {
      const { is_device, ...shown } = unseal(fact);
      const known = shown.email ? this.#known.get(blindIndex(shown.email)) : undefined;
      if (known?.company) matched.set(known.company, (matched.get(known.company) ?? 0) + 1);
      const group = is_device ? "devices" : shown.email ? (known?.group ?? "not_in_gainsight") : "needs_email";
      return { id, ...shown, ...known, group };
    });
    const order = (one) => GROUPS.indexOf(one.group);
    attendees.sort((a, b) => order(a) - order(b) || (a.joined_at ?? 0) - (b.joined_at ?? 0));
    const suggested = [...matched].sort((a, b) => b[1] - a[1]).map(([name, count]) => ({ name, matched: count }));
    return { attendees, suggested, view };
  }

  /** On the disk when it returns, with a row in the audit log and an event. */
  saveDraft(caller, { based_on: basedOn, content }) {
    if (!Number.isInteger(basedOn) || typeof content?.notes !== "string") throw new Refused(422, "invalid_input");
    return this.#save.immediate(caller, basedOn, content);
  }
}

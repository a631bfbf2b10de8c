import assert from "node:assert/strict";
import { test } from "node:test";

import { parseRequest } from "../../src/simulator/assets/wire.mjs";
import { cites } from "./facts.mjs";
import { ANA, HOME, MAYA, ORIGIN, opened, participant, post, sandbox } from "./stand-ins.mjs";

test("a call is a JSON text with an id and a name", () => {
  cites("zm-wire-request");
  const call = { jsCallId: "id5a58", apiName: "expandApp", data: { action: "expand" } };
  assert.deepEqual(parseRequest(JSON.stringify(call)), call);
  for (const other of [call, "", "null", "{", '{"apiName":"x"}', '{"jsCallId":1,"apiName":"x"}', 7, null]) {
    assert.equal(parseRequest(other), null);
  }
});

test("an answer is an object for the panel's origin alone", async () => {
  cites("zm-wire-response");
  const page = await opened();
  await page.config(["getMeetingUUID"]);
  assert.deepEqual(await page.call("getMeetingUUID"), { jsCallId: "id2", result: { meetingUUID: "uuid==" } });
  assert.equal(page.posted[0].message.type, "apiResponse");
  assert.ok(page.posted.every(({ origin }) => origin === ORIGIN));
});

test("a refusal has a code and a message", async () => {
  cites("zm-wire-error");
  const page = await opened({ you: ANA });
  await page.config(["getMeetingParticipants"]);
  const { errorCode, errorMessage, result } = await page.call("getMeetingParticipants");
  assert.deepEqual([typeof errorCode, typeof errorMessage, result], ["string", "string", undefined]);
});

test("messages of other windows and origins are nobody's calls", async () => {
  cites("zm-wire-source");
  const page = await opened();
  const call = JSON.stringify({ jsCallId: "x", apiName: "config", data: { js_api_lists: [] } });
  post({}, call);
  post(page.frame.contentWindow, call, "https://evil.example");
  post(page.frame.contentWindow, JSON.parse(call));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(page.posted, []);
});

test("an event has a name and data", async () => {
  cites("zm-wire-event");
  const page = await opened();
  await page.config(["onParticipantChange"]);
  const kim = participant("kim", { name: "Kim" });
  page.change({ kind: "joined", participant: kim });
  const entry = {
    status: "join",
    screenName: "Kim",
    participantId: kim.id,
    participantUUID: kim.uuid,
    role: "attendee",
  };
  const [{ type, name, data }] = page.events();
  assert.deepEqual(
    { type, name, participants: data.participants },
    { type: "event", name: "onParticipantChange", participants: [entry] },
  );
  assert.ok(Number.isInteger(data.timestamp));
});

test("only what the last config named is fired", async () => {
  cites("zm-events-declared");
  cites("zm-config-wire");
  const page = await opened();
  page.change({ kind: "joined", participant: participant("a") });
  await page.config(["onMeeting"]);
  page.change({ kind: "joined", participant: participant("b") });
  assert.deepEqual(page.events(), []);
  await page.config(["onParticipantChange"]);
  page.change({ kind: "joined", participant: participant("c") });
  assert.equal(page.events().length, 1);
});

test("a fresh page must configure itself again", async () => {
  const page = await opened();
  await page.config(["getMeetingUUID"]);
  page.dock.dispatchEvent(new Event("unload"));
  page.dock.dispatchEvent(new CustomEvent("load", { detail: { frame: page.frame, origin: ORIGIN } }));
  assert.equal((await page.call("getMeetingUUID")).errorCode, "403");
});

test("answers can be slow or lost, events doubled, swapped or lost", async () => {
  const lost = await opened({ settings: "lost=1" });
  assert.equal(await lost.config([]), undefined);
  const slow = await opened({ settings: "slow=300" });
  assert.equal(await slow.config([]), undefined);
  const fired = async (settings) => {
    const page = await opened({ settings });
    await page.config(["onParticipantChange"]);
    page.change({ kind: "joined", participant: participant("first", { name: "1" }) });
    page.change({ kind: "joined", participant: participant("second", { name: "2" }) });
    return page
      .events()
      .map((event) => event.data.participants[0].screenName)
      .join("");
  };
  assert.equal(await fired(""), "12");
  assert.equal(await fired("double-events=1"), "1122");
  assert.equal(await fired("swap-events=1"), "21");
  assert.equal(await fired("lost-events=1"), "");
});

test("openUrl opens a tab, shows the link and is not answered", async () => {
  cites("zm-open-url");
  const opens = [];
  globalThis.window = { open: (url) => opens.push(url) };
  const page = await opened();
  await page.config(["openUrl"]);
  assert.equal(await page.call("openUrl", { url: "http://localhost:8080/signin/abc" }), undefined);
  assert.deepEqual([opens, page.shown], [["http://localhost:8080/signin/abc"], ["http://localhost:8080/signin/abc"]]);
  await page.call("openUrl", { url: "javascript:alert(1)" });
  await page.call("openUrl", { url: "no address" });
  assert.equal(opens.length, 1);
});

test("authorize brings a real code with the page's own address", async () => {
  const asked = sandbox({ "/_control/authorize": { code: "c0de", redirect_uri: HOME, state: "s1" } });
  const page = await opened();
  await page.config(["authorize", "onAuthorized"]);
  assert.equal((await page.call("authorize", { codeChallenge: "v", state: "s1" })).result, "success");
  const [{ data }] = page.events("onAuthorized");
  assert.deepEqual(
    { ...data, timestamp: 0 },
    { timestamp: 0, result: true, redirectUri: HOME, state: "s1", code: "c0de" },
  );
  assert.deepEqual(asked[0].body, { person: "maya", code_challenge: "v", state: "s1", page: HOME });
});

test("who declines gives no code", async () => {
  cites("zm-declined");
  const asked = sandbox({});
  const page = await opened({ settings: "decline=1" });
  await page.config(["authorize", "onAuthorized"]);
  await page.call("authorize", { codeChallenge: "v", state: "s1" });
  const [{ data }] = page.events("onAuthorized");
  assert.deepEqual([data.result, data.code, data.state, asked.length], [false, undefined, "s1", 0]);
});

test("promptAuthorize climbs one rung and answers at once", async () => {
  const asked = sandbox({ "/_control/people/ana/sign-in": {} });
  const page = await opened({ you: ANA });
  await page.config(["promptAuthorize", "onMyUserContextChange"]);
  assert.equal((await page.call("promptAuthorize")).result, "success");
  assert.deepEqual(
    asked.map(({ path }) => path),
    ["/_control/people/ana/sign-in"],
  );
  page.change({ kind: "status", person: "ana", standing: "authenticated" });
  assert.equal(page.events("onMyUserContextChange")[0].data.status, "authenticated");
});

test("an app context is asked for as the viewer and place require", async () => {
  const asked = sandbox({ "/_control/context": { context: "ctx" } });
  const page = await opened({ you: MAYA });
  await page.config(["getAppContext"]);
  assert.deepEqual((await page.call("getAppContext")).result, { context: "ctx" });
  const outside = await opened({ context: "inMainClient" });
  await outside.config(["getAppContext"]);
  await outside.call("getAppContext");
  assert.deepEqual(
    asked.map(({ body }) => body),
    [{ user: "maya", meeting: "81234567890" }, { user: "maya" }],
  );
  sandbox({});
  assert.equal((await outside.call("getAppContext")).errorCode, "10118");
});

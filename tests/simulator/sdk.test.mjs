// The real SDK against the simulator, in a real browser: what crosses the wire, and what comes of it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { NORTHWIND, startWorld } from "./world.mjs";

let world;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());
beforeEach(() => world.reset());

test("an upgrade of the SDK that changes the wire shows here", async () => {
  const window = await world.meeting("maya-lindqvist");
  const names = [
    "getRunningContext",
    "getUserContext",
    "getMeetingUUID",
    "getMeetingContext",
    "getMeetingJoinUrl",
    "getMeetingParticipants",
    "getSupportedJsApis",
    "expandApp",
    "appPopout",
    "showNotification",
    "promptAuthorize",
    "sendAppInvitation",
    "openUrl",
  ];
  await window.configure(names, { popoutSize: { width: 480, height: 360 }, timeout: 5000 });
  const { participants } = (await window.call("getMeetingParticipants")).result;
  const [tom] = participants.filter(({ screenName }) => screenName === "Tom Okafor");
  const answers = [
    await window.call("getRunningContext"),
    await window.call("expandApp", { action: "expand" }),
    await window.call("appPopout", { action: "dock" }),
    await window.call("sendAppInvitation", { participantUUIDs: [tom.participantUUID], messageText: "hi" }),
    await window.call("promptAuthorize"),
    await window.call("showNotification", { type: "info", title: "T", message: "M" }),
  ].map(({ result }) => result);
  assert.deepEqual([answers[0], answers[1]], [{ context: "inMeeting" }, { message: "success" }]);
  assert.deepEqual(answers[2], { warning: { message: "App is already docked", code: "40011" } });
  assert.equal(typeof answers[3].invitationUUID, "string");
  assert.deepEqual([answers[4], answers[5]], [{ message: "success" }, { message: "success" }]);
  await window.call("fooBarBaz", { q: 1 });
  assert.ok(window.calls.every(({ jsCallId }) => /^id[0-9a-f]{32}$/u.test(jsCallId)));
  assert.deepEqual(
    window.calls.map(({ apiName, data }) => [apiName, data]),
    [
      ["config", { js_api_lists: names, size: { width: 480, height: 360 }, version: "0.16" }],
      ["getMeetingParticipants", undefined],
      ["getRunningContext", undefined],
      ["expandApp", { action: "expand" }],
      ["appPopout", { action: "dock" }],
      ["sendAppInvitation", { user_UUID_list: [tom.participantUUID], messageText: "hi" }],
      ["promptAuthorize", undefined],
      ["showNotification", { type: "info", title: "T", message: "M" }],
      ["fooBarBaz", { q: 1 }],
    ],
  );
  await window.close();
});

test("a host reads the room, a participant does not", async () => {
  const host = await world.meeting("maya-lindqvist");
  const config = await host.configure(["getMeetingParticipants", "getUserContext"]);
  assert.deepEqual(
    [config.unsupportedApis, config.auth.status, config.runningContext],
    [[], "authorized", "inMeeting"],
  );
  const { participants } = (await host.call("getMeetingParticipants")).result;
  assert.equal(participants.length, 9);
  assert.deepEqual((await host.call("getUserContext")).result.role, "host");
  await host.close();

  await world.control("people/tom-okafor/add-app");
  const other = await world.meeting("tom-okafor");
  const refused = await other.configure(["getMeetingParticipants", "getUserContext"]);
  assert.deepEqual(refused.unsupportedApis, ["getMeetingParticipants"]);
  const { message } = await other.call("getMeetingParticipants");
  assert.equal(message, "No Permission for this API. [code:80012, reason:require_meeting_role]");
  await other.close();
});

test("a guest climbs the ladder up to tokens", async () => {
  const window = await world.meeting("sam");
  const first = ["promptAuthorize", "getUserContext", "onMyUserContextChange"];
  const signedIn = [...first, "authorize", "onAuthorized"];
  const standing = async () => (await window.call("getUserContext")).result.status;
  assert.deepEqual((await window.configure(signedIn)).unsupportedApis, ["authorize", "onAuthorized"]);
  await window.listen("onMyUserContextChange", "onAuthorized");
  assert.equal(await standing(), "unauthenticated");
  await window.call("promptAuthorize");
  await window.page.getByRole("button", { name: "Sign in" }).click();
  assert.equal((await window.heard(1))[0].status, "authenticated");
  await window.configure(signedIn);
  await window.call("promptAuthorize");
  await window.page.getByRole("button", { name: "Add and allow" }).click();
  assert.equal((await window.heard(2))[1].status, "authorized");
  const config = await window.configure(signedIn);
  assert.deepEqual([config.auth.status, config.unsupportedApis, await standing()], ["authorized", [], "authorized"]);
  await window.call("authorize", { codeChallenge: "verifier-of-the-panel-in-the-open-0123456789", state: "s1" });
  const { code, redirectUri, result, state } = (await window.heard(3))[2];
  assert.deepEqual([redirectUri, result, state], [`${world.app.url}/panel`, true, "s1"]);
  const answer = await exchange(code, redirectUri, "verifier-of-the-panel-in-the-open-0123456789");
  assert.equal(answer.token_type, "bearer");
  await window.close();
});

async function exchange(code, redirectUri, verifier) {
  const authorization = `Basic ${btoa("sidelight-demo-client:sidelight-demo-secret-not-for-production")}`;
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const answer = await fetch(`${world.url}/oauth/token`, { method: "POST", headers: { authorization }, body });
  assert.equal(answer.status, 200);
  return answer.json();
}

test("people come, go and change roles while the panel listens", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["getMeetingParticipants", "onParticipantChange"]);
  await window.listen("onParticipantChange");
  await world.step("join", {
    name: "Kim Park",
    email: "kim@northwindtraders.example",
    disclosure: "calendar_invitation",
  });
  await world.step("rejoin", { person: "ana-ruiz" });
  await world.step("role", { person: "tom-okafor", role: "co_host" });
  await world.step("leave", { person: "sam" });
  const heard = await window.heard(5);
  const told = heard.flatMap(({ participants }) =>
    participants.map((one) => `${one.status} ${one.screenName} ${one.role}`),
  );
  assert.deepEqual(told, [
    "join Kim Park attendee",
    "leave Ana Ruiz attendee",
    "join Ana Ruiz attendee",
    "leave Tom Okafor attendee",
    "join Tom Okafor cohost",
    "leave Sam attendee",
  ]);
  const { participants } = (await window.call("getMeetingParticipants")).result;
  assert.equal(participants.length, 9);
  await window.close();
});

test("a thousand people are read and listened to", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["getMeetingParticipants", "onParticipantChange"]);
  await window.listen("onParticipantChange");
  const drawer = await window.simulate();
  await drawer.getByRole("button", { name: "Fill", exact: true }).click();
  const [{ participants: came }] = await window.heard(1);
  const { participants } = (await window.call("getMeetingParticipants")).result;
  assert.deepEqual([came.length, participants.length], [991, 1000]);
  assert.equal(await window.page.locator("#tiles li").count(), 25);
  await window.close();
});

test("slow answers run into the panel's own limit, lost ones too", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["getMeetingUUID"], { timeout: 400 });
  const drawer = await window.simulate();
  await drawer.getByLabel("Slow answers, in milliseconds").fill("2000");
  assert.match((await window.call("getMeetingUUID")).message, /^getMeetingUUID took longer than 400ms to respond/u);
  await drawer.getByLabel("Slow answers, in milliseconds").fill("0");
  assert.ok((await window.call("getMeetingUUID")).result.meetingUUID);
  await drawer.getByLabel("Lost answers").check();
  assert.match((await window.call("getMeetingUUID")).message, /took longer/u);
  await window.close();
});

test("host-only names can refuse the whole configuration", async () => {
  const window = await world.meeting("sam");
  const wanted = ["getUserContext", "getMeetingParticipants"];
  assert.deepEqual((await window.configure(wanted)).unsupportedApis, ["getMeetingParticipants"]);
  // Sam is a guest, which is found before the role; a colleague with the app meets the role.
  await window.close();
  await world.control("people/tom-okafor/add-app");
  const colleague = await world.meeting("tom-okafor", "&host-only=rejected");
  await assert.rejects(colleague.configure(wanted), /require_meeting_role/u);
  await colleague.close();
});

test("popping out keeps the page or loads it again", async () => {
  const window = await world.meeting("maya-lindqvist");
  const page = async () => (await window.panel()).evaluate(() => window.panel.page);
  const first = await page();
  await window.configure(["appPopout", "onAppPopout"], { popoutSize: { width: 600, height: 500 } });
  await window.listen("onAppPopout");
  await window.call("appPopout", { action: "undock" });
  const [{ action, width, orientation }] = await window.heard(1);
  assert.deepEqual([action, width, orientation], ["undock", 598, "landscape"]);
  assert.equal(await page(), first);
  const drawer = await window.simulate();
  await drawer.getByLabel("Pop out and merge").selectOption("load the page again");
  await window.page.getByRole("button", { name: "Merge to meeting window" }).click();
  assert.notEqual(await page(), first);
  await window.close();
});

test("the panel widens, notifies, opens links and closes itself", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["expandApp", "onExpandApp", "showNotification", "openUrl", "closeApp"]);
  await window.listen("onExpandApp");
  await window.call("expandApp", { action: "expand" });
  assert.equal((await window.heard(1))[0].action, "expand");
  assert.equal(await window.page.getByLabel("Width of the panel").first().getAttribute("aria-valuenow"), "500");
  await window.call("showNotification", { type: "warning", title: "Heads up", message: "Renewal in 84 days" });
  const toast = window.page.getByRole("group", { name: "Notification from Sidelight" });
  assert.match(await toast.textContent(), /Heads up.*Renewal in 84 days/u);
  const frame = await window.panel();
  await frame.evaluate((url) => window.panel.onAct("openUrl", { url }), `${world.app.url}/panel?signin`);
  const [opened] = await Promise.all([
    window.context.waitForEvent("page"),
    frame.getByRole("button", { name: "Act" }).click(),
  ]);
  assert.equal(opened.url(), `${world.app.url}/panel?signin`);
  const link = window.page.getByRole("link", { name: `${world.app.url}/panel?signin` });
  assert.equal(await link.getAttribute("href"), `${world.app.url}/panel?signin`);
  // The page is gone before it can tell its own call's outcome.
  await window.call("closeApp").catch(() => null);
  await window.page.locator("#dock").waitFor({ state: "hidden" });
  await window.page.getByRole("button", { name: "Apps", exact: true }).click();
  await window.panel();
  await window.close();
});

test("an app context is minted for the person and the place", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["getAppContext"]);
  const { context } = (await window.call("getAppContext")).result;
  assert.match(context, /^[\w-]{200,}$/u);
  await window.close();
});

test("an invitation reaches the other person's window", async () => {
  await world.control("people/tom-okafor/add-app");
  const maya = await world.meeting("maya-lindqvist");
  const tom = await world.meeting("tom-okafor", "&panel=closed");
  await maya.configure(["sendAppInvitationToAllParticipants", "onSendAppInvitation"]);
  await maya.listen("onSendAppInvitation");
  const { invitationUUID } = (await maya.call("sendAppInvitationToAllParticipants")).result;
  assert.deepEqual(
    (await maya.heard(1)).map((event) => [event.invitationUUID, event.invitedUserCount]),
    [[invitationUUID, 8]],
  );
  await tom.page.getByRole("dialog", { name: "Maya Lindqvist invites you to use Sidelight" }).waitFor();
  await tom.page.getByRole("button", { name: "View" }).click();
  await tom.configure(["getAppContext"]);
  assert.ok((await tom.call("getAppContext")).result.context);
  const { claims } = await world.control("context", { user: "tom-okafor", meeting: NORTHWIND });
  assert.equal(claims.iid, invitationUUID);
  await maya.close();
  await tom.close();
});

test("the main client has the same panel and no meeting", async () => {
  const window = await world.open("/client?as=maya-lindqvist");
  const config = await window.configure(["getRunningContext", "getMeetingUUID", "getUserContext"]);
  assert.deepEqual([config.runningContext, config.unsupportedApis], ["inMainClient", ["getMeetingUUID"]]);
  assert.deepEqual((await window.call("getUserContext")).result, {
    status: "authorized",
    screenName: "Maya Lindqvist",
  });
  await window.page.getByRole("link", { name: "Join" }).first().click();
  await window.page.waitForURL(`**/meeting/${NORTHWIND}?as=maya-lindqvist`);
  await window.close();
});

test("the end of the meeting is told, then the panel goes", async () => {
  const window = await world.meeting("maya-lindqvist");
  await window.configure(["onMeeting"]);
  await window.listen("onMeeting");
  await world.step("end");
  assert.equal((await window.heard(1))[0].action, "ended");
  await window.page.getByText("The meeting has ended.").waitFor();
  await window.page.locator("#dock").waitFor({ state: "hidden" });
  await window.page.getByRole("button", { name: "Start the meeting" }).click();
  await window.configure(["getMeetingUUID"]);
  await window.close();
});

test("the panel works from another site, as in the web client", async () => {
  const window = await world.visit(
    `${world.url.replace("localhost", "127.0.0.1")}/meeting/${NORTHWIND}?as=maya-lindqvist&still=1`,
  );
  assert.equal((await window.configure(["getMeetingUUID"])).runningContext, "inMeeting");
  await window.close();
});

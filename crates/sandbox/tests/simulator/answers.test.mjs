import assert from "node:assert/strict";
import { test } from "node:test";

import { cites } from "./facts.mjs";
import { ANA, LEE, MAYA, TOM, opened, participant, sandbox } from "./stand-ins.mjs";

/** What a configured panel gets for one call. */
async function answer(name, data, start) {
  const page = await opened(start);
  await page.config([name]);
  return { page, ...(await page.call(name, data)) };
}

test("config answers with context, client and the two-valued state", async () => {
  cites("zm-config-shape");
  cites("zm-client-version");
  const page = await opened();
  const { result } = await page.config([], { size: { width: 480, height: 360 } });
  assert.deepEqual(Object.keys(result).toSorted(), [
    "auth",
    "browserVersion",
    "clientVersion",
    "launchContext",
    "product",
    "runningContext",
    "unsupportedApis",
    "userAgent",
  ]);
  assert.match(result.clientVersion, /^\d+(\.\d+)+$/u);
  assert.deepEqual(result.auth, { status: "authorized", upgradable: false });
  assert.deepEqual(page.dock.popoutSize, { width: 480, height: 360 });
  const guest = await (await opened({ you: ANA })).config([]);
  assert.deepEqual(guest.result.auth, { status: "unauthorized", upgradable: true });
});

test("the running context is a bare text", async () => {
  cites("zm-running-context");
  assert.equal((await answer("getRunningContext")).result, "inMeeting");
  assert.equal((await answer("getRunningContext", undefined, { context: "inMainClient" })).result, "inMainClient");
});

test("roles are spelt as in lists", async () => {
  cites("zm-role-spellings");
  const role = async (you) => (await answer("getUserContext", undefined, { you })).result.role;
  assert.deepEqual([await role(MAYA), await role(TOM), await role(ANA)], ["host", "coHost", "attendee"]);
  const { page } = await answer("onParticipantChange");
  page.change({ kind: "joined", participant: participant("kim", { role: "co_host" }) });
  assert.equal(page.events()[0].data.participants[0].role, "cohost");
});

test("the user is known by status, name and ids", async () => {
  const { result } = await answer("getUserContext");
  const expected = {
    status: "authorized",
    screenName: "Maya",
    participantId: String(MAYA.id),
    participantUUID: MAYA.uuid,
    role: "host",
  };
  assert.deepEqual(result, expected);
  const outside = await answer("getUserContext", undefined, { context: "inMainClient", participants: [] });
  assert.deepEqual(outside.result, { status: "authorized", screenName: "Maya" });
});

test("ids are texts in the list and numbers in the event", async () => {
  cites("zm-participant-ids");
  const { page, result } = await answer("getMeetingParticipants");
  assert.ok(result.participants.every(({ participantId }) => typeof participantId === "string"));
  await page.config(["onParticipantChange"]);
  page.change({ kind: "left", participant: ANA });
  assert.equal(typeof page.events()[0].data.participants[0].participantId, "number");
});

test("the list covers the viewer's room and nobody who waits", async () => {
  cites("zm-current-room");
  cites("zm-breakout-uuid");
  const rooms = [{ uuid: "room==", name: "A" }];
  const inside = { ...MAYA, room: "room==" };
  const apart = { ...ANA, room: "room==" };
  const names = ({ result }) => result.participants.map(({ screenName }) => screenName);
  const main = await answer("getMeetingParticipants", undefined, {
    participants: [MAYA, TOM, apart, LEE],
    meeting: { rooms },
  });
  assert.deepEqual(names(main), ["Maya", "Tom"]);
  const moved = { participants: [inside, TOM, apart, LEE], meeting: { rooms } };
  assert.deepEqual(names(await answer("getMeetingParticipants", undefined, moved)), ["Maya", "Ana"]);
  const uuid = await answer("getMeetingUUID", undefined, moved);
  assert.deepEqual(uuid.result, { meetingUUID: "room==", parentUUID: "uuid==" });
});

test("the join address has one of two names", async () => {
  cites("zm-join-url");
  assert.deepEqual(Object.keys((await answer("getMeetingJoinUrl")).result), ["joinUrl"]);
  const other = await answer("getMeetingJoinUrl", undefined, { switches: { "zoom.join_url_key": "joinURL" } });
  assert.deepEqual(Object.keys(other.result), ["joinURL"]);
});

test("the meeting is known by topic and number", async () => {
  assert.deepEqual((await answer("getMeetingContext")).result, { meetingTopic: "Weekly", meetingID: "81234567890" });
});

test("calls without a result answer with a text", async () => {
  cites("zm-message-group");
  const calls = [
    ["expandApp", { action: "expand" }],
    ["closeApp"],
    ["showNotification", { title: "T" }],
    ["appPopout", { action: "undock" }],
  ];
  for (const [name, data] of calls) assert.equal((await answer(name, data)).result, "success", name);
});

test("popping out twice is a warning", async () => {
  cites("zm-popout-warnings");
  const { page, result } = await answer("appPopout", { action: "dock" });
  assert.deepEqual(result, { warning: "App is already docked" });
  await page.call("appPopout", { action: "undock", width: 500 });
  assert.deepEqual(page.dock.done, [["popOut", { action: "undock", width: 500 }]]);
  assert.deepEqual((await page.call("appPopout", { action: "undock" })).result, { warning: "App is already undocked" });
});

test("notifications are shown, unless the person wants none", async () => {
  cites("zm-do-not-disturb");
  const toast = { type: "warning", title: "T", message: "M" };
  const shown = await answer("showNotification", toast);
  assert.deepEqual(shown.page.shown, [toast]);
  const quiet = await answer("showNotification", toast, { settings: "quiet=1" });
  assert.deepEqual([quiet.errorCode, quiet.page.shown], ["10042", []]);
});

test("an invitation goes to ten people at most", async () => {
  cites("zm-invitation-ten");
  const eleven = Array.from({ length: 11 }, (_, index) => `U${index}`);
  assert.equal((await answer("sendAppInvitation", { user_UUID_list: eleven })).errorCode, "10028");
  assert.equal((await answer("sendAppInvitation", { user_UUID_list: ["gone"] })).errorCode, "10075");
  const asked = sandbox({ "/_control/meetings/81234567890/invite": { invitation: "I", invited: 1 } });
  const page = await opened();
  await page.config(["sendAppInvitation", "onSendAppInvitation"]);
  const { result } = await page.call("sendAppInvitation", { user_UUID_list: [ANA.uuid], messageText: "hi" });
  assert.deepEqual(result, { invitationUUID: "I" });
  assert.deepEqual(asked[0].body, { by: "maya", participants: [ANA.uuid], text: "hi" });
  const { invitationUUID, invitedUserCount } = page.events()[0].data;
  assert.deepEqual([invitationUUID, invitedUserCount], ["I", 1]);
});

test("long texts of the invitation dialog are refused", async () => {
  cites("zm-dialog-lengths");
  const code = async (data) => (await answer("showAppInvitationDialog", data)).errorCode;
  assert.deepEqual(
    [await code({ heading: "x".repeat(41) }), await code({ message: "x".repeat(91) }), await code({})],
    ["10257", "10258", undefined],
  );
});

test("launching in the meeting is for the main client", async () => {
  cites("zm-main-client-only");
  assert.equal((await answer("launchAppInMeeting", {})).errorCode, "10054");
});

test("everybody is asked for the address, and each answer is an event", async () => {
  cites("zm-email-consent");
  cites("zm-email-answers");
  const told = { participantUUID: ANA.uuid, participantEmail: "ana@northwind.test" };
  const declined = { participantUUID: TOM.uuid, errorMessage: "The participant declined." };
  const path = "/_control/meetings/81234567890/ask-emails";
  const asked = sandbox({ [path]: { replies: [told, declined] } });
  const page = await opened();
  await page.config(["getMeetingParticipantsEmail", "onParticipantEmail"]);
  const { result } = await page.call("getMeetingParticipantsEmail", { reasonForAsking: "To know you." });
  assert.equal(result, "success");
  assert.deepEqual(asked, [{ path, body: { by: "maya" } }]);
  const timestamp = page.client.timestamp();
  assert.deepEqual(
    page.events("onParticipantEmail").map(({ data }) => data),
    [
      { ...told, timestamp },
      { ...declined, timestamp },
    ],
  );
  assert.equal(page.shown[0].message, "To know you.");
  const refused = await opened({ settings: "refuse-emails=10017" });
  await refused.config(["getMeetingParticipantsEmail", "onParticipantEmail"]);
  assert.equal((await refused.call("getMeetingParticipantsEmail", {})).errorCode, "10017");
});

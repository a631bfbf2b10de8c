import assert from "node:assert/strict";
import { test } from "node:test";

import { RULES } from "../../src/simulator/assets/apis.mjs";
import { ANSWERS } from "../../src/simulator/assets/answers.mjs";
import { callRefusal, judge, refusal, wireError, WRONG_ROLE } from "../../src/simulator/assets/permissions.mjs";
import { cites } from "./facts.mjs";
import { ANA, MAYA, TOM, opened, participant } from "./stand-ins.mjs";

const who = (fields = {}) => ({
  role: "host",
  isGuest: false,
  runningContext: "inMeeting",
  notTicked: new Set(),
  changeIsForHosts: false,
  ...fields,
});

test("the checks come in the client's order", () => {
  cites("zm-check-order");
  const everythingWrong = who({
    role: "attendee",
    isGuest: true,
    runningContext: "inMainClient",
    notTicked: new Set(["getMeetingParticipants"]),
  });
  const name = "getMeetingParticipants";
  assert.equal(refusal(name, everythingWrong).code, 80004);
  assert.equal(refusal(name, { ...everythingWrong, notTicked: new Set() }).code, 10116);
  assert.equal(refusal(name, who({ role: "attendee", isGuest: true })).code, 10284);
  assert.equal(refusal(name, who({ role: "attendee" })).code, 80012);
  assert.equal(callRefusal(name, who(), new Set()).code, 403);
  assert.equal(callRefusal(name, who(), new Set([name])), null);
});

test("the participant list is for host and co-host", () => {
  cites("zm-host-only");
  for (const name of ["getMeetingParticipants", "onParticipantChange", "getMeetingContext", "getMeetingJoinUrl"]) {
    const refused = ["host", "coHost", "attendee"].map((role) => refusal(name, who({ role }))?.code);
    assert.deepEqual(refused, [undefined, undefined, 80012], name);
  }
});

test("whoever is in a meeting may have everybody asked for the address, but for guests", () => {
  cites("zm-email-consent");
  for (const name of ["getMeetingParticipantsEmail", "onParticipantEmail"]) {
    const refused = ["host", "coHost", "attendee", "panelist"].map((role) => refusal(name, who({ role }))?.code);
    assert.deepEqual(refused, [undefined, undefined, undefined, 80012], name);
    assert.equal(refusal(name, who({ isGuest: true })).code, 10284);
    assert.equal(refusal(name, who({ runningContext: "inMainClient" })).code, 10116);
  }
});

test("what is not ticked is refused with 80004", async () => {
  cites("zm-not-ticked");
  const page = await opened({ not_ticked: ["getMeetingUUID"] });
  await page.config(["getMeetingUUID", "fooBarBaz", "onMeeting"]);
  for (const name of ["getMeetingUUID", "fooBarBaz", "then", "onMeeting"]) {
    const { errorMessage } = await page.call(name);
    assert.equal(errorMessage, "No Permission for this API. [code:80004, reason:app_not_support]", name);
  }
});

test("a wrong role is refused with 80012", async () => {
  cites("zm-wrong-role");
  const page = await opened({ you: participant("kim", { standing: "authorized" }), participants: [MAYA] });
  await page.config(["getMeetingParticipants"]);
  const { errorMessage } = await page.call("getMeetingParticipants");
  assert.equal(errorMessage, "No Permission for this API. [code:80012, reason:require_meeting_role]");
});

test("nobody knows the code that comes with the text", () => {
  cites("zm-permission-code");
  const codes = ["same_text", "same_number", "placeholder", "absent"].map(
    (style) => wireError(WRONG_ROLE, style).errorCode,
  );
  assert.deepEqual(codes, ["80012", 80012, "10001", undefined]);
});

/** The unsupported names of a config, or the text of its refusal. */
async function configured(start, names) {
  const page = await opened(start);
  const { result, errorMessage } = await page.config(names);
  return result?.unsupportedApis ?? errorMessage;
}

test("each ground for refusal is listed, or refuses the whole config", async () => {
  const plain = participant("kim", { standing: "authorized" });
  const cases = [
    ["zm-config-role", "zoom.config_role", { you: plain, participants: [plain] }, "getMeetingParticipants", /80012/],
    ["zm-config-guest", "zoom.config_guest", { you: ANA }, "authorize", /guest/],
    ["zm-config-context", "zoom.config_context", { context: "inMainClient" }, "getMeetingUUID", /running context/],
    ["zm-config-not-ticked", "zoom.config_not_ticked", { not_ticked: ["openUrl"] }, "openUrl", /80004/],
  ];
  cites("zm-config-role");
  cites("zm-config-guest");
  cites("zm-config-context");
  cites("zm-config-not-ticked");
  for (const [fact, name, start, api, words] of cases) {
    assert.deepEqual(await configured(start, ["getRunningContext", api]), [api], fact);
    assert.match(
      await configured({ ...start, switches: { [name]: "rejected" } }, ["getRunningContext", api]),
      words,
      fact,
    );
  }
  const drawer = { you: plain, participants: [plain], settings: "host-only=rejected" };
  assert.match(await configured(drawer, ["getMeetingParticipants"]), /80012/, "the drawer overrides the switch");
});

test("a refused config leaves the earlier one usable", async () => {
  cites("zm-config-failed");
  const page = await opened({ you: ANA, switches: { "zoom.config_guest": "rejected" } });
  await page.config(["getMeetingUUID"]);
  assert.ok((await page.config(["authorize"])).errorMessage);
  assert.ok((await page.call("getMeetingUUID")).result);
});

test("judging stops at the first ground that refuses everything", () => {
  const outcome = judge(["openUrl", "authorize", "fooBar"], who({ isGuest: true }), (ground) => ground.code === 10284);
  assert.deepEqual([outcome.rejected.code, outcome.unsupported], [10284, []]);
});

test("getSupportedJsApis names what this person may use here", async () => {
  cites("zm-supported");
  const supported = async (start) => {
    const page = await opened(start);
    await page.config(["getSupportedJsApis"]);
    return (await page.call("getSupportedJsApis")).result.supportedApis;
  };
  const host = await supported({});
  assert.ok(
    host.includes("getMeetingParticipants") && host.includes("authorize") && !host.includes("launchAppInMeeting"),
  );
  const guest = await supported({ you: ANA });
  assert.ok(guest.includes("promptAuthorize") && !guest.includes("authorize") && !guest.includes("onMeeting"));
  const outside = await supported({ context: "inMainClient" });
  assert.ok(outside.includes("launchAppInMeeting") && !outside.includes("getMeetingUUID"));
});

test("onMyUserContextChange is for everybody, or for hosts", async () => {
  cites("zm-user-change-roles");
  const kim = participant("kim", { standing: "authorized" });
  const start = { you: kim, participants: [MAYA, TOM, kim] };
  assert.deepEqual(await configured(start, ["onMyUserContextChange"]), []);
  const hosts = { ...start, switches: { "zoom.user_context_change_roles": "hosts" } };
  assert.deepEqual(await configured(hosts, ["onMyUserContextChange"]), ["onMyUserContextChange"]);
  assert.deepEqual(await configured({ ...hosts, you: TOM }, ["onMyUserContextChange"]), []);
});

test("every function has an answer and every answer a rule", () => {
  const functions = [...RULES.keys()].filter((name) => !name.startsWith("on"));
  assert.deepEqual(functions.toSorted(), [...ANSWERS.keys()].toSorted());
});

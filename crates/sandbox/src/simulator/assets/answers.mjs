// What the client answers to each call (zoom.md 8, 9.7). Each function gets the call's data and the client, and gives
// `{ result }` or `{ error }`, and with `after` what happens once the answer is out. (Not `then`: that would make it a promise.)

import { RULES } from "./apis.mjs";
import { NOT_TICKED, WRONG_CONTEXT, WRONG_ROLE, GUEST, judge, refusal } from "./permissions.mjs";
import { roleInList } from "./roles.mjs";

/** A version of digits and dots; anything else breaks the SDK (zoom.md 9.5). */
const CLIENT_VERSION = "6.5.10.12345";
const USER_AGENT = "Mozilla/5.0 ZoomWebKit/537.36 (KHTML, like Gecko) ZoomApps/1.0";

// The answer of the group whose results the SDK turns into `{message}` (zoom.md 9.7).
const success = (after) => ({ result: "success", after });
/** Refusals of the group that a person causes, or a call under way (zoom.md 8.4). */
const REFUSED = new Map([
  [10017, "The user denied the confirmation."],
  [10285, "A call of this kind is pending."],
]);
const failure = (code, message) => ({ error: { code, message } });

/** Which switch decides what `config` does on each ground. */
const GROUNDS = new Map([
  [NOT_TICKED, "zoom.config_not_ticked"],
  [WRONG_CONTEXT, "zoom.config_context"],
  [GUEST, "zoom.config_guest"],
  [WRONG_ROLE, "zoom.config_role"],
]);

async function config(data, client) {
  const wanted = Array.isArray(data?.js_api_lists) ? data.js_api_lists : [];
  const rejects = (ground) => client.configRejects(GROUNDS.get(ground));
  const { rejected, unsupported } = judge(wanted, client.who(), rejects);
  // A refused config leaves an earlier one usable (zoom.md 9.5).
  if (rejected) return { error: rejected };
  client.declare(wanted, data?.size);
  return {
    result: {
      runningContext: client.runningContext,
      clientVersion: CLIENT_VERSION,
      browserVersion: "webview2/130.0.2849.56",
      userAgent: USER_AGENT,
      product: "desktop",
      unsupportedApis: unsupported,
      auth: { status: client.isGuest ? "unauthorized" : "authorized", upgradable: client.isGuest },
      launchContext: { origin: "App Launcher", openBy: "user" },
    },
  };
}

function userContext(_, client) {
  const { me, you, standing } = client;
  const name = me?.name ?? you?.name ?? "";
  // Outside a meeting nobody has a role or a participant id.
  if (!me) return { result: { status: standing, screenName: name } };
  return {
    result: {
      status: standing,
      screenName: name,
      participantId: String(me.id),
      participantUUID: me.uuid,
      role: roleInList(me.role),
    },
  };
}

function participants(_, client) {
  const people = client.roommates().map((one) => ({
    screenName: one.name,
    // A text here, a number in the event (zoom.md 8.3).
    participantId: String(one.id),
    participantUUID: one.uuid,
    role: roleInList(one.role),
  }));
  return { result: { participants: people } };
}

function meetingUuid(_, client) {
  const { uuid } = client.meeting;
  const room = client.me?.room;
  return { result: room ? { meetingUUID: room, parentUUID: uuid } : { meetingUUID: uuid } };
}

async function appContext(_, client) {
  const minted = await client.mintContext();
  return minted ? { result: { context: minted } } : failure(10118, "Failed to get app context");
}

function popOut(data, client) {
  const { dock } = client;
  if (data?.action === "undock") {
    return dock.isOut ? { result: { warning: "App is already undocked" } } : success(() => dock.popOut(data));
  }
  return dock.isOut ? success(() => dock.merge()) : { result: { warning: "App is already docked" } };
}

function notify(data, client) {
  if (client.settings.doNotDisturb) return failure(10042, "Not allowed to show notification for do-not-disturb-mode.");
  client.notices.toast({ title: data?.title, message: data?.message, type: data?.type });
  return success();
}

async function invite(data, client) {
  const uuids = data?.user_UUID_list ?? data?.user_list ?? [];
  if (uuids.length > 10) return failure(10028, "A maximum of 10 individual invites can be sent at a time.");
  const known = new Set(client.roommates().map((one) => one.uuid));
  if (uuids.some((uuid) => !known.has(uuid))) return failure(10075, "Stale participant id.");
  return sendInvitation(uuids, data, client);
}

async function sendInvitation(uuids, data, client) {
  const sent = await client.invite(uuids, data?.messageText ?? "");
  if (!sent) return failure(10026, "Failed to send the invitation.");
  const timestamp = client.timestamp();
  const told = { timestamp, invitationUUID: sent.invitation, invitedUserCount: sent.invited };
  return { result: { invitationUUID: sent.invitation }, after: () => client.emit("onSendAppInvitation", told) };
}

function invitationDialog(data, client) {
  if ((data?.heading ?? "").length > 40) return failure(10257, "The heading is longer than 40 characters.");
  if ((data?.message ?? "").length > 90) return failure(10258, "The message is longer than 90 characters.");
  return success(() => client.showInvitationDialog(data ?? {}));
}

/** Everybody is asked at once; answers come one by one, as each decides (zoom.md 8). */
function askEmails(data, client) {
  const code = client.settings.refusesEmails;
  if (code) return failure(code, REFUSED.get(code) ?? "The client failed while processing.");
  return success(() => client.askEmails(data?.reasonForAsking ?? ""));
}

/** Name → answer. A name without an entry is an event, or unknown. */
export const ANSWERS = new Map(
  Object.entries({
    config,
    getSupportedJsApis: (_, client) => ({
      result: { supportedApis: [...RULES.keys()].filter((name) => refusal(name, client.who()) === null) },
    }),
    // A bare text: the SDK makes an object of it (zoom.md 9.7).
    getRunningContext: (_, client) => ({ result: client.runningContext }),
    getUserContext: userContext,
    getMeetingUUID: meetingUuid,
    getAppContext: appContext,
    getMeetingContext: (_, { meeting }) => ({ result: { meetingTopic: meeting.topic, meetingID: meeting.number } }),
    getMeetingJoinUrl: (_, client) => ({ result: { [client.switches["zoom.join_url_key"]]: client.joinUrl } }),
    getMeetingParticipants: participants,
    getMeetingParticipantsEmail: askEmails,
    getRecordingContext: (_, { settings }) => ({ result: { cloudRecordingStatus: settings.recording } }),
    authorize: (data, client) => success(() => client.authorize(data ?? {})),
    promptAuthorize: (_, client) => success(() => client.climb()),
    // Nobody waits for the answer of openUrl (zoom.md 9.6).
    openUrl: (data, client) => ({ silent: true, after: () => client.openUrl(String(data?.url ?? "")) }),
    showNotification: notify,
    expandApp: (data, client) => success(() => client.dock.expand(data?.action === "collapse" ? "collapse" : "expand")),
    appPopout: popOut,
    closeApp: (_, client) => success(() => client.dock.close()),
    launchAppInMeeting: (_, client) => success(() => client.launchInMeeting()),
    sendAppInvitation: invite,
    sendAppInvitationToAllParticipants: (data, client) => sendInvitation([], data, client),
    sendAppInvitationToMeetingOwner: (data, client) => {
      const owner = client.roommates().find((one) => one.person === client.meeting.host);
      return owner ? sendInvitation([owner.uuid], data, client) : failure(10026, "The owner is not in the meeting.");
    },
    showAppInvitationDialog: invitationDialog,
  }),
);

// From what happened in the meeting to what the SDK fires in one panel (zoom.md 8.3, 9.4).

import { roleInEvent, roleInList } from "./roles.mjs";

/**
 * The events of one change, as pairs of name and data.
 *
 * @param {object[]} happened As the sandbox told it.
 * @param {{person: string, room: string|null, timestamp: number, roleEvents: string, renameEvent: string,
 *          tellsStatus: boolean, standing: string}} viewer Whose panel it is.
 */
export function sdkEvents(happened, viewer) {
  const batches = happened.map((one) => participantChanges(one, viewer));
  const own = happened.flatMap((one) => ownChanges(one, viewer));
  return [...participantEvents(batches, viewer), ...own];
}

/** Comings and goings of one kind travel together; a role change may fire twice and keeps its two halves apart. */
function participantEvents(batches, viewer) {
  const event = (participants) => ["onParticipantChange", { timestamp: viewer.timestamp, participants }];
  const together = batches.filter((halves) => halves.length === 1).map(([only]) => only);
  const apart = batches.filter((halves) => halves.length > 1).flat();
  return [...(together.length ? [event(together)] : []), ...apart.map((half) => event([half]))];
}

const entry = (status, participant, changes = {}) => ({
  status,
  screenName: participant.name,
  participantId: participant.id,
  participantUUID: participant.uuid,
  role: roleInEvent(participant.role),
  ...changes,
});

/** What other people's doings look like in the list of this panel's room. */
function participantChanges(one, viewer) {
  const { participant } = one;
  if (!participant || participant.person === viewer.person) {
    return one.kind === "role_changed" ? roleChange(one, viewer) : [];
  }
  const here = participant.room === viewer.room;
  switch (one.kind) {
    case "joined":
      return here ? [entry("join", participant)] : [];
    case "left":
      return here ? [entry("leave", participant)] : [];
    case "renamed":
      return here && viewer.renameEvent === "join" ? [entry("join", participant)] : [];
    // The list covers one room, so a move is a coming or a going.
    case "moved":
      return here === (one.former_room === viewer.room) ? [] : [entry(here ? "join" : "leave", participant)];
    case "role_changed":
      return here ? roleChange(one, viewer) : [];
    default:
      return [];
  }
}

function roleChange(one, viewer) {
  const after = entry("join", one.participant);
  if (viewer.roleEvents === "once") return [after];
  const before = { participantUUID: one.former_uuid, role: roleInEvent(one.former_role) };
  return [entry("leave", one.participant, before), after];
}

/** What concerns the viewer or the whole meeting. */
function ownChanges(one, viewer) {
  const { timestamp } = viewer;
  const mine = (one.participant?.person ?? one.person) === viewer.person;
  switch (one.kind) {
    case "ended":
      return [["onMeeting", { timestamp, action: "ended" }]];
    case "role_changed":
      return mine ? [userContext(viewer, roleInList(one.participant.role), one.participant.name)] : [];
    case "status":
      return mine ? [userContext({ ...viewer, standing: one.standing }, viewer.role, viewer.name)] : [];
    case "moved": {
      const action = one.participant.room ? "join" : "leave";
      const breakoutRoomUUID = one.participant.room ?? one.former_room ?? "";
      return mine ? [["onBreakoutRoomChange", { timestamp, action, breakoutRoomUUID }]] : [];
    }
    default:
      return [];
  }
}

function userContext(viewer, role, screenName) {
  const data = { timestamp: viewer.timestamp, role, screenName };
  // The status is not typed, yet Zoom's own sample reads it (zoom.md 8).
  return ["onMyUserContextChange", viewer.tellsStatus ? { ...data, status: viewer.standing } : data];
}

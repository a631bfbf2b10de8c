// One role, three spellings (zoom.md 8.2).

/** As lists and `getUserContext` spell it. */
export const roleInList = (role) => ({ host: "host", co_host: "coHost" })[role] ?? "attendee";

/** As the types of `onParticipantChange` spell it. */
export const roleInEvent = (role) => ({ host: "host", co_host: "cohost" })[role] ?? "attendee";

/** For people. */
export const roleInWords = (role) => ({ host: "Host", co_host: "Co-host" })[role] ?? "";

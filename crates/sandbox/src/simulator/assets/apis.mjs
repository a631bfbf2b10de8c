// Who may use which function or event of the SDK: one row per name (zoom.md 8).
// A name without a row is one that the app's Marketplace entry does not tick.

const EVERYBODY = ["host", "coHost", "attendee", "panelist"];
const HOSTS = ["host", "coHost"];
const IN_MEETING = ["inMeeting", "inWebinar", "inImmersive", "inCollaborate"];
const ANYWHERE = [...IN_MEETING, "inMainClient"];

const row = (roles, guests, contexts) => ({ roles, guests, contexts });

/** Name → who may use it, whether guests may, and in which running contexts. */
export const RULES = new Map(
  Object.entries({
    config: row(EVERYBODY, true, ANYWHERE),
    getSupportedJsApis: row(EVERYBODY, true, ANYWHERE),
    getRunningContext: row(EVERYBODY, true, ANYWHERE),
    getUserContext: row(EVERYBODY, true, ANYWHERE),
    getAppContext: row(EVERYBODY, true, ANYWHERE),
    promptAuthorize: row(EVERYBODY, true, ANYWHERE),
    openUrl: row(EVERYBODY, true, ANYWHERE),
    showNotification: row(EVERYBODY, true, ANYWHERE),
    expandApp: row(EVERYBODY, true, ANYWHERE),
    onExpandApp: row(EVERYBODY, true, ANYWHERE),
    appPopout: row(EVERYBODY, true, ANYWHERE),
    onAppPopout: row(EVERYBODY, true, ANYWHERE),
    closeApp: row(EVERYBODY, true, ANYWHERE),
    onMyUserContextChange: row(EVERYBODY, true, ANYWHERE),
    authorize: row(EVERYBODY, false, ANYWHERE),
    onAuthorized: row(EVERYBODY, false, ANYWHERE),
    onRunningContextChange: row(EVERYBODY, false, ANYWHERE),
    launchAppInMeeting: row(EVERYBODY, false, ["inMainClient"]),
    getMeetingUUID: row(EVERYBODY, true, IN_MEETING),
    onMeeting: row(EVERYBODY, false, IN_MEETING),
    onShareScreen: row(EVERYBODY, true, IN_MEETING),
    onBreakoutRoomChange: row(EVERYBODY, true, IN_MEETING),
    sendAppInvitationToAllParticipants: row(EVERYBODY, false, IN_MEETING),
    sendAppInvitationToMeetingOwner: row(EVERYBODY, false, IN_MEETING),
    showAppInvitationDialog: row(EVERYBODY, false, IN_MEETING),
    getMeetingParticipantsEmail: row(["host", "coHost", "attendee"], false, ["inMeeting"]),
    onParticipantEmail: row(["host", "coHost", "attendee"], false, ["inMeeting"]),
    getMeetingContext: row(HOSTS, false, IN_MEETING),
    getMeetingJoinUrl: row(HOSTS, false, IN_MEETING),
    getMeetingParticipants: row(HOSTS, false, IN_MEETING),
    onParticipantChange: row(HOSTS, false, IN_MEETING),
    sendAppInvitation: row(HOSTS, false, IN_MEETING),
    onSendAppInvitation: row(HOSTS, false, IN_MEETING),
    getRecordingContext: row(HOSTS, false, IN_MEETING),
    onCloudRecording: row(HOSTS, false, IN_MEETING),
  }),
);

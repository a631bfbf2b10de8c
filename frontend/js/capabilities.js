// Everything that the panel may ever ask of the client, by who may use it (`zoom.md` 8.1).

export const CAPABILITIES = {
  everyone: [
    "getSupportedJsApis", "getRunningContext", "getUserContext", "getMeetingUUID", "getAppContext", "promptAuthorize",
    "openUrl", "appPopout", "onAppPopout",
  ],
  authorised: ["authorize", "onAuthorized", "onRunningContextChange"],
  meeting: ["onMeeting", "onShareScreen", "showAppInvitationDialog", "sendAppInvitationToAllParticipants"],
  status: ["onMyUserContextChange"],
  asking: ["getMeetingParticipantsEmail", "onParticipantEmail"],
  host: ["getMeetingContext", "getMeetingParticipants", "onParticipantChange"],
};

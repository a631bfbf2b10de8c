//! `sidelight manifest`: what to upload to the Zoom Marketplace for this installation (`zoom.md` 2.5).

use crate::config::Config;
use serde_json::{Value, json};
use sidelight_domain::permission::Permission;

/// Each scope, whether somebody may decline it, and why we ask (`zoom.md` 2.4: reviewers test each).
const SCOPES: [(&str, bool); 3] = [("zoomapp:inmeeting", false), ("user:read:user", false), ("user:read:email", false)];
const WHY: &str = "zoomapp:inmeeting opens the panel in the meeting. user:read:user and user:read:email tell who the signed-in \
    person is, so that a Gainsight sign-in is tied to the right one. Optional, and each can be declined alone: \
    meeting:read:list_meetings shows the day's meetings on the home screen, meeting:read:list_registrants recognises guests by \
    the address they registered with, meeting:read:list_past_participants completes who took part after a meeting.";
/// Everything that the panel asks of the client: the same list as in `frontend/js/capabilities.js`, or the calls fail with 80004.
const APIS: [&str; 22] = [
    "getSupportedJsApis",
    "getRunningContext",
    "getUserContext",
    "getMeetingUUID",
    "getAppContext",
    "promptAuthorize",
    "openUrl",
    "appPopout",
    "onAppPopout",
    "authorize",
    "onAuthorized",
    "onRunningContextChange",
    "onMeeting",
    "onShareScreen",
    "showAppInvitationDialog",
    "sendAppInvitationToAllParticipants",
    "onMyUserContextChange",
    "getMeetingParticipantsEmail",
    "onParticipantEmail",
    "getMeetingContext",
    "getMeetingParticipants",
    "onParticipantChange",
];
/// What tells us who is in the room. `app_deauthorized` needs no subscription: its endpoint is entered beside the credentials
/// (`zoom.md` 2.3).
const WEBHOOKS: [&str; 5] = [
    "meeting.started",
    "meeting.ended",
    "meeting.participant_joined",
    "meeting.participant_left",
    "meeting.participant_role_changed",
];

pub(super) fn manifest(config: &Config) -> Value {
    let link = |path: &str| config.server.link(path).to_string();
    let (home, callback, webhook) = (link("/panel"), link("/zoom/callback"), link("/zoom/webhook"));
    let host = config.server.public_url.host_str().unwrap_or_default();
    let optional = Permission::ALL.map(|permission| (permission.scope(), true));
    let scopes: Vec<_> = SCOPES
        .into_iter()
        .chain(optional)
        .map(|(scope, optional)| json!({ "scope": scope, "optional": optional }))
        .collect();
    json!({
        // Unwrapped, as the Marketplace's upload wants it.
        "display_information": {
            "display_name": "Sidelight",
            "description": "A customer's whole story beside the call",
            "long_description": "Shows who is in the meeting, which customer they belong to and what happened so far, and logs the call to Gainsight."
        },
        "oauth_information": {
            "usage": "USER_OPERATION",
            "development_redirect_uri": callback,
            "production_redirect_uri": callback,
            "oauth_allow_list": [callback, home],
            "strict_mode": true,
            "subdomain_strict_mode": true,
            "scopes": scopes,
            "scope_description": WHY
        },
        "features": {
            "products": ["ZOOM_MEETING"],
            "development_home_uri": home,
            "production_home_uri": home,
            "domain_allow_list": [{ "domain": host, "explanation": "Sidelight itself" }],
            "in_client_feature": {
                "zoom_app_api": { "enable": true, "zoom_app_apis": APIS },
                "guest_mode": { "enable": true, "enable_test_guest_mode": true },
                "in_client_oauth": { "enable": true },
                "collaborate_mode": { "enable": false }
            },
            "zoom_client_support": {
                "mobile": { "enable": false },
                "zoom_room": { "enable": false },
                "pwa_client": { "enable": false }
            },
            "event_subscription": { "enable": true, "events": [{
                "subscription_name": "meetings",
                "event_types": WEBHOOKS,
                "development_webhook_url": webhook,
                "production_webhook_url": webhook,
                "development_event_custom_header": { "custom_header_type": 0 },
                "production_event_custom_header": { "custom_header_type": 0 }
            }] }
        }
    })
}

pub(super) fn print(config: &Config) -> anyhow::Result<()> {
    super::documents::print(&format!("{:#}\n", manifest(config)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_manifest_asks_for_what_the_panel_uses() {
        let script = include_str!("../../../frontend/js/capabilities.js");
        let (_, rest) = script.split_once("CAPABILITIES = {").unwrap();
        let (list, _) = rest.split_once("};").unwrap();
        let used: BTreeSet<_> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(used, BTreeSet::from(APIS));
    }
}

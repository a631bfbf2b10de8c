//! The client in the panel's own words: staged configuration, context, participants, pop-out.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sidelight_api::people::InquiryAnswer;
use sidelight_api::session::{AuthorizationChallenge, AuthorizationCode, ListedParticipant};
use sidelight_domain::ids::ParticipantUuid;
use sidelight_domain::roster::Role;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ContextSource, Future};
use crate::json::{self, FromJson, ToJson, Value};
use crate::zoom::host::{Handler, Host, HostError};

/// The warnings of `appPopout` to a panel that is there already (`zoom.md` 8.4).
const THERE_ALREADY: [&str; 2] = ["40010", "40011"];

/// The ways to invite others, best first.
const INVITATIONS: [&str; 2] = ["showAppInvitationDialog", "sendAppInvitationToAllParticipants"];

/// How everybody is asked for the address, and how the answers come.
const ASKING: [&str; 2] = ["getMeetingParticipantsEmail", "onParticipantEmail"];

/// Whether the panel stands in its own window.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PopOut {
    /// In the meeting window.
    #[default]
    Docked,
    /// In its own.
    Undocked,
}

impl PopOut {
    /// Reads what `onAppPopout` hands over.
    #[must_use]
    pub fn read(event: &str) -> Option<Self> {
        Self::of(&json::read::<Moved>(event).ok()?.0)
    }

    /// Reads the client's word for moving there.
    #[must_use]
    pub fn of(action: &str) -> Option<Self> {
        [Self::Docked, Self::Undocked].into_iter().find(|place| place.action() == action)
    }

    /// The client's word for moving there.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Docked => "dock",
            Self::Undocked => "undock",
        }
    }

    /// The place to move to from here.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Docked => Self::Undocked,
            Self::Undocked => Self::Docked,
        }
    }
}

/// `onShareScreen`: who began or stopped sharing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sharing {
    /// Whose screen it is.
    pub uuid: String,
    /// `start` or `stop`.
    pub action: String,
}

impl Sharing {
    /// Reads what the event hands over.
    #[must_use]
    pub fn read(event: &str) -> Self {
        read(event)
    }
}

impl FromJson for Sharing {
    fn from_json(value: Value<'_>) -> Self {
        Self { uuid: value.field_or_default("participantUUID"), action: value.field_or_default("action") }
    }
}

/// `getUserContext`
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UserContext {
    /// `unauthenticated`, `authenticated` or `authorized` (`zoom.md` 4.4).
    pub status: String,
    /// In any of Zoom's spellings.
    pub role: String,
    /// The display name.
    pub screen_name: String,
    /// `participantUUID`; empty in the main client.
    pub uuid: String,
}

impl FromJson for UserContext {
    fn from_json(value: Value<'_>) -> Self {
        Self {
            status: value.field_or_default("status"),
            role: value.field_or_default("role"),
            screen_name: value.field_or_default("screenName"),
            uuid: value.field_or_default("participantUUID"),
        }
    }
}

/// What `config` tells of the client.
#[derive(Default)]
struct ClientFacts {
    unsupported_apis: Vec<String>,
}

impl FromJson for ClientFacts {
    fn from_json(value: Value<'_>) -> Self {
        Self { unsupported_apis: value.field_or_default("unsupportedApis") }
    }
}

#[derive(Default)]
struct Opening {
    client: ClientFacts,
    context: String,
}

impl FromJson for Opening {
    fn from_json(value: Value<'_>) -> Self {
        Self { client: value.field_or_default("client"), context: value.field_or_default("context") }
    }
}

/// What `getMeetingContext` tells.
#[derive(Default)]
struct MeetingContext {
    topic: String,
    number: String,
}

impl FromJson for MeetingContext {
    fn from_json(value: Value<'_>) -> Self {
        Self { topic: value.field_or_default("meetingTopic"), number: value.field_or_default("meetingID") }
    }
}

/// What `getMeetingUUID` tells.
#[derive(Default)]
struct Room {
    own: String,
    parent: String,
}

impl FromJson for Room {
    fn from_json(value: Value<'_>) -> Self {
        Self { own: value.field_or_default("meetingUUID"), parent: value.field_or_default("parentUUID") }
    }
}

struct Page<'a>(&'a str);

impl ToJson for Page<'_> {
    fn to_json(&self, json: &mut String) {
        json::object(json, &[("url", &self.0)]);
    }
}

/// What `authorize` is asked with.
struct Asked<'a>(&'a AuthorizationChallenge);

impl ToJson for Asked<'_> {
    fn to_json(&self, json: &mut String) {
        json::object(json, &[("codeChallenge", &self.0.code_challenge), ("state", &self.0.state)]);
    }
}

/// What `onAuthorized` brings; nothing if the person declined (`zoom.md` 4.3).
#[must_use]
pub fn authorized(event: &str) -> Option<AuthorizationCode> {
    let Authorized(code) = read(event);
    Some(code).filter(|code| !code.code.is_empty())
}

struct Authorized(AuthorizationCode);

impl Default for Authorized {
    fn default() -> Self {
        let nothing = String::new;
        Self(AuthorizationCode { code: nothing(), state: nothing(), redirect_uri: nothing() })
    }
}

impl FromJson for Authorized {
    fn from_json(value: Value<'_>) -> Self {
        Self(AuthorizationCode {
            code: value.field_or_default("code"),
            state: value.field_or_default("state"),
            redirect_uri: value.field_or_default("redirectUri"),
        })
    }
}

/// The texts of `showAppInvitationDialog`; the same field is the message of the other call.
struct Texts<'a>(&'a str, &'a str);

impl ToJson for Texts<'_> {
    fn to_json(&self, json: &mut String) {
        json::object(json, &[("heading", &self.0), ("message", &self.1)]);
    }
}

/// What `getMeetingParticipantsEmail` is asked with.
struct Reason<'a>(&'a str);

impl ToJson for Reason<'_> {
    fn to_json(&self, json: &mut String) {
        json::object(json, &[("reasonForAsking", &self.0)]);
    }
}

/// What `onParticipantEmail` brings of one person; nothing if it does not say of whom. What Zoom says instead of an address is no text for
/// anybody to rely on: there is none, then.
#[must_use]
pub fn told(event: &str) -> Option<InquiryAnswer> {
    let Told(answer) = json::read(event).ok()?;
    Some(answer).filter(|answer| !answer.participant.as_str().is_empty())
}

struct Told(InquiryAnswer);

impl FromJson for Told {
    fn from_json(value: Value<'_>) -> Self {
        let (uuid, email): (String, String) =
            (value.field_or_default("participantUUID"), value.field_or_default("participantEmail"));
        Self(InquiryAnswer { participant: ParticipantUuid::new(uuid), email: email.parse().ok() })
    }
}

struct Participants(Vec<Listed>);

impl FromJson for Participants {
    fn from_json(value: Value<'_>) -> Self {
        Self(value.field("participants"))
    }
}

/// What moved the panel, of `onAppPopout`.
struct Moved(String);

impl FromJson for Moved {
    fn from_json(value: Value<'_>) -> Self {
        Self(value.field("action"))
    }
}

struct Listed(ListedParticipant);

impl FromJson for Listed {
    fn from_json(value: Value<'_>) -> Self {
        let uuid: String = value.field_or_default("participantUUID");
        Self(ListedParticipant {
            uuid: ParticipantUuid::new(uuid),
            name: value.field_or_default("screenName"),
            role: value.field_or_default("role"),
        })
    }
}

/// What an answer says, or nothing if it cannot be read.
fn read<T: FromJson + Default>(answer: &str) -> T {
    json::read(answer).unwrap_or_default()
}

/// The stages to ask for, richest first: field reports disagree on whether one forbidden entry spoils the whole answer, so each
/// refusal drops the last stage (`zoom.md` 8.1).
fn stages(user: &UserContext) -> Vec<String> {
    let mut stages = vec!["everyone".to_owned()];
    let mut add = |stage: &str| {
        let last = stages.last().cloned().unwrap_or_default();
        stages.push(format!("{last} {stage}"));
    };
    add("status");
    if user.status == "authorized" {
        add("authorised");
        add("meeting");
        if Role::parse(&user.role).sees_participants() {
            add("host");
        }
        // Newer than the rest, and so the first to be dropped.
        add("asking");
    }
    stages.reverse();
    stages
}

/// The embedding client.
#[derive(Clone)]
pub struct Zoom {
    host: Rc<dyn Host>,
    configured: Rc<RefCell<String>>,
    unsupported: Rc<RefCell<Vec<String>>>,
    is_configuring: Rc<Cell<bool>>,
}

impl Zoom {
    /// Speaks to `host`.
    #[must_use]
    pub fn new(host: Rc<dyn Host>) -> Self {
        Self { host, configured: Rc::default(), unsupported: Rc::default(), is_configuring: Rc::default() }
    }

    /// Waits for the handshake that boot code began; gives the app context.
    ///
    /// # Errors
    /// The client refused or was silent; boot code has shown which check failed.
    pub async fn open(&self) -> Result<String, HostError> {
        let answer = self.host.opening().await?;
        let opening: Opening = read(&answer);
        self.note(opening.client, "everyone");
        Ok(opening.context)
    }

    fn note(&self, facts: ClientFacts, stages: &str) {
        self.unsupported.replace(facts.unsupported_apis);
        self.configured.replace(stages.to_owned());
    }

    /// Configures for the present role and status: at the start, every two hours and after each change of role, status or
    /// running context (`zoom.md` 8.1). Tells who the viewer is to the client.
    #[must_use]
    pub fn settle(&self) -> Future<UserContext> {
        let zoom = self.clone();
        Box::pin(async move {
            let user = zoom.user().await;
            if zoom.is_configuring.replace(true) {
                return user;
            }
            for stages in stages(&user) {
                if let Ok(client) = zoom.host.configure(&stages).await {
                    zoom.note(read(&client), &stages);
                    break;
                }
            }
            zoom.is_configuring.set(false);
            user
        })
    }

    /// Whether the client offers a function of the "everyone" stage.
    #[must_use]
    pub fn supports(&self, name: &str) -> bool {
        !self.unsupported.borrow().iter().any(|unsupported| unsupported == name)
    }

    /// Whether the participant list may be read now.
    #[must_use]
    pub fn sees_participants(&self) -> bool {
        self.configured.borrow().contains(" host") && self.supports("getMeetingParticipants")
    }

    /// Who the viewer is to the client; nothing is known if it does not say.
    pub async fn user(&self) -> UserContext {
        read(&self.host.call("getUserContext", None).await.unwrap_or_default())
    }

    /// Everybody in the present room, for hosts and co-hosts.
    ///
    /// # Errors
    /// The client refused.
    pub async fn participants(&self) -> Result<Vec<ListedParticipant>, HostError> {
        let answer = self.host.call("getMeetingParticipants", None).await?;
        let Participants(listed) = json::read(&answer).map_err(|_| HostError::default())?;
        Ok(listed.into_iter().map(|Listed(row)| row).filter(|row| !row.uuid.as_str().is_empty()).collect())
    }

    /// The meeting's topic and number, for hosts and co-hosts; empty where the client does not tell.
    pub async fn meeting(&self) -> (String, String) {
        let answer = self.host.call("getMeetingContext", None).await.unwrap_or_default();
        let MeetingContext { topic, number } = read(&answer);
        (topic, number)
    }

    /// Whether the viewer is in a breakout room: then the list of people covers that room alone (`zoom.md` 11, 12).
    pub async fn is_in_breakout_room(&self) -> bool {
        let answer = self.host.call("getMeetingUUID", None).await.unwrap_or_default();
        let Room { own, parent } = read(&answer);
        !parent.is_empty() && parent != own
    }

    /// Opens a page in the system browser. Nobody learns whether it worked, so a link to copy stands beside each
    /// (`zoom.md` 11, 26).
    pub fn open_url(&self, url: &str) {
        let opening = self.host.call("openUrl", Some(json::write(&Page(url))));
        // A refusal has no more to tell than silence.
        spawn_local(async move { drop(opening.await) });
    }

    /// Moves the panel to its own window or back, and tells where it stands now. A page that was loaded again may be wrong about
    /// where it stands: if it is there already, whoever asked meant the other place.
    ///
    /// # Errors
    /// The client refused.
    pub async fn pop_out(&self, mut to: PopOut) -> Result<PopOut, HostError> {
        let move_to = |to: PopOut| self.host.call("appPopout", Some(format!(r#"{{"action":"{}"}}"#, to.action())));
        let answer = move_to(to).await?;
        // Codes come as texts and as numbers, and nothing else is in there.
        if THERE_ALREADY.into_iter().any(|code| answer.contains(code)) {
            to = to.other();
            move_to(to).await?;
        }
        Ok(to)
    }

    /// Asks a guest to sign in to Zoom, then to add the app (`zoom.md` 4.4).
    ///
    /// # Errors
    /// The client refused.
    pub async fn prompt_authorize(&self) -> Result<(), HostError> {
        self.host.call("promptAuthorize", None).await.map(drop)
    }

    /// Asks for the person's authorisation; the answer comes with `onAuthorized`.
    ///
    /// # Errors
    /// The client refused.
    pub async fn authorize(&self, challenge: &AuthorizationChallenge) -> Result<(), HostError> {
        self.host.call("authorize", Some(json::write(&Asked(challenge)))).await.map(drop)
    }

    /// How others can be invited now, if at all: the client's own dialog lets the person choose whom.
    fn way_to_invite(&self) -> Option<&'static str> {
        let is_offered = self.configured.borrow().contains(" meeting");
        INVITATIONS.into_iter().find(|name| is_offered && self.supports(name))
    }

    /// Whether others can be invited now.
    #[must_use]
    pub fn may_invite(&self) -> bool {
        self.way_to_invite().is_some()
    }

    /// Invites others to the app, in at most 40 and 90 characters (`zoom.md` 8).
    ///
    /// # Errors
    /// The client refused.
    pub async fn invite(&self, heading: &str, message: &str) -> Result<(), HostError> {
        let name = self.way_to_invite().ok_or_else(HostError::default)?;
        let texts = (name == INVITATIONS[0]).then(|| json::write(&Texts(heading, message)));
        self.host.call(name, texts).await.map(drop)
    }

    /// Whether everybody in the room could be asked for the address.
    #[must_use]
    pub fn may_ask(&self) -> bool {
        self.configured.borrow().ends_with(" asking") && ASKING.into_iter().all(|name| self.supports(name))
    }

    /// The same, as the client sees it at this moment: only in a meeting, not in a webinar (`zoom.md` 8).
    pub async fn can_ask_now(&self) -> bool {
        let context = self.host.call("getRunningContext", None).await.unwrap_or_default();
        let offered = self.host.call("getSupportedJsApis", None).await.unwrap_or_default();
        let says = |answer: &str, name: &str| answer.split('"').any(|word| word == name);
        says(&context, "inMeeting") && says(&offered, ASKING[0])
    }

    /// Has everybody in the room asked for the address. The answers come with `onParticipantEmail`, one for each person.
    ///
    /// # Errors
    /// The client refused, or fell silent.
    pub async fn ask_for_emails(&self, reason: &str) -> Result<(), HostError> {
        self.host.call(ASKING[0], Some(json::write(&Reason(reason)))).await.map(drop)
    }

    /// Listens for as long as the page lives.
    pub fn listen(&self, event: &'static str, handler: Handler) {
        self.host.listen(event, handler);
    }
}

impl ContextSource for Zoom {
    fn fresh_context(&self) -> Future<Option<String>> {
        let host = self.host.clone();
        Box::pin(async move {
            let answer = host.call("getAppContext", None).await.ok()?;
            Some(read::<Opening>(&answer).context).filter(|context| !context.is_empty())
        })
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;

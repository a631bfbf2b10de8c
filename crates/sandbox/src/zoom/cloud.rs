//! What Zoom's side remembers, behind one lock.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use sidelight_domain::Timestamp;
use tokio::sync::broadcast;

use super::authorize::Asked;
use super::deliveries::Deliveries;
use super::fresh::Fresh;
use super::grants::{Grants, Scopes};
use super::limits::Limits;
use super::live::{Change, Standing};
use super::meeting::{Meeting, Role, SEATS, Status};
use super::people::{People, Person, Reply};
use super::{events, scopes};
use crate::Shared;
use crate::control::{Switch, locked};
use crate::world::meetings::TOWN_HALL_NUMBER;
use crate::world::{self, World};

/// How many changes a slow page may lag behind before it gets everything anew.
const LAG: usize = 1_024;

/// Zoom, as far as one app sees it.
pub(crate) struct Cloud {
    pub(crate) shared: Arc<Shared>,
    state: Mutex<State>,
    pub(crate) deliveries: Arc<Deliveries>,
    live: broadcast::Sender<Arc<Change>>,
}

/// What changes.
pub(crate) struct State {
    pub(crate) people: People,
    pub(crate) grants: Grants,
    pub(crate) meetings: Vec<Meeting>,
    /// Instances that are over, oldest first.
    pub(crate) past: Vec<Meeting>,
    pub(crate) limits: Limits,
    /// APIs that the Marketplace entry lacks (`zoom.md` 2.3).
    pub(crate) not_ticked: BTreeSet<String>,
    /// Who does not simply agree when an app asks for the address.
    pub(crate) replies: BTreeMap<String, Reply>,
    /// Deep-link actions and invitations that a panel is to be opened with, by person.
    pub(crate) openings: BTreeMap<String, Opening>,
    /// Questions on the authorisation page that wait for an answer, with the person who was asked.
    pub(crate) tickets: HashMap<String, (Asked, String)>,
    /// Deep links, with the person for whom they were made.
    pub(crate) links: HashMap<String, (String, Opening)>,
    /// Counts the changes that pages were told.
    pub(crate) revision: u64,
}

/// How somebody came to open the app; honoured for five minutes (`zoom.md` 4.5, 5.3).
#[derive(Clone, Debug, Default)]
pub(crate) struct Opening {
    pub(crate) action: Option<String>,
    pub(crate) invitation: Option<String>,
    pub(crate) at: Timestamp,
}

impl State {
    fn of(world: &World) -> Self {
        let people = People::of(world);
        let mut meetings: Vec<_> =
            world.meetings.iter().filter_map(|meeting| running(meeting, &people, world.seed)).collect();
        meetings.extend(town_hall(&people, world));
        Self {
            people,
            grants: Grants::default(),
            meetings,
            past: Vec::new(),
            limits: Limits::default(),
            not_ticked: BTreeSet::new(),
            replies: BTreeMap::new(),
            openings: BTreeMap::new(),
            tickets: HashMap::new(),
            links: HashMap::new(),
            revision: 0,
        }
    }

    /// The meeting of that number, or with that instance.
    pub(crate) fn meeting(&self, id: &str) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.number == id || meeting.uuid == id)
    }

    /// Whether this person has the app: in the words of the SDK, whether he is `authorized`.
    pub(crate) fn has_app(&self, person: &Person) -> bool {
        person.identity.user.as_deref().is_some_and(|user| self.grants.has_app(user))
    }
}

impl Cloud {
    /// Zoom as it is when the sandbox starts. Must be called inside a runtime: webhooks are sent by a task.
    pub(crate) fn open(shared: &Arc<Shared>) -> Arc<Self> {
        let cloud = Arc::new(Self {
            shared: Arc::clone(shared),
            state: Mutex::new(State::of(&shared.world)),
            deliveries: Deliveries::open(shared),
            live: broadcast::channel(LAG).0,
        });
        let weak = Arc::downgrade(&cloud);
        shared.control.on_reset(move || {
            if let Some(cloud) = weak.upgrade() {
                cloud.reset();
            }
        });
        cloud
    }

    /// The state, locked. Never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) fn fresh(&self) -> Fresh<'_> {
        Fresh(self.shared.ids.as_ref())
    }

    /// Where a switch stands.
    pub(crate) fn choice(&self, switch: &'static Switch) -> &'static str {
        self.shared.control.switches.choice(switch, super::REALM)
    }

    /// What a switch is set to.
    pub(crate) fn number(&self, switch: &'static Switch) -> u64 {
        self.shared.control.switches.number(switch, super::REALM)
    }

    /// Everything that the app may be granted.
    pub(crate) fn app_scopes() -> Scopes {
        scopes::ALL.iter().map(|scope| scope.name.to_owned()).collect()
    }

    /// A stream of what changes from now on.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Arc<Change>> {
        self.live.subscribe()
    }

    /// Tells the open pages. Nobody listening is no failure.
    pub(crate) fn tell(&self, change: Change) {
        let _ = self.live.send(Arc::new(change));
    }

    /// Changes something that may move a person on the way to the app, and tells the pages if it did.
    pub(crate) fn change_standing<T>(&self, state: &mut State, key: &str, change: impl FnOnce(&mut State) -> T) -> T {
        let standing = |state: &State| state.people.get(key).map(|person| Standing::of(state, person));
        let before = standing(state);
        let changed = change(state);
        if standing(state) != before {
            self.tell(Change::status(state, key));
        }
        changed
    }

    /// Takes the app away from a person, as the Marketplace's "Remove" does, and notifies the app (`zoom.md` 6.5).
    pub(crate) fn remove_app(&self, person: &Person) -> bool {
        let Some(user) = person.identity.user.clone() else { return false };
        let mut state = self.state();
        let removed = self.change_standing(&mut state, &person.key, |state| state.grants.remove_app(&user));
        if removed {
            let account = person.identity.account.clone().unwrap_or_default();
            self.deliveries.queue(&events::deauthorized(&self.shared, &user, &account));
        }
        removed
    }

    fn reset(&self) {
        let mut state = self.state();
        let revision = state.revision + 1;
        *state = State::of(&self.shared.world);
        state.revision = revision;
        drop(state);
        self.deliveries.reset();
        self.tell(Change::everything());
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.deliveries.close();
    }
}

/// A meeting of the world, with its people in it.
fn running(meeting: &world::Meeting, people: &People, seed: u64) -> Option<Meeting> {
    let mut running = planned(&meeting.number, &meeting.uuid, &meeting.topic, people.get(&meeting.host)?);
    running.duration = meeting.duration;
    meeting.timezone.clone_into(&mut running.timezone);
    running.starts_at = meeting.started_at;
    running.invitees = invitees(meeting);
    // Ids of the first joins come from the seed, so that two runs of the same world are alike.
    let ids = super::seeded::SeededIds::new(seed, &meeting.uuid);
    let fresh = Fresh(&ids);
    running.start(meeting.started_at, &fresh).ok()?;
    for seat in &meeting.participants {
        let role = match seat.role {
            world::meetings::Role::Host => Role::Host,
            world::meetings::Role::CoHost => Role::CoHost,
            world::meetings::Role::Attendee => Role::Attendee,
        };
        let at = meeting.started_at.after(seat.came_after);
        running.join(people.get(&seat.key)?, role, at, &fresh).ok()?;
    }
    Some(running)
}

/// The large meeting: planned, and filled when somebody starts it.
fn town_hall(people: &People, world: &World) -> Option<Meeting> {
    let host = people.get("priya-raman")?;
    let uuid = world::meetings::instance(world.seed, TOWN_HALL_NUMBER, world.started_at);
    let mut meeting = planned(TOWN_HALL_NUMBER, &uuid, "Lumen Works: customer town hall", host);
    meeting.starts_at = world.started_at;
    meeting.crowd = SEATS;
    Some(meeting)
}

/// A meeting that nobody has started yet.
pub(crate) fn planned(number: &str, uuid: &str, topic: &str, host: &Person) -> Meeting {
    Meeting {
        number: number.to_owned(),
        uuid: uuid.to_owned(),
        topic: topic.to_owned(),
        host: host.key.clone(),
        host_user: host.identity.user.clone().unwrap_or_default(),
        account: host.identity.account.clone().unwrap_or_default(),
        kind: 8,
        status: Status::Waiting,
        starts_at: Timestamp::default(),
        started_at: None,
        ended_at: None,
        duration: std::time::Duration::from_mins(45),
        timezone: host.timezone.clone(),
        has_waiting_room: false,
        rooms: Vec::new(),
        participants: Vec::new(),
        invitees: Vec::new(),
        registrants: Vec::new(),
        crowd: 0,
        joins: 0,
    }
}

/// Whom the host's calendar invited.
fn invitees(meeting: &world::Meeting) -> Vec<String> {
    let invited = |seat: &&world::meetings::Seat| seat.disclosure == world::meetings::Disclosure::Invited;
    meeting.participants.iter().filter(invited).filter_map(|seat| seat.email.clone()).collect()
}

//! Everything that the screens look at.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use sidelight_api::activity::{ActivityTypes, PendingWrite};
use sidelight_api::card::Card;
use sidelight_api::home::Home;
use sidelight_api::people::{Gap, InquiryState};
use sidelight_api::session::{Meeting, Panel, RosterReport, Tenant, View, Viewer};
use sidelight_api::timeline::{Activity, ActivitySummary};
use sidelight_domain::ids::{MeetingNumber, TenantKey};
use sidelight_domain::{Clock, EmailAddress, EntityRef, Timestamp};

use crate::api::Client;
use crate::app::cover::{COVER, SHARED};
use crate::app::doors::Climb;
use crate::app::inquiry::Inquiring;
use crate::app::invitation::Invitation;
use crate::app::late::{Arrival, Wanted};
use crate::app::menu::PLACE;
use crate::app::slot::Slot;
use crate::browser::{BrowserClock, BrowserLocale, Timer, kept};
use crate::state::adding::Adding;
use crate::state::composer::{Composer, Height};
use crate::state::edit::Edit;
use crate::state::people::Room;
use crate::state::phase::{Phase, phase};
use crate::state::search::Search;
use crate::state::sign_in::Flow;
use crate::state::ticks::Ticks;
use crate::state::timeline::Timeline;
use crate::state::trouble::Trouble;
use crate::state::turn::Turn;
use crate::zoom::{PopOut, Zoom};

/// What lies over the tabs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The search.
    Search,
    /// The menu.
    Menu,
    /// What becomes of waiting writes at logout.
    Logout,
    /// The list of shortcuts.
    Shortcuts,
    /// Signing in to a further domain.
    SignIn,
    /// Adding people to Gainsight.
    Adding,
}

/// Where the panel is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Place {
    /// In a meeting.
    #[default]
    Inside,
    /// In the main client, at home.
    Home,
    /// In the main client, looking at a customer.
    Customer,
}

/// Whether somebody waits for an answer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Waiting {
    /// No.
    #[default]
    No,
    /// Yes.
    Yes,
    /// The answer was a refusal.
    Failed(Trouble),
}

/// How the People tab stands, apart from who is in the room.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PeopleState {
    /// Whether a first list has come.
    pub is_loaded: bool,
    /// Why the last try failed.
    pub trouble: Option<Trouble>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Which tenants did not answer.
    pub silent: Vec<TenantKey>,
    /// Which are still being asked.
    pub asking: Vec<TenantKey>,
    /// How many people the invitation names that the viewer brought.
    pub invited: Option<u32>,
    /// Whether the guests were asked for their addresses.
    pub inquiry: Option<InquiryState>,
}

/// The activity that lies open.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Opened {
    /// None.
    #[default]
    None,
    /// Its notes are on their way.
    Loading(Box<ActivitySummary>),
    /// All of it.
    Ready(Box<Activity>),
    /// Its notes could not be read.
    Failed(Box<ActivitySummary>, Trouble),
}

/// What more there is to know of the person whose row lies open.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CardState {
    /// Nothing yet.
    #[default]
    None,
    /// This, of somebody with this address.
    Of(EmailAddress, Result<Card, Trouble>),
}

/// What actions work with.
pub(super) struct Services {
    pub(super) client: Client,
    pub(super) zoom: Zoom,
    pub(super) clock: BrowserClock,
    pub(super) locale: BrowserLocale,
    pub(super) timers: Timers,
    /// Questions about people.
    pub(super) people_turn: RefCell<Turn>,
    /// Whether the viewer is on the way in, step by step.
    pub(super) climb: Cell<Climb>,
    /// The list of participants that the server was told last.
    pub(super) roster_told: RefCell<Option<RosterReport>>,
    /// The last answer about today, as it came.
    pub(super) home_told: RefCell<String>,
    /// The meeting of the plan that a company is being chosen for.
    pub(super) choosing: RefCell<Option<(MeetingNumber, Timestamp)>>,
    /// Whether the panel is covered because the viewer shares his screen.
    pub(super) is_shared: Cell<bool>,
    /// Whether to go home as soon as the note is kept.
    pub(super) leaves: Cell<bool>,
    /// What is to be done as soon as the late part is here.
    pub(super) waiting: RefCell<Vec<Wanted>>,
}

#[derive(Default)]
pub(super) struct Timers {
    pub(super) save: Timer,
    pub(super) log: Timer,
    pub(super) sign_in: Timer,
    pub(super) search: Timer,
    pub(super) words: Timer,
    pub(super) attendees: Timer,
    pub(super) people: Timer,
    pub(super) roster: Timer,
    pub(super) linger: Timer,
    pub(super) repeat: Timer,
    pub(super) zoom: Timer,
}

/// The panel: its signals and, through the methods, everything that can be done. As small as a pointer, because every closure of
/// every component holds one.
#[derive(Clone, Copy)]
pub struct App(&'static Store);

impl Deref for App {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.0
    }
}

/// The panel's signals.
pub struct Store {
    services: Services,
    /// Whether the late part of the program is here.
    pub arrival: Slot<Arrival>,
    /// Which big screen.
    pub phase: Slot<Phase>,
    /// Who has opened the panel.
    pub viewer: Slot<Viewer>,
    /// How far the viewer is on Zoom's ladder from guest to authorised, in the client's words (`zoom.md` 4.4).
    pub zoom_status: Slot<String>,
    /// Whether the viewer does not want to be reminded of authorising.
    pub hides_reminder: Slot<bool>,
    /// The meeting.
    pub meeting: Slot<Option<Meeting>>,
    /// The tenants and how the viewer stands in each.
    pub tenants: Slot<Vec<Tenant>>,
    /// Entity, tab and theme.
    pub view: Slot<View>,
    /// Writes that are on their way or need attention.
    pub writes: Slot<Vec<PendingWrite>>,
    /// Who is in the meeting.
    pub room: Slot<Room>,
    /// How the People tab stands.
    pub people: Slot<PeopleState>,
    /// Whom one may tick.
    pub ticks: Slot<Ticks>,
    /// The calendar invitation that the viewer is about to bring.
    pub invitation: Slot<Invitation>,
    /// Whether the client could ask the guests for their addresses.
    pub can_ask: Slot<bool>,
    /// How far the viewer is with that.
    pub inquiring: Slot<Inquiring>,
    /// What more there is to know of somebody.
    pub card: Slot<CardState>,
    /// Whom one is about to add.
    pub adding: Slot<Option<Adding>>,
    /// The activities.
    pub timeline: Slot<Timeline>,
    /// The activity that lies open.
    pub opened: Slot<Opened>,
    /// The change of an activity that is being written.
    pub edit: Slot<Option<Edit>>,
    /// The search.
    pub search: Slot<Search>,
    /// The note.
    pub composer: Slot<Composer>,
    /// How much room the note takes.
    pub height: Slot<Height>,
    /// What can be logged for the selection.
    pub types: Slot<Option<ActivityTypes>>,
    /// The sign-in.
    pub flow: Slot<Flow>,
    /// Whether the sign-in waits for our server.
    pub flow_waits: Slot<Waiting>,
    /// Whether the logout waits for our server.
    pub logout_waits: Slot<Waiting>,
    /// Where the panel is.
    pub place: Slot<Place>,
    /// What is to be done today.
    pub home: Slot<Option<Rc<Home>>>,
    /// Whether the panel is covered.
    pub is_covered: Slot<bool>,
    /// What lies over the tabs.
    pub overlay: Slot<Overlay>,
    /// The present moment, by the second.
    pub now: Slot<Timestamp>,
    /// Whether live events arrive.
    pub is_connected: Slot<bool>,
    /// What a screen reader is told.
    pub announced: Slot<String>,
    /// A failure that belongs to no one place.
    pub notice: Slot<Option<Trouble>>,
    /// Where the panel stands; `None` if the client cannot move it.
    pub pop_out: Slot<Option<PopOut>>,
    /// Whether a refresh is under way.
    pub is_refreshing: Slot<bool>,
}

impl App {
    /// Begins with what the session brought and with what was typed before.
    pub(super) fn new(services: Services, panel: Panel, typed: &str) -> Self {
        let now = services.clock.now();
        let covered = kept(COVER).unwrap_or_default();
        services.is_shared.set(covered == SHARED);
        let is_covered = !covered.is_empty();
        let can_move = services.zoom.supports("appPopout");
        let store = Store {
            place: Slot::new(if panel.meeting.is_some() { Place::Inside } else { Place::Home }),
            is_covered: Slot::new(is_covered),
            phase: Slot::new(phase(&panel)),
            viewer: Slot::new(panel.viewer),
            meeting: Slot::new(panel.meeting),
            tenants: Slot::new(panel.tenants),
            timeline: Slot::new(Timeline::of(
                panel.view.selected.as_ref().map(|entity| entity.reference.clone()),
                panel.view.narrowing.clone(),
            )),
            view: Slot::new(panel.view),
            writes: Slot::new(panel.writes),
            composer: Slot::new(Composer::opened(panel.draft, typed, now)),
            flow: Slot::new(Flow::resumed(panel.sign_in)),
            pop_out: Slot::new(can_move.then(|| kept(PLACE).and_then(|place| PopOut::of(&place)).unwrap_or_default())),
            now: Slot::new(now),
            is_connected: Slot::new(true),
            arrival: Slot::default(),
            zoom_status: Slot::default(),
            hides_reminder: Slot::default(),
            room: Slot::default(),
            home: Slot::default(),
            people: Slot::default(),
            ticks: Slot::default(),
            invitation: Slot::default(),
            can_ask: Slot::default(),
            inquiring: Slot::default(),
            adding: Slot::default(),
            card: Slot::default(),
            opened: Slot::default(),
            edit: Slot::default(),
            search: Slot::default(),
            height: Slot::default(),
            types: Slot::default(),
            flow_waits: Slot::default(),
            logout_waits: Slot::default(),
            overlay: Slot::default(),
            announced: Slot::default(),
            notice: Slot::default(),
            is_refreshing: Slot::default(),
            services,
        };
        // The panel lives as long as the page.
        Self(Box::leak(Box::new(store)))
    }

    pub(super) fn services(self) -> &'static Services {
        &self.0.services
    }

    pub(super) fn client(self) -> &'static Client {
        &self.services().client
    }

    /// The viewer's language and time zone.
    #[must_use]
    pub fn locale(self) -> &'static BrowserLocale {
        &self.services().locale
    }

    /// The present moment, read from the clock.
    pub(super) fn clock_now(self) -> Timestamp {
        self.services().clock.now()
    }

    /// What is selected.
    #[must_use]
    pub fn selected(self) -> Option<EntityRef> {
        self.view.with_untracked(|view| view.selected.as_ref().map(|entity| entity.reference.clone()))
    }

    /// The tenant of this name.
    #[must_use]
    pub fn tenant(self, key: &TenantKey) -> Option<Tenant> {
        self.tenants.with(|tenants| tenants.iter().find(|tenant| tenant.key == *key).cloned())
    }

    pub(super) fn is_ready(self) -> bool {
        self.phase.get_untracked() == Phase::Ready
    }

    /// Tells a screen reader.
    pub fn announce(self, text: impl Into<String>) {
        self.announced.set(text.into());
    }
}

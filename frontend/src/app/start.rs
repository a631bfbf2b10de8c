//! From the shell to the panel.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::mount::mount_to;
use sidelight_api::session::Panel;
use sidelight_domain::IdSource;

use crate::api::{Client, Fetch};
use crate::app::store::{App, Place, Services};
use crate::browser::{BrowserClock, BrowserIds, BrowserLocale, Typed, adopt, set_theme};
use crate::state::trouble::Trouble;
use crate::ui;
use crate::zoom::{Bridge, Zoom};

/// Starts the panel: waits for Zoom, opens a session, takes over from the shell. A failure names its check in the shell.
pub async fn run() {
    let zoom = Zoom::new(Rc::new(Bridge));
    // Boot code shows what Zoom refused.
    let Ok(context) = zoom.open().await else { return };
    let client = Client::new(Rc::new(Fetch), Rc::new(zoom.clone()), BrowserIds.uuid().simple().to_string());
    match client.open(Some(context)).await {
        Ok(panel) => take_over(client, zoom, panel),
        Err(trouble) => show_refusal(&trouble),
    }
}

fn show_refusal(trouble: &Trouble) {
    let check = if trouble.is_unanswered() { "server" } else { "session" };
    let details = trouble.details.clone().unwrap_or_default();
    Bridge.fail(check, &format!("{} {details}", trouble.message));
}

fn take_over(client: Client, zoom: Zoom, panel: Panel) {
    let clock = BrowserClock::default();
    clock.correct(panel.now);
    set_theme(panel.view.theme);
    let services = Services {
        client,
        zoom,
        clock,
        locale: BrowserLocale::default(),
        timers: crate::app::store::Timers::default(),
        people_turn: RefCell::default(),
        climb: Cell::default(),
        roster_told: RefCell::default(),
        home_told: RefCell::default(),
        choosing: RefCell::default(),
        is_shared: Cell::default(),
        leaves: Cell::default(),
        waiting: RefCell::default(),
    };
    let (typed, root) = adopt();
    let Some(root) = root else { return Bridge.fail("program", "no root element") };
    let node = web_sys::Node::from(root.clone());
    let handle = mount_to(root, move || {
        let app = App::new(services, panel, &typed.text);
        app.client().on_renewed(Box::new(move |panel| app.adopt_session(panel)));
        begin(app, &typed);
        ui::panel(app, &node);
    });
    // The panel lives as long as the page.
    handle.forget();
    Bridge.started();
}

fn begin(app: App, typed: &Typed) {
    app.await_late_part();
    app.begin_home();
    if app.is_ready() && app.place.get_untracked() == Place::Inside {
        app.load_people(false);
        app.load_timeline(false);
        app.load_types();
    }
    app.schedule_save();
    app.watch_sign_in();
    app.go_live();
    if let Some((start, end)) = typed.selection {
        ui::restore_caret(start, end);
    }
}

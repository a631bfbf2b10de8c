//! Works through the webhooks that were received: into the meeting's roster, or into a deletion (`zoom.md` 6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use sidelight_api::event::Event as Live;
use sidelight_domain::MeetingKind;
use sidelight_domain::ids::{MeetingUuid, OrganisationId, ParticipantId};
use sidelight_store::{Delivery, SeenMeeting, Unit};
use sidelight_zoom::webhook::{Event, Meeting, ParticipantReport, read_kept};

use super::{deauthorize, recall};
use crate::app::App;
use crate::record::Record as _;
use crate::view;

/// A batch is one transaction: a thousand people who join within a minute are a few dozen of them.
const BATCH: u32 = 200;
const HOLD: Duration = Duration::from_secs(30);
const RETRY: Duration = Duration::from_secs(15);
/// An hour of tries.
const MOST_TRIES: u32 = 240;
/// Without a wake-up, such as after a restart or from another server.
const PAUSE: Duration = Duration::from_secs(5);

/// How long webhooks gather before they are worked off.
const GATHER: Duration = Duration::from_millis(150);

/// Works until the shutdown.
pub async fn run(app: App) {
    loop {
        for organisation in app.organisation_ids() {
            if let Err(error) = drain(&app, organisation).await {
                tracing::warn!(error = %error, "Webhooks wait for the database.");
            }
        }
        tell_depth(&app).await;
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            // Where one person joins, others follow: together they are one look at the roster.
            () = app.wake.inbox.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Tells operators how many webhooks are not worked off. While the database is away, what it was last stands.
async fn tell_depth(app: &App) {
    let mut depth = 0_i32;
    for organisation in app.organisation_ids() {
        let Ok(mut unit) = app.store.read(organisation).await else { return };
        let Ok(waiting) = unit.inbox().waiting().await else { return };
        depth = i32::try_from(waiting).map_or(i32::MAX, |waiting| waiting.saturating_add(depth));
    }
    metrics::gauge!("webhooks_waiting").set(f64::from(depth));
}

/// Works off everything that is due in one organisation. What fails is put off by itself: one meeting that cannot be written down keeps no
/// other one waiting.
///
/// # Errors
/// What the store says; what was not done stays due.
pub async fn drain(app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
    loop {
        let mut unit = app.store.begin(organisation).await?;
        let claimed = unit.inbox().claim(BATCH, HOLD).await?;
        unit.commit().await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let mut by_meeting: BTreeMap<MeetingUuid, Vec<(Delivery, Event)>> = BTreeMap::new();
        for delivery in claimed {
            let event = read_kept(delivery.body.as_bytes(), delivery.received_at).map(|notice| notice.event);
            match event.as_ref().ok().and_then(meeting_in) {
                Some(meeting) => {
                    let uuid = meeting.uuid.clone();
                    by_meeting.entry(uuid).or_default().extend(event.ok().map(|event| (delivery, event)));
                }
                None => alone(app, organisation, delivery, event.ok()).await?,
            }
        }
        for (meeting, events) in by_meeting {
            if let Err(error) = apply(app, organisation, &meeting, &events).await {
                let deliveries: Vec<_> = events.into_iter().map(|(delivery, _)| delivery).collect();
                put_off(app, organisation, &deliveries, &error).await?;
            }
        }
    }
}

/// What belongs to no meeting.
async fn alone(
    app: &App,
    organisation: OrganisationId,
    delivery: Delivery,
    event: Option<Event>,
) -> Result<(), sidelight_store::Error> {
    let Some(Event::AppDeauthorized(removed)) = event else {
        // Nothing that we subscribe to, or nothing that can be read: there is no use in trying again.
        return dismiss(app, organisation, &delivery).await;
    };
    match deauthorize::erase(app, organisation, &delivery, &removed).await {
        Ok(()) => Ok(()),
        Err(error) => put_off(app, organisation, &[delivery], &error).await,
    }
}

async fn dismiss(app: &App, organisation: OrganisationId, delivery: &Delivery) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    unit.inbox().done(&delivery.digest).await?;
    unit.commit().await
}

/// Tries again later; what failed for an hour in the same way is set aside, where an operator hears of it.
async fn put_off(
    app: &App,
    organisation: OrganisationId,
    deliveries: &[Delivery],
    error: &sidelight_store::Error,
) -> Result<(), sidelight_store::Error> {
    tracing::warn!(error = %error, "A webhook could not be written down.");
    let retry_at = app.clock.now().after(RETRY);
    let mut unit = app.store.begin(organisation).await?;
    for delivery in deliveries {
        if delivery.tries >= MOST_TRIES && !error.is_transient() {
            metrics::counter!("webhooks_set_aside_total").increment(1);
            tracing::error!(event = %delivery.event, "A webhook is set aside: it failed too often.");
            unit.inbox().done(&delivery.digest).await?;
        } else {
            unit.inbox().failed(&delivery.digest, retry_at).await?;
        }
    }
    unit.commit().await
}

/// Applies what happened in one meeting, all or nothing.
async fn apply(
    app: &App,
    organisation: OrganisationId,
    uuid: &MeetingUuid,
    events: &[(Delivery, Event)],
) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    let was_series = unit.meetings().find(uuid).await?.is_some_and(|meeting| is_series(&meeting));
    let (mut meeting_changed, mut is_series_now) = (false, false);
    for meeting in events.iter().filter_map(|(_, event)| meeting_in(event)) {
        let (known, changed) = unit.meetings().observe(seen(meeting)).await?;
        meeting_changed |= changed;
        is_series_now |= is_series(&known);
    }
    if is_series_now && !was_series {
        view::remember_for_series(&mut unit, uuid).await?;
    }
    let people_changed = apply_to_roster(app, &mut unit, uuid, events).await?;
    for (delivery, _) in events {
        unit.inbox().done(&delivery.digest).await?;
    }
    if meeting_changed {
        unit.tell_meeting(uuid, &Live::Meeting);
    }
    if people_changed {
        unit.tell_meeting(uuid, &Live::People);
    }
    unit.commit().await
}

async fn apply_to_roster(
    app: &App,
    unit: &mut Unit,
    uuid: &MeetingUuid,
    events: &[(Delivery, Event)],
) -> Result<bool, sidelight_store::Error> {
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(uuid).await?);
    let mut changed = BTreeSet::new();
    for (_, event) in events {
        match event {
            Event::Participant(report) => {
                if let Some(sighting) = report.sighting() {
                    changed.extend(roster.witness(&sighting, || ParticipantId::new(app.ids.uuid())));
                }
                changed.extend(report.aside().and_then(|aside| roster.step_aside(&aside)));
            }
            Event::MeetingEnded(meeting) => {
                let present = roster.participants.iter().filter(|person| person.is_present()).map(|person| person.id);
                changed.extend(present.collect::<Vec<_>>());
                roster.end(meeting.ended_at.unwrap_or_else(|| app.clock.now()));
                unit.invitations().recall(uuid, recall::FIRST).await?;
                unit.inquiries().forget(uuid).await?;
            }
            Event::MeetingStarted(_) | Event::AppDeauthorized(_) | Event::Other(_) => {}
        }
    }
    if !changed.is_empty() {
        unit.meetings().save_roster(uuid, &roster, &changed).await?;
    }
    Ok(!changed.is_empty())
}

fn is_series(meeting: &sidelight_store::Meeting) -> bool {
    meeting.kind == Some(MeetingKind::Series)
}

fn meeting_in(event: &Event) -> Option<&Meeting> {
    match event {
        Event::MeetingStarted(meeting)
        | Event::MeetingEnded(meeting)
        | Event::Participant(ParticipantReport { meeting, .. }) => Some(meeting),
        Event::AppDeauthorized(_) | Event::Other(_) => None,
    }
}

fn seen(meeting: &Meeting) -> SeenMeeting {
    SeenMeeting {
        number: meeting.number.clone(),
        kind: meeting.kind,
        topic: meeting.topic.clone(),
        host: meeting.host.clone(),
        started_at: meeting.started_at,
        ended_at: meeting.ended_at,
        by_host: true,
        ..SeenMeeting::new(meeting.uuid.clone())
    }
}

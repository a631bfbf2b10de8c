//! Keeps the directory mirror of a tenant: a thousand attendees are found without a call (design 4.6, docs/adr/0008).

use std::time::Duration;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::{Gsid, OrganisationId};
use sidelight_gainsight::{DirectoryLink, DirectoryPage, DirectoryPart, DirectoryPerson};
use sidelight_store::{Mirror, MirroredLink, NewMirroredLink, Unit};

use super::ask::{AskError, Asker, Turn, ask_knowing};
use super::budget::Urgency;
use super::tenants::TenantState;
use crate::app::App;

const TICK: Duration = Duration::from_secs(30);
/// Nobody else takes over before a page was surely read or given up.
const HOLD: Duration = Duration::from_mins(3);
/// What changed is read this often,
const CHANGES_EVERY: Duration = Duration::from_mins(10);
/// with what reports may have shown late.
const OVERLAP: Duration = Duration::from_mins(15);
/// Everything is read anew this often: only so it shows what was deleted.
const ALL_EVERY: Duration = Duration::from_hours(24);
/// A tenant that does not answer, or has no budget left for this, is asked again after this.
const REST: Duration = Duration::from_mins(1);

/// What the mirror is made of, in the order in which it is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Object {
    People,
    Links,
}

impl Object {
    const fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Links => "links",
        }
    }

    /// What is kept may be of an older version: then the pass begins anew.
    fn of(mirror: &Mirror) -> Option<Self> {
        [Self::People, Self::Links].into_iter().find(|object| mirror.object.as_deref() == Some(object.as_str()))
    }
}

/// Why the work on a mirror stopped.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Tenant(#[from] AskError),
    #[error("our database")]
    Store(#[from] sidelight_store::Error),
}

/// Runs until the shutdown.
pub async fn run(app: App) {
    let mut is_tidied = false;
    loop {
        // A tenant that is no longer mirrored leaves nothing behind.
        is_tidied = is_tidied || tidied(&app).await;
        mirror_directories(&app).await;
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn tidied(app: &App) -> bool {
    for organisation in app.organisation_ids() {
        let kept: Vec<_> = app
            .tenants
            .mirrored()
            .filter(|(owner, _)| *owner == organisation)
            .map(|(_, state)| state.tenant.key.clone())
            .collect();
        let tidy = async || {
            let mut unit = app.store.begin(organisation).await?;
            unit.directory().keep_only(&kept).await?;
            unit.commit().await
        };
        if let Err(error) = tidy().await {
            tracing::warn!(error = %error, "Directory mirrors that nobody wants any more wait for the database.");
            return false;
        }
    }
    true
}

/// Works on every mirror that is due.
pub async fn mirror_directories(app: &App) {
    for (organisation, state) in app.tenants.mirrored() {
        if let Err(error) = (Work { app, organisation, state }).run().await {
            tracing::info!(error = %error, tenant = %state.tenant.key, "A directory mirror rests.");
        }
    }
}

#[derive(Clone, Copy)]
struct Work<'a> {
    app: &'a App,
    organisation: OrganisationId,
    state: &'a TenantState,
}

impl Work<'_> {
    async fn run(self) -> Result<(), Stopped> {
        let mut unit = self.app.store.begin(self.organisation).await?;
        let claimed = unit.directory().claim(&self.state.tenant.key, HOLD).await?;
        unit.commit().await?;
        let Some(mut mirror) = claimed else { return Ok(()) };
        let worked = self.work(&mut mirror).await;
        if let Err(Stopped::Tenant(_)) = &worked {
            self.save(&mirror, REST).await?;
        }
        worked
    }

    async fn work(self, mirror: &mut Mirror) -> Result<(), Stopped> {
        let now = self.app.clock.now();
        if Object::of(mirror).is_none() && (mirror.completed_at.is_none() || now.since(mirror.begun_at) >= ALL_EVERY) {
            mirror.pass = mirror.pass.saturating_add(1);
            (mirror.object, mirror.last_read) = (Some(Object::People.as_str().to_owned()), None);
            (mirror.begun_at, mirror.changed_until) = (now, mirror.changed_until.max(now));
        }
        if Object::of(mirror).is_some() {
            while let Some(object) = Object::of(mirror) {
                self.read_on(mirror, object).await?;
            }
            return Ok(());
        }
        self.read_changes(mirror, now).await
    }

    /// Reads one page, and writes it down together with the place where the next one begins.
    async fn read_on(self, mirror: &mut Mirror, object: Object) -> Result<(), Stopped> {
        let part = DirectoryPart::Behind(mirror.last_read.clone());
        let page = self.page(object, &part).await?;
        let mut unit = self.app.store.begin(self.organisation).await?;
        self.put(&mut unit, mirror.pass, &page.rows).await?;
        let mut next = mirror.clone();
        match (page.is_last, object) {
            (false, _) => next.last_read = page.last,
            (true, Object::People) => (next.object, next.last_read) = (Some(Object::Links.as_str().to_owned()), None),
            (true, Object::Links) => {
                (next.object, next.last_read, next.completed_at) = (None, None, Some(self.app.clock.now()));
                unit.directory().forget_before(&self.state.tenant.key, next.pass).await?;
            }
        }
        let wait = if next.object.is_some() { HOLD } else { CHANGES_EVERY };
        unit.directory().save(&self.state.tenant.key, &next, wait).await?;
        unit.commit().await?;
        *mirror = next;
        Ok(())
    }

    /// Reads what changed since the last time, people before the links that name them.
    async fn read_changes(self, mirror: &mut Mirror, now: Timestamp) -> Result<(), Stopped> {
        let since = mirror.changed_until.before(OVERLAP);
        for object in [Object::People, Object::Links] {
            let mut offset = 0;
            loop {
                let page = self.page(object, &DirectoryPart::Latest { offset, since }).await?;
                let mut unit = self.app.store.begin(self.organisation).await?;
                self.put(&mut unit, mirror.pass, &page.rows).await?;
                unit.commit().await?;
                if page.is_last || page.count == 0 {
                    break;
                }
                offset = offset.saturating_add(page.count);
            }
        }
        mirror.changed_until = now;
        Ok(self.save(mirror, CHANGES_EVERY).await?)
    }

    async fn page(self, object: Object, part: &DirectoryPart) -> Result<DirectoryPage<Row>, AskError> {
        let asker = Asker::Tenant(self.state);
        match object {
            Object::People => {
                let call = |turn: Turn| async move { turn.gainsight.directory_people(&turn.access(), part).await };
                ask_knowing(self.app, asker, Urgency::Background, call).await.map(|page| rows(page, Row::Person))
            }
            Object::Links => {
                let call = |turn: Turn| async move { turn.gainsight.directory_links(&turn.access(), part).await };
                ask_knowing(self.app, asker, Urgency::Background, call).await.map(|page| rows(page, Row::Link))
            }
        }
    }

    async fn put(self, unit: &mut Unit, pass: u32, rows: &[Row]) -> Result<(), sidelight_store::Error> {
        let tenant = &self.state.tenant.key;
        let people: Vec<_> = rows.iter().filter_map(Row::person).collect();
        let links: Vec<_> = rows.iter().filter_map(Row::link).collect();
        if !people.is_empty() {
            unit.directory().put_people(tenant, pass, &people).await?;
        }
        if !links.is_empty() {
            unit.directory().put_links(tenant, pass, &links).await?;
        }
        Ok(())
    }

    async fn save(self, mirror: &Mirror, wait: Duration) -> Result<(), sidelight_store::Error> {
        let mut unit = self.app.store.begin(self.organisation).await?;
        unit.directory().save(&self.state.tenant.key, mirror, wait).await?;
        unit.commit().await
    }
}

enum Row {
    Person(DirectoryPerson),
    Link(DirectoryLink),
}

impl Row {
    fn person(&self) -> Option<(Gsid, sidelight_domain::EmailAddress)> {
        let Self::Person(person) = self else { return None };
        Some((person.id.clone(), person.email.address().clone()))
    }

    fn link(&self) -> Option<NewMirroredLink> {
        let Self::Link(DirectoryLink { id, person, company, is_primary, is_active }) = self else { return None };
        let link = MirroredLink { company: company.clone(), is_primary: *is_primary, is_active: *is_active };
        Some(NewMirroredLink { id: id.clone(), person: person.clone(), link })
    }
}

fn rows<T>(page: DirectoryPage<T>, row: fn(T) -> Row) -> DirectoryPage<Row> {
    let DirectoryPage { rows, count, last, is_last } = page;
    DirectoryPage { rows: rows.into_iter().map(row).collect(), count, last, is_last }
}

//! Timelines that panels show, so that all servers together ask once about what changed in them (design 4.6).

use std::time::Duration;

use sidelight_domain::{EntityRef, Timestamp};

use super::repository;
use crate::Error;
use crate::statement::{Row, sql};

repository! {
    /// Timelines that panels show.
    Timelines
}

/// A Timeline that somebody looks at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WatchedTimeline {
    /// Whose.
    pub entity: EntityRef,
    /// When it is to be asked about.
    pub due_at: Timestamp,
    /// When nobody counts as looking any more.
    pub watched_until: Timestamp,
}

const PLACE: &str = "WHERE organisation = $1 AND tenant = $2 AND kind = $3 AND entity = $4";

impl Timelines<'_> {
    /// Remembers that somebody looks at a Timeline for some time. Whoever begins has just read it: it is due after `every`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn watch(&mut self, entity: &EntityRef, patience: Duration, every: Duration) -> Result<(), Error> {
        let now = self.unit.now();
        let upsert = sql("INSERT INTO timelines (organisation, tenant, kind, entity, watched_until, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation, tenant, kind, entity) DO UPDATE SET \
             due_at = CASE WHEN timelines.watched_until > $7 THEN timelines.due_at ELSE excluded.due_at END, \
             watched_until = excluded.watched_until")
        .bind(&entity.tenant)
        .bind(entity.kind)
        .bind(&entity.id)
        .bind(now.after(patience))
        .bind(now.after(every))
        .bind(now);
        self.unit.run(upsert).await.map(drop)
    }

    /// The Timelines that somebody looks at now.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn watched(&mut self) -> Result<Vec<WatchedTimeline>, Error> {
        let select =
            sql("SELECT tenant, kind, entity, due_at, watched_until FROM timelines WHERE organisation = $1 AND watched_until > $2")
                .bind(self.unit.now());
        self.unit.all(select).await?.iter().map(watched).collect()
    }

    /// Takes over asking about these Timelines: they are due again after `every`. `false` if none of them is due, since another server
    /// asks already.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim(&mut self, entities: &[EntityRef], every: Duration) -> Result<bool, Error> {
        let now = self.unit.now();
        let mut is_due = false;
        for entity in entities {
            let update = sql(format!("UPDATE timelines SET due_at = $5 {PLACE} AND due_at <= $6"))
                .bind(&entity.tenant)
                .bind(entity.kind)
                .bind(&entity.id)
                .bind(now.after(every))
                .bind(now);
            is_due |= self.unit.run(update).await? > 0;
        }
        if is_due {
            // One question answers for all of them, also for those whose time had not come.
            self.postpone(entities, every).await?;
        }
        Ok(is_due)
    }

    /// Makes Timelines due no sooner than after `wait`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn postpone(&mut self, entities: &[EntityRef], wait: Duration) -> Result<(), Error> {
        let due_at = self.unit.now().after(wait);
        for entity in entities {
            let update = sql(format!("UPDATE timelines SET due_at = $5 {PLACE} AND due_at < $5"))
                .bind(&entity.tenant)
                .bind(entity.kind)
                .bind(&entity.id)
                .bind(due_at);
            self.unit.run(update).await?;
        }
        Ok(())
    }

    /// Notes that a Timeline changed: what was read of it before is old, in every server.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn note_changed(&mut self, entity: &EntityRef) -> Result<(), Error> {
        let now = self.unit.now();
        let upsert =
            sql("INSERT INTO timelines (organisation, tenant, kind, entity, watched_until, due_at, changed_at) \
             VALUES ($1, $2, $3, $4, 0, 0, $5) ON CONFLICT (organisation, tenant, kind, entity) \
             DO UPDATE SET changed_at = excluded.changed_at")
            .bind(&entity.tenant)
            .bind(entity.kind)
            .bind(&entity.id)
            .bind(now);
        self.unit.run(upsert).await.map(drop)
    }

    /// When a Timeline changed last, as far as anybody noticed.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn changed_at(&mut self, entity: &EntityRef) -> Result<Option<Timestamp>, Error> {
        let select = sql(format!("SELECT changed_at FROM timelines {PLACE}"))
            .bind(&entity.tenant)
            .bind(entity.kind)
            .bind(&entity.id);
        self.unit.one(select).await?.map_or(Ok(None), |row| row.get("changed_at"))
    }
}

fn watched(row: &Row) -> Result<WatchedTimeline, Error> {
    let entity = EntityRef { tenant: row.get("tenant")?, kind: row.get("kind")?, id: row.get("entity")? };
    Ok(WatchedTimeline { entity, due_at: row.get("due_at")?, watched_until: row.get("watched_until")? })
}

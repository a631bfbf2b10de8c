//! Webhooks on their way to the app: signed, in order, tried again (`zoom.md` 6.2, 6.3), and disturbed on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use sidelight_domain::Timestamp;
use tokio::sync::{Notify, watch};

use super::delivery::{Behaviour, Delivery, Order, SignedAs, Standing};
use super::endpoint::{self, Verdict};
use super::events::Event;
use super::fresh::Fresh;
use super::{sender, signature, switches};
use crate::Shared;
use crate::control::locked;

/// How often the endpoint is checked again (`zoom.md` 6.1).
const CHECK_EVERY: Duration = Duration::from_hours(72);
/// How often the clock is looked at while something waits; the clock may be one that a test moves.
const TICK: Duration = Duration::from_millis(50);
/// How many deliveries are remembered.
const REMEMBERED: usize = 5_000;

#[derive(Default)]
struct Inner {
    behaviour: Behaviour,
    known: BTreeMap<u64, Delivery>,
    waiting: BTreeSet<(Timestamp, u64)>,
    last_id: u64,
    checked_at: Option<Timestamp>,
    is_disabled: bool,
    is_closed: bool,
}

impl Inner {
    fn next_due(&self, now: Timestamp) -> Option<(Timestamp, u64)> {
        self.waiting.first().copied().filter(|(due_at, _)| *due_at <= now)
    }

    fn check_is_due(&self, now: Timestamp) -> bool {
        self.checked_at.is_some_and(|at| now.since(at) >= CHECK_EVERY)
    }
}

/// What the worker does next.
enum Task {
    Send(Box<Delivery>),
    /// The endpoint, again.
    Check,
    /// Something waits for its time.
    Rest,
    /// Nothing waits.
    Sleep,
    End,
}

/// The sending side of the webhooks.
pub(crate) struct Deliveries {
    shared: Arc<Shared>,
    inner: Mutex<Inner>,
    wake: Notify,
    idle: watch::Sender<bool>,
}

impl Deliveries {
    /// Starts the task that sends.
    pub(crate) fn open(shared: &Arc<Shared>) -> Arc<Self> {
        let deliveries = Arc::new(Self {
            shared: Arc::clone(shared),
            inner: Mutex::default(),
            wake: Notify::new(),
            idle: watch::channel(true).0,
        });
        tokio::spawn(Arc::clone(&deliveries).work());
        deliveries
    }

    /// Ends the task.
    pub(crate) fn close(&self) {
        locked(&self.inner).is_closed = true;
        self.wake.notify_one();
    }

    /// Puts a webhook in line, as the behaviour of the moment says.
    pub(crate) fn queue(&self, event: &Event) {
        let mut inner = locked(&self.inner);
        let Behaviour { signature, skew_seconds, .. } = inner.behaviour;
        for _ in 0..inner.behaviour.copies {
            self.put(&mut inner, event, signature, skew_seconds);
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// Puts a crafted webhook in line, whatever the behaviour is.
    pub(crate) fn queue_as(&self, event: &Event, signed_as: SignedAs, skew_seconds: i64) {
        self.put(&mut locked(&self.inner), event, signed_as, skew_seconds);
        self.wake.notify_one();
    }

    fn put(&self, inner: &mut Inner, event: &Event, signed_as: SignedAs, skew_seconds: i64) {
        inner.last_id += 1;
        let id = inner.last_id;
        let due_at = self.shared.clock.now().after(Duration::from_millis(inner.behaviour.delay_millis));
        let standing = if inner.behaviour.off || inner.is_disabled {
            Standing::Dropped
        } else if inner.behaviour.hold {
            Standing::Held
        } else {
            inner.waiting.insert((due_at, id));
            self.idle.send_replace(false);
            Standing::Waiting
        };
        let bytes = Bytes::from(event.body.to_string());
        let delivery = Delivery {
            id,
            event: event.name.clone(),
            standing,
            tries: Vec::new(),
            due_at,
            body: event.body.clone(),
            bytes,
            signed_as,
            skew_seconds,
            first_signature: None,
        };
        inner.known.insert(id, delivery);
        while inner.known.len() > REMEMBERED {
            inner.known.pop_first();
        }
    }

    /// All that are remembered, oldest first.
    pub(crate) fn list(&self) -> Vec<Delivery> {
        locked(&self.inner).known.values().cloned().collect()
    }

    pub(crate) fn behaviour(&self) -> Behaviour {
        locked(&self.inner).behaviour.clone()
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        locked(&self.inner).behaviour = behaviour;
    }

    /// Lets the held ones go.
    pub(crate) fn release(&self, order: Order) {
        let now = self.shared.clock.now();
        let mut inner = locked(&self.inner);
        let mut held: Vec<_> =
            inner.known.values().filter(|known| known.standing == Standing::Held).map(|known| known.id).collect();
        if order == Order::Reversed {
            held.reverse();
        }
        // Due one millisecond after the other, in the past: the worker takes what is due longest first.
        for (millis, id) in held.iter().rev().enumerate() {
            let due_at = now.before(Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
            self.wait_until(&mut inner, *id, due_at);
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// Makes every retry due now.
    pub(crate) fn hurry(&self) {
        let now = self.shared.clock.now();
        let mut inner = locked(&self.inner);
        for (_, id) in std::mem::take(&mut inner.waiting) {
            self.wait_until(&mut inner, id, now);
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// Sends one again, byte for byte; tells whether it is known.
    pub(crate) fn repeat(&self, id: u64) -> bool {
        let mut inner = locked(&self.inner);
        let known = inner.known.get(&id).map(|known| Event { name: known.event.clone(), body: known.body.clone() });
        let found = known.is_some();
        if let Some(event) = known {
            self.put(&mut inner, &event, SignedAs::Valid, 0);
        }
        drop(inner);
        self.wake.notify_one();
        found
    }

    /// Waits until nothing is due any more.
    pub(crate) async fn settled(&self) {
        self.look_again();
        // The sender lives as long as this value, so the wait cannot fail.
        let _ = self.idle.subscribe().wait_for(|idle| *idle).await;
    }

    /// Something may be due since the clock moved, and the worker has not looked yet.
    fn look_again(&self) {
        let now = self.shared.clock.now();
        let inner = locked(&self.inner);
        if inner.next_due(now).is_some() || inner.check_is_due(now) {
            self.idle.send_replace(false);
            self.wake.notify_one();
        }
    }

    /// Forgets everything, what is on its way included.
    pub(crate) fn reset(&self) {
        let mut inner = locked(&self.inner);
        let (last_id, is_closed) = (inner.last_id, inner.is_closed);
        *inner = Inner { last_id, is_closed, ..Inner::default() };
        drop(inner);
        self.wake.notify_one();
    }

    fn wait_until(&self, inner: &mut Inner, id: u64, due_at: Timestamp) {
        if let Some(known) = inner.known.get_mut(&id) {
            known.standing = Standing::Waiting;
            known.due_at = due_at;
            inner.waiting.insert((due_at, id));
            self.idle.send_replace(false);
        }
    }

    async fn work(self: Arc<Self>) {
        loop {
            match self.next_task() {
                Task::Send(delivery) => self.attempt(*delivery).await,
                Task::Check => drop(self.validate().await),
                // The clock may be one that a test moves, so it is looked at again and again.
                Task::Rest => drop(tokio::time::timeout(TICK, self.wake.notified()).await),
                Task::Sleep => self.wake.notified().await,
                Task::End => return,
            }
        }
    }

    fn next_task(&self) -> Task {
        let now = self.shared.clock.now();
        let mut inner = locked(&self.inner);
        if inner.is_closed {
            return Task::End;
        }
        if let Some(due) = inner.next_due(now) {
            inner.waiting.remove(&due);
            let known = inner.known.get(&due.1).cloned();
            // Forgotten, when more were remembered than there is room for.
            return known.map_or(Task::Rest, |delivery| Task::Send(Box::new(delivery)));
        }
        if inner.check_is_due(now) {
            return Task::Check;
        }
        self.idle.send_if_modified(|idle| !std::mem::replace(idle, true));
        if inner.waiting.is_empty() && inner.checked_at.is_none() { Task::Sleep } else { Task::Rest }
    }

    async fn attempt(&self, delivery: Delivery) {
        let signature = self.sign(&delivery);
        let sent = sender::post(&self.shared.app.webhook_url, &signature, delivery.bytes.clone()).await;
        let status = sent.as_ref().map_or(0, |(status, _)| status.as_u16());
        if let Err(error) = &sent {
            tracing::debug!(%error, event = delivery.event, "webhook not delivered");
        }
        let now = self.shared.clock.now();
        let mut inner = locked(&self.inner);
        let pauses = inner.behaviour.retries_millis.clone();
        let Some(known) = inner.known.get_mut(&delivery.id) else { return };
        known.tries.push(status);
        known.first_signature = known.first_signature.take().or(signature);
        let pause = pauses.get(known.tries.len() - 1).copied();
        match (status, pause) {
            (200 | 204, _) => known.standing = Standing::Delivered,
            (_, None) => known.standing = Standing::Dropped,
            (_, Some(pause)) => self.wait_until(&mut inner, delivery.id, now.after(Duration::from_millis(pause))),
        }
    }

    fn sign(&self, delivery: &Delivery) -> sender::Signature {
        let switches = &self.shared.control.switches;
        let first = switches.is(&switches::WEBHOOK_RETRY_SIGNATURE, super::REALM, "first");
        if let Some(signature) = delivery.first_signature.clone().filter(|_| first) {
            return Some(signature);
        }
        let seconds = self.shared.clock.now().as_seconds().saturating_add(delivery.skew_seconds);
        let in_millis = switches.is(&switches::WEBHOOK_TIMESTAMP, super::REALM, "millis");
        let timestamp = if in_millis { seconds.saturating_mul(1_000) } else { seconds }.to_string();
        let secret = &self.shared.app.webhook_secret;
        let forged = format!("not {secret}");
        let secret = match delivery.signed_as {
            SignedAs::Valid => secret,
            SignedAs::Forged => &forged,
            SignedAs::Missing => return None,
        };
        let value = signature::of_body(secret, &timestamp, &delivery.bytes);
        Some((timestamp, value))
    }

    /// Checks the endpoint as on saving it; a failure switches the sending off (`zoom.md` 6.1).
    pub(crate) async fn validate(&self) -> Verdict {
        let plain = Fresh(self.shared.ids.as_ref()).secret();
        let verdict = endpoint::check(&self.shared.app, &plain, self.shared.clock.now()).await;
        let mut inner = locked(&self.inner);
        inner.checked_at = Some(self.shared.clock.now());
        inner.is_disabled = !verdict.valid;
        verdict
    }
}

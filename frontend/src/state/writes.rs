//! Writes on their way to Gainsight, and those that need their author.

use sidelight_api::activity::{PendingWrite, Task, WriteState};
use sidelight_domain::Timestamp;
use sidelight_domain::words::Word;

/// Whether a write waits for its author rather than for Gainsight.
#[must_use]
pub const fn needs_attention(write: &PendingWrite) -> bool {
    matches!(write.state, WriteState::Refused { .. } | WriteState::NeedsSignIn | WriteState::Kept)
}

/// Those that are not in Gainsight, the ones that need attention first.
#[must_use]
pub fn open_writes(writes: &[PendingWrite]) -> Vec<PendingWrite> {
    let is_open = |write: &&PendingWrite| !matches!(write.state, WriteState::Done { .. });
    let open = || writes.iter().filter(is_open);
    let waiting = open().filter(|write| !needs_attention(write));
    open().filter(|write| needs_attention(write)).chain(waiting).cloned().collect()
}

/// Where a write is, in a sentence.
#[must_use]
pub fn sentence(write: &PendingWrite, now: Timestamp) -> String {
    match &write.state {
        WriteState::Waiting { .. } if write.task == Task::Delete => Word::WriteDeleting.text().to_owned(),
        WriteState::Done { .. } => Word::WriteDone.text().to_owned(),
        WriteState::Waiting { next_try_at, .. } => {
            let seconds = next_try_at.since(now).as_secs();
            let (word, count) = match seconds {
                0 => return Word::WriteWaitingNow.text().to_owned(),
                1..=90 => (Word::WriteWaitingSeconds, seconds),
                _ => (Word::WriteWaitingMinutes, seconds.div_ceil(60)),
            };
            word.fill(&[("count", &count.to_string())])
        }
        WriteState::NeedsSignIn => Word::WriteNeedsSignIn.text().to_owned(),
        WriteState::Kept => Word::WriteKept.text().to_owned(),
        WriteState::Refused { message, .. } => message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{at, company};
    use sidelight_domain::ids::{ExternalId, WriteId};
    use uuid::Uuid;

    fn write(number: u128, state: WriteState) -> PendingWrite {
        let id = WriteId::new(Uuid::from_u128(number));
        PendingWrite {
            id,
            external_id: ExternalId::of_write(id),
            task: Task::Log,
            activity: None,
            entity: company("N").reference,
            entity_name: "N".to_owned(),
            subject: "S".to_owned(),
            stored_at: at(i64::try_from(number).unwrap()),
            person: None,
            state,
        }
    }

    fn waiting(millis: i64) -> WriteState {
        WriteState::Waiting { next_try_at: at(millis), tries: 1 }
    }

    #[test]
    fn attention_comes_first_and_done_is_gone() {
        let writes =
            [write(1, waiting(0)), write(2, WriteState::Done { activity: None }), write(3, WriteState::NeedsSignIn)];
        let order: Vec<_> = open_writes(&writes).iter().map(|write| write.id.uuid().as_u128()).collect();
        assert_eq!(order, [3, 1]);
    }

    #[test]
    fn a_waiting_write_says_when_it_goes_again() {
        let cases = [(0, "now"), (30_000, "30 s"), (600_000, "10 min")];
        for (millis, part) in cases {
            let text = sentence(&write(1, waiting(millis)), at(0));
            assert!(text.contains(part), "{text}");
        }
    }
}

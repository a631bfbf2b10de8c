//! The labelled meetings, played to the rules that the server recognises people and companies by. The bench plays a second corpus, too,
//! which no test knows and which the rules were not written by (`cargo xtask bench people`).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a corpus that does not fit itself has to fail; the bench reads lines"
)]

mod play;
mod tally;

use sidelight_sandbox::corpus;
use tally::Tally;

const SEED: u64 = 1;

#[test]
fn nobody_is_linked_falsely_and_what_is_suggested_is_right() {
    let tally = measured(SEED);
    assert_eq!(tally.false_links, 0);
    assert_eq!(tally.chosen_wrongly, 0);
    assert!(tally.precision() >= 98.0, "{}", tally.precision());
}

#[test]
#[ignore = "only the bench plays the second corpus, so that no rule is made to fit it"]
fn the_second_corpus_holds_the_same_floors() {
    let tally = measured(seed_of_the_bench());
    assert!(tally.false_links == 0 && tally.chosen_wrongly == 0 && tally.precision() >= 98.0);
}

fn measured(seed: u64) -> Tally {
    let corpus = corpus::draw(seed);
    let mut tally = Tally::default();
    for meeting in &corpus.meetings {
        tally.count(meeting, &play::meeting(meeting, &corpus.tenants));
    }
    tally.tell(seed);
    tally
}

#[expect(clippy::disallowed_methods, reason = "the bench names the second seed, which tests must not know")]
fn seed_of_the_bench() -> u64 {
    std::env::var("SIDELIGHT_SECOND_SEED").unwrap().parse().unwrap()
}

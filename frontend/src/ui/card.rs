//! What more there is to know of a person, below the row that was opened.

use sidelight_api::card::{Card, Job};
use sidelight_api::people::Attendee;
use sidelight_domain::words::Word;

use crate::app::{App, CardState};
use crate::state::age::age;
use crate::state::locale::Locale;
use crate::ui::activity::type_mark;
use crate::ui::follow::shown;
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::{loading, trouble_note};

/// Asks for it once the row opens.
pub(super) fn card(app: App, attendee: &Attendee) -> Option<Piece> {
    let (tenant, email) = (attendee.tenant.clone()?, attendee.email.clone()?);
    attendee.record.as_ref().filter(|_| attendee.company.is_some() || !attendee.also_at.is_empty())?;
    app.load_card(&tenant, &email);
    let content = shown(
        move || app.card.get(),
        move |state| match state {
            CardState::Of(of, _) if *of != email => pieces(),
            CardState::Of(_, Ok(card)) => whole(app, card),
            CardState::Of(_, Err(trouble)) => {
                let (tenant, email) = (tenant.clone(), email.clone());
                trouble_note(trouble, move || app.load_card(&tenant, &email))
            }
            CardState::None => loading(2),
        },
    );
    Some(el("div").class("card-more").child(content))
}

fn whole(app: App, card: &Card) -> Piece {
    let jobs = el("ul").class("jobs").child(card.jobs.iter().map(job).collect::<Piece>());
    let link = card.link.clone().map(|link| {
        let open = button("button small quiet").click(move || app.open_url(&link));
        el("p").child(open.child(icon("external")).child(Word::ActivityOpen))
    });
    pieces().child(jobs).child(activities(app, card)).child(link)
}

fn job(job: &Job) -> Piece {
    let tag = if job.is_former { Some(Word::CardFormer) } else { job.is_primary.then_some(Word::CardPrimary) };
    let what = [job.title.as_deref(), job.role.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let name =
        el("span").child(el("b").child(job.company.as_str())).child(tag.map(|tag| el("span").class("tag").child(tag)));
    el("li").child(name).child((!what.is_empty()).then(|| el("small").child(what)))
}

fn activities(app: App, card: &Card) -> Piece {
    let Some(activities) = &card.activities else { return el("p").class("hint").child(Word::CardUnread) };
    let now = app.now.get_untracked();
    let met = card.met_at.map_or_else(
        || Word::CardNeverMet.text().to_owned(),
        |at| Word::CardMet.fill(&[("age", &age(now, at)), ("day", &app.locale().day(at))]),
    );
    let since = card.since.map(|count| match count {
        0 => Word::CardNothingSince.text().to_owned(),
        1 => Word::CardSinceOne.text().to_owned(),
        count => Word::CardSince.fill(&[("count", &count.to_string())]),
    });
    let said = [Some(met), since].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let row = |activity: &sidelight_api::timeline::ActivitySummary| {
        let to_open = activity.clone();
        let text = el("span")
            .child(el("b").child(activity.subject.as_str()))
            .child(el("small").child(app.locale().day(activity.held_at)));
        el("li").child(
            button("card-activity")
                .click(move || app.open_from_card(to_open.clone()))
                .child(type_mark(&activity.type_name))
                .child(text),
        )
    };
    let list = (!activities.is_empty()).then(|| {
        pieces()
            .child(el("ul").class("card-activities").child(activities.iter().map(row).collect::<Piece>()))
            .child(el("p").class("hint").child(Word::CardByName))
    });
    pieces().child(el("p").class("card-met").child(said)).child(list)
}

//! The drawer "Simulate": each control with one sentence about what it shows.

use maud::{Markup, html};

use super::page::icon;

/// Where the drawer opens: some controls need a meeting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Meeting,
    MainClient,
}

/// The whole drawer, for the person of this key.
pub(super) fn show(place: Place, person: &str) -> Markup {
    html! {
        aside #drawer.side aria-labelledby="drawer-title" hidden {
            header {
                h2 #drawer-title tabindex="-1" { "Simulate" }
                button #close-drawer.plain type="button" aria-label="Close simulate" { (icon("x")) }
            }
            (persona(place, person))
            @if place == Place::Meeting { (joining()) (going()) (meeting()) }
            (panel(place))
            (sdk(place))
            (cloud(place))
            (traffic())
        }
    }
}

fn group(title: &str, controls: &Markup) -> Markup {
    html! {
        fieldset { legend { (title) } (controls) }
    }
}

/// A control and its sentence; `id` is the control's.
fn explained(id: &str, sentence: &str, control: &Markup) -> Markup {
    html! {
        div.control { (control) p.quiet id={ (id) "-about" } { (sentence) } }
    }
}

fn button(id: &str, label: &str, sentence: &str) -> Markup {
    explained(id, sentence, &html! { button id=(id) type="button" aria-describedby={ (id) "-about" } { (label) } })
}

/// A tick box that is bound to a setting of the page.
fn setting(id: &str, name: &str, label: &str, sentence: &str) -> Markup {
    explained(
        id,
        sentence,
        &html! {
            label.tick { input id=(id) type="checkbox" data-setting=(name) aria-describedby={ (id) "-about" }; (label) }
        },
    )
}

/// A tick box that the script binds by its id.
fn tick(id: &str, label: &str, sentence: &str) -> Markup {
    explained(
        id,
        sentence,
        &html! { label.tick { input id=(id) type="checkbox" aria-describedby={ (id) "-about" }; (label) } },
    )
}

fn persona(place: Place, person: &str) -> Markup {
    let kinds = [("host", "Host"), ("co_host", "Co-host"), ("participant", "Colleague"), ("guest", "Guest")];
    let controls = html! {
        div.control {
            label for="view-as" { "View as" }
            select #view-as {}
            @if place == Place::Meeting {
                div.buttons {
                    @for (kind, label) in kinds {
                        button type="button" data-view-as=(kind) { (label) }
                    }
                }
            }
            p.quiet { "Opens the window as somebody else: host and co-host alone get the list of people; a guest has not added the app." }
        }
        @if place == Place::Meeting {
            p.quiet { a href={ "/client?as=" (person) } { "Open the main client" } " to see the panel without a meeting." }
        }
    };
    group("Who looks", &controls)
}

fn joining() -> Markup {
    let reasons = [
        ("hidden", "no: nobody gave it to Zoom"),
        ("calendar_invitation", "yes: on the calendar invitation"),
        ("registered", "yes: registered"),
        ("external_authentication", "yes: external authentication"),
        ("authentication_exception", "yes: authentication exception"),
        ("breakout_assignment", "yes: assigned to a breakout room"),
    ];
    let controls = html! {
        (button("join-shared", "Guest with e-mail joins", "A customer who is on the calendar invitation: the host's app sees the address."))
        (button("join-hidden", "Guest without e-mail joins", "Somebody who typed a name only: nothing to look up."))
        (button("join-phone", "Telephone joins", "A number, neither name nor address."))
        (button("join-room", "Meeting room joins", "A device with a name of its own and an address that is nobody's."))
        div.control {
            label for="known" { "Somebody known" }
            div.pair { input #known list="known-people" placeholder="Type a name"; button #join-known type="button" { "Joins" } }
            datalist #known-people {}
            p.quiet { "Colleagues, and the people at customers; who is in already comes with a second device." }
        }
        details {
            summary { "Somebody new" }
            form #join-form {
                label { "Name" input name="name" required maxlength="20000"; }
                label { "E-mail" input name="email" type="text" inputmode="email"; }
                label { "Is it shown to the host?" select name="disclosure" {
                    @for (value, words) in reasons { option value=(value) { (words) } }
                } }
                label.tick { input name="signed-in" type="checkbox"; "Signed in to Zoom" }
                button type="submit" { "Joins" }
            }
        }
    };
    group("Somebody joins", &controls)
}

fn going() -> Markup {
    let controls = html! {
        div.control {
            label for="person" { "Person" }
            select #person {}
            div.buttons {
                button #leaves type="button" { "Leaves" }
                button #rejoins type="button" { "Rejoins" }
                button #promotes type="button" { "Make co-host" }
                button #demotes type="button" { "Make participant" }
                button #makes-host type="button" { "Make host" }
                button #owns type="button" { "Make it their meeting" }
                button #signs-out type="button" { "Not signed in" }
                button #puts-back type="button" { "To waiting room" }
                button #to-room type="button" { "To breakout room" }
                button #from-room type="button" { "Back to main room" }
            }
            p.quiet { "A rejoin gives new ids to the same person; a role change gives a new participantUUID, by switch." }
            p.quiet { "Who is made host of somebody else's meeting is an alternative host; a meeting made a customer's own is reported to nobody here." }
        }
        div.control {
            span #replies { "Asked for the address, this person" }
            div.buttons role="group" aria-labelledby="replies" {
                button #says-yes type="button" { "Agrees" }
                button #says-no type="button" { "Says no" }
                button #says-silent type="button" { "Does not answer" }
            }
            p.quiet { "The app may ask everybody in the room. Only the verified address of a signed-in user is told." }
        }
        div.control {
            label for="new-name" { "New name" }
            div.pair { input #new-name maxlength="20000"; button #renames type="button" { "Renames" } }
            p.quiet { "The list shows it; no webhook tells of it." }
        }
    };
    group("Somebody in the meeting", &controls)
}

fn meeting() -> Markup {
    let controls = html! {
        div.control {
            label for="fill-to" { "Fill up to" }
            div.pair { input #fill-to type="number" min="1" max="1000" value="1000"; button #fill type="button" { "Fill" } }
            p.quiet { "People come until there are so many: a third with an address, a third without, a third not signed in." }
        }
        (tick("waiting-room", "Waiting room", "Strangers wait until the host admits them in the list of participants."))
        (tick("recording", "Cloud recording", "Tells the host's panel that the meeting is recorded."))
        div.buttons {
            button #end type="button" { "End the meeting" }
            button #start type="button" { "Start again" }
        }
        p.quiet { "The end closes the panel; the next start is another instance with another id." }
    };
    group("The meeting", &controls)
}

fn panel(place: Place) -> Markup {
    let contexts: &[&str] = match place {
        Place::Meeting => &["inMeeting", "inCollaborate", "inImmersive", "inMainClient"],
        Place::MainClient => &["inMainClient"],
    };
    let controls = html! {
        div.control {
            label for="popout-variant" { "Pop out and merge" }
            select #popout-variant {
                option value="keeps_page" { "keep the page" }
                option value="reloads_page" { "load the page again" }
            }
            p.quiet { "Nobody documents which of the two Zoom does, so the panel must stand both." }
        }
        div.control {
            span #widths { "Width" }
            div.buttons role="group" aria-labelledby="widths" {
                @for width in [280, 320, 400, 500] {
                    button type="button" data-width=(width) { (width) " px" }
                }
            }
            p.quiet { "Zoom's panel is narrow and can be dragged; no app can set its width." }
        }
        @if place == Place::Meeting {
            (button("be-invited", "Be invited", "Somebody else in the meeting invites the person who looks: View, Add, authorise, sign in."))
        }
        (button("reload-panel", "Reload the panel", "As “Refresh App” does: a fresh page must find everything again."))
        div.control {
            label for="running-context" { "Running context" }
            select #running-context {
                @for context in contexts { option value=(context) { (context) } }
            }
            p.quiet { "May change while the app is open; the panel must configure itself anew." }
        }
    };
    group("The panel", &controls)
}

fn sdk(place: Place) -> Markup {
    let controls = html! {
        div.control {
            label for="slow" { "Slow answers, in milliseconds" }
            input #slow type="number" min="0" max="120000" step="100" value="0" aria-describedby="slow-about";
            p.quiet #slow-about { "Each answer of the SDK comes so late; after ten seconds the SDK gives up." }
        }
        (setting("lost", "losesAnswers", "Lost answers", "No answer arrives at all."))
        (setting("lost-events", "losesEvents", "Lost events", "Nobody is told that people come and go."))
        (setting("double-events", "doublesEvents", "Doubled events", "Each event arrives twice."))
        (setting("swap-events", "swapsEvents", "Swapped events", "Two events in a row arrive in the wrong order."))
        (tick("reject-host-only", "Reject host-only names as a whole", "A configuration that names something for hosts only is refused altogether, as one report says, instead of listing it as unsupported."))
        (setting("decline", "declinesConsent", "Decline consent", "The person says no when the app asks for access."))
        @if place == Place::Meeting {
            div.control {
                label for="refuse-emails" { "Asking for addresses" }
                select #refuse-emails {
                    option value="0" { "is possible" }
                    option value="10017" { "is declined by the person (10017)" }
                    option value="10001" { "fails in the client (10001)" }
                    option value="10285" { "is under way already (10285)" }
                }
                p.quiet { "What the client answers when the app wants everybody asked." }
            }
            (setting("quiet-mode", "doNotDisturb", "Do not disturb", "Notifications of the app are refused."))
        }
    };
    group("The SDK", &controls)
}

fn cloud(place: Place) -> Markup {
    let controls = html! {
        @if place == Place::Meeting {
            p.quiet #reported {}
        }
        (tick("webhooks-off", "Webhooks off", "Zoom tells the app nothing, as if its subscription were missing."))
        @if place == Place::Meeting {
            (button("replay", "Tell the app again who is here", "A convenience that Zoom lacks: for an app that was added after the meeting began."))
        }
        div.control {
            div.buttons {
                button #add-app type="button" { "Add Sidelight" }
                button #remove-app type="button" { "Remove Sidelight" }
            }
            p.quiet { "For the person who looks, as in the Marketplace; on removal the app is told to delete the data." }
        }
        (button("check-endpoint", "Check the webhook endpoint", "Zoom does it when the address is saved, and every 72 hours."))
        p #endpoint-verdict role="status" {}
    };
    group("Zoom's cloud", &controls)
}

fn traffic() -> Markup {
    let list = html! {
        p.quiet { "Calls and events of this panel, newest first." }
        ol #traffic.traffic {}
    };
    group("What the panel asked", &list)
}

//! A note of about a hundred kilobytes, as automatic transcripts are.

/// The transcript of a long call.
pub(super) fn transcript() -> String {
    const LINES: &[(&str, &str)] = &[
        ("Nora Quinn", "Can everybody see the plan of the yard? I will zoom in on doors nine to fourteen."),
        (
            "Michael Chen",
            "Those are the two doors that freeze shut in January, so whatever the model says, nobody books them.",
        ),
        (
            "Tom Okafor",
            "Then the model should know. A door can have a season; it is one field, we just never filled it.",
        ),
        (
            "Michael Chen",
            "If it is one field then fill it, please, before the planners see a green slot that is solid ice.",
        ),
        (
            "Nora Quinn",
            "Noted. Next: carriers who book three slots and come to one. How often does that happen in a week?",
        ),
        ("Michael Chen", "Ask the guard, he has it on paper. I would say thirty times, and forty before Thanksgiving."),
        ("Tom Okafor", "We can release a slot after twenty minutes and text the next truck on the list."),
        (
            "Michael Chen",
            "Fifteen. After fifteen minutes my crew has left the dock, and getting them back takes another ten.",
        ),
    ];
    let mut html = String::with_capacity(110_000);
    html.push_str("<p><em>Automatic transcript, not reviewed.</em></p>");
    for turn in 0..900_usize {
        let (speaker, line) = LINES[turn % LINES.len()];
        let (minute, second) = (turn / 15, turn % 15 * 4);
        let said = format!("<p>[{minute:02}:{second:02}] <strong>{speaker}:</strong> {line}</p>");
        html.push_str(&said);
    }
    html
}

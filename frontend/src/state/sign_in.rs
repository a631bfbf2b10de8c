//! Signing in: the branches of the product document, then the way through the browser (design 4.3).

use sidelight_api::sign_in::{Account, Branch, DataCentre, Domain, Failure, SignIn, SignInRequest, Step};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{SignInId, TenantKey};
use sidelight_domain::words::Word;

/// How many digits the browser page shows.
pub const CODE_LENGTH: usize = 6;

/// Which question the screen asks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Question {
    /// "Sign In".
    #[default]
    Intro,
    /// Gainsight Account or Salesforce Account.
    Account,
    /// Username.
    Username,
    /// "Select domain".
    Select(Vec<Domain>),
    /// "Gainsight Domain" and "Choose Data Center Location".
    Typed(Vec<DataCentre>),
    /// Waits for the browser.
    Browser(Box<SignIn>),
    /// "Welcome to Gainsight".
    Welcome,
}

/// Where a sign-in stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Flow {
    /// The question on the screen.
    pub question: Question,
    /// What was typed under "Username".
    pub username: String,
    /// The link, which the server tells once.
    pub link: Option<String>,
}

impl Flow {
    /// Goes on with a sign-in that the server knows already, after a reload or a pop-out. Its link was told to another page.
    #[must_use]
    pub fn resumed(sign_in: Option<SignIn>) -> Self {
        let live = sign_in
            .filter(|sign_in| matches!(sign_in.step, Step::LinkMade | Step::LinkOpened | Step::CodeNeeded { .. }));
        live.map_or_else(Self::default, |sign_in| Self {
            link: sign_in.link.clone(),
            question: Question::Browser(Box::new(sign_in)),
            username: String::new(),
        })
    }

    /// Takes the branch for the username; `Some` if the link can be made without asking further.
    pub fn branch(&mut self, branch: Branch) -> Option<SignInRequest> {
        match branch {
            Branch::Single { domain } => return Some(self.request(Some(domain.tenant), None, None)),
            Branch::Environments { domains } => self.question = Question::Select(domains),
            Branch::Typed { data_centres } => self.question = Question::Typed(data_centres),
        }
        None
    }

    /// What asks the server for a link.
    #[must_use]
    pub fn request(
        &self,
        tenant: Option<TenantKey>,
        domain: Option<String>,
        data_centre: Option<String>,
    ) -> SignInRequest {
        let username = self.username.trim().to_owned();
        SignInRequest { account: Account::Gainsight, username, tenant, domain, data_centre }
    }

    /// Takes what the server says of the sign-in; an answer about another one is dropped.
    pub fn progress(&mut self, sign_in: SignIn) {
        if let Question::Browser(current) = &self.question
            && current.id != sign_in.id
            && sign_in.link.is_none()
        {
            return;
        }
        if sign_in.link.is_some() {
            self.link.clone_from(&sign_in.link);
        }
        self.question =
            if sign_in.step == Step::SignedIn { Question::Welcome } else { Question::Browser(Box::new(sign_in)) };
    }

    /// The sign-in that is under way.
    #[must_use]
    pub fn under_way(&self) -> Option<SignInId> {
        let Question::Browser(sign_in) = &self.question else { return None };
        (!matches!(sign_in.step, Step::Failed { .. })).then_some(sign_in.id)
    }

    /// Where to begin anew: with the username, unless Salesforce asks for that.
    #[must_use]
    pub fn beginning(&self) -> Question {
        if self.username.is_empty() { Question::Account } else { Question::Username }
    }

    /// One question back; the way back from the browser ends the sign-in.
    pub fn back(&mut self) {
        self.link = None;
        self.question = match self.question {
            Question::Intro | Question::Account | Question::Welcome => Question::Intro,
            Question::Username => Question::Account,
            Question::Select(_) | Question::Typed(_) | Question::Browser(_) => self.beginning(),
        };
    }
}

/// Whether the link is past its time though the server has not said so yet.
#[must_use]
pub fn is_expired(sign_in: &SignIn, now: Timestamp) -> bool {
    now >= sign_in.expires_at && matches!(sign_in.step, Step::LinkMade | Step::LinkOpened)
}

/// Why a sign-in came to nothing, and what to do.
#[must_use]
pub const fn failure(why: Failure) -> Word {
    match why {
        Failure::Expired => Word::SignInExpired,
        Failure::Declined => Word::SignInDeclined,
        Failure::ApplicationRefused => Word::SignInApplicationRefused,
        Failure::TenantDown => Word::SignInTenantDown,
        Failure::IdentityUnproven => Word::SignInIdentityUnproven,
        Failure::UnknownUser => Word::SignInUnknownUser,
        Failure::Inactive => Word::ErrorInactive,
        Failure::NoLicence => Word::ErrorNoLicence,
        Failure::WrongCode => Word::SignInWrongCode,
        Failure::Replaced => Word::SignInReplaced,
    }
}

/// The digits of what was typed or pasted as the code.
#[must_use]
pub fn code_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(CODE_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::at;
    use uuid::Uuid;

    fn sign_in(number: u128, step: Step, link: Option<&str>) -> SignIn {
        SignIn {
            id: SignInId::new(Uuid::from_u128(number)),
            tenant: TenantKey::new("lumen"),
            link: link.map(str::to_owned),
            expires_at: at(300_000),
            step,
        }
    }

    fn domain() -> Domain {
        Domain {
            tenant: TenantKey::new("lumen"),
            name: "Lumen".to_owned(),
            host: "lumen.test".to_owned(),
            environment: "Production".to_owned(),
        }
    }

    #[test]
    fn a_single_domain_goes_straight_on() {
        let mut flow = Flow { username: " casey ".to_owned(), ..Flow::default() };
        let request = flow.branch(Branch::Single { domain: domain() }).unwrap();
        assert_eq!((request.username.as_str(), request.tenant), ("casey", Some(TenantKey::new("lumen"))));
        assert_eq!(flow.branch(Branch::Environments { domains: vec![domain()] }), None);
        assert!(matches!(flow.question, Question::Select(_)));
        assert_eq!(flow.branch(Branch::Typed { data_centres: Vec::new() }), None);
        assert!(matches!(flow.question, Question::Typed(_)));
    }

    #[test]
    fn the_link_is_told_once_and_kept() {
        let mut flow = Flow::default();
        flow.progress(sign_in(1, Step::LinkMade, Some("https://s.test/signin/x")));
        flow.progress(sign_in(1, Step::LinkOpened, None));
        assert_eq!(flow.link.as_deref(), Some("https://s.test/signin/x"));
        assert_eq!(flow.under_way(), Some(SignInId::new(Uuid::from_u128(1))));
        flow.progress(sign_in(1, Step::SignedIn, None));
        assert_eq!(flow.question, Question::Welcome);
    }

    #[test]
    fn news_of_an_older_sign_in_are_dropped() {
        let mut flow = Flow::default();
        flow.progress(sign_in(2, Step::LinkMade, Some("l")));
        flow.progress(sign_in(1, Step::Failed { why: Failure::Replaced }, None));
        assert_eq!(flow.under_way(), Some(SignInId::new(Uuid::from_u128(2))));
    }

    #[test]
    fn only_a_live_sign_in_is_resumed() {
        assert_eq!(Flow::resumed(Some(sign_in(1, Step::SignedIn, None))), Flow::default());
        assert_eq!(Flow::resumed(Some(sign_in(1, Step::Failed { why: Failure::Expired }, None))), Flow::default());
        assert!(Flow::resumed(Some(sign_in(1, Step::LinkOpened, None))).under_way().is_some());
    }

    #[test]
    fn the_way_back_leads_through_every_question() {
        let username = "casey".to_owned();
        let mut flow = Flow { question: Question::Select(Vec::new()), username, ..Flow::default() };
        for expected in [Question::Username, Question::Account, Question::Intro, Question::Intro] {
            flow.back();
            assert_eq!(flow.question, expected);
        }
    }

    #[test]
    fn without_a_username_the_way_back_from_the_browser_leads_to_the_accounts() {
        let mut flow = Flow::resumed(Some(sign_in(1, Step::LinkMade, Some("l"))));
        flow.back();
        assert_eq!(flow.question, Question::Account);
    }

    #[test]
    fn a_link_dies_at_its_time_unless_somebody_is_through() {
        assert!(is_expired(&sign_in(1, Step::LinkMade, None), at(300_000)));
        assert!(!is_expired(&sign_in(1, Step::LinkMade, None), at(299_999)));
        let code = Step::CodeNeeded { name: "C".to_owned(), tries_left: 3 };
        assert!(!is_expired(&sign_in(1, code, None), at(400_000)));
    }

    #[test]
    fn a_pasted_code_is_cleaned() {
        for (text, digits) in [("123 456", "123456"), ("12a", "12"), ("1234567", "123456"), ("", "")] {
            assert_eq!(code_digits(text), digits, "{text:?}");
        }
    }
}

//! Tries to sign in to a tenant with the protected link of design 4.3. A person has at most one open per tenant.

use secrecy::{ExposeSecret, SecretString};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{SessionId, SignInId, TenantKey};

use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, Statement, sql};
use crate::{Digest, Error, PersonKey, Unit};

const USERNAME: Column = Column::new("sign_ins.username_sealed");
const VERIFIER: Column = Column::new("sign_ins.verifier_sealed");
const IDENTITY: Column = Column::new("sign_ins.identity_sealed");
const TOKENS: Column = Column::new("sign_ins.tokens_sealed");
const COLUMNS: &str = "id, person, session, tenant, account, username_sealed, cookie_digest, state_digest, verifier_sealed, \
    code_digest, tries_left, step, identity_sealed, tokens_sealed, created_at, expires_at, opened_at, ended_at";
const ADDING_TRIES: usize = 3;

repository! {
    /// Sign-ins that are under way.
    SignIns
}

/// One try to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// Which one.
    pub id: SignInId,
    /// Who began it.
    pub person: PersonKey,
    /// In which session.
    pub session: SessionId,
    /// Where to.
    pub tenant: TenantKey,
    /// With which account; the words are the caller's.
    pub account: String,
    /// What the person typed as his name there.
    pub username: String,
    /// Digest of the cookie of the browser that opened the link.
    pub cookie: Option<Digest>,
    /// Digest of the OAuth state, once somebody was sent on.
    pub state: Option<Digest>,
    /// The PKCE verifier.
    pub verifier: Option<SecretString>,
    /// Keyed digest of the code that the browser shows: six digits are too few for a plain one.
    pub code: Option<Digest>,
    /// How often a wrong code may still be typed.
    pub tries_left: u32,
    /// How far it is; the words are the caller's.
    pub step: String,
    /// Who signed in, as JSON.
    pub identity: Option<String>,
    /// The tokens that wait for the code, as JSON.
    pub tokens: Option<SecretString>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When the link was opened.
    pub opened_at: Option<Timestamp>,
    /// When it ended, in whichever way. Set it to end the try: its secrets are forgotten then.
    pub ended_at: Option<Timestamp>,
}

debug_by_ids!(SignIn { id, person, session, tenant, tries_left, step, created_at, expires_at, opened_at, ended_at });

impl SignIn {
    /// Whether it can still lead to a sign-in.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

/// What a new try is made of.
pub struct NewSignIn<'a> {
    /// Who begins it.
    pub person: PersonKey,
    /// In which session.
    pub session: SessionId,
    /// Where to.
    pub tenant: &'a TenantKey,
    /// With which account, in the caller's words.
    pub account: &'a str,
    /// What the person typed as his name there.
    pub username: &'a str,
    /// Digest of the one-time link.
    pub link: Digest,
    /// How often a wrong code may be typed.
    pub tries_left: u32,
    /// The first step, in the caller's words.
    pub step: &'a str,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

debug_by_ids!(NewSignIn<'_> { person, session, tenant, expires_at });

impl SignIns<'_> {
    /// Begins a try and ends an open one of the same person and tenant, which is given back too.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn add(&mut self, new: &NewSignIn<'_>) -> Result<(SignIn, Option<SignIn>), Error> {
        let mut replaced = None;
        for _ in 0..ADDING_TRIES {
            if let Some(mut open) = self.find_open(&new.person, new.tenant).await? {
                open.ended_at = Some(self.unit.now());
                "replaced".clone_into(&mut open.step);
                self.save(&open).await?;
                replaced = Some(open);
            }
            let id = SignInId::new(self.unit.uuid());
            if self.insert(id, new).await? {
                let stored = self.find(id).await?;
                let stored = stored.ok_or_else(|| Error::Unreadable { column: "sign_ins.id".to_owned() })?;
                return Ok((stored, replaced));
            }
            // Another server began one by the time of the insert; that one is replaced in its turn.
        }
        Err(Error::timed_out("beginning a sign-in"))
    }

    async fn insert(&mut self, id: SignInId, new: &NewSignIn<'_>) -> Result<bool, Error> {
        let insert =
            sql("INSERT INTO sign_ins (organisation, id, person, session, tenant, username_sealed, link_digest, \
             tries_left, step, created_at, expires_at, account) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(new.person)
            .bind(new.session)
            .bind(new.tenant)
            .bind(self.unit.seal(USERNAME, &id, new.username)?)
            .bind(new.link)
            .bind(new.tries_left)
            .bind(new.step)
            .bind(self.unit.now())
            .bind(new.expires_at)
            .bind(new.account);
        Ok(self.unit.run(insert).await? > 0)
    }

    /// Opens a one-time link for the browser that gets `cookie`: once, in time, and while the try is open.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn open_link(&mut self, link: &Digest, cookie: &Digest) -> Result<Option<SignIn>, Error> {
        let update = format!(
            "UPDATE sign_ins SET cookie_digest = $3, opened_at = $4 WHERE organisation = $1 AND link_digest = $2 \
             AND opened_at IS NULL AND ended_at IS NULL AND expires_at > $4 RETURNING {COLUMNS}"
        );
        let now = self.unit.now();
        self.fetch(sql(update).bind(link).bind(cookie).bind(now)).await
    }

    /// A try, open or not.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, id: SignInId) -> Result<Option<SignIn>, Error> {
        let select = format!("SELECT {COLUMNS} FROM sign_ins WHERE organisation = $1 AND id = $2");
        self.fetch(sql(select).bind(id).locking()).await
    }

    /// A try of this person, open or not.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_of(&mut self, person: &PersonKey, id: SignInId) -> Result<Option<SignIn>, Error> {
        Ok(self.find(id).await?.filter(|sign_in| sign_in.person == *person))
    }

    /// The open try that this OAuth state belongs to.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_by_state(&mut self, state: &Digest) -> Result<Option<SignIn>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM sign_ins WHERE organisation = $1 AND state_digest = $2 AND ended_at IS NULL"
        );
        self.fetch(sql(select).bind(state).locking()).await
    }

    /// The latest try of a person, open or not: what his panel shows.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_latest(&mut self, person: &PersonKey) -> Result<Option<SignIn>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM sign_ins WHERE organisation = $1 AND person = $2 ORDER BY created_at DESC, id DESC LIMIT 1"
        );
        self.fetch(sql(select).bind(person)).await
    }

    async fn find_open(&mut self, person: &PersonKey, tenant: &TenantKey) -> Result<Option<SignIn>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM sign_ins WHERE organisation = $1 AND person = $2 AND tenant = $3 AND ended_at IS NULL"
        );
        self.fetch(sql(select).bind(person).bind(tenant).locking()).await
    }

    /// Stores how far a try is, unless it has ended meanwhile; tells whether it did. Verifier, identity and tokens of an ended try
    /// are forgotten.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save(&mut self, sign_in: &SignIn) -> Result<bool, Error> {
        let id = sign_in.id;
        let is_open = sign_in.ended_at.is_none();
        let verifier = sign_in.verifier.as_ref().filter(|_| is_open).map(ExposeSecret::expose_secret);
        let tokens = sign_in.tokens.as_ref().filter(|_| is_open).map(ExposeSecret::expose_secret);
        let identity = sign_in.identity.as_ref().filter(|_| is_open);
        let update =
            sql("UPDATE sign_ins SET state_digest = $3, verifier_sealed = $4, code_digest = $5, tries_left = $6, \
             step = $7, identity_sealed = $8, tokens_sealed = $9, expires_at = $10, ended_at = $11 \
             WHERE organisation = $1 AND id = $2 AND ended_at IS NULL")
            .bind(id)
            .bind(sign_in.state)
            .bind(self.unit.seal_some(VERIFIER, &id, verifier)?)
            .bind(sign_in.code)
            .bind(sign_in.tries_left)
            .bind(&sign_in.step)
            .bind(self.unit.seal_some(IDENTITY, &id, identity)?)
            .bind(self.unit.seal_some(TOKENS, &id, tokens)?)
            .bind(sign_in.expires_at)
            .bind(sign_in.ended_at);
        Ok(self.unit.run(update).await? > 0)
    }

    /// Leads an open try to another tenant, since only the login told which one; tells whether it was still open. An open try of the same
    /// person there ends, and is given back too.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn lead_to(&mut self, sign_in: &mut SignIn, tenant: &TenantKey) -> Result<(bool, Option<SignIn>), Error> {
        let mut replaced = self.find_open(&sign_in.person, tenant).await?.filter(|open| open.id != sign_in.id);
        if let Some(open) = &mut replaced {
            open.ended_at = Some(self.unit.now());
            "replaced".clone_into(&mut open.step);
            self.save(open).await?;
        }
        let update = sql("UPDATE sign_ins SET tenant = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL")
            .bind(sign_in.id)
            .bind(tenant);
        sign_in.tenant = tenant.clone();
        Ok((self.unit.run(update).await? > 0, replaced))
    }

    /// Ends all open tries of a person, forgets their secrets, and names them.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn end_all_of(&mut self, person: &PersonKey) -> Result<Vec<SignInId>, Error> {
        let update = sql(
            "UPDATE sign_ins SET verifier_sealed = NULL, identity_sealed = NULL, tokens_sealed = NULL, ended_at = $3 \
             WHERE organisation = $1 AND person = $2 AND ended_at IS NULL RETURNING id",
        )
        .bind(person)
        .bind(self.unit.now());
        self.unit.all(update).await?.iter().map(|row| row.get("id")).collect()
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Option<SignIn>, Error> {
        let row = self.unit.one(statement).await?;
        row.map(|row| sign_in(self.unit, &row)).transpose()
    }
}

fn sign_in(unit: &Unit, row: &Row) -> Result<SignIn, Error> {
    let id: SignInId = row.get("id")?;
    Ok(SignIn {
        id,
        person: row.get("person")?,
        session: row.get("session")?,
        tenant: row.get("tenant")?,
        account: row.get("account")?,
        username: unit.open(row, USERNAME, &id)?,
        cookie: row.get("cookie_digest")?,
        state: row.get("state_digest")?,
        verifier: unit.open_some(row, VERIFIER, &id)?.map(SecretString::from),
        code: row.get("code_digest")?,
        tries_left: row.get("tries_left")?,
        step: row.get("step")?,
        identity: unit.open_some(row, IDENTITY, &id)?,
        tokens: unit.open_some(row, TOKENS, &id)?.map(SecretString::from),
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        opened_at: row.get("opened_at")?,
        ended_at: row.get("ended_at")?,
    })
}

//! How keeping something can fail.

use std::borrow::Cow;
use std::fmt;

use sidelight_domain::ids::OrganisationId;
use sqlx::error::DatabaseError;

/// A read or a write that did not come about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database is locked, overloaded, restarting or away. Nothing was written.
    #[error("the database is busy or away")]
    Unavailable(#[source] Fault),
    /// The connection broke during a commit, so nobody knows whether it was applied.
    #[error("the database did not confirm a commit")]
    Unconfirmed(#[source] Fault),
    /// The database answered that a statement is wrong: a mistake of ours. Nothing was written.
    #[error("the database refused a statement")]
    Refused(#[source] Fault),
    /// No organisation with this id is kept here.
    #[error("{0} is not kept here")]
    UnknownOrganisation(OrganisationId),
    /// A row holds something that this version cannot read.
    #[error("the stored value of {column} cannot be read")]
    Unreadable {
        /// The column.
        column: String,
    },
    /// A sealed value does not open: it was altered, moved to another row, or sealed with another key.
    #[error("the sealed value of {column} does not open")]
    Unsealable {
        /// The table and column.
        column: &'static str,
    },
    /// The key of an organisation does not open.
    #[error("the key of an organisation cannot be used")]
    Key(#[source] KeyError),
    /// A unit that was opened for reading was asked to write.
    #[error("a unit opened for reading cannot write")]
    ReadOnly,
    /// A change to what belongs to a person was about to be committed without a row in the audit log. Only with
    /// [`Options::strict_audit`](crate::Options::strict_audit).
    #[error("a change to {table} was about to be committed without a row in the audit log")]
    Unaudited {
        /// The table that was changed.
        table: &'static str,
    },
}

impl Error {
    /// Whether the same call may succeed in a moment.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Unconfirmed(_) => true,
            Self::Refused(_)
            | Self::UnknownOrganisation(_)
            | Self::Unreadable { .. }
            | Self::Unsealable { .. }
            | Self::Key(_)
            | Self::ReadOnly
            | Self::Unaudited { .. } => false,
        }
    }

    /// Whether a commit may have been applied although we got no confirmation.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        matches!(self, Self::Unconfirmed(_))
    }

    /// Sorts what the driver says by what a caller can do about it.
    pub(crate) fn from_driver(error: &sqlx::Error) -> Self {
        let fault = Fault::of(error);
        if fault.passes { Self::Unavailable(fault) } else { Self::Refused(fault) }
    }

    /// The same for SQLite. A commit that it refuses was not applied.
    pub(crate) fn from_sqlite(error: &rusqlite::Error) -> Self {
        let fault = Fault::of_sqlite(error);
        if fault.passes { Self::Unavailable(fault) } else { Self::Refused(fault) }
    }

    /// The same during a commit: a database that goes down in the middle may have applied it.
    pub(crate) fn from_commit(error: &sqlx::Error) -> Self {
        let fault = Fault::of(error);
        let went_down =
            fault.code.as_ref().is_none_or(|code| ["08", "57P"].iter().any(|class| code.starts_with(class)));
        match (fault.passes, went_down) {
            (true, true) => Self::Unconfirmed(fault),
            (true, false) => Self::Unavailable(fault),
            (false, _) => Self::Refused(fault),
        }
    }

    pub(crate) fn timed_out(what: &'static str) -> Self {
        Self::Unavailable(Fault::timed_out(what))
    }

    /// The store was closed.
    pub(crate) fn closed() -> Self {
        Self::Unavailable(Fault { code: None, message: "the connections are closed".to_owned(), passes: true })
    }
}

/// What the database or its driver said, without any value of a row: PostgreSQL's details, which quote them, are left out.
#[derive(Debug)]
pub struct Fault {
    code: Option<String>,
    message: String,
    passes: bool,
}

impl Fault {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let passes = is_passing(error);
        if let sqlx::Error::Database(answer) = error {
            let code = answer.code().map(Cow::into_owned);
            return Self { code, message: answer.message().to_owned(), passes };
        }
        Self { code: None, message: error.to_string(), passes }
    }

    pub(crate) fn of_sqlite(error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|answer| answer.extended_code.to_string());
        let passes = code.as_ref().is_some_and(|code| crate::engine::sqlite::is_passing(code));
        Self { code, message: error.to_string(), passes }
    }

    pub(crate) fn timed_out(what: &'static str) -> Self {
        Self { code: None, message: format!("{what} took too long"), passes: true }
    }

    /// Whether the cause passes by itself.
    pub(crate) const fn passes(&self) -> bool {
        self.passes
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Fault {}

fn is_passing(error: &sqlx::Error) -> bool {
    if let sqlx::Error::Database(answer) = error {
        return answer_is_passing(answer.as_ref());
    }
    matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
    )
}

fn answer_is_passing(answer: &dyn DatabaseError) -> bool {
    let Some(code) = answer.code() else { return false };
    if answer.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        crate::engine::postgres::is_passing(&code)
    } else {
        crate::engine::sqlite::is_passing(&code)
    }
}

/// Why a key cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// It was wrapped by a master key that is not configured.
    #[error(
        "it is wrapped by the master key {key_id}, which is not configured: \
         add that key to SIDELIGHT_SECURITY__PREVIOUS_MASTER_KEYS (current key: {current})"
    )]
    UnknownMasterKey {
        /// The id of the key that is missing.
        key_id: String,
        /// The id of the key in `SIDELIGHT_SECURITY__MASTER_KEY`.
        current: String,
    },
    /// The right master key is there, but the wrapped key was altered.
    #[error("its wrapped form was altered")]
    Altered,
}

/// Why a store did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is neither `sqlite:` nor `postgres:`.
    #[error("SIDELIGHT_DATABASE__URL must begin with sqlite: or postgres:")]
    UnknownEngine,
    /// The address cannot be read.
    #[error("SIDELIGHT_DATABASE__URL cannot be read: {reason}")]
    Address {
        /// What is wrong with it; never the address itself, which may carry a password.
        reason: String,
    },
    /// No connection.
    #[error("no connection to the database")]
    Unreachable(#[source] Fault),
    /// The schema could not be brought up to date.
    #[error("the database schema could not be brought up to date")]
    Migration(#[from] MigrationError),
    /// The keys of the organisations could not be read.
    #[error("the keys kept in the database could not be read")]
    Keys(#[source] Error),
}

impl OpenError {
    /// Whether opening again may succeed in a moment.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(fault) | Self::Migration(MigrationError::Database(fault)) => fault.passes(),
            Self::Keys(error) => error.is_transient(),
            Self::UnknownEngine
            | Self::Address { .. }
            | Self::Migration(
                MigrationError::Edited { .. } | MigrationError::Missing { .. } | MigrationError::Failed { .. },
            ) => false,
        }
    }
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A migration that was applied reads differently in this binary.
    #[error("migration {version} ({name}) was edited after it was applied: stored checksum {stored}, ours {ours}")]
    Edited {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
        /// The checksum in the database.
        stored: String,
        /// The checksum in the binary.
        ours: String,
    },
    /// A migration that was applied is unknown to this binary, which is older than the schema.
    #[error(
        "migration {version} ({name}) was applied by a newer version; this version of Sidelight is too old for the schema"
    )]
    Missing {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A migration does not work on this database.
    #[error("migration {version} ({name}) failed; nothing was changed")]
    Failed {
        /// Its number.
        version: i64,
        /// Its name.
        name: &'static str,
        /// What the database said.
        #[source]
        fault: Fault,
    },
    /// The database went away meanwhile.
    #[error("the database is busy or away")]
    Database(#[source] Fault),
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn broken() -> sqlx::Error {
        sqlx::Error::Io(io::ErrorKind::ConnectionReset.into())
    }

    #[test]
    fn a_broken_connection_leaves_a_commit_open_and_nothing_else() {
        let unconfirmed = Error::from_commit(&broken());
        assert!(matches!(unconfirmed, Error::Unconfirmed(_)));
        assert!(unconfirmed.is_transient() && unconfirmed.may_have_been_applied());
        let unavailable = Error::from_driver(&broken());
        assert!(matches!(unavailable, Error::Unavailable(_)));
        assert!(unavailable.is_transient() && !unavailable.may_have_been_applied());
    }

    #[test]
    fn our_own_mistakes_do_not_pass() {
        for error in [sqlx::Error::RowNotFound, sqlx::Error::ColumnNotFound("x".to_owned())] {
            let refused = Error::from_driver(&error);
            assert!(matches!(refused, Error::Refused(_)) && !refused.is_transient(), "{refused:?}");
        }
        assert!(Error::from_driver(&sqlx::Error::PoolTimedOut).is_transient());
    }
}

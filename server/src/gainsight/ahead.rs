//! Reads ahead what a tenant's own credential reads for everybody, so that the first panel of the day finds it at hand.

use std::time::Duration;

use super::ask::AskError;
use super::budget::Urgency;
use super::portfolio::{SHOWN_FOR, book_for_everybody};
use super::tenants::TenantState;
use super::users::users;
use crate::app::App;

const EVERY: Duration = Duration::from_mins(10);

/// Runs until the shutdown.
pub async fn run(app: App) {
    loop {
        for state in app.tenants.shared() {
            if let Err(error) = read(&app, state).await {
                tracing::warn!(error = %error, tenant = %state.tenant.key, "What is shared in a tenant could not be read ahead.");
            }
        }
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// A few calls an hour: panels renew the list of companies by themselves while they use it.
async fn read(app: &App, state: &TenantState) -> Result<(), AskError> {
    users(app, state, Urgency::Background).await?;
    book_for_everybody(app, state, SHOWN_FOR, Urgency::Background).await?;
    Ok(())
}

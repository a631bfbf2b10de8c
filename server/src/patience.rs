//! Writing down what must not be lost, through a database that is locked or restarts meanwhile.

use std::time::Duration;

use sidelight_store::Error;

use crate::app::App;

const PAUSE: Duration = Duration::from_millis(100);

/// Writes something down, trying again for as long as the database may come back.
///
/// # Errors
/// What the database said last.
pub(crate) async fn written_down<F>(app: &App, patience: Duration, write: impl Fn() -> F) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>>,
{
    let until = app.clock.now().after(patience);
    loop {
        match write().await {
            Err(error) if error.is_transient() && app.clock.now() < until => tokio::time::sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
}

//! Reading a whole object page by page, in the order of ids: rows that come or go meanwhile move no page (`gainsight.md` 5.1).

use sidelight_domain::ids::Gsid;

use super::ask::AskError;

/// The most that one query gives.
pub(super) const PAGE: u32 = 5_000;
/// Fifty thousand records: beyond that a panel's search is the wrong tool, and the newest pages are simply not in it.
const MOST_PAGES: usize = 10;
/// So many records at least are there where some may be missing.
pub(super) const MOST_RECORDS: usize = MOST_PAGES * 5_000;

/// Every record, as `read` gives the page that begins behind a record.
///
/// # Errors
/// What `read` says to any page.
pub(super) async fn every_page<T, F>(
    id: impl Fn(&T) -> &Gsid,
    read: impl Fn(Option<Gsid>) -> F,
) -> Result<Vec<T>, AskError>
where
    F: Future<Output = Result<Vec<T>, AskError>>,
{
    let mut all: Vec<T> = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = read(all.last().map(|last| id(last).clone())).await?;
        let is_last = page.len() < PAGE as usize;
        all.extend(page);
        if is_last {
            break;
        }
    }
    Ok(all)
}

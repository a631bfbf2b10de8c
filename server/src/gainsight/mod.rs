//! The Gainsight side: what is read from tenants, within their call budgets and nobody's rights bent (design 4.6).

mod ahead;
mod ask;
mod attention;
mod budget;
mod keeper;
mod machine;
mod meeting;
mod mirror;
mod mirrored;
mod news;
mod notes;
mod pace;
mod pages;
mod people;
mod portfolio;
mod proof;
mod shelf;
mod standing;
mod tenants;
mod timeline;
mod users;

pub use ahead::run as read_ahead;
pub use ask::{AskError, Asker, Turn, ask, ask_knowing, state_of};
pub use attention::Attention;
pub use budget::Urgency;
pub use keeper::{KeeperError, application, expiry};
pub use meeting::{people_of, warm};
pub use mirror::{mirror_directories, run as keep_mirrors};
pub use news::{look_for_news, run as read_news};
pub use people::{Freshness, resolve};
pub use portfolio::{at_hand, portfolio, portfolio_shown, renew as renew_portfolio};
pub use proof::Proof;
pub use standing::renew_standing;
pub use tenants::{Customers, TenantState, Tenants};
pub use timeline::{activity, page as timeline_page, read_cursor};
pub use users::user_from_salesforce;

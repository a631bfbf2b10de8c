//! What every request goes through, whatever it asks for: ids, headers, limits, rights, the one error shape.

pub mod assets;
mod body_limit;
mod caller;
mod client_ip;
mod guard;
mod headers;
mod input;
mod limiter;
mod listen;
pub mod ops;
mod refusal;
mod request_id;

pub use body_limit::{LARGEST_BODY, limit_bodies};
pub use caller::{Caller, Reader, TenantAccess, is_approved, standing_of};
pub use client_ip::ClientIp;
pub use guard::{GuardedRoute, guarded, marked};
pub use headers::{Policy, html, security_headers};
pub use input::{Input, Query};
pub use limiter::Limiter;
pub use listen::{HEADERS_WITHIN, listen};
pub use refusal::{Answered, Refusal, finish_refusals};
pub use request_id::{RequestIds, log_requests};

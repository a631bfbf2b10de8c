//! What people do at a customer.

/// Title and role, most important first: the first five are at every company.
pub(super) const POSITIONS: &[(&str, &str)] = &[
    ("Operations Director", "Executive Sponsor"),
    ("IT Manager", "Technical Contact"),
    ("Process Manager", "Champion"),
    ("Finance Manager", "Decision Maker"),
    ("Continuous Improvement Lead", "Day-to-day Contact"),
    ("Shift Supervisor", "End User"),
    ("Application Owner", "Technical Contact"),
    ("Head of Procurement", "Decision Maker"),
    ("Data Analyst", "End User"),
    ("Training Coordinator", "Day-to-day Contact"),
    ("Site Manager", "End User"),
    ("Quality Manager", "Influencer"),
    ("Systems Engineer", "Technical Contact"),
    ("Project Manager", "Champion"),
    ("Planner", "End User"),
    ("Team Lead", "End User"),
    ("Information Security Officer", "Influencer"),
    ("Controller", "Influencer"),
    ("Service Coordinator", "End User"),
    ("Chief Operating Officer", "Executive Sponsor"),
    ("Works Council Representative", "Influencer"),
    ("Maintenance Engineer", "End User"),
];

/// Domains at which anybody can have an address.
pub(super) const CONSUMER_DOMAINS: &[&str] = &["gmail.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.net"];

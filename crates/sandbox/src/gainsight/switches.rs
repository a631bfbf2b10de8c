//! What nobody outside is sure of about Gainsight (`gainsight.md`, facts marked [?] or contradictory), playable both ways.

use crate::control::{Switch, Values};

const fn choice(
    name: &'static str,
    section: &'static str,
    about: &'static str,
    choices: &'static [&'static str],
) -> Switch {
    Switch { name, section, about, values: Values::OneOf(choices), differs: &[] }
}

const fn number(name: &'static str, section: &'static str, about: &'static str, default: u64, most: u64) -> Switch {
    Switch { name, section, about, values: Values::Number { default, most }, differs: &[] }
}

const fn but_harbor(mut switch: Switch, differs: &'static [(&'static str, &'static str)]) -> Switch {
    switch.differs = differs;
    switch
}

macro_rules! switches {
    ($($name:ident = $switch:expr;)*) => {
        $(pub(crate) static $name: Switch = $switch;)*
        /// All of them.
        pub(crate) const ALL: &[&Switch] = &[$(&$name),*];
    };
}

switches! {
    DATA_SHAPE = but_harbor(
        choice(
            "gainsight.data_shape",
            "gainsight 5.1",
            "Where the rows of a query stand: in `data`, or in `data.records`.",
            &["array", "records"],
        ),
        &[("harbor", "records")],
    );
    EMPTY_SHAPE = but_harbor(
        choice(
            "gainsight.empty_shape",
            "gainsight 5.1",
            "What a query without rows answers.",
            &["empty", "result_false", "gsobj_1011"],
        ),
        &[("harbor", "result_false")],
    );
    PARENTHESES = choice(
        "gainsight.parentheses",
        "gainsight 5.1",
        "Whether an expression may have parentheses.",
        &["accepted", "refused"],
    );
    OBJECT_CASE = choice(
        "gainsight.object_case",
        "gainsight 5.1",
        "Whether only the spellings that were seen name an object.",
        &["seen", "any"],
    );
    OVER_LIMIT = choice(
        "gainsight.over_limit",
        "gainsight 5.1",
        "What a limit above 5,000 does.",
        &["capped", "refused"],
    );
    IN_ON_TEXT = choice(
        "gainsight.in_on_text",
        "gainsight 5.2",
        "Whether `IN` works on texts and e-mail addresses.",
        &["accepted", "refused"],
    );
    TEXT_CASE = choice(
        "gainsight.text_case",
        "gainsight 19.6",
        "Whether filters on texts mind upper and lower case.",
        &["ignored", "respected"],
    );
    FILTER_DATES = choice(
        "gainsight.filter_dates",
        "gainsight 5.3",
        "Which spellings of a date a filter takes: the three of the samples, or ISO 8601 and milliseconds as well.",
        &["documented", "any"],
    );
    FILTER_ZONE = choice(
        "gainsight.filter_zone",
        "gainsight 5.3",
        "In which zone a filter value without one is read: UTC, or the tenant's (five hours behind).",
        &["utc", "tenant"],
    );
    DATE_REPLY = choice(
        "gainsight.date_reply",
        "gainsight 5.3",
        "How dates come back.",
        &["millis", "text"],
    );
    PICKLIST_REPLY = choice(
        "gainsight.picklist_reply",
        "gainsight 6",
        "How picklist values come back.",
        &["label", "gsid"],
    );
    PICKLIST_WRITE = choice(
        "gainsight.picklist_write",
        "gainsight 6",
        "What is taken as a picklist value in a write.",
        &["both", "gsid", "label"],
    );
    WRITE_DATES = choice(
        "gainsight.write_dates",
        "gainsight 6",
        "Which spellings of a date a write takes: ISO text, or milliseconds as well.",
        &["iso", "millis"],
    );
    HIDDEN_FIELD = choice(
        "gainsight.hidden_field",
        "gainsight 13.1",
        "What selecting a field that the user may not see does.",
        &["null", "absent", "error"],
    );
    FAILURE_STATUS = choice(
        "gainsight.failure_status",
        "gainsight 4.1",
        "Whether a refused request is HTTP 400, or HTTP 200 with `result: false`.",
        &["http", "ok"],
    );
    ENVELOPE = choice(
        "gainsight.envelope",
        "gainsight 4.1",
        "Whether answers carry the localized texts too.",
        &["short", "localized"],
    );
    LINK_INSERT = choice(
        "gainsight.link_insert",
        "gainsight 8.3",
        "Whether a company person can be inserted like any object.",
        &["refused", "accepted"],
    );
    PEOPLE_LINKS = choice(
        "gainsight.people_links",
        "gainsight 8.3",
        "Under which key an upsert of a person carries company links.",
        &["companies", "associations"],
    );
    PEOPLE_RELATIONSHIPS = choice(
        "gainsight.people_relationships",
        "gainsight 8.3",
        "What `relationships` in an upsert of a person does.",
        &["ignored", "accepted"],
    );
    PEOPLE_REPLY = choice(
        "gainsight.people_reply",
        "gainsight 8.3",
        "What an upsert of a person answers: nothing but success, or the person's id.",
        &["bare", "record"],
    );
    DUPLICATE_EXTERNAL_ID = choice(
        "gainsight.duplicate_external_id",
        "gainsight 10.2",
        "What logging an activity under a known `ExternalId` does: an error, or success with the activity that is \
         there.",
        &["error", "existing"],
    );
    CREATE_REPLY = choice(
        "gainsight.create_reply",
        "gainsight 10.2",
        "What logging an activity answers.",
        &["success", "records", "bare"],
    );
    ACTIVITY_ID = choice(
        "gainsight.activity_id",
        "gainsight 10.1",
        "Whether the activity id is the record's id or another.",
        &["gsid", "own"],
    );
    EXTERNAL_LOOKUP = choice(
        "gainsight.external_lookup",
        "gainsight 10.2",
        "Which object a look-up of external attendees may name.",
        &["company_person", "person", "refused"],
    );
    RELATIONSHIP_CONTEXT = choice(
        "gainsight.relationship_context",
        "gainsight 10.2",
        "Whether an activity can be logged to a relationship, or fails with \"Relationship not found\".",
        &["accepted", "not_found"],
    );
    ACTIVITY_DATE = choice(
        "gainsight.activity_date",
        "gainsight 10.2",
        "Whether an activity needs a date.",
        &["required", "optional"],
    );
    DELETE_FORM = choice(
        "gainsight.delete_form",
        "gainsight 10.1",
        "Where the id of an activity to delete stands.",
        &["any", "query", "body"],
    );
    OTHER_AUTHOR = choice(
        "gainsight.other_author",
        "gainsight 10.2",
        "Whether a user's token may log in somebody else's name.",
        &["accepted", "refused"],
    );
    MANDATORY_FIELD = choice(
        "gainsight.mandatory_field",
        "gainsight 10.2",
        "Where the refusal of an activity without a mandatory field names it: at `fieldName`, or in the text alone.",
        &["named", "in_the_text"],
    );
    REPORTING_LAG = number(
        "gainsight.reporting_lag_millis",
        "gainsight 10.3",
        "How long a query does not see a new activity.",
        0,
        3_600_000,
    );
    RATE_LIMITS = choice(
        "gainsight.rate_limits",
        "gainsight 4.3",
        "Whether calls are limited at all; packages differ.",
        &["on", "off"],
    );
    SYNC_PER_MINUTE = number(
        "gainsight.sync_per_minute",
        "gainsight 4.3",
        "Synchronous calls a minute.",
        100,
        1_000_000,
    );
    SYNC_PER_DAY = number(
        "gainsight.sync_per_day",
        "gainsight 4.3",
        "Synchronous calls a day.",
        50_000,
        100_000_000,
    );
    TIMELINE_PER_MINUTE = number(
        "gainsight.timeline_per_minute",
        "gainsight 4.3",
        "Timeline calls a minute.",
        200,
        1_000_000,
    );
    USERS_PER_HOUR = number(
        "gainsight.users_per_hour",
        "gainsight 4.3",
        "User management calls an hour.",
        100,
        1_000_000,
    );
    RETRY_AFTER = choice(
        "gainsight.retry_after",
        "gainsight 4.3",
        "Whether 429 says how long to wait.",
        &["absent", "seconds"],
    );
    USERS_ME = but_harbor(
        choice(
            "gainsight.users_me",
            "gainsight 9",
            "What `GET /v1/users/me` answers to an OAuth token: it was seen with a browser session only.",
            &["missing", "bearer", "unauthorized", "html"],
        ),
        &[("harbor", "bearer")],
    );
    OAUTH_CODE_SECONDS = number(
        "gainsight.oauth_code_seconds",
        "gainsight 2.3",
        "How long an authorization code lives.",
        300,
        3_600,
    );
    OAUTH_ACCESS_SECONDS = number(
        "gainsight.oauth_access_seconds",
        "gainsight 2.3",
        "How long an access token lives.",
        3_600,
        2_592_000,
    );
    OAUTH_REFRESH_SECONDS = number(
        "gainsight.oauth_refresh_seconds",
        "gainsight 2.3",
        "How long a refresh token lives.",
        2_592_000,
        31_536_000,
    );
    OAUTH_REFRESH = choice(
        "gainsight.oauth_refresh",
        "gainsight 2.3",
        "Whether a refresh brings a new refresh token, keeps the old one, or there is none at all.",
        &["rotates", "stays", "none"],
    );
    OAUTH_PKCE = choice(
        "gainsight.oauth_pkce",
        "gainsight 2.3",
        "What a code challenge does.",
        &["ignored", "honoured", "refused"],
    );
    OAUTH_CLIENT_AUTH = choice(
        "gainsight.oauth_client_auth",
        "gainsight 2.3",
        "How the client shows its secret at the token endpoint.",
        &["either", "basic", "body"],
    );
    SALESFORCE_ENTERED = choice(
        "gainsight.salesforce_entered_login",
        "gainsight 3.6",
        "Whether a tenant that is entered from Salesforce lets an application send people to its own login window.",
        &["refused", "database"],
    );
    INACTIVE_LOGIN = choice(
        "gainsight.inactive_login",
        "gainsight 3.6",
        "Whether an inactive user of the user list can log in.",
        &["allowed", "refused"],
    );
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_differences_are_possible_values() {
        let names: HashSet<_> = ALL.iter().map(|switch| switch.name).collect();
        assert_eq!(names.len(), ALL.len());
        for switch in ALL {
            let Values::OneOf(choices) = switch.values else { continue };
            assert!(choices.len() > 1, "{}", switch.name);
            assert!(switch.differs.iter().all(|(_, value)| choices.contains(value)), "{}", switch.name);
        }
    }
}

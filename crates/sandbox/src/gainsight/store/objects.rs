//! The objects of a tenant, field by field.

use super::schema::{Field, Kind, Nature, Object, Written};

const fn text(name: &'static str, label: &'static str) -> Field {
    Field::new(name, label, Kind::Text)
}

const fn lookup(name: &'static str, label: &'static str, object: &'static str) -> Field {
    Field::new(name, label, Kind::Lookup(object))
}

const fn picklist(name: &'static str, label: &'static str, category: &'static str) -> Field {
    Field::new(name, label, Kind::Picklist(category))
}

const GSID: Field = Field::new("Gsid", "GSID", Kind::Gsid).system();
const CREATED: Field = Field::new("CreatedDate", "Created Date", Kind::DateTime).system();
const CREATED_BY: Field = lookup("CreatedBy", "Created By", "GsUser").system();
const MODIFIED: Field = Field::new("ModifiedDate", "Modified Date", Kind::DateTime).system();
const MODIFIED_BY: Field = lookup("ModifiedBy", "Modified By", "GsUser").system();
/// Users who see a company that is not for everybody; empty where everybody does.
const SHARED_WITH: Field = Field::new("shared_with", "", Kind::MultiSelect("")).internal();

/// `gainsight.md` 7.1. Score, trend and id of the scorecard are copied to the row by the system (12.1).
const COMPANY: &[Field] = &[
    GSID,
    text("Name", "Name").required().name_field(),
    picklist("Status", "Status", "Company Status"),
    picklist("Stage", "Stage", "Stage"),
    picklist("CompanyType", "Company Type", "Company Type"),
    picklist("Industry", "Industry", "Industry"),
    Field::new("Arr", "ARR", Kind::Currency).decimals(2).confidential(),
    Field::new("Mrr", "MRR", Kind::Currency).decimals(2).confidential(),
    Field::new("Users", "Users", Kind::Number),
    Field::new("Employees", "Employees", Kind::Number),
    Field::new("RenewalDate", "Renewal Date", Kind::Date),
    Field::new("OriginalContractDate", "Original Contract Date", Kind::Date),
    Field::new("CustomerlifetimeInMonths", "Customer Lifetime in Months", Kind::Number).formula(),
    Field::new("LifecycleInWeeks", "Lifecycle in Weeks", Kind::Number).formula(),
    lookup("Csm", "CSM", "GsUser"),
    lookup("ParentCompany", "Parent Company", "Company"),
    text("BillingAddress", "Billing Address"),
    Field::new("Summary", "Summary", Kind::RichText).length(32_768),
    Field::new("Tags", "Tags", Kind::MultiSelect("Tags")),
    text("TickerSymbol", "Ticker Symbol").hidden(),
    text("SfdcAccountId", "SFDC Account Id"),
    text("ManagedAs", "Managed As"),
    Field::new("Website__gc", "Website", Kind::Url),
    Field::new("CurrentScore", "Current Score", Kind::Number).system(),
    Field::new("PreviousScore", "Previous Score", Kind::Number).system(),
    text("Trend", "Trend").system(),
    Field::new("Nps", "NPS", Kind::Number).system(),
    Field::new("Csat", "CSAT", Kind::Number).system(),
    Field::new("ScorecardId", "Scorecard", Kind::Gsid).system(),
    CREATED,
    CREATED_BY,
    MODIFIED,
    MODIFIED_BY,
    SHARED_WITH,
];

/// `gainsight.md` 7.2.
const RELATIONSHIP: &[Field] = &[
    GSID,
    text("Name", "Name").required().name_field(),
    lookup("CompanyId", "Company", "Company").required(),
    lookup("TypeId", "Relationship Type", "relationship_type").required(),
    picklist("Status", "Status", "Company Status"),
    picklist("Stage", "Stage", "Stage"),
    Field::new("Arr", "ARR", Kind::Currency).decimals(2).confidential(),
    Field::new("RenewalDate", "Renewal Date", Kind::Date),
    lookup("Csm", "CSM", "GsUser"),
    Field::new("CurrentScore", "Current Score", Kind::Number).system(),
    text("Trend", "Trend").system(),
    CREATED,
    CREATED_BY,
    MODIFIED,
    MODIFIED_BY,
];

const RELATIONSHIP_TYPE: &[Field] = &[GSID, text("Name", "Name").required().name_field(), CREATED, MODIFIED];

/// `gainsight.md` 8.1. Addresses are kept as they came.
const PERSON: &[Field] = &[
    GSID,
    Field::new("Email", "Email", Kind::Email).required(),
    text("Name", "Name").name_field(),
    text("FirstName", "First Name"),
    text("MiddleName", "Middle Name"),
    text("LastName", "Last Name"),
    Field::new("LinkedinUrl", "LinkedIn URL", Kind::Url).length(512),
    text("Location", "Location"),
    text("Timezone", "Timezone"),
    Field::new("Comments", "Comments", Kind::RichText).length(32_768),
    Field::new("EmailOptOut", "Email Opt Out", Kind::Flag),
    text("ExternalRecordID__gc", "External Record ID"),
    text("DynamicResolutionKey", "Dynamic Resolution Key").system(),
    Field::new("MasterRecordID", "Master Record ID", Kind::Gsid).system(),
    text("MasterAvatarTypeCode", "Master Avatar Type Code").system(),
    CREATED,
    MODIFIED,
];

/// `gainsight.md` 8.1. There is no `Name`: whoever selects it meets `P_5005` (4.2).
const COMPANY_PERSON: &[Field] = &[
    GSID,
    lookup("Person_ID", "Person", "Person").required(),
    lookup("Company_ID", "Company", "Company").required(),
    text("Title", "Title"),
    text("Role", "Role"),
    Field::new("IsPrimaryCompany", "Is Primary Company", Kind::Flag),
    lookup("Manager", "Manager", "company_person"),
    Field::new("Active", "Active", Kind::Flag),
    CREATED,
    MODIFIED,
];

const RELATIONSHIP_PERSON: &[Field] = &[
    GSID,
    lookup("Person_ID", "Person", "Person").required(),
    lookup("Company_ID", "Company", "Company").required(),
    lookup("Relationship_ID", "Relationship", "relationship").required(),
    text("Title", "Title"),
    text("Role", "Role"),
    Field::new("Active", "Active", Kind::Flag),
    CREATED,
    MODIFIED,
];

/// `gainsight.md` 9.
const USER: &[Field] = &[
    GSID,
    text("Name", "Name").required().name_field(),
    text("FirstName", "First Name"),
    text("LastName", "Last Name"),
    Field::new("Email", "Email", Kind::Email).required(),
    text("SFDCUserName", "SFDC User Name"),
    text("SfdcUserId", "SFDC User Id"),
    Field::new("IsActiveUser", "Is Active User", Kind::Flag),
    Field::new("IsSuperAdmin", "Is Super Admin", Kind::Flag),
    lookup("Manager", "Manager", "GsUser"),
    text("Timezone", "Timezone"),
    text("Locale", "Locale"),
    text("Title", "Title"),
    picklist("SystemType", "System Type", "System Type"),
    picklist("LicenseType", "License Type", "LicenseType"),
    Field::new("ProfilePicture", "Profile Picture", Kind::Url),
    CREATED,
    MODIFIED,
    // The bundle that lets somebody change other people's Timeline entries (`gainsight.md` 15.3).
    Field::new("edits_timeline", "", Kind::Flag).internal(),
];

/// `gainsight.md` 10.3. Attendees are kept by id and come back as names.
const ACTIVITY: &[Field] = &[
    GSID,
    text("ActivityId", "Activity Id").system(),
    text("ExternalId", "External Id"),
    text("ContextName", "Context Name"),
    Field::new("ContextId", "Context Id", Kind::Gsid),
    text("TypeName", "Type Name"),
    text("Subject", "Subject").required().name_field(),
    Field::new("Notes", "Notes", Kind::RichText),
    Field::new("NotesPlainText", "Notes (Plain Text)", Kind::Text).length(150_000).formula(),
    Field::new("ActivityDate", "Activity Date", Kind::DateTime),
    Field::new("Duration", "Duration (in Mins)", Kind::Number),
    lookup("AuthorId", "Author", "GsUser"),
    lookup("GsCompanyId", "Company", "Company"),
    lookup("GsRelationshipId", "Relationship", "relationship"),
    text("InternalAttendees", "Internal Attendees").length(4_000),
    text("ExternalAttendees", "External Attendees").length(4_000),
    text("ReportingCategory", "Reporting Category"),
    text("Source", "Source"),
    picklist("Ant__Sentiment__c", "Sentiment", "Sentiment"),
    picklist("Ant__Outcome__c", "Outcome", "Outcome"),
    picklist("Ant__Milestone_Type__c", "Milestone type", "Milestone Type"),
    text("Ant__Agenda_Link__c", "Agenda link"),
    Field::new("Ant__Next_Step_Due__c", "Next step due", Kind::DateTime),
    CREATED,
    CREATED_BY,
    MODIFIED,
    MODIFIED_BY,
    Field::new("internal_attendee_ids", "", Kind::MultiSelect("")).internal(),
    Field::new("external_attendee_ids", "", Kind::MultiSelect("")).internal(),
];

/// A low-volume custom object, as the custom-object API demands (`gainsight.md` 5.4).
const PRODUCT_USAGE: &[Field] = &[
    GSID,
    text("Name", "Name").required().name_field(),
    text("UsageKey__gc", "Usage Key").required(),
    lookup("Company__gc", "Company", "Company"),
    Field::new("WeekOf__gc", "Week Of", Kind::Date),
    Field::new("ActiveUsers__gc", "Active Users", Kind::Number),
    Field::new("Adoption__gc", "Adoption", Kind::Percentage).decimals(1),
    CREATED,
    CREATED_BY,
    MODIFIED,
    MODIFIED_BY,
];

/// `gainsight.md` 5.5.
const DELETE_LOG: &[Field] = &[
    GSID,
    text("RecordId", "Record Id").system(),
    text("ObjectName", "Object Name").system(),
    Field::new("DeletedOn", "Deleted On", Kind::DateTime).system(),
];

const fn standard(
    name: &'static str,
    spellings: &'static [&'static str],
    labels: (&'static str, &'static str),
    key_prefix: &'static str,
    fields: &'static [Field],
) -> Object {
    Object {
        name,
        spellings,
        label: labels.0,
        label_plural: labels.1,
        key_prefix,
        nature: Nature::Standard,
        written: Written::Elsewhere,
        company_field: None,
        fields,
    }
}

/// Every object of a tenant; tables stand in the same order.
pub(crate) const OBJECTS: &[Object] = &[
    Object {
        written: Written::Directly,
        company_field: Some("Gsid"),
        ..standard("Company", &["Company", "company"], ("Company", "Companies"), "1P02", COMPANY)
    },
    Object {
        written: Written::Directly,
        company_field: Some("CompanyId"),
        ..standard("relationship", &["relationship"], ("Relationship", "Relationships"), "1P05", RELATIONSHIP)
    },
    standard(
        "relationship_type",
        &["relationship_type"],
        ("Relationship Type", "Relationship Types"),
        "1P06",
        RELATIONSHIP_TYPE,
    ),
    standard("Person", &["Person"], ("Person", "People"), "1P0A", PERSON),
    Object {
        company_field: Some("Company_ID"),
        ..standard(
            "company_person",
            &["company_person", "Company_Person"],
            ("Company Person", "Company People"),
            "1C01",
            COMPANY_PERSON,
        )
    },
    Object {
        company_field: Some("Company_ID"),
        ..standard(
            "relationship_person",
            &["relationship_person", "Relationship_Person"],
            ("Relationship Person", "Relationship People"),
            "1C02",
            RELATIONSHIP_PERSON,
        )
    },
    standard("GsUser", &["GsUser", "gsuser"], ("User", "Users"), "1P01", USER),
    Object {
        company_field: Some("GsCompanyId"),
        ..standard(
            "activity_timeline",
            &["activity_timeline", "Activity_Timeline"],
            ("Activity Timeline", "Activities"),
            "1T01",
            ACTIVITY,
        )
    },
    Object {
        nature: Nature::Custom,
        written: Written::Directly,
        company_field: Some("Company__gc"),
        ..standard(
            "product_usage__gc",
            &["product_usage__gc"],
            ("Product Usage", "Product Usage"),
            "1K01",
            PRODUCT_USAGE,
        )
    },
    Object {
        nature: Nature::System,
        ..standard(
            "record_delete_log",
            &["record_delete_log"],
            ("Record Delete Log", "Record Delete Log"),
            "1D01",
            DELETE_LOG,
        )
    },
];

/// Picklists: category, then items with whether they are still offered (`gainsight.md` 6).
pub(crate) const PICKLISTS: &[(&str, &[(&str, bool)])] = &[
    ("Company Status", &[("Active", true), ("Inactive", true), ("Churn", true), ("Paused", false)]),
    (
        "Stage",
        &[
            ("New Customer", true),
            ("Kicked Off", true),
            ("Onboarding", true),
            ("Launched", true),
            ("Adopting", true),
            ("Will Churn", true),
            ("Churn", true),
            ("Pilot (old)", false),
        ],
    ),
    ("Company Type", &[("Customer", true), ("Partner", true), ("Prospect", true)]),
    (
        "Industry",
        &[
            ("Retail", true),
            ("Logistics", true),
            ("Manufacturing", true),
            ("Food & Beverage", true),
            ("Healthcare", true),
            ("Energy", true),
            ("Construction", true),
            ("Hospitality", true),
            ("Agriculture", true),
            ("Education", true),
            ("Financial Services", true),
            ("Media", true),
            ("Public Sector", true),
            ("Professional Services", true),
            ("Telecommunications", true),
            ("Dot-com", false),
        ],
    ),
    (
        "Tags",
        &[("Reference", true), ("At risk", true), ("Expansion", true), ("Executive attention", true), ("Beta", true)],
    ),
    (
        "LicenseType",
        &[
            ("Viewer", true),
            ("Full", true),
            ("External", true),
            ("Internal_Collaborator", true),
            ("Viewer_Analytics", true),
        ],
    ),
    ("System Type", &[("Internal", true), ("External", true)]),
    ("Sentiment", &[("Positive", true), ("Neutral", true), ("Negative", true), ("Unclear", false)]),
    ("Outcome", &[("Goals agreed", true), ("Follow-up needed", true), ("Escalated", true)]),
    ("Milestone Type", &[("Kick-off", true), ("Go-live", true), ("Renewed", true), ("Pilot ended", false)]),
];

//! How an object is described: fields, types, look-ups, picklists (`gainsight.md` 6).

/// The type of a field (`gainsight.md` 6, "Field types seen").
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Text,
    RichText,
    Number,
    Percentage,
    Currency,
    Flag,
    Date,
    DateTime,
    Email,
    Url,
    /// One item of this category.
    Picklist(&'static str),
    /// Several items of this category.
    MultiSelect(&'static str),
    /// A record of this object.
    Lookup(&'static str),
    Gsid,
}

impl Kind {
    /// The spelling in a describe answer.
    pub(crate) const fn data_type(self) -> &'static str {
        match self {
            Self::Text => "STRING",
            Self::RichText => "RICHTEXTAREA",
            Self::Number => "NUMBER",
            Self::Percentage => "PERCENTAGE",
            Self::Currency => "CURRENCY",
            Self::Flag => "BOOLEAN",
            Self::Date => "DATE",
            Self::DateTime => "DATETIME",
            Self::Email => "EMAIL",
            Self::Url => "URL",
            Self::Picklist(_) => "PICKLIST",
            Self::MultiSelect(_) => "MULTISELECTDROPDOWNLIST",
            Self::Lookup(_) => "LOOKUP",
            Self::Gsid => "GSID",
        }
    }

    /// The picklist category behind it.
    pub(crate) const fn category(self) -> Option<&'static str> {
        if let Self::Picklist(category) | Self::MultiSelect(category) = self { Some(category) } else { None }
    }

    /// The object whose records it points at.
    pub(crate) const fn target(self) -> Option<&'static str> {
        if let Self::Lookup(object) = self { Some(object) } else { None }
    }

    /// Whether the value can be a key of an update (`gainsight.md` 5.4).
    pub(crate) const fn may_be_key(self) -> bool {
        matches!(self, Self::Text | Self::Gsid | Self::Number | Self::Email | Self::Lookup(_))
    }
}

/// Who fills a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Writer {
    /// Callers, on insert and update.
    Anybody,
    /// The system.
    System,
    /// A formula over other fields.
    Formula,
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    /// Longest text.
    pub(crate) length: usize,
    pub(crate) decimals: u8,
    pub(crate) is_required: bool,
    pub(crate) is_name: bool,
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
}

/// Who may read a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Readers {
    Everybody,
    /// Field-level permission: not those whose licence only views (`gainsight.md` 13.1).
    Editors,
    /// Switched off by an admin: described as hidden.
    Nobody,
    /// Kept by the stand-in; not even described.
    Itself,
}

impl Field {
    pub(crate) const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        let length = match kind {
            Kind::RichText => 150_000,
            Kind::Gsid | Kind::Lookup(_) => 36,
            Kind::Text
            | Kind::Number
            | Kind::Percentage
            | Kind::Currency
            | Kind::Flag
            | Kind::Date
            | Kind::DateTime
            | Kind::Email
            | Kind::Url
            | Kind::Picklist(_)
            | Kind::MultiSelect(_) => 255,
        };
        Self {
            name,
            label,
            kind,
            length,
            decimals: 0,
            is_required: false,
            is_name: false,
            writer: Writer::Anybody,
            readers: Readers::Everybody,
        }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// The field that stands for the record where it is looked up.
    pub(crate) const fn name_field(mut self) -> Self {
        self.is_name = true;
        self
    }

    pub(crate) const fn length(mut self, length: usize) -> Self {
        self.length = length;
        self
    }

    pub(crate) const fn decimals(mut self, decimals: u8) -> Self {
        self.decimals = decimals;
        self
    }

    pub(crate) const fn system(mut self) -> Self {
        self.writer = Writer::System;
        self
    }

    pub(crate) const fn formula(mut self) -> Self {
        self.writer = Writer::Formula;
        self
    }

    pub(crate) const fn internal(mut self) -> Self {
        self.readers = Readers::Itself;
        self
    }

    pub(crate) const fn hidden(mut self) -> Self {
        self.readers = Readers::Nobody;
        self
    }

    pub(crate) const fn confidential(mut self) -> Self {
        self.readers = Readers::Editors;
        self
    }

    /// Whether it is no business of any caller.
    pub(crate) const fn is_internal(&self) -> bool {
        matches!(self.readers, Readers::Itself)
    }

    /// Whether a caller may write it at all.
    pub(crate) const fn is_writable(&self) -> bool {
        matches!(self.writer, Writer::Anybody) && !self.is_internal() && !matches!(self.kind, Kind::Gsid)
    }
}

/// What kind of object it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Nature {
    Standard,
    Custom,
    System,
}

/// How its rows are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Written {
    /// Through `/v1/data/objects` (`gainsight.md` 5.4).
    Directly,
    /// Through an API of its own.
    Elsewhere,
}

/// An object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    /// The spelling in describe.
    pub(crate) name: &'static str,
    /// The spellings that are known to work (`gainsight.md` 5.1).
    pub(crate) spellings: &'static [&'static str],
    pub(crate) label: &'static str,
    pub(crate) label_plural: &'static str,
    /// What ids of its records start with.
    pub(crate) key_prefix: &'static str,
    pub(crate) nature: Nature,
    pub(crate) written: Written,
    /// The look-up that says which company a record belongs to, for visibility.
    pub(crate) company_field: Option<&'static str>,
    pub(crate) fields: &'static [Field],
}

impl Object {
    /// The position of a field; its name may be spelt in any case.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The position and object behind `<Lookup>__gr`.
    pub(crate) fn relation(&self, name: &str) -> Option<(usize, &'static str)> {
        let field = name.get(..name.len().checked_sub(RELATION.len())?)?;
        let suffix = name.get(field.len()..)?;
        let column = self.column(field).filter(|_| suffix.eq_ignore_ascii_case(RELATION))?;
        self.fields.get(column)?.kind.target().map(|object| (column, object))
    }
}

/// What turns the name of a look-up field into the name of the record behind it.
pub(crate) const RELATION: &str = "__gr";

/// An item of a picklist.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) gsid: String,
    pub(crate) label: &'static str,
    pub(crate) is_active: bool,
}

/// A picklist.
#[derive(Clone, Debug)]
pub(crate) struct Category {
    pub(crate) gsid: String,
    pub(crate) name: &'static str,
    pub(crate) items: Vec<Item>,
}

impl Category {
    /// The item that `text` means, by label or id.
    pub(crate) fn item(&self, text: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.gsid == text || item.label.eq_ignore_ascii_case(text))
    }
}

//! Reading JSON with little code: the size of the panel is part of the product (docs/adr/0006-panel-size.md).
//!
//! `serde_json` would bring a copy of its parser, with all its messages, for each type that is read. Here it parses once, into
//! a tree, and the types read themselves from the tree; an answer that does not fit is just unreadable, since nobody would be
//! shown more than that.

use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde_json::Value;

/// A text that is no JSON, or not of the expected kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("unreadable")]
pub struct Unreadable;

/// Reads a value.
///
/// # Errors
/// [`Unreadable`] if the text is no JSON or not of this kind.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    T::deserialize(Tree(serde_json::from_str(json).map_err(|_| Unreadable)?))
}

/// Every cause is the same one: no sentence is put together that nobody reads.
impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

struct Tree(Value);

/// Each kind is asked for by name: a visitor then needs no code for the kinds that cannot come.
impl<'de> Deserializer<'de> for Tree {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(_) => self.deserialize_i64(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0.as_i64() {
            Some(number) => visitor.visit_i64(number),
            // No type of ours holds a fraction, but what a later server adds may.
            None => visitor.visit_f64(self.0.as_f64().ok_or(Unreadable)?),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::String(text) = self.0 else { return Err(Unreadable) };
        visitor.visit_string(text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Array(items) = self.0 else { return Err(Unreadable) };
        visitor.visit_seq(Items(items.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Object(entries) = self.0 else { return Err(Unreadable) };
        visitor.visit_map(Entries { entries: entries.into_iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    /// Our enums are names, or objects that a tag tells apart; the latter are read as maps.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let Value::String(name) = self.0 else { return Err(Unreadable) };
        let name: StringDeserializer<Unreadable> = name.into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    /// What a later server adds is passed over unseen.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Tree(item))).transpose()
    }
}

struct Entries {
    entries: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Tree(Value::String(key))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Tree(self.value.take().ok_or(Unreadable)?))
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use sidelight_api::ErrorCode;
    use sidelight_api::activity::WriteState;
    use sidelight_api::entity::Entity;
    use sidelight_api::event::Event;
    use sidelight_api::session::{Panel, Standing};
    use sidelight_domain::{EmailAddress, EntityKind, Licence, Timestamp};

    use super::*;
    use crate::state::samples::{at, panel, relationship, signed_in};

    fn round<T: Serialize + DeserializeOwned>(value: &T) -> Result<T, Unreadable> {
        read(&serde_json::to_string(value).unwrap())
    }

    #[test]
    fn what_the_server_writes_is_read_as_it_was() {
        assert_eq!(round(&panel()).unwrap(), panel());
        let entity = relationship("Northwind", "Fleet");
        assert_eq!(round(&entity), Ok(entity));
        for standing in [Standing::SignedOut, signed_in(Some(Licence::ViewerAnalytics), false), signed_in(None, true)] {
            assert_eq!(round(&standing), Ok(standing));
        }
        let waiting = WriteState::Waiting { next_try_at: at(1), tries: 3 };
        assert_eq!(round(&waiting), Ok(waiting));
        let event = Event::Timeline { entity: relationship("N", "F").reference };
        assert_eq!(round(&event), Ok(event));
        for code in ErrorCode::ALL {
            assert_eq!(round(code), Ok(*code));
        }
        assert_eq!(round(&Timestamp::from_millis(-5)), Ok(Timestamp::from_millis(-5)));
    }

    #[test]
    fn unknown_fields_are_ignored_and_absent_ones_are_none() {
        let json = r#"{"tenant":"t","kind":"company","id":"1","name":"N","invented":[1.5,{"a":null}]}"#;
        let entity: Entity = read(json).unwrap();
        assert_eq!((entity.reference.kind, entity.company), (EntityKind::Company, None));
    }

    #[test]
    fn what_does_not_fit_is_unreadable() {
        assert_eq!(read::<Panel>("{}").map(|_| ()), Err(Unreadable));
        assert_eq!(read::<Panel>("<html>").map(|_| ()), Err(Unreadable));
        assert_eq!(read::<EmailAddress>("\"nobody\""), Err(Unreadable));
        assert_eq!(read::<ErrorCode>("\"invented\""), Err(Unreadable));
        assert_eq!(read::<u32>("-1"), Err(Unreadable));
        assert_eq!(read::<u32>("1.5"), Err(Unreadable));
    }
}

//! The JSON of an archive (RFC 8259), read into the types that `serde` derives.
//!
//! `serde_json` reads the same, but in a browser every kilobyte is waited for: its way of reading a
//! structure as a list too, of naming what was expected and of rounding decimals makes the viewer a
//! fifth larger. What is left out here: structures written as lists, numbers that would need more
//! than 64 bits, and types that only say what they are once they are read (`deserialize_any`).

mod access;
mod scan;

use serde::de::{self, DeserializeOwned, Unexpected, Visitor};

use access::{List, Members, Unit, Variant};
use scan::Scanner;

/// Why something is not the JSON that the format asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {why}")]
pub struct JsonError {
    /// Where reading stopped, in bytes from the beginning.
    pub at: usize,
    /// What is wrong there.
    pub why: Wrong,
}

/// What is wrong with a piece of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is not JSON.
    #[error("this is not JSON")]
    Syntax,
    /// It goes on after its end.
    #[error("something follows the end")]
    Trailing,
    /// Lists and objects within one another, more than [`scan::DEPTH`] deep.
    #[error("it is nested too deep")]
    Deep,
    /// A member that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member is there more than once.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// JSON, but not of the kind or with the content that belongs here.
    #[error("this value does not belong here")]
    Value,
}

impl de::Error for Wrong {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Wrong::Value
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Wrong::Value
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Wrong::Value
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Wrong::Value
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Wrong::Value
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Wrong::Value
    }

    fn missing_field(field: &'static str) -> Self {
        Wrong::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Wrong::Twice(field)
    }
}

/// Reads one JSON text.
///
/// # Errors
/// Where it is not JSON, or not what `T` asks for.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    let mut scanner = Scanner::new(json);
    let value = T::deserialize(&mut scanner).and_then(|value| scanner.end().map(|()| value));
    value.map_err(|why| JsonError {
        at: scanner.at(),
        why,
    })
}

macro_rules! numbers {
    ($($method:ident $read:ident $visit:ident),* $(,)?) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.$read()?)
        }
    )* };
}

macro_rules! texts {
    ($($method:ident),*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.visit_str(&self.string()?)
        }
    )* };
}

macro_rules! refused {
    ($($method:ident),*) => { $(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
            Err(Wrong::Value)
        }
    )* };
}

impl<'de> de::Deserializer<'de> for &mut Scanner<'_> {
    type Error = Wrong;

    numbers! {
        deserialize_i8 signed visit_i64, deserialize_i16 signed visit_i64,
        deserialize_i32 signed visit_i64, deserialize_i64 signed visit_i64,
        deserialize_u8 unsigned visit_u64, deserialize_u16 unsigned visit_u64,
        deserialize_u32 unsigned visit_u64, deserialize_u64 unsigned visit_u64,
        deserialize_f32 decimal visit_f64, deserialize_f64 decimal visit_f64,
        deserialize_bool truth visit_bool,
    }
    texts! { deserialize_char, deserialize_str, deserialize_string, deserialize_identifier }
    refused! { deserialize_any, deserialize_bytes, deserialize_byte_buf }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.null()? {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.null()? {
            visitor.visit_unit()
        } else {
            Err(Wrong::Value)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.open(b'[')?;
        let value = visitor.visit_seq(List(self))?;
        self.close(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.open(b'{')?;
        let value = visitor.visit_map(Members(self))?;
        self.close(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if self.is_text()? {
            return visitor.visit_enum(Unit(self));
        }
        self.open(b'{')?;
        if !self.more(b'}')? {
            return Err(Wrong::Value);
        }
        let value = visitor.visit_enum(Variant(self))?;
        self.close(b'}')?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.skip()?;
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests;

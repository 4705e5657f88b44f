//! Implementations of [`FromJson`] for types that are written as JSON strings with a special
//! syntax.

use std::str::FromStr;

use khizana_json::{FromJson, Scanner};

use crate::{Day, Hash, Id, LangTag};

macro_rules! from_json_string {
    ($($type:ty, $default:expr;)*) => { $(
        impl FromJson for $type {
            fn default_value() -> Self {
                $default
            }

            fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
                let text = json.string()?;
                *self = match <$type>::from_str(&text) {
                    Ok(value) => value,
                    Err(_) => return json.unexpected(),
                };
                Some(())
            }
        }
    )* };
}

from_json_string! {
    Id, Id::default_value();
    LangTag, LangTag::und();
    Hash, Hash([0; 32]);
    Day, Day { year: 1, month: 1, day: 1 };
}

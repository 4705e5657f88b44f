//! The JSON of an archive (RFC 8259), read with as little code as it takes.
//!
//! `serde` writes it, and natively reads it too. In a browser every kilobyte is waited for, and
//! what `serde` derives for reading takes some four hundred bytes for each member of a structure:
//! a fifth of the viewer. Here a structure is a list of its members' names, and members are read
//! where they lie; one function walks all of them. Both readers agree, which the tests hold.
//!
//! What is left out: numbers that would need more than 64 bits, and null where a value is wanted.

mod read;
mod scan;

pub use read::{FromJson, Wrong};
pub use scan::Scanner;

/// Why something is not the JSON that the format asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {why}")]
pub struct JsonError {
    /// Where reading stopped, in bytes from the beginning.
    pub at: usize,
    /// What is wrong there.
    pub why: Wrong,
}

/// Reads one JSON text.
///
/// # Errors
/// Where it is not JSON, or not what `T` asks for.
pub fn from_slice<T: FromJson>(json: &[u8]) -> Result<T, JsonError> {
    let mut scanner = Scanner::new(json);
    let mut value = T::blank();
    let whole = value.read(&mut scanner).and_then(|()| scanner.end());
    whole.map(|()| value).ok_or_else(|| scanner.error())
}

/// Makes a structure readable: `json_object!(Child { id, title: optional })`. Each member is a
/// member of the JSON object, by its own name; optional ones may be absent and are then empty. After a `;` come
/// those that are never read.
#[macro_export]
macro_rules! json_object {
    (@optional) => { false };
    (@optional optional) => { true };
    ($type:ident { $($member:ident $(: $optional:ident)?),* $(,)? $(; $($left_out:ident),*)? }) => {
        impl $crate::FromJson for $type {
            fn blank() -> Self {
                $type {
                    $($member: $crate::FromJson::blank(),)*
                    $($($left_out: Default::default(),)*)?
                }
            }

            fn read(&mut self, json: &mut $crate::Scanner<'_>) -> Option<()> {
                json.object(
                    &[$((stringify!($member), $crate::json_object!(@optional $($optional)?))),*],
                    &mut [$(&mut self.$member),*],
                )
            }
        }
    };
}

/// Makes an enumeration of plain names readable: `json_names!(Direction { ltr: Ltr, rtl: Rtl })`.
#[macro_export]
macro_rules! json_names {
    ($type:ident { $first:ident: $blank:ident $(, $name:ident: $variant:ident)* }) => {
        impl $crate::FromJson for $type {
            fn blank() -> Self {
                $type::$blank
            }

            fn read(&mut self, json: &mut $crate::Scanner<'_>) -> Option<()> {
                let name = json.string()?;
                *self = match &*name {
                    stringify!($first) => $type::$blank,
                    $(stringify!($name) => $type::$variant,)*
                    _ => return json.no(),
                };
                Some(())
            }
        }
    };
}

#[cfg(test)]
mod tests;

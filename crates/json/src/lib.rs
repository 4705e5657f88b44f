//! A small reader for the JSON files of an archive (RFC 8259).
//!
//! The archive is written with `serde`, and native code can also read it with `serde`. The viewer
//! cannot afford that: a derived `Deserialize` takes about 400 bytes of WebAssembly for each member
//! of a struct, which in total would be a fifth of the size of the viewer. In this crate, a table
//! of member names describes a struct, and a single function reads all structs. The tests check
//! that both readers accept the same texts and produce the same values.
//!
//! Two things are not supported: numbers that need more than 64 bits, and `null` for a value that
//! is not an [`Option`].

mod error;
mod from_json;
mod object;
mod scanner;

pub use error::{JsonError, JsonErrorKind};
pub use from_json::FromJson;
pub use scanner::Scanner;

/// Reads a value of type `T` from a JSON text.
///
/// # Errors
/// Returns an error if `json` is not valid JSON, contains more than one value, or does not have the
/// structure of `T`.
pub fn from_slice<T: FromJson>(json: &[u8]) -> Result<T, JsonError> {
    let mut scanner = Scanner::new(json);
    let mut value = T::default_value();
    match value.read(&mut scanner).and_then(|()| scanner.finish()) {
        Some(()) => Ok(value),
        None => Err(scanner.error()),
    }
}

/// Implements [`FromJson`] for a struct that is read from a JSON object.
///
/// Each listed field is read from the member of the same name. A field marked `optional` keeps its
/// default value if the member is absent. Fields after a `;` are never read and always have their
/// [`Default`] value. Unknown members are ignored.
///
/// ```
/// struct Child {
///     id: String,
///     title: String,
///     is_open: bool,
/// }
///
/// khizana_json::json_object!(Child { id, title: optional; is_open });
///
/// let child: Child = khizana_json::from_slice(br#"{"id":"a"}"#)?;
/// assert_eq!((&*child.id, &*child.title, child.is_open), ("a", "", false));
/// # Ok::<(), khizana_json::JsonError>(())
/// ```
#[macro_export]
macro_rules! json_object {
    (@optional) => { false };
    (@optional optional) => { true };
    ($type:ident { $($member:ident $(: $optional:ident)?),* $(,)? $(; $($unread:ident),*)? }) => {
        impl $crate::FromJson for $type {
            fn default_value() -> Self {
                $type {
                    $($member: $crate::FromJson::default_value(),)*
                    $($($unread: Default::default(),)*)?
                }
            }

            fn read(&mut self, scanner: &mut $crate::Scanner<'_>) -> Option<()> {
                scanner.object(
                    &[$((stringify!($member), $crate::json_object!(@optional $($optional)?))),*],
                    &mut [$(&mut self.$member),*],
                )
            }
        }
    };
}

/// Implements [`FromJson`] for an enum of unit variants that is read from a JSON string.
///
/// The first variant is the default value.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// enum Direction {
///     Ltr,
///     Rtl,
/// }
///
/// khizana_json::json_enum!(Direction { ltr: Ltr, rtl: Rtl });
///
/// assert_eq!(khizana_json::from_slice(br#""rtl""#), Ok(Direction::Rtl));
/// ```
#[macro_export]
macro_rules! json_enum {
    ($type:ident { $first_name:ident: $default:ident $(, $name:ident: $variant:ident)* }) => {
        impl $crate::FromJson for $type {
            fn default_value() -> Self {
                $type::$default
            }

            fn read(&mut self, scanner: &mut $crate::Scanner<'_>) -> Option<()> {
                let name = scanner.string()?;
                *self = match &*name {
                    stringify!($first_name) => $type::$default,
                    $(stringify!($name) => $type::$variant,)*
                    _ => return scanner.unexpected(),
                };
                Some(())
            }
        }
    };
}

#[cfg(test)]
mod tests;

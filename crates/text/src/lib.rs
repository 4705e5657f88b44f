//! How a language is folded, cut into words, stemmed and heard across scripts.
//!
//! The same code reads a record into the index and a query out of it, natively and in Wasm, so that
//! a word is always looked up as it was written down. A text gives [`Token`]s, a query [`QueryWord`]s;
//! [`matches`] says for one value what an index over many has to find.

mod alike;
mod arabic;
#[cfg(feature = "write")]
mod collate;
mod compose;
mod edits;
mod fold;
mod hebrew;
mod matches;
mod names;
mod pieces;
mod query;
mod script;
mod sound;
mod spellings;
mod stem;
mod tokens;

pub use alike::sounds_alike;
#[cfg(feature = "write")]
pub use collate::collation_key;
pub use edits::{allowed_edits, edits};
pub use fold::fold;
pub use matches::{BARE, EXACT, SOUND, SPELLING, STEM, matches};
pub use query::{QueryWord, query};
pub use script::script;
pub use sound::sound;
pub use stem::stem;
pub use tokens::{Token, tokens};

//! Text analysis for search: folding, tokenization, stemming and phonetic matching across scripts.
//!
//! The same code analyses the texts that are indexed and the queries, both natively and in
//! WebAssembly, so that a query word is always looked up in the form in which it was indexed.
//!
//! - [`tokenize()`] splits a text into [`Token`]s; [`tokenize_query`] splits a query into
//!   [`QueryTerm`]s.
//! - [`fold()`] maps the spellings of a word to one form, [`stem()`] its inflected forms to one
//!   stem, and [`phonetic_key()`] its transliterations to one key.
//! - [`phonetic_similarity()`] and [`edit_distance()`] compare two words.
//! - [`match_score()`] matches a query against a single text, without an index.

mod arabic;
#[cfg(feature = "write")]
mod collate;
mod compose;
mod compound_names;
mod edit_distance;
mod fold;
#[cfg(feature = "write")]
mod guess_language;
mod hebrew;
mod match_score;
mod persian;
mod phonetic_key;
mod phonetic_similarity;
mod query;
mod script;
mod segment;
mod stem;
mod tokenize;
mod transliteration;

#[cfg(feature = "write")]
pub use collate::collation_key;
pub use edit_distance::{edit_distance, max_edits};
pub use fold::fold;
#[cfg(feature = "write")]
pub use guess_language::LanguageGuess;
pub use match_score::{EXACT, FUZZY, PHONETIC, STEM, STRIPPED, match_score};
pub use phonetic_key::phonetic_key;
pub use phonetic_similarity::phonetic_similarity;
pub use query::{QueryTerm, tokenize_query};
pub use script::script;
pub use segment::is_line_end_hyphen;
pub use stem::stem;
pub use tokenize::{Token, tokenize};

//! How a language is folded and cut into words.
//!
//! The same code reads a record into the index and a query out of it, natively and in Wasm, so that
//! a word is always looked up as it was written down.

mod article;
mod fold;
mod words;

pub use fold::fold;
pub use words::{index_words, query_words};

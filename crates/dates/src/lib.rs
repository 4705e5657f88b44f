//! Reader of dates as catalogues write them: `Ramaḍān 1221 AH`, `XVIIe siècle`, `١٣٢٤ هـ / ١٩٠٦ م`.
//!
//! A wording is read completely or not at all. It is folded (case, diacritics, digits), divided into tokens by
//! the word tables of the languages, parsed by a grammar, and evaluated in its calendar. An unknown word, a date
//! that does not exist, and two calendars that contradict each other have no reading.

#![cfg_attr(
    not(test),
    warn(clippy::indexing_slicing, clippy::panic, clippy::expect_used)
)]

mod calendar;
mod century;
mod evaluate;
mod fold;
mod grammar;
mod interval;
mod lexer;
mod pair;
mod range;
mod reading;
mod resolve;
mod rumi;
mod syntax;
mod words;

pub use reading::{HijriPart, Reading, read};

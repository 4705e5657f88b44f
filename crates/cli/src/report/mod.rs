//! Parts of the reports for people, which are written in Arabic, French and English.

pub mod file;
pub mod html;
pub mod text;

//! How a language is folded and cut into words.

//! The words of a query.

use crate::tokens::words;
use crate::{sound, stem};

/// One word of a query, with all under which it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryWord {
    /// Where the word begins in the query, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The folded form.
    pub word: String,
    /// The same without an article and what else is written together with it.
    pub bare: Option<String>,
    /// The stems it may have, in any of the archive's languages, itself among them. A word of a text
    /// is meant if its stem (or the word, where it has none) is one of these.
    pub stems: Vec<String>,
    /// The keys of how it may sound. A word of a text is a candidate if its key is one of these.
    pub sounds: Vec<String>,
    /// It has to stand right after the word before: pairs of characters of one run, or what a text
    /// may write without a space.
    pub adjacent: bool,
}

/// The words of a query or a plain piece of one. `langs` are the languages to stem in: those of the
/// archive.
pub fn query(text: &str, langs: &[&str]) -> Vec<QueryWord> {
    let words = words(text, "");
    let mut out: Vec<QueryWord> = Vec::with_capacity(words.len());
    let mut pairs = false;
    for (i, word) in words.iter().enumerate() {
        if word.unspaced {
            let next = words
                .get(i + 1)
                .filter(|next| next.unspaced && next.adjacent);
            let is_first = !(pairs && word.adjacent);
            match next {
                // The last character of a run is in the pair before it.
                None if !is_first => continue,
                None => out.push(plain(
                    word.start,
                    word.end,
                    word.word.clone(),
                    word.adjacent,
                )),
                Some(next) => {
                    let pair = format!("{}{}", word.word, next.word);
                    out.push(plain(word.start, next.end, pair, word.adjacent));
                }
            }
            pairs = true;
            continue;
        }
        // Behind a run of characters the last pair begins one character before its end.
        let adjacent = word.adjacent && !pairs;
        pairs = false;
        let mut found = plain(word.start, word.end, word.word.clone(), adjacent);
        found.bare.clone_from(&word.bare);
        stem::kin(&word.word, langs, &mut found.stems);
        sound::keys(&word.word, &mut found.sounds);
        if let Some(bare) = &word.bare {
            stem::kin(bare, langs, &mut found.stems);
            sound::keys(bare, &mut found.sounds);
        }
        found.stems = distinct(found.stems);
        found.sounds = distinct(found.sounds);
        out.push(found);
    }
    out
}

/// Each once, in the order in which they come.
fn distinct(all: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(all.len());
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}

fn plain(start: usize, end: usize, word: String, adjacent: bool) -> QueryWord {
    QueryWord {
        start,
        end,
        stems: vec![word.clone()],
        word,
        bare: None,
        sounds: Vec::new(),
        adjacent,
    }
}

//! The parsed and tokenized form of a query.

use khizana_format::SearchRoot;
use khizana_text::{QueryTerm, tokenize_query};

use crate::bigrams::SEPARATOR;
use crate::score;
use crate::syntax::{Clause, Literal, parse};
use crate::term_entry::TermEntry;

/// Maximum number of words in a query. Further words are ignored.
const MAX_WORDS: usize = 32;

/// A parsed query: a conjunction of clauses.
///
/// [`expand`](crate::expand::expand) adds the terms of the index that match each word.
#[derive(Debug, Default)]
pub(crate) struct ParsedQuery {
    pub(crate) clauses: Vec<ParsedClause>,
    /// The query in which words that do not occur in the archive are replaced by their corrections.
    pub(crate) suggestion: Option<String>,
    /// Filters in the query text, such as `type:map` for a facet that is not a text field: the
    /// facet and the value.
    pub(crate) filters: Vec<(String, String)>,
}

/// A disjunction of literals, or its negation.
#[derive(Debug)]
pub(crate) struct ParsedClause {
    pub(crate) is_negated: bool,
    pub(crate) literals: Vec<ParsedLiteral>,
}

/// A word, or consecutive words.
#[derive(Debug)]
pub(crate) struct ParsedLiteral {
    /// Index of the field to which the literal is restricted.
    pub(crate) field: Option<u32>,
    pub(crate) words: Vec<ParsedWord>,
    /// The pairs of consecutive words for which the index has bigrams.
    pub(crate) bigrams: Vec<ParsedBigram>,
}

/// A word of a query.
#[derive(Debug)]
pub(crate) struct ParsedWord {
    /// Start of the word in the query, in bytes.
    pub(crate) start: usize,
    /// End of the word in the query, in bytes.
    pub(crate) end: usize,
    pub(crate) query_term: QueryTerm,
    /// `true` if the word belongs to an alternative spelling of another word of the query.
    pub(crate) is_alternative: bool,
    /// `true` if the word is still being typed, so that it also matches as a prefix.
    pub(crate) is_prefix: bool,
    /// The terms of the index that match the word, without duplicates.
    pub(crate) terms: Vec<TermMatch>,
}

/// A term of the index that matches a word of the query.
#[derive(Debug)]
pub(crate) struct TermMatch {
    pub(crate) term: String,
    /// Quality of the match, from 1 to [`score::EXACT`].
    pub(crate) weight: u32,
    pub(crate) entry: TermEntry,
}

/// Two consecutive words, at least one of which is common.
#[derive(Debug)]
pub(crate) struct ParsedBigram {
    /// Index of the first word in the literal.
    first_word: u32,
    /// The bigrams that match the words, each with the quality of the match, from 1 to
    /// [`score::EXACT`].
    pub(crate) terms: Vec<(String, u32)>,
}

/// A part of a literal that is looked up in the index: a word, or two words as a bigram.
pub(crate) enum LiteralPart<'a> {
    Word(Vec<&'a TermMatch>),
    Bigram(&'a ParsedBigram),
}

impl ParsedQuery {
    /// Parses and tokenizes a query. If `is_complete` is `false`, the last word can be a prefix.
    pub(crate) fn parse(root: &SearchRoot, query: &str, is_complete: bool) -> ParsedQuery {
        let languages: Vec<&str> = root.languages.iter().map(String::as_str).collect();
        let is_field = |name: &str| {
            root.fields.iter().any(|field| field == name)
                || root.facets.iter().any(|facet| facet.field == name)
        };
        let ends_in_prefix = !is_complete && query.ends_with(|c: char| !c.is_whitespace());
        let mut parsed = ParsedQuery::default();
        let mut words_left = MAX_WORDS;
        for Clause {
            is_negated,
            literals,
        } in parse(query, is_field)
        {
            let is_single = literals.len() == 1;
            let mut clause = ParsedClause {
                is_negated,
                literals: Vec::new(),
            };
            for literal in literals {
                let Literal {
                    field,
                    text,
                    start,
                    is_phrase,
                } = literal;
                let field_index = field
                    .as_ref()
                    .and_then(|name| root.fields.iter().position(|field| field == name))
                    .and_then(|index| u32::try_from(index).ok());
                if let (Some(facet), None) = (&field, field_index) {
                    parsed.filters.push((facet.clone(), text));
                    continue;
                }
                let end = start + text.len();
                let may_end_in_prefix =
                    ends_in_prefix && !is_phrase && !is_negated && end == query.len();
                let words: Vec<ParsedWord> = tokenize_query(&text, &languages)
                    .into_iter()
                    .take(words_left)
                    .map(|query_term| ParsedWord {
                        start: start + query_term.start,
                        end: start + query_term.end,
                        is_prefix: may_end_in_prefix && start + query_term.end == end,
                        query_term,
                        is_alternative: false,
                        terms: Vec::new(),
                    })
                    .collect();
                words_left -= words.len();
                if words.is_empty() {
                    continue;
                }
                if is_single && !is_negated && !is_phrase && field_index.is_none() {
                    parsed.push_plain_words(words);
                } else {
                    clause.literals.push(ParsedLiteral::new(field_index, words));
                }
            }
            if !clause.literals.is_empty() {
                parsed.clauses.push(clause);
            }
        }
        for literal in parsed.literals_mut() {
            literal.find_bigrams(&root.common);
        }
        parsed
    }

    /// Adds each word as a separate clause. A word that must directly follow the previous one, as
    /// in scripts without spaces, is added to the literal of the previous word instead.
    fn push_plain_words(&mut self, words: Vec<ParsedWord>) {
        for word in words {
            let last_literal = self
                .clauses
                .last_mut()
                .and_then(|clause| clause.literals.last_mut());
            match last_literal {
                Some(literal) if word.query_term.is_adjacent => literal.words.push(word),
                _ => {
                    let alternative = ParsedLiteral::parts_of(&word);
                    let mut literals = vec![ParsedLiteral::new(None, vec![word])];
                    literals.extend(alternative);
                    self.clauses.push(ParsedClause {
                        is_negated: false,
                        literals,
                    });
                }
            }
        }
    }

    pub(crate) fn literals(&self) -> impl Iterator<Item = &ParsedLiteral> {
        self.clauses.iter().flat_map(|clause| &clause.literals)
    }

    pub(crate) fn literals_mut(&mut self) -> impl Iterator<Item = &mut ParsedLiteral> {
        self.clauses
            .iter_mut()
            .flat_map(|clause| &mut clause.literals)
    }

    /// Returns the words of all clauses that are not negated.
    pub(crate) fn positive_words(&self) -> impl Iterator<Item = &ParsedWord> {
        self.clauses
            .iter()
            .filter(|clause| !clause.is_negated)
            .flat_map(|clause| &clause.literals)
            .flat_map(|literal| &literal.words)
    }

    /// Returns `true` if the query is a single word without operators.
    pub(crate) fn is_single_word(&self) -> bool {
        let [clause] = self.clauses.as_slice() else {
            return false;
        };
        let literals = clause.literals.iter();
        let words: usize = literals.clone().map(|literal| literal.words.len()).sum();
        !clause.is_negated && words == 1 && literals.clone().all(|literal| literal.field.is_none())
    }

    /// Returns `true` if the query consists of words without operators, fields and filters.
    pub(crate) fn has_only_words(&self) -> bool {
        let has_only_words = |clause: &ParsedClause| {
            let mut literals = clause
                .literals
                .iter()
                .filter(|literal| !literal.is_alternative());
            let first = literals.next();
            !clause.is_negated
                && first.is_some_and(|literal| literal.field.is_none())
                && literals.next().is_none()
        };
        self.filters.is_empty() && self.clauses.iter().all(has_only_words)
    }

    /// Returns the number of parts of all literals, each of which has a score.
    pub(crate) fn count_parts(&self) -> usize {
        let literals = self.literals().filter(|literal| !literal.is_alternative());
        literals.map(|literal| literal.parts().len()).sum()
    }

    /// Returns the keys that the evaluation of phrases and field restrictions will look up.
    pub(crate) fn prefetch_keys(&self) -> PrefetchKeys {
        let mut keys = PrefetchKeys::default();
        for literal in self.literals() {
            if literal.words.len() < 2 && literal.field.is_none() {
                continue;
            }
            let bigrams = literal.bigrams.iter().flat_map(|bigram| &bigram.terms);
            keys.bigrams
                .extend(bigrams.map(|(bigram, _)| bigram.clone()));
            for (index, word) in (0u32..).zip(&literal.words) {
                if !literal.is_in_bigram(index) {
                    let forms = word.exact_forms().map(|(form, _)| form.clone());
                    keys.positions.extend(forms);
                }
            }
        }
        keys
    }
}

/// Keys that can be fetched before the terms of a query are known.
#[derive(Debug, Default)]
pub(crate) struct PrefetchKeys {
    /// Keys in the tree of positions.
    pub(crate) positions: Vec<String>,
    /// Keys in the tree of bigrams.
    pub(crate) bigrams: Vec<String>,
}

impl ParsedLiteral {
    fn new(field: Option<u32>, words: Vec<ParsedWord>) -> ParsedLiteral {
        ParsedLiteral {
            field,
            words,
            bigrams: Vec::new(),
        }
    }

    /// Returns a phrase of the parts of a word, or `None` if the word has no parts.
    fn parts_of(word: &ParsedWord) -> Option<ParsedLiteral> {
        let parts = word.query_term.part_terms().into_iter();
        let words: Vec<ParsedWord> = parts
            .map(|query_term| ParsedWord {
                start: word.start,
                end: word.end,
                query_term,
                is_alternative: true,
                is_prefix: false,
                terms: Vec::new(),
            })
            .collect();
        (!words.is_empty()).then(|| ParsedLiteral::new(None, words))
    }

    /// Returns `true` if the literal is an alternative spelling of another literal.
    fn is_alternative(&self) -> bool {
        self.words.first().is_some_and(|word| word.is_alternative)
    }

    /// Finds the pairs of consecutive words for which the index has bigrams: those in which all
    /// exact forms of at least one word are common.
    fn find_bigrams(&mut self, common: &[String]) {
        let is_common =
            |word: &ParsedWord| word.exact_forms().all(|(form, _)| common.contains(form));
        self.bigrams = (0u32..)
            .zip(self.words.windows(2))
            .filter_map(|(index, pair)| match pair {
                [word, next] if is_common(word) || is_common(next) => Some(ParsedBigram {
                    first_word: index,
                    terms: bigram_terms(word, next),
                }),
                _ => None,
            })
            .collect();
    }

    /// Returns `false` if a word is known not to occur in the archive.
    pub(crate) fn can_match(&self) -> bool {
        self.parts().iter().all(|(_, part)| match part {
            LiteralPart::Word(terms) => !terms.is_empty(),
            LiteralPart::Bigram(_) => true,
        })
    }

    /// Returns `true` if a bigram covers the word at `index`.
    fn is_in_bigram(&self, index: u32) -> bool {
        self.bigrams
            .iter()
            .any(|bigram| bigram.first_word == index || bigram.first_word + 1 == index)
    }

    /// Returns the bigrams and the words that no bigram covers, each with the index of its (first)
    /// word.
    ///
    /// A single word matches all of its terms. A word in a phrase matches only itself, with or
    /// without its proclitics.
    pub(crate) fn parts(&self) -> Vec<(u32, LiteralPart<'_>)> {
        let is_single = self.words.len() == 1;
        let mut parts = Vec::new();
        for (index, word) in (0u32..).zip(&self.words) {
            let bigram = self
                .bigrams
                .iter()
                .find(|bigram| bigram.first_word == index);
            if let Some(bigram) = bigram {
                parts.push((index, LiteralPart::Bigram(bigram)));
            } else if !self.is_in_bigram(index) {
                let terms = word
                    .terms
                    .iter()
                    .filter(|term| is_single || term.weight >= score::STRIPPED);
                parts.push((index, LiteralPart::Word(terms.collect())));
            }
        }
        parts
    }
}

impl ParsedWord {
    /// Returns the word and, if it has proclitics, the word without them, each with its weight.
    pub(crate) fn exact_forms(&self) -> impl Iterator<Item = (&String, u32)> {
        let stripped = self.query_term.stripped.iter();
        std::iter::once((&self.query_term.word, score::EXACT))
            .chain(stripped.map(|stripped| (stripped, score::STRIPPED)))
    }

    /// Adds a term. If the word already has this term, the higher weight is kept.
    pub(crate) fn add_term(&mut self, term: &str, weight: u32, entry: TermEntry) {
        match self.terms.iter_mut().find(|known| known.term == term) {
            Some(known) => known.weight = known.weight.max(weight),
            None => self.terms.push(TermMatch {
                term: term.to_owned(),
                weight,
                entry,
            }),
        }
    }
}

/// Returns the bigrams of all exact forms of two words, and their weights.
fn bigram_terms(word: &ParsedWord, next: &ParsedWord) -> Vec<(String, u32)> {
    let mut terms = Vec::new();
    for (first, first_weight) in word.exact_forms() {
        for (second, second_weight) in next.exact_forms() {
            let bigram = format!("{first}{SEPARATOR}{second}");
            terms.push((bigram, first_weight.min(second_weight)));
        }
    }
    terms
}

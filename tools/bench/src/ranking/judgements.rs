//! The judged queries in `queries.txt`.

use std::collections::BTreeMap;

use super::records::{Record, words};

/// A query and the rules that grade the records.
#[derive(Debug)]
pub struct JudgedQuery {
    pub collection: String,
    pub text: String,
    rules: Vec<Rule>,
}

/// A grade, and the conditions that a record with this grade satisfies.
#[derive(Debug)]
struct Rule {
    grade: u8,
    conditions: Vec<Condition>,
}

#[derive(Debug)]
struct Condition {
    field: String,
    test: Test,
    words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Is,
    Has,
    Person,
    Family,
}

/// The judged queries.
const QUERIES: &str = include_str!("queries.txt");

/// Returns the judged queries. Lines that do not follow the format are ignored; a test checks that
/// there are none.
pub fn queries() -> Vec<JudgedQuery> {
    parse(QUERIES).0
}

/// Parses a list of queries. Also returns the lines that do not follow the format.
fn parse(text: &str) -> (Vec<JudgedQuery>, Vec<&str>) {
    let mut collection = "";
    let mut queries: Vec<JudgedQuery> = Vec::new();
    let mut invalid = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("collection ") {
            collection = name;
        } else if let Some(rule) = line.strip_prefix("  ") {
            match (queries.last_mut(), parse_rule(rule)) {
                (Some(query), Some(rule)) => query.rules.push(rule),
                _ => invalid.push(line),
            }
        } else {
            queries.push(JudgedQuery {
                collection: collection.to_owned(),
                text: line.to_owned(),
                rules: Vec::new(),
            });
        }
    }
    (queries, invalid)
}

fn parse_rule(rule: &str) -> Option<Rule> {
    let (grade, conditions) = rule.split_once(' ')?;
    let conditions = conditions.split(" & ").map(parse_condition);
    Some(Rule {
        grade: grade.parse().ok().filter(|grade| (1..=3).contains(grade))?,
        conditions: conditions.collect::<Option<_>>()?,
    })
}

fn parse_condition(condition: &str) -> Option<Condition> {
    let (field, rest) = condition.split_once(' ')?;
    let (test, value) = rest.split_once(' ')?;
    Some(Condition {
        field: field.to_owned(),
        test: match test {
            "is" => Test::Is,
            "has" => Test::Has,
            "person" => Test::Person,
            "family" => Test::Family,
            _ => return None,
        },
        words: words(value),
    })
}

impl JudgedQuery {
    /// Returns the grades of the records that have one, by identifier.
    pub fn grades(&self, records: &[Record]) -> BTreeMap<String, u8> {
        let graded = records.iter().filter_map(|record| {
            let rules = self.rules.iter();
            let satisfied = rules.filter(|rule| rule.conditions.iter().all(|c| c.is_met(record)));
            let grade = satisfied.map(|rule| rule.grade).max()?;
            Some((record.id().to_owned(), grade))
        });
        graded.collect()
    }
}

impl Condition {
    fn is_met(&self, record: &Record) -> bool {
        if self.field == "any" {
            return self.words.iter().all(|word| record.contains(word));
        }
        let mut values = record.words(&self.field).iter();
        let creators = record.values(&self.field).iter();
        let mut persons = creators.flat_map(|value| persons(value));
        match self.test {
            Test::Is => values.any(|value| *value == self.words),
            Test::Has => values.any(|value| self.words.iter().all(|word| value.contains(word))),
            Test::Person => persons.any(|person| person == self.words),
            Test::Family => persons.any(|person| {
                let is_qualified = person.first().is_some_and(|first| is_qualifier(first));
                !is_qualified && person.last() == self.words.last()
            }),
        }
    }
}

/// Returns the persons in a value, each as words without honours.
fn persons(value: &str) -> Vec<Vec<String>> {
    let persons = value.split(", ").map(|person| {
        let mut words = words(person);
        words.retain(|word| !is_honour(word));
        words
    });
    persons.filter(|person| !person.is_empty()).collect()
}

fn is_honour(word: &str) -> bool {
    const HONOURS: [&str; 14] = [
        "sir", "dame", "lord", "lady", "rev", "om", "ch", "bt", "ra", "obe", "cbe", "kbe", "dbe",
        "kcb",
    ];
    HONOURS.contains(&word)
}

fn is_qualifier(word: &str) -> bool {
    const QUALIFIERS: [&str; 8] = [
        "after",
        "attributed",
        "formerly",
        "doubtfully",
        "prints",
        "school",
        "studio",
        "manner",
    ];
    QUALIFIERS.contains(&word)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_valid() {
        let (queries, invalid) = parse(QUERIES);
        assert!(invalid.is_empty(), "{invalid:?}");
        assert!(queries.len() >= 60);
        for query in &queries {
            assert!(["tate", "al-muqtabas"].contains(&&*query.collection));
            let best = query.rules.iter().map(|rule| rule.grade).max();
            assert_eq!(best, Some(3), "{}", query.text);
        }
        let mut texts: Vec<&String> = queries.iter().map(|query| &query.text).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), queries.len(), "the queries are distinct");
    }

    #[test]
    fn the_best_rule_grades_a_record() {
        let list = "collection c\nturner\n  3 creator person joseph turner\n  2 title is turner\n  \
                    2 creator family turner & title has boat\n  1 any has turner\n";
        let (queries, invalid) = parse(list);
        assert!(invalid.is_empty());
        let record = |id: &str, title: &str, creator: &str| {
            Record::new([("id", id), ("title", title), ("creator", creator)])
        };
        let grades = queries[0].grades(&[
            record("a", "Boats", "Sir Joseph Turner RA, John Smith"),
            record("b", "Turner", "after Joseph Turner"),
            record("c", "Two boats and a boat", "Paul Turner"),
            record("d", "Boats", "after Joseph Turner"),
            record("e", "Boats", "Turner Smith"),
            record("f", "Boats", "Smith"),
        ]);
        let expected = [("a", 3), ("b", 2), ("c", 2), ("d", 1), ("e", 1)];
        assert_eq!(
            grades,
            expected.map(|(id, grade)| (id.to_owned(), grade)).into()
        );
    }

    #[test]
    fn malformed_rules_are_reported() {
        let list =
            "  1 title is a\nq\n  4 title is a\n  1 title was a\n  1 title\n  1 title is a\n";
        let (queries, invalid) = parse(list);
        assert_eq!((queries[0].rules.len(), invalid.len()), (1, 4));
    }
}

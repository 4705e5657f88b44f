//! Reading of YAML lists of mappings.

use khizana_model::{Message, message};
use std::collections::VecDeque;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::SourceError;
use super::reader::{Input, ReadError, TableRow, Value, read_to_string, table_row};

const MALFORMED: &str = "yaml-malformed";
/// Maximum nesting depth.
const MAX_DEPTH: usize = 32;

/// A YAML file. It is held in memory.
#[derive(Debug)]
pub(super) struct Yaml {
    items: VecDeque<(u64, Value)>,
    /// Number of items read so far.
    count: u64,
}

impl Yaml {
    pub(super) fn read(input: Input, name: &str) -> Result<Self, SourceError> {
        let text = read_to_string(input, name)?;
        let items = parse_list(&text).map_err(|(line, what)| SourceError::Malformed {
            file: name.to_owned(),
            line,
            what,
        })?;
        Ok(Yaml {
            items: items.into(),
            count: 0,
        })
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        let (line, value) = self.items.pop_front()?;
        self.count += 1;
        Some(table_row(self.count, line, value, MALFORMED))
    }
}

/// A list or mapping whose end has not been reached yet.
enum Container {
    List(Vec<Value>),
    Map {
        members: Vec<(String, Value)>,
        key: Option<String>,
    },
}

/// Parses a list. Returns its values, each with its line.
///
/// Scalars are not interpreted: `007` remains `007`, and a date remains a string. Aliases are
/// rejected, because with them a small file could expand to a large one.
///
/// # Errors
/// Returns the line and a description of the error if the text is not a valid list.
fn parse_list(text: &str) -> Result<Vec<(u64, Value)>, (u64, Message)> {
    let mut items = Vec::new();
    let mut open: Vec<Container> = Vec::new();
    let mut is_in_list = false;
    let mut line_of_item = 1;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            (
                error.marker().line() as u64,
                message!(
                    "the file is not valid YAML: {reason}",
                    reason = error.info()
                ),
            )
        })?;
        let line = span.start.line() as u64;
        if open.is_empty() && is_in_list {
            line_of_item = line;
        }
        let value = match event {
            Event::SequenceStart(..) if !is_in_list => {
                is_in_list = true;
                continue;
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= MAX_DEPTH => {
                return Err((line, message!("the values are nested too deeply")));
            }
            Event::SequenceStart(..) => {
                open.push(Container::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) if is_in_list => {
                open.push(Container::Map {
                    members: Vec::new(),
                    key: None,
                });
                continue;
            }
            Event::SequenceEnd if open.is_empty() => {
                is_in_list = false;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Container::List(values)) => Value::Many(values),
                Some(Container::Map { members, .. }) => Value::Map(members),
                None => continue,
            },
            Event::Scalar(text, style, ..) if is_in_list => {
                if style == ScalarStyle::Plain
                    && matches!(&*text, "" | "~" | "null" | "Null" | "NULL")
                {
                    Value::Nothing
                } else {
                    Value::One(text.into_owned())
                }
            }
            Event::Alias(_) => {
                return Err((line, message!("aliases (`*name`) are not supported")));
            }
            Event::Scalar(text, ..) if text.is_empty() => continue,
            Event::Scalar(..) | Event::MappingStart(..) => {
                return Err((
                    line,
                    message!("the file must be a list, in which each item begins with `- `"),
                ));
            }
            _ => continue,
        };
        match open.last_mut() {
            None => items.push((line_of_item, value)),
            Some(Container::List(values)) => values.push(value),
            Some(Container::Map { members, key }) => match (key.take(), value) {
                (Some(name), value) => members.push((name, value)),
                (None, Value::One(name)) => *key = Some(name),
                (None, Value::Nothing) => *key = Some(String::new()),
                (None, _) => return Err((line, message!("a key must be a plain string"))),
            },
        }
    }
    Ok(items)
}

/// Parses the first document of a configuration file. Aliases are read as nothing. Returns `None` if
/// the text is not valid YAML.
pub(super) fn parse_document(text: &str) -> Option<Value> {
    let mut open: Vec<Container> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        let value = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= MAX_DEPTH => {
                return None;
            }
            Event::SequenceStart(..) => {
                open.push(Container::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Container::Map {
                    members: Vec::new(),
                    key: None,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop()? {
                Container::List(values) => Value::Many(values),
                Container::Map { members, .. } => Value::Map(members),
            },
            Event::Scalar(text, ..) => Value::One(text.into_owned()),
            Event::Alias(_) => Value::Nothing,
            _ => continue,
        };
        match open.last_mut() {
            None => return Some(value),
            Some(Container::List(values)) => values.push(value),
            Some(Container::Map { members, key }) => match (key.take(), value) {
                (Some(name), value) => members.push((name, value)),
                (None, Value::One(name)) => *key = Some(name),
                (None, _) => *key = Some(String::new()),
            },
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn returns_items_with_lines_and_uninterpreted_scalars() {
        let items = parse_list("---\n- id: 007\n  title: {ar: خزانة}\n  none:\n  quoted: \"\"\n\n- id: 2\n  subject:\n    - a\n    - ~\n").unwrap();
        assert_eq!(
            items.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2, 7]
        );
        let one = |text: &str| Value::One(text.to_owned());
        assert_eq!(
            items[0].1,
            Value::Map(vec![
                ("id".into(), one("007")),
                (
                    "title".into(),
                    Value::Map(vec![("ar".into(), one("خزانة"))])
                ),
                ("none".into(), Value::Nothing),
                ("quoted".into(), one("")),
            ])
        );
        assert_eq!(
            items[1].1,
            Value::Map(vec![
                ("id".into(), one("2")),
                (
                    "subject".into(),
                    Value::Many(vec![one("a"), Value::Nothing])
                ),
            ])
        );
    }

    #[test]
    fn rejects_files_that_are_not_lists() {
        for (text, line) in [
            ("id: 1\n", 1),
            ("text\n", 1),
            ("- id: 1\n- id: *a\n", 2),
            ("- id: 1\n- id: 'a\n", 2),
            (&format!("- {}", "[".repeat(100)), 1),
        ] {
            assert_eq!(parse_list(text).unwrap_err().0, line, "{text}");
        }
        assert_eq!(parse_list("").unwrap(), []);
    }
}

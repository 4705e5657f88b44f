//! Iteration over the rows of a source.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{Column, Role, columns};
use super::item::{IdentityConflict, ItemBuilder};
use super::reader::{ReadError, Reader, RowError, TableRow};
use super::{Row, Source, SourceError, text};
use khizana_model::{Problem, printable};

/// An iterator over the rows of a source; see [`Source::rows`].
#[derive(Debug)]
pub struct Rows {
    reader: Reader,
    layout: Layout,
    index: Index,
    builder: ItemBuilder,
    /// Number of rows that have been returned so far.
    count: u64,
    /// Problems of the source.
    problems: Vec<Problem>,
    has_failed: bool,
}

impl Rows {
    pub(super) fn new(source: &Source) -> Result<Rows, SourceError> {
        let index = Index::build(source)?;
        let reader = Reader::of(source)?;
        let mut problems = source.problems.clone();
        if let Some(cover) = &source.collection.cover
            && !index.ids.values().any(|first| first.id == cover.as_str())
        {
            problems.push(
                Problem::warning(
                    "cover-unknown",
                    format!("The cover `{cover}` is not an item of this source."),
                    "Set `cover` to the `id` of an item, or remove the line.",
                )
                .in_file(super::collection::FILE_NAME),
            );
        }
        let mut builder = ItemBuilder::new(source);
        let layout = Layout::new(&reader, source);
        if reader.header().is_some() {
            builder.check_columns(&layout.columns, reader.header_position());
        }
        Ok(Rows {
            reader,
            layout,
            index,
            builder,
            count: 0,
            problems,
            has_failed: false,
        })
    }

    /// Returns the number of rows that are not empty.
    pub fn total(&self) -> u64 {
        self.index.total
    }

    /// Returns the problems of the source and its columns, and the warnings about rows, merged by
    /// code and column. Must be called after the last row has been read.
    pub fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.append(&mut self.builder.finish());
        problems.append(&mut self.reader.into_notes());
        problems
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.has_failed {
            return None;
        }
        let row = self.reader.next()?;
        let index = self.count;
        self.count += 1;
        match row {
            Ok(row) => {
                if self.layout.update(&row) {
                    let position = (row.number, row.line);
                    self.builder.check_columns(&self.layout.columns, position);
                }
                let conflicts =
                    |id: &str, parent: Option<&str>| self.index.conflicts(index, id, parent);
                Some(Row {
                    position: self.builder.position(row.number, row.line),
                    item: self.builder.build(&row, &self.layout.columns, conflicts),
                })
            }
            Err(ReadError::Row(error)) => Some(self.builder.rejected_row(error)),
            // The table was read before without an error, so it has changed or the disk has failed.
            Err(ReadError::Table(error)) => {
                self.has_failed = true;
                Some(self.builder.rejected_row(RowError {
                    number: index + 1,
                    line: error.line().unwrap_or(1),
                    column: None,
                    code: error.code(),
                    message: format!("{error}."),
                    hint: error.hint(),
                }))
            }
        }
    }
}

/// The columns of the current row. They are only updated if the names of the values change.
#[derive(Debug)]
struct Layout {
    dialect: super::Dialect,
    names: Vec<String>,
    columns: Vec<Column>,
}

impl Layout {
    fn new(reader: &Reader, source: &Source) -> Layout {
        let names = reader.header().map(<[String]>::to_vec).unwrap_or_default();
        let columns = columns(&names, source.dialect);
        Layout {
            dialect: source.dialect,
            names,
            columns,
        }
    }

    /// Updates the columns for a row. Returns `true` if they have changed.
    fn update(&mut self, row: &TableRow) -> bool {
        match &row.names {
            Some(names) if *names != self.names => {
                self.columns = columns(names, self.dialect);
                self.names.clone_from(names);
                true
            }
            _ => false,
        }
    }
}

/// An index of the identifiers and parents of a table.
#[derive(Debug, Default)]
struct Index {
    /// Number of rows in the table.
    total: u64,
    /// The first row with each identifier. The key is the identifier in lower case, because
    /// identifiers that differ only in case denote the same folder on some file systems.
    ids: BTreeMap<String, FirstRow>,
    /// The identifier of the parent, by the identifier of the item.
    parents: BTreeMap<String, String>,
    /// The identifiers of items that are their own ancestors.
    cycles: BTreeSet<String>,
}

/// The first row with an identifier.
#[derive(Debug)]
struct FirstRow {
    id: String,
    /// Index of the row, counted from 0.
    index: u64,
    /// Number of the row; see [`khizana_model::RowPosition::row`].
    number: u64,
}

impl Index {
    /// Reads a table and builds its index.
    fn build(source: &Source) -> Result<Index, SourceError> {
        let mut reader = Reader::of(source)?;
        let mut layout = Layout::new(&reader, source);
        let mut index = Index::default();
        while let Some(row) = reader.next() {
            let row_index = index.total;
            index.total += 1;
            match row {
                Ok(row) => {
                    layout.update(&row);
                    index.add(row_index, &row, &layout.columns);
                }
                Err(ReadError::Row(_)) => {}
                Err(ReadError::Table(error)) => return Err(error),
            }
        }
        index.cycles = cycles(&index.parents);
        Ok(index)
    }

    fn add(&mut self, index: u64, row: &TableRow, columns: &[Column]) {
        let value = |role: Role| {
            let mut values_of_role = columns
                .iter()
                .zip(&row.values)
                .filter(|(column, _)| column.role == role);
            let value = values_of_role
                .next()
                .and_then(|(_, value)| value.single())?;
            text::clean(value).ok().map(|value| value.text)
        };
        let Some(id) = value(Role::Id).filter(|id| !id.is_empty()) else {
            return;
        };
        let lower = id.to_lowercase();
        if self.ids.contains_key(&lower) {
            return;
        }
        if let Some(parent) = value(Role::Parent).filter(|parent| !parent.is_empty()) {
            self.parents.insert(id.clone(), parent);
        }
        self.ids.insert(
            lower,
            FirstRow {
                id,
                index,
                number: row.number,
            },
        );
    }

    /// Returns the conflicts of the identifier and the parent of an item.
    fn conflicts(&self, index: u64, id: &str, parent: Option<&str>) -> Vec<IdentityConflict> {
        let mut conflicts = Vec::new();
        match self.ids.get(&id.to_lowercase()) {
            Some(first) if first.index == index => {}
            Some(first) if first.id == id => {
                conflicts.push(IdentityConflict::Duplicate { row: first.number });
            }
            Some(first) => conflicts.push(IdentityConflict::Case {
                id: printable(&first.id),
                row: first.number,
            }),
            None => {}
        }
        if let Some(parent) = parent {
            match self.ids.get(&parent.to_lowercase()) {
                Some(first) if first.id == parent => {
                    if self.cycles.contains(id) {
                        conflicts.push(IdentityConflict::Cycle);
                    }
                }
                similar => conflicts.push(IdentityConflict::UnknownParent {
                    similar: similar.map(|first| printable(&first.id)),
                }),
            }
        }
        conflicts
    }
}

/// Returns the items that are their own ancestors. Each item is visited once.
fn cycles(parents: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut cycles = BTreeSet::new();
    let mut visited: BTreeSet<&str> = BTreeSet::new();
    for start in parents.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
        let mut current = start.as_str();
        while visited.insert(current) {
            positions.insert(current, path.len());
            path.push(current);
            match parents.get(current) {
                Some(parent) => current = parent,
                None => break,
            }
        }
        // The path has returned to itself, unless it has reached an item of an earlier path.
        if let Some(position) = positions.get(current)
            && parents.contains_key(current)
        {
            let members = path.iter().skip(*position);
            cycles.extend(members.map(|id| (*id).to_owned()));
        }
    }
    cycles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_members_of_cycles_and_no_other_items() {
        let parents = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            let pairs = pairs.iter();
            pairs
                .map(|(id, parent)| ((*id).to_owned(), (*parent).to_owned()))
                .collect()
        };
        let members = |pairs| cycles(&parents(pairs)).into_iter().collect::<Vec<_>>();
        assert_eq!(members(&[("a", "b"), ("b", "c")]), [""; 0]);
        assert_eq!(members(&[("a", "a")]), ["a"]);
        // `d` and `e` lead to a cycle, and are not in it.
        let pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "d")];
        assert_eq!(members(&pairs), ["a", "b", "c"]);
        assert_eq!(members(&[("a", "z"), ("b", "c"), ("c", "b")]), ["b", "c"]);
    }

    #[test]
    fn finds_a_long_cycle() {
        let parents: BTreeMap<String, String> = (0..20_000)
            .map(|n| (format!("i{n}"), format!("i{}", (n + 1) % 20_000)))
            .collect();
        assert_eq!(cycles(&parents).len(), 20_000);
    }
}

//! The rows of a source, described one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{Column, Role, columns};
use super::describe::{Describer, Place};
use super::reader::{ReadError, Reader, RowError, TableRow};
use super::{Row, Source, SourceError, text};
use khizana_model::{Problem, printable};

/// The rows of a source, in order; see [`Source::rows`].
#[derive(Debug)]
pub struct Rows {
    reader: Reader,
    layout: Layout,
    index: Index,
    describer: Describer,
    /// Rows given so far.
    given: u64,
    before: Vec<Problem>,
    failed: bool,
}

impl Rows {
    pub(super) fn new(source: &Source) -> Result<Rows, SourceError> {
        let index = Index::of(source)?;
        let reader = Reader::open(&source.table, &source.table_name)?;
        let mut before = source.problems.clone();
        if let Some(cover) = &source.collection.cover
            && !index.ids.values().any(|first| first.id == cover.as_str())
        {
            before.push(
                Problem::warning(
                    "cover-unknown",
                    format!("The cover `{cover}` is not an item of this source."),
                    "Set `cover` to the `id` of an item, or remove the line.",
                )
                .in_file(super::collection::NAME),
            );
        }
        let mut describer = Describer::new(source);
        let layout = Layout::new(&reader, source);
        if reader.header().is_some() {
            describer.announce(&layout.columns, reader.header_position());
        }
        Ok(Rows {
            reader,
            layout,
            index,
            describer,
            given: 0,
            before,
            failed: false,
        })
    }

    /// How many rows there are, empty ones left out.
    pub fn total(&self) -> u64 {
        self.index.total
    }

    /// After the last row: what concerns the source, its columns and not one item, and the
    /// warnings, folded to one for each code and column.
    pub fn finish(self) -> Vec<Problem> {
        let mut problems = self.before;
        problems.append(&mut self.describer.finish());
        problems
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.failed {
            return None;
        }
        let record = self.reader.next()?;
        let ordinal = self.given;
        self.given += 1;
        match record {
            Ok(record) => {
                if self.layout.fit(&record) {
                    let position = (record.number, record.line);
                    self.describer.announce(&self.layout.columns, position);
                }
                let place = |id: &str, parent: Option<&str>| self.index.place(ordinal, id, parent);
                Some(Row {
                    position: self.describer.position(record.number, record.line),
                    item: self
                        .describer
                        .describe(&record, &self.layout.columns, place),
                })
            }
            Err(ReadError::Row(error)) => Some(self.describer.rejected(error)),
            // The table was read once already; it changed or the disk failed.
            Err(ReadError::Table(error)) => {
                self.failed = true;
                Some(self.describer.rejected(RowError {
                    number: ordinal + 1,
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

/// The columns of the records, made anew only where the names of their values change.
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

    /// Makes the columns fit a record; whether they are new.
    fn fit(&mut self, record: &TableRow) -> bool {
        match &record.names {
            Some(names) if *names != self.names => {
                self.columns = columns(names, self.dialect);
                self.names.clone_from(names);
                true
            }
            _ => false,
        }
    }
}

/// The identifiers of a table and who is whose parent, from a first look through it.
#[derive(Debug, Default)]
struct Index {
    total: u64,
    /// By the identifier in lower case: two that differ only in case are one folder on some disks.
    ids: BTreeMap<String, First>,
    parents: BTreeMap<String, String>,
}

#[derive(Debug)]
struct First {
    id: String,
    ordinal: u64,
    row: u64,
}

impl Index {
    fn of(source: &Source) -> Result<Index, SourceError> {
        let mut reader = Reader::open(&source.table, &source.table_name)?;
        let mut layout = Layout::new(&reader, source);
        let mut index = Index::default();
        while let Some(record) = reader.next() {
            let ordinal = index.total;
            index.total += 1;
            match record {
                Ok(record) => {
                    layout.fit(&record);
                    index.add(ordinal, &record, &layout.columns);
                }
                Err(ReadError::Row(_)) => {}
                Err(ReadError::Table(error)) => return Err(error),
            }
        }
        Ok(index)
    }

    fn add(&mut self, ordinal: u64, record: &TableRow, columns: &[Column]) {
        let value = |role: Role| {
            let mut of_role = columns
                .iter()
                .zip(&record.values)
                .filter(|(column, _)| column.role == role);
            let written = of_role.next().and_then(|(_, value)| value.sole())?;
            text::take(written).ok().map(|taken| taken.text)
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
            First {
                id,
                ordinal,
                row: record.number,
            },
        );
    }

    /// Whether an item may have its identifier and its parent.
    fn place(&self, ordinal: u64, id: &str, parent: Option<&str>) -> Vec<Place> {
        let mut places = Vec::new();
        match self.ids.get(&id.to_lowercase()) {
            Some(first) if first.ordinal == ordinal => {}
            Some(first) if first.id == id => places.push(Place::Duplicate { row: first.row }),
            Some(first) => places.push(Place::Case {
                id: printable(&first.id),
                row: first.row,
            }),
            None => {}
        }
        if let Some(parent) = parent {
            match self.ids.get(&parent.to_lowercase()) {
                Some(first) if first.id == parent => {
                    if self.is_its_own_ancestor(id) {
                        places.push(Place::Cycle);
                    }
                }
                near => places.push(Place::Orphan {
                    near: near.map(|first| printable(&first.id)),
                }),
            }
        }
        places
    }

    fn is_its_own_ancestor(&self, id: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut at = id;
        while let Some(parent) = self.parents.get(at) {
            if parent == id {
                return true;
            }
            if !seen.insert(parent.as_str()) {
                return false;
            }
            at = parent;
        }
        false
    }
}

//! Iteration over the rows of a source.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::column::{Column, Role, columns};
use super::index::Index;
use super::item::ItemBuilder;
use super::reader::{ReadError, Reader, RowError, TableRow};
use super::{Row, Source, SourceError, text};
use khizana_model::{Problem, message};

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
        let index = index(source)?;
        let reader = Reader::of(source)?;
        let mut problems = source.problems.clone();
        if let Some(cover) = &source.collection.cover
            && !index.contains(cover)
        {
            problems.push(
                Problem::warning(
                    "cover-unknown",
                    message!("The cover `{cover}` is not an item of this source.", cover),
                    "Set `cover` to the `id` of an item, or remove the line.",
                )
                .in_file(super::collection::FILE_NAME),
            );
        }
        problems.extend(super::sections::problems(
            &source.collection,
            &source.section_lines,
            &|id| index.contains(id),
        ));
        if let Some(text) = reader.text_above() {
            let (row, line) = reader.header_position();
            problems.push(
                Problem::warning(
                    "rows-above-header",
                    message!("The column names are in row {row}; the rows above, which begin with `{text}`, are not read.", row, text),
                    "No action is needed if that row contains the column names. Otherwise move them to the first row.",
                )
                .in_file(&source.table_name)
                .at_line(line),
            );
        }
        let mut builder = ItemBuilder::new(source, reader.header().is_some());
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
                let identify = |original: &str, parent: Option<&str>| {
                    self.index.identify(index, original, parent)
                };
                Some(Row {
                    position: self
                        .builder
                        .position(row.number, row.line, row.file.as_ref()),
                    item: self.builder.build(&row, &self.layout.columns, identify),
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
                    message: message!("{error}.", error = error.message()),
                    hint: error.hint(),
                    file: None,
                }))
            }
        }
    }
}

/// Maximum number of sets of names whose columns are kept.
const MAX_LAYOUTS: usize = 1000;

/// The columns of the current row. Objects may have different members.
#[derive(Debug)]
struct Layout {
    dialect: super::Dialect,
    names: Vec<String>,
    columns: Rc<[Column]>,
    /// The columns of the sets of names that have occurred so far.
    known: BTreeMap<Vec<String>, Rc<[Column]>>,
}

impl Layout {
    fn new(reader: &Reader, source: &Source) -> Layout {
        let names = reader.header().map(<[String]>::to_vec).unwrap_or_default();
        let columns = columns(&names, source.dialect);
        Layout {
            dialect: source.dialect,
            names,
            columns: columns.into(),
            known: BTreeMap::new(),
        }
    }

    /// Updates the columns for a row. Returns `true` if its set of names has not occurred before.
    fn update(&mut self, row: &TableRow) -> bool {
        let Some(names) = row.names.as_ref().filter(|names| **names != self.names) else {
            return false;
        };
        self.names.clone_from(names);
        if let Some(columns) = self.known.get(names) {
            self.columns = Rc::clone(columns);
            return false;
        }
        self.columns = columns(names, self.dialect).into();
        if self.known.len() < MAX_LAYOUTS {
            self.known.insert(names.clone(), Rc::clone(&self.columns));
        }
        true
    }
}

/// Reads a table and indexes its identifiers and parents.
fn index(source: &Source) -> Result<Index, SourceError> {
    let mut reader = Reader::of_identifiers(source)?;
    let mut layout = Layout::new(&reader, source);
    let mut index = Index::default();
    while let Some(row) = reader.next() {
        match row {
            Ok(row) => {
                layout.update(&row);
                let original = single(&row, &layout.columns, Role::Id);
                let parent = single(&row, &layout.columns, Role::Parent);
                index.add(row.number, original, parent);
            }
            Err(ReadError::Row(error)) => index.add(error.number, None, None),
            Err(ReadError::Table(error)) => return Err(error),
        }
    }
    index.complete();
    Ok(index)
}

/// Returns the value of the first column with a role, if it is a single value.
fn single(row: &TableRow, columns: &[Column], role: Role) -> Option<String> {
    let mut values = columns.iter().zip(&row.values);
    let (_, value) = values.find(|(column, _)| column.role == role)?;
    let clean = text::clean(value.single()?).ok()?;
    Some(clean.text).filter(|text| !text.is_empty())
}

//! `check`: every problem in a source, nothing written.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

use rayon::prelude::*;
use serde::Serialize;

use super::facts::{Place, measure};
use super::gate::PixelGate;
use super::page_text;
use super::progress::{Progress, Stage};
use super::{has_errors, sort};
use crate::problem::Problem;
use crate::source::{self, Described, SourceError};
use crate::store::Utf8Check;

/// Rows looked at together.
const TOGETHER: usize = 64;

/// What a look at a source found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Identifier of the collection.
    pub collection: String,
    /// Items that could be taken in.
    pub items: u64,
    /// Everything that is wrong; warnings too, which reject nothing.
    pub rejected: Vec<Problem>,
}

impl CheckReport {
    /// Whether anything would be rejected: exit status 1.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.rejected)
    }
}

/// Looks at a source as [`super::ingest`] does, its pictures decoded, and writes nothing. Needs no
/// archive; so it cannot tell that an identifier is taken by another collection.
pub fn check(path: &Path, progress: &dyn Progress) -> Result<CheckReport, SourceError> {
    let source = source::open(path)?;
    let mut rows = source.rows()?;
    let gate = PixelGate::default();
    let problems = Mutex::new(Vec::new());
    let mut items = 0;
    progress.begin(Stage::Items, Some(rows.total()));
    loop {
        let mut batch: Vec<(u64, Described)> = Vec::new();
        let mut looked_at = 0;
        for row in rows.by_ref().take(TOGETHER) {
            looked_at += 1;
            match row.described {
                Ok(described) => batch.push((row.line, described)),
                Err(mut found) => lock(&problems).append(&mut found),
            }
        }
        if looked_at == 0 {
            break;
        }
        items += batch
            .par_iter()
            .map(|(line, described)| {
                let mut found = look(described, *line, &gate);
                let is_good = !has_errors(&found);
                lock(&problems).append(&mut found);
                u64::from(is_good)
            })
            .sum::<u64>();
        progress.advance(looked_at);
    }
    progress.end();
    let mut rejected = problems
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    rejected.append(&mut rows.finish());
    sort(&mut rejected);
    Ok(CheckReport {
        collection: source.collection.id.to_string(),
        items,
        rejected,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is wrong with the files of an item.
fn look(described: &Described, line: u64, gate: &PixelGate) -> Vec<Problem> {
    let place = |name| Place {
        name,
        line,
        item: described.item.id.as_str(),
    };
    let mut found: Vec<Problem> = described
        .files
        .par_iter()
        .flat_map_iter(|file| {
            let mut found = Vec::new();
            let mut size = None;
            let own = place(file.name.as_str());
            match measure(&file.path, gate, own) {
                Ok(facts) => {
                    size = facts.width.zip(facts.height);
                    found.append(&mut own.warnings(&facts));
                }
                Err(problem) => found.push(*problem),
            }
            if let Some(text) = &file.text {
                look_at_text(&text.path, size, place(text.name.as_str()), &mut found);
            }
            found
        })
        .collect();
    page_text::fold(&mut found);
    found
}

fn look_at_text(
    path: &Path,
    image: Option<(u32, u32)>,
    place: Place<'_>,
    found: &mut Vec<Problem>,
) {
    match first_wrong_byte(path) {
        Ok(None) => match page_text::look(path, place) {
            Ok(Some(text)) => found.append(&mut page_text::warnings(&text, image, place)),
            Ok(None) => {}
            Err(problem) => found.push(*problem),
        },
        Ok(Some(byte)) => found.push(place.not_utf8(byte)),
        Err(error) => found.push(place.unreadable(&error)),
    }
}

fn first_wrong_byte(path: &Path) -> io::Result<Option<u64>> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut check = Utf8Check::default();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(check.finish().err());
        }
        if let Err(byte) = check.update(chunk) {
            return Ok(Some(byte));
        }
        let length = chunk.len();
        reader.consume(length);
    }
}

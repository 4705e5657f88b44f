//! `check`: every problem in a source, nothing written.

use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

use rayon::prelude::*;
use serde::Serialize;

use super::companions::{late, look_at_poster, look_at_track, misplaced};
use super::facts::{Facts, Place, measure};
use super::utf8::first_invalid_byte;
use super::{contents, has_errors, page_text, sort};
use khizana_media::PixelGate;
use khizana_model::Problem;
use khizana_model::Progress;
use khizana_source::{self as source, Described, FileRef, SourceError, TextRef};

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
    progress.begin("Items", Some(rows.total()));
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
    let look = Look {
        line,
        item: described.item.id.as_str(),
        gate,
    };
    let looks: Vec<(Vec<Problem>, Option<u32>)> = described
        .files
        .par_iter()
        .map(|file| look.at(file))
        .collect();
    // Where a file cannot be looked at, it is not known how many pages there are.
    let canvases: Option<u32> = looks.iter().map(|(_, canvases)| *canvases).sum();
    let mut found: Vec<Problem> = looks.into_iter().flat_map(|(found, _)| found).collect();
    found.extend(canvases.and_then(|canvases| contents::beyond(described, line, canvases)));
    page_text::fold(&mut found);
    found
}

/// Looks at the files of an item.
struct Look<'a> {
    line: u64,
    item: &'a str,
    gate: &'a PixelGate,
}

impl<'a> Look<'a> {
    fn place(&self, name: &'a str) -> Place<'a> {
        Place {
            name,
            line: self.line,
            item: self.item,
        }
    }

    /// What is wrong with a file, and how many canvases it becomes.
    fn at(&self, file: &'a FileRef) -> (Vec<Problem>, Option<u32>) {
        let mut problems = Vec::new();
        let facts = self.measure(&file.name, &file.path, &mut problems);
        if let Some(facts) = &facts {
            problems.extend(facts.warnings.iter().cloned());
            problems.extend(misplaced(file, facts.kind, self.place(&file.name)));
        }
        if let Some(text) = &file.text
            && self.is_utf8(text, &mut problems)
        {
            let size = facts
                .as_ref()
                .and_then(|facts| facts.width.zip(facts.height));
            let place = self.place(&text.name);
            match page_text::look(&text.path, place) {
                Ok(Some(text)) => problems.append(&mut page_text::warnings(&text, size, place)),
                Ok(None) => {}
                Err(problem) => problems.push(*problem),
            }
        }
        for track in &file.tracks {
            let place = self.place(&track.file.name);
            if !self.is_utf8(&track.file, &mut problems) {
                continue;
            }
            match look_at_track(&track.file.path, place) {
                Ok(mut track) => {
                    let duration = facts.as_ref().and_then(|facts| facts.duration_ms);
                    problems.extend(late(&track, duration, place));
                    problems.append(&mut track.problems);
                }
                Err(problem) => problems.push(*problem),
            }
        }
        if let Some(poster) = &file.poster
            && let Some(facts) = self.measure(&poster.name, &poster.path, &mut problems)
        {
            problems.extend(look_at_poster(&facts, self.place(&poster.name)));
        }
        (problems, facts.map(|facts| facts.pages.unwrap_or(1)))
    }

    fn measure(&self, name: &'a str, path: &Path, problems: &mut Vec<Problem>) -> Option<Facts> {
        measure(path, self.gate, self.place(name))
            .map_err(|problem| problems.push(*problem))
            .ok()
    }

    fn is_utf8(&self, text: &'a TextRef, problems: &mut Vec<Problem>) -> bool {
        let place = self.place(&text.name);
        let problem = match first_invalid_byte(&text.path) {
            Ok(None) => return true,
            Ok(Some(byte)) => place.not_utf8(byte),
            Err(error) => place.unreadable(&error),
        };
        problems.push(problem);
        false
    }
}

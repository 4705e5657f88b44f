//! The records of the site, from which pages and other documents are written.

use std::ops::Range;

use khizana_format::{KeyRange, Record};
use rayon::prelude::*;

use super::IndexFiles;
use crate::PublishError;

/// Number of records that are read at once.
const BATCH_SIZE: u32 = 256;

/// Reads the published records in batches, so that they need not be kept in memory.
pub(crate) struct RecordReader<'a> {
    files: &'a IndexFiles,
    /// Number of records.
    items: u32,
}

impl<'a> RecordReader<'a> {
    pub(crate) fn new(files: &'a IndexFiles, items: u32) -> RecordReader<'a> {
        RecordReader { files, items }
    }

    /// Returns the records with consecutive numbers.
    pub(crate) fn read(&self, numbers: Range<u32>) -> Result<Vec<Record>, PublishError> {
        let json = self.read_json(numbers)?;
        json.iter().map(|json| parse(json)).collect()
    }

    /// Returns the JSON of the records with consecutive numbers.
    pub(super) fn read_json(&self, numbers: Range<u32>) -> Result<Vec<Vec<u8>>, PublishError> {
        let archive = self.files.open()?;
        let keys: Vec<[u8; 4]> = numbers.map(u32::to_be_bytes).collect();
        let ranges: Vec<KeyRange<'_>> = keys.iter().map(|key| KeyRange::exact(key)).collect();
        let found = pollster::block_on(archive.lookup(&archive.root().records, &ranges))?;
        Ok(found.into_iter().flatten().map(|(_, json)| json).collect())
    }

    /// Calls a function with each record and its JSON, in parallel.
    pub(super) fn for_each_with_json(
        &self,
        call: impl Fn(Record, &[u8]) -> Result<(), PublishError> + Sync,
    ) -> Result<(), PublishError> {
        let batches = batches(0..self.items).into_par_iter();
        batches.try_for_each(|batch| {
            let json = self.read_json(batch)?;
            json.iter().try_for_each(|json| call(parse(json)?, json))
        })
    }

    /// Calls a function with each record, in parallel.
    pub(crate) fn for_each(
        &self,
        call: impl Fn(Record) -> Result<(), PublishError> + Sync,
    ) -> Result<(), PublishError> {
        let batches = batches(0..self.items).into_par_iter();
        batches.try_for_each(|batch| self.read(batch)?.into_iter().try_for_each(&call))
    }

    /// Calls a function with each record, in the order of their numbers.
    pub(crate) fn for_each_in_order(
        &self,
        mut call: impl FnMut(Record) -> Result<(), PublishError>,
    ) -> Result<(), PublishError> {
        for batch in batches(0..self.items) {
            self.read(batch)?.into_iter().try_for_each(&mut call)?;
        }
        Ok(())
    }

    /// Returns the results of a function for records with consecutive numbers, which are computed in parallel.
    pub(crate) fn map<T: Send>(
        &self,
        numbers: Range<u32>,
        call: impl Fn(Record) -> Result<T, PublishError> + Sync,
    ) -> Result<Vec<T>, PublishError> {
        let batches = batches(numbers).into_par_iter();
        let results = batches.map(|batch| self.read(batch)?.into_iter().map(&call).collect());
        let results: Vec<Vec<T>> = results.collect::<Result<_, PublishError>>()?;
        Ok(results.into_iter().flatten().collect())
    }
}

pub(super) fn parse(json: &[u8]) -> Result<Record, PublishError> {
    khizana_json::from_slice(json).map_err(PublishError::Deserialize)
}

fn batches(numbers: Range<u32>) -> Vec<Range<u32>> {
    let end = numbers.end;
    let starts = numbers.step_by(BATCH_SIZE as usize);
    starts
        .map(|start| start..start.saturating_add(BATCH_SIZE).min(end))
        .collect()
}

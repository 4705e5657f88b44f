//! The second pass over the store: records, identifiers and the index.

pub(crate) mod originals;
pub(crate) mod plan;

use std::cell::RefCell;

use khizana_format::{
    Canvas, CollectionSummary, FileRef, Image, LeafSize, Record, RecordSummary, SearchRoot,
    TreeRef, TreeWriter, WriteError, hash_of, object_path, put_varint,
};
use khizana_model::Problem;
use khizana_model::Progress;
use khizana_model::{
    ArchiveConfig, Collection, Hash, Id, Item, LangTag, Media, MediaKind, Originals, Pages,
};
use khizana_search::{AnalysedItem, CommonWords, IndexSettings, IndexWriter};
use khizana_store::Store;
use rayon::prelude::*;

use crate::PublishError;
use crate::images::Derived;
use crate::records::plan::Plan;
use crate::texts;
use crate::texts::line_alignment::LineAlignments;
use crate::texts::recordings;
use crate::texts::rendered_text;
use crate::texts::rendered_text::Outcome;
use khizana_site::Site;

/// Everything the root says of the items.
pub(crate) struct PublishedRecords {
    pub(crate) collections: Vec<CollectionSummary>,
    pub(crate) records: TreeRef,
    pub(crate) ids: TreeRef,
    pub(crate) search: SearchRoot,
    /// Originals that are not published although they were asked for, and texts that cannot be read.
    pub(crate) problems: Vec<Problem>,
    /// The records as JSON, by number, for the pages; empty where there are none.
    pub(crate) json: Vec<Vec<u8>>,
}

/// Writes all records and the index over them.
pub(crate) fn write(
    store: &Store,
    site: &Site,
    plan: &Plan,
    (derived, found): (&Derived, &LineAlignments),
    config: &ArchiveConfig,
    progress: &dyn Progress,
) -> Result<PublishedRecords, PublishError> {
    let mut problems = Vec::new();
    let mut json = vec![Vec::new(); plan.items() as usize];
    let mut collections = Vec::new();
    let mut numbers = plan.order();
    for planned in &plan.collections {
        let collection = &planned.collection;
        let mut cover: Option<Image> = None;
        let mut first_image: Option<Image> = None;
        for (item, number) in store.records(&collection.id)?.zip(&mut numbers) {
            let item = item?;
            let mut record = RecordBuilder {
                store,
                site,
                plan,
                derived,
                found,
                config,
                collection,
                problems: &mut problems,
            };
            let record = record.of(number, item)?;
            if cover.is_none() && collection.cover.as_ref() == Some(&record.item.id) {
                cover = record.cover().cloned();
            }
            if first_image.is_none() {
                first_image = record.cover().cloned();
            }
            let written = to_json(&record, &record.item.id)?;
            if let Some(own) = json.get_mut(number as usize) {
                *own = written;
            }
            progress.advance(1);
        }
        collections.push(CollectionSummary {
            id: collection.id.clone(),
            title: collection.title.clone(),
            description: collection.description.clone(),
            first: planned.first,
            items: planned.items,
            cover: cover.or(first_image),
            labels: collection
                .fields
                .iter()
                .filter(|(_, field)| !field.label.is_empty())
                .map(|(name, field)| (name.clone(), field.label.clone()))
                .collect(),
        });
    }

    // An error of the site, kept while it passes through the format's own.
    let failed = RefCell::new(None);
    let put = |hash: Hash, bytes: Vec<u8>| -> Result<(), WriteError> {
        let path = object_path(&hash);
        site.put_named(&path, &bytes).map_err(|error| {
            failed.replace(Some(error));
            WriteError::Io {
                path,
                source: std::io::ErrorKind::Other.into(),
            }
        })
    };
    let explained = |error| match failed.take() {
        Some(error) => PublishError::Site(error),
        None => PublishError::Format(error),
    };
    let mut put_records = put;
    let mut records = TreeWriter::new(&mut put_records, LeafSize::LARGE);
    let gathered = gather(site, plan, config, json, &collections, |number, record| {
        let pushed = records.push(&u32::to_be_bytes(number), record);
        pushed.map_err(explained)
    })?;
    let records = records.finish().map_err(explained)?;
    let written = (|| {
        let mut put = put;
        let mut tree = TreeWriter::new(&mut put, LeafSize::LARGE);
        for (id, number) in plan.ids() {
            let mut value = Vec::new();
            put_varint(&mut value, u64::from(*number));
            tree.push(id.as_str().as_bytes(), value)?;
        }
        let ids = tree.finish()?;
        let summary = |number: u32| gathered.summaries.get(number as usize).cloned();
        let settings = IndexSettings {
            languages: &config.languages,
            weights: &config.search.weights,
            summary: &|number| summary(number).unwrap_or_default(),
        };
        let search = gathered.index.finish(&settings, &mut put)?;
        Ok::<_, WriteError>((ids, search))
    })();
    let (ids, search) = written.map_err(explained)?;
    Ok(PublishedRecords {
        collections,
        records,
        ids,
        search,
        problems,
        json: gathered.json,
    })
}

/// So many items are cut into words at once.
const BATCH: usize = 1_024;

/// What the second pass leaves.
struct Gathered {
    index: IndexWriter,
    /// Summaries of the records as JSON, by item number.
    summaries: Vec<Vec<u8>>,
    /// See [`PublishedRecords`].
    json: Vec<Vec<u8>>,
}

/// Gathers the index over all records, in the order of their numbers, and hands each to `write`.
fn gather(
    site: &Site,
    plan: &Plan,
    config: &ArchiveConfig,
    json: Vec<Vec<u8>>,
    collections: &[CollectionSummary],
    mut write: impl FnMut(u32, Vec<u8>) -> Result<(), PublishError>,
) -> Result<Gathered, PublishError> {
    let cut =
        |json: &[u8], common: &CommonWords| -> Result<(AnalysedItem, Vec<u8>), PublishError> {
            let record: Record = khizana_json::from_slice(json).map_err(PublishError::Reread)?;
            let texts = canvas_texts(site, &record)?;
            let summary = to_json(&RecordSummary::of(&record, collections), &record.item.id)?;
            let item = AnalysedItem::new(&record.item, &texts, &config.languages, common);
            Ok((item, summary))
        };
    let sample: Vec<AnalysedItem> = sample(plan)
        .par_iter()
        .filter_map(|number| json.get(*number as usize))
        .map(|json| Ok(cut(json, &CommonWords::default())?.0))
        .collect::<Result<_, PublishError>>()?;
    let common = CommonWords::detect(&sample, json.len());
    drop(sample);
    let analyse = |batch: &[Vec<u8>]| -> Result<Vec<(AnalysedItem, Vec<u8>)>, PublishError> {
        let batch = batch.par_iter();
        batch.map(|json| cut(json, &common)).collect()
    };
    let collections_facets = plan.collections.iter().map(|own| &own.collection.facets);
    let facets: Vec<String> = collections_facets.flatten().cloned().collect();
    let mut index = IndexWriter::new(&facets, common.clone());
    let mut summaries = Vec::with_capacity(json.len());
    let mut kept = Vec::new();
    let mut json = json.into_iter();
    let mut number = 0;
    for planned in &plan.collections {
        let mut left = planned.items as usize;
        let mut next_batch = || -> Vec<Vec<u8>> {
            let batch: Vec<Vec<u8>> = json.by_ref().take(left.min(BATCH)).collect();
            left -= batch.len();
            batch
        };
        let collection = (planned.collection.id.as_str(), &planned.collection.title);
        let mut batch = next_batch();
        let mut ready = analyse(&batch)?;
        // While one batch is added, item after item, the next is cut into words.
        while !batch.is_empty() {
            let next = next_batch();
            let (analysed, ()) = rayon::join(
                || analyse(&next),
                || {
                    for (item, summary) in ready {
                        index.add(item, collection);
                        summaries.push(summary);
                    }
                },
            );
            ready = analysed?;
            for record in std::mem::replace(&mut batch, next) {
                // Nobody else reads it where there are no pages, and the index wants the memory.
                if config.pages == Pages::Items {
                    kept.push(record.clone());
                }
                write(number, record)?;
                number += 1;
            }
        }
    }
    Ok(Gathered {
        index,
        summaries,
        json: kept,
    })
}

/// The items that say which words are common: those whose identifiers hash lowest, so that a change to
/// another item leaves the index as it was.
fn sample(plan: &Plan) -> Vec<u32> {
    let hashed = plan
        .ids()
        .iter()
        .map(|(id, number)| (hash_of(id.as_str().as_bytes()), *number));
    let mut hashed: Vec<(Hash, u32)> = hashed.collect();
    hashed.sort_unstable();
    hashed.truncate(CommonWords::SAMPLE_SIZE);
    hashed.into_iter().map(|(_, number)| number).collect()
}

/// The texts of a record's canvases and what is said in them, each with its place, as they were
/// published.
fn canvas_texts(site: &Site, record: &Record) -> Result<Vec<(u32, String, LangTag)>, PublishError> {
    let mut texts = Vec::new();
    for (place, canvas) in (0u32..).zip(&record.canvases) {
        let own = canvas
            .original
            .as_ref()
            .filter(|_| canvas.kind == MediaKind::Text);
        if let Some(text) = canvas.text.as_ref().or(own) {
            let language = text.language.clone().unwrap_or_else(LangTag::und);
            texts.push((place, originals::text(site, text)?, language));
        }
        if let Some(recording) = &canvas.recording {
            for (text, language) in recordings::texts(site, recording)? {
                texts.push((place, text, language));
            }
        }
    }
    Ok(texts)
}

fn to_json(value: &impl serde::Serialize, item: &Id) -> Result<Vec<u8>, PublishError> {
    let mut json = serde_json::to_vec(value).map_err(PublishError::record(item))?;
    // One is kept for each item: what it grew by and does not need adds up.
    json.shrink_to_fit();
    Ok(json)
}

/// What a record is made from.
struct RecordBuilder<'a> {
    store: &'a Store,
    site: &'a Site,
    plan: &'a Plan,
    derived: &'a Derived,
    found: &'a LineAlignments,
    config: &'a ArchiveConfig,
    collection: &'a Collection,
    problems: &'a mut Vec<Problem>,
}

impl RecordBuilder<'_> {
    fn of(&mut self, number: u32, mut item: Item) -> Result<Record, PublishError> {
        let mut canvases = Vec::with_capacity(item.media.len());
        for media in std::mem::take(&mut item.media) {
            self.canvases(&item, media, &mut canvases)?;
        }
        Ok(Record {
            parent: self.plan.parent(&item),
            children: self.plan.children(number),
            collection: self.collection.id.clone(),
            canvases,
            item,
        })
    }

    /// The canvases of a file, one for each page. What the curator gave the file, a label, a text or
    /// tracks, belongs to its first; each offers the whole file. What is written on the pages of a document
    /// is their text, unless the curator gave it one.
    fn canvases(
        &mut self,
        of: &Item,
        media: Media,
        canvases: &mut Vec<Canvas>,
    ) -> Result<(), PublishError> {
        let item = &of.id;
        let language = of.languages.first().cloned().unwrap_or_else(LangTag::und);
        let has_text = media.text.is_some();
        let recording = recordings::publish(self.store, self.site, item, &media)?;
        let derived = self.derived;
        let pictured = media.poster.as_deref().unwrap_or(&media);
        let images: Vec<Option<&Image>> = (0..media.canvases())
            .map(|page| derived.of(pictured, page))
            .collect();
        // A recording is not its poster.
        let is_shown = media.kind == MediaKind::Image && images.iter().all(Option::is_some);
        let original = self.original(item, &media, is_shown)?;
        let first = images.first().copied().flatten();
        let text = media
            .text
            .as_ref()
            .map(|text| texts::publish(self.store, self.site, item, text, first))
            .transpose()?;
        let (mut text, lines) = match text {
            Some(own) => {
                self.problems.extend(own.problem);
                let found = || self.found.of(first?, media.text.as_ref()?);
                (Some(own.text), own.lines.or_else(found))
            }
            None => (None, None),
        };
        let (mut html, mut rows) = (None, None);
        if original.is_some() && text.is_none() {
            match rendered_text::publish(self.store, self.site, item, &media)? {
                Outcome::Shown(own) => (html, rows, text) = (Some(own.html), own.rows, own.text),
                Outcome::Problem(problem) => self.problems.push(problem),
                Outcome::Nothing => {}
            }
        }
        let mut of_file = Some((media.label.clone(), text, lines, recording));
        for (page, image) in (0..).zip(images) {
            let (label, mut text, mut lines, recording) = of_file.take().unwrap_or_default();
            let written = derived.written(&media, page).filter(|_| !has_text);
            if let Some(written) = written {
                text = written.text.clone().map(|text| FileRef {
                    language: Some(language.clone()),
                    ..text
                });
                lines = written.lines;
            }
            canvases.push(Canvas {
                // What is shown of a document is a picture of its page.
                kind: match media.kind {
                    MediaKind::Document if image.is_some() => MediaKind::Image,
                    kind => kind,
                },
                media_type: media.media_type.clone(),
                label,
                image: image.cloned(),
                original: original.clone(),
                text,
                lines,
                html,
                rows,
                recording,
            });
        }
        Ok(())
    }

    fn original(
        &mut self,
        item: &Id,
        media: &Media,
        is_shown: bool,
    ) -> Result<Option<FileRef>, PublishError> {
        // An image that cannot be shown is offered as it is.
        if self.config.originals == Originals::Needed && is_shown {
            return Ok(None);
        }
        if let Some(problem) = originals::withheld(item, media, self.collection) {
            self.problems.push(problem);
            return Ok(None);
        }
        originals::publish(self.store, self.site, item, media.into(), None).map(Some)
    }
}

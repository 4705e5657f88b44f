//! The second pass over the store: records, the index of identifiers, and the search index.

mod item_pages;
pub(crate) mod originals;
mod part;
pub(crate) mod plan;
mod related;
mod remote;
mod sample;
pub(crate) mod sections;
mod spool;
mod surroundings;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use khizana_format::{
    ByteReader, Canvas, CollectionSummary, FileRef, Image, LeafSize, Record, RecordSummary,
    SearchRoot, TreeRef, TreeWriter, WriteError, object_path, put_bytes, put_varint,
};
use khizana_model::Problem;
use khizana_model::Progress;
use khizana_model::{
    ArchiveConfig, Collection, Field, Hash, Id, Item, LangTag, Media, MediaKind, Originals,
};
use khizana_search::{
    AnalysedItem, CommonWords, FieldLanguages, IndexSettings, IndexWriter, title_key,
};
use khizana_store::Store;
use rayon::prelude::*;

use crate::PublishError;
use crate::images::DerivedImages;
use crate::maps::Maps;
use crate::records::plan::Plan;
use crate::records::sample::Shuffled;
use crate::records::sections::{Section, SectionsBuilder};
use crate::records::spool::Spool;
use crate::records::surroundings::{Surroundings, SurroundingsBuilder};
use crate::shown::Shown;
use crate::texts;
use crate::texts::line_alignment::LineAlignments;
use crate::texts::recordings;
use crate::texts::rendered_text;
use crate::texts::rendered_text::Outcome;
use khizana_site::Site;

pub(crate) use item_pages::ItemPageQuota;

/// Number of items whose text is analysed in parallel.
const BATCH_SIZE: u32 = 256;

/// The published records and their indexes.
pub(crate) struct PublishedRecords {
    pub(crate) collections: Vec<CollectionSummary>,
    /// The tree of the records, by item number.
    pub(crate) tree: TreeRef,
    /// The tree of the item numbers, by identifier.
    pub(crate) ids: TreeRef,
    pub(crate) search: SearchRoot,
    /// Problems with originals that are withheld and texts that cannot be read.
    pub(crate) problems: Vec<Problem>,
    /// The sections of the collections that have some.
    pub(crate) sections: BTreeMap<Id, Vec<Section>>,
    /// The identifiers of the items that have pages, if not all items or no items have one.
    pub(crate) item_pages: BTreeSet<String>,
}

/// Writes the records, publishes the files that they refer to, and writes the indexes. Adds the characters of all texts
/// to `shown`. If there is a quota, it decides which items have pages. Temporary files are in `folder`.
pub(crate) fn write(
    store: &Store,
    site: &Site,
    plan: &Plan,
    (images, line_alignments): (&DerivedImages, &LineAlignments),
    maps: &mut Maps,
    (config, mut quota, shown): (&ArchiveConfig, Option<ItemPageQuota<'_>>, Option<&Shown>),
    (folder, progress): (&Path, &dyn Progress),
) -> Result<PublishedRecords, PublishError> {
    let mut problems = Vec::new();
    let mut json = Spool::new(folder, plan.items())?;
    let mut collections = Vec::new();
    let mut all_sections = BTreeMap::new();
    let mut item_pages = BTreeSet::new();
    let mut withheld = 0;
    let mut surroundings = SurroundingsBuilder::new(plan.items());
    let mut numbers = plan.numbers_in_store_order();
    for planned in &plan.collections {
        let collection = &planned.collection;
        let mut cover: Option<Image> = None;
        let mut first_image: Option<Image> = None;
        let mut sections = SectionsBuilder::new(collection);
        for (item, number) in store.records(&collection.id)?.zip(&mut numbers) {
            let mut item = item?;
            withheld += remote::withhold(&mut item, config);
            let mut builder = RecordBuilder {
                store,
                site,
                plan,
                images,
                line_alignments,
                maps,
                config,
                collection,
                problems: &mut problems,
            };
            let mut record = builder.build(number, item)?;
            record.has_page = quota.as_mut().is_some_and(|quota| quota.admits(&record));
            if record.has_page {
                item_pages.insert(record.item.id.as_str().to_owned());
            }
            if cover.is_none() && collection.cover.as_ref() == Some(&record.item.id) {
                cover = record.cover().cloned();
            }
            if first_image.is_none() {
                first_image = record.cover().cloned();
            }
            surroundings.add(number, &record, collection)?;
            sections.add(number, &record.item);
            json.set(number, &to_json(&record, &record.item.id)?)?;
            progress.advance(1);
        }
        let sections = sections.finish(&mut problems);
        if !sections.is_empty() {
            all_sections.insert(collection.id.clone(), sections);
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

    problems.extend(remote::withheld_problem(withheld));
    complete_parts(plan, &mut json)?;
    let surroundings = surroundings.finish(plan)?;

    // The writers report a `WriteError`. The site error that caused it is kept here.
    let site_error = RefCell::new(None);
    let put = |hash: Hash, bytes: Vec<u8>| -> Result<(), WriteError> {
        let path = object_path(&hash);
        site.put_named(&path, &bytes).map_err(|error| {
            site_error.replace(Some(error));
            WriteError::Io {
                path,
                source: std::io::ErrorKind::Other.into(),
            }
        })
    };
    let publish_error = |error| match site_error.take() {
        Some(error) => PublishError::Site(error),
        None => PublishError::Format(error),
    };
    let mut put_record = put;
    let mut records = TreeWriter::new(&mut put_record, LeafSize::LARGE);
    let indexed = index_records(
        site,
        &surroundings,
        (config, shown),
        (json, folder),
        &collections,
        |number, record| {
            let pushed = records.push(&u32::to_be_bytes(number), record);
            pushed.map_err(publish_error)
        },
    )?;
    let tree = records.finish().map_err(publish_error)?;
    // Writing the index takes the most memory, so data that has been written is dropped first.
    drop(surroundings);
    let indexes = (|| {
        let mut put = put;
        let mut writer = TreeWriter::new(&mut put, LeafSize::LARGE);
        for_each_id_and_alias(plan, |id, number| {
            let mut value = Vec::new();
            put_varint(&mut value, u64::from(number));
            writer.push(id.as_bytes(), value)
        })?;
        let ids = writer.finish()?;
        let settings = IndexSettings {
            languages: &config.languages,
            weights: &config.search.weights,
            summary: &|number| indexed.summaries.get_indexed(number),
            title_key: &|number, language| {
                let keys = indexed.title_keys.get_indexed(number)?;
                let mut reader = ByteReader::new(&keys);
                let mut keys = std::iter::from_fn(|| reader.bytes());
                Ok(keys.nth(language).unwrap_or_default().to_vec())
            },
        };
        let search = indexed.index.finish(&settings, &mut put)?;
        Ok::<_, WriteError>((ids, search))
    })();
    let (ids, search) = indexes.map_err(publish_error)?;
    Ok(PublishedRecords {
        collections,
        tree,
        ids,
        search,
        problems,
        sections: all_sections,
        item_pages,
    })
}

/// Calls a function with each identifier and its item number, in ascending order, and with the identifiers in lower
/// case, so that a search finds them in any case.
fn for_each_id_and_alias(
    plan: &Plan,
    mut call: impl FnMut(&str, u32) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let mut aliases: BTreeMap<String, u32> = BTreeMap::new();
    for (id, number) in plan.ids() {
        let lowercase = id.to_lowercase();
        if lowercase != id && plan.number(&lowercase).is_none() {
            aliases.entry(lowercase).or_insert(number);
        }
    }
    let mut aliases = aliases.into_iter().peekable();
    for (id, number) in plan.ids() {
        while let Some((alias, number)) = aliases.next_if(|(alias, _)| &**alias < id) {
            call(&alias, number)?;
        }
        call(id, number)?;
    }
    aliases.try_for_each(|(alias, number)| call(&alias, number))
}

/// Adds to the records of items without files what they take from their parents.
fn complete_parts(plan: &Plan, json: &mut Spool) -> Result<(), PublishError> {
    for (parent, parts) in plan.parts_by_depth() {
        let parent = read(&json.get(parent)?)?;
        for number in parts {
            let mut record = read(&json.get(number)?)?;
            part::complete(&mut record, &parent);
            json.set(number, &to_json(&record, &record.item.id)?)?;
        }
    }
    Ok(())
}

/// The return value of [`index_records`].
struct IndexedRecords {
    index: IndexWriter,
    /// The JSON of the summary of each record.
    summaries: Spool,
    /// The collation keys of the title of each item, one for each language of the interface, as written by
    /// [`put_bytes`].
    title_keys: Spool,
}

/// Adds all records to a search index in the order of their numbers, and passes each to `write`.
fn index_records(
    site: &Site,
    surroundings: &Surroundings<'_>,
    (config, shown): (&ArchiveConfig, Option<&Shown>),
    (json, folder): (Spool, &Path),
    collections: &[CollectionSummary],
    mut write: impl FnMut(u32, Vec<u8>) -> Result<(), PublishError>,
) -> Result<IndexedRecords, PublishError> {
    let plan = surroundings.plan();
    let analyse = |record: &Record, common: &CommonWords, field_languages: &FieldLanguages| {
        let texts = canvas_texts(site, record)?;
        if let Some(shown) = shown {
            texts.iter().for_each(|(_, text, _)| shown.add_text(text));
        }
        let item = AnalysedItem::new(&record.item, &texts, common, field_languages);
        Ok::<_, PublishError>(item)
    };
    let shuffled = Shuffled::new(plan);
    let read_sample = |numbers: &[u32]| -> Result<Vec<Record>, PublishError> {
        let numbers = numbers.par_iter();
        numbers.map(|number| read(&json.get(*number)?)).collect()
    };
    let sample: Vec<AnalysedItem> = read_sample(shuffled.sample(CommonWords::SAMPLE_SIZE))?
        .par_iter()
        .map(|record| analyse(record, &CommonWords::default(), &FieldLanguages::default()))
        .collect::<Result<_, PublishError>>()?;
    let common = CommonWords::detect(&sample, json.len());
    drop(sample);
    let mut field_languages = shuffled
        .samples_of_collections(plan, FieldLanguages::SAMPLE_SIZE)
        .iter()
        .map(|numbers| {
            let records = read_sample(numbers)?;
            let items = records.iter().map(|record| &record.item);
            Ok(FieldLanguages::guess(items))
        })
        .collect::<Result<Vec<_>, PublishError>>()?
        .into_iter();
    let complete =
        |number: u32, languages: &FieldLanguages| -> Result<CompletedRecord, PublishError> {
            let mut json = json.get(number)?;
            let record = read(&json)?;
            let item = analyse(&record, &common, languages)?;
            let summary = to_json(&RecordSummary::of(&record, collections), &record.item.id)?;
            let mut title_keys = Vec::new();
            for language in &config.languages {
                put_bytes(&mut title_keys, &title_key(&record.item, language));
            }
            surroundings.add_to(&mut json, number);
            if let Some(shown) = shown {
                shown.add_bytes(&json);
            }
            Ok(((item, summary, title_keys), json))
        };
    let complete_batch = |batch: Range<u32>, languages: &FieldLanguages| {
        let batch = batch.into_par_iter();
        batch
            .map(|number| complete(number, languages))
            .collect::<Result<Vec<_>, PublishError>>()
    };
    let facets = plan
        .collections
        .iter()
        .flat_map(|planned| &planned.collection.facets);
    let facets: Vec<String> = facets.cloned().collect();
    let mut index = IndexWriter::new(&facets, common.clone());
    let mut summaries = Spool::new(folder, plan.items())?;
    let mut title_keys = Spool::new(folder, plan.items())?;
    for planned in &plan.collections {
        let end = planned.first + planned.items;
        let collection = (planned.collection.id.as_str(), &planned.collection.title);
        let languages = field_languages.next().unwrap_or_default();
        let batch_from = |first: u32| first..first.saturating_add(BATCH_SIZE).min(end);
        let mut numbers = batch_from(planned.first);
        let mut batch = complete_batch(numbers.clone(), &languages)?;
        // Items are added to the index sequentially, while the next batch is being analysed.
        while !numbers.is_empty() {
            let next = batch_from(numbers.end);
            let (analysed, records): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let (completed, added) = rayon::join(
                || complete_batch(next.clone(), &languages),
                || {
                    let mut analysed = numbers.clone().zip(analysed);
                    analysed.try_for_each(|(number, (item, summary, keys))| {
                        index.add(item, collection);
                        title_keys.set(number, &keys)?;
                        summaries.set(number, &summary)
                    })
                },
            );
            added?;
            batch = completed?;
            for (number, record) in numbers.zip(records) {
                write(number, record)?;
            }
            numbers = next;
        }
    }
    Ok(IndexedRecords {
        index,
        summaries,
        title_keys,
    })
}

/// An item that is added to the index, its summary and the collation keys of its title, and the JSON of its completed
/// record.
type CompletedRecord = ((AnalysedItem, Vec<u8>, Vec<u8>), Vec<u8>);

/// Returns the published texts and transcripts of a record, each with the index of its canvas and
/// its language.
fn canvas_texts(site: &Site, record: &Record) -> Result<Vec<(u32, String, LangTag)>, PublishError> {
    let mut texts = Vec::new();
    for (index, canvas) in (0u32..).zip(&record.canvases) {
        let original_text = canvas
            .original
            .as_ref()
            .filter(|_| canvas.kind == MediaKind::Text);
        if let Some(text) = canvas.text.as_ref().or(original_text) {
            let language = text.language.clone().unwrap_or_else(LangTag::und);
            texts.push((index, originals::read_text(&site.path(""), text)?, language));
        }
        if let Some(recording) = &canvas.recording {
            for (text, language) in recordings::texts(site, recording)? {
                texts.push((index, text, language));
            }
        }
    }
    Ok(texts)
}

fn read(json: &[u8]) -> Result<Record, PublishError> {
    khizana_json::from_slice(json).map_err(PublishError::Deserialize)
}

fn to_json(value: &impl serde::Serialize, item: &Id) -> Result<Vec<u8>, PublishError> {
    serde_json::to_vec(value).map_err(PublishError::serialize(item))
}

/// Builds the record of an item and publishes the files that it refers to.
struct RecordBuilder<'a> {
    store: &'a Store,
    site: &'a Site,
    plan: &'a Plan,
    images: &'a DerivedImages,
    line_alignments: &'a LineAlignments,
    maps: &'a mut Maps,
    config: &'a ArchiveConfig,
    collection: &'a Collection,
    problems: &'a mut Vec<Problem>,
}

impl RecordBuilder<'_> {
    fn build(&mut self, number: u32, mut item: Item) -> Result<Record, PublishError> {
        let remote = remote::take_displayed(&mut item, self.config);
        let mut canvases = Vec::with_capacity(item.media.len());
        for media in std::mem::take(&mut item.media) {
            self.add_canvases(&item, media, &mut canvases)?;
        }
        // The sections of images that have not been fetched have no pages.
        let pages = u32::try_from(canvases.len()).unwrap_or(u32::MAX);
        item.contents.retain(|section| section.file < pages);
        let map = match item.location {
            Some(location) => self.maps.around(self.site, location)?,
            None => None,
        };
        let (map, spot) = map.unzip();
        let order = &self.config.field_order;
        let position = |field: &Field| {
            let position = order.iter().position(|name| *name == field.name);
            position.unwrap_or(order.len())
        };
        item.fields.sort_by_key(position);
        Ok(Record {
            parent: self.plan.parent(&item),
            children: self.plan.children(number),
            collection: self.collection.id.clone(),
            canvases,
            remote,
            part: None,
            previous: None,
            next: None,
            related: Vec::new(),
            map,
            spot,
            has_page: false,
            item,
        })
    }

    /// Appends the canvases of a file, one for each page.
    ///
    /// The label, text and tracks that the source provides for the file belong to its first canvas.
    /// Every canvas refers to the original. If the source provides no text for a document, the text
    /// of each page is extracted from the document.
    fn add_canvases(
        &mut self,
        item: &Item,
        media: Media,
        canvases: &mut Vec<Canvas>,
    ) -> Result<(), PublishError> {
        let id = &item.id;
        let language = item.languages.first().cloned().unwrap_or_else(LangTag::und);
        let has_text = media.text.is_some();
        let recording = recordings::publish(self.store, self.site, id, &media);
        let recording = self.unless_damaged(recording, id, &media.name)?.flatten();
        let derived = self.images;
        let depicted = media.poster.as_deref().unwrap_or(&media);
        let images: Vec<Option<&Image>> = (0..media.canvases())
            .map(|page| derived.image(depicted, page))
            .collect();
        // The image of a recording is only its poster, which does not display the recording.
        let is_displayed = media.kind == MediaKind::Image && images.iter().all(Option::is_some);
        let original = self.publish_original(id, &media, is_displayed)?;
        let first_image = images.first().copied().flatten();
        let text = media
            .text
            .as_ref()
            .map(|text| {
                let published = texts::publish(self.store, self.site, id, text, first_image);
                self.unless_damaged(published, id, &text.name)
            })
            .transpose()?
            .flatten();
        let (mut text, lines) = match text {
            Some(published) => {
                self.problems.extend(published.problem);
                let aligned = || self.line_alignments.get(first_image?, media.text.as_ref()?);
                (Some(published.text), published.lines.or_else(aligned))
            }
            None => (None, None),
        };
        let (mut html, mut rows) = (None, None);
        if original.is_some() && text.is_none() {
            let rendered = rendered_text::publish(self.store, self.site, id, &media);
            let rendered = self.unless_damaged(rendered, id, &media.name)?;
            match rendered.unwrap_or(Outcome::NotApplicable) {
                Outcome::Rendered(rendered) => {
                    (html, rows, text) = (Some(rendered.html), rendered.rows, rendered.text);
                }
                Outcome::Problem(problem) => self.problems.push(problem),
                Outcome::NotApplicable => {}
            }
        }
        let mut first_canvas = Some((media.label.clone(), text, lines, recording));
        for (page, image) in (0..).zip(images) {
            let (label, mut text, mut lines, recording) = first_canvas.take().unwrap_or_default();
            let page_text = derived.document_page(&media, page).filter(|_| !has_text);
            if let Some(page_text) = page_text {
                text = page_text.text.clone().map(|text| FileRef {
                    language: Some(language.clone()),
                    ..text
                });
                lines = page_text.lines;
            }
            canvases.push(Canvas {
                // The pages of a document are displayed as images.
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

    /// Returns the result of publishing a file, or `None` and a problem if the store has lost the file or
    /// it is damaged.
    fn unless_damaged<T>(
        &mut self,
        result: Result<T, PublishError>,
        item: &Id,
        file: &str,
    ) -> Result<Option<T>, PublishError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.problems.push(error.into_damage(item, file)?);
                Ok(None)
            }
        }
    }

    fn publish_original(
        &mut self,
        item: &Id,
        media: &Media,
        is_displayed: bool,
    ) -> Result<Option<FileRef>, PublishError> {
        // The original of an image that cannot be displayed is always published.
        if self.config.originals == Originals::Needed && is_displayed {
            return Ok(None);
        }
        if let Some(problem) = originals::withheld(item, media, self.collection) {
            self.problems.push(problem);
            return Ok(None);
        }
        let published = originals::publish(self.store, self.site, item, media.into(), None);
        self.unless_damaged(published, item, &media.name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_listed_in_lower_case_unless_another_item_has_it() {
        let items = ["A1", "a1", "Bc", "bC", "é", "d"].map(|id| (id, None));
        let mut all = Vec::new();
        for_each_id_and_alias(&plan::tests::plan(&items), |id, number| {
            all.push((id.to_owned(), number));
            Ok(())
        })
        .unwrap();
        let all: Vec<(&str, u32)> = all.iter().map(|(id, number)| (&**id, *number)).collect();
        let expected = [
            ("A1", 0),
            ("Bc", 2),
            ("a1", 1),
            ("bC", 3),
            ("bc", 2),
            ("d", 5),
            ("é", 4),
        ];
        assert_eq!(all, expected);
    }
}

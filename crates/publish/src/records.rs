//! The second pass over the store: records, identifiers and the index.

use std::collections::BTreeMap;

use khizana_format::{
    Brief, Canvas, CollectionSummary, Image, Record, SearchRoot, Shape, TreeRef, TreeWriter,
    WriteError, hash_of, object_path, put_varint, train_dictionary,
};
use khizana_ingest::pipeline::Progress;
use khizana_ingest::store::Store;
use khizana_model::{ArchiveConfig, Hash, Id, Item, LangTag, MediaKind, Originals};
use khizana_search::{Analysed, IndexWriter, Settings};
use rayon::prelude::*;

use crate::images::Derived;
use crate::plan::Plan;
use crate::site::Site;
use crate::{PublishError, originals};

/// Records a dictionary is trained on: those whose identifiers hash lowest, so that a change to
/// another item leaves the dictionary, and with it every block, as it was.
const SAMPLES: usize = 1_000;

/// Everything the root says of the items.
pub(crate) struct Written {
    pub(crate) collections: Vec<CollectionSummary>,
    pub(crate) records: TreeRef,
    pub(crate) ids: TreeRef,
    pub(crate) search: SearchRoot,
    /// The records as JSON, by number, for the pages.
    pub(crate) json: Vec<Vec<u8>>,
}

/// Writes all records and the index over them.
pub(crate) fn write(
    store: &Store,
    site: &Site,
    plan: &Plan,
    derived: &Derived,
    config: &ArchiveConfig,
    progress: &dyn Progress,
) -> Result<Written, PublishError> {
    let mut json = vec![Vec::new(); plan.items() as usize];
    let mut collections = Vec::new();
    let mut samples: BTreeMap<Hash, u32> = BTreeMap::new();
    let mut numbers = plan.order();
    for planned in &plan.collections {
        let collection = &planned.collection;
        let mut cover: Option<Image> = None;
        let mut first_image: Option<Image> = None;
        for (item, number) in store.records(&collection.id)?.zip(&mut numbers) {
            let record = record(
                store,
                site,
                plan,
                derived,
                config,
                (number, &collection.id),
                item?,
            )?;
            if cover.is_none() && collection.cover.as_ref() == Some(&record.item.id) {
                cover = record.cover().cloned();
            }
            if first_image.is_none() {
                first_image = record.cover().cloned();
            }
            samples.insert(hash_of(record.item.id.as_str().as_bytes()), number);
            if samples.len() > SAMPLES {
                samples.pop_last();
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
    let (index, briefs) = index(site, plan, config, &json, &collections)?;

    // An error of the site, kept while it passes through the format's own.
    let mut failed = None;
    let mut put = |hash: Hash, bytes: Vec<u8>| -> Result<(), WriteError> {
        let path = object_path(&hash);
        site.put_named(&path, &bytes).map_err(|error| {
            failed = Some(error);
            WriteError::Io {
                path,
                source: std::io::ErrorKind::Other.into(),
            }
        })
    };
    let written = (|| {
        let chosen: Vec<Vec<u8>> = samples
            .values()
            .filter_map(|number| json.get(*number as usize).cloned())
            .collect();
        let dictionary = train_dictionary(&chosen);
        let mut tree = TreeWriter::new(&mut put, dictionary.as_deref(), Shape::WIDE)?;
        for (number, json) in (0u32..).zip(&json) {
            tree.push(&number.to_be_bytes(), json.clone())?;
        }
        let records = tree.finish()?;
        let mut tree = TreeWriter::new(&mut put, None, Shape::WIDE)?;
        for (id, number) in plan.ids() {
            let mut value = Vec::new();
            put_varint(&mut value, u64::from(*number));
            tree.push(id.as_str().as_bytes(), value)?;
        }
        let ids = tree.finish()?;
        let settings = Settings {
            languages: &config.languages,
            weights: &config.search.weights,
            brief: &|number| briefs.get(number as usize).cloned().unwrap_or_default(),
        };
        let search = index.finish(&settings, &mut put)?;
        Ok::<_, WriteError>((records, ids, search))
    })();
    let (records, ids, search) =
        written.map_err(|error| failed.unwrap_or(PublishError::Format(error)))?;
    Ok(Written {
        collections,
        records,
        ids,
        search,
        json,
    })
}

/// So many items are cut into words at once.
const BATCH: usize = 1_024;

/// Gathers the index over all records, in the order of their numbers, and what lists show of them.
fn index(
    site: &Site,
    plan: &Plan,
    config: &ArchiveConfig,
    json: &[Vec<u8>],
    collections: &[CollectionSummary],
) -> Result<(IndexWriter, Vec<Vec<u8>>), PublishError> {
    let analyse = |batch: &[Vec<u8>]| -> Result<Vec<(Analysed, Vec<u8>)>, PublishError> {
        batch
            .par_iter()
            .map(|json| {
                let record: Record =
                    khizana_model::json::from_slice(json).map_err(PublishError::Reread)?;
                let texts = texts(site, &record)?;
                let brief = to_json(&Brief::of(&record, collections), &record.item.id)?;
                let item = Analysed::of(&record.item, &texts, &config.languages);
                Ok((item, brief))
            })
            .collect()
    };
    let collections_facets = plan.collections.iter().map(|own| &own.collection.facets);
    let facets: Vec<String> = collections_facets.flatten().cloned().collect();
    let mut index = IndexWriter::new(&facets);
    let mut briefs = Vec::with_capacity(json.len());
    for planned in &plan.collections {
        let first = planned.first as usize;
        let own = json.get(first..first + planned.items as usize);
        let mut batches = own.unwrap_or_default().chunks(BATCH);
        let collection = (planned.collection.id.as_str(), &planned.collection.title);
        let mut ready = analyse(batches.next().unwrap_or_default())?;
        // While one batch is added, item after item, the next is cut into words.
        while !ready.is_empty() {
            let (next, ()) = rayon::join(
                || analyse(batches.next().unwrap_or_default()),
                || {
                    for (item, brief) in ready {
                        index.add(item, collection);
                        briefs.push(brief);
                    }
                },
            );
            ready = next?;
        }
    }
    Ok((index, briefs))
}

/// The texts of a record's canvases, each with its place, as they were published.
fn texts(site: &Site, record: &Record) -> Result<Vec<(u32, String, LangTag)>, PublishError> {
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
    }
    Ok(texts)
}

fn to_json(value: &impl serde::Serialize, item: &Id) -> Result<Vec<u8>, PublishError> {
    let mut json = serde_json::to_vec(value).map_err(|source| PublishError::Record {
        item: item.to_string(),
        source,
    })?;
    // One is kept for each item: what it grew by and does not need adds up.
    json.shrink_to_fit();
    Ok(json)
}

fn record(
    store: &Store,
    site: &Site,
    plan: &Plan,
    derived: &Derived,
    config: &ArchiveConfig,
    (number, collection): (u32, &Id),
    mut item: Item,
) -> Result<Record, PublishError> {
    let mut canvases = Vec::with_capacity(item.media.len());
    for media in std::mem::take(&mut item.media) {
        let image = derived.of(&media).cloned();
        // An image that cannot be shown is offered as it is.
        let wanted = config.originals == Originals::All || image.is_none();
        let original = wanted
            .then(|| originals::publish(store, site, &item.id, (&media).into(), None))
            .transpose()?;
        let text = media.text.as_ref().map(|text| {
            let language = Some(text.language.clone());
            originals::publish(store, site, &item.id, text.into(), language)
        });
        let text = text.transpose()?;
        canvases.push(Canvas {
            kind: media.kind,
            media_type: media.media_type,
            label: media.label,
            image,
            original,
            text,
        });
    }
    Ok(Record {
        parent: plan.parent(&item),
        children: plan.children(number),
        collection: collection.clone(),
        canvases,
        item,
    })
}

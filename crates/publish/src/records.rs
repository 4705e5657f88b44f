//! The second pass over the store: records, identifiers and the index.

use std::collections::BTreeMap;

use khizana_format::{
    Canvas, CollectionSummary, Image, Record, SearchRoot, TreeRef, TreeWriter, WriteError, hash_of,
    object_path, put_varint, train_dictionary,
};
use khizana_ingest::pipeline::Progress;
use khizana_ingest::store::Store;
use khizana_model::{ArchiveConfig, Hash, Id, Item, MediaKind, Originals};
use khizana_search::IndexWriter;

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
    let mut index = IndexWriter::default();
    let mut json = Vec::with_capacity(plan.items() as usize);
    let mut collections = Vec::new();
    let mut samples: BTreeMap<Hash, usize> = BTreeMap::new();
    let mut number = 0u32;
    for planned in &plan.collections {
        let collection = &planned.collection;
        let mut cover: Option<Image> = None;
        let mut first_image: Option<Image> = None;
        for item in store.records(&collection.id)? {
            let item = item?;
            let mut texts = Vec::new();
            let record = record(
                store,
                site,
                plan,
                derived,
                config,
                (number, &collection.id),
                item,
                &mut texts,
            )?;
            index.add(
                &record.item,
                (collection.id.as_str(), &collection.title),
                &texts,
            );
            if cover.is_none() && collection.cover.as_ref() == Some(&record.item.id) {
                cover = record.cover().cloned();
            }
            if first_image.is_none() {
                first_image = record.cover().cloned();
            }
            samples.insert(hash_of(record.item.id.as_str().as_bytes()), json.len());
            if samples.len() > SAMPLES {
                samples.pop_last();
            }
            json.push(
                serde_json::to_vec(&record).map_err(|source| PublishError::Record {
                    item: record.item.id.to_string(),
                    source,
                })?,
            );
            number += 1;
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
            .filter_map(|at| json.get(*at).cloned())
            .collect();
        let dictionary = train_dictionary(&chosen);
        let mut tree = TreeWriter::new(&mut put, dictionary.as_deref())?;
        for (number, json) in (0u32..).zip(&json) {
            tree.push(&number.to_be_bytes(), json.clone())?;
        }
        let records = tree.finish()?;
        let mut tree = TreeWriter::new(&mut put, None)?;
        for (id, number) in plan.ids() {
            let mut value = Vec::new();
            put_varint(&mut value, u64::from(*number));
            tree.push(id.as_str().as_bytes(), value)?;
        }
        let ids = tree.finish()?;
        let facets: Vec<String> = plan
            .collections
            .iter()
            .flat_map(|p| p.collection.facets.iter().cloned())
            .collect();
        let search = index.finish(&config.languages, &facets, &mut put)?;
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

#[allow(clippy::too_many_arguments)] // Everything a record is made from, in one place and once.
fn record(
    store: &Store,
    site: &Site,
    plan: &Plan,
    derived: &Derived,
    config: &ArchiveConfig,
    (number, collection): (u32, &Id),
    mut item: Item,
    texts: &mut Vec<String>,
) -> Result<Record, PublishError> {
    let mut canvases = Vec::with_capacity(item.media.len());
    for media in std::mem::take(&mut item.media) {
        let image = derived.of(&media).cloned();
        // An image that cannot be shown is offered as it is.
        let wanted = config.originals == Originals::All || image.is_none();
        let original = wanted
            .then(|| originals::publish(store, site, &item.id, (&media).into(), None))
            .transpose()?;
        let text = match &media.text {
            Some(text) => {
                texts.push(originals::text(store, &item.id, text.into())?);
                Some(originals::publish(
                    store,
                    site,
                    &item.id,
                    text.into(),
                    Some(text.language.clone()),
                )?)
            }
            None if media.kind == MediaKind::Text => {
                texts.push(originals::text(store, &item.id, (&media).into())?);
                None
            }
            None => None,
        };
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

//! The items of the source that have changed since the site was published.

use std::collections::BTreeMap;
use std::sync::Arc;

use khizana_format::CollectionSummary;
use khizana_model::LangTag;
use khizana_publish::{Draft, Drafts};
use khizana_source::SourceItem;

use crate::draft_images::DraftImages;
use crate::reading::{Reading, RowHashes};

/// The changed items of a reading.
#[derive(Debug)]
pub(crate) struct SourceDrafts {
    items: BTreeMap<String, SourceItem>,
    /// The collection and its identifiers in order, if none of its items is published.
    collection: Option<(CollectionSummary, Vec<String>)>,
    images: Arc<DraftImages>,
    /// The widths of the published images.
    widths: Vec<u32>,
}

impl SourceDrafts {
    /// Takes the changed items of a reading. `published` are the hashes of the published items.
    pub(crate) fn new(
        reading: &mut Reading,
        published: &RowHashes,
        images: Arc<DraftImages>,
        widths: Vec<u32>,
    ) -> SourceDrafts {
        let collection = published.is_empty().then(|| {
            let ids: Vec<String> = reading.items.iter().map(|item| item.id.clone()).collect();
            let cover = ids.first().and_then(|id| reading.changed.get(id));
            let cover = cover.and_then(|item| images.image(&item.files.first()?.path, &widths));
            let fields = reading.collection.fields.iter();
            let labels = fields.filter(|(_, field)| !field.label.is_empty());
            let summary = CollectionSummary {
                id: reading.collection.id.clone(),
                title: reading.collection.title.clone(),
                description: reading.collection.description.clone(),
                first: 0,
                items: u32::try_from(ids.len()).unwrap_or(u32::MAX),
                cover,
                labels: labels
                    .map(|(name, field)| (name.clone(), field.label.clone()))
                    .collect(),
            };
            (summary, ids)
        });
        SourceDrafts {
            items: std::mem::take(&mut reading.changed),
            collection,
            images,
            widths,
        }
    }

    /// Removes the items that have been published.
    pub(crate) fn without(&self, published: &RowHashes) -> SourceDrafts {
        let items = self.items.iter();
        let changed = items.filter(|(id, item)| published.get(*id) != Some(&item.hash));
        SourceDrafts {
            items: changed
                .map(|(id, item)| (id.clone(), item.clone()))
                .collect(),
            collection: self.collection.clone().filter(|_| published.is_empty()),
            images: self.images.clone(),
            widths: self.widths.clone(),
        }
    }

    /// Returns `true` if no item is published, so that only documents display them.
    pub(crate) fn is_everything(&self) -> bool {
        self.collection.is_some()
    }
}

impl Drafts for SourceDrafts {
    fn item(&self, id: &str) -> Option<Draft> {
        let source = self.items.get(id)?;
        let mut item = source.item.clone();
        if let Some(title) = source
            .fallback_title
            .as_ref()
            .filter(|_| item.title.is_empty())
        {
            item.title.push(LangTag::und(), title.clone());
        }
        Some(Draft {
            item,
            canvases: self
                .is_everything()
                .then(|| self.images.canvases(&source.files, &self.widths)),
        })
    }

    fn collection(&self) -> Option<&CollectionSummary> {
        self.collection.as_ref().map(|(summary, _)| summary)
    }

    fn id_at(&self, position: u32) -> Option<String> {
        let (_, ids) = self.collection.as_ref()?;
        ids.get(usize::try_from(position).ok()?).cloned()
    }
}

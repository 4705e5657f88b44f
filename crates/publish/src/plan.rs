//! The first pass over the store: which items there are, their numbers, and who is part of whom.

use std::collections::BTreeMap;

use khizana_format::Child;
use khizana_ingest::store::Store;
use khizana_model::{Collection, Id, Item, LangMap, Media, MediaKind};

use crate::PublishError;

/// A collection and the numbers of its items.
pub(crate) struct Planned {
    pub(crate) collection: Collection,
    pub(crate) first: u32,
    pub(crate) items: u32,
}

/// What must be known of every item before the first record is written.
struct Outline {
    id: Id,
    title: LangMap,
    parent: Option<Id>,
}

/// An image of an item, to be derived from.
pub(crate) struct Picture {
    pub(crate) item: Id,
    pub(crate) media: Media,
}

/// The whole publication in outline.
pub(crate) struct Plan {
    pub(crate) collections: Vec<Planned>,
    pub(crate) pictures: Vec<Picture>,
    outlines: Vec<Outline>,
    numbers: BTreeMap<Id, u32>,
    children: BTreeMap<u32, Vec<u32>>,
}

impl Plan {
    /// Reads the store once. Collections come in the order of their identifiers, items in the order
    /// of their source.
    pub(crate) fn of(store: &Store) -> Result<Plan, PublishError> {
        let mut plan = Plan {
            collections: Vec::new(),
            pictures: Vec::new(),
            outlines: Vec::new(),
            numbers: BTreeMap::new(),
            children: BTreeMap::new(),
        };
        for collection in store.collections()? {
            let first = plan.next()?;
            for item in store.records(&collection.id)? {
                let item: Item = item?;
                let number = plan.next()?;
                let images = item
                    .media
                    .into_iter()
                    .filter(|media| media.kind == MediaKind::Image);
                plan.pictures.extend(images.map(|media| Picture {
                    item: item.id.clone(),
                    media,
                }));
                plan.numbers.insert(item.id.clone(), number);
                plan.outlines.push(Outline {
                    id: item.id,
                    title: item.title,
                    parent: item.parent,
                });
            }
            let items = plan.next()? - first;
            if items > 0 {
                plan.collections.push(Planned {
                    collection,
                    first,
                    items,
                });
            }
        }
        for (number, outline) in (0u32..).zip(&plan.outlines) {
            if let Some(parent) = outline.parent.as_ref().and_then(|id| plan.numbers.get(id)) {
                plan.children.entry(*parent).or_default().push(number);
            }
        }
        Ok(plan)
    }

    fn next(&self) -> Result<u32, PublishError> {
        u32::try_from(self.outlines.len()).map_err(|_| PublishError::TooMany)
    }

    /// How many items there are.
    pub(crate) fn items(&self) -> u32 {
        self.outlines.len() as u32
    }

    /// The identifiers in their order, with the numbers.
    pub(crate) fn ids(&self) -> &BTreeMap<Id, u32> {
        &self.numbers
    }

    fn link(&self, number: u32) -> Option<Child> {
        let outline = self.outlines.get(number as usize)?;
        Some(Child {
            id: outline.id.clone(),
            title: outline.title.clone(),
        })
    }

    /// The item that an item is a part of.
    pub(crate) fn parent(&self, item: &Item) -> Option<Child> {
        self.link(*self.numbers.get(item.parent.as_ref()?)?)
    }

    /// The parts of an item, in order.
    pub(crate) fn children(&self, number: u32) -> Vec<Child> {
        let numbers = self.children.get(&number).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.link(*number))
            .collect()
    }
}

//! The first pass over the store: which items there are, their numbers, and who is part of whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use khizana_format::{ItemRef, MAX_ITEMS};
use khizana_model::{Collection, Id, Item, LangMap, Media, MediaKind};
use khizana_store::Store;

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

/// An image of an item, or a page of a file, to be derived from.
pub(crate) struct Picture {
    pub(crate) item: Id,
    pub(crate) media: Arc<Media>,
    /// The number of the page, from 0.
    pub(crate) page: u32,
    /// Whether its collection wants IIIF tiles.
    pub(crate) tiles: bool,
}

/// The whole publication in outline.
pub(crate) struct Plan {
    pub(crate) collections: Vec<Planned>,
    pub(crate) pictures: Vec<Picture>,
    outlines: Vec<Outline>,
    /// The number of each item, in the order of the store.
    order: Vec<u32>,
    numbers: BTreeMap<Id, u32>,
    children: BTreeMap<u32, Vec<u32>>,
}

impl Plan {
    /// Reads the store once. Collections come in the order of their identifiers, items in the order
    /// of their source; those of a large collection in the order of its facets (see [`ARRANGED`]).
    pub(crate) fn of(store: &Store) -> Result<Plan, PublishError> {
        let mut plan = Plan {
            collections: Vec::new(),
            pictures: Vec::new(),
            outlines: Vec::new(),
            order: Vec::new(),
            numbers: BTreeMap::new(),
            children: BTreeMap::new(),
        };
        for collection in store.collections()? {
            let first = plan.next()?;
            let mut outlines = Vec::new();
            let mut keys = Keys::of(&collection);
            for item in store.records(&collection.id)? {
                let item: Item = item?;
                keys.add(&item);
                let images = item.media.into_iter().filter_map(|media| match media.kind {
                    MediaKind::Image => Some((media.canvases(), media)),
                    MediaKind::Document if media.pages.is_some() => Some((media.canvases(), media)),
                    _ => media.poster.map(|poster| (1, *poster)),
                });
                for (pages, media) in images {
                    let media = Arc::new(media);
                    plan.pictures.extend((0..pages).map(|page| Picture {
                        item: item.id.clone(),
                        media: media.clone(),
                        page,
                        tiles: collection.iiif.tiles,
                    }));
                }
                outlines.push(Outline {
                    id: item.id,
                    title: item.title,
                    parent: item.parent,
                });
            }
            let order = keys.order();
            // Where each item of the store comes to lie.
            let mut places = vec![0; order.len()];
            for (number, place) in (first..).zip(&order) {
                if let Some(own) = places.get_mut(*place as usize) {
                    *own = number;
                }
            }
            let mut outlines: Vec<Option<Outline>> = outlines.into_iter().map(Some).collect();
            let arranged = order
                .iter()
                .filter_map(|place| outlines.get_mut(*place as usize)?.take());
            plan.outlines.extend(arranged);
            plan.order.extend(places);
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
            plan.numbers.insert(outline.id.clone(), number);
        }
        // Parts follow in the order of their source.
        for number in &plan.order {
            let outline = plan.outlines.get(*number as usize);
            let parent = outline.and_then(|own| plan.numbers.get(own.parent.as_ref()?));
            if let Some(parent) = parent {
                plan.children.entry(*parent).or_default().push(*number);
            }
        }
        Ok(plan)
    }

    fn next(&self) -> Result<u32, PublishError> {
        u32::try_from(self.outlines.len())
            .ok()
            .filter(|items| *items <= MAX_ITEMS)
            .ok_or(PublishError::TooMany)
    }

    /// The number of the next item of the store, item after item.
    pub(crate) fn order(&self) -> impl Iterator<Item = u32> {
        self.order.iter().copied()
    }

    /// How many items there are.
    pub(crate) fn items(&self) -> u32 {
        self.outlines.len() as u32
    }

    /// The identifiers in their order, with the numbers.
    pub(crate) fn ids(&self) -> &BTreeMap<Id, u32> {
        &self.numbers
    }

    fn link(&self, number: u32) -> Option<ItemRef> {
        let outline = self.outlines.get(number as usize)?;
        Some(ItemRef {
            id: outline.id.clone(),
            title: outline.title.clone(),
        })
    }

    /// The item that an item is a part of.
    pub(crate) fn parent(&self, item: &Item) -> Option<ItemRef> {
        self.link(*self.numbers.get(item.parent.as_ref()?)?)
    }

    /// The parts of an item, in order.
    pub(crate) fn children(&self, number: u32) -> Vec<ItemRef> {
        let numbers = self.children.get(&number).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.link(*number))
            .collect()
    }
}

/// A collection of so many items is arranged by its facets: what is alike lies together, so that the
/// columns of the facets are short and the blocks of records small. A smaller one stays as its curator
/// ordered it.
const ARRANGED: usize = 4_096;

/// What the items of a collection are arranged by.
struct Keys {
    fields: Vec<String>,
    /// Of each field the numbers of its values, and of each item which it has first.
    values: Vec<(BTreeMap<String, u32>, Vec<u32>)>,
}

impl Keys {
    fn of(collection: &Collection) -> Keys {
        let mut fields = collection.facets.clone();
        if fields.is_empty() {
            fields.extend(["type", "creator"].map(str::to_owned));
        }
        fields.push(DECADE.to_owned());
        Keys {
            values: fields.iter().map(|_| Default::default()).collect(),
            fields,
        }
    }

    fn add(&mut self, item: &Item) {
        for (field, (values, own)) in self.fields.iter().zip(&mut self.values) {
            let value = if field == DECADE {
                let edtf = item.date.as_ref().and_then(|date| date.edtf.as_ref());
                let year = edtf.and_then(|edtf| edtf.years().0);
                year.map(|year| year.div_euclid(10).to_string())
            } else {
                let value = item
                    .field(field)
                    .and_then(|map| map.entities().into_iter().next());
                value.map(|value| value.facet_key().to_owned())
            };
            let next = values.len() as u32 + 1;
            own.push(value.map_or(0, |value| *values.entry(value).or_insert(next)));
        }
    }

    /// The items in the order in which they are published: the field of fewest values first; equals
    /// as in the source.
    fn order(self) -> Vec<u32> {
        let count = self.values.first().map_or(0, |(_, own)| own.len());
        let mut order: Vec<u32> = (0..count as u32).collect();
        if count < ARRANGED {
            return order;
        }
        let mut columns: Vec<(usize, Vec<u32>)> = self
            .values
            .into_iter()
            .map(|(values, own)| {
                // Numbered by their names: the order must not depend on which item came first.
                let mut names = vec![0; values.len() + 1];
                for (rank, number) in (1u32..).zip(values.values()) {
                    if let Some(name) = names.get_mut(*number as usize) {
                        *name = rank;
                    }
                }
                let ranks = own
                    .iter()
                    .map(|number| names.get(*number as usize).copied());
                (values.len(), ranks.map(Option::unwrap_or_default).collect())
            })
            .collect();
        columns.sort_by_key(|(values, _)| *values);
        order.sort_by_cached_key(|item| -> Vec<u32> {
            let at = *item as usize;
            columns
                .iter()
                .filter_map(|(_, own)| own.get(at).copied())
                .collect()
        });
        order
    }
}

/// Stands among the fields for the decade of the date.
const DECADE: &str = "date:decade";

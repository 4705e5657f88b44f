//! The first pass over the store: the numbers of the items, their hierarchy, and the pages from
//! which images are derived.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use khizana_format::{ItemRef, MAX_ITEMS};
use khizana_model::{ArchiveConfig, Collection, Id, Item, LangMap, Media, MediaKind, PackedList};
use khizana_pages::LangText;
use khizana_store::Store;

use super::{part, remote, to_json};
use crate::PublishError;

/// A collection and the numbers of its items. The numbers are consecutive.
pub(crate) struct PlannedCollection {
    pub(crate) collection: Collection,
    /// The number of the first item.
    pub(crate) first: u32,
    /// Number of items.
    pub(crate) items: u32,
}

/// A page of an image or document from which derivatives are created. Most images have one page.
pub(crate) struct SourcePage {
    pub(crate) item: Id,
    pub(crate) media: Arc<Media>,
    /// The index of the page, starting at 0.
    pub(crate) page: u32,
    /// `true` if the collection publishes IIIF tiles.
    pub(crate) tiles: bool,
    /// `true` if the item has several canvases, so that its page lists them.
    pub(crate) strip: bool,
}

/// Returns the number of pages of a file from which derivatives are created, or `None` if there are none.
pub(crate) fn derived_pages(media: &Media) -> Option<u32> {
    match media.kind {
        MediaKind::Image => Some(media.canvases()),
        MediaKind::Document if media.pages.is_some() => Some(media.canvases()),
        _ => None,
    }
}

/// The plan of a publication.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) collections: Vec<PlannedCollection>,
    pub(crate) source_pages: Vec<SourcePage>,
    /// Number of files of all items.
    pub(crate) files: u64,
    /// The items with files.
    pub(crate) with_files: BTreeSet<Id>,
    /// The identifiers of the items, in the order of the items in the store.
    ids: PackedList,
    /// The JSON of the [`ItemRef`] of each item, in the order of the items in the store. It takes a quarter of the
    /// memory of the value.
    links: PackedList,
    /// The number of each item, in the order of the items in the store.
    store_order: Vec<u32>,
    /// The position of each item in the store, by item number.
    positions: Vec<u32>,
    /// The numbers of the items, in the order of their identifiers.
    by_id: Vec<u32>,
    /// The number of the parent of each part, by the number of the part.
    parents: BTreeMap<u32, u32>,
    /// The numbers of the items that have files or links.
    with_media: BTreeSet<u32>,
    /// The numbers of the children of each item, by the number of the item.
    children: BTreeMap<u32, Vec<u32>>,
    /// The numbers of the previous and the next item of each item, by the number of the item.
    neighbours: Vec<Neighbours>,
}

/// The numbers of the previous and the next item.
pub(super) type Neighbours = [Option<u32>; 2];

impl Plan {
    /// Creates the plan by reading the store.
    ///
    /// Collections are sorted by identifier. Items keep the order of their source, except for large
    /// collections, which are sorted by facets (see [`MIN_SORTED_ITEMS`]).
    pub(crate) fn new(store: &Store, config: &ArchiveConfig) -> Result<Plan, PublishError> {
        let mut plan = Plan::default();
        let mut parts = Vec::new();
        // The positions of the items with files or links.
        let mut with_media = Vec::new();
        for mut collection in store.collections()? {
            apply(config, &mut collection);
            let first = plan.next_number()?;
            let mut sort_keys = SortKeys::new(&collection);
            for item in store.records(&collection.id)? {
                let mut item: Item = item?;
                remote::withhold(&mut item, config);
                sort_keys.add(&item);
                let position = plan.next_number()?;
                if !item.media.is_empty() || !item.links.is_empty() {
                    with_media.push(position);
                }
                let pages = match item.parent {
                    Some(_) => part::pages(&item),
                    None => String::new(),
                };
                if let Some(parent) = &item.parent {
                    parts.push(Part {
                        position,
                        parent: parent.clone(),
                        first_page: part::first_page(&item),
                    });
                }
                plan.files += item.media.len() as u64;
                if !item.media.is_empty() {
                    plan.with_files.insert(item.id.clone());
                }
                let strip = item.media.iter().map(Media::canvases).sum::<u32>() > 1;
                let images =
                    (item.media.into_iter()).filter_map(|media| match derived_pages(&media) {
                        Some(pages) => Some((pages, media)),
                        None => media.poster.map(|poster| (1, *poster)),
                    });
                for (pages, media) in images {
                    let media = Arc::new(media);
                    plan.source_pages.extend((0..pages).map(|page| SourcePage {
                        item: item.id.clone(),
                        media: media.clone(),
                        page,
                        tiles: collection.iiif.tiles,
                        strip,
                    }));
                }
                plan.push_link(item.id, item.title, pages)?;
            }
            plan.add_order(first, &sort_keys.order());
            let items = plan.next_number()? - first;
            if items > 0 {
                plan.collections.push(PlannedCollection {
                    collection,
                    first,
                    items,
                });
            }
        }
        plan.complete(parts, &with_media);
        Ok(plan)
    }

    /// Adds the next item in the order of the store.
    fn push_link(&mut self, id: Id, title: LangMap, pages: String) -> Result<(), PublishError> {
        self.ids.push(id.as_str().as_bytes());
        let link = ItemRef {
            id,
            title,
            pages,
            thumb: None,
            field: String::new(),
            value: String::new(),
        };
        self.links.push(&to_json(&link, &link.id)?);
        Ok(())
    }

    /// Numbers the items of a collection, the first of which has the number `first` and the position `first`.
    /// `order` contains the indexes of the items in the order of publication.
    fn add_order(&mut self, first: u32, order: &[u32]) {
        let mut numbers = vec![0; order.len()];
        for (number, index) in (first..).zip(order) {
            if let Some(slot) = numbers.get_mut(*index as usize) {
                *slot = number;
            }
        }
        self.store_order.extend(numbers);
        let positions = order.iter().map(|index| first + index);
        self.positions.extend(positions);
    }

    /// Completes the plan when all items have been numbered. `with_media` contains the positions of the items with
    /// files or links.
    fn complete(&mut self, parts: Vec<Part>, with_media: &[u32]) {
        let mut by_id: Vec<u32> = (0..self.items()).collect();
        by_id.sort_unstable_by_key(|number| self.id(*number));
        self.by_id = by_id;
        let number_at = |position: u32| self.store_order.get(position as usize).copied();
        let with_media = with_media.iter();
        self.with_media = with_media.filter_map(|it| number_at(*it)).collect();
        let mut first_pages = BTreeMap::new();
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut parents = BTreeMap::new();
        for part in parts {
            let parent = self.number(part.parent.as_str());
            if let (Some(number), Some(parent)) = (number_at(part.position), parent) {
                children.entry(parent).or_default().push(number);
                parents.insert(number, parent);
                first_pages.extend(part.first_page.map(|page| (number, page)));
            }
        }
        // Children keep the order of their source, or that of their pages if all have pages.
        for children in children.values_mut() {
            let page = |number: &u32| first_pages.get(number);
            if children.iter().all(|number| page(number).is_some()) {
                children.sort_by_key(page);
            }
        }
        (self.children, self.parents) = (children, parents);
        self.neighbours = self.find_neighbours();
    }

    /// Returns the neighbours of each item: for a part, the parts of the same item; for any other item, the
    /// items of the collection that are not parts.
    fn find_neighbours(&self) -> Vec<Neighbours> {
        let mut neighbours = vec![[None; 2]; self.ids.len()];
        let is_part = |number: &u32| self.parents.contains_key(number);
        for planned in &self.collections {
            let numbers = planned.first..planned.first.saturating_add(planned.items);
            link(numbers.filter(|number| !is_part(number)), &mut neighbours);
        }
        for children in self.children.values() {
            link(children.iter().copied(), &mut neighbours);
        }
        neighbours
    }

    fn next_number(&self) -> Result<u32, PublishError> {
        u32::try_from(self.ids.len())
            .ok()
            .filter(|items| *items <= MAX_ITEMS)
            .ok_or(PublishError::TooManyItems)
    }

    /// Returns the title of an item for readers of a language.
    pub(crate) fn title(&self, number: u32, lang: &str) -> LangText {
        match self.item_ref(number) {
            Some(link) => LangText::best(&link.title, lang, link.id.as_str()),
            None => LangText::best(&LangMap::new(), lang, ""),
        }
    }

    /// Returns the numbers of the items in the order of the store.
    pub(crate) fn numbers_in_store_order(&self) -> impl Iterator<Item = u32> {
        self.store_order.iter().copied()
    }

    /// Returns the number of items.
    pub(crate) fn items(&self) -> u32 {
        self.ids.len() as u32
    }

    /// Returns the identifiers and the numbers of the items, in the order of their identifiers.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&str, u32)> {
        let numbers = self.by_id.iter();
        numbers.map(|number| (self.id(*number), *number))
    }

    /// Returns the number of the item with an identifier.
    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        let index = self
            .by_id
            .binary_search_by(|number| self.id(*number).cmp(id));
        self.by_id.get(index.ok()?).copied()
    }

    /// Returns the identifier of an item. It is empty if there is no such item.
    fn id(&self, number: u32) -> &str {
        let id = self.position(number).and_then(|it| self.ids.get(it));
        std::str::from_utf8(id.unwrap_or_default()).unwrap_or_default()
    }

    fn position(&self, number: u32) -> Option<usize> {
        Some(*self.positions.get(number as usize)? as usize)
    }

    /// Returns the numbers of the previous and the next item.
    pub(super) fn neighbours(&self, number: u32) -> Neighbours {
        let neighbours = self.neighbours.get(number as usize);
        neighbours.copied().unwrap_or_default()
    }

    /// Returns the JSON of the link to an item.
    pub(super) fn link_json(&self, number: u32) -> Option<&[u8]> {
        self.links.get(self.position(number)?)
    }

    /// Returns the link to an item.
    fn item_ref(&self, number: u32) -> Option<ItemRef> {
        khizana_json::from_slice(self.link_json(number)?).ok()
    }

    /// Returns `true` if the item `parent` is the parent of the item `child`.
    pub(super) fn is_parent(&self, parent: u32, child: u32) -> bool {
        self.parents.get(&child) == Some(&parent)
    }

    /// Returns the parent of an item.
    pub(crate) fn parent(&self, item: &Item) -> Option<ItemRef> {
        self.item_ref(self.number(item.parent.as_ref()?.as_str())?)
    }

    /// Returns the number of each parent with the numbers of its children that have no media. A parent
    /// that is itself a part follows its parent.
    pub(crate) fn parts_by_depth(&self) -> Vec<(u32, Vec<u32>)> {
        let depth = |number: u32| {
            let (mut depth, mut number) = (0, number);
            // A cycle of parents is rejected when the source is read, but the store may be damaged.
            while depth < MAX_DEPTH
                && let Some(parent) = self.parents.get(&number)
            {
                (depth, number) = (depth + 1, *parent);
            }
            depth
        };
        let is_part = |number: &&u32| !self.with_media.contains(number);
        let mut parts: Vec<(u32, Vec<u32>)> = self
            .children
            .iter()
            .map(|(parent, children)| {
                let parts = children.iter().filter(is_part);
                (*parent, parts.copied().collect())
            })
            .filter(|(_, parts): &(u32, Vec<u32>)| !parts.is_empty())
            .collect();
        parts.sort_by_cached_key(|(parent, _)| depth(*parent));
        parts
    }

    /// Returns the children of an item, in the order of the source.
    pub(crate) fn children(&self, number: u32) -> Vec<ItemRef> {
        let numbers = self.children.get(&number).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.item_ref(*number))
            .collect()
    }
}

/// A part of another item, before the items have numbers.
struct Part {
    /// The position in the store.
    position: u32,
    parent: Id,
    /// The first page in the parent.
    first_page: Option<u32>,
}

/// Makes each item of a list the neighbour of the next one.
fn link(numbers: impl Iterator<Item = u32>, neighbours: &mut [Neighbours]) {
    let mut previous: Option<u32> = None;
    for number in numbers {
        if let Some([before, _]) = neighbours.get_mut(number as usize) {
            *before = previous;
        }
        if let Some(previous) = previous
            && let Some([_, after]) = neighbours.get_mut(previous as usize)
        {
            *after = Some(number);
        }
        previous = Some(number);
    }
}

/// Maximum depth of parts of parts that take the rights of their parent.
const MAX_DEPTH: u32 = 16;

/// Replaces the facets and the labels of a collection with those of the archive.
fn apply(config: &ArchiveConfig, collection: &mut Collection) {
    if !config.facets.is_empty() {
        let names = config.facets.iter().map(|name| name.value.clone());
        collection.facets = names.collect();
    }
    for (field, label) in &config.labels {
        let settings = collection.fields.entry(field.clone()).or_default();
        settings.label.clone_from(label);
    }
}

/// Minimum number of items of a collection that is sorted by its facets.
///
/// Sorting makes similar items adjacent, which shortens the facet columns and improves the
/// compression of the records. Smaller collections keep the order of their source.
const MIN_SORTED_ITEMS: usize = 4_096;

/// The keys by which the items of a collection are sorted.
struct SortKeys {
    fields: Vec<String>,
    /// The identifier, and the parent and the first page in it, of each item.
    places: Vec<(Id, Option<(Id, u32)>)>,
    /// For each field, the numbers assigned to its values, and the number of the first value of
    /// each item. Numbers start at 1. 0 means that the item has no value.
    values: Vec<(BTreeMap<String, u32>, Vec<u32>)>,
}

impl SortKeys {
    fn new(collection: &Collection) -> SortKeys {
        let mut fields = collection.facets.clone();
        if fields.is_empty() {
            fields.extend(["type", "creator"].map(str::to_owned));
        }
        fields.push(DECADE.to_owned());
        SortKeys {
            values: fields.iter().map(|_| Default::default()).collect(),
            places: Vec::new(),
            fields,
        }
    }

    fn add(&mut self, item: &Item) {
        // Large collections are sorted by facets.
        if self.places.len() < MIN_SORTED_ITEMS {
            let place = item.parent.clone().zip(part::first_page(item));
            self.places.push((item.id.clone(), place));
        }
        for (field, (numbers, items)) in self.fields.iter().zip(&mut self.values) {
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
            let next = numbers.len() as u32 + 1;
            items.push(value.map_or(0, |value| *numbers.entry(value).or_insert(next)));
        }
    }

    /// Returns the indexes of the items in the order of publication. The first sort key is the
    /// field with the fewest distinct values. The sort is stable. A small collection keeps the order of
    /// its source, except for items that are pages of another item.
    fn order(self) -> Vec<u32> {
        let count = self.values.first().map_or(0, |(_, items)| items.len());
        let mut order: Vec<u32> = (0..count as u32).collect();
        if count < MIN_SORTED_ITEMS {
            let positions: BTreeMap<&Id, u32> =
                self.places.iter().map(|(id, _)| id).zip(0..).collect();
            // Articles follow their issue in the order of their pages.
            order.sort_by_key(|index| {
                let place = self.places.get(*index as usize);
                let place = place.and_then(|(_, place)| place.as_ref());
                match place.and_then(|(parent, page)| Some((*positions.get(parent)?, *page))) {
                    Some((parent, page)) => (parent, Some(page), *index),
                    None => (*index, None, 0),
                }
            });
            return order;
        }
        let mut columns: Vec<(usize, Vec<u32>)> = self
            .values
            .into_iter()
            .map(|(numbers, items)| {
                // Values are ranked in lexical order, so that the ranks do not depend on the order
                // in which the items are read.
                let mut ranks = vec![0; numbers.len() + 1];
                for (rank, number) in (1u32..).zip(numbers.values()) {
                    if let Some(slot) = ranks.get_mut(*number as usize) {
                        *slot = rank;
                    }
                }
                let item_ranks = items
                    .iter()
                    .map(|number| ranks.get(*number as usize).copied());
                (
                    numbers.len(),
                    item_ranks.map(Option::unwrap_or_default).collect(),
                )
            })
            .collect();
        columns.sort_by_key(|(distinct, _)| *distinct);
        order.sort_by_cached_key(|item| -> Vec<u32> {
            let index = *item as usize;
            columns
                .iter()
                .filter_map(|(_, ranks)| ranks.get(index).copied())
                .collect()
        });
        order
    }
}

/// The pseudo-field that contains the decade of the date.
const DECADE: &str = "date:decade";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// Returns the plan of a collection of items, each with its identifier and that of its parent.
    pub(in crate::records) fn plan(items: &[(&str, Option<&str>)]) -> Plan {
        let mut plan = Plan::default();
        let mut parts = Vec::new();
        for (position, (id, parent)) in (0..).zip(items) {
            let id = id.parse().unwrap();
            plan.push_link(id, LangMap::new(), String::new()).unwrap();
            parts.extend(parent.map(|parent| Part {
                position,
                parent: parent.parse().unwrap(),
                first_page: None,
            }));
        }
        let items = plan.items();
        plan.collections.push(PlannedCollection {
            collection: Collection::new("c".parse().unwrap()),
            first: 0,
            items,
        });
        plan.add_order(0, &(0..items).collect::<Vec<u32>>());
        plan.complete(parts, &[]);
        plan
    }

    #[test]
    fn links_the_items_of_a_list() {
        let mut neighbours = vec![[None; 2]; 5];
        link([3, 0, 4].into_iter(), &mut neighbours);
        link([1].into_iter(), &mut neighbours);
        assert_eq!(
            neighbours,
            [
                [Some(3), Some(4)],
                [None, None],
                [None, None],
                [None, Some(0)],
                [Some(0), None],
            ]
        );
    }

    #[test]
    fn parts_are_the_neighbours_of_parts_only() {
        let mut plan = plan(&[
            ("issue-1", None),
            ("article-1", Some("issue-1")),
            ("article-2", Some("issue-1")),
            ("issue-2", None),
            ("orphan", Some("missing")),
        ]);
        // In the order of their pages.
        plan.children = BTreeMap::from([(0, vec![2, 1])]);
        plan.neighbours = plan.find_neighbours();
        let neighbours: Vec<Neighbours> = (0..6).map(|number| plan.neighbours(number)).collect();
        assert_eq!(
            neighbours,
            [
                [None, Some(3)],
                [Some(2), None],
                [None, Some(1)],
                [Some(0), Some(4)],
                [Some(3), None],
                [None, None],
            ]
        );
        assert!(plan.is_parent(0, 1) && !plan.is_parent(1, 0) && !plan.is_parent(3, 1));
    }
}

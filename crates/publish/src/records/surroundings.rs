//! The items to which the page of an item leads: its neighbours and related items.

use khizana_format::{ItemRef, Record, Thumbnail};
use khizana_model::Collection;

use super::plan::Plan;
use super::related::{Relations, RelationsBuilder};

/// Collects what the pages of other items display of each item.
pub(super) struct SurroundingsBuilder {
    relations: RelationsBuilder,
    /// The thumbnail of each item, by item number.
    thumbs: Vec<Option<Thumbnail>>,
}

impl SurroundingsBuilder {
    /// Creates a builder for items with the numbers below `items`.
    pub(super) fn new(items: u32) -> SurroundingsBuilder {
        SurroundingsBuilder {
            relations: RelationsBuilder::new(items),
            thumbs: vec![None; items as usize],
        }
    }

    /// Adds the item with a number.
    pub(super) fn add(&mut self, number: u32, record: &Record, collection: &Collection) {
        self.relations.add(number, &record.item, collection);
        if let Some(slot) = self.thumbs.get_mut(number as usize) {
            *slot = record.cover().map(Thumbnail::of);
        }
    }

    pub(super) fn finish(self, plan: &Plan) -> Surroundings<'_> {
        Surroundings {
            relations: self.relations.finish(),
            thumbs: self.thumbs,
            plan,
        }
    }
}

/// The items to which the page of each item leads.
pub(super) struct Surroundings<'a> {
    relations: Relations,
    thumbs: Vec<Option<Thumbnail>>,
    plan: &'a Plan,
}

impl<'a> Surroundings<'a> {
    /// Returns the plan of the publication.
    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Adds to the record of the item with a number its neighbours and related items. Items to which the
    /// page leads in another way are not among the related items.
    pub(super) fn add_to(&self, record: &mut Record, number: u32) {
        let neighbours = self.plan.neighbours(number);
        let [previous, next] = neighbours.map(|number| self.plan.item_ref(number?));
        (record.previous, record.next) = (previous, next);
        let is_excluded = |other| {
            neighbours.contains(&Some(other))
                || self.plan.is_parent(other, number)
                || self.plan.is_parent(number, other)
        };
        let relations = self.relations.of(number, is_excluded).into_iter();
        let related = relations.filter_map(|relation| {
            let item = self.plan.item_ref(relation.number)?;
            Some(ItemRef {
                thumb: self.thumbs.get(relation.number as usize)?.clone(),
                field: relation.field.to_owned(),
                value: relation.value.to_owned(),
                ..item
            })
        });
        record.related = related.collect();
    }
}

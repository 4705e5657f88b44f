//! The items to which the page of an item leads: its neighbours and related items.

use khizana_format::{Record, Thumbnail};
use khizana_model::Collection;

use super::plan::Plan;
use super::related::{Relations, RelationsBuilder};
use super::to_json;
use crate::PublishError;

/// Collects what the pages of other items display of each item.
pub(super) struct SurroundingsBuilder {
    relations: RelationsBuilder,
    /// The JSON of the thumbnail of each item, by item number. Empty if it has none, and missing if neither this item
    /// nor a later one has any.
    thumbs: Vec<Box<[u8]>>,
}

impl SurroundingsBuilder {
    /// Creates a builder for items with the numbers below `items`.
    pub(super) fn new(items: u32) -> SurroundingsBuilder {
        SurroundingsBuilder {
            relations: RelationsBuilder::new(items),
            thumbs: Vec::new(),
        }
    }

    /// Adds the item with a number.
    pub(super) fn add(
        &mut self,
        number: u32,
        record: &Record,
        collection: &Collection,
    ) -> Result<(), PublishError> {
        self.relations.add(number, &record.item, collection);
        if let Some(image) = record.cover() {
            let index = number as usize;
            if self.thumbs.len() <= index {
                self.thumbs.resize_with(index + 1, Box::default);
            }
            if let Some(slot) = self.thumbs.get_mut(index) {
                *slot = to_json(&Thumbnail::of(image), &record.item.id)?.into_boxed_slice();
            }
        }
        Ok(())
    }

    pub(super) fn finish(self, plan: &Plan) -> Result<Surroundings<'_>, PublishError> {
        let (relations, values) = self.relations.finish();
        let mut reasons = Vec::with_capacity(values.len());
        for (field, value) in values {
            let json = |text: &str| {
                serde_json::to_string(text).map_err(PublishError::serialize("related"))
            };
            let (field, value) = (json(&field)?, json(&value)?);
            reasons.push(format!(",\"field\":{field},\"value\":{value}"));
        }
        Ok(Surroundings {
            relations,
            reasons,
            thumbs: self.thumbs,
            plan,
        })
    }
}

/// The items to which the page of each item leads.
///
/// An item is displayed on up to eight other pages, so the JSON of the plan is copied.
pub(super) struct Surroundings<'a> {
    relations: Relations,
    /// The JSON members of the value by which items are related, by value.
    reasons: Vec<String>,
    /// See [`SurroundingsBuilder::thumbs`].
    thumbs: Vec<Box<[u8]>>,
    plan: &'a Plan,
}

impl<'a> Surroundings<'a> {
    /// Returns the plan of the publication.
    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Adds to the JSON of the record with a number its neighbours and related items. Items to which the
    /// page leads in another way are not among the related items.
    pub(super) fn add_to(&self, json: &mut Vec<u8>, number: u32) {
        let neighbours = self.plan.neighbours(number);
        let is_excluded = |other| {
            neighbours.contains(&Some(other))
                || self.plan.is_parent(other, number)
                || self.plan.is_parent(number, other)
        };
        // The members follow those of the object.
        json.pop();
        for (name, neighbour) in [&b",\"previous\":"[..], b",\"next\":"]
            .into_iter()
            .zip(neighbours)
        {
            if let Some(link) = neighbour.and_then(|number| self.plan.link_json(number)) {
                json.extend_from_slice(name);
                json.extend_from_slice(link);
            }
        }
        let mut separator: &[u8] = b",\"related\":[";
        for relation in self.relations.of(number, is_excluded) {
            let thumb = self.thumbs.get(relation.number as usize);
            let (Some(link), Some(reason)) = (
                self.plan.link_json(relation.number),
                self.reasons.get(relation.value as usize),
            ) else {
                continue;
            };
            json.extend_from_slice(std::mem::replace(&mut separator, b","));
            json.extend_from_slice(link);
            json.pop();
            if let Some(thumb) = thumb.filter(|thumb| !thumb.is_empty()) {
                json.extend_from_slice(b",\"thumb\":");
                json.extend_from_slice(thumb);
            }
            json.extend_from_slice(reason.as_bytes());
            json.push(b'}');
        }
        let has_related = separator == b",";
        json.extend_from_slice(if has_related { b"]}" } else { b"}" });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::records::plan::tests::plan;

    fn record(json: &str) -> Record {
        khizana_json::from_slice(json.as_bytes()).unwrap()
    }

    #[test]
    fn adds_links_to_the_json_of_a_record() {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let plan = plan(&ids.map(|id| (id, None)));
        let image = r#"{"key":"4e12","width":4,"height":3,"tone":"b9a78c","sizes":[{"width":4,"height":3,"sha256":"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae","bytes":9}]}"#;
        let mut builder = SurroundingsBuilder::new(6);
        let mut json = Vec::new();
        for (number, id) in (0..).zip(ids) {
            let subject = if number % 3 == 0 {
                r#"\"x\" & <y>"#
            } else {
                id
            };
            let text = format!(
                r#"{{"item":{{"id":"{id}","fields":[{{"name":"subject","values":{{"ar":["{subject}"]}}}}]}},"collection":"c","canvases":[{{"kind":"image","media_type":"image/png","image":{image}}}]}}"#
            );
            let collection = Collection::new("c".parse().unwrap());
            builder.add(number, &record(&text), &collection).unwrap();
            json.push(text.into_bytes());
        }
        let surroundings = builder.finish(&plan).unwrap();
        let completed: Vec<Record> = (0..)
            .zip(json)
            .map(|(number, mut json)| {
                surroundings.add_to(&mut json, number);
                record(std::str::from_utf8(&json).unwrap())
            })
            .collect();
        let first = &completed[0];
        assert_eq!(first.previous, None);
        assert_eq!(first.next.as_ref().unwrap().id.as_str(), "b");
        let related = &first.related[0];
        assert_eq!((first.related.len(), related.id.as_str()), (1, "d"));
        assert_eq!(
            (&*related.field, &*related.value),
            ("subject", "\"x\" & <y>")
        );
        let size = &related.thumb.as_ref().unwrap().sizes[0];
        assert_eq!((size.width, size.height), (4, 3));
        // No item shares the value of this item.
        assert!(completed[1].related.is_empty());
        assert_eq!(completed[5].previous.as_ref().unwrap().id.as_str(), "e");
        assert_eq!(completed[5].next, None);
        // The members are written as serde writes them.
        let complete = serde_json::to_vec(&completed[1]).unwrap();
        let bare = Record {
            previous: None,
            next: None,
            ..completed[1].clone()
        };
        let mut json = serde_json::to_vec(&bare).unwrap();
        surroundings.add_to(&mut json, 1);
        assert_eq!(json, complete);
    }
}

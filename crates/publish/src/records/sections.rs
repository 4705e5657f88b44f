//! The items of the sections of a collection.

use std::collections::BTreeMap;

use khizana_model::{
    Collection, CollectionSection, Id, Item, LangMap, Problem, message, printable,
};

/// Maximum number of items of a section.
const MAX_ITEMS: usize = 200;

/// A section with items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    pub(crate) heading: LangMap,
    pub(crate) text: LangMap,
    /// The numbers of the items, in display order.
    pub(crate) numbers: Vec<u32>,
}

/// Finds the items of the sections of a collection.
pub(super) struct SectionsBuilder<'a> {
    collection: &'a Collection,
    /// The section of each item that a section names, and its position there.
    named: BTreeMap<&'a Id, (usize, usize)>,
    /// The items of each section: those that it names with their positions, and then those with its value.
    found: Vec<Vec<(usize, u32)>>,
}

impl<'a> SectionsBuilder<'a> {
    pub(super) fn new(collection: &'a Collection) -> SectionsBuilder<'a> {
        let mut named = BTreeMap::new();
        for (index, section) in collection.sections.iter().enumerate() {
            for (position, id) in section.items.iter().enumerate() {
                named.entry(id).or_insert((index, position));
            }
        }
        SectionsBuilder {
            collection,
            named,
            found: vec![Vec::new(); collection.sections.len()],
        }
    }

    /// Adds an item to its section: the first one that names it, or else the first one whose value it has.
    pub(super) fn add(&mut self, number: u32, item: &Item) {
        let place = match self.named.get(&item.id) {
            Some(place) => Some(*place),
            None => {
                let mut sections = self.collection.sections.iter();
                let index = sections.position(|section| has_value(section, item));
                index.map(|index| (index, usize::MAX))
            }
        };
        if let Some((index, position)) = place
            && let Some(found) = self.found.get_mut(index)
        {
            found.push((position, number));
        }
    }

    /// Returns the sections. Those without items are reported in `problems` and omitted.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) -> Vec<Section> {
        let mut sections = Vec::new();
        for (section, mut found) in self.collection.sections.iter().zip(self.found) {
            let heading = section.heading.best("en").map_or("", |(_, text)| text);
            if found.is_empty() {
                problems.push(Problem::warning(
                    "section-empty",
                    message!(
                        "The section “{heading}” of the collection `{collection}` has no items, and is not published.",
                        heading = printable(heading),
                        collection = self.collection.id.as_str()
                    ),
                    message!(
                        "Correct the identifiers or the value in collection.toml and ingest the source again, or remove the section."
                    ),
                ));
                continue;
            }
            if found.len() > MAX_ITEMS {
                problems.push(Problem::warning(
                    "section-large",
                    message!(
                        "The section “{heading}” of the collection `{collection}` displays {max} of its {count} items.",
                        heading = printable(heading),
                        collection = self.collection.id.as_str(),
                        max = MAX_ITEMS,
                        count = found.len()
                    ),
                    message!("Divide the section."),
                ));
            }
            found.sort_unstable();
            let numbers = found.into_iter().map(|(_, number)| number);
            sections.push(Section {
                heading: section.heading.clone(),
                text: section.text.clone(),
                numbers: numbers.take(MAX_ITEMS).collect(),
            });
        }
        sections
    }
}

fn has_value(section: &CollectionSection, item: &Item) -> bool {
    section.value.as_ref().is_some_and(|(field, value)| {
        let values = item.field(field);
        values.is_some_and(|values| values.iter().any(|(_, text)| text == value))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::Field;

    use super::*;

    fn section(heading: &str, items: &[&str], value: Option<(&str, &str)>) -> CollectionSection {
        CollectionSection {
            heading: LangMap::of("en".parse().unwrap(), heading),
            text: LangMap::new(),
            items: items.iter().map(|id| id.parse().unwrap()).collect(),
            value: value.map(|(field, value)| (field.to_owned(), value.to_owned())),
        }
    }

    fn item(id: &str, subject: &str) -> Item {
        let json = format!("{{\"id\":\"{id}\"}}");
        let mut item: Item = serde_json::from_str(&json).unwrap();
        item.fields.push(Field {
            name: "subject".to_owned(),
            values: LangMap::of("ar".parse().unwrap(), subject),
        });
        item
    }

    #[test]
    fn items_are_in_the_first_section_that_names_them_or_has_their_value() {
        let mut collection = Collection::new("c".parse().unwrap());
        collection.sections = vec![
            section("Stars", &["d"], Some(("subject", "نجوم"))),
            section("Named", &["b", "a", "removed"], None),
            section("Repeated", &["a"], Some(("subject", "نجوم"))),
        ];
        let mut builder = SectionsBuilder::new(&collection);
        for (number, id, subject) in [
            (5, "a", "نجوم"),
            (6, "b", ""),
            (7, "c", "نجوم"),
            (8, "d", ""),
            (9, "e", ""),
        ] {
            builder.add(number, &item(id, subject));
        }
        let mut problems = Vec::new();
        let sections = builder.finish(&mut problems);
        let numbers: Vec<&[u32]> = sections
            .iter()
            .map(|section| &section.numbers[..])
            .collect();
        assert_eq!(numbers, [&[8, 7][..], &[6, 5]]);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["section-empty"]);
        assert!(problems[0].message.to_string().contains("Repeated"));
    }

    #[test]
    fn a_section_has_a_limited_number_of_items() {
        let mut collection = Collection::new("c".parse().unwrap());
        collection.sections = vec![section("All", &[], Some(("subject", "نجوم")))];
        let mut builder = SectionsBuilder::new(&collection);
        for number in 0..300 {
            builder.add(number, &item(&format!("item-{number}"), "نجوم"));
        }
        let mut problems = Vec::new();
        assert_eq!(builder.finish(&mut problems)[0].numbers.len(), MAX_ITEMS);
        assert_eq!(problems[0].code, "section-large");
    }
}

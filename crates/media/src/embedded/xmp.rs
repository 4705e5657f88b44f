//! XMP (ISO 16684-1): RDF in XML, in its common forms. An XML with a DTD is not read: so there are no
//! entities but those of XML itself, and nothing outside of the block.

use roxmltree::{Document, Node, ParsingOptions};

use super::{Embedded, Worded, date, worded};

/// The most nodes, and values of a property.
const NODES: u32 = 50_000;
const VALUES: usize = 100;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";
const CC: &str = "http://creativecommons.org/ns#";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";

pub(super) fn read(block: &[u8]) -> Embedded {
    let Ok(text) = std::str::from_utf8(block) else {
        return Embedded::default();
    };
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    let Ok(document) = Document::parse_with_options(text, options) else {
        return Embedded::default();
    };
    let properties = Properties {
        descriptions: document
            .descendants()
            .filter(|node| node.has_tag_name((RDF, "Description")))
            // One within another is a structure of it, and says nothing of the image.
            .filter(|node| {
                node.parent()
                    .is_some_and(|parent| parent.has_tag_name((RDF, "RDF")))
            })
            .collect(),
    };
    let address = |space, name| {
        let value = properties.plain(space, name)?;
        is_address(&value).then_some(value)
    };
    let mut found = Embedded {
        title: properties.alternatives(DC, "title"),
        description: properties.alternatives(DC, "description"),
        creator: properties.list(DC, "creator"),
        rights: properties.alternatives(DC, "rights"),
        rights_address: address(CC, "license").or_else(|| address(RIGHTS, "WebStatement")),
        date: properties
            .list(DC, "date")
            .first()
            .and_then(|value| date(&value.text))
            .or_else(|| date(&properties.plain(PHOTOSHOP, "DateCreated")?)),
        location: properties.location(),
    };
    if found.rights.is_empty() {
        found.rights = properties.alternatives(RIGHTS, "UsageTerms");
    }
    found
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

struct Properties<'a, 'input> {
    descriptions: Vec<Node<'a, 'input>>,
}

impl Properties<'_, '_> {
    /// A property, written as an element.
    fn elements(&self, space: &str, name: &str) -> impl Iterator<Item = Node<'_, '_>> {
        self.descriptions
            .iter()
            .flat_map(|description| description.children())
            .filter(move |node| node.has_tag_name((space, name)))
    }

    /// A property, written as an attribute.
    fn attribute(&self, space: &str, name: &str) -> Option<&str> {
        self.descriptions
            .iter()
            .find_map(|description| description.attribute((space, name)))
    }

    /// The values of an `rdf:Alt`, `rdf:Seq` or `rdf:Bag`; or the one that stands alone.
    fn list(&self, space: &str, name: &str) -> Vec<Worded> {
        let mut found = Vec::new();
        for property in self.elements(space, name) {
            let items = property
                .children()
                .filter(|node| node.is_element() && node.tag_name().namespace() == Some(RDF))
                .flat_map(|container| container.children())
                .filter(|node| node.has_tag_name((RDF, "li")));
            let before = found.len();
            found.extend(items.take(VALUES).filter_map(value));
            if found.len() == before {
                found.extend(value(property));
            }
        }
        if found.is_empty() {
            found.extend(
                self.attribute(space, name)
                    .and_then(|text| worded(None, text)),
            );
        }
        found.truncate(VALUES);
        found
    }

    /// The same text in several languages. `x-default` repeats one of them, as a rule the first.
    fn alternatives(&self, space: &str, name: &str) -> Vec<Worded> {
        let all = self.list(space, name);
        let named = |text: &str| {
            all.iter()
                .any(|other| other.language.is_some() && other.text == text)
        };
        let keep = |own: &&Worded| own.language.is_some() || !named(&own.text);
        all.iter().filter(keep).cloned().collect()
    }

    /// A value that is no list, in any of the ways to write it.
    fn plain(&self, space: &str, name: &str) -> Option<String> {
        let element = self.elements(space, name).next();
        let text = element
            .and_then(|node| node.attribute((RDF, "resource")).or_else(|| node.text()))
            .or_else(|| self.attribute(space, name))?;
        Some(worded(None, text)?.text)
    }

    fn location(&self) -> Option<(f64, f64)> {
        let latitude = degrees(&self.plain(EXIF, "GPSLatitude")?, 'N', 'S')?;
        let longitude = degrees(&self.plain(EXIF, "GPSLongitude")?, 'E', 'W')?;
        Some((latitude, longitude))
    }
}

fn value(node: Node<'_, '_>) -> Option<Worded> {
    let language = node
        .attribute((XML, "lang"))
        .filter(|tag| *tag != "x-default");
    worded(language, node.text()?)
}

/// `33,30.82N`, or `33,30,49N`: degrees, minutes and their fraction, or seconds.
fn degrees(text: &str, positive: char, negative: char) -> Option<f64> {
    let sign = match text.chars().last()?.to_ascii_uppercase() {
        c if c == positive => 1.0,
        c if c == negative => -1.0,
        _ => return None,
    };
    let numbers: Vec<f64> = text
        .get(..text.len() - 1)?
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    let value = match numbers.as_slice() {
        [degrees, minutes] => degrees + minutes / 60.0,
        [degrees, minutes, seconds] => degrees + minutes / 60.0 + seconds / 3600.0,
        _ => return None,
    };
    value.is_finite().then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inside: &str) -> Embedded {
        let whole = format!(
            "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?>\n\
             <x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}' xmlns:d='{DC}' \
             xmlns:photoshop='{PHOTOSHOP}' xmlns:xmpRights='{RIGHTS}' xmlns:cc='{CC}' \
             xmlns:exif='{EXIF}'>{inside}</rdf:RDF></x:xmpmeta>\n<?xpacket end='w'?>   \0\0"
        );
        read(whole.as_bytes())
    }

    fn worded(language: Option<&str>, text: &str) -> Worded {
        super::worded(language, text).expect("a text")
    }

    #[test]
    fn titles_in_several_languages_and_the_default_once() {
        let found = packet(
            "<rdf:Description rdf:about=''><d:title><rdf:Alt>\
             <rdf:li xml:lang='x-default'>المقتبس</rdf:li><rdf:li xml:lang='ar'>المقتبس</rdf:li>\
             <rdf:li xml:lang='en'> The Quotation </rdf:li></rdf:Alt></d:title>\
             <d:creator><rdf:Seq><rdf:li>كرد علي</rdf:li><rdf:li>B &amp; C</rdf:li></rdf:Seq></d:creator>\
             <d:date><rdf:Seq><rdf:li>1906-02-25T00:00:00Z</rdf:li></rdf:Seq></d:date>\
             <cc:license rdf:resource='https://creativecommons.org/publicdomain/mark/1.0/'/>\
             </rdf:Description>",
        );
        let title = [
            worded(Some("ar"), "المقتبس"),
            worded(Some("en"), "The Quotation"),
        ];
        assert_eq!(found.title, title);
        assert_eq!(
            found.creator,
            [worded(None, "كرد علي"), worded(None, "B & C")]
        );
        assert_eq!(found.date.as_deref(), Some("1906-02-25"));
        let licence = "https://creativecommons.org/publicdomain/mark/1.0/";
        assert_eq!(found.rights_address.as_deref(), Some(licence));
    }

    #[test]
    fn values_as_attributes_and_a_default_that_stands_alone() {
        let found = packet(
            "<rdf:Description photoshop:DateCreated='1906' exif:GPSLatitude='33,30.828N' \
             exif:GPSLongitude='36,16,35.4E' xmpRights:WebStatement='javascript:alert(1)'>\
             <d:description><rdf:Alt><rdf:li xml:lang='x-default'>A page</rdf:li></rdf:Alt></d:description>\
             <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang='fr'>Libre</rdf:li></rdf:Alt></xmpRights:UsageTerms>\
             </rdf:Description>",
        );
        assert_eq!(found.description, [worded(None, "A page")]);
        assert_eq!(found.rights, [worded(Some("fr"), "Libre")]);
        assert_eq!(found.date.as_deref(), Some("1906"));
        assert_eq!(found.rights_address, None);
        let (latitude, longitude) = found.location.expect("a place");
        assert!((latitude - 33.5138).abs() < 1e-6 && (longitude - 36.2765).abs() < 1e-6);
    }

    #[test]
    fn what_is_said_of_a_part_is_not_said_of_the_image() {
        let found = packet(
            "<rdf:Description><d:relation><rdf:Description><d:title>Another</d:title>\
             </rdf:Description></d:relation></rdf:Description>",
        );
        assert_eq!(found, Embedded::default());
    }

    #[test]
    fn an_xml_with_entities_or_without_end_says_nothing() {
        let deep = "<a>".repeat(60_000);
        for block in [
            "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
            deep.as_str(),
            "",
            "\0",
        ] {
            assert_eq!(read(block.as_bytes()), Embedded::default());
        }
        assert_eq!(read(&[0xff, 0xfe, 0x00]), Embedded::default());
    }
}

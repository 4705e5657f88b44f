//! Reading of XMP (ISO 16684-1) in the common forms of RDF/XML. Packets with a DTD are rejected,
//! which excludes custom and external entities.

use roxmltree::{Document, Node, ParsingOptions};

use super::{EmbeddedMetadata, LangString, lang_string, parse_date};

/// Maximum number of XML nodes.
const MAX_NODES: u32 = 50_000;
/// Maximum number of values per property.
const MAX_VALUES: usize = 100;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";
const CC: &str = "http://creativecommons.org/ns#";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";

pub(super) fn read(block: &[u8]) -> EmbeddedMetadata {
    let Ok(text) = std::str::from_utf8(block) else {
        return EmbeddedMetadata::default();
    };
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    let Ok(document) = Document::parse_with_options(text, options) else {
        return EmbeddedMetadata::default();
    };
    let properties = Properties {
        descriptions: document
            .descendants()
            .filter(|node| node.has_tag_name((RDF, "Description")))
            // A nested description is a structured value, not a description of the image.
            .filter(|node| {
                node.parent()
                    .is_some_and(|parent| parent.has_tag_name((RDF, "RDF")))
            })
            .collect(),
    };
    let url = |space, name| {
        let value = properties.plain(space, name)?;
        is_http_url(&value).then_some(value)
    };
    let mut metadata = EmbeddedMetadata {
        title: properties.alternatives(DC, "title"),
        description: properties.alternatives(DC, "description"),
        creator: properties.list(DC, "creator"),
        rights: properties.alternatives(DC, "rights"),
        rights_url: url(CC, "license").or_else(|| url(RIGHTS, "WebStatement")),
        date: properties
            .list(DC, "date")
            .first()
            .and_then(|value| parse_date(&value.text))
            .or_else(|| parse_date(&properties.plain(PHOTOSHOP, "DateCreated")?)),
        location: properties.location(),
    };
    if metadata.rights.is_empty() {
        metadata.rights = properties.alternatives(RIGHTS, "UsageTerms");
    }
    metadata
}

fn is_http_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

struct Properties<'a, 'input> {
    descriptions: Vec<Node<'a, 'input>>,
}

impl Properties<'_, '_> {
    /// Returns the elements that contain the values of a property.
    fn elements(&self, space: &str, name: &str) -> impl Iterator<Item = Node<'_, '_>> {
        self.descriptions
            .iter()
            .flat_map(|description| description.children())
            .filter(move |node| node.has_tag_name((space, name)))
    }

    /// Returns the value of a property that is stored as an attribute.
    fn attribute(&self, space: &str, name: &str) -> Option<&str> {
        self.descriptions
            .iter()
            .find_map(|description| description.attribute((space, name)))
    }

    /// Returns the values of a property: the items of an `rdf:Alt`, `rdf:Seq` or `rdf:Bag`, or a
    /// single value.
    fn list(&self, space: &str, name: &str) -> Vec<LangString> {
        let mut values = Vec::new();
        for property in self.elements(space, name) {
            let items = property
                .children()
                .filter(|node| node.is_element() && node.tag_name().namespace() == Some(RDF))
                .flat_map(|container| container.children())
                .filter(|node| node.has_tag_name((RDF, "li")));
            let previous_len = values.len();
            values.extend(items.take(MAX_VALUES).filter_map(value));
            if values.len() == previous_len {
                values.extend(value(property));
            }
        }
        if values.is_empty() {
            values.extend(
                self.attribute(space, name)
                    .and_then(|text| lang_string(None, text)),
            );
        }
        values.truncate(MAX_VALUES);
        values
    }

    /// Returns the versions of a text in several languages. The version `x-default` usually repeats
    /// one of the others, in which case it is omitted.
    fn alternatives(&self, space: &str, name: &str) -> Vec<LangString> {
        let all = self.list(space, name);
        let has_language = |text: &str| {
            all.iter()
                .any(|other| other.language.is_some() && other.text == text)
        };
        let keep = |value: &&LangString| value.language.is_some() || !has_language(&value.text);
        all.iter().filter(keep).cloned().collect()
    }

    /// Returns the value of a property that has a single value, in any of its notations.
    fn plain(&self, space: &str, name: &str) -> Option<String> {
        let element = self.elements(space, name).next();
        let text = element
            .and_then(|node| node.attribute((RDF, "resource")).or_else(|| node.text()))
            .or_else(|| self.attribute(space, name))?;
        Some(lang_string(None, text)?.text)
    }

    fn location(&self) -> Option<(f64, f64)> {
        let latitude = degrees(&self.plain(EXIF, "GPSLatitude")?, 'N', 'S')?;
        let longitude = degrees(&self.plain(EXIF, "GPSLongitude")?, 'E', 'W')?;
        Some((latitude, longitude))
    }
}

fn value(node: Node<'_, '_>) -> Option<LangString> {
    let language = node
        .attribute((XML, "lang"))
        .filter(|tag| *tag != "x-default");
    lang_string(language, node.text()?)
}

/// Parses a GPS coordinate, such as `33,30.82N` (degrees and decimal minutes) or `33,30,49N`
/// (degrees, minutes and seconds), and returns it in decimal degrees.
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

    fn read_packet(inner: &str) -> EmbeddedMetadata {
        let packet = format!(
            "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?>\n\
             <x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}' xmlns:d='{DC}' \
             xmlns:photoshop='{PHOTOSHOP}' xmlns:xmpRights='{RIGHTS}' xmlns:cc='{CC}' \
             xmlns:exif='{EXIF}'>{inner}</rdf:RDF></x:xmpmeta>\n<?xpacket end='w'?>   \0\0"
        );
        read(packet.as_bytes())
    }

    fn lang_string(language: Option<&str>, text: &str) -> LangString {
        super::lang_string(language, text).expect("a text")
    }

    #[test]
    fn reads_language_alternatives_and_drops_a_repeated_default() {
        let metadata = read_packet(
            "<rdf:Description rdf:about=''><d:title><rdf:Alt>\
             <rdf:li xml:lang='x-default'>المقتبس</rdf:li><rdf:li xml:lang='ar'>المقتبس</rdf:li>\
             <rdf:li xml:lang='en'> The Quotation </rdf:li></rdf:Alt></d:title>\
             <d:creator><rdf:Seq><rdf:li>كرد علي</rdf:li><rdf:li>B &amp; C</rdf:li></rdf:Seq></d:creator>\
             <d:date><rdf:Seq><rdf:li>1906-02-25T00:00:00Z</rdf:li></rdf:Seq></d:date>\
             <cc:license rdf:resource='https://creativecommons.org/publicdomain/mark/1.0/'/>\
             </rdf:Description>",
        );
        let title = [
            lang_string(Some("ar"), "المقتبس"),
            lang_string(Some("en"), "The Quotation"),
        ];
        assert_eq!(metadata.title, title);
        assert_eq!(
            metadata.creator,
            [lang_string(None, "كرد علي"), lang_string(None, "B & C")]
        );
        assert_eq!(metadata.date.as_deref(), Some("1906-02-25"));
        let licence = "https://creativecommons.org/publicdomain/mark/1.0/";
        assert_eq!(metadata.rights_url.as_deref(), Some(licence));
    }

    #[test]
    fn reads_attribute_values_and_a_single_default() {
        let metadata = read_packet(
            "<rdf:Description photoshop:DateCreated='1906' exif:GPSLatitude='33,30.828N' \
             exif:GPSLongitude='36,16,35.4E' xmpRights:WebStatement='javascript:alert(1)'>\
             <d:description><rdf:Alt><rdf:li xml:lang='x-default'>A page</rdf:li></rdf:Alt></d:description>\
             <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang='fr'>Libre</rdf:li></rdf:Alt></xmpRights:UsageTerms>\
             </rdf:Description>",
        );
        assert_eq!(metadata.description, [lang_string(None, "A page")]);
        assert_eq!(metadata.rights, [lang_string(Some("fr"), "Libre")]);
        assert_eq!(metadata.date.as_deref(), Some("1906"));
        assert_eq!(metadata.rights_url, None);
        let (latitude, longitude) = metadata.location.expect("a location");
        assert!((latitude - 33.5138).abs() < 1e-6 && (longitude - 36.2765).abs() < 1e-6);
    }

    #[test]
    fn ignores_nested_descriptions() {
        let metadata = read_packet(
            "<rdf:Description><d:relation><rdf:Description><d:title>Another</d:title>\
             </rdf:Description></d:relation></rdf:Description>",
        );
        assert_eq!(metadata, EmbeddedMetadata::default());
    }

    #[test]
    fn rejects_entities_and_malformed_or_oversized_xml() {
        let deep = "<a>".repeat(60_000);
        for block in [
            "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
            deep.as_str(),
            "",
            "\0",
        ] {
            assert_eq!(read(block.as_bytes()), EmbeddedMetadata::default());
        }
        assert_eq!(read(&[0xff, 0xfe, 0x00]), EmbeddedMetadata::default());
    }
}

//! A writer of JSON objects, which needs no tree of values: pages of collections describe a hundred items each.

use khizana_model::LangMap;
use serde::Serialize;

/// Writes the members of a JSON object. Members without a value are omitted.
pub(super) struct ObjectWriter {
    /// The JSON of the members so far, each preceded by `{` or a comma.
    json: Vec<u8>,
}

impl ObjectWriter {
    /// Creates an object without members.
    pub(super) fn new() -> ObjectWriter {
        ObjectWriter { json: Vec::new() }
    }

    /// Creates an object of a class of schema.org.
    pub(super) fn of_class(class: &str) -> ObjectWriter {
        let mut out = ObjectWriter::new();
        out.text("@type", class);
        out
    }

    /// Adds a number or a list.
    pub(super) fn value(&mut self, name: &str, value: &impl Serialize) {
        self.push_name(name);
        self.push(value);
    }

    /// Adds a text, unless it is empty.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.value(name, &text);
        }
    }

    /// Adds all values of a language map, each with its language if it is known, unless there are none.
    pub(super) fn texts(&mut self, name: &str, map: &LangMap) {
        let mut values = map.iter();
        let Some(first) = values.next() else {
            return;
        };
        let mut rest = values.peekable();
        self.push_name(name);
        if rest.peek().is_none() {
            return self.push_text(first);
        }
        self.json.push(b'[');
        self.push_text(first);
        for value in rest {
            self.json.push(b',');
            self.push_text(value);
        }
        self.json.push(b']');
    }

    /// Adds the members that `write` adds to an object.
    pub(super) fn object(&mut self, name: &str, object: ObjectWriter) {
        self.push_name(name);
        self.json.extend(object.into_bytes());
    }

    /// Adds a list of objects, unless it is empty.
    pub(super) fn objects(&mut self, name: &str, objects: impl IntoIterator<Item = ObjectWriter>) {
        let mut objects = objects.into_iter().peekable();
        if objects.peek().is_none() {
            return;
        }
        self.push_name(name);
        let mut separator = b'[';
        for object in objects {
            self.json.push(separator);
            self.json.extend(object.into_bytes());
            separator = b',';
        }
        self.json.push(b']');
    }

    /// Adds the members of another object.
    pub(super) fn members(&mut self, object: ObjectWriter) {
        let mut json = object.json;
        if let Some(first) = json.first_mut()
            && !self.json.is_empty()
        {
            *first = b',';
        }
        self.json.extend(json);
    }

    /// Returns the JSON of the object.
    pub(super) fn finish(self) -> String {
        String::from_utf8(self.into_bytes()).unwrap_or_default()
    }

    fn into_bytes(mut self) -> Vec<u8> {
        if self.json.is_empty() {
            self.json.push(b'{');
        }
        self.json.push(b'}');
        self.json
    }

    /// Appends the name of a member. Names contain no characters that JSON escapes.
    fn push_name(&mut self, name: &str) {
        self.json.push(match self.json.is_empty() {
            true => b'{',
            false => b',',
        });
        self.json.push(b'"');
        self.json.extend(name.as_bytes());
        self.json.extend(b"\":");
    }

    fn push_text(&mut self, (tag, text): (&khizana_model::LangTag, &str)) {
        if tag.is_und() {
            return self.push(&text);
        }
        self.json.extend(b"{\"@value\":");
        self.push(&text);
        self.json.extend(b",\"@language\":");
        self.push(&tag.as_str());
        self.json.push(b'}');
    }

    fn push(&mut self, value: &impl Serialize) {
        let length = self.json.len();
        if serde_json::to_writer(&mut self.json, value).is_err() {
            // Texts, numbers and lists of them can always be written.
            self.json.truncate(length);
            self.json.extend(b"null");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn writes_members_and_omits_those_without_a_value() {
        let mut out = ObjectWriter::of_class("Book");
        out.text("name", "");
        out.texts("description", &LangMap::new());
        out.objects("creator", []);
        out.text("identifier", "a\"\n");
        out.value("pages", &7);
        let mut other = ObjectWriter::new();
        other.text("url", "https://example.org/");
        out.members(other);
        out.members(ObjectWriter::new());
        out.object("empty", ObjectWriter::new());
        out.objects(
            "list",
            [ObjectWriter::of_class("A"), ObjectWriter::of_class("B")],
        );
        assert_eq!(
            out.finish(),
            r#"{"@type":"Book","identifier":"a\"\n","pages":7,"url":"https://example.org/","empty":{},"list":[{"@type":"A"},{"@type":"B"}]}"#
        );
    }

    #[test]
    fn writes_texts_with_their_languages() {
        let texts = |map: &[(&str, &str)]| {
            let mut out = ObjectWriter::new();
            let map = map.iter().map(|(tag, text)| (tag.parse().unwrap(), *text));
            let map = map.fold(LangMap::new(), |mut map, (tag, text)| {
                map.push(tag, text);
                map
            });
            out.texts("name", &map);
            out.finish()
        };
        assert_eq!(texts(&[]), "{}");
        assert_eq!(texts(&[("und", "T1")]), r#"{"name":"T1"}"#);
        assert_eq!(
            texts(&[("en", "Cairo")]),
            r#"{"name":{"@value":"Cairo","@language":"en"}}"#
        );
        assert_eq!(
            texts(&[("ar", "القاهرة"), ("und", "T1")]),
            r#"{"name":[{"@value":"القاهرة","@language":"ar"},"T1"]}"#
        );
    }
}

//! The `<head>` of documents.

use crate::document::escape;

/// The elements of a `<head>`, one per line.
pub(crate) struct Head(String);

impl Head {
    pub(crate) fn new() -> Head {
        Head(String::new())
    }

    /// Adds an element. An attribute without a value is written without one.
    pub(crate) fn tag(&mut self, name: &str, attributes: &[(&str, &str)], content: Option<&str>) {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            if !value.is_empty() {
                self.0.push_str("=\"");
                self.0.push_str(&escape(value));
                self.0.push('"');
            }
        }
        self.0.push('>');
        if let Some(content) = content {
            self.0.push_str(&escape(content));
            self.0.push_str("</");
            self.0.push_str(name);
            self.0.push('>');
        }
        self.0.push('\n');
    }

    /// Adds a `<link>` element.
    pub(crate) fn link(&mut self, relation: &str, href: &str) {
        self.tag("link", &[("rel", relation), ("href", href)], None);
    }

    /// Adds a `<meta>` element with a name, unless the content is empty.
    pub(crate) fn meta(&mut self, name: &str, content: &str) {
        if !content.is_empty() {
            self.tag("meta", &[("name", name), ("content", content)], None);
        }
    }

    /// Adds a `<meta>` element with a property of RDFa, unless the content is empty.
    pub(crate) fn property(&mut self, property: &str, content: &str) {
        if !content.is_empty() {
            self.tag(
                "meta",
                &[("property", property), ("content", content)],
                None,
            );
        }
    }

    /// Adds HTML as it is.
    pub(crate) fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// Returns the HTML of all elements.
    pub(crate) fn html(&self) -> &str {
        &self.0
    }
}

//! The targets of the links and images in a text.

use khizana_model::{Message, Problem, message, nearest_name, printable};
use khizana_pages::{BrowseQuery, Route, Site as SiteInfo, escape};
use khizana_store::config::PAGES_DIR;

use super::markdown::Targets;
use super::{Texts, proposal};
use crate::PublishError;
use crate::identity::{find, image};

/// The page on which a text is displayed.
pub(super) struct Place<'a, 'p> {
    pub(super) texts: &'a Texts<'a>,
    pub(super) info: &'a SiteInfo,
    /// The language of the interface.
    pub(super) lang: &'a str,
    /// The relative path to the root of the site.
    pub(super) base: String,
    /// The file with the text.
    pub(super) file: &'a str,
    pub(super) problems: &'p mut Vec<Problem>,
    /// The first error that stops the publication.
    pub(super) error: Option<PublishError>,
}

impl Place<'_, '_> {
    /// Reports a problem in the text.
    pub(super) fn report(&mut self, code: &'static str, line: u64, text: Message, hint: Message) {
        let problem = Problem::warning(code, text, hint);
        self.problems
            .push(problem.in_file(printable(self.file)).at_line(line));
    }

    /// Returns the URL of a route, relative to the page.
    pub(super) fn href(&self, route: &Route) -> String {
        format!("{}{}", self.base, self.info.href(self.lang, route))
    }

    /// Returns the URL of a file of the site, relative to the page.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the record of an item, and reports an item that does not exist.
    pub(super) fn record(
        &mut self,
        id: &str,
        line: u64,
    ) -> Result<Option<khizana_format::Record>, PublishError> {
        let record = self.texts.record(id)?;
        if record.is_none() {
            self.report(
                "page-target",
                line,
                message!("There is no item `{id}`.", id = printable(id)),
                message!(
                    "Correct the identifier, or remove the reference if the item was removed."
                ),
            );
        }
        Ok(record)
    }

    /// Returns the route of a link to a part of the site, and reports a target that does not exist.
    fn route(&mut self, target: &str, line: u64) -> Option<Route> {
        if let Some(id) = target.strip_prefix("item:") {
            return match self.record(id, line) {
                Ok(record) => record.map(|_| Route::item(id, 0)),
                Err(error) => {
                    self.error.get_or_insert(error);
                    None
                }
            };
        }
        if let Some(text) = target.strip_prefix("search:") {
            return Some(Route::Browse(BrowseQuery {
                text: text.replace("%20", " "),
                ..BrowseQuery::default()
            }));
        }
        if let Some(id) = target.strip_prefix("collection:") {
            let id = id.to_owned();
            if self.texts.collection(&id).is_some() {
                return Some(Route::Collection { id, page: 1 });
            }
            self.report(
                "page-target",
                line,
                message!("There is no collection `{id}`.", id = printable(&id)),
                proposal(nearest_name(&id, self.texts.collection_ids())),
            );
            return None;
        }
        let name = target.trim_end_matches('/');
        let name = name.strip_suffix(".md").unwrap_or(name);
        let name = name.split('.').next().unwrap_or(name);
        let names = self.texts.page_names();
        if names.contains(name) {
            return Some(Route::Text(name.to_owned()));
        }
        let hint = match nearest_name(name, names) {
            Some(name) => message!("Did you mean `{name}`?", name = printable(name)),
            None => message!(
                "Link to a page by its name, to an item as `item:ID`, to a collection as `collection:ID`, to results as `search:WORDS`, and to other sites with `https://`."
            ),
        };
        self.report(
            "page-target",
            line,
            message!(
                "The link to `{target}` leads nowhere.",
                target = printable(target)
            ),
            hint,
        );
        None
    }
}

impl Targets for Place<'_, '_> {
    fn link(&mut self, target: &str, line: u64) -> Option<String> {
        let lower = target.to_ascii_lowercase();
        if ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
        {
            return Some(target.to_owned());
        }
        self.route(target, line).map(|route| self.href(&route))
    }

    fn image(&mut self, target: &str, alt: &str, line: u64) -> Option<String> {
        let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        let path = format!("{PAGES_DIR}/{decoded}");
        let checked = match find(self.texts.files, &path) {
            Some(bytes) => image::check(bytes),
            None => Err(image::Refusal {
                code: "page-image",
                message: message!("The file does not exist."),
                hint: message!(
                    "Put the file into the folder pages. Images of items are displayed with a block such as {example}.",
                    example = "{{ item ID }}"
                ),
            }),
        };
        let published = match checked {
            Ok(image) => image.publish(self.texts.site),
            Err(refusal) => {
                let text = message!(
                    "{path}: {reason}",
                    path = printable(&decoded),
                    reason = refusal.message
                );
                self.report(refusal.code, line, text, refusal.hint);
                return None;
            }
        };
        if alt.trim().is_empty() {
            self.report(
                "page-image-alt",
                line,
                message!("The image has no description, which people who cannot see it need."),
                message!(
                    "Describe it between the brackets: {example}.",
                    example = "![…](photo.jpg)"
                ),
            );
        }
        match published {
            Ok(image) => Some(format!(
                "<img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\">",
                escape(&self.path(&image.path)),
                escape(alt),
                image.width,
                image.height
            )),
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }
}

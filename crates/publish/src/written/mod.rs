//! The texts that the institution has written in Markdown, in the folder `pages` of the archive: pages, the text of the
//! home page, and introductions to collections.

mod blocks;
mod links;
mod markdown;
mod names;
mod sections;

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::{Archive, Root};
use khizana_model::{
    ArchiveConfig, Id, LangMap, LangTag, Located, MenuTarget, Message, Pages, Problem, message,
    nearest_name, printable,
};
use khizana_pages::i18n::Lang;
use khizana_pages::identity::{Identity, MenuEntry};
use khizana_pages::{BrowseQuery, Card, LangText, Prose, Route, Site as SiteInfo, TextPage};
use khizana_site::Site;
use khizana_store::config::{CONFIG_FILE, ConfigurationFiles};

use crate::PublishError;
use crate::pages::IndexFiles;
use crate::records::sections::Section;
use names::{COLLECTION_PREFIX, HOME, Source};

/// The texts, and the archive to which they refer.
pub(crate) struct Texts<'a> {
    pub(crate) site: &'a Site,
    pub(crate) config: &'a ArchiveConfig,
    pub(crate) root: &'a Root,
    pub(crate) files: &'a ConfigurationFiles,
    /// The sections of the collections that have some.
    sections: &'a BTreeMap<Id, Vec<Section>>,
    pub(crate) archive: &'a Archive<&'a IndexFiles>,
    sources: Vec<Source<'a>>,
}

/// The rendered texts.
#[derive(Default)]
pub(crate) struct Rendered {
    /// The text of the home page, by the language of the interface.
    pub(crate) home: BTreeMap<String, Prose>,
    /// The items on the home page, by the language of the interface.
    pub(crate) featured: BTreeMap<String, Vec<Card>>,
    /// The introductions to collections and their sections, by the identifier of the collection and the language of the
    /// interface.
    pub(crate) introductions: BTreeMap<(String, String), Prose>,
    /// The identifiers of the collections whose sections contain all of their items.
    pub(crate) divided: BTreeSet<String>,
    /// The pages, each with the language of the interface.
    pub(crate) pages: Vec<(String, TextPage)>,
}

impl<'a> Texts<'a> {
    /// Finds the texts.
    pub(crate) fn new(
        site: &'a Site,
        config: &'a ArchiveConfig,
        root: &'a Root,
        (files, sections): (&'a ConfigurationFiles, &'a BTreeMap<Id, Vec<Section>>),
        archive: &'a Archive<&'a IndexFiles>,
        problems: &mut Vec<Problem>,
    ) -> Texts<'a> {
        let default = root.languages.first().map_or("ar", String::as_str);
        Texts {
            sources: names::sources(files, default, problems),
            site,
            config,
            root,
            files,
            sections,
            archive,
        }
    }

    /// Sets the menu, and the list of the routes that only documents display completely.
    pub(crate) fn complete(
        &self,
        identity: &mut Identity,
        problems: &mut Vec<Problem>,
    ) -> Result<(), PublishError> {
        identity.menu = match self.config.menu.is_empty() {
            true => self.default_menu(),
            false => self.menu(problems)?,
        };
        let home = &self.config.home;
        let has_home = !self.versions(HOME).is_empty()
            || !home.featured.is_empty()
            || !home.collections.is_empty();
        let introduced = self.root.collections.iter().filter(|summary| {
            let name = format!("{COLLECTION_PREFIX}{}", summary.id.as_str());
            let has_text = !self.versions(&name).is_empty();
            self.root.pages != Pages::None && (has_text || self.sections.contains_key(&summary.id))
        });
        let introduced = introduced.map(|summary| Route::Collection {
            id: summary.id.as_str().to_owned(),
            page: 1,
        });
        let routes = has_home.then_some(Route::Home).into_iter();
        identity.documents = routes
            .chain(introduced)
            .map(|route| route.address())
            .collect();
        Ok(())
    }

    /// Returns the versions of a page in different languages.
    fn versions(&self, name: &str) -> Vec<&Source<'a>> {
        let sources = self.sources.iter();
        sources.filter(|source| source.name == name).collect()
    }

    /// Returns the version of a page for readers of a language of the interface.
    fn version(&self, name: &str, lang: &str) -> Option<&Source<'a>> {
        let versions = self.versions(name);
        let in_language = |lang: &str| {
            let mut versions = versions.iter();
            versions
                .find(|source| source.lang.primary() == lang)
                .copied()
        };
        in_language(lang)
            .or_else(|| {
                self.root
                    .languages
                    .iter()
                    .find_map(|lang| in_language(lang))
            })
            .or_else(|| versions.first().copied())
    }

    /// Returns the names of the pages, without the texts of other pages.
    fn page_names(&self) -> BTreeSet<&str> {
        let names = self.sources.iter().map(|source| source.name.as_str());
        names
            .filter(|name| *name != HOME && !name.starts_with(COLLECTION_PREFIX))
            .collect()
    }

    /// Returns the title of a page in each language in which it is written.
    fn title(&self, name: &str) -> LangMap {
        let mut titles = LangMap::new();
        for source in self.versions(name) {
            titles.push(source.lang.clone(), title_of(source));
        }
        titles
    }

    fn default_menu(&self) -> Vec<MenuEntry> {
        let names = self.page_names().into_iter();
        let entries = names.map(|name| MenuEntry {
            label: self.title(name),
            target: Route::Text(name.to_owned()).address(),
        });
        entries.collect()
    }

    fn menu(&self, problems: &mut Vec<Problem>) -> Result<Vec<MenuEntry>, PublishError> {
        let mut menu = Vec::new();
        for entry in &self.config.menu {
            let line = entry.target.line;
            let (title, target) = match &entry.target.value {
                MenuTarget::Url(url) => (LangMap::new(), url.clone()),
                MenuTarget::Search(text) => {
                    let query = BrowseQuery {
                        text: text.clone(),
                        ..BrowseQuery::default()
                    };
                    (LangMap::new(), Route::Browse(query).address())
                }
                MenuTarget::Page(name) => {
                    let names = self.page_names();
                    if !names.contains(name.as_str()) {
                        problems.push(unknown("page", name, names, line));
                        continue;
                    }
                    (self.title(name), Route::Text(name.clone()).address())
                }
                MenuTarget::Collection(id) => {
                    let Some(summary) = self.collection(id) else {
                        problems.push(unknown("collection", id, self.collection_ids(), line));
                        continue;
                    };
                    let id = id.clone();
                    let route = Route::Collection { id, page: 1 };
                    (summary.title.clone(), route.address())
                }
                MenuTarget::Item(id) => {
                    let Some(record) = self.record(id)? else {
                        problems.push(unknown("item", id, [], line));
                        continue;
                    };
                    (record.item.title.clone(), Route::item(id, 0).address())
                }
            };
            let label = match entry.label.is_empty() {
                true => title,
                false => entry.label.clone(),
            };
            menu.push(MenuEntry { label, target });
        }
        Ok(menu)
    }

    fn collection(&self, id: &str) -> Option<&khizana_format::CollectionSummary> {
        let mut collections = self.root.collections.iter();
        collections.find(|summary| summary.id.as_str() == id)
    }

    fn collection_ids(&self) -> impl Iterator<Item = &str> {
        self.root
            .collections
            .iter()
            .map(|summary| summary.id.as_str())
    }

    fn record(&self, id: &str) -> Result<Option<khizana_format::Record>, PublishError> {
        let record = async {
            match self.archive.item_number(id).await? {
                Some(number) => self.archive.record(number).await,
                None => Ok(None),
            }
        };
        Ok(pollster::block_on(record)?)
    }

    /// Renders all texts. Links, images and blocks that lead nowhere are reported in `problems`, and omitted.
    pub(crate) fn render(
        &self,
        info: &SiteInfo,
        problems: &mut Vec<Problem>,
    ) -> Result<Rendered, PublishError> {
        let mut rendered = Rendered::default();
        let mut found = Vec::new();
        let home = &self.config.home;
        for lang in &self.root.languages {
            let mut prose = |name: &str, route: &Route| {
                let source = self.version(name, lang);
                let source = source.map(|source| self.prose(source, info, lang, route, &mut found));
                source.transpose()
            };
            if let Some(prose) = prose(HOME, &Route::Home)? {
                rendered.home.insert(lang.clone(), prose);
            }
            for summary in &self.root.collections {
                let id = summary.id.as_str().to_owned();
                let name = format!("{COLLECTION_PREFIX}{id}");
                let route = Route::Collection {
                    id: id.clone(),
                    page: 1,
                };
                let mut prose = prose(&name, &route)?;
                if let Some(sections) = self.sections.get(&summary.id) {
                    if sections::are_complete(self.root.pages, summary, sections) {
                        rendered.divided.insert(id.clone());
                    }
                    let html = sections::html(self, info, lang, (summary, sections))?;
                    let prose = prose.get_or_insert_with(|| Prose {
                        lang: tag(lang),
                        html: String::new(),
                    });
                    prose.html.push_str(&html);
                }
                if let Some(prose) = prose {
                    rendered.introductions.insert((id, lang.clone()), prose);
                }
            }
            for name in self.page_names() {
                let Some(source) = self.version(name, lang) else {
                    continue;
                };
                let route = Route::Text(name.to_owned());
                let page = TextPage {
                    name: name.to_owned(),
                    title: LangText {
                        lang: source.lang.clone(),
                        text: title_of(source),
                    },
                    prose: self.prose(source, info, lang, &route, &mut found)?,
                };
                rendered.pages.push((lang.clone(), page));
            }
            let mut cards = Vec::new();
            for Located { value: id, line } in &home.featured {
                match self.record(id)? {
                    Some(record) => cards.push(Card::from_record(&record, None, lang)),
                    None => found.push(unknown("item", id, [], *line)),
                }
            }
            if !cards.is_empty() {
                rendered.featured.insert(lang.clone(), cards);
            }
        }
        for Located { value: id, line } in &home.collections {
            if self.collection(id).is_none() {
                found.push(unknown("collection", id, self.collection_ids(), *line));
            }
        }
        let introduced = self.sources.iter().filter_map(|source| {
            let id = source.name.strip_prefix(COLLECTION_PREFIX)?;
            self.collection(id).is_none().then_some((source.file, id))
        });
        for (file, id) in introduced {
            let nearest = nearest_name(id, self.collection_ids());
            let problem = Problem::warning(
                "page-collection",
                message!(
                    "There is no collection `{id}`, so the text is not published.",
                    id = printable(id)
                ),
                proposal(nearest),
            );
            found.push(problem.in_file(printable(file)));
        }
        // Each language of the interface finds the same problems.
        for problem in found {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        Ok(rendered)
    }

    /// Renders a text for readers of a language of the interface, on the page of a route.
    fn prose(
        &self,
        source: &Source<'_>,
        info: &SiteInfo,
        lang: &str,
        route: &Route,
        problems: &mut Vec<Problem>,
    ) -> Result<Prose, PublishError> {
        let depth = route.folder(lang, info.pages).split_terminator('/').count();
        let mut place = links::Place {
            texts: self,
            info,
            lang,
            base: "../".repeat(depth),
            file: source.file,
            problems,
            error: None,
        };
        let document = markdown::parse(source.text, &mut place);
        for line in document.html_lines {
            place.report(
                "page-html",
                line,
                message!("HTML is not published; its text is."),
                message!("Write the text in Markdown."),
            );
        }
        let mut html = String::new();
        for part in document.parts {
            match part {
                markdown::Part::Text(events) => html.push_str(&markdown::html(events)),
                markdown::Part::Block(block, line) => {
                    let block = blocks::render(&mut place, &block, line)?;
                    // The language of the text may be another one than that of the items.
                    if !block.is_empty() {
                        html.push_str(&format!(
                            "<div class=\"block\" lang=\"{lang}\" dir=\"{}\">{block}</div>",
                            Lang::of(lang).dir()
                        ));
                    }
                }
            }
        }
        match place.error {
            Some(error) => Err(error),
            None => Ok(Prose {
                lang: source.lang.clone(),
                html,
            }),
        }
    }
}

/// Returns the title of a page: its first heading, or its name.
fn title_of(source: &Source<'_>) -> String {
    struct Ignored;

    impl markdown::Targets for Ignored {
        fn link(&mut self, _: &str, _: u64) -> Option<String> {
            None
        }

        fn image(&mut self, _: &str, _: &str, _: u64) -> Option<String> {
            None
        }
    }

    let title = markdown::parse(source.text, &mut Ignored).title;
    title.unwrap_or_else(|| source.name.replace(['-', '_'], " "))
}

/// Returns a problem about a target in `khizana.toml` that does not exist.
fn unknown<'n>(
    kind: &str,
    name: &str,
    names: impl IntoIterator<Item = &'n str>,
    line: u64,
) -> Problem {
    let nearest = nearest_name(name, names);
    let name = printable(name);
    let text = match kind {
        "page" => message!(
            "There is no page `{name}` in the folder pages.",
            name = name
        ),
        "collection" => message!("There is no collection `{id}`.", id = name),
        _ => message!("There is no item `{id}`.", id = name),
    };
    Problem::warning("identity-target", text, proposal(nearest))
        .in_file(CONFIG_FILE)
        .at_line(line)
}

fn proposal(nearest: Option<&str>) -> Message {
    match nearest {
        Some(name) => message!("Did you mean `{name}`?", name = printable(name)),
        None => message!("Correct the name, or remove the entry."),
    }
}

/// Returns a language tag for a language of the interface.
fn tag(lang: &str) -> LangTag {
    lang.parse().unwrap_or_else(|_| LangTag::und())
}

//! From a route to what is shown there.

use std::rc::Rc;

use khizana_format::{Archive, FetchError, Origin, ReadError};
use khizana_model::LangMap;
use khizana_search::{Query, Sort};

use super::Viewer;
use super::fetch::WebFetch;
use crate::card::Card;
use crate::page::{
    Browse, Cause, Facet, FacetValue, RESULTS_SIZE, View, collection_numbers, collection_pages,
};
use crate::query::{BrowseQuery, Order};
use crate::route::Route;

fn cause(error: ReadError) -> Cause {
    match error {
        ReadError::Fetch(FetchError::NotFound(_)) => Cause::Status(404),
        ReadError::Fetch(FetchError::Status { status, .. }) => Cause::Status(status),
        ReadError::Fetch(FetchError::Unreachable { .. }) => Cause::Offline,
        ReadError::Object(error) => Cause::Damaged(error.to_string()),
        error => Cause::Unreadable(error.to_string()),
    }
}

impl Viewer {
    /// The archive; opened when it is first needed.
    async fn archive(&self) -> Result<Rc<Archive<WebFetch>>, Cause> {
        if let Some(archive) = self.archive.borrow().as_ref() {
            return Ok(archive.clone());
        }
        let fetch = WebFetch {
            window: self.window.clone(),
            root: self.root.clone(),
        };
        let archive = Rc::new(Archive::open(fetch).await.map_err(cause)?);
        self.archive.replace(Some(archive.clone()));
        Ok(archive)
    }

    /// What is shown at a route.
    pub(super) async fn load(&self, lang: &str, route: &Route) -> Result<View, Cause> {
        let archive = self.archive().await?;
        let root = archive.root();
        match route {
            Route::Home => Ok(View::home(root)),
            Route::Collection { id, page } => {
                let summary = root
                    .collections
                    .iter()
                    .find(|summary| summary.id.as_str() == id);
                let Some(summary) =
                    summary.filter(|summary| *page <= collection_pages(summary.items))
                else {
                    return Ok(View::NotFound(route.clone()));
                };
                let numbers: Vec<u32> = collection_numbers(summary, *page).collect();
                let records = archive.records(&numbers).await.map_err(cause)?;
                Ok(View::collection(summary, *page, &records, lang))
            }
            Route::Item { id, canvas } => {
                let record = match archive.number_of(id).await.map_err(cause)? {
                    Some(number) => archive.record(number).await.map_err(cause)?,
                    None => None,
                };
                Ok(match record {
                    Some(record) => {
                        let last = u32::try_from(record.canvases.len())
                            .unwrap_or(u32::MAX)
                            .saturating_sub(1);
                        View::item(root, record, (*canvas).min(last))
                    }
                    None => View::NotFound(route.clone()),
                })
            }
            Route::Browse(query) => self.browse(&archive, lang, query).await,
            Route::Unknown(_) => Ok(View::NotFound(route.clone())),
        }
    }

    async fn browse(
        &self,
        archive: &Archive<WebFetch>,
        lang: &str,
        query: &BrowseQuery,
    ) -> Result<View, Cause> {
        let mut asked = Query {
            text: query.text.clone(),
            filters: query.filters.clone(),
            sort: match query.sort {
                None => Sort::Relevance,
                Some(Order::Title) => Sort::Title,
                Some(Order::Date) => Sort::Date,
                Some(Order::DateDescending) => Sort::DateDescending,
            },
            language: lang.to_owned(),
            complete: !query.text.ends_with(char::is_alphanumeric),
            skip: query.page.saturating_mul(RESULTS_SIZE) as usize,
            take: RESULTS_SIZE as usize,
            ..Query::default()
        };
        let mut found = khizana_search::search(archive, &asked)
            .await
            .map_err(cause)?;
        let mut query = query.clone();
        let last = found.total.saturating_sub(1) / RESULTS_SIZE;
        if query.page > last {
            // An address from when there were more.
            query.page = last;
            asked.skip = last.saturating_mul(RESULTS_SIZE) as usize;
            found = khizana_search::search(archive, &asked)
                .await
                .map_err(cause)?;
        }
        let root = archive.root();
        let none = LangMap::new();
        let cards = found.hits.iter().map(|hit| {
            let summary = root.collections.get(hit.brief.collection as usize);
            // The name of the collection helps only where there are several.
            let title = (root.collections.len() > 1)
                .then(|| summary.map_or(&none, |summary| &summary.title));
            Card::brief(&hit.brief, title, lang)
        });
        let facets = found.facets.into_iter().map(|facet| Facet {
            label: root
                .collections
                .iter()
                .find_map(|summary| summary.labels.find(|field| *field == facet.field))
                .cloned()
                .unwrap_or_default(),
            field: facet.field,
            values: facet
                .values
                .into_iter()
                .map(|value| FacetValue {
                    key: value.key,
                    label: value.label,
                    count: value.count,
                    selected: value.selected,
                })
                .collect(),
        });
        let (cards, facets) = (cards.collect(), facets.collect());
        Ok(View::Browse(Box::new(Browse {
            query,
            total: found.total,
            cards,
            facets,
            busy: false,
        })))
    }

    /// The text of a canvas, checked against its hash.
    pub(super) async fn text(&self, origin: &Origin) -> Result<String, Cause> {
        let archive = self.archive().await?;
        let bytes = archive.original(origin).await.map_err(cause)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}

//! Views of routes other than searches, and the cache of records.

use std::rc::Rc;

use khizana_format::Record;
use khizana_pages::reference::{Access, Citations};
use khizana_pages::{BrowseQuery, Cause, Route, Site, View, collection_numbers, collection_pages};

use super::{Worker, cause};

/// Maximum number of cached records.
const MAX_CACHED_RECORDS: usize = 8;

impl Worker {
    /// Returns the view of a route.
    pub async fn view(&self, lang: &str, route: &Route) -> Result<View, Cause> {
        let archive = self.archive().await?;
        let root = archive.root();
        match route {
            Route::Home => Ok(View::home(root)),
            Route::Collection { id, page } => {
                let mut summaries = root.collections.iter();
                let summary = summaries
                    .find(|summary| summary.id.as_str() == id)
                    .filter(|summary| *page <= collection_pages(root.pages, summary.items));
                let Some(summary) = summary else {
                    return Ok(View::NotFound(route.clone()));
                };
                let numbers: Vec<u32> = collection_numbers(root.pages, summary, *page).collect();
                let records = archive.records(&numbers).await.map_err(cause)?;
                Ok(View::collection(summary, *page, &records, lang))
            }
            Route::Item { canvas, .. } => Ok(match self.record_of(route).await? {
                Some(record) => {
                    let last = u32::try_from(record.canvases.len())
                        .unwrap_or(u32::MAX)
                        .saturating_sub(1);
                    View::item(root, (*record).clone(), (*canvas).min(last))
                }
                None => View::NotFound(route.clone()),
            }),
            Route::Browse(query) => self.browse(&archive, lang, query).await,
            Route::Value { field, key } => {
                let query = BrowseQuery::with_value(field, key);
                self.browse(&archive, lang, &query).await
            }
            Route::Text(_) | Route::Unknown(_) => Ok(View::NotFound(route.clone())),
        }
    }

    /// Returns the citations of the item of a route. They are empty if there is no such item.
    pub async fn citations(
        &self,
        lang: &str,
        route: &Route,
        access: &Access,
    ) -> Result<Citations, Cause> {
        let archive = self.archive().await?;
        let site = Site::of(archive.root(), None);
        Ok(match self.view(lang, route).await? {
            View::Item(view) => Citations::of(&site, lang, &view, access),
            _ => Citations::default(),
        })
    }

    /// Returns the record of the item of a route. Returns `None` if there is no such item.
    pub async fn record_of(&self, route: &Route) -> Result<Option<Rc<Record>>, Cause> {
        let Route::Item { id, .. } = route else {
            return Ok(None);
        };
        let cached = {
            let records = self.records.borrow();
            let mut records = records.iter();
            records
                .find(|record| record.item.id.as_str() == id)
                .cloned()
        };
        if let Some(record) = cached {
            self.cache_record(record.clone());
            return Ok(Some(record));
        }
        let archive = self.archive().await?;
        let Some(number) = archive.item_number(id).await.map_err(cause)? else {
            return Ok(None);
        };
        let record = archive.record(number).await.map_err(cause)?;
        let record = record.map(Rc::new);
        if let Some(record) = &record {
            self.cache_record(record.clone());
        }
        Ok(record)
    }

    /// Adds a record to the front of the cache.
    pub fn cache_record(&self, record: Rc<Record>) {
        let mut records = self.records.borrow_mut();
        records.retain(|cached| cached.item.id != record.item.id);
        records.insert(0, record);
        records.truncate(MAX_CACHED_RECORDS);
    }
}

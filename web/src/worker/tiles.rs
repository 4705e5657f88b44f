//! Tiles of large images: fetched from their pack, verified, and decoded.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use khizana_format::{Image, TileIndex, TilePack, hash_of};
use khizana_pages::{Cause, Route};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, AbortSignal, Blob, ImageBitmap, RequestInit, Response};

use super::Worker;
use crate::zoom::tiles::TilePosition;

/// Maximum number of packs whose index is cached. At most two images are displayed at a time.
const MAX_CACHED_PACKS: usize = 4;

/// The open tile packs and the pending tiles.
#[derive(Default)]
pub struct Tiles {
    /// The open packs, the most recently used first.
    packs: RefCell<Vec<Rc<Pack>>>,
    /// Numbers of the pending requests, and their abort controllers.
    pending: RefCell<Vec<(u32, AbortController)>>,
}

/// The open tile pack of an image.
struct Pack {
    image: Image,
    pack: TilePack,
    index: RefCell<Option<Rc<TileIndex>>>,
    /// The pending fetch of the index.
    index_fetch: RefCell<Option<Promise>>,
    /// The complete pack, if the host responded with it to a range request.
    complete_pack: RefCell<Option<Uint8Array>>,
}

impl Tiles {
    /// Aborts the request with this number, if it is pending.
    pub fn cancel(&self, number: u32) {
        self.pending.borrow_mut().retain(|(pending, controller)| {
            if *pending == number {
                controller.abort();
            }
            *pending != number
        });
    }
}

impl Worker {
    /// Loads the index of a pack. Fetches it again if the prefetched beginning of the pack does not
    /// match its hash.
    pub async fn open_tiles(self: &Rc<Self>, route: &Route, prefetched: Option<Uint8Array>) {
        let Ok(pack) = self.pack_of(route).await else {
            return;
        };
        if let Some(bytes) = prefetched {
            pack.add_index(&bytes.subarray(0, pack.pack.index).to_vec());
            // The host responded to the range request with the complete pack.
            if u64::from(bytes.length()) == pack.pack.bytes {
                pack.complete_pack.replace(Some(bytes));
            }
        }
        // A failure is reported by the requests for tiles.
        let _ = self.index_of(&pack).await;
    }

    /// Returns a tile as a bitmap.
    pub async fn tile(
        self: &Rc<Self>,
        number: u32,
        route: &Route,
        position: TilePosition,
    ) -> Result<ImageBitmap, Cause> {
        let controller = AbortController::new().map_err(|_| Cause::Offline)?;
        let signal = controller.signal();
        self.tiles.pending.borrow_mut().push((number, controller));
        let tile = self.read_tile(route, position, &signal).await;
        self.tiles
            .pending
            .borrow_mut()
            .retain(|(pending, _)| *pending != number);
        tile
    }

    async fn read_tile(
        self: &Rc<Self>,
        route: &Route,
        (level, column, row): TilePosition,
        signal: &AbortSignal,
    ) -> Result<ImageBitmap, Cause> {
        let missing = || Cause::Unreadable("no such tile".to_owned());
        let pack = self.pack_of(route).await?;
        let index = self.index_of(&pack).await?;
        let tile = index
            .tile(level as usize, column, row)
            .ok_or_else(missing)?;
        let range = (tile.offset, u64::from(tile.len));
        let bytes = self.read_range(&pack, range, Some(signal)).await?;
        if !tile.matches(&bytes.to_vec()) {
            return Err(Cause::Damaged(pack.image.pack_path()));
        }
        let undecodable = |_: JsValue| Cause::Damaged(pack.image.pack_path());
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).map_err(undecodable)?;
        let bitmap = self
            .scope
            .create_image_bitmap_with_blob(&blob)
            .map_err(undecodable)?;
        let bitmap = JsFuture::from(bitmap).await.map_err(undecodable)?;
        bitmap.dyn_into().map_err(undecodable)
    }

    /// Returns the pack of the canvas of a route.
    async fn pack_of(&self, route: &Route) -> Result<Rc<Pack>, Cause> {
        let missing = || Cause::Unreadable("no such image".to_owned());
        let record = self.record_of(route).await?.ok_or_else(missing)?;
        let Route::Item { canvas, .. } = route else {
            return Err(missing());
        };
        let canvas = record.canvases.get(*canvas as usize);
        let image = canvas
            .and_then(|canvas| canvas.image.as_ref())
            .ok_or_else(missing)?;
        let mut packs = self.tiles.packs.borrow_mut();
        let known = packs.iter().position(|pack| pack.image.key == image.key);
        let pack = match known {
            Some(i) => packs.remove(i),
            None => Rc::new(Pack {
                image: image.clone(),
                pack: image.pack.clone().ok_or_else(missing)?,
                index: RefCell::new(None),
                index_fetch: RefCell::new(None),
                complete_pack: RefCell::new(None),
            }),
        };
        packs.insert(0, pack.clone());
        packs.truncate(MAX_CACHED_PACKS);
        Ok(pack)
    }

    /// Returns the index of a pack. Concurrent calls share one fetch.
    async fn index_of(self: &Rc<Self>, pack: &Rc<Pack>) -> Result<Rc<TileIndex>, Cause> {
        if let Some(index) = pack.index.borrow().as_ref() {
            return Ok(index.clone());
        }
        let pending = pack.index_fetch.borrow().clone();
        let fetch = pending.unwrap_or_else(|| {
            let (worker, pack) = (self.clone(), pack.clone());
            future_to_promise(async move {
                let range = (0, u64::from(pack.pack.index));
                if let Ok(bytes) = worker.read_range(&pack, range, None).await {
                    pack.add_index(&bytes.to_vec());
                }
                pack.index_fetch.replace(None);
                Ok(JsValue::UNDEFINED)
            })
        });
        pack.index_fetch.replace(Some(fetch.clone()));
        let _ = JsFuture::from(fetch).await;
        let index = pack.index.borrow().clone();
        index.ok_or_else(|| Cause::Damaged(pack.image.pack_path()))
    }

    /// Reads a range of a pack. For hosts that do not support range requests, a pack is split into
    /// parts.
    async fn read_range(
        &self,
        pack: &Pack,
        (start, length): (u64, u64),
        signal: Option<&AbortSignal>,
    ) -> Result<Uint8Array, Cause> {
        let slice = |bytes: &Uint8Array, start: u64| {
            let available = u64::from(bytes.length());
            let end = start.checked_add(length).filter(|end| *end <= available)?;
            Some(bytes.slice(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
        };
        let too_short = || Cause::Damaged(pack.image.pack_path());
        if let Some(bytes) = pack.complete_pack.borrow().as_ref() {
            return slice(bytes, start).ok_or_else(too_short);
        }
        if pack.pack.part > 0 {
            let part = u64::from(pack.pack.part);
            let last = (start + length.max(1) - 1) / part;
            let mut joined = Vec::new();
            for number in start / part..=last {
                let number = u32::try_from(number).map_err(|_| too_short())?;
                let path = pack.image.pack_part_path(number);
                joined.extend(self.fetch_range(&path, None, signal).await?.1.to_vec());
            }
            let joined = Uint8Array::from(joined.as_slice());
            return slice(&joined, start % part).ok_or_else(too_short);
        }
        let header = format!("bytes={start}-{}", start + length.saturating_sub(1));
        let path = pack.image.pack_path();
        let (status, bytes) = self.fetch_range(&path, Some(&header), signal).await?;
        if status == 206 {
            let is_complete = u64::from(bytes.length()) == length;
            return is_complete.then_some(bytes).ok_or_else(too_short);
        }
        let range = slice(&bytes, start);
        pack.complete_pack.replace(Some(bytes));
        range.ok_or_else(too_short)
    }

    async fn fetch_range(
        &self,
        path: &str,
        range: Option<&str>,
        signal: Option<&AbortSignal>,
    ) -> Result<(u16, Uint8Array), Cause> {
        let offline = |_: JsValue| Cause::Offline;
        let init = RequestInit::new();
        init.set_signal(signal);
        if let Some(range) = range {
            let header = Array::of2(&JsValue::from_str("range"), &JsValue::from_str(range));
            init.set_headers(&Array::of1(&header));
        }
        let url = format!("{}{path}", self.root.borrow());
        let response = self.scope.fetch_with_str_and_init(&url, &init);
        let response = JsFuture::from(response).await.map_err(offline)?;
        let response: Response = response.dyn_into().map_err(offline)?;
        if !response.ok() {
            return Err(Cause::Status(response.status()));
        }
        let buffer = response.array_buffer().map_err(offline)?;
        let buffer = JsFuture::from(buffer).await.map_err(offline)?;
        Ok((response.status(), Uint8Array::new(&buffer)))
    }
}

impl Pack {
    /// Verifies and parses an index. Returns `None` if it does not match the hash in the record or
    /// is invalid.
    fn add_index(&self, bytes: &[u8]) -> Option<Rc<TileIndex>> {
        if hash_of(bytes) != self.pack.sha256 {
            return None;
        }
        let index = Rc::new(TileIndex::read(bytes)?);
        self.index.replace(Some(index.clone()));
        Some(index)
    }
}

//! The tiles of an image: requests to the worker, and the cache.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Promise, Reflect, Uint8Array};
use khizana_format::{Image, PyramidLevel, pyramid_levels};
use khizana_pages::Route;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::ImageBitmap;

use crate::message::{Answer, Request};
use crate::viewer::archive::ArchiveClient;
use crate::zoom::cache::TileCache;
use crate::zoom::tiles::TilePosition;

/// Maximum number of pending requests.
const MAX_PENDING: usize = 6;

/// The tiles of an image.
pub struct Tiles {
    client: Rc<ArchiveClient>,
    /// The route of the item, with the canvas of the image.
    route: Route,
    /// Levels of the pyramid, the full image first. Empty if the image has no tiles.
    pub levels: Vec<PyramidLevel>,
    /// Width and height of a tile in pixels.
    pub tile_size: u32,
    pub cache: RefCell<TileCache<ImageBitmap>>,
    /// Requested tiles, and the numbers of the requests.
    pending: RefCell<Vec<(TilePosition, u32)>>,
    /// Visible tiles that are still to be requested, in the order of their priority.
    queue: RefCell<Vec<TilePosition>>,
    /// Tiles whose requests failed. They are not requested again before [`Tiles::retry_failed`] is
    /// called.
    failed: RefCell<Vec<TilePosition>>,
    /// Maximum number of tiles in the cache.
    capacity: Cell<usize>,
    /// `true` once [`Request::OpenTiles`] is sent, so that tiles can be requested.
    is_open: Cell<bool>,
    is_closed: Cell<bool>,
    on_change: RefCell<Option<Box<dyn Fn()>>>,
}

impl Tiles {
    /// Creates the tiles of the image of a canvas. `route` leads to the canvas.
    pub fn new(client: &Rc<ArchiveClient>, route: Route, image: &Image) -> Rc<Tiles> {
        let pack = image.pack.as_ref();
        let levels =
            pack.and_then(|pack| pyramid_levels(image.width, image.height, pack.tile, pack.levels));
        Rc::new(Tiles {
            client: client.clone(),
            route,
            levels: levels.unwrap_or_default(),
            tile_size: pack.map_or(1, |pack| pack.tile),
            cache: RefCell::default(),
            pending: RefCell::default(),
            queue: RefCell::default(),
            failed: RefCell::default(),
            capacity: Cell::new(0),
            is_open: Cell::new(false),
            is_closed: Cell::new(false),
            on_change: RefCell::new(None),
        })
    }

    /// Requests the index of the tiles. Calls `on_change` whenever a tile is loaded or has failed.
    pub fn open(self: &Rc<Self>, on_change: impl Fn() + 'static) {
        self.on_change.replace(Some(Box::new(on_change)));
        if self.levels.is_empty() {
            return;
        }
        let tiles = self.clone();
        spawn_local(async move {
            let prefetched = match prefetched_index() {
                Some(index) => JsFuture::from(index).await.ok(),
                None => None,
            };
            let prefetched = prefetched.filter(|buffer| !buffer.is_undefined());
            tiles.client.post(Request::OpenTiles {
                route: tiles.route.clone(),
                prefetched: prefetched.map(|buffer| Uint8Array::new(&buffer)),
            });
            tiles.is_open.set(true);
            tiles.request_next();
        });
    }

    /// Returns `true` if a tile could not be loaded.
    pub fn has_failed(&self) -> bool {
        !self.failed.borrow().is_empty()
    }

    /// Allows failed tiles to be requested again, for example after a loss of connection.
    pub fn retry_failed(&self) {
        self.failed.borrow_mut().clear();
    }

    /// Cancels all requests and releases all tiles.
    pub fn close(&self) {
        self.is_closed.set(true);
        for (_, number) in self.pending.borrow_mut().drain(..) {
            self.client.cancel(number);
        }
        self.cache.borrow_mut().limit(0, |tile| tile.close());
    }

    /// Requests the needed tiles, and cancels the requests for other tiles. The cache keeps at most
    /// `capacity` tiles.
    pub fn request(self: &Rc<Self>, needed: &[TilePosition], capacity: usize) {
        self.capacity.set(capacity);
        self.pending.borrow_mut().retain(|(position, number)| {
            let is_needed = needed.contains(position);
            if !is_needed {
                self.client.cancel(*number);
            }
            is_needed
        });
        let cache = self.cache.borrow();
        let failed = self.failed.borrow();
        let is_absent =
            |position: &&TilePosition| !cache.contains(**position) && !failed.contains(position);
        *self.queue.borrow_mut() = needed.iter().filter(is_absent).copied().collect();
        drop((cache, failed));
        self.request_next();
    }

    fn request_next(self: &Rc<Self>) {
        let can_request = || {
            let is_active = self.is_open.get() && !self.is_closed.get();
            is_active && self.pending.borrow().len() < MAX_PENDING
        };
        while can_request() {
            let is_pending = |position: &TilePosition| {
                let pending = self.pending.borrow();
                pending.iter().any(|(other, _)| other == position)
            };
            let mut queue = self.queue.borrow_mut();
            let Some(next) = queue.iter().position(|position| !is_pending(position)) else {
                return;
            };
            let position = queue.remove(next);
            drop(queue);
            let mut answers = self.client.send(Request::Tile {
                route: self.route.clone(),
                position,
            });
            let number = answers.number();
            self.pending.borrow_mut().push((position, number));
            let tiles = self.clone();
            spawn_local(async move {
                let answer = answers.next().await;
                tiles.receive(position, number, answer);
            });
        }
    }

    fn receive(self: &Rc<Self>, position: TilePosition, number: u32, answer: Option<Answer>) {
        self.pending
            .borrow_mut()
            .retain(|(_, pending)| *pending != number);
        match answer {
            // The request was cancelled.
            None => return,
            Some(Answer::Bitmap(tile)) if self.is_closed.get() => {
                tile.close();
                return;
            }
            Some(Answer::Bitmap(tile)) => {
                let mut cache = self.cache.borrow_mut();
                cache.insert(position, tile);
                cache.limit(self.capacity.get(), |tile| tile.close());
            }
            Some(_) => self.failed.borrow_mut().push(position),
        }
        if !self.is_closed.get() {
            if let Some(on_change) = self.on_change.borrow().as_ref() {
                on_change();
            }
            self.request_next();
        }
    }
}

/// Takes the promise for the beginning of a tile pack that `boot.js` fetched while the viewer was
/// loading.
fn prefetched_index() -> Option<Promise> {
    let (global, name) = (js_sys::global(), JsValue::from_str("tileIndex"));
    let index = Reflect::get(&global, &name).ok()?.dyn_into().ok()?;
    let _ = Reflect::delete_property(&global, &name);
    Some(index)
}

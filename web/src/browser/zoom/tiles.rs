//! The tiles of an image: fetched from its pack, checked, and decoded beside the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Map, Promise, Uint8Array};
use khizana_format::{Image, TileIndex, TilePack, hash_of};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Blob, ImageBitmap, RequestInit, Response};

use super::super::Viewer;
use crate::zoom::first::AT_ONCE;
use crate::zoom::kept::Kept;
use crate::zoom::tiles::Place;

/// A tile that is on its way.
struct Way {
    place: Place,
    stop: AbortController,
}

pub struct Tiles {
    viewer: Rc<Viewer>,
    image: Image,
    /// `None` until it came, and for good where there is none.
    pub index: RefCell<Option<TileIndex>>,
    pub kept: RefCell<Kept<ImageBitmap>>,
    ways: RefCell<Vec<Way>>,
    /// What the screen needs, and is not here, that first which is looked at first.
    wanted: RefCell<Vec<Place>>,
    /// Tiles that could not be had: they are not asked for again before the view has come to a rest.
    missing: RefCell<Vec<Place>>,
    /// The pack, where the host has no ranges and answered with all of it.
    whole: RefCell<Option<Uint8Array>>,
    most: Cell<usize>,
    ended: Cell<bool>,
    came: RefCell<Option<Box<dyn Fn()>>>,
}

impl Tiles {
    pub fn new(viewer: &Rc<Viewer>, image: &Image) -> Rc<Tiles> {
        Rc::new(Tiles {
            viewer: viewer.clone(),
            image: image.clone(),
            index: RefCell::new(None),
            kept: RefCell::default(),
            ways: RefCell::default(),
            wanted: RefCell::default(),
            missing: RefCell::default(),
            whole: RefCell::new(None),
            most: Cell::new(0),
            ended: Cell::new(false),
            came: RefCell::new(None),
        })
    }

    /// Fetches the index; `came` is called when it is here, and after each tile.
    pub fn begin(self: &Rc<Self>, came: impl Fn() + 'static) {
        *self.came.borrow_mut() = Some(Box::new(came));
        let Some(pack) = self.image.pack.clone() else {
            return;
        };
        let own = self.clone();
        spawn_local(async move {
            let bytes = own.bytes(&pack, 0, pack.index.into(), None).await;
            // An index that is not the published one is as good as none: the derivatives are shown.
            let index = bytes
                .map(|bytes| bytes.to_vec())
                .filter(|bytes| hash_of(bytes) == pack.sha256)
                .and_then(|bytes| TileIndex::read(&bytes));
            *own.index.borrow_mut() = index;
            own.call();
        });
    }

    fn call(&self) {
        if let Some(came) = self.came.borrow().as_ref().filter(|_| !self.ended.get()) {
            came();
        }
    }

    /// What could not be had may be asked for again: the line may be there again.
    pub fn forgive(&self) {
        self.missing.borrow_mut().clear();
    }

    /// Nothing is wanted any more.
    pub fn end(&self) {
        self.ended.set(true);
        for way in self.ways.borrow_mut().drain(..) {
            way.stop.abort();
        }
        self.kept.borrow_mut().limit(0, |tile| tile.close());
    }

    /// What the screen needs now; what it needed before is let go of. At most so many tiles are kept.
    pub fn want(self: &Rc<Self>, needed: &[Place], most: usize) {
        self.most.set(most);
        self.ways.borrow_mut().retain(|way| {
            let still = needed.contains(&way.place);
            if !still {
                way.stop.abort();
            }
            still
        });
        let kept = self.kept.borrow();
        let missing = self.missing.borrow();
        let absent = |place: &&Place| !kept.has(**place) && !missing.contains(place);
        *self.wanted.borrow_mut() = needed.iter().filter(absent).copied().collect();
        drop((kept, missing));
        self.fetch();
    }

    fn fetch(self: &Rc<Self>) {
        while self.ways.borrow().len() < AT_ONCE && !self.ended.get() {
            let under_way =
                |place: &Place| self.ways.borrow().iter().any(|way| way.place == *place);
            let mut wanted = self.wanted.borrow_mut();
            let Some(next) = wanted.iter().position(|place| !under_way(place)) else {
                return;
            };
            let place = wanted.remove(next);
            drop(wanted);
            let Ok(stop) = AbortController::new() else {
                return;
            };
            let signal = stop.signal();
            self.ways.borrow_mut().push(Way { place, stop });
            let own = self.clone();
            spawn_local(async move {
                let tile = own.tile(place, &signal).await;
                own.ways
                    .borrow_mut()
                    .retain(|way| way.place != place || way.stop.signal() != signal);
                if own.ended.get() || signal.aborted() {
                    if let Some(tile) = tile {
                        tile.close();
                    }
                    return;
                }
                match tile {
                    Some(tile) => {
                        let mut kept = own.kept.borrow_mut();
                        kept.add(place, tile);
                        kept.limit(own.most.get(), |tile| tile.close());
                    }
                    None => own.missing.borrow_mut().push(place),
                }
                own.call();
                own.fetch();
            });
        }
    }

    async fn tile(
        &self,
        (level, column, row): Place,
        signal: &web_sys::AbortSignal,
    ) -> Option<ImageBitmap> {
        let pack = self.image.pack.as_ref()?;
        let tile = *self.index.borrow().as_ref()?.tile(level, column, row)?;
        let bytes = self
            .bytes(pack, tile.offset, tile.bytes.into(), Some(signal))
            .await?;
        if !tile.is(&bytes.to_vec()) {
            return None;
        }
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).ok()?;
        let bitmap = self
            .viewer
            .window
            .create_image_bitmap_with_blob(&blob)
            .ok()?;
        JsFuture::from(bitmap).await.ok()?.dyn_into().ok()
    }

    /// A range of the pack, whichever way the host has it.
    async fn bytes(
        &self,
        pack: &TilePack,
        from: u64,
        length: u64,
        signal: Option<&web_sys::AbortSignal>,
    ) -> Option<Uint8Array> {
        let slice = |bytes: &Uint8Array, from: u64| {
            let whole = u64::from(bytes.length());
            let end = from.checked_add(length).filter(|end| *end <= whole)?;
            Some(bytes.slice(u32::try_from(from).ok()?, u32::try_from(end).ok()?))
        };
        if let Some(whole) = self.whole.borrow().as_ref() {
            return slice(whole, from);
        }
        if pack.part > 0 {
            let part = u64::from(pack.part);
            let last = (from + length.max(1) - 1) / part;
            let mut joined = Vec::new();
            for number in from / part..=last {
                let path = self.image.pack_part_path(u32::try_from(number).ok()?);
                joined.extend(self.get(&path, None, signal).await?.1.to_vec());
            }
            return slice(&Uint8Array::from(joined.as_slice()), from % part);
        }
        let range = format!("bytes={from}-{}", from + length - 1);
        let (status, bytes) = self
            .get(&self.image.pack_path(), Some(&range), signal)
            .await?;
        if status == 206 {
            return (u64::from(bytes.length()) == length).then_some(bytes);
        }
        let own = slice(&bytes, from);
        *self.whole.borrow_mut() = Some(bytes);
        own
    }

    async fn get(
        &self,
        path: &str,
        range: Option<&str>,
        signal: Option<&web_sys::AbortSignal>,
    ) -> Option<(u16, Uint8Array)> {
        let asked = RequestInit::new();
        asked.set_signal(signal);
        if let Some(range) = range {
            let pair = Array::of2(&JsValue::from_str("range"), &JsValue::from_str(range));
            asked.set_headers(&Array::of1(&pair));
        }
        let url = format!("{}{path}", self.viewer.root);
        let answer = match early(&url, range, signal) {
            Some(answer) => answer,
            None => self.viewer.window.fetch_with_str_and_init(&url, &asked),
        };
        let answer: Response = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
        if !answer.ok() {
            return None;
        }
        let buffer = JsFuture::from(answer.array_buffer().ok()?).await.ok()?;
        Some((answer.status(), Uint8Array::new(&buffer)))
    }
}

/// The answer about a range that was asked for before the viewer ran: `boot.js` has put it there, by
/// address and range, and stops it where `signal` says so. It is taken once.
fn early(url: &str, range: Option<&str>, signal: Option<&web_sys::AbortSignal>) -> Option<Promise> {
    let asked = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("asked")).ok()?;
    let asked: Map = asked.dyn_into().ok()?;
    let mut name = String::from(url);
    name.push_str(range?);
    let name = JsValue::from_str(&name);
    let take: Function = asked.get(&name).dyn_into().ok()?;
    asked.delete(&name);
    take.call1(&JsValue::NULL, &signal.cloned().into())
        .ok()?
        .dyn_into()
        .ok()
}

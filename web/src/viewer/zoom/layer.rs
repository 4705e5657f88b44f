//! An image in the view: its derivatives and its tiles, and how they are drawn.

use std::cell::RefCell;
use std::rc::Rc;

use khizana_format::Image;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlImageElement};

use super::Zoom;
use super::tiles::Tiles;
use crate::viewer::archive::ArchiveClient;
use crate::zoom::stage::{Point, Stage, View};
use crate::zoom::tiles::{TilePosition, area, is_sharp, level_for, seen};
use khizana_pages::Route;

/// Tiles that are kept beside those on the screen.
const BESIDE: usize = 12;

/// How an image lies on the screen.
#[derive(Clone, Copy)]
pub struct Lying {
    pub stage: Stage,
    pub view: View,
    /// The upper left corner of its part of the screen, in CSS pixels.
    pub corner: Point,
    /// Pixels of the screen for a CSS pixel.
    pub density: f64,
}

pub struct Layer {
    pub image: Image,
    /// Derivatives that are here or on their way, narrowest first.
    pictures: RefCell<Vec<(u32, HtmlImageElement)>>,
    pub tiles: Rc<Tiles>,
}

impl Layer {
    /// The image of the canvas at a route.
    pub fn new(client: &Rc<ArchiveClient>, route: Route, image: &Image) -> Rc<Layer> {
        Rc::new(Layer {
            tiles: Tiles::new(client, route, image),
            image: image.clone(),
            pictures: RefCell::default(),
        })
    }

    /// Takes a derivative, so many pixels wide, that is here or on its way.
    pub fn take(&self, zoom: &Rc<Zoom>, width: u32, picture: &HtmlImageElement) {
        if !picture.complete() {
            let own = Rc::downgrade(zoom);
            let loaded = wasm_bindgen::closure::Closure::once_into_js(move || {
                if let Some(own) = own.upgrade() {
                    own.redraw();
                }
            });
            picture.set_onload(Some(loaded.unchecked_ref()));
        }
        self.pictures.borrow_mut().push((width, picture.clone()));
    }

    /// The tiles that the screen needs; none where a derivative is sharp.
    fn needed(&self, lying: &Lying) -> Vec<TilePosition> {
        let widest = self.image.sizes.last().map_or(0, |size| size.width);
        if is_sharp(&lying.stage, widest, &lying.view, lying.density) {
            return Vec::new();
        }
        let Tiles {
            levels, tile_size, ..
        } = &*self.tiles;
        let level = level_for(levels, &lying.view, lying.density);
        seen(&lying.stage, &lying.view, levels, level, *tile_size)
    }

    /// Fetches what the screen needs.
    pub fn want(&self, zoom: &Rc<Zoom>, lying: &Lying) {
        let shown = lying.stage.image.0 * lying.view.scale * lying.density;
        let wider = |width| self.pictures.borrow().iter().all(|(own, _)| *own < width);
        if let Some(size) = self.image.derivative_for_width((shown * 0.8) as u32)
            && wider(size.width)
            && let Ok(picture) = HtmlImageElement::new()
        {
            picture.set_src(&format!("{}{}", zoom.viewer.root, self.image.path(size)));
            self.take(zoom, size.width, &picture);
        }
        // Where none is needed any more, none is waited for.
        let needed = self.needed(lying);
        self.tiles.cache.borrow_mut().touch(&needed);
        self.tiles.request(&needed, needed.len() + BESIDE);
    }

    /// Draws it, and says whether all is here that makes it sharp. What is drawn after it is in pixels of
    /// the image.
    pub fn draw(&self, screen: &CanvasRenderingContext2d, lying: &Lying) -> bool {
        self.picture(screen, lying);
        let needed = self.needed(lying);
        let cache = self.tiles.cache.borrow();
        let complete = needed.iter().all(|position| cache.contains(*position));
        if let Some((level, ..)) = needed.first() {
            let image = lying.stage.image;
            let ((x, y), (w, h)) = lying.stage.seen(&lying.view);
            for (place, tile) in cache.coarse_to_fine() {
                // Finer ones are too many; coarser ones stand in for those that are missing.
                if place.0 < *level || (complete && place.0 > *level) {
                    continue;
                }
                let (left, top, wide, high) = area(place, image, self.tiles.tile_size);
                if left < x + w && top < y + h && left + wide > x && top + high > y {
                    let _ = screen
                        .draw_image_with_image_bitmap_and_dw_and_dh(tile, left, top, wide, high);
                }
            }
        }
        complete && self.pictures.borrow().iter().all(|own| own.1.complete())
    }

    /// The widest derivative that is here.
    pub fn picture(&self, screen: &CanvasRenderingContext2d, lying: &Lying) {
        let (stage, density) = (&lying.stage, lying.density);
        let (first, second) = stage.axes();
        let scale = lying.view.scale * density;
        let (x, y) = stage.screen_at(&lying.view, (0.0, 0.0));
        let _ = screen.set_transform(
            first.0 * scale,
            second.0 * scale,
            first.1 * scale,
            second.1 * scale,
            (x + lying.corner.0) * density,
            (y + lying.corner.1) * density,
        );
        let pictures = self.pictures.borrow();
        let here = |own: &&(u32, HtmlImageElement)| own.1.complete() && own.1.natural_width() > 0;
        if let Some((_, picture)) = pictures.iter().rev().find(here) {
            let (w, h) = stage.image;
            let _ =
                screen.draw_image_with_html_image_element_and_dw_and_dh(picture, 0.0, 0.0, w, h);
        }
    }
}

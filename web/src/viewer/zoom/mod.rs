//! The deep-zoom view on the screen: a dialog with a canvas, what the reader does in it, and when it is
//! drawn. Where the reader looks and how the view moves is `crate::zoom`'s business.

mod compare;
mod layer;
mod paint;
mod pointers;
mod tiles;
mod tools;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use khizana_format::Image;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, EventTarget, HtmlCanvasElement, HtmlDialogElement, HtmlElement,
    HtmlImageElement, HtmlInputElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent,
};

use super::Viewer;
use super::events::toggle;
use crate::zoom::address;
use crate::zoom::motion::Motion;
use crate::zoom::number::clamp;
use crate::zoom::pair::{Pairing, Places};
use crate::zoom::ruler::{Ruler, ruler};
use crate::zoom::stage::{Point, Stage, View};
use crate::zoom::tiles::density;
use khizana_pages::View as Shown;
use khizana_pages::words::{self, Lang};
use layer::Layer;
use pointers::Hands;
use tools::tools;

/// One step closer, by a key or a button.
const STEP: f64 = 1.6;
/// One step closer, by a double click or a double tap.
const LEAP: f64 = 2.5;
/// How far an arrow key moves, as a part of the screen.
const STRIDE: f64 = 0.2;
/// The scale is no wider than this, in CSS pixels.
const RULER: f64 = 120.0;
/// The longest side of the small picture in the corner, in CSS pixels.
const NAVIGATOR: f64 = 160.0;

/// What is heard in the dialog.
const EVENTS: [&str; 12] = [
    "click",
    "dblclick",
    "wheel",
    "keydown",
    "input",
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "cancel",
    "close",
    "fullscreenchange",
];

type Listener = Closure<dyn FnMut(Event)>;
type Frame = Closure<dyn FnMut(f64)>;

/// The open view.
pub struct Zoom {
    viewer: Rc<Viewer>,
    dialog: HtmlDialogElement,
    canvas: HtmlCanvasElement,
    navigator: HtmlCanvasElement,
    layer: Rc<Layer>,
    /// The image that is compared, and its canvas as the address names it; empty where none is.
    second: RefCell<Option<Rc<Layer>>>,
    with: RefCell<String>,
    pairing: Cell<Pairing>,
    /// Where the images are on the screen.
    places: Cell<Places>,
    /// The part of the screen that each image has, with the first image on it.
    stage: Cell<Stage>,
    view: Cell<View>,
    motion: Cell<Option<Motion>>,
    hands: RefCell<Hands>,
    /// How many pixels of the image are an inch, where that is known.
    dpi: Option<u32>,
    /// The browser's number for the picture that will be drawn, and when the last one was.
    awaited: Cell<Option<i32>>,
    before: Cell<f64>,
    /// Whether the entry in the history is ours.
    pushed: bool,
    closed: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    frame: RefCell<Option<Frame>>,
}

/// Opens the view on an image. `hash` is the part of the address that says where to look. Nothing
/// happens where the browser cannot show it; the link to the picture is followed then.
pub fn open(
    viewer: &Rc<Viewer>,
    image: &Image,
    picture: &HtmlImageElement,
    hash: Option<&str>,
) -> Option<Rc<Zoom>> {
    let page = viewer.shown();
    let lang = Lang::of(&page.lang);
    let document = &viewer.document;
    let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    dialog.set_class_name("zoom");
    dialog.set_inner_html(&tools(lang));
    let canvas = |selector| -> Option<HtmlCanvasElement> {
        dialog.query_selector(selector).ok()??.dyn_into().ok()
    };
    let (main, navigator) = (canvas(".zoom-canvas")?, canvas(".zoom-navigator")?);
    main.set_attribute("aria-label", &picture.alt()).ok()?;
    dialog.set_attribute("aria-label", &picture.alt()).ok()?;
    document.body()?.append_child(&dialog).ok()?;
    // The focus goes back to where it was. It was nowhere where an address opened the view: then to the
    // picture.
    if document.active_element()?.tag_name() == "BODY" {
        let link: HtmlElement = picture.parent_element()?.unchecked_into();
        let _ = link.focus();
    }
    if dialog.show_modal().is_err() {
        dialog.remove();
        return None;
    }
    let stage = Stage::new((1.0, 1.0), (image.width, image.height));
    let zoom = Rc::new(Zoom {
        layer: Layer::new(&viewer.archive, page.view.route(), image),
        second: RefCell::new(None),
        with: RefCell::default(),
        pairing: Cell::new(Pairing::Beside),
        places: Cell::new(Places::one((1.0, 1.0))),
        viewer: viewer.clone(),
        dialog,
        canvas: main,
        navigator,
        view: Cell::new(stage.fit()),
        stage: Cell::new(stage),
        motion: Cell::new(None),
        hands: RefCell::default(),
        dpi: match &page.view {
            Shown::Item(view) => view.record.item.dpi,
            _ => None,
        },
        awaited: Cell::new(None),
        before: Cell::new(0.0),
        pushed: hash.is_none(),
        closed: Cell::new(false),
        listener: RefCell::new(None),
        frame: RefCell::new(None),
    });
    // The page's own picture, which may still be on its way.
    zoom.layer.take(&zoom, picture.natural_width(), picture);
    zoom.begin(hash);
    Some(zoom)
}

impl Zoom {
    fn begin(self: &Rc<Self>, hash: Option<&str>) {
        let own = Rc::downgrade(self);
        let hear = move |event: Event| {
            if let Some(own) = own.upgrade() {
                own.hear(&event);
            }
        };
        let closure = Listener::new(hear);
        let handle: &js_sys::Function = closure.as_ref().unchecked_ref();
        for name in EVENTS {
            let _ = self.dialog.add_event_listener_with_callback(name, handle);
        }
        let _ = self
            .viewer
            .window
            .add_event_listener_with_callback("resize", handle);
        self.listener.replace(Some(closure));

        let own = Rc::downgrade(self);
        let draw = move |now: f64| {
            if let Some(own) = own.upgrade() {
                own.step(now);
            }
        };
        self.frame.replace(Some(Frame::new(draw)));
        self.open_tiles(&self.layer);
        self.measure();
        let mut stage = self.stage.get();
        let view = hash.and_then(|hash| address::read(hash, &mut stage));
        self.stage.set(stage);
        self.view.set(view.unwrap_or_else(|| stage.fit()));
        self.measure();
        if self.pushed
            && let Ok(history) = self.viewer.window.history()
        {
            let hash = self.address();
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&hash));
        }
        self.remember();
        if let Some((with, pairing)) = hash.and_then(address::read_pair) {
            self.pair(pairing);
            self.compare(with.to_owned());
        }
        self.want();
        self.redraw();
    }

    /// Opens the tiles of an image, and redraws when some have arrived.
    fn open_tiles(self: &Rc<Self>, layer: &Layer) {
        let own = Rc::downgrade(self);
        layer.tiles.open(move || {
            if let Some(own) = own.upgrade() {
                own.want();
                own.redraw();
            }
        });
    }

    /// The canvases as large as the screen says.
    fn measure(&self) {
        let density = self.density();
        let size = |canvas: &HtmlCanvasElement| {
            let (w, h) = (canvas.client_width(), canvas.client_height());
            canvas.set_width((f64::from(w) * density) as u32);
            canvas.set_height((f64::from(h) * density) as u32);
            (f64::from(w), f64::from(h))
        };
        let screen = size(&self.canvas);
        let places = self.placed((screen.0.max(1.0), screen.1.max(1.0)));
        self.places.set(places);
        let stage = Stage {
            screen: places.size,
            ..self.stage.get()
        };
        self.restage(stage);
        // The small picture has the proportions of the large one, as it lies.
        let small = Stage {
            screen: (NAVIGATOR, NAVIGATOR),
            ..stage
        };
        let scale = small.fit().scale;
        let (w, h) = if stage.turns.is_multiple_of(2) {
            stage.image
        } else {
            (stage.image.1, stage.image.0)
        };
        let style = self.navigator.style();
        let _ = style.set_property("width", &format!("{}px", (w * scale).ceil() as u32));
        let _ = style.set_property("height", &format!("{}px", (h * scale).ceil() as u32));
        size(&self.navigator);
    }

    /// The screen or how the image lies is another; what was seen is still seen.
    fn restage(&self, stage: Stage) {
        let before = self.stage.replace(stage);
        self.view.set(stage.after(&before, self.view.get()));
        self.motion.set(None);
    }

    fn density(&self) -> f64 {
        density(self.viewer.window.device_pixel_ratio())
    }

    /// Where the view is going, or is.
    fn aim(&self) -> View {
        self.motion
            .get()
            .map_or(self.view.get(), |motion| motion.to())
    }

    /// Goes to a view; at once where the reader wants no motion.
    fn go(self: &Rc<Self>, to: View) {
        let still = self
            .viewer
            .window
            .match_media("(prefers-reduced-motion: reduce)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches());
        if still {
            self.view.set(to);
            self.motion.set(None);
            self.arrived();
        } else {
            let motion = match self.motion.get() {
                Some(motion) => motion.turned(to),
                None => Motion::new(self.view.get(), to),
            };
            self.motion.set(Some(motion));
        }
        self.want();
        self.redraw();
    }

    fn closer(self: &Rc<Self>, point: Option<Point>, factor: f64) {
        let stage = self.stage.get();
        let point = point.unwrap_or((stage.screen.0 / 2.0, stage.screen.1 / 2.0));
        self.go(stage.closer(&self.aim(), point, factor));
    }

    fn moved(self: &Rc<Self>, x: f64, y: f64) {
        let stage = self.stage.get();
        let by = (stage.screen.0 * STRIDE * x, stage.screen.1 * STRIDE * y);
        self.go(stage.dragged(&self.aim(), by));
    }

    /// The image lies otherwise; its middle stays.
    fn lies(self: &Rc<Self>, stage: Stage) {
        self.restage(stage);
        self.measure();
        self.arrived();
        self.want();
        self.redraw();
    }

    fn hear(self: &Rc<Self>, event: &Event) {
        let kind = event.type_();
        match kind.as_str() {
            "click" => self.click(event),
            "dblclick" => {
                if let Some(point) = self.on_canvas(event) {
                    self.closer(Some(point), LEAP);
                }
            }
            "wheel" => self.wheel(event),
            "keydown" => self.key(event),
            "input" => self.input(event),
            "resize" | "fullscreenchange" => {
                self.measure();
                self.want();
                self.redraw();
            }
            "cancel" => {
                event.prevent_default();
                self.close();
            }
            "close" => self.close(),
            _ => {
                if let Some(pointer) = event.dyn_ref::<PointerEvent>() {
                    self.pointer(pointer, &kind);
                }
            }
        }
    }

    /// Where on the canvas an event was, within the part that an image has.
    fn on_canvas(&self, event: &Event) -> Option<Point> {
        let mouse = event.dyn_ref::<MouseEvent>()?;
        let target = event.target()?;
        let canvas: &EventTarget = self.canvas.as_ref();
        let point = (f64::from(mouse.offset_x()), f64::from(mouse.offset_y()));
        let (x, y) = self.places.get().corner_at(point);
        (target == *canvas).then_some((point.0 - x, point.1 - y))
    }

    fn click(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|at| at.dyn_into::<Element>().ok()) else {
            return;
        };
        let button = target.closest("[data-zoom]").ok().flatten();
        if let Some(button) = button {
            self.act(&button);
        }
    }

    fn act(self: &Rc<Self>, button: &Element) {
        let stage = self.stage.get();
        match button.get_attribute("data-zoom").as_deref() {
            Some("in") => self.closer(None, STEP),
            Some("out") => self.closer(None, 1.0 / STEP),
            Some("whole") => self.go(stage.fit()),
            Some("turn") => self.lies(turned(stage)),
            Some("mirror") => self.lies(mirrored(stage)),
            Some("full") => self.fill(),
            Some(panel @ ("light" | "pair")) => self.unfold(panel),
            Some("close") => self.close(),
            _ => {}
        }
    }

    /// Opens or closes a panel of tools. They have one place: what was open there closes.
    fn unfold(&self, name: &str) {
        for own in ["light", "pair"] {
            let find = |attribute: &str| {
                let found = self
                    .dialog
                    .query_selector(&format!("[data-{attribute}={own}]"));
                found.ok().flatten()
            };
            let (Some(button), Some(panel)) = (find("zoom"), find("panel")) else {
                continue;
            };
            if own == name || !panel.has_attribute("hidden") {
                toggle(&button);
                let _ = panel.toggle_attribute("hidden");
                // A book may have a thousand pages: they are listed when somebody asks.
                if own == "pair" && !panel.has_attribute("hidden") {
                    self.offer();
                }
            }
        }
    }

    fn input(self: &Rc<Self>, event: &Event) {
        if let Some(element) = event.target().and_then(|at| at.dyn_into::<Element>().ok()) {
            match element.closest("[data-panel=pair]") {
                Ok(Some(_)) => self.paired(&element),
                _ => self.light(),
            }
        }
    }

    fn key(self: &Rc<Self>, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let typing = event
            .target()
            .and_then(|at| at.dyn_into::<Element>().ok())
            .is_some_and(|at| at.closest("input,select").ok().flatten().is_some());
        if key.ctrl_key() || key.meta_key() || key.alt_key() || typing {
            return;
        }
        let stage = self.stage.get();
        // On a keyboard of another script a letter is known by its place.
        let mut own = key.key();
        if !own.is_ascii() {
            own = key.code();
        }
        match own.as_str() {
            "+" | "=" => self.closer(None, STEP),
            "-" | "_" => self.closer(None, 1.0 / STEP),
            "0" | "Digit0" | "Numpad0" => self.go(stage.fit()),
            "r" | "R" | "KeyR" => self.lies(turned(stage)),
            "m" | "M" | "KeyM" => self.lies(mirrored(stage)),
            "f" | "F" | "KeyF" => self.fill(),
            "ArrowLeft" => self.moved(1.0, 0.0),
            "ArrowRight" => self.moved(-1.0, 0.0),
            "ArrowUp" => self.moved(0.0, 1.0),
            "ArrowDown" => self.moved(0.0, -1.0),
            _ => return,
        }
        event.prevent_default();
    }

    fn wheel(self: &Rc<Self>, event: &Event) {
        let (Some(wheel), Some(point)) = (event.dyn_ref::<WheelEvent>(), self.on_canvas(event))
        else {
            return;
        };
        event.prevent_default();
        // In pixels, in lines or in pages.
        let unit = match wheel.delta_mode() {
            WheelEvent::DOM_DELTA_PIXEL => 1.0,
            WheelEvent::DOM_DELTA_LINE => 16.0,
            _ => 400.0,
        };
        // Two fingers on a touchpad come as a wheel with the control key, in small steps.
        let strength = if wheel.ctrl_key() { 0.01 } else { 0.002 };
        let steps = clamp(wheel.delta_y() * unit * strength, -1.0, 1.0);
        self.closer(Some(point), (-steps).exp());
    }

    /// Fills the screen, or no longer.
    fn fill(&self) {
        if self.viewer.document.fullscreen_element().is_some() {
            self.viewer.document.exit_fullscreen();
        } else {
            // Where a browser has no such thing, the dialog is as large as its window already.
            let _ = self.dialog.request_fullscreen();
        }
    }

    /// An input of the tools.
    fn tool(&self, name: &str) -> Option<HtmlInputElement> {
        let found = self.dialog.query_selector(&format!("[name={name}]"));
        found.ok()??.dyn_into().ok()
    }

    /// Brightness, contrast and inversion, as the tools say.
    fn light(&self) {
        let part = |name| {
            self.tool(name)
                .map_or(100, |input| input.value_as_number() as u32)
        };
        let invert = self.tool("invert").is_some_and(|input| input.checked());
        let filter = format!(
            "brightness({}%) contrast({}%) invert({})",
            part("brightness"),
            part("contrast"),
            u8::from(invert)
        );
        let _ = self.canvas.style().set_property("filter", &filter);
    }

    fn address(&self) -> String {
        let mut out = address::write(&self.stage.get(), &self.view.get());
        let with = self.with.borrow();
        if !with.is_empty() {
            address::write_pair(&mut out, &with, self.pairing.get());
        }
        out
    }

    /// Says something in the corner of the view.
    fn say(&self, text: &str) {
        if let Ok(Some(output)) = self.dialog.query_selector(".zoom-scale") {
            output.set_text_content(Some(text));
        }
    }

    /// The view stands: its address says so, and how large the image is shown.
    fn arrived(&self) {
        self.layer.tiles.retry_failed();
        if let Some(second) = self.second.borrow().as_ref() {
            second.tiles.retry_failed();
        }
        if let Ok(history) = self.viewer.window.history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&self.address()));
        }
        let lang = Lang::of(&self.viewer.shown().lang);
        let percent = (self.view.get().scale * 100.0).round().max(1.0) as u64;
        let number = words::number(lang, percent);
        self.say(&words::zoom_scale(lang, &number));
    }

    /// How long something is that is seen.
    fn rule(&self) {
        let found = self
            .dpi
            .and_then(|dpi| ruler(dpi, self.view.get().scale, RULER));
        let Some(Ruler { width, length }) = found else {
            return;
        };
        let own = self.dialog.query_selector(".zoom-ruler");
        if let Ok(Some(Ok(own))) = own.map(|own| own.map(Element::dyn_into::<HtmlElement>)) {
            let lang = Lang::of(&self.viewer.shown().lang);
            let number = |unit| words::number(lang, u64::from(length / unit));
            let text = match length {
                0..1_000 => words::length_um(lang, &number(1)),
                1_000..10_000 => words::length_mm(lang, &number(1_000)),
                10_000..1_000_000 => words::length_cm(lang, &number(10_000)),
                _ => words::length_m(lang, &number(1_000_000)),
            };
            let width = format!("{}px", width as u32);
            let _ = own.style().set_property("inline-size", &width);
            own.set_text_content(Some(&text));
        }
    }

    /// Asked for by the reader: the address becomes that of the page again.
    fn close(&self) {
        if self.closed.get() {
            return;
        }
        if let Ok(history) = self.viewer.window.history() {
            if self.pushed {
                // The way back ends in `leave`.
                let _ = history.back();
                return;
            }
            let address = self.viewer.address_of(&self.viewer.shown());
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
        self.leave();
    }

    /// Takes the view from the screen.
    pub fn leave(&self) {
        if self.closed.replace(true) {
            return;
        }
        if let Some(closure) = self.listener.borrow().as_ref() {
            let handle = closure.as_ref().unchecked_ref();
            for name in EVENTS {
                let _ = self
                    .dialog
                    .remove_event_listener_with_callback(name, handle);
            }
            let _ = self
                .viewer
                .window
                .remove_event_listener_with_callback("resize", handle);
        }
        // A picture that is still to be drawn would call what is gone with the view.
        if let Some(awaited) = self.awaited.take() {
            let _ = self.viewer.window.cancel_animation_frame(awaited);
        }
        self.layer.tiles.end();
        if let Some(second) = self.second.take() {
            second.tiles.end();
        }
        self.dialog.close();
        self.dialog.remove();
        self.viewer.forget_zoom();
    }
}

fn turned(stage: Stage) -> Stage {
    Stage {
        turns: (stage.turns + 1) % 4,
        ..stage
    }
}

/// Mirrored as the reader sees it, whichever way it lies.
fn mirrored(stage: Stage) -> Stage {
    Stage {
        turns: (4 - stage.turns % 4) % 4,
        mirrored: !stage.mirrored,
        ..stage
    }
}

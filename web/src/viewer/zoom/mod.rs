//! The dialog of the deep-zoom view. Its geometry is in `crate::zoom`.

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
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, Event, EventTarget, HtmlCanvasElement, HtmlDialogElement, HtmlElement,
    HtmlImageElement, HtmlInputElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent,
};

use super::Viewer;
use super::events::{share_or_copy, toggle_expanded, write_to_clipboard};
use crate::zoom::address;
use crate::zoom::comparison::{Comparison, Panes};
use crate::zoom::motion::Motion;
use crate::zoom::number::clamp;
use crate::zoom::scale_bar::{ScaleBar, scale_bar};
use crate::zoom::tiles::pixel_ratio;
use crate::zoom::viewport::{Camera, Point, Viewport};
use khizana_pages::i18n::{self, Lang};
use khizana_pages::{View, detail_citation};
use layer::Layer;
use pointers::Pointers;
use tools::tools;

/// Factor by which a key or button zooms.
const ZOOM_STEP: f64 = 1.6;
/// Factor by which a double click or double tap zooms.
const DOUBLE_CLICK_ZOOM: f64 = 2.5;
/// Distance by which an arrow key moves the view, as a fraction of the viewport.
const PAN_STEP: f64 = 0.2;
/// Maximum width of the scale bar, in CSS pixels.
const MAX_SCALE_BAR: f64 = 120.0;
/// Width or height of the navigator, whichever is longer, in CSS pixels.
const NAVIGATOR_SIZE: f64 = 160.0;

/// The events of the dialog that are handled.
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
type FrameCallback = Closure<dyn FnMut(f64)>;

/// The open dialog.
pub struct ZoomDialog {
    viewer: Rc<Viewer>,
    dialog: HtmlDialogElement,
    canvas: HtmlCanvasElement,
    /// A small view of the whole image that shows the visible area.
    navigator: HtmlCanvasElement,
    /// The image of the displayed canvas.
    first: Rc<Layer>,
    /// The image with which the first one is compared, once it is loaded.
    second: RefCell<Option<Rc<Layer>>>,
    /// The name of the second canvas in the URL fragment, or empty.
    second_name: RefCell<String>,
    comparison: Cell<Comparison>,
    panes: Cell<Panes>,
    /// The viewport of the first image: one pane of the screen.
    viewport: Cell<Viewport>,
    camera: Cell<Camera>,
    motion: Cell<Option<Motion>>,
    pointers: RefCell<Pointers>,
    /// Pixels per inch of the image, if they are known.
    dpi: Option<u32>,
    /// The identifier of the pending animation frame.
    frame_request: Cell<Option<i32>>,
    /// The time of the last frame, in milliseconds.
    last_frame: Cell<f64>,
    /// `true` if opening the dialog added an entry to the history.
    has_history_entry: bool,
    is_closed: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    on_frame: RefCell<Option<FrameCallback>>,
}

/// Opens the dialog for an image. `image_element` is the element of the image on the page, and
/// `hash` is the URL fragment if it specifies the view. Returns `None` if the browser cannot open
/// the dialog.
pub fn open(
    viewer: &Rc<Viewer>,
    image: &Image,
    image_element: &HtmlImageElement,
    hash: Option<&str>,
) -> Option<Rc<ZoomDialog>> {
    let page = viewer.page();
    let lang = Lang::of(&page.lang);
    let document = &viewer.document;
    let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    dialog.set_class_name("zoom");
    dialog.set_inner_html(&tools(lang));
    let find_canvas = |selector| -> Option<HtmlCanvasElement> {
        dialog.query_selector(selector).ok()??.dyn_into().ok()
    };
    let canvas = find_canvas(".zoom-canvas")?;
    let navigator = find_canvas(".zoom-navigator")?;
    let label = image_element.alt();
    canvas.set_attribute("aria-label", &label).ok()?;
    dialog.set_attribute("aria-label", &label).ok()?;
    document.body()?.append_child(&dialog).ok()?;
    // When the dialog closes, the browser restores the focus. If the URL opened the dialog, no
    // element has the focus yet, so the link of the image receives it.
    if document.active_element()?.tag_name() == "BODY" {
        let link: HtmlElement = image_element.parent_element()?.unchecked_into();
        let _ = link.focus();
    }
    if dialog.show_modal().is_err() {
        dialog.remove();
        return None;
    }
    let viewport = Viewport::new((1.0, 1.0), (image.width, image.height));
    let zoom = Rc::new(ZoomDialog {
        first: Layer::new(&viewer.archive, page.view.route(), image),
        second: RefCell::new(None),
        second_name: RefCell::default(),
        comparison: Cell::new(Comparison::SideBySide),
        panes: Cell::new(Panes::single((1.0, 1.0))),
        viewer: viewer.clone(),
        dialog,
        canvas,
        navigator,
        camera: Cell::new(viewport.fit()),
        viewport: Cell::new(viewport),
        motion: Cell::new(None),
        pointers: RefCell::default(),
        dpi: match &page.view {
            View::Item(view) => view.record.item.dpi,
            _ => None,
        },
        frame_request: Cell::new(None),
        last_frame: Cell::new(0.0),
        has_history_entry: hash.is_none(),
        is_closed: Cell::new(false),
        listener: RefCell::new(None),
        on_frame: RefCell::new(None),
    });
    // The image on the page is the first derivative. It may still be loading.
    let width = image_element.natural_width();
    zoom.first.add_derivative(&zoom, width, image_element);
    zoom.start(hash);
    Some(zoom)
}

impl ZoomDialog {
    fn start(self: &Rc<Self>, hash: Option<&str>) {
        let dialog = Rc::downgrade(self);
        let on_event = move |event: Event| {
            if let Some(dialog) = dialog.upgrade() {
                dialog.handle_event(&event);
            }
        };
        let closure = Listener::new(on_event);
        let handle: &js_sys::Function = closure.as_ref().unchecked_ref();
        for name in EVENTS {
            let _ = self.dialog.add_event_listener_with_callback(name, handle);
        }
        let _ = self
            .viewer
            .window
            .add_event_listener_with_callback("resize", handle);
        self.listener.replace(Some(closure));

        let dialog = Rc::downgrade(self);
        let on_frame = move |now: f64| {
            if let Some(dialog) = dialog.upgrade() {
                dialog.draw_frame(now);
            }
        };
        self.on_frame.replace(Some(FrameCallback::new(on_frame)));
        self.open_tiles(&self.first);
        self.resize();
        let mut viewport = self.viewport.get();
        let camera = hash.and_then(|hash| address::parse(hash, &mut viewport));
        self.viewport.set(viewport);
        self.camera.set(camera.unwrap_or_else(|| viewport.fit()));
        self.resize();
        if self.has_history_entry
            && let Ok(history) = self.viewer.window.history()
        {
            let hash = self.url_fragment();
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&hash));
        }
        self.remember_image();
        if let Some((name, comparison)) = hash.and_then(address::parse_comparison) {
            self.set_comparison(comparison);
            self.compare_with(name.to_owned());
        }
        self.request_content();
        self.request_redraw();
    }

    /// Opens the tiles of an image, and redraws whenever a tile is loaded.
    fn open_tiles(self: &Rc<Self>, layer: &Layer) {
        let dialog = Rc::downgrade(self);
        layer.tiles.open(move || {
            if let Some(dialog) = dialog.upgrade() {
                dialog.request_content();
                dialog.request_redraw();
            }
        });
    }

    /// Adapts the canvases and the viewport to the size of the screen and the rotation of the
    /// image.
    fn resize(&self) {
        let ratio = self.pixel_ratio();
        let resize_canvas = |canvas: &HtmlCanvasElement| {
            let (w, h) = (canvas.client_width(), canvas.client_height());
            canvas.set_width((f64::from(w) * ratio) as u32);
            canvas.set_height((f64::from(h) * ratio) as u32);
            (f64::from(w), f64::from(h))
        };
        let screen = resize_canvas(&self.canvas);
        let panes = self.panes_for((screen.0.max(1.0), screen.1.max(1.0)));
        self.panes.set(panes);
        let viewport = Viewport {
            screen: panes.size,
            ..self.viewport.get()
        };
        self.set_viewport(viewport);
        // The navigator has the aspect ratio of the rotated image.
        let bounds = Viewport {
            screen: (NAVIGATOR_SIZE, NAVIGATOR_SIZE),
            ..viewport
        };
        let scale = bounds.fit().scale;
        let (w, h) = if viewport.quarter_turns.is_multiple_of(2) {
            viewport.image
        } else {
            (viewport.image.1, viewport.image.0)
        };
        let style = self.navigator.style();
        let _ = style.set_property("width", &format!("{}px", (w * scale).ceil() as u32));
        let _ = style.set_property("height", &format!("{}px", (h * scale).ceil() as u32));
        resize_canvas(&self.navigator);
    }

    /// Replaces the viewport. The view stays centred on the same point of the image.
    fn set_viewport(&self, viewport: Viewport) {
        let before = self.viewport.replace(viewport);
        self.camera.set(viewport.adapt(&before, self.camera.get()));
        self.motion.set(None);
    }

    fn pixel_ratio(&self) -> f64 {
        pixel_ratio(self.viewer.window.device_pixel_ratio())
    }

    /// Returns the camera at the end of the animation.
    fn target_camera(&self) -> Camera {
        self.motion
            .get()
            .map_or(self.camera.get(), |motion| motion.target())
    }

    /// Moves the view to a camera, without animation if the reader prefers reduced motion.
    fn animate_to(self: &Rc<Self>, to: Camera) {
        let prefers_reduced_motion = self
            .viewer
            .window
            .match_media("(prefers-reduced-motion: reduce)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches());
        if prefers_reduced_motion {
            self.camera.set(to);
            self.motion.set(None);
            self.settle();
        } else {
            let motion = match self.motion.get() {
                Some(motion) => motion.retarget(to),
                None => Motion::new(self.camera.get(), to),
            };
            self.motion.set(Some(motion));
        }
        self.request_content();
        self.request_redraw();
    }

    /// Moves the view to the end of the animation at once.
    ///
    /// The URL and the status describe the view only when the animation ends: a link that is copied before
    /// would open another view, and the end of the animation would overwrite the message about the copy.
    fn finish_animation(self: &Rc<Self>) {
        let to = self.target_camera();
        if self.motion.take().is_some() {
            self.camera.set(to);
            self.settle();
            self.request_content();
            self.request_redraw();
        }
    }

    /// Zooms by a factor about a point, which defaults to the centre of the viewport.
    fn zoom_by(self: &Rc<Self>, point: Option<Point>, factor: f64) {
        let viewport = self.viewport.get();
        let point = point.unwrap_or((viewport.screen.0 / 2.0, viewport.screen.1 / 2.0));
        self.animate_to(viewport.zoom_by(&self.target_camera(), point, factor));
    }

    /// Moves the image by one step. `x` and `y` are -1, 0 or 1.
    fn pan(self: &Rc<Self>, x: f64, y: f64) {
        let viewport = self.viewport.get();
        let (w, h) = viewport.screen;
        let by = (w * PAN_STEP * x, h * PAN_STEP * y);
        self.animate_to(viewport.pan_by(&self.target_camera(), by));
    }

    /// Changes the rotation of the image.
    fn set_rotation(self: &Rc<Self>, viewport: Viewport) {
        self.set_viewport(viewport);
        self.resize();
        self.settle();
        self.request_content();
        self.request_redraw();
    }

    fn handle_event(self: &Rc<Self>, event: &Event) {
        let kind = event.type_();
        match kind.as_str() {
            "click" => self.on_click(event),
            "dblclick" => {
                if let Some(point) = self.pane_point(event) {
                    self.zoom_by(Some(point), DOUBLE_CLICK_ZOOM);
                }
            }
            "wheel" => self.on_wheel(event),
            "keydown" => self.on_keydown(event),
            "input" => self.on_input(event),
            "resize" | "fullscreenchange" => {
                self.resize();
                self.request_content();
                self.request_redraw();
            }
            "cancel" => {
                event.prevent_default();
                self.close();
            }
            "close" => self.close(),
            _ => {
                if let Some(pointer) = event.dyn_ref::<PointerEvent>() {
                    self.on_pointer(pointer, &kind);
                }
            }
        }
    }

    /// Returns the position of a mouse event in its pane. Returns `None` if the event is not on the
    /// canvas.
    fn pane_point(&self, event: &Event) -> Option<Point> {
        let mouse = event.dyn_ref::<MouseEvent>()?;
        let target = event.target()?;
        let canvas: &EventTarget = self.canvas.as_ref();
        let point = (f64::from(mouse.offset_x()), f64::from(mouse.offset_y()));
        let (x, y) = self.panes.get().corner_at(point);
        (target == *canvas).then_some((point.0 - x, point.1 - y))
    }

    fn on_click(self: &Rc<Self>, event: &Event) {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some(target) = target else {
            return;
        };
        let button = target.closest("[data-zoom]").ok().flatten();
        if let Some(button) = button {
            self.run_action(&button);
        }
    }

    fn run_action(self: &Rc<Self>, button: &Element) {
        let viewport = self.viewport.get();
        match button.get_attribute("data-zoom").as_deref() {
            Some("in") => self.zoom_by(None, ZOOM_STEP),
            Some("out") => self.zoom_by(None, 1.0 / ZOOM_STEP),
            Some("whole") => self.animate_to(viewport.fit()),
            Some("turn") => self.set_rotation(rotated(viewport)),
            Some("mirror") => self.set_rotation(flipped(viewport)),
            Some("full") => self.toggle_full_screen(),
            Some(panel @ ("light" | "pair")) => self.toggle_panel(panel),
            Some("share") => self.share(),
            Some("cite") => self.copy_citation(),
            Some("close") => self.close(),
            _ => {}
        }
    }

    /// Shares the URL of the visible area, or copies it if the browser cannot share.
    fn share(self: &Rc<Self>) {
        self.finish_animation();
        let zoom = self.clone();
        spawn_local(async move {
            if share_or_copy(&zoom.viewer).await {
                let lang = Lang::of(&zoom.viewer.page().lang);
                zoom.set_status(i18n::copied(lang));
            }
        });
    }

    /// Copies a citation of the visible area. If the browser provides no clipboard, displays the citation.
    fn copy_citation(self: &Rc<Self>) {
        self.finish_animation();
        let (_, (width, height)) = self.viewport.get().visible_area(&self.camera.get());
        let (whole_width, whole_height) = self.viewport.get().image;
        let is_detail = width < whole_width || height < whole_height;
        let props = self.viewer.props.borrow().clone();
        let url = self.viewer.window.location().href().ok();
        let Some(citation) = detail_citation(&props, url, is_detail) else {
            return;
        };
        let zoom = self.clone();
        spawn_local(async move {
            let lang = Lang::of(&zoom.viewer.page().lang);
            let is_copied = write_to_clipboard(&zoom.viewer, &citation).await;
            zoom.set_status(if is_copied {
                i18n::copied(lang)
            } else {
                &citation
            });
        });
    }

    /// Opens the panel for the comparison with a second image.
    pub(crate) fn open_comparison(&self) {
        self.toggle_panel("pair");
        if let Ok(Some(menu)) = self.dialog.query_selector("[name=with]")
            && let Ok(menu) = menu.dyn_into::<HtmlElement>()
        {
            let _ = menu.focus();
        }
    }

    /// Toggles a panel. At most one panel is open, because they have the same position.
    fn toggle_panel(&self, name: &str) {
        for panel_name in ["light", "pair"] {
            let find = |attribute: &str| {
                let selector = format!("[data-{attribute}={panel_name}]");
                self.dialog.query_selector(&selector).ok().flatten()
            };
            let (Some(button), Some(panel)) = (find("zoom"), find("panel")) else {
                continue;
            };
            if panel_name == name || !panel.has_attribute("hidden") {
                toggle_expanded(&button);
                let _ = panel.toggle_attribute("hidden");
                // The menu is filled on demand, because a book may have a thousand pages.
                if panel_name == "pair" && !panel.has_attribute("hidden") {
                    self.fill_menu();
                }
            }
        }
    }

    fn on_input(self: &Rc<Self>, event: &Event) {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        if let Some(element) = target {
            match element.closest("[data-panel=pair]") {
                Ok(Some(_)) => self.on_comparison_input(&element),
                _ => self.update_filter(),
            }
        }
    }

    fn on_keydown(self: &Rc<Self>, event: &Event) {
        let Some(key_event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let is_on_input = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| target.closest("input,select").ok().flatten().is_some());
        if key_event.ctrl_key() || key_event.meta_key() || key_event.alt_key() || is_on_input {
            return;
        }
        let viewport = self.viewport.get();
        // On keyboards for other scripts, keys are identified by their position.
        let mut key = key_event.key();
        if !key.is_ascii() {
            key = key_event.code();
        }
        match key.as_str() {
            "+" | "=" => self.zoom_by(None, ZOOM_STEP),
            "-" | "_" => self.zoom_by(None, 1.0 / ZOOM_STEP),
            "0" | "Digit0" | "Numpad0" => self.animate_to(viewport.fit()),
            "r" | "R" | "KeyR" => self.set_rotation(rotated(viewport)),
            "m" | "M" | "KeyM" => self.set_rotation(flipped(viewport)),
            "f" | "F" | "KeyF" => self.toggle_full_screen(),
            "ArrowLeft" => self.pan(1.0, 0.0),
            "ArrowRight" => self.pan(-1.0, 0.0),
            "ArrowUp" => self.pan(0.0, 1.0),
            "ArrowDown" => self.pan(0.0, -1.0),
            _ => return,
        }
        event.prevent_default();
    }

    fn on_wheel(self: &Rc<Self>, event: &Event) {
        let (Some(wheel), Some(point)) = (event.dyn_ref::<WheelEvent>(), self.pane_point(event))
        else {
            return;
        };
        event.prevent_default();
        // Pixels per unit of the delta, which is a pixel, a line or a page.
        let unit = match wheel.delta_mode() {
            WheelEvent::DOM_DELTA_PIXEL => 1.0,
            WheelEvent::DOM_DELTA_LINE => 16.0,
            _ => 400.0,
        };
        // Browsers report a pinch on a touchpad as a wheel event with the control key and small
        // deltas.
        let strength = if wheel.ctrl_key() { 0.01 } else { 0.002 };
        let steps = clamp(wheel.delta_y() * unit * strength, -1.0, 1.0);
        self.zoom_by(Some(point), (-steps).exp());
    }

    fn toggle_full_screen(&self) {
        if self.viewer.document.fullscreen_element().is_some() {
            self.viewer.document.exit_fullscreen();
        } else {
            // A browser that does not support full screen keeps the dialog at the size of the
            // window.
            let _ = self.dialog.request_fullscreen();
        }
    }

    /// Returns the input with this name in the panels.
    fn input(&self, name: &str) -> Option<HtmlInputElement> {
        let element = self.dialog.query_selector(&format!("[name={name}]"));
        element.ok()??.dyn_into().ok()
    }

    /// Applies brightness, contrast and inversion from the inputs.
    fn update_filter(&self) {
        let percent = |name| {
            self.input(name)
                .map_or(100, |input| input.value_as_number() as u32)
        };
        let is_inverted = self.input("invert").is_some_and(|input| input.checked());
        let filter = format!(
            "brightness({}%) contrast({}%) invert({})",
            percent("brightness"),
            percent("contrast"),
            u8::from(is_inverted)
        );
        let _ = self.canvas.style().set_property("filter", &filter);
    }

    /// Returns the URL fragment that describes the current view.
    fn url_fragment(&self) -> String {
        let mut out = address::format(&self.viewport.get(), &self.camera.get());
        let second_name = self.second_name.borrow();
        if !second_name.is_empty() {
            address::push_comparison(&mut out, &second_name, self.comparison.get());
        }
        out
    }

    /// Sets the text of the status in the corner.
    fn set_status(&self, text: &str) {
        if let Ok(Some(output)) = self.dialog.query_selector(".zoom-scale") {
            output.set_text_content(Some(text));
        }
    }

    /// Updates the URL and the displayed scale at the end of a movement, and retries failed tiles.
    fn settle(&self) {
        self.first.tiles.retry_failed();
        if let Some(second) = self.second.borrow().as_ref() {
            second.tiles.retry_failed();
        }
        if let Ok(history) = self.viewer.window.history() {
            let fragment = self.url_fragment();
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment));
        }
        let lang = Lang::of(&self.viewer.page().lang);
        let percent = (self.camera.get().scale * 100.0).round().max(1.0) as u64;
        let number = i18n::number(lang, percent);
        self.set_status(&i18n::zoom_scale(lang, &number));
    }

    fn update_scale_bar(&self) {
        let bar = self
            .dpi
            .and_then(|dpi| scale_bar(dpi, self.camera.get().scale, MAX_SCALE_BAR));
        let Some(ScaleBar { width, length }) = bar else {
            return;
        };
        let element = self.dialog.query_selector(".zoom-ruler");
        let element = element.map(|element| element.map(Element::dyn_into::<HtmlElement>));
        if let Ok(Some(Ok(element))) = element {
            let lang = Lang::of(&self.viewer.page().lang);
            let number = |unit| i18n::number(lang, u64::from(length / unit));
            let text = match length {
                0..1_000 => i18n::length_um(lang, &number(1)),
                1_000..10_000 => i18n::length_mm(lang, &number(1_000)),
                10_000..1_000_000 => i18n::length_cm(lang, &number(10_000)),
                _ => i18n::length_m(lang, &number(1_000_000)),
            };
            let width = format!("{}px", width as u32);
            let _ = element.style().set_property("inline-size", &width);
            element.set_text_content(Some(&text));
        }
    }

    /// Closes the dialog at the request of the reader, and restores the URL of the page.
    fn close(&self) {
        if self.is_closed.get() {
            return;
        }
        if let Ok(history) = self.viewer.window.history() {
            if self.has_history_entry {
                // The viewer calls `remove` on `popstate`.
                let _ = history.back();
                return;
            }
            let url = self.viewer.url_of(&self.viewer.page());
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
        }
        self.remove();
    }

    /// Removes the dialog from the page.
    pub fn remove(&self) {
        if self.is_closed.replace(true) {
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
        // The callback of a pending frame is dropped together with the dialog.
        if let Some(request) = self.frame_request.take() {
            let _ = self.viewer.window.cancel_animation_frame(request);
        }
        self.first.tiles.close();
        if let Some(second) = self.second.take() {
            second.tiles.close();
        }
        self.dialog.close();
        self.dialog.remove();
        self.viewer.release_zoom();
    }
}

/// Returns the viewport with the image rotated clockwise by a quarter turn.
fn rotated(viewport: Viewport) -> Viewport {
    Viewport {
        quarter_turns: (viewport.quarter_turns + 1) % 4,
        ..viewport
    }
}

/// Returns the viewport with the image flipped horizontally on the screen, whatever its rotation.
fn flipped(viewport: Viewport) -> Viewport {
    Viewport {
        quarter_turns: (4 - viewport.quarter_turns % 4) % 4,
        is_mirrored: !viewport.is_mirrored,
        ..viewport
    }
}

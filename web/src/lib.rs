//! The viewer: a Yew app, rendered natively into pages and hydrated in the browser.

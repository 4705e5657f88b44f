//! Hidden inputs that keep a query when a form is submitted without the viewer.

use yew::Html;

use super::super::el::{el, nodes};
use crate::query::BrowseQuery;

pub fn hidden_inputs(query: &BrowseQuery) -> Html {
    let query = query.to_query();
    nodes(
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
            el("input")
                .attr("type", "hidden")
                .attr("name", &*name)
                .attr("value", &*value)
        }),
    )
}

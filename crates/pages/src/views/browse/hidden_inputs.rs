//! Hidden inputs that keep a query when a form is submitted without the viewer.

use yew::Html;

use super::super::el::{IntoHtml, el, fragment};
use crate::query::BrowseQuery;

pub fn hidden_inputs(query: &BrowseQuery) -> Html {
    let query = query.to_query();
    let mut inputs = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let input = el("input")
            .attr("type", "hidden")
            .attr("name", &*name)
            .attr("value", &*value);
        inputs.push(input.into_html());
    }
    fragment(inputs)
}

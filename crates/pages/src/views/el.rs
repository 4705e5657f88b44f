//! A builder for HTML elements.
//!
//! Yew's macro `html!` expands to code that constructs each element in place, which is three times
//! as much code. The views have about two hundred elements, so that this code would account for a
//! ninth of the viewer. The builder and the macro produce the same HTML, and the result of `html!`
//! can be passed to [`El::with`].

use std::rc::Rc;

use khizana_model::LangTag;
use yew::virtual_dom::{Key, VList, VTag, VText};
use yew::{AttrValue, Html};

/// A builder for an HTML element.
pub struct El(Box<VTag>);

/// Returns an element without attributes or children.
pub fn el(tag: &'static str) -> El {
    El(Box::new(VTag::new(tag)))
}

impl El {
    /// Adds an attribute. Does nothing if the value is `None`.
    pub fn attr(mut self, name: &'static str, value: impl IntoAttr) -> El {
        self.put(name, value.into_attr());
        self
    }

    /// Adds a boolean attribute.
    pub fn flag(self, name: &'static str) -> El {
        self.attr(name, name)
    }

    pub fn class(self, class: impl IntoAttr) -> El {
        self.attr("class", class)
    }

    pub fn id(self, id: impl IntoAttr) -> El {
        self.attr("id", id)
    }

    pub fn href(self, href: AttrValue) -> El {
        self.attr("href", href)
    }

    /// Adds the attributes `lang` and `dir` for the text `text` in the language `tag`. Omits `lang`
    /// if the language is unknown. If the direction is unknown, `dir` is `auto`.
    pub fn lang_attrs(mut self, tag: &LangTag, text: &str) -> El {
        if !tag.is_und() {
            self.put("lang", tag.as_str().into_attr());
        }
        self.attr(
            "dir",
            tag.direction_of(text).map_or("auto", |dir| dir.as_str()),
        )
    }

    /// Sets the key, which identifies the element among its siblings when they change.
    pub fn key(mut self, key: impl Into<Key>) -> El {
        self.0.key = Some(key.into());
        self
    }

    /// Sets the value of an input element.
    pub fn value(mut self, value: Option<&str>) -> El {
        self.0.set_value(value.map(str::to_owned));
        self
    }

    /// Adds a child. If the child is `None`, adds an empty node, so that the positions of the
    /// siblings do not change.
    pub fn with(mut self, child: impl IntoHtml) -> El {
        self.add(child.into_html());
        self
    }

    #[inline(never)]
    fn put(&mut self, name: &'static str, value: Option<AttrValue>) {
        if let Some(value) = value {
            self.0.add_attribute(name, value);
        }
    }

    #[inline(never)]
    fn add(&mut self, child: Html) {
        self.0.add_child(child);
    }
}

/// Returns a fragment of nodes.
pub fn fragment(nodes: Vec<Html>) -> Html {
    Html::VList(Rc::new(VList::from(nodes)))
}

/// Returns a fragment with a node for each item.
pub fn nodes<T: IntoHtml>(items: impl IntoIterator<Item = T>) -> Html {
    fragment(items.into_iter().map(IntoHtml::into_html).collect())
}

/// A type that converts to the value of an attribute.
pub trait IntoAttr {
    /// Returns the value, or `None` to omit the attribute.
    fn into_attr(self) -> Option<AttrValue>;
}

impl IntoAttr for &str {
    fn into_attr(self) -> Option<AttrValue> {
        Some(AttrValue::Rc(self.into()))
    }
}

impl IntoAttr for String {
    fn into_attr(self) -> Option<AttrValue> {
        self.as_str().into_attr()
    }
}

impl IntoAttr for &String {
    fn into_attr(self) -> Option<AttrValue> {
        self.as_str().into_attr()
    }
}

impl IntoAttr for AttrValue {
    fn into_attr(self) -> Option<AttrValue> {
        Some(self)
    }
}

impl IntoAttr for u32 {
    fn into_attr(self) -> Option<AttrValue> {
        self.to_string().into_attr()
    }
}

impl<T: IntoAttr> IntoAttr for Option<T> {
    fn into_attr(self) -> Option<AttrValue> {
        self.and_then(IntoAttr::into_attr)
    }
}

/// A type that converts to a child of an element.
pub trait IntoHtml {
    /// Returns the HTML node.
    fn into_html(self) -> Html;
}

impl IntoHtml for Html {
    fn into_html(self) -> Html {
        self
    }
}

impl IntoHtml for El {
    #[inline(never)]
    fn into_html(self) -> Html {
        Html::VTag(Rc::new(*self.0))
    }
}

impl IntoHtml for &str {
    #[inline(never)]
    fn into_html(self) -> Html {
        Html::VText(VText::new(AttrValue::Rc(self.into())))
    }
}

impl IntoHtml for String {
    fn into_html(self) -> Html {
        self.as_str().into_html()
    }
}

impl IntoHtml for &String {
    fn into_html(self) -> Html {
        self.as_str().into_html()
    }
}

impl<T: IntoHtml> IntoHtml for Option<T> {
    fn into_html(self) -> Html {
        self.map(IntoHtml::into_html).unwrap_or_default()
    }
}

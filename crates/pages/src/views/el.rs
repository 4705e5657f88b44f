//! Elements, put together call by call.
//!
//! Yew's `html!` writes each element out where it stands, three times as much code: for the some
//! two hundred elements of the views that is a ninth of the whole viewer. What comes out is the same.

use std::rc::Rc;

use khizana_model::LangTag;
use yew::virtual_dom::{Key, VList, VTag, VText};
use yew::{AttrValue, Html};

/// An element that is being put together.
pub struct El(Box<VTag>);

/// An element without attributes and children.
pub fn el(tag: &'static str) -> El {
    El(Box::new(VTag::new(tag)))
}

impl El {
    /// Adds an attribute; none where there is no value.
    pub fn attr(mut self, name: &'static str, value: impl IntoAttr) -> El {
        self.put(name, value.into_attr());
        self
    }

    /// Adds an attribute that says something by being there.
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

    /// Says in which language and direction `text`, of the language `tag`, is written. An unknown
    /// language is not said; an unknown direction is left to the browser.
    pub fn tongue(mut self, tag: &LangTag, text: &str) -> El {
        if !tag.is_und() {
            self.put("lang", tag.as_str().into_attr());
        }
        self.attr(
            "dir",
            tag.direction_of(text).map_or("auto", |dir| dir.as_str()),
        )
    }

    /// What tells the element from its neighbours when they change.
    pub fn key(mut self, key: impl Into<Key>) -> El {
        self.0.key = Some(key.into());
        self
    }

    /// What stands in an input.
    pub fn value(mut self, value: Option<&str>) -> El {
        self.0.set_value(value.map(str::to_owned));
        self
    }

    /// Adds a child. One that is not there keeps its place, so that its neighbours are not taken for
    /// one another.
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

/// Several nodes where one is wanted.
pub fn all(nodes: Vec<Html>) -> Html {
    Html::VList(Rc::new(VList::from(nodes)))
}

/// One node for each of several things.
pub fn each<T: IntoHtml>(things: impl IntoIterator<Item = T>) -> Html {
    all(things.into_iter().map(IntoHtml::into_html).collect())
}

/// What can be the value of an attribute.
pub trait IntoAttr {
    /// The value; `None` where the attribute is left out.
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

/// What can be a child of an element.
pub trait IntoHtml {
    /// The node.
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

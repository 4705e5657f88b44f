//! Generates a Rust function for each message of the Fluent files in `i18n/`, so that the viewer
//! needs no parser for Fluent.
//!
//! The generator supports text, variables, `NUMBER($variable)` and plural selectors. The build
//! fails if a file uses any other syntax, or if the languages have different messages or variables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use khizana_model::INTERFACE_LANGUAGES;

/// Returns the plural categories of a language according to the CLDR.
fn plural_categories(language: &str) -> Option<&'static [&'static str]> {
    match language {
        "ar" => Some(&["zero", "one", "two", "few", "many", "other"]),
        "en" | "fr" => Some(&["one", "other"]),
        _ => None,
    }
}

/// The variables of a message, by name. The value is `true` if the variable is a number.
type Variables = BTreeMap<String, bool>;

fn main() {
    println!("cargo::rerun-if-changed=i18n");
    if let Err(problem) = generate() {
        println!("cargo::error={problem}");
        process::exit(1);
    }
}

fn generate() -> Result<(), String> {
    let mut languages = Vec::new();
    for code in INTERFACE_LANGUAGES {
        let categories =
            plural_categories(code).ok_or_else(|| format!("{code}: unknown plural categories"))?;
        let variant = capitalize(code);
        let path = format!("i18n/{code}.ftl");
        let source = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let messages =
            parse(&source, categories).map_err(|problem| format!("{path}: {problem}"))?;
        languages.push((path, variant, messages));
    }
    let Some((_, _, first)) = languages.first() else {
        return Ok(());
    };
    let keys: BTreeSet<&String> = languages
        .iter()
        .flat_map(|(_, _, messages)| messages.keys())
        .collect();
    let mut out = String::new();
    for key in keys {
        let mut variables = Variables::new();
        for (path, _, messages) in &languages {
            let message = messages
                .get(key)
                .ok_or_else(|| format!("{path}: missing message `{key}`"))?;
            for (name, is_number) in &message.variables {
                *variables.entry(name.clone()).or_default() |= is_number;
            }
        }
        for (path, _, messages) in &languages {
            let has_all = messages
                .get(key)
                .is_some_and(|message| message.variables.keys().eq(variables.keys()));
            if !has_all {
                return Err(format!(
                    "{path}: the variables of `{key}` differ from those of another language"
                ));
            }
        }
        let doc = first.get(key).map_or("", |message| message.text.as_str());
        write_function(&mut out, key, doc, &variables, &languages);
    }
    let directory = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&directory).join("messages.rs"), out).map_err(|error| error.to_string())
}

/// Returns the name of an enum variant, for example `Ar` for `ar`.
fn capitalize(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn write_function(
    out: &mut String,
    key: &str,
    doc: &str,
    variables: &Variables,
    languages: &[(String, String, BTreeMap<String, Message>)],
) {
    let name = key.replace('-', "_");
    let _ = writeln!(out, "/// {}", doc.replace('\n', " "));
    if variables.is_empty() {
        let _ = writeln!(
            out,
            "pub fn {name}(lang: Lang) -> &'static str {{ match lang {{"
        );
        for (_, variant, messages) in languages {
            let text = messages
                .get(key)
                .map_or("", |message| message.text.as_str());
            let _ = writeln!(out, "Lang::{variant} => {text:?},");
        }
        let _ = writeln!(out, "}} }}");
        return;
    }
    let _ = write!(out, "pub fn {name}(lang: Lang");
    for (variable, is_number) in variables {
        let kind = if *is_number { "u64" } else { "&str" };
        let _ = write!(out, ", {variable}: {kind}");
    }
    let _ = writeln!(
        out,
        ") -> String {{ let mut s = String::new(); match lang {{"
    );
    for (_, variant, messages) in languages {
        let code = messages
            .get(key)
            .map_or("", |message| message.code.as_str());
        let _ = writeln!(out, "Lang::{variant} => {{ {code} }}");
    }
    let _ = writeln!(out, "}} s }}");
}

/// A parsed message.
#[derive(Default)]
struct Message {
    /// The text, with the names of variables in backticks.
    text: String,
    /// Rust code that appends the message to `s`.
    code: String,
    variables: Variables,
}

fn parse(source: &str, categories: &[&str]) -> Result<BTreeMap<String, Message>, String> {
    let resource = fluent_syntax::parser::parse(source)
        .map_err(|(_, errors)| format!("{} parse errors: {errors:?}", errors.len()))?;
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            other => {
                return Err(format!(
                    "unsupported entry, expected a message or a comment: {other:?}"
                ));
            }
        };
        let key = message.id.name.to_owned();
        let Some(value) = message.value.filter(|_| message.attributes.is_empty()) else {
            return Err(format!("`{key}` must have a value and no attributes"));
        };
        let mut message = Message::default();
        add_pattern(&value, categories, &mut message)
            .map_err(|problem| format!("`{key}`: {problem}"))?;
        if messages.insert(key.clone(), message).is_some() {
            return Err(format!("duplicate message `{key}`"));
        }
    }
    Ok(messages)
}

/// Appends the text and the code of a pattern to a message.
fn add_pattern(
    pattern: &Pattern<&str>,
    categories: &[&str],
    out: &mut Message,
) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                out.text.push_str(value);
                let mut chars = value.chars();
                let _ = match (chars.next(), chars.next()) {
                    (Some(c), None) => write!(out.code, "s.push({c:?});"),
                    _ => write!(out.code, "s.push_str({value:?});"),
                };
            }
            PatternElement::Placeable {
                expression: Expression::Inline(inline),
            } => {
                let (name, is_number) = variable(inline)?;
                let _ = write!(out.text, "`{name}`");
                *out.variables.entry(name.clone()).or_default() |= is_number;
                let code = if is_number {
                    format!("push_number(&mut s, lang, {name});")
                } else {
                    format!("s.push_str({name});")
                };
                out.code.push_str(&code);
            }
            PatternElement::Placeable {
                expression: Expression::Select { selector, variants },
            } => {
                let (name, _) = variable(selector)?;
                out.variables.insert(name.clone(), true);
                let _ = write!(out.code, "match plural(lang, {name}) {{");
                let mut seen = BTreeSet::new();
                for variant in variants {
                    let VariantKey::Identifier { name: category } = &variant.key else {
                        return Err("the key of a variant must be a plural category".to_owned());
                    };
                    if !categories.contains(category) || variant.default != (*category == "other") {
                        return Err(format!(
                            "`{category}` is not a plural category of this language, or `other` is not the default"
                        ));
                    }
                    seen.insert(*category);
                    let arm = if variant.default {
                        "_".to_owned()
                    } else {
                        format!("Plural::{}", capitalize(category))
                    };
                    let _ = write!(out.code, "{arm} => {{");
                    out.text.push_str(" | ");
                    add_pattern(&variant.value, categories, out)?;
                    out.code.push('}');
                }
                if seen.len() != categories.len() {
                    return Err(format!("the plural categories must be {categories:?}"));
                }
                out.code.push('}');
            }
        }
    }
    Ok(())
}

/// Returns the name of the variable of a placeable. The second value is `true` if the variable is
/// formatted as a number.
fn variable(inline: &InlineExpression<&str>) -> Result<(String, bool), String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok((id.name.to_owned(), false)),
        InlineExpression::FunctionReference { id, arguments }
            if id.name == "NUMBER" && arguments.named.is_empty() =>
        {
            match arguments.positional.as_slice() {
                [InlineExpression::VariableReference { id }] => Ok((id.name.to_owned(), true)),
                _ => Err("NUMBER requires one variable".to_owned()),
            }
        }
        other => Err(format!(
            "unsupported expression, expected a variable or NUMBER($variable): {other:?}"
        )),
    }
}

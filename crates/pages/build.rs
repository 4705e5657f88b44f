//! Turns the Fluent files of `i18n/` into Rust: one function a message, so that the viewer carries
//! no parser and no interpreter. Of Fluent it takes text, variables, `NUMBER($variable)` and
//! plural selectors; anything else, and any difference between the languages, ends the build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use khizana_model::INTERFACE_LANGUAGES;

/// The plural categories that a language of the interface distinguishes (CLDR).
fn plural_categories(language: &str) -> Option<&'static [&'static str]> {
    match language {
        "ar" => Some(&["zero", "one", "two", "few", "many", "other"]),
        "en" | "fr" => Some(&["one", "other"]),
        _ => None,
    }
}

/// The variables of a message, each with whether it is a number.
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
        let categories = plural_categories(code)
            .ok_or_else(|| format!("{code}: the plural categories are not known"))?;
        let variant = capitalize(code);
        let path = format!("i18n/{code}.ftl");
        let source = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let messages = read(&source, categories).map_err(|problem| format!("{path}: {problem}"))?;
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
                .ok_or_else(|| format!("{path}: `{key}` is missing"))?;
            for (name, number) in &message.variables {
                *variables.entry(name.clone()).or_default() |= number;
            }
        }
        for (path, _, messages) in &languages {
            let own = messages
                .get(key)
                .map(|message| message.variables.keys().collect::<Vec<_>>());
            if own.is_some_and(|own| !own.into_iter().eq(variables.keys())) {
                return Err(format!(
                    "{path}: `{key}` has other variables than in the other languages"
                ));
            }
        }
        let shown = first.get(key).map_or("", |message| message.shown.as_str());
        function(&mut out, key, shown, &variables, &languages);
    }
    let directory = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&directory).join("words.rs"), out).map_err(|error| error.to_string())
}

/// `ar` to `Ar`: the name of a variant.
fn capitalize(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn function(
    out: &mut String,
    key: &str,
    shown: &str,
    variables: &Variables,
    languages: &[(String, String, BTreeMap<String, Message>)],
) {
    let name = key.replace('-', "_");
    let _ = writeln!(out, "/// {}", shown.replace('\n', " "));
    if variables.is_empty() {
        let _ = writeln!(
            out,
            "pub fn {name}(lang: Lang) -> &'static str {{ match lang {{"
        );
        for (_, variant, messages) in languages {
            let text = messages
                .get(key)
                .map_or("", |message| message.shown.as_str());
            let _ = writeln!(out, "Lang::{variant} => {text:?},");
        }
        let _ = writeln!(out, "}} }}");
        return;
    }
    let _ = write!(out, "pub fn {name}(lang: Lang");
    for (variable, number) in variables {
        let _ = write!(
            out,
            ", {variable}: {}",
            if *number { "u64" } else { "&str" }
        );
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

/// A message: its text where it is plain, the Rust that writes it into `s`, and its variables.
#[derive(Default)]
struct Message {
    shown: String,
    code: String,
    variables: Variables,
}

fn read(source: &str, categories: &[&str]) -> Result<BTreeMap<String, Message>, String> {
    let resource = fluent_syntax::parser::parse(source)
        .map_err(|(_, errors)| format!("{} parse errors: {errors:?}", errors.len()))?;
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            other => {
                return Err(format!(
                    "only messages and comments are understood, not {other:?}"
                ));
            }
        };
        let key = message.id.name.to_owned();
        let Some(value) = message.value.filter(|_| message.attributes.is_empty()) else {
            return Err(format!("`{key}` must have a value and no attributes"));
        };
        let mut made = Message::default();
        pattern(&value, categories, &mut made).map_err(|problem| format!("`{key}`: {problem}"))?;
        if messages.insert(key.clone(), made).is_some() {
            return Err(format!("`{key}` is there twice"));
        }
    }
    Ok(messages)
}

fn pattern(pattern: &Pattern<&str>, categories: &[&str], out: &mut Message) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                out.shown.push_str(value);
                let mut chars = value.chars();
                let _ = match (chars.next(), chars.next()) {
                    (Some(only), None) => write!(out.code, "s.push({only:?});"),
                    _ => write!(out.code, "s.push_str({value:?});"),
                };
            }
            PatternElement::Placeable {
                expression: Expression::Inline(inline),
            } => {
                let (name, number) = variable(inline)?;
                let _ = write!(out.shown, "`{name}`");
                *out.variables.entry(name.clone()).or_default() |= number;
                let code = if number {
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
                        return Err("only plural categories are understood as variants".to_owned());
                    };
                    if !categories.contains(category) || variant.default != (*category == "other") {
                        return Err(format!(
                            "`{category}` is no plural category of this language, or `other` is not the default"
                        ));
                    }
                    seen.insert(*category);
                    let arm = if variant.default {
                        "_".to_owned()
                    } else {
                        format!("Plural::{}", capitalize(category))
                    };
                    let _ = write!(out.code, "{arm} => {{");
                    pattern_of(&variant.value, categories, out)?;
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

fn pattern_of(value: &Pattern<&str>, categories: &[&str], out: &mut Message) -> Result<(), String> {
    out.shown.push_str(" | ");
    pattern(value, categories, out)
}

/// The variable of a placeable, and whether it is written as a number.
fn variable(inline: &InlineExpression<&str>) -> Result<(String, bool), String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok((id.name.to_owned(), false)),
        InlineExpression::FunctionReference { id, arguments }
            if id.name == "NUMBER" && arguments.named.is_empty() =>
        {
            match arguments.positional.as_slice() {
                [InlineExpression::VariableReference { id }] => Ok((id.name.to_owned(), true)),
                _ => Err("NUMBER takes one variable".to_owned()),
            }
        }
        other => Err(format!(
            "only variables and NUMBER($variable) are understood, not {other:?}"
        )),
    }
}

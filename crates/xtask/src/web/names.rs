//! Short names for what the viewer imports from its script.
//!
//! wasm-bindgen gives each a name with a hash in it, once in the module and once in the script: two hundred
//! names of some forty letters. Nobody else calls by them.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ImportSection, Module};
use wasmparser::{ImportSectionReader, Parser, Payload};

use super::split::{SplitError, short};

/// A module and its script, by the short names.
pub struct Shortened {
    pub wasm: Vec<u8>,
    pub script: String,
}

/// Renames the imports of a module in it and in its script.
pub fn shorten(wasm: &[u8], script: &str) -> Result<Shortened, SplitError> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let name = import?.name;
                let next = names.len();
                names.entry(name.to_owned()).or_insert_with(|| short(next));
            }
        }
    }
    let mut module = Module::new();
    let mut renamer = Renamer(&names);
    renamer.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(Shortened {
        wasm: module.finish(),
        script: renamed(script, &names),
    })
}

struct Renamer<'a>(&'a BTreeMap<String, String>);

impl Reencode for Renamer<'_> {
    type Error = SplitError;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.0.get(import.name);
            let entity = self.entity_type(import.ty)?;
            imports.import(
                import.module,
                name.map_or(import.name, String::as_str),
                entity,
            );
        }
        Ok(())
    }
}

/// A script in which whole words are others.
fn renamed(script: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    while !rest.is_empty() {
        let word = rest.find(|letter| !in_word(letter)).unwrap_or(rest.len());
        let (own, after) = rest.split_at(word);
        out.push_str(names.get(own).map_or(own, String::as_str));
        let gap = after.find(in_word).unwrap_or(after.len());
        let (between, next) = after.split_at(gap);
        out.push_str(between);
        rest = next;
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::split::tests::{GATED, parse};
    use super::*;

    #[test]
    fn imports_have_short_names_in_the_module_and_in_the_script() {
        let script = "x={__wbg_say_0123:f,__wbg_say_01234:g};// __wbg_say_0123";
        let shortened = shorten(&parse(GATED), script).unwrap();
        assert_eq!(shortened.script, "x={_0:f,__wbg_say_01234:g};// _0");
        wasmparser::Validator::new()
            .validate_all(&shortened.wasm)
            .unwrap();
        let found = String::from_utf8_lossy(&shortened.wasm).contains("__wbg_say_0123");
        assert!(!found);
    }
}

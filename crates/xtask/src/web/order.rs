//! The order of a module's functions: those that are alike stand beside each other.
//!
//! A function is called by its number, so their order is free. brotli writes what it has seen before in fewer
//! bytes the nearer it is. How alike two functions are is estimated from the smallest hashes of their runs
//! of bytes (A. Z. Broder, *On the resemblance and containment of documents*, 1997).

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, KnownCustom,
    Parser, Payload, TypeRef,
};

use super::split::{SplitError, read};

/// How many bytes are a run.
const RUN: usize = 4;

/// How many hashes stand for a function.
const HASHES: usize = 64;

/// A module in another order.
pub struct Alike {
    /// The module, without names.
    pub wasm: Vec<u8>,
    /// The name of each function, a line each, that which has the number 0 first.
    pub names: String,
}

/// Puts the functions of a module into the order in which it is best compressed.
pub fn alike(wasm: &[u8]) -> Result<Alike, SplitError> {
    let (mut imported, mut bodies) = (0, Vec::new());
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(own) = section.as_known() {
                    names = read::names(own)?;
                }
            }
            _ => {}
        }
    }
    let order = chain(&bodies);
    let mut places = vec![0; order.len()];
    for (place, own) in (imported..).zip(&order) {
        places[*own] = place;
    }
    let olds = (0..imported).chain(order.iter().map(|own| imported + *own as u32));
    let names = olds.map(|old| names.get(&old).copied().unwrap_or("?"));
    let names = names.flat_map(|name| [name, "\n"]).collect();
    let mut ordered = Ordered {
        imported,
        order,
        places,
    };
    let mut module = Module::new();
    ordered.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(Alike {
        wasm: module.finish(),
        names,
    })
}

/// From the longest function to the one that is most like it, and so on.
fn chain(bodies: &[FunctionBody<'_>]) -> Vec<usize> {
    let sketches: Vec<Vec<u32>> = bodies.iter().map(|body| sketch(body.as_bytes())).collect();
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let longest = left.iter().max_by_key(|own| bodies[**own].as_bytes().len());
    let mut next = longest.copied();
    let mut order = Vec::new();
    while let Some(own) = next {
        order.push(own);
        left.retain(|other| *other != own);
        let like = |other: &&usize| likeness(&sketches[own], &sketches[**other]);
        // Of several that are as like, the one that came first.
        next = left.iter().rev().max_by_key(like).copied();
    }
    order
}

/// The smallest hashes of a function's runs, in order.
fn sketch(code: &[u8]) -> Vec<u32> {
    // FNV-1a, its bits then mixed by Knuth's multiplication.
    let hash = |run: &[u8]| {
        let hash = run.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        ((hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
    };
    let hashes: BTreeSet<u32> = code.windows(RUN).map(hash).collect();
    hashes.into_iter().take(HASHES).collect()
}

/// What part of their smallest hashes two functions share, in thousandths.
fn likeness(one: &[u32], other: &[u32]) -> usize {
    let (mut at, mut there, mut same, mut seen) = (0, 0, 0, 0);
    while let (Some(own), Some(its)) = (one.get(at), other.get(there))
        && seen < HASHES
    {
        seen += 1;
        same += usize::from(own == its);
        at += usize::from(own <= its);
        there += usize::from(its <= own);
    }
    let rest = one.len() - at + (other.len() - there);
    same * 1_000 / (seen + rest).clamp(1, HASHES)
}

struct Ordered {
    imported: u32,
    /// The functions in their new order, by their place in the old.
    order: Vec<usize>,
    /// The new number of each.
    places: Vec<u32>,
}

impl Reencode for Ordered {
    type Error = SplitError;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<SplitError>> {
        let own = function.checked_sub(self.imported);
        let place = own.and_then(|own| self.places.get(own as usize));
        Ok(place.copied().unwrap_or(function))
    }

    /// Names are written elsewhere.
    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for own in &self.order {
            functions.function(types[*own]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for own in self.order.clone() {
            self.parse_function_body(code, bodies[own].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::split::tests::parse;
    use super::*;

    /// Two functions that are alike with another between them, one of which calls another.
    const THREE: &str = r#"(module
        (import "a" "b" (func $say (param i32) (result i32)))
        (func $short (result i32) (i32.const 9))
        (func $one (export "one") (param i32) (result i32)
            (i32.add (i32.mul (local.get 0) (i32.const 77)) (i32.xor (local.get 0) (i32.const 12345))))
        (func $other (param f64 f64) (result f64)
            (f64.sqrt (f64.add (f64.mul (local.get 0) (local.get 0)) (f64.neg (local.get 1)))))
        (func $same (export "same") (param i32) (result i32)
            (i32.add (i32.mul (local.get 0) (i32.const 77)) (i32.xor (call $say (call $one (local.get 0))) (i32.const 12345)))))"#;

    #[test]
    fn functions_that_are_alike_stand_together_and_are_called_as_before() {
        let Alike { wasm, names } = alike(&parse(THREE)).unwrap();
        wasmparser::Validator::new().validate_all(&wasm).unwrap();
        let (mut exports, mut calls, mut types) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&wasm) {
            match payload.unwrap() {
                Payload::FunctionSection(section) => {
                    types.extend(section.into_iter().map(Result::unwrap));
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.unwrap();
                        exports.push((export.name.to_owned(), export.index));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    for operator in body.get_operators_reader().unwrap() {
                        if let wasmparser::Operator::Call { function_index } = operator.unwrap() {
                            calls.push(function_index);
                        }
                    }
                }
                _ => {}
            }
        }
        // The longest first, then what is like it; the imported one keeps its number.
        assert_eq!(exports, [("one".to_owned(), 2), ("same".to_owned(), 1)]);
        assert_eq!(calls, [2, 0]);
        assert_eq!(names, "say\nsame\none\nshort\nother\n");
        assert_eq!(types[0], types[1]);
        assert_ne!(types[1], types[2]);
    }

    #[test]
    fn likeness_is_what_is_shared() {
        let code: Vec<u8> = (0..200).collect();
        assert_eq!(likeness(&sketch(&code), &sketch(&code)), 1_000);
        assert_eq!(likeness(&sketch(&code), &sketch(&[7; 40])), 0);
        let half = likeness(&sketch(&code[..100]), &sketch(&code));
        assert!((300..700).contains(&half), "{half}");
        assert_eq!(likeness(&[], &[]), 0);
    }
}

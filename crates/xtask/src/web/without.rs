//! Takes out of a linked module what never runs.
//!
//! Some functions of a library are never called by this program, and neither compiler nor linker can know it;
//! and a panic ends in a trap whatever it has said before. The body of such a function becomes a trap, and so
//! do those that only it leads to, whose constants become zeros. wasm-opt then takes out what nothing calls.

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, DataSection, Function, Instruction, Module as Written};
use wasmparser::{CodeSectionReader, DataSectionReader, Parser};

use super::split::linked::Linked;
use super::split::part::{Rest, part};
use super::split::read::Module;
use super::split::{Gates, SplitError};

/// A module without the functions `never`, paths in the source as in [`super::split::split`], without what
/// does not return, and without what only these lead to. `linked` is what the linker wrote, with relocations.
pub fn without(wasm: &[u8], linked: &Linked, never: &[&str]) -> Result<Vec<u8>, SplitError> {
    let module = Module::read(wasm)?;
    linked.has_all(never)?;
    let gates = Gates {
        names: never,
        within: false,
    };
    let mut without = Without {
        gone: part(&module, linked, &gates)?,
        module: &module,
    };
    let mut out = Written::new();
    without.parse_core_module(&mut out, Parser::new(0), wasm)?;
    let out = out.finish();
    wasmparser::Validator::new().validate_all(&out)?;
    Ok(out)
}

struct Without<'a> {
    gone: Rest,
    module: &'a Module<'a>,
}

impl Reencode for Without<'_> {
    type Error = SplitError;

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        for (own, body) in (self.module.imported..).zip(section) {
            if self.gone.has(own) {
                let mut trap = Function::new([]);
                trap.instruction(&Instruction::Unreachable);
                trap.instruction(&Instruction::End);
                code.function(&trap);
            } else {
                self.parse_function_body(code, body?)?;
            }
        }
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Result<(), Error<SplitError>> {
        *data = self.gone.cleared(self.module);
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::split::tests::{GATED, parse, read};
    use super::*;

    /// What the functions of a module do, by their names, and its constants.
    fn code(wasm: &[u8]) -> (Vec<(String, usize)>, Vec<u8>) {
        let module = Module::read(wasm).unwrap();
        let lengths = module.bodies.iter().map(|(own, body)| {
            let operators = body.get_operators_reader().unwrap().into_iter();
            (module.name(*own).to_owned(), operators.count())
        });
        (lengths.collect(), module.data[0].1.to_vec())
    }

    #[test]
    fn what_never_runs_traps_and_its_constants_are_gone() {
        let alone = GATED.replacen(
            "$\"app::load::later::{{closure}}::h1\" (param i32) (result i32)\n        (call $deep",
            "$\"app::load::later::{{closure}}::h1\" (param i32) (result i32)\n        (call $own",
            1,
        );
        assert_ne!(alone, GATED);
        let (wasm, linked) = (parse(&alone), read(&alone));
        let (before, _) = code(&wasm);
        let (after, constants) = code(&without(&wasm, &linked, &["app::load::"]).unwrap());
        let gone: Vec<&str> = before
            .iter()
            .zip(&after)
            .filter(|((_, long), (_, short))| short < long)
            .map(|((name, _), _)| name.as_str())
            .collect();
        // What is in the table may be called for somebody else.
        assert_eq!(gone, ["app::load::load::h0", "deep", "fail"]);
        assert_eq!(after[3], ("deep".to_owned(), 2), "a trap and an end");
        assert_eq!(constants, [0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_a_panic_says_goes_alone_where_nothing_else_is_named() {
        let wasm = without(&parse(GATED), &read(GATED), &[]).unwrap();
        let (after, constants) = code(&wasm);
        assert_eq!(after[5], ("fail".to_owned(), 2));
        assert!(after[3].1 > 2, "{after:?}");
        assert_eq!(constants, [5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_function_that_is_not_there_is_named() {
        let error = without(&parse(GATED), &read(GATED), &["app::gone::"]).unwrap_err();
        assert!(error.to_string().contains("app::gone::"), "{error}");
    }
}

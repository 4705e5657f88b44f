//! Cuts a linked module in two: what a page needs at once, and the rest, which is fetched when it is first
//! called.
//!
//! The compiler knows nothing of it. A *gate* is a function of one module of the source. What only gates
//! lead to goes into the rest with them; the first half calls a gate through the table of functions, where
//! the rest puts it when it is instantiated. Memory, tables and globals stay where they are, and the rest
//! imports them, as it does the functions of the first half that it calls. To call a gate before the rest
//! is there is a trap: the program has to wait for it.

mod read;

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, ImportSection,
    Instruction, MemorySection, Module as Written, StartSection, TableSection, TypeSection,
};
use wasmparser::{FunctionBody, Operator};

use read::Module;

/// What the rest imports from.
const FROM: &str = "v";

/// Why a module could not be cut.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// It is no module, or one of a kind that the linker does not make.
    #[error("the WebAssembly cannot be read: {0}")]
    Unread(String),
    /// Nothing has such a name.
    #[error("no function has `{0}` in its name; are the names still there?")]
    NoGate(String),
    /// The first half would hold a reference to a function of the rest.
    #[error("a function of the first half refers to `{0}`, which is in the rest")]
    Referred(String),
}

impl From<wasmparser::BinaryReaderError> for SplitError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        SplitError::Unread(error.to_string())
    }
}

impl From<Error<SplitError>> for SplitError {
    fn from(error: Error<SplitError>) -> Self {
        match error {
            Error::UserError(own) => own,
            other => SplitError::Unread(other.to_string()),
        }
    }
}

/// A module in two.
pub struct Halves {
    /// The module, without the rest.
    pub first: Vec<u8>,
    /// What [`FROM`] is to be given the exports of the first half for.
    pub rest: Vec<u8>,
}

/// Cuts a module at the functions of a module of its source: `gate` is its path, `viewer::load::`.
pub fn split(wasm: &[u8], gate: &str) -> Result<Halves, SplitError> {
    let module = Module::read(wasm)?;
    let rest = module.rest(gate);
    if rest.is_empty() {
        return Err(SplitError::NoGate(gate.to_owned()));
    }
    let cut = Cut::new(&module, rest);
    let halves = Halves {
        first: cut.first()?,
        rest: cut.rest()?,
    };
    for half in [&halves.first, &halves.rest] {
        wasmparser::Validator::new().validate_all(half)?;
    }
    Ok(halves)
}

/// Where the cut goes.
struct Cut<'a> {
    module: &'a Module<'a>,
    /// The functions of the rest, by their number in the whole.
    rest: Vec<u32>,
    /// What each function is called by in the first half, and in the rest, by its number in the whole.
    in_first: BTreeMap<u32, u32>,
    in_rest: BTreeMap<u32, u32>,
    /// The functions of the first half that the rest calls.
    shared: Vec<u32>,
    /// Where in the table a gate is that the first half calls.
    slots: BTreeMap<u32, u32>,
}

/// Numbers functions anew. What a half calls by no number is in the other one.
struct Numbers<'a> {
    functions: &'a BTreeMap<u32, u32>,
    module: &'a Module<'a>,
}

impl Reencode for Numbers<'_> {
    type Error = SplitError;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<SplitError>> {
        self.functions.get(&function).copied().ok_or_else(|| {
            Error::UserError(SplitError::Referred(self.module.name(function).to_owned()))
        })
    }
}

impl<'a> Cut<'a> {
    fn new(module: &'a Module<'a>, rest: Vec<u32>) -> Cut<'a> {
        let moved = |function: &u32| rest.binary_search(function).is_ok();
        let (mut shared, mut called) = (Vec::new(), Vec::new());
        for function in module.imported..module.functions() {
            let (from, list) = (moved(&function), &module.calls[&function]);
            let across = list.iter().filter(|called| moved(called) != from);
            if from { &mut shared } else { &mut called }.extend(across.copied());
        }
        for list in [&mut shared, &mut called] {
            list.sort_unstable();
            list.dedup();
        }
        let stay = (0..module.functions()).filter(|function| !moved(function));
        let come = shared.iter().chain(&rest).copied();
        let end = module.table_length();
        Cut {
            module,
            in_first: stay.zip(0..).collect(),
            in_rest: come.zip(0..).collect(),
            slots: called.into_iter().zip(end..).collect(),
            shared,
            rest,
        }
    }

    fn numbers<'b>(&'b self, functions: &'b BTreeMap<u32, u32>) -> Numbers<'b> {
        Numbers {
            functions,
            module: self.module,
        }
    }

    fn types(&self, numbers: &mut Numbers<'_>) -> Result<TypeSection, SplitError> {
        let mut types = TypeSection::new();
        numbers.parse_type_section(&mut types, self.module.types.clone())?;
        Ok(types)
    }

    /// Code with its functions numbered anew, and calls of gates made through the table.
    fn code(
        &self,
        body: &FunctionBody<'_>,
        numbers: &mut Numbers<'_>,
    ) -> Result<Function, SplitError> {
        let mut out = numbers.new_function_with_parsed_locals(body)?;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            match reader.read()? {
                Operator::Call { function_index }
                    if !numbers.functions.contains_key(&function_index) =>
                {
                    let slot = self.slots[&function_index];
                    out.instruction(&Instruction::I32Const(slot.cast_signed()));
                    out.instruction(&Instruction::CallIndirect {
                        type_index: self.module.type_of(function_index),
                        table_index: 0,
                    });
                }
                other => {
                    out.instruction(&numbers.instruction(other)?);
                }
            }
        }
        Ok(out)
    }

    /// The first half: the whole, without the functions of the rest.
    fn first(&self) -> Result<Vec<u8>, SplitError> {
        let module = self.module;
        let mut numbers = self.numbers(&self.in_first);
        let mut out = Written::new();
        out.section(&self.types(&mut numbers)?);
        let mut imports = ImportSection::new();
        numbers.parse_import_section(&mut imports, module.imports.clone())?;
        out.section(&imports);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for (function, body) in &module.bodies {
            if self.in_first.contains_key(function) {
                functions.function(module.type_of(*function));
                code.function(&self.code(body, &mut numbers)?);
            }
        }
        out.section(&functions);
        let mut tables = TableSection::new();
        for (place, table) in module.tables.iter().enumerate() {
            tables.table(self.table(place, table, &mut numbers)?);
        }
        out.section(&tables);
        let mut memories = MemorySection::new();
        numbers.parse_memory_section(&mut memories, module.memories.clone())?;
        out.section(&memories);
        let mut globals = GlobalSection::new();
        numbers.parse_global_section(&mut globals, module.globals.clone())?;
        out.section(&globals);
        let mut exports = ExportSection::new();
        numbers.parse_export_section(&mut exports, module.exports.clone())?;
        for (name, kind, place) in self.given() {
            exports.export(&name, kind, place);
        }
        out.section(&exports);
        if let Some(start) = module.start {
            out.section(&StartSection {
                function_index: numbers.function_index(start)?,
            });
        }
        out.section(&self.elements(|function| self.in_first.get(&function).copied()));
        if let Some(count) = module.data_count {
            out.section(&DataCountSection { count });
        }
        out.section(&code);
        let mut data = DataSection::new();
        numbers.parse_data_section(&mut data, module.data.clone())?;
        out.section(&data);
        Ok(out.finish())
    }

    /// The other half.
    fn rest(&self) -> Result<Vec<u8>, SplitError> {
        let module = self.module;
        let mut numbers = self.numbers(&self.in_rest);
        let mut out = Written::new();
        out.section(&self.types(&mut numbers)?);
        let mut imports = ImportSection::new();
        for (name, kind, place) in self.given() {
            let at = place as usize;
            let entity = match kind {
                ExportKind::Table => {
                    EntityType::Table(self.table(at, &module.tables[at], &mut numbers)?)
                }
                ExportKind::Memory => {
                    EntityType::Memory(numbers.memory_type(module.memory_types[at])?)
                }
                ExportKind::Global => {
                    EntityType::Global(numbers.global_type(module.global_types[at])?)
                }
                // Functions are numbered within the first half there.
                _ => continue,
            };
            imports.import(FROM, &name, entity);
        }
        for (place, function) in self.shared.iter().enumerate() {
            let entity = EntityType::Function(module.type_of(*function));
            imports.import(FROM, &short(place), entity);
        }
        out.section(&imports);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for function in &self.rest {
            functions.function(module.type_of(*function));
            code.function(&self.code(&module.bodies[function], &mut numbers)?);
        }
        out.section(&functions);
        let mut elements = self.elements(|function| {
            let moved = self.rest.binary_search(&function).is_ok();
            self.in_rest.get(&function).copied().filter(|_| moved)
        });
        for (function, slot) in &self.slots {
            let own = [self.in_rest[function]];
            elements.active(None, &offset(*slot), Elements::Functions((&own).into()));
        }
        out.section(&elements);
        out.section(&code);
        Ok(out.finish())
    }

    /// A table; that of the functions has room for the gates.
    fn table(
        &self,
        place: usize,
        table: &wasmparser::TableType,
        numbers: &mut Numbers<'_>,
    ) -> Result<wasm_encoder::TableType, SplitError> {
        let mut table = numbers.table_type(*table)?;
        if place == 0 {
            let more = self.slots.len() as u64;
            table.minimum += more;
            table.maximum = table.maximum.map(|most| most + more);
        }
        Ok(table)
    }

    /// What the first half gives the rest, by names that are as short as can be.
    fn given(&self) -> Vec<(String, ExportKind, u32)> {
        let mut given = Vec::new();
        let counts = [
            ("t", ExportKind::Table, self.module.tables.len()),
            ("m", ExportKind::Memory, self.module.memory_types.len()),
            ("g", ExportKind::Global, self.module.global_types.len()),
        ];
        for (letter, kind, count) in counts {
            for place in 0..count {
                given.push((format!("{letter}{place}"), kind, place as u32));
            }
        }
        for (place, function) in self.shared.iter().enumerate() {
            given.push((short(place), ExportKind::Func, self.in_first[function]));
        }
        given
    }

    /// What a half puts into the table of functions, and names otherwise: of each segment its own, as
    /// it calls them.
    fn elements(&self, own: impl Fn(u32) -> Option<u32>) -> ElementSection {
        let mut out = ElementSection::new();
        for element in &self.module.elements {
            let listed = element.functions.iter().map(|function| own(*function));
            let Some(from) = element.from else {
                let named: Vec<u32> = listed.flatten().collect();
                out.declared(Elements::Functions(named.into()));
                continue;
            };
            let listed: Vec<(u32, Option<u32>)> = (from..).zip(listed).collect();
            for run in listed.chunk_by(|one, other| one.1.is_some() == other.1.is_some()) {
                let functions: Vec<u32> = run.iter().filter_map(|(_, own)| *own).collect();
                if let (Some((place, _)), false) = (run.first(), functions.is_empty()) {
                    out.active(None, &offset(*place), Elements::Functions(functions.into()));
                }
            }
        }
        out
    }
}

fn offset(place: u32) -> ConstExpr {
    ConstExpr::i32_const(place.cast_signed())
}

/// A number as a name of as few letters as can be.
pub fn short(mut number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut out = String::from("_");
    loop {
        out.push(char::from(DIGITS[number % DIGITS.len()]));
        number /= DIGITS.len();
        if number == 0 {
            return out;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// A program that calls two gates, one of which is also in the table, and imports a function.
    pub const GATED: &str = r#"(module
        (type $unary (func (param i32) (result i32)))
        (import "./viewer_bg.js" "__wbg_say_0123" (func $say (param i32) (result i32)))
        (table 4 4 funcref)
        (memory (export "memory") 1)
        (global $stack (mut i32) (i32.const 1024))
        (elem (i32.const 1) func $own $"app::load::later::{{closure}}::h1" $own)
        (func $own (param i32) (result i32)
            (i32.add (local.get 0) (i32.const 1)))
        (func $shared (param i32) (result i32)
            (i32.mul (call $say (local.get 0)) (i32.const 3)))
        (func $"app::load::load::h0" (param i32) (result i32)
            (call $deep (call $shared (local.get 0))))
        (func $deep (param i32) (result i32)
            (global.set $stack (i32.const 7))
            (i32.add (local.get 0) (i32.load8_u (i32.const 16))))
        (func $"app::load::later::{{closure}}::h1" (param i32) (result i32)
            (call $deep (local.get 0)))
        (func (export "main") (param i32) (result i32)
            (i32.add (call $shared (local.get 0))
                     (call $"app::load::load::h0" (local.get 0))))
        (data (i32.const 16) "\05"))"#;

    pub fn parse(text: &str) -> Vec<u8> {
        wat::parse_str(text).unwrap()
    }

    fn named(wasm: &[u8], gate: &str) -> Vec<String> {
        let module = Module::read(wasm).unwrap();
        let rest = module.rest(gate);
        rest.iter()
            .map(|one| module.name(*one).to_owned())
            .collect()
    }

    #[test]
    fn what_only_gates_lead_to_is_the_rest() {
        assert_eq!(
            named(&parse(GATED), "app::load::"),
            [
                "app::load::load::h0",
                "deep",
                "app::load::later::{{closure}}::h1"
            ]
        );
    }

    #[test]
    fn both_halves_are_modules_that_fit_each_other() {
        let halves = split(&parse(GATED), "app::load::").unwrap();
        let first = Module::read(&halves.first).unwrap();
        // A fifth place, for the gate that is called; the other gate keeps its own.
        assert_eq!(first.table_length(), 5);
        let filled: Vec<_> = first.elements.iter().map(|part| part.from).collect();
        assert_eq!(filled, [Some(1), Some(3)]);
        let rest = Module::read(&halves.rest).err().unwrap();
        assert!(rest.to_string().contains("imported"), "{rest}");
        let given: Vec<String> = wasmparser::Parser::new(0)
            .parse_all(&halves.rest)
            .filter_map(|payload| match payload.unwrap() {
                wasmparser::Payload::ImportSection(section) => Some(section),
                _ => None,
            })
            .flat_map(|section| section.into_imports())
            .map(|import| import.unwrap().name.to_owned())
            .collect();
        assert_eq!(given, ["t0", "m0", "g0", "_0"]);
    }

    #[test]
    fn code_that_the_first_half_calls_too_stays_whatever_its_name() {
        // The linker kept one of two equal functions, under the name of the gate's.
        let merged = GATED.replace("$shared", "$\"drop<app::load::later::{{closure}}>::h2\"");
        let found = named(&parse(&merged), "app::load::");
        assert!(
            !found.iter().any(|name| name.starts_with("drop")),
            "{found:?}"
        );
        // In the table twice: somebody else's, too.
        let twice = GATED.replace("$own)\n", "$\"app::load::later::{{closure}}::h1\")\n");
        let found = named(&parse(&twice), "app::load::");
        assert_eq!(found, ["app::load::load::h0"]);
    }

    #[test]
    fn a_module_without_the_gate_is_refused() {
        let error = split(&parse(GATED), "app::gone::").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("app::gone::"), "{error}");
        assert!(matches!(split(b"\0asm", "a"), Err(SplitError::Unread(_))));
    }

    #[test]
    fn names_are_short_and_differ() {
        assert_eq!([short(0), short(35), short(36)], ["_0", "_z", "_01"]);
    }
}

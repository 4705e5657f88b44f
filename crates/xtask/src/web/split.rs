//! Cuts a linked module in two: what a page needs at once, and the rest, which is fetched when it is first
//! called.
//!
//! The compiler knows nothing of it. A *gate* is a function of a module of the source that is named, or one
//! that does not return, since it ends in a trap. What only gates lead to goes into the rest with them, code
//! and constants; the first half calls a gate through the table of functions, where the rest puts it when
//! it is instantiated. Memory, tables and globals stay where they are, and the rest imports them, as it does
//! the functions of the first half that it calls. To call a gate before the rest is there is a trap: the
//! program has to wait for it.

mod body;
pub mod linked;
pub mod part;
pub mod read;

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, ImportSection, Instruction,
    MemorySection, Module as Written, NameMap, NameSection, StartSection, TableSection,
    TypeSection,
};
use wasmparser::FunctionBody;

use linked::Linked;
use part::Rest;
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

/// Where what is needed ends.
pub struct Gates<'a> {
    /// Paths of functions in the source, or of modules of them.
    pub names: &'a [&'a str],
    /// Whether what stands within one of them, such as a closure, is one too where it is in the table of
    /// functions. It may stand there for an equal function of somebody else's.
    pub within: bool,
}

/// A module in two.
pub struct Halves {
    /// The module, without the rest.
    pub first: Vec<u8>,
    /// What [`FROM`] is to be given the exports of the first half for.
    pub rest: Vec<u8>,
}

/// Cuts a module at `gates`: paths of functions in the source, or of modules of them, `viewer::load::`.
/// `linked` is what the linker wrote before the module was made of it.
pub fn split(wasm: &[u8], linked: &Linked, gates: &[&str]) -> Result<Halves, SplitError> {
    let module = Module::read(wasm)?;
    linked.has_all(gates)?;
    let gates = Gates {
        names: gates,
        within: true,
    };
    let cut = Cut::new(&module, part::part(&module, linked, &gates)?);
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
    rest: Rest,
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

impl Numbers<'_> {
    /// Code with its functions numbered anew.
    fn function(&mut self, body: &FunctionBody<'_>) -> Result<Function, SplitError> {
        let mut out = self.new_function_with_parsed_locals(body)?;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            out.instruction(&self.instruction(reader.read()?)?);
        }
        Ok(out)
    }
}

impl<'a> Cut<'a> {
    fn new(module: &'a Module<'a>, rest: Rest) -> Cut<'a> {
        let moved = |function: &u32| rest.has(*function);
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
        // After its own functions the first half has one in place of each gate that it calls.
        let in_place = called.iter().copied();
        let come = shared.iter().chain(&rest.functions).copied();
        let end = module.table_length();
        Cut {
            module,
            in_first: stay.chain(in_place).zip(0..).collect(),
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

    /// What stands in the first half for a gate: it calls it through the table.
    fn in_place(&self, gate: u32, slot: u32) -> Result<Function, SplitError> {
        let mut out = Function::new([]);
        for place in 0..self.module.parameters(gate)? {
            out.instruction(&Instruction::LocalGet(place));
        }
        out.instruction(&Instruction::I32Const(slot.cast_signed()));
        out.instruction(&Instruction::CallIndirect {
            type_index: self.module.type_of(gate),
            table_index: 0,
        });
        out.instruction(&Instruction::End);
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
            if !self.rest.has(*function) {
                functions.function(module.type_of(*function));
                code.function(&numbers.function(body)?);
            }
        }
        for (gate, slot) in &self.slots {
            functions.function(module.type_of(*gate));
            code.function(&self.in_place(*gate, *slot)?);
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
        out.section(&self.elements(|function| {
            let own = self.in_first.get(&function).copied();
            own.filter(|_| !self.rest.has(function))
        }));
        out.section(&code);
        out.section(&self.rest.cleared(module));
        out.section(&self.named(&self.in_first));
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
        for function in &self.rest.functions {
            functions.function(module.type_of(*function));
            code.function(&numbers.function(&module.bodies[function])?);
        }
        out.section(&functions);
        let mut elements = self.elements(|function| {
            let own = self.in_rest.get(&function).copied();
            own.filter(|_| self.rest.has(function))
        });
        for (function, slot) in &self.slots {
            let own = [self.in_rest[function]];
            elements.active(None, &offset(*slot), Elements::Functions((&own).into()));
        }
        out.section(&elements);
        out.section(&code);
        let mut data = DataSection::new();
        for (from, bytes) in &module.data {
            for place in self.rest.within(*from, bytes.len()) {
                let at = from + place.start as u32;
                data.active(0, &offset(at), bytes[place].iter().copied());
            }
        }
        out.section(&data);
        out.section(&self.named(&self.in_rest));
        Ok(out.finish())
    }

    /// What the functions of a half are called in the source.
    fn named(&self, half: &BTreeMap<u32, u32>) -> NameSection {
        let numbers: BTreeMap<u32, u32> = half.iter().map(|(own, now)| (*now, *own)).collect();
        let mut functions = NameMap::new();
        for (now, own) in numbers {
            functions.append(now, self.module.name(own));
        }
        let mut names = NameSection::new();
        names.functions(&functions);
        names
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
pub(super) mod tests;

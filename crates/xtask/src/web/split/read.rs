//! What is read of a module that is to be cut.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    BinaryReader, ConstExpr, DataKind, ElementItems, ElementKind, ExportSectionReader,
    ExternalKind, FunctionBody, GlobalSectionReader, GlobalType, ImportSectionReader, KnownCustom,
    MemorySectionReader, MemoryType, Name, NameSectionReader, Operator, Parser, Payload, TableType,
    TypeRef, TypeSectionReader,
};

use super::linked::stands_in;
use super::{SplitError, body};

/// A segment of the table of functions.
pub struct Element {
    /// Where in the table it begins; `None` where it only says what `ref.func` may name.
    pub from: Option<u32>,
    pub functions: Vec<u32>,
}

impl Element {
    /// Reads a segment; `None` where it is of references to what is not a function.
    fn read(element: wasmparser::Element<'_>) -> Result<Option<Element>, SplitError> {
        let unread = |what: &str| Err(SplitError::Unread(what.to_owned()));
        let functions = match element.items {
            ElementItems::Functions(functions) => functions,
            ElementItems::Expressions(own, _) if !own.is_func_ref() => return Ok(None),
            ElementItems::Expressions(..) => return unread("a segment is made of expressions"),
        };
        let from = match element.kind {
            ElementKind::Declared => None,
            ElementKind::Passive => return unread("a segment is put into a table by code"),
            ElementKind::Active { offset_expr, .. } => Some(number(&offset_expr)?),
        };
        let functions = functions.into_iter().collect::<Result<_, _>>()?;
        Ok(Some(Element { from, functions }))
    }
}

/// Where a segment begins.
pub fn number(place: &ConstExpr<'_>) -> Result<u32, SplitError> {
    match place.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        _ => Err(SplitError::Unread(
            "a segment begins at what is no number".to_owned(),
        )),
    }
}

/// What functions are called, by their number.
pub fn names(section: NameSectionReader<'_>) -> Result<BTreeMap<u32, &str>, SplitError> {
    let mut names = BTreeMap::new();
    for part in section {
        if let Name::Function(map) = part? {
            for naming in map {
                let naming = naming?;
                names.insert(naming.index, naming.name);
            }
        }
    }
    Ok(names)
}

/// A module as wasm-bindgen and wasm-opt leave it: one memory, tables of its own, and nothing imported but
/// functions.
pub struct Module<'a> {
    pub types: TypeSectionReader<'a>,
    pub imports: ImportSectionReader<'a>,
    /// How many functions are imported; they are numbered first.
    pub imported: u32,
    /// The type of each function, the imported ones first.
    types_of: Vec<u32>,
    pub tables: Vec<TableType>,
    pub memories: MemorySectionReader<'a>,
    pub memory_types: Vec<MemoryType>,
    pub globals: GlobalSectionReader<'a>,
    pub global_types: Vec<GlobalType>,
    pub exports: ExportSectionReader<'a>,
    pub start: Option<u32>,
    pub elements: Vec<Element>,
    pub bodies: BTreeMap<u32, FunctionBody<'a>>,
    /// What is in memory when it starts, and where.
    pub data: Vec<(u32, &'a [u8])>,
    names: BTreeMap<u32, &'a str>,
    /// What each function calls or refers to.
    pub calls: BTreeMap<u32, BTreeSet<u32>>,
    /// The functions that do not return.
    endless: BTreeSet<u32>,
}

/// A section of nothing, where a module has none.
fn empty() -> BinaryReader<'static> {
    BinaryReader::new(&[0], 0)
}

impl<'a> Module<'a> {
    /// Reads a module.
    pub fn read(wasm: &'a [u8]) -> Result<Module<'a>, SplitError> {
        let mut module = Module {
            types: TypeSectionReader::new(empty())?,
            imports: ImportSectionReader::new(empty())?,
            imported: 0,
            types_of: Vec::new(),
            tables: Vec::new(),
            memories: MemorySectionReader::new(empty())?,
            memory_types: Vec::new(),
            globals: GlobalSectionReader::new(empty())?,
            global_types: Vec::new(),
            exports: ExportSectionReader::new(empty())?,
            start: None,
            elements: Vec::new(),
            bodies: BTreeMap::new(),
            data: Vec::new(),
            endless: BTreeSet::new(),
            names: BTreeMap::new(),
            calls: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?)?;
        }
        module.endless = body::endless(module.bodies.iter().map(|(own, body)| (*own, body)))?;
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), SplitError> {
        match payload {
            Payload::TypeSection(section) => self.types = section,
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    match import?.ty {
                        TypeRef::Func(own) => self.types_of.push(own),
                        other => {
                            return Err(SplitError::Unread(format!("{other:?} is imported")));
                        }
                    }
                }
                self.imported = self.types_of.len() as u32;
                self.imports = section;
            }
            Payload::FunctionSection(section) => {
                for own in section {
                    self.types_of.push(own?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section.clone() {
                    self.memory_types.push(memory?);
                }
                self.memories = section;
            }
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    self.global_types.push(global?.ty);
                }
                self.globals = section;
            }
            Payload::ExportSection(section) => self.exports = section,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    self.elements.extend(Element::read(element?)?);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut calls = BTreeSet::new();
                for operator in body.get_operators_reader()? {
                    match operator? {
                        Operator::Call { function_index }
                        | Operator::ReturnCall { function_index }
                        | Operator::RefFunc { function_index } => {
                            calls.insert(function_index);
                        }
                        _ => {}
                    }
                }
                let own = self.imported + self.bodies.len() as u32;
                self.calls.insert(own, calls);
                self.bodies.insert(own, body);
            }
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        return Err(SplitError::Unread("a segment has no place".to_owned()));
                    };
                    self.data.push((number(&offset_expr)?, segment.data));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(own) = section.as_known() {
                    self.names = names(own)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// How many functions there are, with the imported ones.
    pub fn functions(&self) -> u32 {
        self.types_of.len() as u32
    }

    /// The number of a function's type.
    pub fn type_of(&self, function: u32) -> u32 {
        self.types_of[function as usize]
    }

    /// How many values a function takes.
    pub fn parameters(&self, function: u32) -> Result<u32, SplitError> {
        let own = self.type_of(function) as usize;
        match self.types.clone().into_iter_err_on_gc_types().nth(own) {
            Some(own) => Ok(own?.params().len() as u32),
            None => Err(SplitError::Unread("a type is missing".to_owned())),
        }
    }

    /// What a function is called in the source.
    pub fn name(&self, function: u32) -> &'a str {
        self.names.get(&function).copied().unwrap_or("?")
    }

    /// How long the table of functions is.
    pub fn table_length(&self) -> u32 {
        self.tables.first().map_or(0, |table| table.initial as u32)
    }

    /// The numbers of a function that may be places in memory and are needed whenever it runs.
    pub fn places(&self, function: u32) -> Result<Vec<u32>, SplitError> {
        let Some(body) = self.bodies.get(&function) else {
            return Ok(Vec::new());
        };
        body::places(body, |called| self.endless.contains(&called))
    }

    /// The functions, in their order, that only gates lead to, and these `later` places in the table; and
    /// the gates. Those that do not return are gates too.
    pub fn rest(&self, gates: &[&str], later: &BTreeSet<u32>) -> Vec<u32> {
        let gate = |own: &u32| self.endless.contains(own) || stands_in(self.name(*own), gates);
        let listed = self.elements.iter().flat_map(|element| {
            let from = element.from;
            let places = element.functions.iter().zip(0..);
            let first =
                places.filter(move |(_, at)| from.is_none_or(|from| !later.contains(&(from + at))));
            first.map(|(function, _)| *function)
        });
        let exported = self.exports.clone().into_iter().flatten();
        let exported = exported.filter(|export| export.kind == ExternalKind::Func);
        let mut open: Vec<u32> = exported.map(|export| export.index).collect();
        open.extend(self.start);
        open.extend(listed);
        let mut first = BTreeSet::new();
        while let Some(function) = open.pop() {
            if first.insert(function)
                && let Some(calls) = self.calls.get(&function)
            {
                open.extend(calls.iter().filter(|function| !gate(function)));
            }
        }
        // What nothing leads to is for nobody, and no page waits for it there.
        let own = self.imported..self.functions();
        own.filter(|function| !first.contains(function)).collect()
    }
}

//! What is read of a module that is to be cut.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    BinaryReader, DataSectionReader, ElementItems, ElementKind, ExportSectionReader, ExternalKind,
    FunctionBody, GlobalSectionReader, GlobalType, ImportSectionReader, KnownCustom,
    MemorySectionReader, MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef,
    TypeSectionReader,
};

use super::SplitError;

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
            ElementKind::Active { offset_expr, .. } => {
                match offset_expr.get_operators_reader().read()? {
                    Operator::I32Const { value } => Some(value.cast_unsigned()),
                    _ => return unread("a segment begins at what is no number"),
                }
            }
        };
        let functions = functions.into_iter().collect::<Result<_, _>>()?;
        Ok(Some(Element { from, functions }))
    }
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
    pub data_count: Option<u32>,
    pub bodies: BTreeMap<u32, FunctionBody<'a>>,
    pub data: DataSectionReader<'a>,
    names: BTreeMap<u32, &'a str>,
    /// What each function calls or refers to.
    pub calls: BTreeMap<u32, BTreeSet<u32>>,
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
            data_count: None,
            bodies: BTreeMap::new(),
            data: DataSectionReader::new(empty())?,
            names: BTreeMap::new(),
            calls: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?)?;
        }
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
            Payload::DataCountSection { count, .. } => self.data_count = Some(count),
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
            Payload::DataSection(section) => self.data = section,
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for part in names {
                        if let Name::Function(map) = part? {
                            for naming in map {
                                let naming = naming?;
                                self.names.insert(naming.index, naming.name);
                            }
                        }
                    }
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

    /// What a function is called in the source.
    pub fn name(&self, function: u32) -> &'a str {
        self.names.get(&function).copied().unwrap_or("?")
    }

    /// How long the table of functions is.
    pub fn table_length(&self) -> u32 {
        self.tables.first().map_or(0, |table| table.initial as u32)
    }

    /// The functions, in their order, that only gates lead to, and the gates.
    ///
    /// Two functions of the same code may have become one, under the name of either. So it is not enough
    /// that a function has the name of a gate: what is called is one only if it stands by itself in the
    /// source, and what is in the table only if it is there once.
    pub fn rest(&self, gate: &str) -> Vec<u32> {
        let called = |function: &u32| {
            let own = self.name(*function).strip_prefix(gate);
            own.is_some_and(|own| own.split("::").count() <= 2)
        };
        let listed = self.elements.iter().flat_map(|element| &element.functions);
        let mut places: BTreeMap<u32, usize> = BTreeMap::new();
        for function in listed {
            *places.entry(*function).or_default() += 1;
        }
        let listed = places
            .iter()
            .filter(|(function, count)| **count > 1 || !self.name(**function).contains(gate));
        let exported = self.exports.clone().into_iter().flatten();
        let exported = exported.filter(|export| export.kind == ExternalKind::Func);
        let mut open: Vec<u32> = exported.map(|export| export.index).collect();
        open.extend(self.start);
        open.extend(listed.map(|(function, _)| function));
        let mut first = BTreeSet::new();
        while let Some(function) = open.pop() {
            if first.insert(function)
                && let Some(calls) = self.calls.get(&function)
            {
                open.extend(calls.iter().filter(|function| !called(function)));
            }
        }
        // What nothing leads to is for nobody, and no page waits for it there.
        let own = self.imported..self.functions();
        own.filter(|function| !first.contains(function)).collect()
    }
}

//! What refers to what in a module, as the linker knows it.
//!
//! The linker is asked to keep its relocations (`--emit-relocs`), from which it can be read which code and
//! which constants lead to which: after it, an address is a number like any other. The format is that of
//! the [tool conventions](https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    DataKind, ElementItems, ElementKind, ExternalKind, FunctionBody, KnownCustom, Linking, Parser,
    Payload, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

use super::read::{names, number};
use super::{Gates, SplitError, body};

/// A function by its number, or something in memory by its place in [`Linked::data`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Function(u32),
    Data(usize),
}

/// How something is referred to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reference {
    /// It is called.
    Call(u32),
    /// It is a function whose place in the table is taken.
    Pointer(u32),
    Data(usize),
}

/// A module as it was linked.
#[derive(Default)]
pub struct Linked {
    /// What each function is called in the source.
    names: BTreeMap<u32, String>,
    /// Where constants and variables with a value lie in memory.
    pub data: Vec<Range<u32>>,
    references: BTreeMap<Node, BTreeSet<Reference>>,
    exported: Vec<u32>,
    /// The functions in the table, by their place.
    table: BTreeMap<u32, u32>,
    /// The functions that do not return.
    endless: BTreeSet<u32>,
}

/// What is read before it can be put together.
#[derive(Default)]
struct Parts<'a> {
    sections: Vec<Section>,
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    /// Of each segment, where it lies in memory, and in the file.
    segments: Vec<(u32, Range<u64>)>,
    symbols: Vec<SymbolInfo<'a>>,
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
}

/// Where relocations are counted from.
#[derive(Clone, Copy)]
enum Section {
    Code(u64),
    Data(u64),
    Other,
}

fn odd(what: &str) -> SplitError {
    SplitError::Unread(format!("as it was linked, {what}"))
}

impl Linked {
    /// Reads a module that was linked with `--emit-relocs`.
    pub fn read(wasm: &[u8]) -> Result<Linked, SplitError> {
        let (mut linked, mut parts) = (Linked::default(), Parts::default());
        for payload in Parser::new(0).parse_all(wasm) {
            linked.take(payload?, &mut parts)?;
        }
        if parts.symbols.is_empty() || parts.relocations.is_empty() {
            return Err(odd("it has no relocations"));
        }
        linked.endless = body::endless((parts.imported..).zip(&parts.bodies))?;
        linked.refer(&parts)?;
        Ok(linked)
    }

    fn take<'a>(&mut self, payload: Payload<'a>, parts: &mut Parts<'a>) -> Result<(), SplitError> {
        let section = match &payload {
            Payload::CodeSectionStart {
                unchecked_range, ..
            } => Section::Code(unchecked_range.start),
            Payload::DataSection(section) => Section::Data(section.range().start),
            _ => Section::Other,
        };
        if payload.as_section().is_some() {
            parts.sections.push(section);
        }
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    parts.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.push(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.exported.push(func),
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(listed)) =
                        (element.kind, element.items)
                    else {
                        return Err(odd("its table is filled otherwise"));
                    };
                    let from = number(&offset_expr)?;
                    for (place, function) in (from..).zip(listed) {
                        self.table.insert(place, function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => parts.bodies.push(body),
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        return Err(odd("a segment has no place in memory"));
                    };
                    let end = segment.range.end;
                    let within = end - segment.data.len() as u64..end;
                    parts.segments.push((number(&offset_expr)?, within));
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => {
                    for part in linking.subsections() {
                        if let Linking::SymbolTable(symbols) = part? {
                            for symbol in symbols {
                                parts.symbols.push(symbol?);
                            }
                        }
                    }
                }
                KnownCustom::Reloc(own) => {
                    let entries = own.entries().into_iter().collect::<Result<_, _>>()?;
                    parts.relocations.push((own.section_index(), entries));
                }
                KnownCustom::Name(own) => {
                    for (function, name) in names(own)? {
                        let name = rustc_demangle::demangle(name).to_string();
                        self.names.insert(function, name);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Puts together what refers to what.
    fn refer(&mut self, parts: &Parts<'_>) -> Result<(), SplitError> {
        let mut nodes = Vec::new();
        for symbol in &parts.symbols {
            nodes.push(match symbol {
                SymbolInfo::Func { index, .. } => Some(Node::Function(*index)),
                SymbolInfo::Data {
                    symbol: Some(own), ..
                } => {
                    let segment = parts.segments.get(own.index as usize);
                    let (base, _) = segment.ok_or_else(|| odd("a segment is missing"))?;
                    let from = base + own.offset;
                    self.data.push(from..from + own.size);
                    Some(Node::Data(self.data.len() - 1))
                }
                _ => None,
            });
        }
        let mut doomed = Vec::new();
        for body in &parts.bodies {
            doomed.push(body::doomed(body, |called| self.endless.contains(&called))?);
        }
        for (section, entries) in &parts.relocations {
            let Some(section) = parts.sections.get(*section as usize) else {
                return Err(odd("a section is missing"));
            };
            if let Section::Other = section {
                continue;
            }
            for entry in entries {
                let Some(to) = reference(entry, &nodes)? else {
                    continue;
                };
                match *section {
                    Section::Code(start) => {
                        let at = start + u64::from(entry.offset);
                        let own = parts.bodies.partition_point(|body| body.range().end <= at);
                        let doomed = doomed.get(own).ok_or_else(|| odd("code is missing"))?;
                        if !doomed.iter().any(|range| range.contains(&at)) {
                            let from = Node::Function(parts.imported + own as u32);
                            self.references.entry(from).or_default().insert(to);
                        }
                    }
                    Section::Data(start) => {
                        let at = start + u64::from(entry.offset);
                        let place = parts.segments.iter().find_map(|(base, within)| {
                            let inside = within.contains(&at);
                            inside.then(|| base + (at - within.start) as u32)
                        });
                        let place = place.ok_or_else(|| odd("a constant is missing"))?;
                        let own: Vec<usize> = self.at(place).collect();
                        for from in own.into_iter().map(Node::Data) {
                            self.references.entry(from).or_default().insert(to);
                        }
                    }
                    Section::Other => {}
                }
            }
        }
        Ok(())
    }

    /// Says which of these paths no function has.
    pub fn has_all(&self, paths: &[&str]) -> Result<(), SplitError> {
        let has = |path: &str| self.names.values().any(|name| name.contains(path));
        match paths.iter().find(|path| !has(path)) {
            Some(path) => Err(SplitError::NoGate((*path).to_owned())),
            None => Ok(()),
        }
    }

    /// What lies at a place in memory; constants may share their bytes.
    pub fn at(&self, place: u32) -> impl Iterator<Item = usize> {
        let inside =
            move |(own, range): (usize, &Range<u32>)| range.contains(&place).then_some(own);
        self.data.iter().enumerate().filter_map(inside)
    }

    /// What a function is called.
    pub fn name(&self, function: u32) -> &str {
        self.names.get(&function).map_or("", String::as_str)
    }

    /// The functions of each name.
    pub fn by_name(&self) -> BTreeMap<&str, Vec<u32>> {
        let mut found: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (function, name) in &self.names {
            found.entry(name).or_default().push(*function);
        }
        found
    }

    /// What is needed before the rest is there: what exported functions lead to, and `more`, but for
    /// gates. The second list are the gates that are called by it.
    ///
    /// The linker keeps one of two equal functions, under the name of either. So it is not enough that a
    /// function has the name of a gate: what is called is one only if it stands by itself in the source,
    /// or does not return, and what is in the table only if it is there once.
    pub fn first(
        &self,
        gates: &Gates<'_>,
        more: &BTreeSet<Node>,
    ) -> (BTreeSet<Node>, BTreeSet<u32>) {
        let mut places: BTreeMap<u32, usize> = BTreeMap::new();
        for function in self.table.values() {
            *places.entry(*function).or_default() += 1;
        }
        let mut open: Vec<Node> = self.exported.iter().copied().map(Node::Function).collect();
        open.extend(more);
        let (mut first, mut called) = (BTreeSet::new(), BTreeSet::new());
        while let Some(node) = open.pop() {
            if !first.insert(node) {
                continue;
            }
            for to in self.references.get(&node).into_iter().flatten() {
                match *to {
                    Reference::Call(own)
                        if self.endless.contains(&own)
                            || stands_in(self.name(own), gates.names) =>
                    {
                        called.insert(own);
                    }
                    Reference::Pointer(own)
                        if gates.within
                            && places.get(&own) == Some(&1)
                            && gates.names.iter().any(|gate| self.name(own).contains(gate)) => {}
                    Reference::Call(own) | Reference::Pointer(own) => {
                        open.push(Node::Function(own));
                    }
                    Reference::Data(own) => open.push(Node::Data(own)),
                }
            }
        }
        (first, called)
    }

    /// The places in the table of functions that are not among these.
    pub fn places_without(&self, first: &BTreeSet<Node>) -> BTreeSet<u32> {
        let table = self.table.iter();
        let others = table.filter(|(_, own)| !first.contains(&Node::Function(**own)));
        others.map(|(place, _)| *place).collect()
    }
}

/// Whether a function stands in a module of the source that is a gate, or is one, and by itself.
pub fn stands_in(name: &str, gates: &[&str]) -> bool {
    let mut own = gates.iter().filter_map(|gate| name.strip_prefix(gate));
    own.any(|own| own.split("::").count() <= 2)
}

/// What a relocation refers to, if that is a function or something in memory.
fn reference(
    entry: &RelocationEntry,
    nodes: &[Option<Node>],
) -> Result<Option<Reference>, SplitError> {
    let node = || nodes.get(entry.index as usize).copied().flatten();
    Ok(match (entry.ty, node()) {
        (RelocationType::FunctionIndexLeb, Some(Node::Function(own))) => Some(Reference::Call(own)),
        (
            RelocationType::TableIndexSleb | RelocationType::TableIndexI32,
            Some(Node::Function(own)),
        ) => Some(Reference::Pointer(own)),
        (
            RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32,
            // What has no value yet is in neither half.
            own,
        ) => match own {
            Some(Node::Data(own)) => Some(Reference::Data(own)),
            _ => None,
        },
        (
            RelocationType::TypeIndexLeb
            | RelocationType::GlobalIndexLeb
            | RelocationType::TableNumberLeb
            | RelocationType::FunctionOffsetI32
            | RelocationType::SectionOffsetI32,
            _,
        ) => None,
        (other, _) => return Err(odd(&format!("it has a relocation of the kind {other:?}"))),
    })
}

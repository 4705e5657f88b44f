//! Cutting small modules.
#![allow(clippy::unwrap_used)]

use super::*;

/// A program that calls two gates, one of which is also in the table, and imports a function. What it
/// does not return from is called with a place in memory, 28.
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
    (func $fail (param i32)
        (drop (call $say (i32.load (i32.const 24))))
        unreachable)
    (func (export "main") (param i32) (result i32)
        (if (i32.eqz (i32.load (i32.const 20)))
            (then (call $fail (i32.const 28)) unreachable))
        (i32.add (i32.load (i32.const 40))
                 (i32.add (call $shared (local.get 0))
                          (call $"app::load::load::h0" (local.get 0)))))
    (data (i32.const 16) "\05\00\00\00\06\00\00\00\07\00\00\00\08")
    (data (i32.const 40) "\01\00\00\00\02\00\00\00"))"#;

const GATES: [&str; 1] = ["app::load::"];

/// What lies where in the memory of [`GATED`], and which of its functions is pointed to from where.
const DATA: [(u32, u32); 5] = [(16, 1), (20, 4), (24, 4), (28, 1), (40, 8)];
const POINTERS: [(u32, u32); 2] = [(40, 1), (44, 5)];

pub fn parse(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn leb(mut number: u32, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A relocation: its kind, its offset in its section, its symbol, and whether it has an addend.
type Relocation = (u8, u64, u32, bool);

fn relocations(module: &mut Vec<u8>, name: &str, section: u32, entries: &[Relocation]) {
    let mut own = Vec::new();
    leb(section, &mut own);
    leb(entries.len() as u32, &mut own);
    for (kind, offset, symbol, addend) in entries {
        own.push(*kind);
        leb(*offset as u32, &mut own);
        leb(*symbol, &mut own);
        own.extend(addend.then_some(0));
    }
    let custom = wasm_encoder::CustomSection {
        name: name.into(),
        data: own.into(),
    };
    wasm_encoder::Section::append_to(&custom, module);
}

/// The module as a linker would have written it: with what refers to [`DATA`], to functions, and the
/// pointers in memory.
fn linked(text: &str) -> Vec<u8> {
    let mut wasm = parse(text);
    let module = Module::read(&wasm).unwrap();
    let (mut in_code, mut in_data) = (Vec::new(), Vec::new());
    let (mut sections, mut code, mut data) = (0, (0, 0), (0, 0, Vec::new()));
    for payload in wasmparser::Parser::new(0).parse_all(&wasm) {
        let payload = payload.unwrap();
        match &payload {
            wasmparser::Payload::CodeSectionStart {
                unchecked_range, ..
            } => code = (sections, unchecked_range.start),
            wasmparser::Payload::DataSection(own) => {
                let segments = own.clone().into_iter().map(|own| own.unwrap().range.end);
                data = (sections, own.range().start, segments.collect());
            }
            _ => {}
        }
        sections += u32::from(payload.as_section().is_some());
    }
    let symbol = |place: u32| {
        let found = DATA.iter().position(|(from, _)| *from == place)?;
        Some(module.functions() + found as u32)
    };
    for body in module.bodies.values() {
        for operator in body
            .get_operators_reader()
            .unwrap()
            .into_iter_with_offsets()
        {
            let (operator, at) = operator.unwrap();
            let at = at + 1 - code.1;
            match operator {
                wasmparser::Operator::Call { function_index } => {
                    in_code.push((0, at, function_index, false));
                }
                wasmparser::Operator::I32Const { value } => {
                    let own = symbol(value.cast_unsigned());
                    in_code.extend(own.map(|own| (4, at, own, true)));
                }
                _ => {}
            }
        }
    }
    for (place, function) in POINTERS {
        let ((from, bytes), end) = module.data.iter().zip(&data.2).next_back().unwrap();
        let start = end - bytes.len() as u64 - data.1;
        in_data.push((2, start + u64::from(place - from), function, false));
    }
    let mut symbols = wasm_encoder::SymbolTable::new();
    for function in 0..module.functions() {
        let name = Some(module.name(function)).filter(|_| function >= module.imported);
        let flags = if name.is_none() {
            wasm_encoder::SymbolTable::WASM_SYM_UNDEFINED
        } else {
            0
        };
        symbols.function(flags, function, name);
    }
    for (from, size) in DATA {
        let index = u32::from(from >= 40);
        let offset = from - [16, 40][index as usize];
        let own = wasm_encoder::DataSymbolDefinition {
            index,
            offset,
            size,
        };
        symbols.data(0, "constant", Some(own));
    }
    let mut linking = wasm_encoder::LinkingSection::new();
    linking.symbol_table(&symbols);
    wasm_encoder::Section::append_to(&linking, &mut wasm);
    relocations(&mut wasm, "reloc.CODE", code.0, &in_code);
    relocations(&mut wasm, "reloc.DATA", data.0, &in_data);
    wasm
}

/// What is read of it.
pub fn read(text: &str) -> Linked {
    Linked::read(&linked(text)).unwrap()
}

/// The names of the functions of the rest, and where its constants are.
fn rest(now: &str, before: &str) -> (Vec<String>, Vec<(u32, u32)>) {
    let wasm = parse(now);
    let module = Module::read(&wasm).unwrap();
    let linked = Linked::read(&linked(before)).unwrap();
    let rest = part::part(
        &module,
        &linked,
        &Gates {
            names: &GATES,
            within: true,
        },
    )
    .unwrap();
    let names = rest
        .functions
        .iter()
        .map(|one| module.name(*one).to_owned());
    let data = rest.data.iter().map(|range| (range.start, range.end));
    (names.collect(), data.collect())
}

#[test]
fn what_only_gates_lead_to_is_the_rest_with_its_constants() {
    let (names, data) = rest(GATED, GATED);
    let own = [
        "app::load::load::h0",
        "deep",
        "app::load::later::{{closure}}::h1",
        "fail",
    ];
    assert_eq!(names, own);
    assert_eq!(data, [(16, 17), (24, 29)]);
}

#[test]
fn both_halves_are_modules_that_fit_each_other() {
    let halves = split(&parse(GATED), &read(GATED), &GATES).unwrap();
    let first = Module::read(&halves.first).unwrap();
    // A fifth place and a sixth, for the gates that are called; that in the table keeps its own.
    assert_eq!(first.table_length(), 6);
    let filled: Vec<_> = first.elements.iter().map(|part| part.from).collect();
    assert_eq!(filled, [Some(1), Some(3)]);
    assert_eq!(
        first.data[0],
        (16, &[0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0][..])
    );
    let rest = Module::read(&halves.rest).err().unwrap();
    assert!(rest.to_string().contains("imported"), "{rest}");
    let (mut given, mut constants) = (Vec::new(), Vec::new());
    for payload in wasmparser::Parser::new(0).parse_all(&halves.rest) {
        match payload.unwrap() {
            wasmparser::Payload::ImportSection(section) => {
                let imports = section.into_imports();
                given.extend(imports.map(|import| import.unwrap().name.to_owned()));
            }
            wasmparser::Payload::DataSection(section) => {
                constants.extend(section.into_iter().map(|own| own.unwrap().data));
            }
            _ => {}
        }
    }
    assert_eq!(given, ["t0", "m0", "g0", "_0", "_1"]);
    assert_eq!(constants, [&[5][..], &[7, 0, 0, 0, 8]]);
}

#[test]
fn code_that_the_first_half_calls_too_stays_whatever_its_name() {
    // The linker kept one of two equal functions, under the name of the gate's.
    let merged = GATED.replace("$shared", "$\"drop<app::load::later::{{closure}}>::h2\"");
    let (found, _) = rest(&merged, &merged);
    assert!(
        !found.iter().any(|name| name.starts_with("drop")),
        "{found:?}"
    );
    // In the table twice: somebody else's, too.
    let twice = GATED.replace("$own)\n", "$\"app::load::later::{{closure}}::h1\")\n");
    let (found, data) = rest(&twice, &twice);
    assert_eq!(found, ["app::load::load::h0", "fail"]);
    assert_eq!(data, [(24, 29)]);
}

#[test]
fn what_came_into_the_first_half_after_linking_stays_with_its_constants() {
    // The gate became part of its caller, and what it called with it.
    let inlined = GATED.replace(
        "(call $\"app::load::load::h0\" (local.get 0))",
        "(i32.load8_u (i32.const 16))",
    );
    let (_, data) = rest(&inlined, GATED);
    assert_eq!(data, [(24, 29)]);
    // A place is part of the operator.
    let folded = inlined.replace(
        "i32.load8_u (i32.const 16)",
        "i32.load8_u offset=16 (i32.const 0)",
    );
    assert_eq!(rest(&folded, GATED).1, data);
    // What is called before the end is not what does not return.
    let told = GATED.replace(
        "(call $fail (i32.const 28)) unreachable",
        "(drop (call $say (i32.const 28)))",
    );
    assert_eq!(rest(&told, &told).1, [(16, 17), (24, 28)]);
}

#[test]
fn a_module_without_the_gate_is_refused() {
    let (wasm, linked) = (parse(GATED), read(GATED));
    let error = split(&wasm, &linked, &["app::gone::"])
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("app::gone::"), "{error}");
    assert!(matches!(
        split(b"\0asm", &linked, &GATES),
        Err(SplitError::Unread(_))
    ));
    let error = Linked::read(&wasm).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("no relocations"), "{error}");
}

#[test]
fn names_are_short_and_differ() {
    assert_eq!([short(0), short(35), short(36)], ["_0", "_z", "_01"]);
}

//! What the code of one function says of itself.

use std::collections::BTreeSet;
use std::ops::Range;

use wasmparser::{FunctionBody, Operator};

use super::SplitError;

/// The functions that never give control back, as those that end in a panic.
pub fn endless<'a, 'b: 'a>(
    bodies: impl Iterator<Item = (u32, &'a FunctionBody<'b>)> + Clone,
) -> Result<BTreeSet<u32>, SplitError> {
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for (own, body) in bodies.clone() {
            if !found.contains(&own) && is_endless(body, |called| found.contains(&called))? {
                found.insert(own);
            }
        }
        if found.len() == before {
            return Ok(found);
        }
    }
}

/// Whether no way leads out of a function but its end, and before that is a trap, or a call that does not
/// return.
fn is_endless(body: &FunctionBody<'_>, endless: impl Fn(u32) -> bool) -> Result<bool, SplitError> {
    let (mut depth, mut trapped) = (0, false);
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        match &operator {
            Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => return Ok(false),
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth }
                if *relative_depth == depth =>
            {
                return Ok(false);
            }
            Operator::BrTable { targets } => {
                let mut ways = vec![targets.default()];
                for way in targets.targets() {
                    ways.push(way?);
                }
                if ways.contains(&depth) {
                    return Ok(false);
                }
            }
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            Operator::End if depth == 0 => return Ok(trapped),
            Operator::End => depth -= 1,
            _ => {}
        }
        trapped = match operator {
            Operator::Unreachable => true,
            Operator::Call { function_index } => endless(function_index),
            _ => false,
        };
    }
    Ok(false)
}

/// Where in the file the operators are after which nothing can come but a call that does not return. What
/// they refer to is for that call only.
pub fn doomed(
    body: &FunctionBody<'_>,
    endless: impl Fn(u32) -> bool,
) -> Result<Vec<Range<u64>>, SplitError> {
    let mut reader = body.get_operators_reader()?;
    let mut from = reader.original_position();
    let mut found = Vec::new();
    while !reader.eof() {
        match reader.read()? {
            Operator::Call { function_index } if endless(function_index) => {
                found.push(from..reader.original_position());
            }
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Unreachable
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => {}
            _ => continue,
        }
        from = reader.original_position();
    }
    Ok(found)
}

/// The numbers of a function that may be places in memory, but for those that are [`doomed`].
pub fn places(
    body: &FunctionBody<'_>,
    endless: impl Fn(u32) -> bool,
) -> Result<Vec<u32>, SplitError> {
    let doomed = doomed(body, endless)?;
    let mut found = Vec::new();
    for operator in body.get_operators_reader()?.into_iter_with_offsets() {
        let (operator, at) = operator?;
        let place = match operator {
            Operator::I32Const { value } => value.cast_unsigned(),
            Operator::I32Load { memarg }
            | Operator::I64Load { memarg }
            | Operator::F32Load { memarg }
            | Operator::F64Load { memarg }
            | Operator::I32Load8S { memarg }
            | Operator::I32Load8U { memarg }
            | Operator::I32Load16S { memarg }
            | Operator::I32Load16U { memarg }
            | Operator::I64Load8S { memarg }
            | Operator::I64Load8U { memarg }
            | Operator::I64Load16S { memarg }
            | Operator::I64Load16U { memarg }
            | Operator::I64Load32S { memarg }
            | Operator::I64Load32U { memarg }
            | Operator::I32Store { memarg }
            | Operator::I64Store { memarg }
            | Operator::F32Store { memarg }
            | Operator::F64Store { memarg }
            | Operator::I32Store8 { memarg }
            | Operator::I32Store16 { memarg }
            | Operator::I64Store8 { memarg }
            | Operator::I64Store16 { memarg }
            | Operator::I64Store32 { memarg } => memarg.offset as u32,
            _ => continue,
        };
        if !doomed.iter().any(|range| range.contains(&at)) {
            found.push(place);
        }
    }
    Ok(found)
}

//! Random changes of files.

use crate::torture::random::Random;

/// Numbers that are too large or too small for a length, an index or a date.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775808",
    "18446744073709551616",
    "1e999",
    "-1e999",
    "NaN",
    "99999999999999999999999999999999999999999999",
];

/// Texts that are invalid, or dangerous if they are published or used as a path as they are.
const TEXTS: &[&str] = &[
    "\0",
    "\u{1}\u{8}\u{1b}[31m\u{7f}",
    "\u{feff}",
    "\u{202e}\u{2066}",
    "\u{fffe}\u{ffff}",
    super::SCRIPT,
    super::IMAGE,
    super::LINK,
    "../canary/secret.txt",
    "..\\canary\\secret.txt",
    "/etc/passwd",
    "file:///etc/passwd",
    "&a;&#0;&#xffffffff;",
    "<!DOCTYPE a [<!ENTITY a SYSTEM \"../canary/secret.txt\">]>",
    "<![CDATA[",
    "-->",
    "{{{{",
    "'\"`,;|\t\r\n\r\r",
    "00:00:99.999 --> 99:99:99.999",
    "%00%2e%2e%2f",
    "CON",
];

/// Brackets of which each opens a level of nesting.
const BRACKETS: &[&str] = &[
    "[", "{\"a\":", "<a>", "<div>", "(", "- ", "> ", "a: {", "<<",
];

/// Changes a file in one to four ways.
pub fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        change(&mut bytes, random);
        // Repeated changes would let the file grow without end.
        bytes.truncate(4 << 20);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let length = random.below(64.min(bytes.len() - at) + 1);
    match random.below(14) {
        0 | 1 => {
            for _ in 0..=random.below(8) {
                let index = random.below(bytes.len());
                let bit = 1u8 << random.below(8);
                if let Some(byte) = bytes.get_mut(index) {
                    *byte ^= bit;
                }
            }
        }
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..at + length)),
        4 => {
            let part: Vec<u8> = bytes.iter().skip(at).take(length).copied().collect();
            insert(bytes, at, &part.repeat(1 + random.below(400)));
        }
        5 => {
            let noise = random.bytes(length);
            insert(bytes, at, &noise);
        }
        6 => insert(bytes, at, pick(NUMBERS, random).as_bytes()),
        7 => replace_number(bytes, at, pick(NUMBERS, random).as_bytes()),
        8 | 9 => insert(bytes, at, pick(TEXTS, random).as_bytes()),
        10 => {
            let depth = [50, 2000, 100_000].get(random.below(3)).copied();
            let brackets = pick(BRACKETS, random).repeat(depth.unwrap_or(50));
            insert(bytes, at, brackets.as_bytes());
        }
        11 => insert(bytes, at, &[0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xfe]),
        12 => {
            // A field of a binary format: a length or an offset.
            let value = [0u8, 0x7f, 0x80, 0xff].get(random.below(4)).copied();
            for byte in bytes.iter_mut().skip(at).take(1 << random.below(4)) {
                *byte = value.unwrap_or(0);
            }
        }
        _ => {
            let letter = *random.pick(b"a0 \n<").unwrap_or(&b'a');
            insert(bytes, at, &vec![letter; 1 << random.below(18)]);
        }
    }
}

fn pick<'a>(from: &'a [&'a str], random: &mut Random) -> &'a str {
    random.pick(from).copied().unwrap_or_default()
}

fn insert(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(bytes.splice(at..at, part.iter().copied()));
}

/// Replaces the first number after a position.
fn replace_number(bytes: &mut Vec<u8>, at: usize, number: &[u8]) {
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some(begin) = bytes
        .iter()
        .skip(at)
        .position(digit)
        .map(|index| at + index)
    else {
        return;
    };
    let length = bytes.iter().skip(begin).take_while(|byte| digit(byte));
    let end = begin + length.count();
    drop(bytes.splice(begin..end, number.iter().copied()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_depend_on_the_seed_only() {
        let of = |trial| mutate(b"id,title\n1,one\n", &mut Random::new(3, trial));
        assert!((0..200).all(|trial| of(trial) == of(trial)));
        assert!((0..200).filter(|trial| of(*trial) != of(0)).count() > 190);
        // A file without bytes can be changed too.
        assert!((0..200).any(|trial| !mutate(b"", &mut Random::new(3, trial)).is_empty()));
    }
}

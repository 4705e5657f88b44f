//! The grammar of JSON, byte by byte.

use std::borrow::Cow;

use super::{JsonError, Wrong};

/// How deep lists and objects may lie within one another; what an archive holds goes to about ten.
const DEPTH: usize = 64;

/// A JSON text and how far it was read.
pub struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
    depth: usize,
    /// Whether a list or an object was just opened: what comes next has no comma before it.
    fresh: bool,
    /// Why reading failed, if it did.
    why: Wrong,
}

impl<'a> Scanner<'a> {
    /// At the beginning of a text.
    pub fn new(json: &'a [u8]) -> Self {
        Scanner {
            json,
            at: 0,
            depth: 0,
            fresh: false,
            why: Wrong::Syntax,
        }
    }

    /// Why reading failed, and where.
    pub fn error(&self) -> JsonError {
        JsonError {
            at: self.at,
            why: self.why,
        }
    }

    /// Notes why reading fails.
    pub fn fail<T>(&mut self, why: Wrong) -> Option<T> {
        self.why = why;
        None
    }

    /// Notes that what was read does not belong here.
    pub fn no<T>(&mut self) -> Option<T> {
        self.fail(Wrong::Value)
    }

    fn here(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    /// The next byte that is no white space, which stays to be read.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.here(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.here()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return self.fail(Wrong::Syntax);
        }
        self.at += 1;
        Some(())
    }

    /// Reads `word` where it stands here.
    fn word(&mut self, word: &str) -> Option<bool> {
        self.peek()?;
        let there = self
            .json
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if there {
            self.at += word.len();
        }
        Some(there)
    }

    /// The end of the text: nothing but white space is left.
    pub fn end(&mut self) -> Option<()> {
        match self.peek() {
            None => Some(()),
            Some(_) => self.fail(Wrong::Trailing),
        }
    }

    /// Reads `null` where it stands here.
    pub fn null(&mut self) -> Option<bool> {
        self.word("null")
    }

    /// Reads `true` or `false`.
    pub fn truth(&mut self) -> Option<bool> {
        let truth = self.word("true")?;
        if truth || self.word("false")? {
            Some(truth)
        } else {
            self.no()
        }
    }

    /// Reads the colon between a name and its value.
    pub fn colon(&mut self) -> Option<()> {
        self.expect(b':')
    }

    /// Goes into a list or an object.
    pub fn open(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return self.fail(Wrong::Value);
        }
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail(Wrong::Deep);
        }
        self.fresh = true;
        Some(())
    }

    /// Whether something follows before `end`; reads the comma before it.
    pub fn more(&mut self, end: u8) -> Option<bool> {
        let fresh = std::mem::take(&mut self.fresh);
        if self.peek()? == end {
            return Some(false);
        }
        if !fresh {
            self.expect(b',')?;
            if self.peek()? == end {
                return self.fail(Wrong::Syntax);
            }
        }
        Some(true)
    }

    /// Leaves a list or an object; what was not asked for of it does not belong there.
    pub fn close(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return self.fail(Wrong::Value);
        }
        self.at += 1;
        self.depth -= 1;
        self.fresh = false;
        Some(())
    }

    /// Reads past one value.
    pub fn skip(&mut self) -> Option<()> {
        let (open, end) = match self.peek()? {
            b'"' => return self.string().map(drop),
            b'[' => (b'[', b']'),
            b'{' => (b'{', b'}'),
            b'-' | b'0'..=b'9' => return self.decimal().map(drop),
            b'n' if self.null()? => return Some(()),
            b't' | b'f' => return self.truth().map(drop),
            _ => return self.fail(Wrong::Syntax),
        };
        self.open(open)?;
        while self.more(end)? {
            if open == b'{' {
                self.string()?;
                self.colon()?;
            }
            self.skip()?;
        }
        self.close(end)
    }

    /// Reads a string.
    pub fn string(&mut self) -> Option<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return self.fail(Wrong::Value);
        }
        self.at += 1;
        let mut out = Cow::Borrowed("");
        loop {
            let from = self.at;
            while self
                .here()
                .is_some_and(|b| b >= b' ' && b != b'"' && b != b'\\')
            {
                self.at += 1;
            }
            let plain = self.json.get(from..self.at).unwrap_or_default();
            out += std::str::from_utf8(plain).ok()?;
            match self.here() {
                Some(b'"') => {
                    self.at += 1;
                    return Some(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let c = self.escape()?;
                    out.to_mut().push(c);
                }
                _ => return self.fail(Wrong::Syntax),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let kind = self.here()?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex()?;
                // Beyond the first plane a character takes two escapes (RFC 8259, section 7).
                // Nothing stands between them: white space would be a character of the string.
                if code & 0xfc00 == 0xd800 && self.here()? == b'\\' && self.word("\\u")? {
                    let low = self.hex()?;
                    if low & 0xfc00 != 0xdc00 {
                        return self.fail(Wrong::Syntax);
                    }
                    code = 0x1_0000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
                }
                char::from_u32(code)?
            }
            _ => return self.fail(Wrong::Syntax),
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.here().and_then(|b| char::from(b).to_digit(16))?;
            self.at += 1;
            code = code << 4 | digit;
        }
        Some(code)
    }

    fn minus(&mut self) -> Option<bool> {
        let minus = self.peek()? == b'-';
        self.at += usize::from(minus);
        Some(minus)
    }

    /// Appends the digits that stand here to a number; says how many there are.
    fn digits(&mut self, number: &mut Digits) -> Option<usize> {
        let from = self.at;
        while let Some(digit @ b'0'..=b'9') = self.here() {
            number.push(u64::from(digit - b'0'));
            self.at += 1;
        }
        match self.at - from {
            0 => self.no(),
            count => Some(count),
        }
    }

    /// The digits before a decimal point: no zero stands before others.
    fn whole(&mut self) -> Option<Digits> {
        let mut number = Digits::default();
        let zero = self.here() == Some(b'0');
        if self.digits(&mut number)? > 1 && zero {
            return self.fail(Wrong::Syntax);
        }
        Some(number)
    }

    fn integer(&mut self) -> Option<u64> {
        let number = self.whole()?;
        if number.dropped > 0 || matches!(self.here(), Some(b'.' | b'e' | b'E')) {
            return self.fail(Wrong::Value);
        }
        Some(number.value)
    }

    /// Reads a whole number from 0 to `most`.
    pub fn within(&mut self, most: u64) -> Option<u64> {
        self.peek()?;
        let number = self.integer()?;
        if number > most {
            return self.no();
        }
        Some(number)
    }

    /// A number with decimals. It is the nearest there is where it has up to fifteen digits, as a
    /// coordinate has; with more, the last bit may be another.
    pub fn decimal(&mut self) -> Option<f64> {
        let minus = self.minus()?;
        let mut number = self.whole()?;
        let mut exponent = number.dropped;
        if self.here() == Some(b'.') {
            self.at += 1;
            let dropped = number.dropped;
            let count = i32::try_from(self.digits(&mut number)?).ok()?;
            exponent += number.dropped - dropped - count;
        }
        if matches!(self.here(), Some(b'e' | b'E')) {
            self.at += 1;
            let down = self.here() == Some(b'-');
            self.at += usize::from(down || self.here() == Some(b'+'));
            let mut power = Digits::default();
            self.digits(&mut power)?;
            let power = i32::try_from(power.value).unwrap_or(9_999).min(9_999);
            exponent += if down { -power } else { power };
        }
        let mut size = number.value as f64;
        // Powers of ten up to 22 are whole in a double, so that one division rounds once.
        while exponent != 0 && size != 0.0 && size.is_finite() {
            let step = exponent.clamp(-22, 22);
            let power = (0..step.abs()).fold(1.0, |power, _| power * 10.0);
            size = if step < 0 { size / power } else { size * power };
            exponent -= step;
        }
        if !size.is_finite() {
            return self.fail(Wrong::Value);
        }
        Some(if minus { -size } else { size })
    }
}

/// The digits of a number, as many as 64 bits hold.
#[derive(Default)]
struct Digits {
    value: u64,
    /// How many more there were.
    dropped: i32,
}

impl Digits {
    fn push(&mut self, digit: u64) {
        let next = self
            .value
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit));
        match next {
            Some(value) if self.dropped == 0 => self.value = value,
            _ => self.dropped = self.dropped.saturating_add(1),
        }
    }
}

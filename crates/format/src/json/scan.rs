//! The grammar of JSON, byte by byte.

use std::borrow::Cow;

use super::Wrong;

/// How deep lists and objects may lie within one another; what an archive holds goes to about ten.
pub(super) const DEPTH: usize = 64;

/// A JSON text and how far it was read.
pub(super) struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
    depth: usize,
    /// Whether a list or an object was just opened: what comes next has no comma before it.
    fresh: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(json: &'a [u8]) -> Self {
        Scanner {
            json,
            at: 0,
            depth: 0,
            fresh: false,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn here(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    /// The next byte that is no white space, which stays to be read.
    fn peek(&mut self) -> Result<u8, Wrong> {
        while matches!(self.here(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.here().ok_or(Wrong::Syntax)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.peek()? != byte {
            return Err(Wrong::Syntax);
        }
        self.at += 1;
        Ok(())
    }

    /// Reads `word` where it stands here.
    fn word(&mut self, word: &str) -> Result<bool, Wrong> {
        self.peek()?;
        let there = self
            .json
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if there {
            self.at += word.len();
        }
        Ok(there)
    }

    /// The end of the text: nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), Wrong> {
        match self.peek() {
            Err(_) => Ok(()),
            Ok(_) => Err(Wrong::Trailing),
        }
    }

    pub(super) fn null(&mut self) -> Result<bool, Wrong> {
        self.word("null")
    }

    pub(super) fn truth(&mut self) -> Result<bool, Wrong> {
        let truth = self.word("true")?;
        if truth || self.word("false")? {
            Ok(truth)
        } else {
            Err(Wrong::Value)
        }
    }

    pub(super) fn is_text(&mut self) -> Result<bool, Wrong> {
        Ok(self.peek()? == b'"')
    }

    pub(super) fn colon(&mut self) -> Result<(), Wrong> {
        self.expect(b':')
    }

    /// Goes into a list or an object.
    pub(super) fn open(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.peek()? != byte {
            return Err(Wrong::Value);
        }
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Wrong::Deep);
        }
        self.fresh = true;
        Ok(())
    }

    /// Whether something follows before `end`; reads the comma before it.
    pub(super) fn more(&mut self, end: u8) -> Result<bool, Wrong> {
        let fresh = std::mem::take(&mut self.fresh);
        if self.peek()? == end {
            return Ok(false);
        }
        if !fresh {
            self.expect(b',')?;
            if self.peek()? == end {
                return Err(Wrong::Syntax);
            }
        }
        Ok(true)
    }

    /// Leaves a list or an object; what was not asked for of it does not belong there.
    pub(super) fn close(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.peek()? != byte {
            return Err(Wrong::Value);
        }
        self.at += 1;
        self.depth -= 1;
        self.fresh = false;
        Ok(())
    }

    /// Reads past one value.
    pub(super) fn skip(&mut self) -> Result<(), Wrong> {
        let (open, end) = match self.peek()? {
            b'"' => return self.string().map(drop),
            b'[' => (b'[', b']'),
            b'{' => (b'{', b'}'),
            b'-' | b'0'..=b'9' => return self.decimal().map(drop),
            b'n' if self.null()? => return Ok(()),
            b't' | b'f' => return self.truth().map(drop),
            _ => return Err(Wrong::Syntax),
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

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Wrong> {
        if self.peek()? != b'"' {
            return Err(Wrong::Value);
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
            out += std::str::from_utf8(plain).map_err(|_| Wrong::Syntax)?;
            match self.here() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let c = self.escape()?;
                    out.to_mut().push(c);
                }
                _ => return Err(Wrong::Syntax),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Wrong> {
        let kind = self.here().ok_or(Wrong::Syntax)?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex()?;
                // Beyond the first plane a character takes two escapes (RFC 8259, section 7).
                if code & 0xfc00 == 0xd800 && self.word("\\u")? {
                    let low = self.hex()?;
                    if low & 0xfc00 != 0xdc00 {
                        return Err(Wrong::Syntax);
                    }
                    code = 0x1_0000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
                }
                char::from_u32(code).ok_or(Wrong::Syntax)?
            }
            _ => return Err(Wrong::Syntax),
        })
    }

    fn hex(&mut self) -> Result<u32, Wrong> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self
                .here()
                .and_then(|b| char::from(b).to_digit(16))
                .ok_or(Wrong::Syntax)?;
            self.at += 1;
            code = code << 4 | digit;
        }
        Ok(code)
    }

    fn minus(&mut self) -> Result<bool, Wrong> {
        let minus = self.peek()? == b'-';
        self.at += usize::from(minus);
        Ok(minus)
    }

    /// Appends the digits that stand here to a number; says how many there are.
    fn digits(&mut self, number: &mut Digits) -> Result<usize, Wrong> {
        let from = self.at;
        while let Some(digit @ b'0'..=b'9') = self.here() {
            number.push(u64::from(digit - b'0'));
            self.at += 1;
        }
        match self.at - from {
            0 => Err(Wrong::Value),
            count => Ok(count),
        }
    }

    /// The digits before a decimal point: no zero stands before others.
    fn whole(&mut self) -> Result<Digits, Wrong> {
        let mut number = Digits::default();
        let zero = self.here() == Some(b'0');
        if self.digits(&mut number)? > 1 && zero {
            return Err(Wrong::Syntax);
        }
        Ok(number)
    }

    fn integer(&mut self) -> Result<u64, Wrong> {
        let number = self.whole()?;
        if number.dropped > 0 || matches!(self.here(), Some(b'.' | b'e' | b'E')) {
            return Err(Wrong::Value);
        }
        Ok(number.value)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Wrong> {
        self.peek()?;
        self.integer()
    }

    pub(super) fn signed(&mut self) -> Result<i64, Wrong> {
        let minus = self.minus()?;
        let size = i128::from(self.integer()?);
        i64::try_from(if minus { -size } else { size }).map_err(|_| Wrong::Value)
    }

    /// A number with decimals. It is the nearest there is where it has up to fifteen digits, as a
    /// coordinate has; with more, the last bit may be another.
    pub(super) fn decimal(&mut self) -> Result<f64, Wrong> {
        let minus = self.minus()?;
        let mut number = self.whole()?;
        let mut exponent = number.dropped;
        if self.here() == Some(b'.') {
            self.at += 1;
            let dropped = number.dropped;
            let count = i32::try_from(self.digits(&mut number)?).map_err(|_| Wrong::Value)?;
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
            return Err(Wrong::Value);
        }
        Ok(if minus { -size } else { size })
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

//! A scanner for the grammar of JSON.

use std::borrow::Cow;

use crate::error::{JsonError, JsonErrorKind};

/// Maximum nesting depth of arrays and objects. The JSON files of an archive reach about 10.
const MAX_DEPTH: usize = 64;

/// A scanner that reads a JSON text from start to end.
///
/// All methods that read a token skip the white space before it. On failure they return `None`;
/// [`Scanner::error`] then returns the error.
pub struct Scanner<'a> {
    json: &'a [u8],
    /// Offset of the next byte to read.
    offset: usize,
    depth: usize,
    /// `true` directly after an opening bracket, because the first element has no comma before it.
    is_first: bool,
    /// The kind of the last error: [`JsonErrorKind::Syntax`] unless another kind was recorded.
    error_kind: JsonErrorKind,
}

impl<'a> Scanner<'a> {
    /// Creates a scanner at the start of `json`.
    pub fn new(json: &'a [u8]) -> Self {
        Scanner {
            json,
            offset: 0,
            depth: 0,
            is_first: false,
            error_kind: JsonErrorKind::Syntax,
        }
    }

    /// Returns the error that made the last method return `None`.
    pub fn error(&self) -> JsonError {
        JsonError {
            offset: self.offset,
            kind: self.error_kind,
        }
    }

    /// Records an error of the given kind at the current offset and returns `None`.
    pub fn fail<T>(&mut self, kind: JsonErrorKind) -> Option<T> {
        self.error_kind = kind;
        None
    }

    /// Records [`JsonErrorKind::UnexpectedValue`] at the current offset and returns `None`.
    pub fn unexpected<T>(&mut self) -> Option<T> {
        self.fail(JsonErrorKind::UnexpectedValue)
    }

    fn current(&self) -> Option<u8> {
        self.json.get(self.offset).copied()
    }

    /// Skips white space and returns the next byte without consuming it.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.current(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.offset += 1;
        }
        self.current()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return self.fail(JsonErrorKind::Syntax);
        }
        self.offset += 1;
        Some(())
    }

    /// Consumes `literal` if it is next. Returns `true` if it was.
    fn literal(&mut self, literal: &str) -> Option<bool> {
        self.peek()?;
        let is_next = self
            .json
            .get(self.offset..)
            .is_some_and(|rest| rest.starts_with(literal.as_bytes()));
        if is_next {
            self.offset += literal.len();
        }
        Some(is_next)
    }

    /// Checks that only white space is left.
    pub fn finish(&mut self) -> Option<()> {
        match self.peek() {
            None => Some(()),
            Some(_) => self.fail(JsonErrorKind::Trailing),
        }
    }

    /// Consumes `null` if it is next. Returns `true` if it was.
    pub fn null(&mut self) -> Option<bool> {
        self.literal("null")
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self) -> Option<bool> {
        let is_true = self.literal("true")?;
        if is_true || self.literal("false")? {
            Some(is_true)
        } else {
            self.unexpected()
        }
    }

    /// Reads the colon between the name of a member and its value.
    pub fn colon(&mut self) -> Option<()> {
        self.expect(b':')
    }

    /// Reads `bracket`, which opens an array (`[`) or an object (`{`).
    pub fn open(&mut self, bracket: u8) -> Option<()> {
        if self.peek()? != bracket {
            return self.unexpected();
        }
        self.offset += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(JsonErrorKind::TooDeep);
        }
        self.is_first = true;
        Some(())
    }

    /// Advances to the next element or member and consumes the comma before it. Returns `false` if
    /// the closing `bracket` is next instead; [`close`](Scanner::close) consumes it.
    pub fn next_element(&mut self, bracket: u8) -> Option<bool> {
        let is_first = std::mem::take(&mut self.is_first);
        if self.peek()? == bracket {
            return Some(false);
        }
        if !is_first {
            self.expect(b',')?;
            if self.peek()? == bracket {
                return self.fail(JsonErrorKind::Syntax);
            }
        }
        Some(true)
    }

    /// Reads `bracket`, which closes an array (`]`) or an object (`}`). Fails if another element
    /// follows.
    pub fn close(&mut self, bracket: u8) -> Option<()> {
        if self.peek()? != bracket {
            return self.unexpected();
        }
        self.offset += 1;
        self.depth -= 1;
        self.is_first = false;
        Some(())
    }

    /// Skips one value of any type.
    pub fn skip_value(&mut self) -> Option<()> {
        let (opening, closing) = match self.peek()? {
            b'"' => return self.string().map(drop),
            b'[' => (b'[', b']'),
            b'{' => (b'{', b'}'),
            b'-' | b'0'..=b'9' => return self.number().map(drop),
            b'n' if self.null()? => return Some(()),
            b't' | b'f' => return self.boolean().map(drop),
            _ => return self.fail(JsonErrorKind::Syntax),
        };
        self.open(opening)?;
        while self.next_element(closing)? {
            if opening == b'{' {
                self.string()?;
                self.colon()?;
            }
            self.skip_value()?;
        }
        self.close(closing)
    }

    /// Reads a string. The result borrows from the JSON text if the string has no escape sequences.
    pub fn string(&mut self) -> Option<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return self.unexpected();
        }
        self.offset += 1;
        let mut out = Cow::Borrowed("");
        loop {
            let start = self.offset;
            while self
                .current()
                .is_some_and(|b| b >= b' ' && b != b'"' && b != b'\\')
            {
                self.offset += 1;
            }
            let unescaped = self.json.get(start..self.offset).unwrap_or_default();
            out += std::str::from_utf8(unescaped).ok()?;
            match self.current() {
                Some(b'"') => {
                    self.offset += 1;
                    return Some(out);
                }
                Some(b'\\') => {
                    self.offset += 1;
                    let c = self.escape()?;
                    out.to_mut().push(c);
                }
                _ => return self.fail(JsonErrorKind::Syntax),
            }
        }
    }

    /// Reads the rest of an escape sequence, after the backslash.
    fn escape(&mut self) -> Option<char> {
        let kind = self.current()?;
        self.offset += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex()?;
                // A character outside the Basic Multilingual Plane is escaped as a surrogate pair
                // (RFC 8259, section 7). `current` makes sure that the second escape follows
                // directly: `literal` would skip white space, which is part of the string here.
                if code & 0xfc00 == 0xd800 && self.current()? == b'\\' && self.literal("\\u")? {
                    let low = self.hex()?;
                    if low & 0xfc00 != 0xdc00 {
                        return self.fail(JsonErrorKind::Syntax);
                    }
                    code = 0x1_0000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
                }
                char::from_u32(code)?
            }
            _ => return self.fail(JsonErrorKind::Syntax),
        })
    }

    /// Reads four hexadecimal digits.
    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.current().and_then(|b| char::from(b).to_digit(16))?;
            self.offset += 1;
            code = code << 4 | digit;
        }
        Some(code)
    }

    fn minus(&mut self) -> Option<bool> {
        let is_negative = self.peek()? == b'-';
        self.offset += usize::from(is_negative);
        Some(is_negative)
    }

    /// Reads one or more digits into `significand` and returns their count.
    fn digits(&mut self, significand: &mut Significand) -> Option<usize> {
        let start = self.offset;
        while let Some(digit @ b'0'..=b'9') = self.current() {
            significand.push(u64::from(digit - b'0'));
            self.offset += 1;
        }
        match self.offset - start {
            0 => self.unexpected(),
            count => Some(count),
        }
    }

    /// Reads the digits before the decimal point. A leading zero is an error unless it is the only
    /// digit.
    fn integer_part(&mut self) -> Option<Significand> {
        let mut significand = Significand::default();
        let starts_with_zero = self.current() == Some(b'0');
        if self.digits(&mut significand)? > 1 && starts_with_zero {
            return self.fail(JsonErrorKind::Syntax);
        }
        Some(significand)
    }

    fn unsigned_integer(&mut self) -> Option<u64> {
        let significand = self.integer_part()?;
        if significand.dropped_digits > 0 || matches!(self.current(), Some(b'.' | b'e' | b'E')) {
            return self.unexpected();
        }
        Some(significand.value)
    }

    /// Reads an integer from 0 to `max`.
    pub fn integer_up_to(&mut self, max: u64) -> Option<u64> {
        self.peek()?;
        let integer = self.unsigned_integer()?;
        if integer > max {
            return self.unexpected();
        }
        Some(integer)
    }

    /// Reads a number. The result is correctly rounded for numbers of up to 15 significant digits,
    /// which suffices for coordinates; with more digits the last bit may be wrong.
    pub fn number(&mut self) -> Option<f64> {
        let is_negative = self.minus()?;
        let mut significand = self.integer_part()?;
        let mut exponent = significand.dropped_digits;
        if self.current() == Some(b'.') {
            self.offset += 1;
            let dropped = significand.dropped_digits;
            let count = i32::try_from(self.digits(&mut significand)?).ok()?;
            exponent += significand.dropped_digits - dropped - count;
        }
        if matches!(self.current(), Some(b'e' | b'E')) {
            self.offset += 1;
            let has_minus = self.current() == Some(b'-');
            self.offset += usize::from(has_minus || self.current() == Some(b'+'));
            let mut written = Significand::default();
            self.digits(&mut written)?;
            let written = i32::try_from(written.value).unwrap_or(9_999).min(9_999);
            exponent += if has_minus { -written } else { written };
        }
        let mut magnitude = significand.value as f64;
        // Powers of ten up to 10^22 are exact in a double, so each step rounds only once.
        while exponent != 0 && magnitude != 0.0 && magnitude.is_finite() {
            let step = exponent.clamp(-22, 22);
            let power = (0..step.abs()).fold(1.0, |power, _| power * 10.0);
            magnitude = if step < 0 {
                magnitude / power
            } else {
                magnitude * power
            };
            exponent -= step;
        }
        if !magnitude.is_finite() {
            return self.unexpected();
        }
        Some(if is_negative { -magnitude } else { magnitude })
    }
}

/// The leading digits of a number, as many as fit into 64 bits.
#[derive(Default)]
struct Significand {
    value: u64,
    /// Number of digits that did not fit into `value`.
    dropped_digits: i32,
}

impl Significand {
    fn push(&mut self, digit: u64) {
        let next = self
            .value
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit));
        match next {
            Some(value) if self.dropped_digits == 0 => self.value = value,
            _ => self.dropped_digits = self.dropped_digits.saturating_add(1),
        }
    }
}

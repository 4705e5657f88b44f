//! What can be read from JSON.

use super::scan::Scanner;

/// What is wrong with a piece of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is not JSON.
    #[error("this is not JSON")]
    Syntax,
    /// It goes on after its end.
    #[error("something follows the end")]
    Trailing,
    /// Lists and objects within one another, more than 64 deep.
    #[error("it is nested too deep")]
    Deep,
    /// A member that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member is there more than once.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// JSON, but not of the kind or with the content that belongs here.
    #[error("this value does not belong here")]
    Value,
}

/// What can be read from JSON.
pub trait FromJson {
    /// A value into which nothing was read yet; also what an absent member counts as.
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads the value that comes next into this one. `None` where it cannot be read: the scanner
    /// knows why, and what was read so far is worth nothing.
    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()>;
}

macro_rules! plain {
    ($($type:ty: |$json:ident| $read:expr;)*) => { $(
        impl FromJson for $type {
            fn blank() -> Self {
                Self::default()
            }

            fn read(&mut self, $json: &mut Scanner<'_>) -> Option<()> {
                *self = $read;
                Some(())
            }
        }
    )* };
}

plain! {
    u8: |json| json.within(u8::MAX.into())? as u8;
    u16: |json| json.within(u16::MAX.into())? as u16;
    u32: |json| json.within(u32::MAX.into())? as u32;
    u64: |json| json.within(u64::MAX)?;
    f64: |json| json.decimal()?;
    bool: |json| json.truth()?;
    String: |json| json.string()?.into_owned();
}

impl<T: FromJson> FromJson for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        if json.null()? {
            *self = None;
            return Some(());
        }
        self.insert(T::blank()).read(json)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn blank() -> Self {
        Box::new(T::blank())
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        T::read(self, json)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn blank() -> Self {
        Vec::new()
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        self.clear();
        json.open(b'[')?;
        while json.more(b']')? {
            let mut value = T::blank();
            value.read(json)?;
            self.push(value);
        }
        json.close(b']')
    }
}

impl<const N: usize> FromJson for [u32; N] {
    fn blank() -> Self {
        [0; N]
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        json.numbers(self)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn blank() -> Self {
        (A::blank(), B::blank())
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        let parts: [&mut dyn FromJson; 2] = [&mut self.0, &mut self.1];
        json.open(b'[')?;
        for part in parts {
            if !json.more(b']')? {
                return json.no();
            }
            part.read(json)?;
        }
        json.close(b']')
    }
}

impl<T: FromJson> FromJson for std::rc::Rc<T> {
    fn blank() -> Self {
        std::rc::Rc::new(T::blank())
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        match std::rc::Rc::get_mut(self) {
            Some(value) => value.read(json),
            None => json.no(),
        }
    }
}

impl Scanner<'_> {
    /// Reads an object into its members: the name of each, and whether it may be absent.
    pub fn object(
        &mut self,
        names: &'static [(&'static str, bool)],
        members: &mut [&mut dyn FromJson],
    ) -> Option<()> {
        let mut seen = 0u64;
        self.open(b'{')?;
        while self.more(b'}')? {
            let name = self.string()?;
            self.colon()?;
            let known = names.iter().position(|(own, _)| *own == name);
            match known.and_then(|at| Some((at, members.get_mut(at)?, names.get(at)?))) {
                Some((at, member, (own, _))) => {
                    if seen & 1 << at != 0 {
                        return self.fail(Wrong::Twice(own));
                    }
                    seen |= 1 << at;
                    member.read(self)?;
                }
                None => self.skip()?,
            }
        }
        self.close(b'}')?;
        for (at, (name, optional)) in names.iter().enumerate() {
            if !optional && seen & 1 << at == 0 {
                return self.fail(Wrong::Missing(name));
            }
        }
        Some(())
    }

    /// Reads a list of so many numbers.
    fn numbers(&mut self, numbers: &mut [u32]) -> Option<()> {
        self.open(b'[')?;
        for number in numbers {
            if !self.more(b']')? {
                return self.no();
            }
            number.read(self)?;
        }
        self.close(b']')
    }

    /// Reads an object of one member, whose name chooses among `kinds`; `read` reads its content.
    pub fn choice(
        &mut self,
        kinds: &[&str],
        read: impl FnOnce(usize, &mut Self) -> Option<()>,
    ) -> Option<()> {
        self.open(b'{')?;
        if !self.more(b'}')? {
            return self.no();
        }
        let name = self.string()?;
        let Some(kind) = kinds.iter().position(|kind| *kind == name) else {
            return self.no();
        };
        self.colon()?;
        read(kind, self)?;
        self.close(b'}')
    }
}

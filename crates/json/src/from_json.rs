//! The [`FromJson`] trait and its implementations for standard types.

use std::rc::Rc;
use std::sync::Arc;

use crate::scanner::Scanner;

/// A type that can be read from JSON.
///
/// Values are read in place: start with [`FromJson::default_value`] and overwrite it with
/// [`FromJson::read`].
pub trait FromJson {
    /// Returns the initial value, into which [`FromJson::read`] then reads. An optional member that
    /// is absent keeps this value.
    fn default_value() -> Self
    where
        Self: Sized;

    /// Reads the next value into `self`.
    ///
    /// Returns `None` on failure; [`Scanner::error`] then returns the error, and `self` is left in
    /// an unspecified state.
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()>;
}

macro_rules! impl_from_json {
    ($($type:ty: |$scanner:ident| $read:expr;)*) => { $(
        impl FromJson for $type {
            fn default_value() -> Self {
                Self::default()
            }

            fn read(&mut self, $scanner: &mut Scanner<'_>) -> Option<()> {
                *self = $read;
                Some(())
            }
        }
    )* };
}

impl_from_json! {
    u8: |scanner| scanner.integer_up_to(u8::MAX.into())? as u8;
    u16: |scanner| scanner.integer_up_to(u16::MAX.into())? as u16;
    u32: |scanner| scanner.integer_up_to(u32::MAX.into())? as u32;
    u64: |scanner| scanner.integer_up_to(u64::MAX)?;
    f64: |scanner| scanner.number()?;
    bool: |scanner| scanner.boolean()?;
    String: |scanner| scanner.string()?.into_owned();
}

impl<T: FromJson> FromJson for Option<T> {
    fn default_value() -> Self {
        None
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        if scanner.null()? {
            *self = None;
            return Some(());
        }
        self.insert(T::default_value()).read(scanner)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn default_value() -> Self {
        Box::new(T::default_value())
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        T::read(self, scanner)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn default_value() -> Self {
        Vec::new()
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        self.clear();
        scanner.open(b'[')?;
        while scanner.next_element(b']')? {
            let mut element = T::default_value();
            element.read(scanner)?;
            self.push(element);
        }
        scanner.close(b']')
    }
}

impl<const N: usize> FromJson for [u32; N] {
    fn default_value() -> Self {
        [0; N]
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        read_integers(scanner, self)
    }
}

/// Reads an array of exactly `integers.len()` integers. The function is not generic over the
/// length, so that its code is compiled only once.
fn read_integers(scanner: &mut Scanner<'_>, integers: &mut [u32]) -> Option<()> {
    scanner.open(b'[')?;
    for integer in integers {
        if !scanner.next_element(b']')? {
            return scanner.unexpected();
        }
        integer.read(scanner)?;
    }
    scanner.close(b']')
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn default_value() -> Self {
        (A::default_value(), B::default_value())
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        let elements: [&mut dyn FromJson; 2] = [&mut self.0, &mut self.1];
        scanner.open(b'[')?;
        for element in elements {
            if !scanner.next_element(b']')? {
                return scanner.unexpected();
            }
            element.read(scanner)?;
        }
        scanner.close(b']')
    }
}

impl<T: FromJson> FromJson for Rc<T> {
    fn default_value() -> Self {
        Rc::new(T::default_value())
    }

    /// Fails if there are other pointers to the value, which therefore cannot be changed.
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        match Rc::get_mut(self) {
            Some(value) => value.read(scanner),
            None => scanner.unexpected(),
        }
    }
}

impl<T: FromJson> FromJson for Arc<T> {
    fn default_value() -> Self {
        Arc::new(T::default_value())
    }

    /// Fails if there are other pointers to the value, which therefore cannot be changed.
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        match Arc::get_mut(self) {
            Some(value) => value.read(scanner),
            None => scanner.unexpected(),
        }
    }
}

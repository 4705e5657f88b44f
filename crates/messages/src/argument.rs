//! Arguments of messages.

use crate::Message;

/// An argument of a message.
#[derive(Debug, Clone)]
pub enum Argument {
    /// A value from a source, such as a name or a number.
    Value(String),
    /// A text that is translated as well.
    Message(Message),
}

/// Conversion to an argument of a message.
pub trait ToArgument {
    /// Returns the argument.
    fn to_argument(&self) -> Argument;
}

impl ToArgument for Message {
    fn to_argument(&self) -> Argument {
        Argument::Message(self.clone())
    }
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn to_argument(&self) -> Argument {
        (**self).to_argument()
    }
}

macro_rules! values {
    ($($type:ty),*) => {$(
        impl ToArgument for $type {
            fn to_argument(&self) -> Argument {
                Argument::Value(self.to_string())
            }
        }
    )*};
}

values!(
    str,
    String,
    char,
    u8,
    u16,
    i32,
    u32,
    u64,
    usize,
    i64,
    f64,
    std::net::SocketAddr,
    std::path::Display<'_>,
    std::io::Error
);

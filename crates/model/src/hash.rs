//! SHA-256 digests, which name content-addressed objects.

use std::fmt;
use std::str::FromStr;

use khizana_messages::{Argument, ToArgument};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// An error from parsing a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a SHA-256 digest of 64 lowercase hexadecimal digits")]
pub struct HashError(pub String);

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl ToArgument for Hash {
    fn to_argument(&self) -> Argument {
        Argument::Value(self.to_string())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                let digit = DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
                fmt::Write::write_char(f, char::from(digit))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let invalid = || HashError(text.chars().take(80).collect());
        let mut bytes = [0u8; 32];
        if text.len() != 64 {
            return Err(invalid());
        }
        for (pair, byte) in text.as_bytes().chunks(2).zip(bytes.iter_mut()) {
            for digit in pair {
                let value = match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return Err(invalid()),
                };
                *byte = *byte << 4 | value;
            }
        }
        Ok(Hash(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_round_trip_as_lowercase_hexadecimal() {
        let hash = Hash(std::array::from_fn(|i| i as u8 * 7));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!(hash.to_string().starts_with("00070e15"));
        for wrong in ["", "00", &hash.to_string().to_uppercase(), &"g".repeat(64)] {
            assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
        }
    }
}

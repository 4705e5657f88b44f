//! Waveforms of recordings.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The peaks of consecutive parts of a recording, from 0 (silence) to 255 (full scale). All parts
/// have the same length. Each peak is serialised as two lowercase hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform(pub Vec<u8>);

impl Serialize for Waveform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
        let digits = self
            .0
            .iter()
            .flat_map(|peak| [digit(peak >> 4), digit(peak & 15)]);
        serializer.serialize_str(&digits.collect::<String>())
    }
}

impl<'de> Deserialize<'de> for Waveform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let peaks = text.as_bytes().chunks(2).map(|pair| match *pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        });
        let peaks: Option<Vec<u8>> = peaks.collect();
        peaks.map(Waveform).ok_or_else(|| {
            serde::de::Error::custom("expected pairs of lowercase hexadecimal digits")
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn peaks_round_trip_as_hexadecimal_digits() {
        let waveform = Waveform(vec![0, 9, 10, 255]);
        let json = serde_json::to_string(&waveform).unwrap();
        assert_eq!(json, "\"00090aff\"");
        assert_eq!(serde_json::from_str::<Waveform>(&json).unwrap(), waveform);
        for wrong in ["\"0\"", "\"0G\"", "\"0A\"", "7"] {
            assert!(serde_json::from_str::<Waveform>(wrong).is_err(), "{wrong}");
        }
    }
}

//! A list of byte strings in one buffer.

/// A list of byte strings in one buffer. It takes less memory than a vector for each string.
#[derive(Debug, Clone, Default)]
pub struct PackedList {
    bytes: Vec<u8>,
    /// The end of each string in `bytes`. A string starts where the previous one ends.
    ends: Vec<usize>,
}

impl PackedList {
    /// Appends a string.
    pub fn push(&mut self, string: &[u8]) {
        self.bytes.extend_from_slice(string);
        self.ends.push(self.bytes.len());
    }

    /// Returns the string at an index.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        let start = match index.checked_sub(1) {
            Some(previous) => *self.ends.get(previous)?,
            None => 0,
        };
        self.bytes.get(start..*self.ends.get(index)?)
    }

    /// Returns the number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns `true` if there are no strings.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_the_strings_that_were_added() {
        let mut list = PackedList::default();
        assert!(list.is_empty() && list.get(0).is_none());
        for string in ["a", "", "bc"] {
            list.push(string.as_bytes());
        }
        let all: Vec<_> = (0..4).map(|index| list.get(index)).collect();
        let expected: [Option<&[u8]>; 4] = [Some(b"a"), Some(b""), Some(b"bc"), None];
        assert_eq!(all, expected);
        assert_eq!(list.len(), 3);
    }
}

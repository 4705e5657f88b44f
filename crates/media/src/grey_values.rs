//! The grey values that occur in an image.

/// Maximum number of grey values of an image that is published with few grey values: those of a
/// scan with four bits per pixel.
const MAX_FEW: usize = 16;

/// The distinct grey values of an image whose rows are added one after another.
pub(crate) struct GreyValues {
    /// `None` if the image has colours or more than [`MAX_FEW`] grey values.
    present: Option<[bool; 256]>,
}

impl GreyValues {
    /// Creates the value for an image with this number of channels. No rows have been added.
    pub fn new(channels: usize) -> GreyValues {
        GreyValues {
            present: (channels == 1).then_some([false; 256]),
        }
    }

    /// Adds the pixels of rows.
    pub fn add(&mut self, rows: &[u8]) {
        let Some(present) = &mut self.present else {
            return;
        };
        for chunk in rows.chunks(1 << 12) {
            for value in chunk {
                if let Some(slot) = present.get_mut(usize::from(*value)) {
                    *slot = true;
                }
            }
            if present.iter().filter(|is_present| **is_present).count() > MAX_FEW {
                self.present = None;
                return;
            }
        }
    }

    /// Returns `true` if the image is grey and has few distinct values, such as a bilevel scan.
    pub fn are_few(&self) -> bool {
        self.present.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_grey_values_of_all_rows() {
        let sixteen: Vec<u8> = (0..=255).step_by(17).collect();
        let mut greys = GreyValues::new(1);
        greys.add(&sixteen);
        greys.add(&sixteen);
        assert!(greys.are_few());
        greys.add(&[1]);
        assert!(!greys.are_few());
        greys.add(&[1]);
        assert!(!greys.are_few());
        assert!(!GreyValues::new(3).are_few());
    }
}

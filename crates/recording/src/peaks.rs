//! The waveform: how loud a recording is, from its beginning to its end.

/// How many parts of equal length a waveform has.
pub const PEAKS: usize = 800;

/// Bins kept while the length is not known yet: four to eight for each part.
const MOST: usize = PEAKS * 8;

/// Gathers peaks over samples that come one after the other.
///
/// How long a stream is shows only at its end. So a bin holds the peak of a few samples at first;
/// whenever there are too many bins, neighbours are joined and each holds twice as many. Memory stays
/// the same however long the recording, and the result depends on the samples alone.
pub(crate) struct Gatherer {
    bins: Vec<u8>,
    /// Samples of one channel that a bin holds.
    width: u64,
    /// Samples in the bin that is being filled.
    filled: u64,
    /// Its peak, 0 to 1.
    loudest: f32,
}

impl Gatherer {
    pub fn new() -> Self {
        Gatherer {
            bins: Vec::with_capacity(MOST),
            width: 64,
            filled: 0,
            loudest: 0.0,
        }
    }

    /// Adds samples of all channels, interleaved.
    pub fn add(&mut self, samples: &[f32], channels: usize) {
        for frame in samples.chunks(channels.max(1)) {
            for sample in frame {
                // `max` leaves out what is not a number.
                self.loudest = self.loudest.max(sample.abs());
            }
            self.filled += 1;
            if self.filled == self.width {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        self.bins
            .push((self.loudest.min(1.0) * 255.0).round() as u8);
        self.filled = 0;
        self.loudest = 0.0;
        if self.bins.len() == MOST {
            self.bins = self
                .bins
                .chunks(2)
                .map(|pair| pair.iter().copied().max().unwrap_or_default())
                .collect();
            self.width *= 2;
        }
    }

    /// [`PEAKS`] peaks from 0, silence, to 255, full scale; none where there was no sample.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        if self.filled > 0 {
            self.close();
        }
        let bins = &self.bins;
        if bins.is_empty() {
            return None;
        }
        let peaks = (0..PEAKS).map(|part| {
            let from = part * bins.len() / PEAKS;
            let to = ((part + 1) * bins.len() / PEAKS).max(from + 1);
            let own = bins.get(from..to).unwrap_or_default();
            own.iter().copied().max().unwrap_or_default()
        });
        Some(peaks.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(samples: &[f32], at_once: usize, channels: usize) -> Option<Vec<u8>> {
        let mut gatherer = Gatherer::new();
        for chunk in samples.chunks(at_once) {
            gatherer.add(chunk, channels);
        }
        gatherer.finish()
    }

    #[test]
    fn silence_is_flat_and_nothing_is_nothing() {
        assert_eq!(of(&[], 1, 1), None);
        assert_eq!(of(&[0.0; 10], 3, 1), Some(vec![0; PEAKS]));
    }

    #[test]
    fn a_peak_stands_where_it_was_heard_however_long_the_recording() {
        for length in [1_000, 51_200, 409_600, 1_000_003] {
            let mut samples = vec![0.1; length];
            samples[length * 3 / 4] = -0.5;
            let peaks = of(&samples, 1_024, 1).unwrap();
            assert_eq!(peaks.len(), PEAKS);
            let loud: Vec<usize> = (0..PEAKS).filter(|at| peaks[*at] == 128).collect();
            assert!(
                loud.iter().any(|at| at.abs_diff(PEAKS * 3 / 4) <= 1),
                "{length}: {loud:?}"
            );
            let quiet = peaks.iter().filter(|peak| **peak == 26).count();
            assert!(quiet + loud.len() == PEAKS, "{length}");
        }
    }

    #[test]
    fn the_size_of_packets_makes_no_difference() {
        let samples: Vec<f32> = (0..200_000)
            .map(|i| ((i * 37) % 1_000) as f32 / 1_000.0)
            .collect();
        assert_eq!(of(&samples, 1, 1), of(&samples, 4_096, 1));
    }

    #[test]
    fn the_loudest_channel_counts_and_what_is_no_number_does_not() {
        assert_eq!(of(&[0.0, 1.0, f32::NAN, 0.0], 4, 2).unwrap()[0], 255);
        assert_eq!(of(&[f32::NAN, f32::INFINITY], 2, 1).unwrap()[0], 255);
        assert_eq!(of(&[9.0, -9.0], 2, 1).unwrap()[0], 255);
    }
}

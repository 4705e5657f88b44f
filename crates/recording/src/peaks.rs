//! Waveforms: the peak amplitudes of a recording over time.

/// Number of peaks in a waveform. Each peak covers an equal share of the duration.
pub const PEAK_COUNT: usize = 800;

/// Maximum number of bins while samples are being added. At the end there are four to eight bins
/// per peak, or fewer if the recording lasts only a few seconds.
const MAX_BINS: usize = PEAK_COUNT * 8;

/// Computes the peaks of a stream of samples.
///
/// The duration of a stream is known only at its end. Each bin therefore covers only a few samples
/// at first. When the number of bins reaches the maximum, adjacent bins are merged in pairs, and
/// each bin then covers twice as many samples. Memory use is constant, and the result depends only
/// on the samples.
pub(crate) struct PeakAccumulator {
    bins: Vec<u8>,
    /// Number of samples per channel that each bin covers.
    samples_per_bin: u64,
    /// Number of samples per channel in the current bin.
    bin_len: u64,
    /// Peak amplitude of the current bin, not yet limited to 1.0.
    bin_peak: f32,
}

impl PeakAccumulator {
    pub fn new() -> Self {
        PeakAccumulator {
            bins: Vec::with_capacity(MAX_BINS),
            samples_per_bin: 64,
            bin_len: 0,
            bin_peak: 0.0,
        }
    }

    /// Adds interleaved samples of all channels.
    pub fn add(&mut self, samples: &[f32], channels: usize) {
        for frame in samples.chunks(channels.max(1)) {
            for sample in frame {
                // `f32::max` ignores NaN.
                self.bin_peak = self.bin_peak.max(sample.abs());
            }
            self.bin_len += 1;
            if self.bin_len == self.samples_per_bin {
                self.close_bin();
            }
        }
    }

    fn close_bin(&mut self) {
        self.bins
            .push((self.bin_peak.min(1.0) * 255.0).round() as u8);
        self.bin_len = 0;
        self.bin_peak = 0.0;
        if self.bins.len() == MAX_BINS {
            self.bins = self
                .bins
                .chunks(2)
                .map(|pair| pair.iter().copied().max().unwrap_or_default())
                .collect();
            self.samples_per_bin *= 2;
        }
    }

    /// Returns [`PEAK_COUNT`] peaks from 0 (silence) to 255 (full scale), or `None` if no sample
    /// was added.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        if self.bin_len > 0 {
            self.close_bin();
        }
        let bins = &self.bins;
        if bins.is_empty() {
            return None;
        }
        let peaks = (0..PEAK_COUNT).map(|index| {
            let start = index * bins.len() / PEAK_COUNT;
            let end = ((index + 1) * bins.len() / PEAK_COUNT).max(start + 1);
            let covered = bins.get(start..end).unwrap_or_default();
            covered.iter().copied().max().unwrap_or_default()
        });
        Some(peaks.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peaks(samples: &[f32], chunk_len: usize, channels: usize) -> Option<Vec<u8>> {
        let mut accumulator = PeakAccumulator::new();
        for chunk in samples.chunks(chunk_len) {
            accumulator.add(chunk, channels);
        }
        accumulator.finish()
    }

    #[test]
    fn silence_has_zero_peaks_and_an_empty_stream_has_none() {
        assert_eq!(peaks(&[], 1, 1), None);
        assert_eq!(peaks(&[0.0; 10], 3, 1), Some(vec![0; PEAK_COUNT]));
    }

    #[test]
    fn peak_position_is_independent_of_the_duration() {
        for length in [1_000, 51_200, 409_600, 1_000_003] {
            let mut samples = vec![0.1; length];
            samples[length * 3 / 4] = -0.5;
            let peaks = peaks(&samples, 1_024, 1).unwrap();
            assert_eq!(peaks.len(), PEAK_COUNT);
            let loud: Vec<usize> = (0..PEAK_COUNT)
                .filter(|index| peaks[*index] == 128)
                .collect();
            assert!(
                loud.iter()
                    .any(|index| index.abs_diff(PEAK_COUNT * 3 / 4) <= 1),
                "{length}: {loud:?}"
            );
            let quiet = peaks.iter().filter(|peak| **peak == 26).count();
            assert!(quiet + loud.len() == PEAK_COUNT, "{length}");
        }
    }

    #[test]
    fn peaks_do_not_depend_on_the_packet_size() {
        let samples: Vec<f32> = (0..200_000)
            .map(|i| ((i * 37) % 1_000) as f32 / 1_000.0)
            .collect();
        assert_eq!(peaks(&samples, 1, 1), peaks(&samples, 4_096, 1));
    }

    #[test]
    fn takes_the_loudest_channel_and_ignores_nan() {
        assert_eq!(peaks(&[0.0, 1.0, f32::NAN, 0.0], 4, 2).unwrap()[0], 255);
        assert_eq!(peaks(&[f32::NAN, f32::INFINITY], 2, 1).unwrap()[0], 255);
        assert_eq!(peaks(&[9.0, -9.0], 2, 1).unwrap()[0], 255);
    }
}

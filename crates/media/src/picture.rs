//! The type for decoded images.

/// A decoded image: upright, opaque, 8-bit sRGB or grey.
#[derive(Clone)]
pub struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Number of bytes per pixel: 1 (grey) or 3 (RGB).
    pub(crate) channels: usize,
    /// The samples of all rows from top to bottom, without padding.
    pub(crate) pixels: Vec<u8>,
}

impl Picture {
    /// Creates an image from RGB samples: three bytes per pixel, in rows from top to bottom.
    ///
    /// Returns `None` if a dimension is 0, or if the length of `pixels` does not match the
    /// dimensions.
    #[must_use]
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Option<Picture> {
        let bytes = u64::from(width) * u64::from(height) * 3;
        (bytes > 0 && bytes == pixels.len() as u64).then_some(Picture {
            width,
            height,
            channels: 3,
            pixels,
        })
    }

    /// Returns the RGB value of a pixel, or black if the pixel is outside the image.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let start = (y as usize * self.width as usize + x as usize) * self.channels;
        let is_within = x < self.width && y < self.height;
        match self
            .pixels
            .get(start..start + self.channels)
            .filter(|_| is_within)
        {
            Some(&[v]) => [v, v, v],
            Some(&[r, g, b]) => [r, g, b],
            _ => [0; 3],
        }
    }

    /// Returns the luma of each pixel, in rows from top to bottom.
    #[must_use]
    pub fn luma(&self) -> Vec<u8> {
        let pixels = self.pixels.chunks_exact(self.channels);
        let luma = pixels.map(|pixel| match pixel {
            [r, g, b] => {
                let sum = 54 * u32::from(*r) + 183 * u32::from(*g) + 19 * u32::from(*b);
                (sum >> 8) as u8
            }
            other => other.first().copied().unwrap_or_default(),
        });
        luma.collect()
    }

    /// Returns the width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns the dominant colour in sRGB, which is used as a placeholder while the image loads.
    ///
    /// The pixels of a grid of up to 128 × 128 points are sorted into 512 colour bins. The result
    /// is the mean colour of the bin with the most pixels. If several bins are equally full, the
    /// first one in ascending order of red, green and blue is used.
    #[must_use]
    pub fn dominant(&self) -> [u8; 3] {
        const GRID: usize = 128;
        let (width, height) = (self.width as usize, self.height as usize);
        let mut bins = vec![[0_u32; 4]; 512];
        let (across, down) = (width.min(GRID), height.min(GRID));
        for j in 0..down {
            let y = (2 * j + 1) * height / (2 * down);
            for i in 0..across {
                let x = (2 * i + 1) * width / (2 * across);
                let start = (y * width + x) * self.channels;
                let rgb = match self.pixels.get(start..start + self.channels) {
                    Some(&[v]) => [v, v, v],
                    Some(&[r, g, b]) => [r, g, b],
                    _ => continue,
                };
                let index = rgb
                    .iter()
                    .fold(0_usize, |n, c| (n << 3) | usize::from(c >> 5));
                if let Some([count, sums @ ..]) = bins.get_mut(index) {
                    *count += 1;
                    for (sum, c) in sums.iter_mut().zip(rgb) {
                        *sum += u32::from(c);
                    }
                }
            }
        }
        let mut fullest = [0_u32; 4];
        for bin in bins {
            if bin[0] > fullest[0] {
                fullest = bin;
            }
        }
        let [count, r, g, b] = fullest;
        // The mean of bytes is a byte.
        [r, g, b].map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX))
    }
}

#[cfg(test)]
impl Picture {
    /// Returns a gradient whose values increase to the right, downwards, and with the channel.
    pub(crate) fn gradient(width: u32, height: u32, channels: usize) -> Picture {
        let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = rows
            .flat_map(|(x, y)| (0..channels as u32).map(move |c| (x / 8 + y / 8 + 20 * c) as u8));
        Picture {
            width,
            height,
            channels,
            pixels: pixels.collect(),
        }
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

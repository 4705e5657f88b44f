//! Where memory comes from.
//!
//! An index is made of many small pieces, on all cores: with the allocator of glibc they take a third of the time
//! of `publish`, with mimalloc next to none. An image is made of few large ones, each of another size: mimalloc
//! keeps what is let go of for a second, and an image of 140 megapixels takes 190 MB so; with large pieces from the
//! system 135, in the same time. So each has what it is good at.

use std::alloc::{GlobalAlloc, Layout, System};

use mimalloc::MiMalloc;

/// Pieces of so many bytes or more come from the system.
const LARGE: usize = 32 << 10;

/// Small pieces from mimalloc, large ones from the system.
#[derive(Debug, Clone, Copy)]
pub struct BySize;

impl BySize {
    fn is_large(size: usize) -> bool {
        size >= LARGE
    }
}

// SAFETY: each piece goes back to the allocator it came from: which one that is follows from the size in its
// layout alone, which a caller must give back unchanged. Everything else is what the two promise themselves.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for BySize {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the contract of this method, which is the same.
        unsafe {
            if Self::is_large(layout.size()) {
                System.alloc(layout)
            } else {
                MiMalloc.alloc(layout)
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        unsafe {
            if Self::is_large(layout.size()) {
                System.alloc_zeroed(layout)
            } else {
                MiMalloc.alloc_zeroed(layout)
            }
        }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`; and the size says where the piece came from.
        unsafe {
            if Self::is_large(layout.size()) {
                System.dealloc(piece, layout);
            } else {
                MiMalloc.dealloc(piece, layout);
            }
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `dealloc`. Where it changes sides, a new piece of the same alignment is taken, what both
        // have room for is copied (they are two pieces, so they do not overlap), and the old one goes back. The
        // caller promises that `size`, rounded up to the alignment, is a size there can be.
        unsafe {
            match (Self::is_large(layout.size()), Self::is_large(size)) {
                (true, true) => System.realloc(piece, layout, size),
                (false, false) => MiMalloc.realloc(piece, layout, size),
                _ => {
                    let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                    if !new.is_null() {
                        piece.copy_to_nonoverlapping(new, layout.size().min(size));
                        self.dealloc(piece, layout);
                    }
                    new
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: BySize = BySize;

    #[test]
    fn what_grows_and_shrinks_over_the_limit_keeps_what_it_holds() {
        let byte = |at: usize| (at * 31 % 251) as u8;
        let mut bytes: Vec<u8> = Vec::with_capacity(1);
        for at in 0..3 * LARGE {
            bytes.push(byte(at));
        }
        assert!(bytes.capacity() >= 3 * LARGE);
        for keep in [2 * LARGE, LARGE, LARGE - 1, 100, 1] {
            bytes.truncate(keep);
            bytes.shrink_to_fit();
            assert!(bytes.iter().enumerate().all(|(at, own)| *own == byte(at)));
            bytes.reserve_exact(LARGE + 1);
            assert!(bytes.iter().enumerate().all(|(at, own)| *own == byte(at)));
        }
    }

    #[test]
    fn what_is_asked_for_empty_is_empty_on_both_sides() {
        for size in [1, LARGE - 1, LARGE, 5 * LARGE] {
            // Memory that was used before.
            drop(vec![7u8; size]);
            assert!(vec![0u8; size].iter().all(|own| *own == 0), "{size}");
        }
    }

    #[test]
    fn alignment_is_kept_over_the_limit() {
        #[repr(align(64))]
        #[derive(Clone)]
        struct Line([u8; 64]);
        let mut lines = vec![Line([1; 64])];
        while lines.len() * 64 < 2 * LARGE {
            assert_eq!(lines.as_ptr() as usize % 64, 0);
            lines.push(Line([lines.len() as u8; 64]));
        }
        assert!(
            (1..lines.len()).all(|at| lines.get(at).is_some_and(|line| line.0 == [at as u8; 64]))
        );
    }
}

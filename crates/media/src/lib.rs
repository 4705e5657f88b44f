//! Decoding within limits, derivatives, embedded metadata.

//! Sources and their dialects, checks, hashing, compression, the OCFL store, the catalogue.

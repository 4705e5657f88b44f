//! The published archive: objects, blocks, tables, the root. One definition, read and written here only.

//! The static index: its writer, and the query engine that reads it block by block.

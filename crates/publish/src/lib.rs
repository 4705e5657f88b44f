//! Store to site: records, index, derivatives, HTML pages, headers.

//! The one place in which errors become words, a hint and a code.

/// Why a command could not run.
#[derive(Debug)]
pub struct Failure {
    /// Stable.
    pub code: &'static str,
    /// What is wrong, and where.
    pub message: String,
    /// What to do.
    pub hint: String,
}

macro_rules! from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure { code: error.code(), message: error.to_string(), hint: error.hint().to_string() }
            }
        }
    )*};
}

from!(
    khizana_store::init::InitError,
    khizana_ingest::IngestError,
    khizana_source::SourceError,
    khizana_store::StoreError,
    khizana_site::PackError,
    khizana_publish::PublishError,
    khizana_serve::ServeError,
);

impl From<khizana_format::ReadError> for Failure {
    fn from(error: khizana_format::ReadError) -> Self {
        use khizana_format::{FetchError, ReadError};
        let (code, hint) = match &error {
            ReadError::Fetch(FetchError::NotFound(path)) if path == "archive.json" => (
                "site-missing",
                "Publish the archive, or pass the folder of the site with --site.",
            ),
            ReadError::Fetch(_) => ("object-missing", "Publish the archive again."),
            ReadError::Format(_) => (
                "format-unknown",
                "Use the version of khizana that published the site, or a newer one.",
            ),
            _ => (
                "object-damaged",
                "Publish the archive again, and check the disk.",
            ),
        };
        Failure {
            code,
            message: error.to_string(),
            hint: hint.to_owned(),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure {
            code: "output-unwritable",
            message: format!("the result cannot be written as JSON: {error}"),
            hint: "Run the command without --json.".to_owned(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_result_that_is_no_json_is_named() {
        let failure = Failure::from(serde_json::from_str::<u8>("x").unwrap_err());
        assert_eq!(failure.code, "output-unwritable");
    }
}

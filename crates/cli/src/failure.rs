//! Conversion of errors to a code, a message and a hint.

use khizana_model::{Message, message};

/// An error that prevented a command from running.
#[derive(Debug)]
pub struct Failure {
    /// Stable code of the error.
    pub code: &'static str,
    /// Description of the error.
    pub message: Message,
    /// Advice for the user.
    pub hint: Message,
}

macro_rules! from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure { code: error.code(), message: error.message(), hint: error.hint().into() }
            }
        }
    )*};
}

from!(
    khizana_store::init::InitError,
    khizana_ingest::IngestError,
    khizana_ingest::TableError,
    khizana_source::SourceError,
    khizana_source::corrected::CorrectionError,
    khizana_store::StoreError,
    khizana_store::open::OpenError,
    khizana_site::HostError,
    khizana_site::PackError,
    khizana_publish::PublishError,
    khizana_serve::ServeError,
    khizana_shards::ShardsError,
    khizana_preview::PreviewError,
    khizana_deploy::DeployError,
);

impl From<khizana_format::ReadError> for Failure {
    fn from(error: khizana_format::ReadError) -> Self {
        use khizana_format::{FetchError, ReadError};
        let (code, hint) = match &error {
            ReadError::Fetch(FetchError::NotFound(path)) if path == "archive.json" => (
                "site-missing",
                "Publish the archive first, or specify the folder of the site with --site.",
            ),
            ReadError::Fetch(_) => ("object-missing", "Publish the archive again."),
            ReadError::Format(_) => (
                "format-unknown",
                "Use the version of khizana that published the site, or a newer version.",
            ),
            _ => (
                "object-damaged",
                "Publish the archive again with --rehash, and check the disk for errors.",
            ),
        };
        Failure {
            code,
            message: error.message(),
            hint: hint.into(),
        }
    }
}

impl From<khizana_source::template::XlsxError> for Failure {
    fn from(error: khizana_source::template::XlsxError) -> Self {
        Failure {
            code: "table-unwritable",
            message: message!(
                "cannot create the workbook: {error}",
                error = error.to_string()
            ),
            hint: "Report this as a bug in Khizana.".into(),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure {
            code: "output-unwritable",
            message: message!(
                "cannot write the result as JSON: {error}",
                error = error.to_string()
            ),
            hint: "Run the command without --json.".into(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn converts_a_json_error() {
        let failure = Failure::from(serde_json::from_str::<u8>("x").unwrap_err());
        assert_eq!(failure.code, "output-unwritable");
    }
}

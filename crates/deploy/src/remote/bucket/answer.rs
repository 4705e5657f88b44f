//! Interpretation of the errors of object storage.
//!
//! The answers of servers contain keys and signatures, and addresses may contain tokens. Only the code of an answer is
//! kept.

use std::error::Error as _;

use object_store::Error;

use crate::DeployError;
use crate::error::Answer;

/// Codes for keys or secrets that the server does not accept.
const REJECTED: [&str; 12] = [
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "InvalidToken",
    "ExpiredToken",
    "TokenRefreshRequired",
    "InvalidSecurity",
    "NotSignedUp",
    "AuthenticationFailed",
    "InvalidAuthenticationInfo",
    "AuthenticationRequired",
    "authError",
    "401",
];

/// Codes for a clock that is wrong.
const CLOCK: [&str; 2] = ["RequestTimeTooSkewed", "RequestExpired"];

/// Codes for a bucket that does not exist.
const NO_BUCKET: [&str; 4] = [
    "NoSuchBucket",
    "InvalidBucketName",
    "ContainerNotFound",
    "ContainerBeingDeleted",
];

/// Codes for a bucket in another region.
const REGION: [&str; 4] = [
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
];

/// Codes for a target without space.
const FULL: [&str; 8] = [
    "QuotaExceeded",
    "BucketQuotaExceeded",
    "XMinioAdminBucketQuotaExceeded",
    "XMinioStorageFull",
    "InsufficientStorage",
    "InsufficientAccountSpace",
    "ServiceQuotaExceededException",
    "507",
];

/// Returns the target without the folder in the bucket.
fn bucket_of(target: &str) -> &str {
    let (scheme, rest) = target.split_once("://").unwrap_or_default();
    let bucket = rest.split('/').next().unwrap_or_default();
    target
        .get(..scheme.len() + "://".len() + bucket.len())
        .unwrap_or(target)
}

/// Returns `true` if an error says that a file does not exist, although its bucket does.
pub(super) fn is_absent(error: &Error) -> bool {
    let text = error.to_string();
    matches!(error, Error::NotFound { .. })
        && code(&text).is_none_or(|code| !NO_BUCKET.contains(&code.as_str()))
        && !text.contains("bucket does not exist")
}

/// Returns `true` if the server does not know a header of the request.
pub(super) fn is_unsupported(error: &Error) -> bool {
    let code = code(&error.to_string());
    matches!(error, Error::NotImplemented { .. })
        || code.is_some_and(|code| ["NotImplemented", "501"].contains(&code.as_str()))
}

/// Converts an error of a request. `path` is empty if the request concerned the whole target.
pub(super) fn read(error: &Error, target: &str, path: &str) -> DeployError {
    let text = error.to_string();
    let target = target.to_owned();
    if text.contains("redirect without LOCATION") {
        return DeployError::Region(Answer {
            target,
            path: String::new(),
            code: "301".to_owned(),
        });
    }
    let Some(code) = code(&text) else {
        return DeployError::Unreachable {
            target,
            reason: cause(error),
        };
    };
    let is_one_of = |codes: &[&str]| codes.contains(&code.as_str());
    let is_clock = is_one_of(&CLOCK) || text.contains("date header too old");
    let is_rejected = is_one_of(&REJECTED);
    let is_region = is_one_of(&REGION);
    let is_missing = is_one_of(&NO_BUCKET) || text.contains("bucket does not exist");
    let is_full = is_one_of(&FULL);
    let is_forbidden = matches!(error, Error::PermissionDenied { .. });
    let is_whole = is_clock || is_rejected || is_region || is_missing;
    let answer = Answer {
        target: match is_missing {
            true => bucket_of(&target).to_owned(),
            false => target,
        },
        path: if is_whole {
            String::new()
        } else {
            path.to_owned()
        },
        code,
    };
    if is_clock {
        DeployError::Clock(answer)
    } else if is_rejected {
        DeployError::Rejected(answer)
    } else if is_region {
        DeployError::Region(answer)
    } else if is_missing {
        DeployError::NoBucket(answer)
    } else if is_full {
        DeployError::Full(answer)
    } else if is_forbidden {
        DeployError::Forbidden(answer)
    } else {
        DeployError::Refused(answer)
    }
}

/// Returns the code in the text of an error: that of the server, or else the status of HTTP.
fn code(text: &str) -> Option<String> {
    let between = |start: &str, end: &str| {
        let (_, rest) = text.split_once(start)?;
        let (inner, _) = rest.split_once(end)?;
        let is_code = !inner.is_empty()
            && inner.len() < 80
            && inner
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        is_code.then(|| inner.to_owned())
    };
    between("<Code>", "</Code>")
        .or_else(|| between("\"reason\": \"", "\""))
        .or_else(|| between("non-2xx status code: ", " "))
}

/// Returns the innermost cause of an error, which names no address.
fn cause(error: &Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(inner) = cause.and_then(|cause| cause.source()) {
        cause = Some(inner);
    }
    match cause {
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns an error as `object_store` makes it from an answer.
    fn error(status: &str, body: &str) -> Error {
        let text = format!(
            "Error performing PUT http://h/b/o?sig=TOKEN in 1ms - Server returned non-2xx status code: {status}: {body}"
        );
        let source = text.into();
        match status.split(' ').next() {
            Some("403") => Error::PermissionDenied {
                path: "o".to_owned(),
                source,
            },
            Some("404") => Error::NotFound {
                path: "o".to_owned(),
                source,
            },
            _ => Error::Generic {
                store: "S3",
                source,
            },
        }
    }

    #[test]
    fn answers_have_codes_and_no_secrets() {
        let xml = |code: &str| {
            format!(
                "<Error><Code>{code}</Code><AWSAccessKeyId>KEY</AWSAccessKeyId><SignatureProvided>SIGNATURE</SignatureProvided></Error>"
            )
        };
        for (status, code, expected) in [
            (
                "403 Forbidden",
                "SignatureDoesNotMatch",
                "deploy-credentials-rejected",
            ),
            (
                "403 Forbidden",
                "InvalidAccessKeyId",
                "deploy-credentials-rejected",
            ),
            ("403 Forbidden", "RequestTimeTooSkewed", "deploy-clock"),
            ("403 Forbidden", "AccessDenied", "deploy-forbidden"),
            ("404 Not Found", "NoSuchBucket", "deploy-target-missing"),
            (
                "404 Not Found",
                "ContainerNotFound",
                "deploy-target-missing",
            ),
            ("301 Moved", "PermanentRedirect", "deploy-region"),
            ("403 Forbidden", "QuotaExceeded", "deploy-target-full"),
            (
                "507 Insufficient Storage",
                "XMinioStorageFull",
                "deploy-target-full",
            ),
            ("503 Slow Down", "SlowDown", "deploy-refused"),
        ] {
            let error = read(&error(status, &xml(code)), "s3://b", "o");
            assert_eq!(error.code(), expected, "{code}");
            let text = format!("{error} {error:?}");
            assert!(text.contains(code), "{text}");
            for secret in ["KEY", "SIGNATURE", "TOKEN"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }

    #[test]
    fn an_answer_without_a_code_has_its_status() {
        let refused = read(&error("500 Internal Server Error", ""), "s3://b", "o");
        assert_eq!(refused.code(), "deploy-refused");
        assert!(refused.to_string().contains("500"));
        let full = read(&error("507 Insufficient Storage", ""), "s3://b", "o");
        assert_eq!(full.code(), "deploy-target-full");
        assert!(is_unsupported(&error("501 Not Implemented", "")));
    }

    #[test]
    fn a_missing_file_is_not_a_missing_bucket() {
        assert!(is_absent(&error(
            "404 Not Found",
            "<Error><Code>NoSuchKey</Code></Error>"
        )));
        assert!(is_absent(&error("404 Not Found", "")));
        let bucket = error("404 Not Found", "<Error><Code>NoSuchBucket</Code></Error>");
        assert!(!is_absent(&bucket));
    }

    #[test]
    fn the_cause_of_a_failed_connection_is_reported_without_the_address() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = Error::Generic {
            store: "S3",
            source: Box::new(refused),
        };
        let error = read(&error, "s3://b", "o");
        assert_eq!(error.code(), "deploy-unreachable");
        assert!(error.to_string().contains("refused"), "{error}");
    }
}

//! The target of a deployment, as it is written on the command line.

use std::path::PathBuf;

use url::Url;

use crate::DeployError;
use crate::prices::Provider;

/// The place to which a site is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Bucket {
        provider: Provider,
        bucket: String,
        /// The folder in the bucket, without slashes at its ends. Empty for the whole bucket.
        prefix: String,
    },
    Sftp(SftpTarget),
    Folder(PathBuf),
}

/// A folder on an SSH server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SftpTarget {
    pub user: Option<String>,
    pub host: String,
    pub port: u16,
    /// The absolute path of the folder.
    pub path: String,
}

const SSH_PORT: u16 = 22;

impl Target {
    /// Reads a target: `s3://`, `gs://` or `az://`, a bucket and a prefix, `sftp://` and a host, or a folder.
    pub(crate) fn parse(text: &str) -> Result<Target, DeployError> {
        let invalid = || DeployError::Target(without_password(text));
        let Some((scheme, rest)) = text.split_once("://") else {
            return match text {
                "" => Err(invalid()),
                folder => Ok(Target::Folder(PathBuf::from(folder))),
            };
        };
        let provider = match scheme {
            "s3" => Provider::S3,
            "gs" => Provider::Gcs,
            "az" => Provider::Azure,
            "sftp" => return sftp(text).map(Target::Sftp).ok_or_else(invalid),
            _ => return Err(invalid()),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_valid = !bucket.is_empty()
            && bucket
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._$".contains(c))
            && (prefix.is_empty() || is_relative(prefix));
        if !is_valid {
            return Err(invalid());
        }
        Ok(Target::Bucket {
            provider,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

/// Returns `true` if a path has no empty parts and cannot lead out of its folder.
fn is_relative(path: &str) -> bool {
    !path.contains(|c: char| c.is_control() || "?#".contains(c))
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn sftp(text: &str) -> Option<SftpTarget> {
    let url = Url::parse(text).ok()?;
    // A password on the command line is visible to all users of the computer.
    let is_plain = url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    let host = url.host_str().filter(|host| !host.is_empty() && is_plain)?;
    let decode = |part: &str| {
        let decoded = percent_encoding::percent_decode_str(part).decode_utf8();
        decoded.ok().map(|text| text.into_owned())
    };
    let path = decode(url.path())?;
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.contains(|c: char| c.is_control()) {
        return None;
    }
    let user = match url.username() {
        "" => None,
        user => Some(decode(user)?),
    };
    Some(SftpTarget {
        user,
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(SSH_PORT),
        path: path.to_owned(),
    })
}

/// Removes the user and the password from an address.
fn without_password(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let (scheme, rest) = (text.get(..scheme + 3), text.get(at + 1..));
            format!(
                "{}…@{}",
                scheme.unwrap_or_default(),
                rest.unwrap_or_default()
            )
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_kind_of_target() {
        let bucket = |provider, bucket: &str, prefix: &str| Target::Bucket {
            provider,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        for (text, expected) in [
            ("s3://a-b", bucket(Provider::S3, "a-b", "")),
            ("s3://a/", bucket(Provider::S3, "a", "")),
            ("gs://a.b/c/d/", bucket(Provider::Gcs, "a.b", "c/d")),
            ("az://$web", bucket(Provider::Azure, "$web", "")),
            ("out/site", Target::Folder(PathBuf::from("out/site"))),
        ] {
            assert_eq!(Target::parse(text).unwrap(), expected, "{text}");
        }
        let sftp = Target::parse("sftp://me@example.org:2222/var/www/a%20b/").unwrap();
        let expected = SftpTarget {
            user: Some("me".to_owned()),
            host: "example.org".to_owned(),
            port: 2222,
            path: "/var/www/a b".to_owned(),
        };
        assert_eq!(sftp, Target::Sftp(expected));
    }

    #[test]
    fn rejects_other_targets_and_does_not_repeat_passwords() {
        for text in [
            "",
            "s3://",
            "s3:///x",
            "s3://a//b",
            "s3://a/../b",
            "ftp://a/b",
            "https://a/b",
            "sftp://host",
            "sftp://host/",
            "sftp://me:secret@host/x",
        ] {
            let error = Target::parse(text).unwrap_err();
            assert_eq!(error.code(), "deploy-target", "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}

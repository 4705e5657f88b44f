//! The record of the last deployment, which is kept on the target.

use std::collections::BTreeMap;
use std::io::Read as _;

use khizana_model::Hash;
use serde::{Deserialize, Serialize};

use crate::remote::{Listed, Version};

/// The path of the record on a target.
pub(crate) const RECORD: &str = "deployment.json.zst";

const FORMAT: &str = "khizana-deployment/1";
const FORMATS: &str = "khizana-deployment/";

/// Maximum size of a decompressed record, in bytes: some ten million files.
const MAX_BYTES: u64 = 4 << 30;

/// The level of zstd, at which a record is compressed in less time than it is uploaded.
const LEVEL: i32 = 6;

/// The files of a target, as the last deployment left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub format: String,
    /// The snapshot identifier of the site.
    pub snapshot: String,
    /// The identifier of the deployment that is running or was interrupted. Files may then differ from the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<String>,
    /// The files that the running deployment writes or deletes, and that the other members may not list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<String>,
    /// The files of the site.
    pub files: BTreeMap<String, Deployed>,
    /// The files that the site no longer needs, but that an open page may.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub retired: BTreeMap<String, Retired>,
}

/// A file on a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deployed {
    /// The hash of the content, before it was compressed. `None` for a file of an interrupted deployment.
    pub sha256: Option<Hash>,
    /// The size on the target.
    pub bytes: u64,
    #[serde(flatten)]
    pub version: Version,
}

impl Deployed {
    /// Returns `true` if a file in the list of the target certainly has the recorded content.
    pub(crate) fn is_same(&self, listed: &Listed) -> bool {
        // Azure returns tags with quotation marks, and lists them without.
        let tag = |version: &Version| {
            let tag = version.tag.as_deref();
            tag.map(|tag| tag.trim_matches('"').to_owned())
        };
        let recorded = tag(&self.version);
        self.bytes == listed.bytes && recorded.is_some() && recorded == tag(&listed.version)
    }
}

/// A file that the site no longer needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Retired {
    #[serde(flatten)]
    pub file: Deployed,
    /// The time of the deployment that no longer needed it, in seconds since 1970.
    pub since: i64,
}

/// The reason for which a record cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordError {
    Damaged,
    /// A later version of the program wrote it.
    Later,
}

impl Record {
    /// Returns the record of a target to which nothing was deployed.
    pub(crate) fn new() -> Record {
        Record {
            format: FORMAT.to_owned(),
            snapshot: String::new(),
            running: None,
            pending: Vec::new(),
            files: BTreeMap::new(),
            retired: BTreeMap::new(),
        }
    }

    /// Returns `true` if files of the target may differ from the record.
    pub(crate) fn is_pending(&self) -> bool {
        self.running.is_some()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        zstd::encode_all(json.as_slice(), LEVEL).unwrap_or_default()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Record, RecordError> {
        #[derive(Deserialize)]
        struct Format {
            format: String,
        }
        let mut json = Vec::new();
        let decoder = zstd::Decoder::new(bytes).map_err(|_| RecordError::Damaged)?;
        let read = decoder.take(MAX_BYTES).read_to_end(&mut json);
        read.map_err(|_| RecordError::Damaged)?;
        let format: Format = serde_json::from_slice(&json).map_err(|_| RecordError::Damaged)?;
        if format.format != FORMAT {
            return Err(match format.format.starts_with(FORMATS) {
                true => RecordError::Later,
                false => RecordError::Damaged,
            });
        }
        let record: Record = serde_json::from_slice(&json).map_err(|_| RecordError::Damaged)?;
        // Files are deleted by their paths in the record.
        let mut paths = record
            .files
            .keys()
            .chain(record.retired.keys())
            .chain(&record.pending);
        match paths.all(|path| khizana_site::is_relative(path)) {
            true => Ok(record),
            false => Err(RecordError::Damaged),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record() -> Record {
        let file = Deployed {
            sha256: Some(Hash([7; 32])),
            bytes: 5,
            version: Version {
                tag: Some("\"t\"".to_owned()),
                generation: None,
            },
        };
        let mut record = Record::new();
        record.files.insert("a".to_owned(), file.clone());
        record
            .retired
            .insert("b".to_owned(), Retired { file, since: 3 });
        record
    }

    #[test]
    fn records_round_trip() {
        let record = record();
        assert_eq!(Record::decode(&record.encode()).unwrap(), record);
    }

    #[test]
    fn tags_are_compared_without_quotation_marks() {
        let record = record();
        let listed = |bytes, tag: &str| Listed {
            bytes,
            version: Version {
                tag: Some(tag.to_owned()),
                generation: None,
            },
        };
        assert!(record.files["a"].is_same(&listed(5, "t")));
        assert!(!record.files["a"].is_same(&listed(5, "u")));
        assert!(!record.files["a"].is_same(&listed(6, "t")));
    }

    #[test]
    fn damaged_records_and_those_of_later_versions_are_rejected() {
        let mut later = record();
        later.format = "khizana-deployment/2".to_owned();
        assert_eq!(Record::decode(&later.encode()), Err(RecordError::Later));
        let bytes = record().encode();
        for damaged in [&b""[..], b"{}", &bytes[..bytes.len() / 2]] {
            assert_eq!(Record::decode(damaged), Err(RecordError::Damaged));
        }
        let mut outside = record();
        outside.pending.push("../x".to_owned());
        assert_eq!(Record::decode(&outside.encode()), Err(RecordError::Damaged));
    }
}

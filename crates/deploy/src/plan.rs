//! The changes that a deployment makes.

use std::collections::{BTreeMap, BTreeSet};

use khizana_model::Hash;
use khizana_site::SiteFile;

use crate::headers::FileHeaders;
use crate::local::{LocalSite, ROOT, is_object};
use crate::prices::Requests;
use crate::record::{Deployed, Record, Retired};
use crate::remote::{CHUNK, Listed};

/// The files of a target that earlier deployments wrote.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The files that exist. The hash of a file whose content is not certain is `None`.
    pub files: BTreeMap<String, Deployed>,
    /// The times since which files are not needed.
    pub retired: BTreeMap<String, i64>,
}

impl Found {
    /// Returns what a record says, for a target that did not change since.
    pub(crate) fn of_record(record: &Record) -> Found {
        let files = record.files.clone().into_iter();
        let retired = record.retired.iter();
        Found {
            files: files
                .chain(
                    retired
                        .clone()
                        .map(|(path, retired)| (path.clone(), retired.file.clone())),
                )
                .collect(),
            retired: retired
                .map(|(path, retired)| (path.clone(), retired.since))
                .collect(),
        }
    }

    /// Returns the files of a target that may differ from its record.
    ///
    /// An object that an interrupted deployment wrote is complete if it has the size of the one in the site, because
    /// files appear with their whole content.
    pub(crate) fn of_list(
        record: &Record,
        listed: &BTreeMap<String, Listed>,
        site: &LocalSite,
        can_compress: bool,
    ) -> Found {
        let mut found = Found::of_record(record);
        found.files.retain(|path, file| match listed.get(path) {
            Some(listed) => {
                if !file.is_same(listed) {
                    *file = unknown(listed);
                }
                true
            }
            None => false,
        });
        found.retired.retain(|path, _| listed.contains_key(path));
        for path in &record.pending {
            let Some(listed) = listed.get(path) else {
                continue;
            };
            let file = found
                .files
                .entry(path.clone())
                .or_insert_with(|| unknown(listed));
            if file.sha256.is_none() && is_object(path) {
                let local = site.files.get(path).filter(|local| {
                    let headers = FileHeaders::of(path, local.bytes, can_compress);
                    local.bytes == listed.bytes && !headers.is_gzip
                });
                file.sha256 = local.map(|local| local.sha256);
            }
        }
        found
    }
}

fn unknown(listed: &Listed) -> Deployed {
    Deployed {
        sha256: None,
        bytes: listed.bytes,
        version: listed.version.clone(),
    }
}

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub path: String,
    pub file: SiteFile,
    pub headers: FileHeaders,
}

impl Upload {
    /// Returns `true` if the file is uploaded in chunks. Compressed files are small enough for the memory.
    pub(crate) fn is_large(&self) -> bool {
        self.file.bytes > CHUNK as u64 && !self.headers.is_gzip
    }

    /// Returns the number of requests that upload the file.
    fn requests(&self) -> u64 {
        match self.is_large() {
            true => self.file.bytes.div_ceil(CHUNK as u64) + 2,
            false => 1,
        }
    }
}

/// The changes that a deployment makes, in their order. The root is replaced between the uploads and the deletions.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Files that nothing on the target refers to.
    pub objects: Vec<Upload>,
    /// Pages that no page on the target links to.
    pub new_pages: Vec<Upload>,
    /// Files that exist with another content.
    pub changed: Vec<Upload>,
    /// Files that are deleted.
    pub deletions: Vec<String>,
    /// Files of the site that are on the target already.
    pub kept: BTreeMap<String, Deployed>,
    /// Files that stay on the target although the site does not need them.
    pub retired: BTreeMap<String, Retired>,
    /// `true` if the root is on the target already.
    pub has_root: bool,
}

impl Plan {
    /// Compares a site with the files on the target. `now` is the time in seconds since 1970, and `grace` the number of
    /// seconds for which objects are kept that the site does not need.
    pub(crate) fn new(
        site: &LocalSite,
        found: &Found,
        can_compress: bool,
        (now, grace): (i64, i64),
    ) -> Plan {
        let mut plan = Plan::default();
        for (path, file) in &site.files {
            let existing = found.files.get(path);
            if let Some(same) = existing.filter(|found| found.sha256 == Some(file.sha256)) {
                plan.kept.insert(path.clone(), same.clone());
                continue;
            }
            let upload = Upload {
                path: path.clone(),
                file: *file,
                headers: FileHeaders::of(path, file.bytes, can_compress),
            };
            let uploads = match (existing, is_object(path)) {
                (Some(_), _) => &mut plan.changed,
                (None, true) => &mut plan.objects,
                (None, false) => &mut plan.new_pages,
            };
            uploads.push(upload);
        }
        for (path, file) in &found.files {
            if site.files.contains_key(path) || path == ROOT {
                continue;
            }
            let since = found.retired.get(path).copied().unwrap_or(now);
            // The page of a withdrawn item must not stay.
            if is_object(path) && now.saturating_sub(since) < grace {
                let file = file.clone();
                plan.retired.insert(path.clone(), Retired { file, since });
            } else {
                plan.deletions.push(path.clone());
            }
        }
        let root: Option<Hash> = found.files.get(ROOT).and_then(|root| root.sha256);
        plan.has_root = root == Some(site.root_hash());
        plan
    }

    /// Returns `true` if the target has exactly the files of the plan.
    pub(crate) fn is_empty(&self) -> bool {
        self.uploads().next().is_none() && self.deletions.is_empty() && self.has_root
    }

    pub(crate) fn uploads(&self) -> impl Iterator<Item = &Upload> {
        let pages = self.new_pages.iter().chain(&self.changed);
        self.objects.iter().chain(pages)
    }

    /// Returns the uploads in their order, in batches of at most `size` files. A batch is `true` if the record is written
    /// after it, so that the next deployment need not repeat what was uploaded.
    pub(crate) fn batches(&self, size: usize) -> Vec<(&[Upload], bool)> {
        let phases = [&self.objects, &self.new_pages, &self.changed];
        let mut left = self.uploads().count();
        let mut unrecorded = 0;
        let batches = phases.into_iter().flat_map(|uploads| uploads.chunks(size));
        batches
            .map(|batch| {
                left -= batch.len();
                unrecorded += batch.len();
                let is_recorded = unrecorded >= size && left > 0;
                if is_recorded {
                    unrecorded = 0;
                }
                (batch, is_recorded)
            })
            .collect()
    }

    /// Returns the record while the plan is carried out by the deployment with an identifier. `last` is the record of
    /// the last deployment.
    pub(crate) fn claim(&self, last: &Record, running: &str) -> Record {
        let written = self.uploads().map(|upload| upload.path.clone());
        let pending: BTreeSet<String> = written
            .chain(self.deletions.iter().cloned())
            .chain([ROOT.to_owned()])
            .collect();
        let mut files = self.kept.clone();
        // If the deployment is interrupted, their versions say whether they were replaced.
        for path in &pending {
            if let Some(file) = last.files.get(path) {
                files.insert(path.clone(), file.clone());
            }
        }
        Record {
            running: Some(running.to_owned()),
            pending: pending.into_iter().collect(),
            files,
            retired: self.retired.clone(),
            ..last.clone()
        }
    }

    /// Returns the number of requests that carry out the plan in batches of `size` files.
    pub(crate) fn requests(&self, size: usize) -> Requests {
        let uploads: u64 = self.uploads().map(Upload::requests).sum();
        if self.is_empty() {
            return Requests::default();
        }
        let batches = self.batches(size).into_iter();
        let recorded = batches.filter(|(_, is_recorded)| *is_recorded).count() as u64;
        Requests {
            // The record is written before the first file, after batches, and after the root.
            write: uploads + recorded + 2 + u64::from(!self.has_root),
            list: 0,
            // The record is compared before the root is written.
            read: 1,
            delete: self.deletions.len() as u64,
        }
    }
}

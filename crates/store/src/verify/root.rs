//! The checks of the store as a whole.

use std::io;
use std::path::Path;

use khizana_model::{Problem, ProblemList};

use super::{Verifier, problems};
use crate::catalogue::{CATALOGUE_FILE, recorded_store};
use crate::consistency::{RecordedBy, RecordedState, check_state};
use crate::ocfl::readme::{self, README_FILE};
use crate::ocfl::{ObjectId, StoreError, object_path, root_files};

impl Verifier<'_> {
    /// Checks the files that declare the version and the layout of the store.
    pub(super) fn root_files(&self, problems: &mut ProblemList) {
        for (name, content) in root_files() {
            let path = self.store.root().join(name);
            let error = match std::fs::read(&path) {
                Ok(found) if found == content.as_bytes() => continue,
                Ok(_) => StoreError::RootFile { path },
                Err(error) if error.kind() == io::ErrorKind::NotFound => StoreError::Lost { path },
                Err(error) => StoreError::io("read", &path)(error),
            };
            problems.push(self.problem(None, &error));
        }
        // Stores of earlier versions have no such file.
        if self.states.newest().is_some() && !readme::is_current(self.store.root()) {
            let problem = Problem::warning(
                "readme-changed",
                "The file that explains the store is missing, was changed, or belongs to another version of khizana.",
                "Run `khizana repair`, which writes the file.",
            );
            let path = self.store.root().join(README_FILE);
            problems.push(problem.in_file(super::problems::name(self.archive, &path)));
        }
    }

    /// Reports if the catalogue was made from a state that the store does not contain.
    pub(super) fn recorded_state(&self, problems: &mut ProblemList) {
        let Some(state) = recorded_store(self.archive).state else {
            return;
        };
        let recorded = RecordedState {
            recorded_by: RecordedBy::Catalogue,
            state,
        };
        if let Err(error) = check_state(self.states, recorded, None, Vec::new) {
            let problem = Problem::error(error.code(), error.message().sentence(), error.hint());
            problems.push(problem.in_file(CATALOGUE_FILE));
        }
    }

    /// Reports a file next to or above the objects, unless it declares the store.
    pub(super) fn stray_file(&self, path: &Path, problems: &mut ProblemList) {
        let name = path.strip_prefix(self.store.root()).unwrap_or(path);
        let readme = README_FILE.to_owned();
        let mut known = root_files()
            .into_iter()
            .map(|(known, _)| known)
            .chain([readme]);
        if !known.any(|known| name == Path::new(&known)) {
            problems.push(problems::unexpected(self.archive, None, path));
        }
    }

    /// Reports unexpected files in the folder `extensions`.
    pub(super) fn extensions(&self, problems: &mut ProblemList) {
        let known = root_files().map(|(name, _)| self.store.root().join(name));
        let folder = self.store.root().join("extensions");
        self.walk(&folder, None, problems, &|file| {
            known.iter().any(|path| path == file)
        });
    }

    /// Reports objects that do not exist although the newest state lists them.
    pub(super) fn lost_objects(&self, problems: &mut ProblemList) {
        for urn in self.states.objects().keys() {
            self.lost_object(urn, problems);
        }
    }

    /// Reports an object if it does not exist. A missing inventory is reported with the files of the object.
    pub(super) fn lost_object(&self, urn: &str, problems: &mut ProblemList) {
        let path = self.store.root().join(object_path(urn));
        if !path.exists() {
            let id = ObjectId::from_urn(urn);
            let id = id.as_ref().and_then(ObjectId::id).map(|id| id.as_str());
            problems.push(self.problem(id, &StoreError::Lost { path }));
        }
    }
}

//! Paths of the project: the work tree, the target folder, and the cache folder for tools.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The absolute paths of the folders in which xtask works.
pub struct Project {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
}

impl Project {
    /// Derives the paths from the environment variables that Cargo and the system set.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if the program was not started by Cargo.
    pub fn find() -> Result<Self, Failure> {
        let current_dir = std::env::current_dir().map_err(Failure::file(Path::new(".")))?;
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .and_then(|crate_dir| Some(crate_dir.parent()?.parent()?.to_owned()))
            .ok_or_else(|| {
                let problem = "CARGO_MANIFEST_DIR is not set. Run the program as `cargo xtask`.";
                Failure::Usage(problem.to_owned())
            })?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| current_dir.join(dir));
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
            .ok_or_else(|| {
                let problem = "Neither XDG_CACHE_HOME nor HOME is set. Set one of them.";
                Failure::Usage(problem.to_owned())
            })?
            .join("khizana");
        Ok(Project {
            root,
            target,
            cache,
        })
    }

    /// Returns the root of the work tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the absolute path for a path that is relative to the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Returns the absolute path for a path that is relative to Cargo's target folder.
    pub fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// Returns the folder in which a version of a tool is installed. It is shared by all work
    /// trees.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{name}-{version}"))
    }

    /// Returns the path of a program of the workspace that is built with the profile `dev`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Returns the path of a program of the workspace that is built with the profile `release`.
    pub fn release_program(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Returns a project with the given root, for tests. Its target and cache folders need not
    /// exist.
    pub fn at(root: &Path) -> Self {
        Project {
            root: root.to_owned(),
            target: root.join("target"),
            cache: root.join("cache"),
        }
    }
}

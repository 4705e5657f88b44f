//! Where things are: the project, its target folder, the cache of tools.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folders xtask works in, all absolute.
pub struct Project {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
}

impl Project {
    /// Finds them from what Cargo and the system say in the environment.
    pub fn find() -> Result<Self, Failure> {
        let wrong = |what: &str| Failure::Started(format!("{what} Run it as `cargo xtask`."));
        let here = std::env::current_dir().map_err(Failure::file(Path::new(".")))?;
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .and_then(|crate_dir| Some(crate_dir.parent()?.parent()?.to_owned()))
            .ok_or_else(|| wrong("CARGO_MANIFEST_DIR is not set."))?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| here.join(dir));
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
            .ok_or_else(|| wrong("Neither XDG_CACHE_HOME nor HOME is set."))?
            .join("khizana");
        Ok(Project {
            root,
            target,
            cache,
        })
    }

    /// The root of the work tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Cargo's target folder, or a path below it.
    pub fn target(&self, below: &str) -> PathBuf {
        self.target.join(below)
    }

    /// The folder a versioned tool is installed in.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{name}-{version}"))
    }

    /// A built program of the workspace, in the profile folder `debug` or `release`.
    pub fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

impl Project {
    /// A project with the given root whose target and cache folders need not exist; for tests.
    pub fn at(root: &Path) -> Self {
        Project {
            root: root.to_owned(),
            target: root.join("target"),
            cache: root.join("cache"),
        }
    }
}

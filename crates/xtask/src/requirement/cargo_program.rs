//! Programs from crates.io. Each of them is installed in one exact version.

use std::path::{Path, PathBuf};

use super::{Requirement, Status};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// A program in a package on crates.io.
struct CargoProgram {
    package: &'static str,
    program: &'static str,
    version: fn(&Project) -> Result<String, Failure>,
    /// Additional arguments for `cargo install`.
    options: &'static [&'static str],
}

/// Trunk without its default features. It cannot download tools, but needs no TLS library.
const TRUNK_PROGRAM: CargoProgram = CargoProgram {
    package: "trunk",
    program: "trunk",
    version: |_| Ok("0.21.14".into()),
    options: &["--locked", "--no-default-features"],
};

/// wasm-bindgen without `--locked`, because its lock file contains versions that not every registry
/// still offers. The default features are only needed for running tests in a browser over
/// WebDriver.
const WASM_BINDGEN_PROGRAM: CargoProgram = CargoProgram {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: locked_wasm_bindgen_version,
    options: &["--no-default-features"],
};

const MDBOOK_PROGRAM: CargoProgram = CargoProgram {
    package: "mdbook",
    program: "mdbook",
    version: |_| Ok("0.5.4".into()),
    options: &["--locked", "--no-default-features"],
};

const CARGO_DENY_PROGRAM: CargoProgram = CargoProgram {
    package: "cargo-deny",
    program: "cargo-deny",
    version: |_| Ok("0.20.2".into()),
    options: &["--locked", "--no-default-features"],
};

/// rocfl without its default feature, which only adds stores in S3.
const ROCFL_PROGRAM: CargoProgram = CargoProgram {
    package: "rocfl",
    program: "rocfl",
    version: |_| Ok("1.7.0".into()),
    options: &["--locked", "--no-default-features"],
};

/// Trunk, which builds the viewer.
pub const TRUNK: Requirement = Requirement {
    name: "trunk",
    purpose: "build the viewer",
    find: |project| TRUNK_PROGRAM.find(project),
    how: "cargo install trunk, into the cache folder (takes several minutes)",
    install: |project| TRUNK_PROGRAM.install(project),
};

/// wasm-bindgen, in the version that Cargo.lock specifies.
pub const WASM_BINDGEN: Requirement = Requirement {
    name: "wasm-bindgen",
    purpose: "generate the JavaScript bindings of the viewer",
    find: |project| WASM_BINDGEN_PROGRAM.find(project),
    how: "cargo install wasm-bindgen-cli, into the cache folder (takes about a minute)",
    install: |project| WASM_BINDGEN_PROGRAM.install(project),
};

/// mdBook, which builds the documentation.
pub const MDBOOK: Requirement = Requirement {
    name: "mdbook",
    purpose: "build the documentation",
    find: |project| MDBOOK_PROGRAM.find(project),
    how: "cargo install mdbook, into the cache folder (takes about a minute)",
    install: |project| MDBOOK_PROGRAM.install(project),
};

/// cargo-deny, which checks the dependencies.
pub const CARGO_DENY: Requirement = Requirement {
    name: "cargo-deny",
    purpose: "check licenses and sources of the dependencies",
    find: |project| CARGO_DENY_PROGRAM.find(project),
    how: "cargo install cargo-deny, into the cache folder (takes several minutes)",
    install: |project| CARGO_DENY_PROGRAM.install(project),
};

/// rocfl, which validates the store.
pub const ROCFL: Requirement = Requirement {
    name: "rocfl",
    purpose: "validate the store with a second independent validator",
    find: |project| ROCFL_PROGRAM.find(project),
    how: "cargo install rocfl, into the cache folder (takes about a minute)",
    install: |project| ROCFL_PROGRAM.install(project),
};

impl CargoProgram {
    /// Looks for the required version of the program in the cache folder, then on `PATH`.
    fn find(&self, project: &Project) -> Result<Status, Failure> {
        let version = (self.version)(project)?;
        let cached = self
            .install_dir(project, &version)
            .join("bin")
            .join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        let reported_version = |path: &Path| {
            let output = process::version(path)?;
            output
                .split_whitespace()
                .any(|word| word.trim_start_matches('v') == version)
                .then_some(output)
        };
        for path in [Some(cached), process::on_path(self.program)]
            .into_iter()
            .flatten()
        {
            if let Some(version) = reported_version(&path) {
                return Ok(Status::Installed { version, path });
            }
        }
        Ok(Status::Missing(format!("not found in version {version}")))
    }

    fn install_dir(&self, project: &Project, version: &str) -> PathBuf {
        project.tool(self.package, version)
    }

    fn install(&self, project: &Project) -> Result<(), Failure> {
        let version = (self.version)(project)?;
        process::run(
            process::cargo(project, "install --force")
                .args(self.options)
                .args(["--version", &version, "--root"])
                .arg(self.install_dir(project, &version))
                .arg(self.package)
                // The programs run for seconds and are built only once, so the fastest compilation
                // is used.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_TARGET_DIR", project.target("tools")),
        )
    }
}

/// Reads the version of wasm-bindgen from Cargo.lock. The program and the library must have the
/// same version.
fn locked_wasm_bindgen_version(project: &Project) -> Result<String, Failure> {
    let path = project.path("Cargo.lock");
    let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
    locked_version(&text, "wasm-bindgen")
        .ok_or_else(|| Failure::malformed(&path, "the package wasm-bindgen is missing"))
}

/// Returns the version of a package in the text of a Cargo.lock file.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let lock: toml::Table = lock.parse().ok()?;
    lock.get("package")?
        .as_array()?
        .iter()
        .find(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))?
        .get("version")?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_version_compares_the_whole_package_name() {
        let lock = "version = 4\n\
            [[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\
            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version(lock, "wasm"), None);
        assert_eq!(locked_version("not a lock file", "wasm-bindgen"), None);
    }
}

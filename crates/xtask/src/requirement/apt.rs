//! Installation of packages on Debian and its derivatives.

use std::sync::OnceLock;

use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// Installs a package with `apt-get`.
///
/// # Errors
///
/// Returns [`Failure::Missing`] with the command to run if the user is not root or the system has
/// no `apt-get`. The set-up never changes to another user.
pub fn install(project: &Project, package: &str) -> Result<(), Failure> {
    let missing = |hint: String| Failure::Missing {
        name: package.to_owned(),
        hint,
    };
    if process::on_path("apt-get").is_none() {
        return Err(missing(format!(
            "Install `{package}` with the package manager of your system, then run this command again."
        )));
    }
    let is_root = process::capture(process::program(project, "id").arg("-u"))
        .is_ok_and(|id| id.trim() == "0");
    if !is_root {
        return Err(missing(format!(
            "Run `apt-get install {package}` as root, then run this command again."
        )));
    }
    update_package_lists(project)?;
    apt_get(
        project,
        &[
            "install",
            "--yes",
            "--quiet",
            "--no-install-recommends",
            package,
        ],
    )
}

/// Updates the package lists, at most once per run of xtask.
fn update_package_lists(project: &Project) -> Result<(), Failure> {
    static UPDATED: OnceLock<()> = OnceLock::new();
    if UPDATED.get().is_none() {
        apt_get(project, &["update", "--quiet"])?;
        let _ = UPDATED.set(());
    }
    Ok(())
}

fn apt_get(project: &Project, arguments: &[&str]) -> Result<(), Failure> {
    process::run(
        process::program(project, "apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments),
    )
}

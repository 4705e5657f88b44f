//! Packages of Debian and of what descends from it.

use std::process::Command;

use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// Installs a package with `apt-get`, through `sudo` where we are not the superuser.
pub fn install(project: &Project, package: &str) -> Result<(), Failure> {
    let missing = |remedy: String| Failure::Missing {
        name: package.to_owned(),
        remedy,
    };
    if process::on_path("apt-get").is_none() {
        return Err(missing(
            "install it with your system's package manager, then run this again.".into(),
        ));
    }
    let superuser = process::capture(process::program(project, "id").arg("-u"))
        .is_ok_and(|id| id.trim() == "0");
    if !superuser && process::on_path("sudo").is_none() {
        return Err(missing(format!(
            "run `apt-get install {package}` as the superuser, then this again."
        )));
    }
    let apt = |arguments: &[&str]| {
        let mut command: Command = if superuser {
            process::program(project, "apt-get")
        } else {
            let mut sudo = process::program(project, "sudo");
            sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        };
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments);
        process::run(&mut command)
    };
    apt(&["update", "--quiet"])?;
    apt(&[
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        package,
    ])
}

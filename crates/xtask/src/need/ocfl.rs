//! ocfl-py, the OCFL validator from PyPI that judges our stores.

use std::path::PathBuf;
use std::process::Command;

use super::{Found, Need, debian};
use crate::failure::Failure;
use crate::process;
use crate::project::Project;

const VERSION: &str = "2.1.0";

pub const OCFL: Need = Need {
    name: "ocfl-py",
    why: "have another program's validator judge the store",
    find,
    how: "python3 -m pip install ocfl-py, into a folder of its own",
    install,
};

fn folder(project: &Project) -> PathBuf {
    project.tool("ocfl-py", VERSION)
}

/// The validator; wants the path of a storage root.
pub fn command(project: &Project) -> Command {
    let folder = folder(project);
    let mut command = process::program(project, "python3");
    command
        .arg(folder.join("bin/ocfl-validate.py"))
        .env("PYTHONPATH", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn find(project: &Project) -> Result<Found, Failure> {
    let place = folder(project);
    let whole = place.join("bin/ocfl-validate.py").is_file()
        && place
            .join(format!("ocfl_py-{VERSION}.dist-info/RECORD"))
            .is_file();
    Ok(if !whole {
        Found::Missing(format!("not found in version {VERSION}"))
    } else if process::on_path("python3").is_none() {
        Found::Missing("python3 is not on PATH".into())
    } else {
        Found::Here {
            version: VERSION.into(),
            place,
        }
    })
}

fn install(project: &Project) -> Result<(), Failure> {
    let pip = || {
        let mut command = process::program(project, "python3");
        command.args(["-m", "pip"]);
        command
    };
    if !pip()
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        debian::install(project, "python3-pip")?;
    }
    // Installed beside its place and moved there whole, so that what is half there is not taken
    // for the tool.
    let place = folder(project);
    let unfinished = project.tool("ocfl-py", "unfinished");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(Failure::file(&unfinished))?;
    }
    if place.exists() {
        std::fs::remove_dir_all(&place).map_err(Failure::file(&place))?;
    }
    process::run(
        pip()
            .args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-warn-conflicts",
                "--target",
            ])
            .arg(&unfinished)
            .arg(format!("ocfl-py=={VERSION}"))
            .env("PIP_ROOT_USER_ACTION", "ignore"),
    )?;
    std::fs::rename(&unfinished, &place).map_err(Failure::file(&place))
}

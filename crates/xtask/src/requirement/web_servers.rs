//! The web servers whose settings the documentation describes, and the SSH server.

use std::path::PathBuf;

use super::{Requirement, Status, apt};
use crate::failure::Failure;
use crate::process;

const PURPOSE: &str = "test the documented settings of web servers";

pub const NGINX: Requirement = Requirement {
    name: "nginx",
    purpose: PURPOSE,
    find: |_| find("nginx"),
    how: "apt-get install nginx-light",
    install: |project| apt::install(project, "nginx-light"),
};

pub const CADDY: Requirement = Requirement {
    name: "caddy",
    purpose: PURPOSE,
    find: |_| find("caddy"),
    how: "apt-get install caddy",
    install: |project| apt::install(project, "caddy"),
};

/// Apache, of which the package of the program starts no service.
pub const APACHE: Requirement = Requirement {
    name: "apache2",
    purpose: PURPOSE,
    find: |_| find("apache2"),
    how: "apt-get install apache2-bin",
    install: |project| apt::install(project, "apache2-bin"),
};

/// The SSH server, to which the tests deploy a site.
pub const SSHD: Requirement = Requirement {
    name: "sshd",
    purpose: "test deployments to an SSH server",
    find: |_| find("sshd"),
    how: "apt-get install openssh-server",
    install: |project| apt::install(project, "openssh-server"),
};

/// Finds a program on `PATH` or in the folder of system programs, which is not on the `PATH` of all users.
pub(super) fn find(name: &str) -> Result<Status, Failure> {
    let in_system = || Some(PathBuf::from("/usr/sbin").join(name)).filter(|path| path.is_file());
    Ok(match process::on_path(name).or_else(in_system) {
        Some(path) => Status::Installed {
            version: String::new(),
            path,
        },
        None => Status::Missing("not found on PATH".into()),
    })
}

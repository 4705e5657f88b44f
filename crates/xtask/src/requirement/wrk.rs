//! wrk, which sends requests to the servers that a benchmark compares.

use super::{Requirement, apt, web_servers};

pub const WRK: Requirement = Requirement {
    name: "wrk",
    purpose: "measure requests per second",
    find: |_| web_servers::find("wrk"),
    how: "apt-get install wrk",
    install: |project| apt::install(project, "wrk"),
};

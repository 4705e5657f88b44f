//! The systems for which packages are made.

use crate::failure::Failure;

/// The form of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A gzip-compressed tar archive.
    TarGz,
    /// A zip archive.
    Zip,
}

/// A system for which packages are made.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// The name of the target in Rust.
    pub triple: &'static str,
    /// The operating system and the processor, as they are part of the names of packages.
    pub name: &'static str,
    /// The form of the package that contains all files.
    pub form: Form,
    /// The name of the processor in Debian, if there is a Debian package.
    pub debian: Option<&'static str>,
    /// The name of the processor in OCI images, if the image contains the target.
    pub oci: Option<&'static str>,
}

/// All systems, in the order in which they are built.
pub const TARGETS: &[Target] = &[
    Target {
        triple: "x86_64-unknown-linux-musl",
        name: "linux-x86_64",
        form: Form::TarGz,
        debian: Some("amd64"),
        oci: Some("amd64"),
    },
    Target {
        triple: "aarch64-unknown-linux-musl",
        name: "linux-aarch64",
        form: Form::TarGz,
        debian: Some("arm64"),
        oci: Some("arm64"),
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        name: "windows-x86_64",
        form: Form::Zip,
        debian: None,
        oci: None,
    },
    Target {
        triple: "aarch64-apple-darwin",
        name: "macos-aarch64",
        form: Form::TarGz,
        debian: None,
        oci: None,
    },
    Target {
        triple: "x86_64-apple-darwin",
        name: "macos-x86_64",
        form: Form::TarGz,
        debian: None,
        oci: None,
    },
];

impl Target {
    /// Returns the named targets, or all of them if no names are given.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no target with a name.
    pub fn select(names: &[String]) -> Result<Vec<&'static Target>, Failure> {
        for name in names {
            if TARGETS.iter().all(|target| target.triple != name) {
                let known: Vec<_> = TARGETS.iter().map(|target| target.triple).collect();
                return Err(Failure::Usage(format!(
                    "there are no packages for the target `{name}`. The targets are {}.",
                    known.join(", ")
                )));
            }
        }
        let is_selected =
            |target: &&Target| names.is_empty() || names.iter().any(|name| name == target.triple);
        Ok(TARGETS.iter().filter(is_selected).collect())
    }

    /// Returns the name of the program.
    pub fn program(&self) -> &'static str {
        match self.form {
            Form::TarGz => "khizana",
            Form::Zip => "khizana.exe",
        }
    }

    /// Returns `true` if the vector code of libjpeg-turbo is assembled with nasm.
    pub fn is_x86(&self) -> bool {
        self.triple.starts_with("x86_64-")
    }

    /// Returns `true` if the system is macOS.
    pub fn is_apple(&self) -> bool {
        self.triple.contains("-apple-")
    }

    /// Returns `true` if the linker is that of Linux, which writes the identifier of a build.
    pub fn is_linux(&self) -> bool {
        self.triple.contains("-linux-")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_selected_in_their_order_and_unknown_names_are_an_error() {
        assert_eq!(Target::select(&[]).unwrap().len(), TARGETS.len());
        let names = ["x86_64-pc-windows-gnu", "x86_64-unknown-linux-musl"].map(String::from);
        let selected = Target::select(&names).unwrap();
        let names: Vec<_> = selected.iter().map(|target| target.name).collect();
        assert_eq!(names, ["linux-x86_64", "windows-x86_64"]);
        let failure = Target::select(&["riscv64gc-unknown-linux-gnu".to_owned()]).unwrap_err();
        assert!(failure.to_string().contains("aarch64-apple-darwin"));
    }
}

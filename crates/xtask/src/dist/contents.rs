//! The files in packages and their paths.

use std::io;

use clap_complete::Shell;

use super::package_file::PackageFile;
use super::target::{Form, Target};
use super::{manual, notices, tarball};
use crate::failure::Failure;
use crate::project::Project;

/// The files that are the same in all packages.
pub struct Common {
    /// The licences of the project: their file names and texts.
    licences: Vec<(&'static str, Vec<u8>)>,
    /// The licences of the libraries.
    notices: String,
    /// The manual pages.
    pages: Vec<PackageFile>,
}

impl Common {
    /// Makes or reads the files.
    pub fn make(project: &Project) -> Result<Self, Failure> {
        let mut licences = Vec::new();
        for name in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
            let path = project.path(name);
            licences.push((name, std::fs::read(&path).map_err(Failure::file(&path))?));
        }
        Ok(Common {
            licences,
            notices: notices::text(project)?,
            pages: manual::pages()?,
        })
    }

    /// Returns the files of an archive that is unpacked by hand.
    pub fn archive(&self, target: &Target, folder: &str, program: &[u8]) -> Vec<PackageFile> {
        let path = |name: &str| format!("{folder}/{name}");
        let mut files = vec![
            PackageFile::program(path(target.program()), program),
            PackageFile::new(path("THIRD-PARTY.txt"), self.notices.as_str()),
        ];
        for (name, text) in &self.licences {
            files.push(PackageFile::new(path(name), text.as_slice()));
        }
        let shells: &[(Shell, &str)] = match target.form {
            Form::TarGz => &[
                (Shell::Bash, "khizana.bash"),
                (Shell::Zsh, "_khizana"),
                (Shell::Fish, "khizana.fish"),
            ],
            Form::Zip => &[(Shell::PowerShell, "khizana.ps1")],
        };
        for (shell, name) in shells {
            let path = path(&format!("completions/{name}"));
            files.push(PackageFile::new(path, manual::completions(*shell)));
        }
        if target.form == Form::TarGz {
            for page in &self.pages {
                let path = path(&format!("man/{}", page.path));
                files.push(PackageFile::new(path, page.content.as_slice()));
            }
        }
        files
    }

    /// Returns the files of a Debian package.
    pub fn debian(&self, program: &[u8]) -> io::Result<Vec<PackageFile>> {
        let mut files = vec![
            PackageFile::program("usr/bin/khizana", program),
            self.copyright(),
        ];
        for (shell, path) in [
            (Shell::Bash, "bash-completion/completions/khizana"),
            (Shell::Zsh, "zsh/vendor-completions/_khizana"),
            (Shell::Fish, "fish/vendor_completions.d/khizana.fish"),
        ] {
            let path = format!("usr/share/{path}");
            files.push(PackageFile::new(path, manual::completions(shell)));
        }
        for page in &self.pages {
            let path = format!("usr/share/man/man1/{}.gz", page.path);
            files.push(PackageFile::new(path, tarball::gzip(&page.content)?));
        }
        Ok(files)
    }

    /// Returns the files of a container image.
    pub fn image(&self, program: &[u8]) -> Vec<PackageFile> {
        vec![
            PackageFile::program("usr/bin/khizana", program),
            self.copyright(),
            // The folder in which `preview` works.
            PackageFile::shared_folder("tmp/"),
        ]
    }

    /// Returns the file with all licences, at the path that Debian prescribes.
    fn copyright(&self) -> PackageFile {
        let mut text = Vec::new();
        for (_, licence) in &self.licences {
            text.extend_from_slice(licence);
            text.push(b'\n');
        }
        text.extend_from_slice(self.notices.as_bytes());
        PackageFile::new("usr/share/doc/khizana/copyright", text)
    }
}

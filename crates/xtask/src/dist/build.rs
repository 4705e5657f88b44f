//! The build of the program for a target, with the C compiler and the linker of Zig.
//!
//! The program depends only on the commit and the versions of the compilers: the paths of this machine are replaced
//! in it, and it contains neither the time of the build nor symbols.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::apple;
use super::commit::Commit;
use super::target::Target;
use crate::failure::Failure;
use crate::process;
use crate::project::Project;
use crate::requirement;

/// The folder of Cargo for these builds, below the target folder. It is separate since the flags differ.
const FOLDER: &str = "dist-build";

/// Builds the program. Returns its content.
pub fn program(project: &Project, target: &Target, commit: &Commit) -> Result<Vec<u8>, Failure> {
    let folder = project.target(FOLDER);
    let prefixes = prefixes(project, &folder)?;
    let mut rustflags = rustflags(target, &prefixes);
    if target.is_apple() {
        for flag in apple::link_flags(&folder.join("apple"))? {
            rustflags.push("\u{1f}");
            rustflags.push(flag);
        }
    }
    let triple = target.triple;
    process::run(
        requirement::zigbuild_command(project)
            .args(["zigbuild", "--locked", "--profile", "dist"])
            .args([
                "--package",
                "khizana-cli",
                "--bin",
                "khizana",
                "--target",
                triple,
            ])
            .env("CARGO_TARGET_DIR", &folder)
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags)
            .env(
                format!("CFLAGS_{}", triple.replace('-', "_")),
                cflags(&prefixes),
            )
            // The oldest version of macOS for Apple silicon.
            .envs(
                target
                    .is_apple()
                    .then_some(("MACOSX_DEPLOYMENT_TARGET", "11.0")),
            )
            .env("SOURCE_DATE_EPOCH", commit.date.seconds.to_string())
            .env("KHIZANA_COMMIT", &commit.name),
    )?;
    let path = folder.join(triple).join("dist").join(target.program());
    std::fs::read(&path).map_err(Failure::file(&path))
}

/// The paths of this machine that the compilers write into programs, and their replacements. If several apply, the
/// last one does.
fn prefixes(project: &Project, folder: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let cargo_home = cargo_home.map(|home| (home, "cargo".to_owned()));
    let mut rustc = process::program(project, "rustc");
    let sysroot = process::capture(rustc.args(["--print", "sysroot"]))?;
    // If the source of the standard library is installed, its path would replace this one.
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let mut rustc = process::program(project, "rustc");
    let version = process::capture(rustc.arg("-vV"))?;
    let hash = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "));
    let hash = hash.unwrap_or_default();
    let others = [
        (library, format!("/rustc/{hash}")),
        (project.root().to_owned(), "khizana".to_owned()),
        (folder.to_owned(), "target".to_owned()),
    ];
    Ok(cargo_home.into_iter().chain(others).collect())
}

/// Returns the flags of the Rust compiler in the encoding of `CARGO_ENCODED_RUSTFLAGS`.
fn rustflags(target: &Target, prefixes: &[(PathBuf, String)]) -> OsString {
    let mut flags = Vec::new();
    for (path, name) in prefixes {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(path);
        flag.push("=");
        flag.push(name);
        flags.push(flag);
    }
    if target.is_linux() {
        flags.push("-Clink-arg=-Wl,--build-id=none".into());
    }
    flags.join("\u{1f}".as_ref())
}

/// Returns the flags of the C compiler. The cc crate separates them at spaces.
fn cflags(prefixes: &[(PathBuf, String)]) -> OsString {
    // mimalloc contains the time at which it was compiled.
    let mut flags = OsString::from("-Wno-builtin-macro-redefined -D__DATE__=\"\" -D__TIME__=\"\"");
    for (path, name) in prefixes {
        flags.push(" -ffile-prefix-map=");
        flags.push(path);
        flags.push("=");
        flags.push(name);
    }
    flags
}

//! Running other programs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::Failure;
use crate::project::Project;

/// A program that runs in the root of the project.
pub fn program(project: &Project, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project.root());
    command
}

/// Cargo, as it started this program, with arguments separated by spaces.
pub fn cargo(project: &Project, arguments: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = program(project, cargo);
    command.args(arguments.split_whitespace());
    // Cargo describes xtask to the programs it starts; a build script that looked at these would
    // be built again each time.
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a program to its end, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(not_started(command))?;
    succeeded(command, status)
}

/// Runs a program and returns what it wrote to standard output.
pub fn capture(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(not_started(command))?;
    succeeded(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, passes its standard output on and shows each line to `look`. Its status is
/// returned, not judged.
pub fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> Result<ExitStatus, Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_started(command))?;
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not text: a test may print anything.
        while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            look(text.trim_end());
            line.clear();
        }
    }
    child.wait().map_err(not_started(command))
}

/// For `map_err`: a program that could not be started.
pub fn not_started(command: &Command) -> impl FnOnce(std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    move |source| Failure::NotStarted { program, source }
}

/// Whether a program that ended did its work.
pub fn succeeded(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::Failed {
        command: shown(command),
        status: status.to_string(),
    })
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// The first file of this name in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|dir| dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
}

/// What a program says to `--version`, in one line; `None` where it does not run.
pub fn version(path: &Path) -> Option<String> {
    let output = Command::new(path).arg("--version").output().ok()?;
    output.status.success().then_some(())?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let project = Project::at(Path::new("."));
        let failure = run(&mut program(&project, "khizana-no-such-program")).unwrap_err();
        assert_eq!(failure.code(), "program-not-started");
        assert!(failure.to_string().contains("khizana-no-such-program"));
    }

    #[test]
    fn a_program_that_fails_is_shown_with_its_arguments() {
        let project = Project::at(Path::new("."));
        let failure = run(&mut cargo(&project, "--no-such-option x")).unwrap_err();
        assert_eq!(failure.code(), "program-failed");
        assert!(failure.to_string().contains("--no-such-option x"));
    }

    #[test]
    fn output_is_watched_line_by_line() {
        let project = Project::at(Path::new("."));
        let mut lines = Vec::new();
        let status = watch(&mut cargo(&project, "--version"), |line| {
            lines.push(line.to_owned());
        })
        .unwrap();
        assert!(status.success());
        assert!(lines.first().unwrap().starts_with("cargo "));
    }
}

//! Execution of other programs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::Failure;
use crate::project::Project;

/// Returns a command whose working directory is the root of the project.
pub fn program(project: &Project, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project.root());
    command
}

/// Returns a command that runs Cargo. The arguments are separated by spaces.
pub fn cargo(project: &Project, arguments: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = program_with_cargo(project, cargo);
    command.args(arguments.split_whitespace());
    command
}

/// Returns a command for a program that runs Cargo.
pub fn program_with_cargo(project: &Project, name: impl AsRef<OsStr>) -> Command {
    let mut command = program(project, name);
    // Cargo sets these variables for xtask. If they were passed on, build scripts that depend on
    // them would run again each time a value changes.
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command with inherited output.
///
/// # Errors
///
/// Returns [`Failure::NotStarted`] if the program cannot be started, and [`Failure::Failed`] if the
/// exit status is not zero.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(not_started(command))?;
    check_status(command, status)
}

/// Runs a command and returns its standard output.
///
/// # Errors
///
/// Returns the same errors as [`run`].
pub fn capture(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(not_started(command))?;
    check_status(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, copies its standard output and passes each line to `inspect`. Returns the exit
/// status without checking it.
pub fn watch(command: &mut Command, mut inspect: impl FnMut(&str)) -> Result<ExitStatus, Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_started(command))?;
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        // The lines are read as bytes instead of with `lines()`, because a test may print invalid
        // UTF-8.
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            inspect(text.trim_end());
            line.clear();
        }
    }
    child.wait().map_err(not_started(command))
}

/// Returns a function for `map_err` that converts an I/O error to [`Failure::NotStarted`].
pub fn not_started(command: &Command) -> impl FnOnce(std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    move |source| Failure::NotStarted { program, source }
}

/// Returns [`Failure::Failed`] if the exit status is not zero.
pub fn check_status(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::Failed {
        command: command_line(command),
        status: status.to_string(),
    })
}

/// Returns the command line of a command, with its arguments separated by spaces.
pub fn command_line(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Returns the path of the first file with this name in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|dir| dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
}

/// Returns the first line that a program prints for `--version`, or `None` if the program fails.
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
    fn not_started_names_the_program() {
        let project = Project::at(Path::new("."));
        let failure = run(&mut program(&project, "khizana-no-such-program")).unwrap_err();
        assert_eq!(failure.code(), "program-not-started");
        assert!(failure.to_string().contains("khizana-no-such-program"));
    }

    #[test]
    fn failed_shows_the_arguments() {
        let project = Project::at(Path::new("."));
        let failure = run(&mut cargo(&project, "--no-such-option x")).unwrap_err();
        assert_eq!(failure.code(), "program-failed");
        assert!(failure.to_string().contains("--no-such-option x"));
    }

    #[test]
    fn watch_passes_each_line() {
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

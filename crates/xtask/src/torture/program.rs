//! Runs of the program under test, with limits of time and memory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::Failure;
use crate::process;

/// The memory that a run may use, in kilobytes.
pub const MEMORY_LIMIT: u64 = 1024 * 1024;

/// The time after which a run is killed that is expected to end much earlier.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, and the folder that contains the output of its last run.
pub struct Khizana {
    program: PathBuf,
    work: PathBuf,
}

/// The result of a run.
pub struct Run {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// `true` if the run did not end within its time and was killed.
    pub is_overdue: bool,
    /// The largest amount of memory that was observed, in kilobytes.
    pub memory: u64,
}

impl Run {
    /// Returns `true` for exit status 0.
    pub fn is_success(&self) -> bool {
        self.status.success()
    }

    /// Returns the JSON document that the run printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_default()
    }

    /// Returns the problems that the run printed as JSON.
    pub fn problems(&self) -> Vec<Value> {
        let problems = self.json()["problems"].as_array().cloned();
        problems.unwrap_or_default()
    }

    /// Describes the run in one line, for the report of a failure.
    pub fn summary(&self) -> String {
        let output = format!("{} {}", self.stdout, self.stderr);
        let output: Vec<&str> = output.split_whitespace().collect();
        let text: String = output.join(" ").chars().take(600).collect();
        format!("{}: {text}", self.status)
    }

    /// Returns the reason why the run did not end as any run must, whatever its input: a panic, a signal, or
    /// too much time or memory.
    pub fn violation(&self) -> Option<String> {
        if self.is_overdue {
            return Some("did not end in time".to_owned());
        }
        if self.memory > MEMORY_LIMIT {
            return Some(format!("used {} MB of memory", self.memory / 1024));
        }
        let is_panic = self.stderr.contains("panicked") || self.status.code() == Some(101);
        (is_panic || self.status.code().is_none()).then(|| self.summary())
    }
}

impl Drop for Khizana {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.work);
    }
}

impl Khizana {
    /// Uses a program. Its output is written to files in `work`, which need not exist.
    pub fn new(program: PathBuf, work: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(work).map_err(Failure::file(work))?;
        Ok(Khizana {
            program,
            work: work.to_owned(),
        })
    }

    /// Returns a command for an archive, which prints JSON.
    fn command(&self, archive: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        add_arguments(&mut command, archive, arguments);
        command
    }

    /// Returns a command that runs the program in another one, such as `strace`.
    pub fn wrapped(&self, mut wrapper: Command, archive: &Path, arguments: &[&str]) -> Command {
        wrapper.arg(&self.program);
        add_arguments(&mut wrapper, archive, arguments);
        wrapper
    }

    /// Starts a command.
    pub fn start(&self, archive: &Path, arguments: &[&str]) -> Result<Child, Failure> {
        self.spawn(self.command(archive, arguments))
    }

    fn spawn(&self, mut command: Command) -> Result<Child, Failure> {
        for (name, set) in [
            (
                "stdout",
                Command::stdout::<File> as fn(&mut Command, File) -> &mut Command,
            ),
            ("stderr", Command::stderr::<File>),
        ] {
            let path = self.work.join(name);
            set(
                &mut command,
                File::create(&path).map_err(Failure::file(&path))?,
            );
        }
        command.stdin(Stdio::null());
        command.spawn().map_err(process::not_started(&command))
    }

    /// Runs a command to its end.
    pub fn run(&self, archive: &Path, arguments: &[&str]) -> Result<Run, Failure> {
        self.run_within(PATIENCE, archive, arguments)
    }

    /// Runs a command that must succeed.
    pub fn expect(&self, archive: &Path, arguments: &[&str]) -> Result<Run, Failure> {
        let run = self.run(archive, arguments)?;
        if run.is_success() {
            return Ok(run);
        }
        Err(Failure::Failed {
            command: format!("khizana {}", arguments.join(" ")),
            status: run.summary(),
        })
    }

    /// Runs a command, and kills it after some time.
    pub fn run_within(
        &self,
        time: Duration,
        archive: &Path,
        arguments: &[&str],
    ) -> Result<Run, Failure> {
        let mut child = self.start(archive, arguments)?;
        let start = Instant::now();
        let status_file = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut memory = 0;
        let mut is_overdue = false;
        let status = loop {
            memory = memory.max(peak_memory(&status_file));
            let ended = child.try_wait().map_err(Failure::file(&self.program))?;
            if let Some(status) = ended {
                break status;
            }
            if start.elapsed() > time && !is_overdue {
                is_overdue = true;
                child.kill().map_err(Failure::file(&self.program))?;
            }
            std::thread::sleep(Duration::from_millis(4));
        };
        Ok(Run {
            status,
            stdout: self.output("stdout")?,
            stderr: self.output("stderr")?,
            is_overdue,
            memory,
        })
    }

    fn output(&self, name: &str) -> Result<String, Failure> {
        let path = self.work.join(name);
        let bytes = fs::read(&path).map_err(Failure::file(&path))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn add_arguments(command: &mut Command, archive: &Path, arguments: &[&str]) {
    command
        .args(arguments)
        .arg("--archive")
        .arg(archive)
        .arg("--json");
}

/// Returns the peak of the memory of a running process, in kilobytes, or 0 if the process has ended.
fn peak_memory(status: &Path) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

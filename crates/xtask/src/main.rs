//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{demo, dist, doctor, process, requirement, setup, test, torture, web};

/// Set-up, demonstration and tests of Khizana.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List installed and missing tools; install nothing.
    Doctor,
    /// Build the viewer into web/dist if any of its sources has changed.
    Web,
    /// Draw, ingest, publish and serve the demonstration archive.
    Demo {
        /// Stop after publishing.
        #[arg(long)]
        no_serve: bool,
        /// The port to serve on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build packages for all systems, or for those that are named, into target/dist; this takes an hour.
    Dist {
        /// Targets of Rust: x86_64-unknown-linux-musl, aarch64-unknown-linux-musl, x86_64-pc-windows-gnu,
        /// aarch64-apple-darwin, x86_64-apple-darwin
        targets: Vec<String>,
    },
    /// Run all checks and tests, or those that are named.
    Test {
        /// A stage (size, fmt, wording, clippy, docs, deny, cargo, ocfl, iiif, torture, browser), a browser
        /// test (the NAME of tests/browser/NAME.test.mjs) or a part of the name of a Rust test.
        names: Vec<String>,
    },
    /// Try to destroy archives, and check that nothing is lost; this takes hours.
    Torture {
        /// Interrupted runs, damaged files or hostile inputs [default: all of them, and the results are
        /// written to docs/src/bench-torture.md]
        kind: Option<TortureKind>,
        /// Number of trials [default: 1000 interrupted runs, 1000 damaged files of a store and of a
        /// site, 10000 inputs]
        #[arg(long)]
        count: Option<usize>,
        /// Seed of the random numbers
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// Only power failures, in which syncs of paths that contain this text have no effect; `syncfs`
        /// stands for syncs of the whole file system. Trials must then fail
        #[arg(long, value_name = "PATTERN")]
        without_sync: Option<String>,
    },
    /// Run a benchmark against a peer; this takes minutes to hours.
    Bench {
        /// The name of the benchmark and its options; see `cargo xtask bench --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// A kind of torture.
#[derive(Clone, Copy, ValueEnum)]
enum TortureKind {
    Kills,
    Damage,
    Inputs,
}

impl From<TortureKind> for torture::Kind {
    fn from(kind: TortureKind) -> Self {
        match kind {
            TortureKind::Kills => torture::Kind::Kills,
            TortureKind::Damage => torture::Kind::Damage,
            TortureKind::Inputs => torture::Kind::Inputs,
        }
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error[{}]: {failure}", failure.code());
            ExitCode::from(2)
        }
    }
}

/// Runs a command. Returns `false` if a check or a test failed.
fn run(command: &Command) -> Result<bool, Failure> {
    let project = Project::find()?;
    match command {
        Command::Doctor => Ok(doctor::run(&project)),
        Command::Web => {
            setup::install_missing(&project, requirement::BUILD)?;
            web::build(&project)?;
            Ok(web::size::report(&project)?.fits())
        }
        Command::Demo { no_serve, port } => demo::run(&project, !no_serve, *port).map(|()| true),
        Command::Dist { targets } => dist::run(&project, targets).map(|()| true),
        Command::Test { names } => test::run(&project, names),
        Command::Torture {
            kind,
            count,
            seed,
            without_sync,
        } => {
            let is_kills = matches!(kind, Some(TortureKind::Kills));
            if without_sync.is_some() && !is_kills {
                let problem = "`--without-sync` can only be used with `kills`.";
                return Err(Failure::Usage(problem.to_owned()));
            }
            let options = torture::Options {
                kind: kind.map(torture::Kind::from),
                count: *count,
                seed: *seed,
                without_sync: without_sync.clone(),
            };
            torture::run(&project, &options)
        }
        Command::Bench { arguments } => {
            let bench = "run --quiet --package khizana-bench --";
            process::run(process::cargo(&project, bench).args(arguments)).map(|()| true)
        }
    }
}

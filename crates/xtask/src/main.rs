//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{demo, doctor, need, process, setup, test, web};

/// Set-up, demonstration and tests of Khizana.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List what is installed and what is missing; install nothing.
    Doctor,
    /// Build the viewer into web/dist, if any of its sources has changed.
    Web,
    /// Draw the demonstration archive, ingest it, publish it and serve it.
    Demo {
        /// Stop once the site is published.
        #[arg(long)]
        no_serve: bool,
        /// The port to serve on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every check and every test.
    Test,
    /// Run a benchmark against a peer; takes minutes to hours.
    Bench {
        /// The name of the benchmark and its options; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
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

/// Runs a command; returns `false` if it ran and found something wrong.
fn run(command: &Command) -> Result<bool, Failure> {
    let project = Project::find()?;
    match command {
        Command::Doctor => Ok(doctor::run(&project)),
        Command::Web => {
            setup::ensure(&project, need::WEB)?;
            web::build(&project)?;
            Ok(web::size::report(&project)?.fits())
        }
        Command::Demo { no_serve, port } => demo::run(&project, !no_serve, *port).map(|()| true),
        Command::Test => test::run(&project),
        Command::Bench { arguments } => {
            let bench = "run --quiet --package khizana-bench --";
            process::run(process::cargo(&project, bench).args(arguments)).map(|()| true)
        }
    }
}

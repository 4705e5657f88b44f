//! `deploy`: uploads a site, or checks what was uploaded.

use khizana_args::{Args, DeployArgs};
use khizana_deploy::{CheckReport, Connection, Cost, Options, Summary};
use khizana_model::{Message, Progress, message, plural, printable};

use crate::commands::site_dir;
use crate::failure::Failure;
use crate::output;

/// Deploys a site, or checks a target. Returns `false` if a check found that files were changed or removed.
///
/// # Errors
/// Returns an error if the site cannot be deployed, or the target cannot be checked.
pub fn run(args: &Args, options: &DeployArgs, progress: &dyn Progress) -> Result<bool, Failure> {
    let connection = Connection {
        target: options.target.clone(),
        endpoint: options.endpoint.clone(),
        connections: options.connections,
    };
    if options.check {
        let report = khizana_deploy::check(&connection, progress)?;
        print_check(args, &report)?;
        return Ok(report.is_intact());
    }
    let options = Options {
        site: site_dir(args, options.site.as_deref()),
        grace_days: options.grace,
        dry_run: options.dry_run,
        repair: options.repair,
    };
    let summary = khizana_deploy::deploy(&connection, &options, progress)?;
    print_summary(args, &summary)?;
    Ok(true)
}

fn print_check(args: &Args, report: &CheckReport) -> Result<(), Failure> {
    output::problems(&report.problems);
    if report.omitted > 0 {
        output::message(&plural!(
            "{count} further problem was found and is not listed",
            "{count} further problems were found and are not listed",
            count = report.omitted
        ));
    }
    output::result(args.json, report, || {
        let result = match report.is_intact() {
            true => message!("all files are intact"),
            false => message!("damage was found"),
        };
        let checked = message!(
            "compared {files}, and read {read}: {result}",
            files = output::files(report.files),
            read = output::files(report.read),
            result
        );
        vec![output::text(&checked)]
    })
}

fn print_summary(args: &Args, summary: &Summary) -> Result<(), Failure> {
    output::problems(&summary.problems);
    output::result(args.json, summary, || {
        lines(summary).iter().map(output::text).collect()
    })
}

fn lines(summary: &Summary) -> Vec<Message> {
    let target = printable(&summary.target);
    let bytes = output::bytes(summary.uploaded_bytes);
    let first = match (summary.dry_run, summary.uploaded, summary.deleted) {
        (_, 0, 0) => message!(
            "{target} is up to date: {files}, {bytes}",
            target,
            files = output::files(summary.files),
            bytes = output::bytes(summary.bytes)
        ),
        (true, _, deleted) => message!(
            "would upload {count} of {files} ({bytes}) to {target}, and delete {deleted}",
            count = summary.uploaded,
            bytes,
            files = output::files(summary.files),
            target,
            deleted = output::files(deleted)
        ),
        (false, _, deleted) => message!(
            "uploaded {count} of {files} ({bytes}) to {target}, and deleted {deleted}",
            count = summary.uploaded,
            bytes,
            files = output::files(summary.files),
            target,
            deleted = output::files(deleted)
        ),
    };
    let mut lines = vec![first];
    if summary.retired > 0 {
        lines.push(plural!(
            "{count} file is no longer needed and will be deleted later",
            "{count} files are no longer needed and will be deleted later",
            count = summary.retired
        ));
    }
    let requests = &summary.requests;
    // Only providers of object storage charge for requests.
    let is_charged = ["s3://", "gs://", "az://"]
        .iter()
        .any(|scheme| summary.target.starts_with(scheme));
    if is_charged {
        lines.push(message!(
            "requests: {write} writing, {list} listing, {read} reading, {delete} deleting",
            write = requests.write,
            list = requests.list,
            read = requests.read,
            delete = requests.delete
        ));
    }
    if let Some(cost) = summary.cost.filter(|_| summary.dry_run) {
        lines.push(cost_line(&cost));
    }
    lines
}

fn cost_line(cost: &Cost) -> Message {
    message!(
        "estimated cost: ${requests} for the requests, ${month} a month for the storage (list prices of {year}, without transfer to visitors)",
        requests = dollars(cost.requests),
        month = dollars(cost.month),
        year = cost.prices
    )
}

/// Formats an amount with as many digits as a thousand requests need.
fn dollars(amount: f64) -> String {
    format!("{amount:.4}")
}

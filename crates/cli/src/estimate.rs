//! The command `estimate`.

use std::path::Path;

use khizana_args::Args;
use khizana_deploy::{HOSTINGS, Hosting};
use khizana_model::{Message, Progress, message, plural};
use khizana_shards::Estimate;
use serde::Serialize;

use crate::failure::Failure;
use crate::{LONG_VERSION, output};

/// Number of requests of a visit.
const REQUESTS_PER_VISIT: u64 = 30;
/// Number of bytes of a visit: the viewer, and some pages and images.
const BYTES_PER_VISIT: u64 = 2_500_000;

/// The result of the command. `estimate --json` prints it.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    estimate: &'a Estimate,
    visits: u64,
    hosting: Vec<HostingCost>,
}

/// The cost of a kind of hosting, in US dollars.
#[derive(Serialize)]
struct HostingCost {
    #[serde(skip)]
    label: Message,
    /// The label in English.
    name: String,
    product: &'static str,
    prices: &'static str,
    source: &'static str,
    upload: f64,
    /// `None` if the site does not fit.
    month: Option<f64>,
}

impl HostingCost {
    fn of(hosting: &Hosting, estimate: &Estimate, visits: u64) -> HostingCost {
        let requests = visits.saturating_mul(REQUESTS_PER_VISIT);
        let sent = visits.saturating_mul(BYTES_PER_VISIT);
        HostingCost {
            label: (hosting.name)(),
            name: (hosting.name)().to_string(),
            product: hosting.product,
            prices: hosting.as_of,
            source: hosting.source,
            upload: hosting.of_upload(estimate.site_files),
            month: hosting.of_month(estimate.site_bytes, requests, sent),
        }
    }

    fn line(&self) -> Message {
        let name = self.label.clone();
        match self.month {
            Some(month) => message!(
                "{name}: {month} US dollars a month, {upload} for the first upload ({product}; prices of {date})",
                name = name,
                month = dollars(month),
                upload = dollars(self.upload),
                product = self.product,
                date = self.prices
            ),
            None => message!(
                "{name}: the site is too large ({product})",
                name = name,
                product = self.product
            ),
        }
    }
}

fn dollars(amount: f64) -> String {
    match amount < 10.0 {
        true => format!("{amount:.2}"),
        false => format!("{amount:.0}"),
    }
}

/// Estimates the work on a source and the cost of the site. Returns `false` if rows of the table are left out.
///
/// # Errors
/// Returns an error if the source cannot be read.
pub fn run(
    args: &Args,
    source: &Path,
    visits: u64,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let estimate = khizana_shards::estimate(&args.archive, source, LONG_VERSION, progress)?;
    output::problems(&estimate.problems);
    let costs = HOSTINGS.iter();
    let report = Report {
        estimate: &estimate,
        visits,
        hosting: costs
            .map(|hosting| HostingCost::of(hosting, &estimate, visits))
            .collect(),
    };
    output::result(args.json, &report, || {
        let mut lines = vec![
            message!(
                "source: {items}, {files}, {bytes}",
                items = output::items(estimate.items),
                files = output::files(estimate.source_files),
                bytes = output::bytes(estimate.source_bytes)
            ),
            message!(
                "site: about {files}, {bytes}, with a page for each item",
                files = output::files(estimate.site_files),
                bytes = output::bytes(estimate.site_bytes)
            ),
            message!(
                "store: about {bytes}",
                bytes = output::bytes(estimate.source_bytes)
            ),
            message!(
                "time: about {time} on this machine; {files} of {bytes} took {seconds} s",
                time = duration(estimate.seconds),
                files = output::files(estimate.sample_files),
                bytes = output::bytes(estimate.sample_bytes),
                seconds = output::decimal(estimate.sample_seconds)
            ),
            message!(
                "hosting with {visits}, of {requests} requests and {bytes} each:",
                visits = plural!(
                    "{count} visit a month",
                    "{count} visits a month",
                    count = visits
                ),
                requests = REQUESTS_PER_VISIT,
                bytes = output::bytes(BYTES_PER_VISIT)
            ),
        ];
        lines.extend(report.hosting.iter().map(HostingCost::line));
        lines.iter().map(output::text).collect()
    })?;
    Ok(!estimate.has_errors())
}

/// Formats a duration in minutes, hours or days.
fn duration(seconds: f64) -> Message {
    let minutes = (seconds / 60.0).ceil() as u64;
    match minutes {
        0..120 => plural!("{count} minute", "{count} minutes", count = minutes),
        120..2_880 => plural!(
            "{count} hour",
            "{count} hours",
            count = minutes.div_ceil(60)
        ),
        _ => plural!(
            "{count} day",
            "{count} days",
            count = minutes.div_ceil(1_440)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_suitable_unit() {
        let text = |seconds| duration(seconds).to_string();
        assert_eq!(text(10.0), "1 minute");
        assert_eq!(text(7_100.0), "119 minutes");
        assert_eq!(text(7_199.0), "2 hours");
        assert_eq!(text(86_400.0 * 9.5), "10 days");
    }
}

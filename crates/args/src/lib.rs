//! The arguments of the program `khizana`.
//!
//! They are a crate with few dependencies, so that the manual pages and the completions of a package can be
//! made without building the program.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum, value_parser};
use khizana_model::{LangTag, Language, Pages, message};

/// The beginning of the help: the usual tasks.
const GUIDE: &str = "\
To publish a collection from a folder with scans and a table:
  khizana check FOLDER                       what is wrong with the table and the files
  khizana init ARCHIVE                       create an archive, once
  khizana ingest FOLDER --archive ARCHIVE    keep the originals and the descriptions
  khizana publish --archive ARCHIVE          write the site
  khizana serve --archive ARCHIVE            look at it in a browser

To keep it safe: khizana verify, repair, rebuild. To see what this computer can do: khizana doctor.";

/// Khizana (خزانة) preserves collections of cultural heritage and publishes them as static sites.
///
/// Exit status: 0 if the command succeeded; 1 if it completed, but rejected items or found damaged
/// files; 2 if it could not run.
#[derive(Debug, Parser)]
#[command(name = "khizana", version, before_help = GUIDE, max_term_width = 100)]
#[command(arg_required_else_help = true)]
pub struct Args {
    /// Archive folder
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub archive: PathBuf,
    /// Print one JSON document to standard output; human-readable messages go to standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print the duration of each stage
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Language of messages and of the page of a preview [default: that of the locale; for the page, the first
    /// language of the site]
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// Command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an archive with a configuration file and an example source
    Init {
        /// Folder to create
        dir: PathBuf,
        /// Write an Excel workbook to fill in instead of the example table
        #[arg(long)]
        workbook: bool,
    },
    /// Report the problems of a source without changing the archive
    Check {
        /// Folder that contains a metadata table, or the table itself
        source: PathBuf,
        /// Write an Excel workbook with the items of a folder that contains no table
        #[arg(long, value_name = "FILE")]
        write_table: Option<PathBuf>,
        /// Write a copy of the table with the corrections that certainly keep the meaning, for example
        /// of dates such as 15/03/1906. The copy of an .ods or .xls workbook is an .xlsx workbook
        #[arg(long, value_name = "FILE")]
        fix: Option<PathBuf>,
        /// Write a report in Arabic, French and English to an HTML page or an Excel workbook, for
        /// example report.html or report.xlsx
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Add a source to the archive, or update it: unchanged items are skipped
    Ingest {
        /// Folder that contains a metadata table, or the table itself
        source: PathBuf,
        /// Report what would be added, changed and removed, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Write an Excel workbook with the items of a folder that contains no table
        #[arg(long, value_name = "FILE")]
        write_table: Option<PathBuf>,
        /// Fetch the images on other hosts that the store does not contain, and keep them in the store
        #[arg(long, conflicts_with = "dry_run")]
        fetch: bool,
        /// Remove or reduce exactly this number of items, or `all`: without this option, an ingest
        /// that would remove more than ten items or a tenth of the collection is refused
        #[arg(long, value_name = "N", value_parser = removal)]
        remove: Option<RemovalArg>,
        /// Read all files, also those whose size and time have not changed
        #[arg(long)]
        reread: bool,
        /// Continue with the store as it is, whose newest state has this number, although the
        /// catalogue records a state that the store does not contain
        #[arg(long, value_name = "N")]
        accept_state: Option<u64>,
    },
    /// Distribute the work on a source to many machines: make a plan, without changing the archive
    Plan {
        /// Folder that contains a metadata table, or the table itself
        source: PathBuf,
        /// Number of shards, which can be processed at the same time. More shards than machines lose less
        /// work if a machine fails
        #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=100_000))]
        shards: u32,
        /// File to write [default: ARCHIVE/plan.json]
        #[arg(long, value_name = "PLAN")]
        out: Option<PathBuf>,
    },
    /// Do the expensive work for one shard of a plan: hash and decode its files, and make their
    /// derivatives. Can be repeated at any time
    Derive {
        /// File that `khizana plan` wrote. The results are written to a folder next to it, which all
        /// machines must share
        #[arg(long, value_name = "PLAN")]
        plan: PathBuf,
        /// Number of the shard, from 1 to the number of shards
        #[arg(long, value_name = "K", required_unless_present = "index")]
        shard: Option<u32>,
        /// Number of the shard counted from 0, as Kubernetes counts
        #[arg(long, value_name = "I", conflicts_with = "shard")]
        index: Option<u32>,
    },
    /// Add the source of a plan to the archive with the results of all shards, like an ingest
    Merge {
        /// File that `khizana plan` wrote
        #[arg(long, value_name = "PLAN")]
        plan: PathBuf,
        /// Remove or reduce exactly this number of items, or `all`: without this option, an ingest
        /// that would remove more than ten items or a tenth of the collection is refused
        #[arg(long, value_name = "N", value_parser = removal)]
        remove: Option<RemovalArg>,
        /// Continue with the store as it is, whose newest state has this number, although the
        /// catalogue records a state that the store does not contain
        #[arg(long, value_name = "N")]
        accept_state: Option<u64>,
    },
    /// Estimate files, bytes, hours and the monthly cost of hosting before the work on a source. Processes a
    /// part of the files and changes nothing
    Estimate {
        /// Folder that contains a metadata table, or the table itself
        source: PathBuf,
        /// Number of visits per month
        #[arg(long, value_name = "N", default_value_t = 10_000)]
        visits: u64,
    },
    /// Write the static site of the archive, or update it: unchanged files are not rewritten
    Publish {
        /// Folder to publish to [default: ARCHIVE/site]
        #[arg(long, value_name = "SITE")]
        out: Option<PathBuf>,
        /// HTML pages to write; overrides `pages` in khizana.toml
        #[arg(long)]
        pages: Option<PagesArg>,
        /// Hash the existing files of the site, and write those that are damaged again
        #[arg(long)]
        rehash: bool,
        /// Continue with the store as it is, whose newest state has this number, although the
        /// catalogue or the site records a state that the store does not contain
        #[arg(long, value_name = "N")]
        accept_state: Option<u64>,
    },
    /// Serve a site locally with the HTTP headers of a static host
    Serve {
        /// Site folder [default: ARCHIVE/site]
        site: Option<PathBuf>,
        /// Address to listen on
        #[arg(long, default_value = "127.0.0.1:8080")]
        addr: SocketAddr,
    },
    /// Show the site and the problems of a source in the browser, and update both while the source is edited.
    /// Nothing is written to the source or the archive; with an archive, the page also shows what the
    /// next ingest would change
    Preview {
        /// Folder that contains a metadata table, or the table itself
        source: PathBuf,
        /// Address to listen on
        #[arg(long, default_value = "127.0.0.1:8090")]
        addr: SocketAddr,
        /// Do not open the browser
        #[arg(long)]
        no_open: bool,
    },
    /// Check the fixity of all stored files, or of all files of a published site
    Verify(VerifyArgs),
    /// Upload a published site to object storage, to an SSH server or to a folder: only what changed, immutable files
    /// first, then the pages, and archive.json last
    Deploy(DeployArgs),
    /// Restore missing and damaged files of the store
    Repair {
        /// Another archive, its store, the folder of a source, or a published site that may contain
        /// the files
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// If a state of the store remains damaged, record the intact objects in a new state; N is
        /// the number of the newest state
        #[arg(long, value_name = "N")]
        accept_state: Option<u64>,
    },
    /// Make an archive from its store: the catalogue, and khizana.toml if it does not exist
    Rebuild {
        /// Continue with the store as it is, whose newest state has this number, although the
        /// catalogue records a state that the store does not contain
        #[arg(long, value_name = "N")]
        accept_state: Option<u64>,
    },
    /// Search a published archive with the search engine of the viewer
    Search {
        /// Search query
        query: String,
        /// Site folder [default: ARCHIVE/site]
        #[arg(long)]
        site: Option<PathBuf>,
        /// Maximum number of results to print
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Only items with this facet value; can be repeated
        #[arg(long, value_name = "FIELD=VALUE", value_parser = filter)]
        filter: Vec<(String, String)>,
        /// Only items from these years: `1850`, `1850..1899`, `..1899` or `1850..`
        #[arg(long, value_name = "FROM..TO", value_parser = years, allow_hyphen_values = true)]
        years: Option<(i32, i32)>,
        /// Sort order of the results
        #[arg(long, value_enum, default_value_t = SortArg::Relevance)]
        sort: SortArg,
        /// The query is being typed: the last word also matches longer words that begin with it
        #[arg(long)]
        typing: bool,
        /// Language of the titles and of their order, as in the viewer in this language, for example
        /// `fr` [default: the first language of the site]
        #[arg(long, value_name = "LANG")]
        query_lang: Option<LangTag>,
    },
    /// Report what is built into the program, and which helper programs are found
    Doctor,
    /// Inspect a tile pack, the file with the tiles of a large image
    #[command(subcommand)]
    Pack(PackCommand),
}

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Check the published site in this folder, or at this address (https://…), instead of the store
    #[arg(long, value_name = "SITE")]
    pub site: Option<PathBuf>,
    /// Continue where the last verification of the store was stopped
    #[arg(long, conflicts_with = "site")]
    pub resume: bool,
    /// Read at most this number of megabytes per second
    #[arg(long, value_name = "MB")]
    pub rate: Option<NonZeroU32>,
    /// Write a report to this folder: verify.html in Arabic, French and English, and verify.json
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
}

/// The arguments of `deploy`.
#[derive(Debug, clap::Args)]
pub struct DeployArgs {
    /// s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX, sftp://USER@HOST:PORT/PATH, or a folder.
    /// Credentials are read from the variables and files of the provider
    pub target: String,
    /// Site folder [default: ARCHIVE/site]
    #[arg(long)]
    pub site: Option<PathBuf>,
    /// Address of a server with the interface of S3 or another provider
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Number of files to upload at the same time
    #[arg(long, value_name = "N", default_value = "16")]
    pub connections: NonZeroUsize,
    /// Number of days for which files are kept that the new site does not need, but an open page may
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub grace: u32,
    /// Report what would be uploaded and deleted and what it costs, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Compare all files of the target with the last deployment, and report what was changed, removed or added by hand
    #[arg(long, conflicts_with_all = ["dry_run", "repair"])]
    pub check: bool,
    /// Upload files again that were changed or removed by hand
    #[arg(long)]
    pub repair: bool,
}

/// The subcommands of `pack`.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// List the levels of a tile pack and check the hash of every tile
    Inspect {
        /// File tiles.pack of a published site
        file: PathBuf,
    },
}

/// A language of the messages and of the page of a preview.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// Arabic
    Ar,
    /// French
    Fr,
    /// English
    En,
}

impl LangArg {
    /// Returns the language.
    pub fn language(self) -> Language {
        match self {
            LangArg::Ar => Language::Arabic,
            LangArg::Fr => Language::French,
            LangArg::En => Language::English,
        }
    }
}

/// The HTML pages of a site.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PagesArg {
    /// A home page, and a page for each collection and item
    Items,
    /// A home page, and pages of collections that contain whole records
    Lists,
    /// One page of each kind, whose content the viewer loads
    None,
}

impl From<PagesArg> for Pages {
    fn from(pages: PagesArg) -> Pages {
        match pages {
            PagesArg::Items => Pages::Items,
            PagesArg::Lists => Pages::Lists,
            PagesArg::None => Pages::None,
        }
    }
}

/// The sort order of search results.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SortArg {
    /// Most relevant first
    Relevance,
    /// By title
    Title,
    /// Oldest first
    Date,
    /// Newest first
    Newest,
}

/// The number of items that an ingest may remove or reduce.
#[derive(Debug, Clone, Copy)]
pub enum RemovalArg {
    /// Exactly this number of items.
    Count(u64),
    /// Any number of items.
    All,
}

fn removal(text: &str) -> Result<RemovalArg, String> {
    match text {
        "all" => Ok(RemovalArg::All),
        number => {
            let number = number.parse();
            number
                .map(RemovalArg::Count)
                .map_err(|_| message!("expected a number of items, or `all`").to_string())
        }
    }
}

fn filter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() && !value.is_empty() => {
            Ok((field.to_owned(), value.to_owned()))
        }
        _ => Err(message!("expected FIELD=VALUE, such as `type=map`").to_string()),
    }
}

fn years(text: &str) -> Result<(i32, i32), String> {
    let invalid = |_| message!("expected `1850`, `1850..1899`, `..1899` or `1850..`").to_string();
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let year = |part: &str, default: i32| match part {
        "" => Ok(default),
        part => part.parse().map_err(invalid),
    };
    Ok((year(from, i32::MIN)?, year(to, i32::MAX)?))
}

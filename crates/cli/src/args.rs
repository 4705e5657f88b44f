//! The arguments.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use khizana_model::Pages;
use khizana_search::Sort;

/// Khizana (خزانة): keep collections of cultural heritage for decades, and publish them as a
/// static site.
///
/// Exit status: 0 all done; 1 done, but some items were rejected or a verification failed; 2 the
/// command could not run.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Args {
    /// The archive's folder
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub archive: PathBuf,
    /// Print one JSON document on standard output; messages for people go to standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new archive: khizana.toml and an example source
    Init {
        /// The folder to make
        dir: PathBuf,
    },
    /// Name every problem in a source; write nothing
    Check {
        /// A folder with a metadata table, or the table itself
        source: PathBuf,
    },
    /// Take a source into the store; again: only what changed, as a new version
    Ingest {
        /// A folder with a metadata table, or the table itself
        source: PathBuf,
    },
    /// Write the site from the store; again: only what changed
    Publish {
        /// The folder to publish to [default: ARCHIVE/site]
        #[arg(long, value_name = "SITE")]
        out: Option<PathBuf>,
        /// Which pages to write, whatever khizana.toml says
        #[arg(long)]
        pages: Option<PagesArg>,
    },
    /// Serve a site on this machine, with the headers it has on a static host
    Serve {
        /// The folder of the site [default: ARCHIVE/site]
        site: Option<PathBuf>,
        /// The address to listen on
        #[arg(long, default_value = "127.0.0.1:8080")]
        addr: SocketAddr,
    },
    /// Hash everything in the store again and compare
    Verify,
    /// Search a published archive with the viewer's own engine
    Search {
        /// The words to look for
        query: String,
        /// The folder of the site [default: ARCHIVE/site]
        #[arg(long)]
        site: Option<PathBuf>,
        /// How many results to print
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Only items with this value of a facet; may be given several times
        #[arg(long, value_name = "FIELD=VALUE", value_parser = filter)]
        filter: Vec<(String, String)>,
        /// Only items of these years: `1850`, `1850..1899`, `..1899` or `1850..`
        #[arg(long, value_name = "FROM..TO", value_parser = years, allow_hyphen_values = true)]
        years: Option<(i32, i32)>,
        /// The order of the results
        #[arg(long, value_enum, default_value_t = SortArg::Relevance)]
        sort: SortArg,
    },
    /// Look into a tile pack: a large image, cut into tiles
    #[command(subcommand)]
    Pack(PackCommand),
}

/// What can be done with a tile pack.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Say what is in it, and check every tile against its hash
    Inspect {
        /// A file tiles.pack of a published site
        file: PathBuf,
    },
}

/// The pages of a site.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PagesArg {
    /// Home, collections, and each item
    Items,
    /// One page of each kind, which the viewer fills
    None,
}

impl From<PagesArg> for Pages {
    fn from(pages: PagesArg) -> Pages {
        match pages {
            PagesArg::Items => Pages::Items,
            PagesArg::None => Pages::None,
        }
    }
}

/// The order of search results.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SortArg {
    /// Best first
    Relevance,
    /// By title
    Title,
    /// Oldest first
    Date,
    /// Newest first
    Newest,
}

impl From<SortArg> for Sort {
    fn from(sort: SortArg) -> Sort {
        match sort {
            SortArg::Relevance => Sort::Relevance,
            SortArg::Title => Sort::Title,
            SortArg::Date => Sort::Date,
            SortArg::Newest => Sort::DateDescending,
        }
    }
}

fn filter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() && !value.is_empty() => {
            Ok((field.to_owned(), value.to_owned()))
        }
        _ => Err("write it as field=value, such as type=map".to_owned()),
    }
}

fn years(text: &str) -> Result<(i32, i32), String> {
    let wrong = |_| "write it as 1850, 1850..1899, ..1899 or 1850..".to_owned();
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let year = |part: &str, open: i32| match part {
        "" => Ok(open),
        part => part.parse().map_err(wrong),
    };
    Ok((year(from, i32::MIN)?, year(to, i32::MAX)?))
}

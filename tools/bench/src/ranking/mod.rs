//! The benchmark of the ranking: judged queries, compared with SQLite FTS5 and Pagefind.

mod fts;
mod judgements;
mod ndcg;
mod pagefind;
mod records;
mod report;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use xtask::clock::Clock;
use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{process, requirement, setup};

use self::judgements::JudgedQuery;
use self::records::Record;
use self::report::{About, Judged};
use super::search::remove;
use super::{data, khizana, machine};

/// The environment variable that contains the path of the folder of al-Muqtabas.
const MUQTABAS_VARIABLE: &str = "KHIZANA_MUQTABAS";

/// Options of the benchmark.
#[derive(Args)]
pub struct Options {
    /// File with the records of the Tate as JSON Lines. The default is the value of KHIZANA_TATE.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder with an issue of al-Muqtabas: `metadata.csv`, `text` and `pages`. The default is the
    /// value of KHIZANA_MUQTABAS.
    #[arg(long)]
    muqtabas: Option<PathBuf>,
    /// Page to write.
    #[arg(long, default_value = "docs/src/bench-ranking.md")]
    out: PathBuf,
    /// Date to print on the page.
    #[arg(long)]
    date: Option<String>,
}

/// A collection of records that is searched.
struct Collection {
    /// The name in the list of queries.
    name: &'static str,
    /// The language of most records.
    language: &'static str,
    /// The source for Khizana.
    source: PathBuf,
    records: Vec<Record>,
}

/// Runs the judged queries and writes the page.
pub fn run(project: &Project, options: &Options) -> Result<(), Failure> {
    let tate = data::file(options.data.as_deref())?;
    let muqtabas = muqtabas_folder(options.muqtabas.as_deref())?;
    let collections = [
        Collection {
            name: "tate",
            language: "en",
            records: records::of_tate(data::read(&tate)?),
            source: tate,
        },
        Collection {
            name: "al-muqtabas",
            language: "ar",
            records: records::of_table(&muqtabas)?,
            source: muqtabas,
        },
    ];
    let queries = judgements::queries();
    let mut clock = Clock::default();
    clock.stage("Set-up", || {
        setup::install_missing(project, requirement::BENCH)?;
        setup::install_missing(project, requirement::PEER)?;
        let build = "build --release --package khizana-cli";
        process::run(&mut process::cargo(project, build))
    })?;
    let mut judged = Vec::new();
    for collection in &collections {
        clock.stage(collection.name, || {
            let of_collection = |query: &&JudgedQuery| query.collection == collection.name;
            let queries: Vec<&JudgedQuery> = queries.iter().filter(of_collection).collect();
            judged.extend(judge(project, collection, &queries)?);
            Ok(())
        })?;
    }
    let about = About {
        date: options.date.as_deref(),
        machine: &machine::describe(project, None),
        sqlite_version: rusqlite::version(),
        pagefind_version: requirement::PAGEFIND_VERSION,
    };
    let page = report::page(&about, &judged);
    std::fs::write(&options.out, &page).map_err(Failure::file(&options.out))?;
    clock.report();
    println!("{page}");
    println!("wrote {}", options.out.display());
    Ok(())
}

fn muqtabas_folder(option: Option<&Path>) -> Result<PathBuf, Failure> {
    let variable = std::env::var_os(MUQTABAS_VARIABLE).filter(|name| !name.is_empty());
    option
        .map(Path::to_owned)
        .or_else(|| variable.map(PathBuf::from))
        .ok_or_else(|| Failure::Missing {
            name: "the folder of al-Muqtabas".into(),
            hint: format!(
                "Pass its path with --muqtabas or in the variable {MUQTABAS_VARIABLE}. It contains the \
                 first issue of the journal (github.com/OpenArabicPE/journal_al-muqtabas) as a source: \
                 the table `metadata.csv`, with an item for the issue and one for each article, and the \
                 files that it names."
            ),
        })
}

/// Runs the queries of a collection with all engines and compares the results with the judgements.
fn judge(
    project: &Project,
    collection: &Collection,
    queries: &[&JudgedQuery],
) -> Result<Vec<Judged>, Failure> {
    let folder = project.target(&format!("bench/ranking/{}", collection.name));
    remove(&folder)?;
    let site = publish(project, &collection.source, &folder)?;
    let fts = fts::Index::new(&collection.records)?;
    let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
    let (records, language) = (&collection.records, collection.language);
    let pagefind = pagefind::search(project, &folder, language, records, &texts)?;
    let judge = |(query, pagefind): (&&JudgedQuery, Vec<String>)| {
        let grades = query.grades(&collection.records);
        Ok(Judged {
            collection: collection.name,
            query: query.text.clone(),
            khizana: ndcg::ndcg(&grades, &search(project, &site, &query.text)?),
            fts: ndcg::ndcg(&grades, &fts.search(&query.text)?),
            pagefind: ndcg::ndcg(&grades, &pagefind),
        })
    };
    queries.iter().zip(pagefind).map(judge).collect()
}

/// Publishes a source in `folder` and returns the folder of the site.
fn publish(project: &Project, source: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let (archive, site) = (folder.join("archive"), folder.join("site"));
    process::capture(khizana::command(project).arg("init").arg(&archive))?;
    let mut ingest = khizana::command(project);
    ingest.arg("ingest").arg(source);
    let mut publish = khizana::command(project);
    publish.args(["publish", "--pages", "none", "--out"]);
    publish.arg(&site);
    for command in [&mut ingest, &mut publish] {
        process::capture(command.arg("--archive").arg(&archive))?;
    }
    Ok(site)
}

/// The part of the output of `khizana search --json` that is compared.
#[derive(Deserialize)]
struct SearchReport {
    items: Vec<FoundItem>,
}

#[derive(Deserialize)]
struct FoundItem {
    id: String,
}

/// Returns the identifiers of the first ten results.
fn search(project: &Project, site: &Path, query: &str) -> Result<Vec<String>, Failure> {
    let mut command = khizana::command(project);
    command.args(["search", query, "--json", "--limit", "10", "--site"]);
    let output = process::capture(command.arg(site))?;
    let report: SearchReport =
        serde_json::from_str(&output).map_err(|error| Failure::malformed(site, error))?;
    Ok(report.items.into_iter().map(|item| item.id).collect())
}

//! Checks before a publication: a good site is not replaced by less than was published before.

use std::path::Path;

use khizana_format::Root;
use khizana_model::{Problem, Progress, RateLimit, message};
use khizana_site::{Host, HostError, SiteReport, damage};
use khizana_store::Store;
use khizana_store::catalogue::{Catalogue, recorded_store};
use khizana_store::config::{CONFIG_FILE, read_files};
use khizana_store::consistency::{
    ConsistencyError, RecordedBy, RecordedState, check_state, lost_store,
};
use khizana_store::ocfl::{ObjectId, States};
use khizana_store::open::{missing_object, open};

use crate::PublishError;

/// Opens the store of an archive, and compares it with the states that the catalogue and the site in the
/// folder `out` were made from.
///
/// If the user accepts that the store does not contain one of these states, this is recorded in the store.
pub(crate) fn open_store(
    archive: &Path,
    out: &Path,
    accept_state: Option<u64>,
) -> Result<(Store, States), PublishError> {
    let recorded = recorded_store(archive);
    if let Some(path) = lost_store(archive)
        && accept_state.is_none()
        && (recorded.items > 0 || recorded.state.is_some())
    {
        let items = recorded.items;
        return Err(ConsistencyError::StoreLost { path, items }.into());
    }
    let store = Store::open(archive)?;
    let states = store.states()?;
    if states.newest().is_none() && recorded.items > 0 && accept_state.is_none() {
        // The archive was written before there were states.
        let (catalogue, _) = Catalogue::open(archive)?;
        let missing = catalogue.missing_items(&store)?;
        if !missing.is_empty() {
            return Err(ConsistencyError::Incomplete { missing }.into());
        }
    }
    let published = published_state(out).map(|state| RecordedState {
        recorded_by: RecordedBy::Site(Some(out.to_owned())),
        state,
    });
    let recorded = recorded.state.map(|state| RecordedState {
        recorded_by: RecordedBy::Catalogue,
        state,
    });
    let mut accepted_loss_of = None;
    for recorded in recorded.into_iter().chain(published) {
        let missing = || {
            let catalogue = Catalogue::open(archive).ok();
            let missing = catalogue.and_then(|(catalogue, _)| catalogue.missing_items(&store).ok());
            missing.unwrap_or_default()
        };
        let accepted = check_state(&states, recorded, accept_state, missing)?;
        accepted_loss_of = accepted_loss_of.or(accepted);
    }
    if accepted_loss_of.is_none() {
        return Ok((store, states));
    }
    let mut archive = open(archive, accept_state)?;
    archive.accepted_loss_of = accepted_loss_of;
    archive.record_state("publish")?;
    Ok((store, archive.writer.states().clone()))
}

/// Adds the configuration of the archive to the store, if it has changed since it was last added. Returns the
/// states of the store. The site can be published without this, so a failure is a warning.
pub(crate) fn store_configuration(
    archive: &Path,
    store: &Store,
    states: States,
    problems: &mut Vec<Problem>,
) -> States {
    let is_stored =
        read_files(archive).is_ok_and(|configuration| store.has_configuration(&configuration));
    // The first `ingest` of this version of Khizana adds the first state.
    if is_stored || states.newest().is_none() {
        return states;
    }
    let stored = open(archive, None).and_then(|mut opened| {
        opened.store_configuration(archive)?;
        opened.record_state("publish")?;
        Ok(opened.writer.states().clone())
    });
    stored.unwrap_or_else(|error| {
        let problem = Problem::warning(
            "configuration-not-stored",
            message!(
                "The configuration was not added to the store: {error}.",
                error = error.message()
            ),
            error.hint(),
        );
        problems.push(problem.in_file(CONFIG_FILE));
        states
    })
}

/// Returns the state that the site in a folder was published from, if it is known.
fn published_state(out: &Path) -> Option<khizana_model::StateId> {
    let json = std::fs::read(out.join("archive.json")).ok()?;
    let root: Root = khizana_json::from_slice(&json).ok()?;
    root.state
}

/// Returns a problem for each item whose object is missing from the store.
///
/// # Errors
/// Returns [`PublishError::CollectionLost`] if the object of a collection is missing, since all of its items
/// would disappear from the site.
pub(crate) fn missing_objects(
    store: &Store,
    states: &States,
) -> Result<Vec<Problem>, PublishError> {
    let mut problems = Vec::new();
    for urn in states.missing_objects(store) {
        match ObjectId::from_urn(&urn) {
            Some(ObjectId::Collection(id)) => {
                return Err(PublishError::CollectionLost {
                    collection: id.to_string(),
                });
            }
            Some(id) => problems.push(missing_object(&id)),
            None => {}
        }
    }
    Ok(problems)
}

/// Compares every file of the site in a folder with what was published. If the folder `archive` contains an
/// archive, also compares the state that the site was published from with the store, and remembers damage
/// for the next publication.
pub fn verify_site(
    archive: &Path,
    site: &Path,
    rate: Option<&RateLimit>,
    progress: &dyn Progress,
) -> SiteReport {
    let report = khizana_site::verify_site(site, rate, progress);
    let report = compare_with_store(archive, report);
    if is_archive(archive) && !report.is_intact() {
        damage::add(archive, site);
    }
    report
}

/// Compares every file of a site on a web server with what was published. If the folder `archive` contains an
/// archive, also compares the state that the site was published from with the store.
///
/// # Errors
/// Returns an error if `address` is not one of a site, or the server cannot be reached.
pub fn verify_host(
    archive: &Path,
    address: &str,
    rate: Option<&RateLimit>,
    progress: &dyn Progress,
) -> Result<SiteReport, HostError> {
    let report = khizana_site::verify_host(&Host::new(address)?, rate, progress)?;
    Ok(compare_with_store(archive, report))
}

fn is_archive(folder: &Path) -> bool {
    folder.join(CONFIG_FILE).is_file()
}

/// Adds a problem if the store of an archive does not contain the state that a site was published from.
fn compare_with_store(archive: &Path, mut report: SiteReport) -> SiteReport {
    if !is_archive(archive) {
        return report;
    }
    let states = Store::open(archive).and_then(|store| store.states());
    if let (Some(state), Ok(states)) = (report.state, states) {
        let recorded = RecordedState {
            recorded_by: RecordedBy::Site(None),
            state,
        };
        if let Err(error) = check_state(&states, recorded, None, Vec::new) {
            let problem = Problem::error(error.code(), error.message().sentence(), error.hint());
            report.problems.push(problem.in_file("archive.json"));
        }
    }
    report
}

//! The commands that are interrupted, and the archives that they change.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::torture::program::Khizana;
use crate::torture::specimen::{Originals, Specimen};
use crate::torture::tree::{self, Tree};
use crate::torture::validator;

/// A command that is interrupted.
pub struct Scenario {
    pub name: &'static str,
    /// The folder of the archive before the command.
    pub base: PathBuf,
    pub arguments: Vec<String>,
    /// The originals that the store contains after the command.
    pub originals: Originals,
    /// The site after the command, if the command publishes.
    pub site: Option<Tree>,
    /// `true` if the command adds a source.
    pub is_ingest: bool,
    /// The objects that are damaged before the command, relative to the store.
    pub damaged: BTreeSet<PathBuf>,
}

/// Creates the archives and the scenarios in a folder.
pub fn prepare(khizana: &Khizana, work: &Path) -> Result<Vec<Scenario>, Failure> {
    let path = |name: &str| work.join(name);
    let editions = [
        Specimen::first_collection(1)?,
        Specimen::first_collection(2)?,
    ];
    let other = Specimen::second_collection(false)?;
    let sources = ["first", "second", "other"].map(path);
    for (specimen, folder) in editions.iter().chain([&other]).zip(&sources) {
        specimen.write(folder)?;
    }
    let [first, second, other_source] = sources.map(|source| source.display().to_string());
    let ingest = |source: &str| vec!["ingest".to_owned(), source.to_owned()];
    let publish = vec!["publish".to_owned()];

    let [empty, stored, published, changed, damaged] =
        ["empty", "stored", "published", "changed", "damaged"].map(path);
    tree::write_file(&empty.join("khizana.toml"), "widths = [32, 64]\n")?;
    tree::copy(&empty, &stored)?;
    khizana.expect(&stored, &["ingest", &first])?;
    tree::copy(&stored, &published)?;
    khizana.expect(&published, &["publish"])?;
    tree::copy(&published, &changed)?;
    khizana.expect(&changed, &["ingest", &second])?;
    tree::copy(&published, &damaged)?;
    let damaged_objects = damage(&damaged.join("store"))?;

    let originals = |specimens: &[&Specimen]| {
        let mut originals = Originals::new();
        for specimen in specimens {
            specimen.add_originals(&mut originals);
        }
        originals
    };
    let [one, two] = &editions;
    let site = |base: &Path| {
        let archive = work.join("reference");
        tree::copy(base, &archive)?;
        khizana.expect(&archive, &["publish"])?;
        tree::read(&archive.join("site"))
    };
    let scenario = |name, base: &PathBuf, arguments, originals| Scenario {
        name,
        base: base.clone(),
        arguments,
        originals,
        site: None,
        is_ingest: name.starts_with("ingest"),
        damaged: BTreeSet::new(),
    };
    let repair = [
        "repair".to_owned(),
        "--from".to_owned(),
        published.display().to_string(),
    ];
    Ok(vec![
        scenario("ingest, first", &empty, ingest(&first), originals(&[one])),
        scenario(
            "ingest, changed source",
            &published,
            ingest(&second),
            originals(&[one, two]),
        ),
        scenario(
            "ingest, other collection",
            &published,
            ingest(&other_source),
            originals(&[one, &other]),
        ),
        Scenario {
            site: Some(site(&stored)?),
            ..scenario(
                "publish, first",
                &stored,
                publish.clone(),
                originals(&[one]),
            )
        },
        Scenario {
            site: Some(site(&changed)?),
            ..scenario(
                "publish, changed store",
                &changed,
                publish,
                originals(&[one, two]),
            )
        },
        scenario(
            "verify",
            &published,
            vec!["verify".to_owned()],
            originals(&[one]),
        ),
        Scenario {
            damaged: damaged_objects,
            ..scenario("repair", &damaged, repair.to_vec(), originals(&[one]))
        },
    ])
}

/// Damages four objects of a store: a file is deleted, one is cut, one is changed, and one object is removed.
/// Returns the paths of the objects.
fn damage(store: &Path) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut damaged = BTreeSet::new();
    let objects = validator::objects_of(store)?;
    let items = objects
        .iter()
        .filter(|object| object.to_string_lossy().contains("item%3a"));
    for (index, object) in items.take(4).enumerate() {
        damaged.insert(object.strip_prefix(store).unwrap_or(object).to_owned());
        let file = match index {
            0 => object.join("inventory.json"),
            1 => object.join("v1/content/record.json"),
            2 => object.join("0=ocfl_object_1.1"),
            _ => {
                tree::remove(object)?;
                remove_empty_parents(object);
                continue;
            }
        };
        let content = fs::read(&file).map_err(Failure::file(&file))?;
        match index {
            0 => fs::remove_file(&file).map_err(Failure::file(&file))?,
            _ => tree::write_file(&file, content.get(..content.len() / 2).unwrap_or_default())?,
        }
    }
    Ok(damaged)
}

/// Removes the folders above a removed object that have become empty, which OCFL does not allow.
fn remove_empty_parents(object: &Path) {
    for folder in object.ancestors().skip(1) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}

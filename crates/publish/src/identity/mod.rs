//! The identity of the institution: its logo, icon, colours, typefaces and footer.

pub(crate) mod image;
mod palette;
mod svg;
pub(crate) mod typefaces;

use khizana_model::{ArchiveConfig, Located, Look, Problem, message, printable};
use khizana_pages::identity::{Footer, Identity, IdentityHead, Logo, LogoImage, Partner};
use khizana_site::Site;
use khizana_store::config::{CONFIG_FILE, ConfigurationFiles, is_safe};

use crate::PublishError;
use image::{CheckedImage, Refusal};

/// The custom properties of the look “Newspaper”, except its colours.
const NEWSPAPER: &str = include_str!("newspaper.css");

/// Publishes the files of the identity. Files and colours that cannot be used are reported in `problems`, and
/// the identity has no menu yet.
pub(crate) fn prepare(
    site: &Site,
    config: &ArchiveConfig,
    files: &ConfigurationFiles,
    problems: &mut Vec<Problem>,
) -> Result<Identity, PublishError> {
    let mut reader = Reader {
        site,
        files,
        problems,
    };
    let settings = &config.identity;
    let mut logos = Vec::new();
    for logo in &settings.logo {
        let Some(light) = reader.publish(&logo.path)? else {
            continue;
        };
        let dark = settings
            .logo_dark
            .iter()
            .find(|dark| dark.language == logo.language)
            .or_else(|| {
                settings
                    .logo_dark
                    .iter()
                    .find(|dark| dark.language.is_none())
            });
        let dark = match dark {
            Some(dark) => reader.publish(&dark.path)?,
            None => None,
        };
        let lang = logo.language.clone().unwrap_or_default();
        logos.push(Logo { lang, light, dark });
    }
    let mut icon = None;
    if let Some(path) = &settings.favicon
        && let Some(image) = reader.check(path)
    {
        icon = Some(match image.data_url() {
            Some(url) => url,
            None => image.publish(site)?.path,
        });
    }
    let mut partners = Vec::new();
    for partner in &config.footer.partners {
        let url = partner.url.as_ref().map(|url| url.value.clone());
        let logo = match &partner.logo {
            Some(path) => reader.publish(path)?,
            None => None,
        };
        partners.push(Partner {
            name: partner.name.clone(),
            url: url.unwrap_or_default(),
            logo,
        });
    }
    let value = |text: &Option<Located<String>>| {
        let text = text.as_ref().map(|text| text.value.clone());
        text.unwrap_or_default()
    };
    let footer = Footer {
        text: config.footer.text.clone(),
        contact: value(&config.footer.contact),
        license: value(&config.footer.license),
        partners,
    };
    Ok(Identity {
        has_name: settings.name_in_logo && !logos.is_empty(),
        logos,
        footer,
        head: head(config, icon, problems),
        ..Identity::default()
    })
}

/// Returns the parts of the head of documents.
fn head(config: &ArchiveConfig, icon: Option<String>, problems: &mut Vec<Problem>) -> IdentityHead {
    let settings = &config.identity;
    let (light, dark) = palette::with_colours(settings.look, &settings.colours, problems);
    let default = palette::of_look(Look::Khizana);
    if (light, dark) == default && settings.look == Look::Khizana {
        return IdentityHead {
            icon,
            ..IdentityHead::default()
        };
    }
    let properties = match settings.look {
        Look::Khizana => "",
        Look::Newspaper => NEWSPAPER,
    };
    IdentityHead {
        icon,
        ground: Some((light.ground.to_string(), dark.ground.to_string())),
        style: format!(
            "\n:root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n{properties}",
            light.css(),
            dark.css()
        ),
    }
}

/// Reads the image files that `khizana.toml` names.
struct Reader<'a> {
    site: &'a Site,
    files: &'a ConfigurationFiles,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn publish(&mut self, path: &Located<String>) -> Result<Option<LogoImage>, PublishError> {
        match self.check(path) {
            Some(image) => Ok(Some(image.publish(self.site)?)),
            None => Ok(None),
        }
    }

    /// Returns a file, or `None` if it cannot be used.
    fn check(&mut self, path: &Located<String>) -> Option<CheckedImage<'a>> {
        let result = match find(self.files, &path.value) {
            Some(bytes) => image::check(bytes),
            None => Err(missing(&path.value)),
        };
        match result {
            Ok(image) => Some(image),
            Err(refusal) => {
                report(self.problems, path, refusal);
                None
            }
        }
    }
}

/// Reports a file that `khizana.toml` names.
fn report(problems: &mut Vec<Problem>, path: &Located<String>, refusal: Refusal) {
    let message = message!(
        "{path}: {reason}",
        path = printable(&path.value),
        reason = refusal.message
    );
    let problem = Problem::warning(refusal.code, message, refusal.hint);
    problems.push(problem.in_file(CONFIG_FILE).at_line(path.line));
}

/// Returns the content of a file of the configuration.
pub(crate) fn find<'a>(files: &'a ConfigurationFiles, path: &str) -> Option<&'a [u8]> {
    let file = files.iter().find(|(name, _)| name == path);
    file.map(|(_, bytes)| bytes.as_slice())
}

fn missing(path: &str) -> Refusal {
    let hint = if is_safe(path) {
        message!(
            "Put the file into the folder of the archive, or correct the path. It is relative to khizana.toml, and a file may have at most 16 MiB."
        )
    } else {
        message!(
            "Put the file into the folder of the archive, and write its path relative to khizana.toml, for example \"identity/logo.svg\"."
        )
    };
    Refusal {
        code: "identity-file",
        message: message!("The file does not exist."),
        hint,
    }
}

//! The files of credentials and settings of Amazon Web Services.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::connect::Environment;

/// Returns the values of the selected profile in `~/.aws/credentials` and `~/.aws/config`.
pub(super) fn load(environment: &Environment) -> BTreeMap<String, String> {
    let profile = environment.get("AWS_PROFILE").unwrap_or("default");
    let home = std::env::home_dir().map(|home| home.join(".aws"));
    let file = |variable: &str, name: &str| {
        let named = environment.get(variable).map(PathBuf::from);
        named.or_else(|| home.as_ref().map(|home| home.join(name)))
    };
    let read = |path: Option<PathBuf>, section: &str| {
        let text = path.and_then(|path| fs::read_to_string(path).ok());
        section_of(&text.unwrap_or_default(), section)
    };
    let config_section = match profile {
        "default" => "default".to_owned(),
        profile => format!("profile {profile}"),
    };
    let mut values = read(file("AWS_CONFIG_FILE", "config"), &config_section);
    values.extend(read(
        file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        profile,
    ));
    values
}

/// Returns the values of a section of an INI file.
fn section_of(text: &str, section: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut is_inside = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
        {
            is_inside = name.0.trim() == section;
        } else if is_inside
            // Indented lines belong to a nested setting.
            && !line.starts_with([' ', '\t'])
            && !trimmed.starts_with(['#', ';'])
            && let Some((key, value)) = trimmed.split_once('=')
        {
            values.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_section() {
        let text = "[default]\naws_access_key_id=A\n# x=y\n\n[ work ]\nAWS_ACCESS_KEY_ID = B\ns3 =\n  region = nested\nregion = eu-west-3\n";
        let work = section_of(text, "work");
        assert_eq!(work.get("aws_access_key_id").map(String::as_str), Some("B"));
        assert_eq!(work.get("region").map(String::as_str), Some("eu-west-3"));
        assert_eq!(section_of(text, "default").len(), 1);
        assert!(section_of(text, "other").is_empty());
    }
}

//! The rights statements of RightsStatements.org and the licences of Creative Commons.

/// A standardised rights statement or licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownRights {
    /// The code in the URI, for example `by-sa` or `InC-EDU`.
    pub code: &'static str,
    /// The name in Arabic.
    pub ar: &'static str,
    /// The name in English.
    pub en: &'static str,
    /// The name in French.
    pub fr: &'static str,
    /// `true` if any use is permitted, with no conditions other than attribution and share-alike.
    pub open: bool,
}

impl KnownRights {
    /// Returns the name in a language of the user interface, or the English name if there is none
    /// in this language.
    pub fn name(&self, language: &str) -> &'static str {
        match language {
            "ar" => self.ar,
            "fr" => self.fr,
            _ => self.en,
        }
    }
}

const fn known(
    code: &'static str,
    ar: &'static str,
    en: &'static str,
    fr: &'static str,
    open: bool,
) -> KnownRights {
    KnownRights {
        code,
        ar,
        en,
        fr,
        open,
    }
}

/// The statements of RightsStatements.org 1.0. The code is the name in the path of their URIs.
const STATEMENTS: [KnownRights; 12] = [
    known(
        "InC",
        "محمي بحقوق النشر",
        "In Copyright",
        "Protégé par le droit d’auteur",
        false,
    ),
    known(
        "InC-OW-EU",
        "محمي بحقوق النشر – عمل يتيم (الاتحاد الأوروبي)",
        "In Copyright – EU Orphan Work",
        "Protégé par le droit d’auteur – œuvre orpheline (UE)",
        false,
    ),
    known(
        "InC-EDU",
        "محمي بحقوق النشر – يُسمح بالاستعمال التعليمي",
        "In Copyright – Educational Use Permitted",
        "Protégé par le droit d’auteur – utilisation à des fins éducatives autorisée",
        false,
    ),
    known(
        "InC-NC",
        "محمي بحقوق النشر – يُسمح بالاستعمال غير التجاري",
        "In Copyright – Non-Commercial Use Permitted",
        "Protégé par le droit d’auteur – utilisation non commerciale autorisée",
        false,
    ),
    known(
        "InC-RUU",
        "محمي بحقوق النشر – تعذّر تحديد أصحاب الحقوق أو الوصول إليهم",
        "In Copyright – Rights-holder(s) Unlocatable or Unidentifiable",
        "Protégé par le droit d’auteur – ayants droit introuvables ou non identifiables",
        false,
    ),
    known(
        "NoC-CR",
        "لا حقوق نشر – قيود تعاقدية",
        "No Copyright – Contractual Restrictions",
        "Pas de droit d’auteur – restrictions contractuelles",
        false,
    ),
    known(
        "NoC-NC",
        "لا حقوق نشر – للاستعمال غير التجاري فقط",
        "No Copyright – Non-Commercial Use Only",
        "Pas de droit d’auteur – utilisation non commerciale uniquement",
        false,
    ),
    known(
        "NoC-OKLR",
        "لا حقوق نشر – قيود قانونية أخرى معروفة",
        "No Copyright – Other Known Legal Restrictions",
        "Pas de droit d’auteur – autres restrictions légales connues",
        false,
    ),
    known(
        "NoC-US",
        "لا حقوق نشر – الولايات المتحدة",
        "No Copyright – United States",
        "Pas de droit d’auteur – États-Unis",
        true,
    ),
    known(
        "CNE",
        "لم تُقيَّم حقوق النشر",
        "Copyright Not Evaluated",
        "Droit d’auteur non évalué",
        false,
    ),
    known(
        "UND",
        "حقوق النشر غير محددة",
        "Copyright Undetermined",
        "Droit d’auteur indéterminé",
        false,
    ),
    known(
        "NKC",
        "لا حقوق نشر معروفة",
        "No Known Copyright",
        "Pas de droit d’auteur connu",
        true,
    ),
];

/// The licences and public-domain tools of Creative Commons. The code is the name in the path of
/// their URIs.
const LICENCES: [KnownRights; 8] = [
    known("by", "نسب المصنَّف", "Attribution", "Attribution", true),
    known(
        "by-sa",
        "نسب المصنَّف – الترخيص بالمثل",
        "Attribution-ShareAlike",
        "Attribution – Partage dans les mêmes conditions",
        true,
    ),
    known(
        "by-nd",
        "نسب المصنَّف – منع الاشتقاق",
        "Attribution-NoDerivatives",
        "Attribution – Pas de modification",
        false,
    ),
    known(
        "by-nc",
        "نسب المصنَّف – غير تجاري",
        "Attribution-NonCommercial",
        "Attribution – Pas d’utilisation commerciale",
        false,
    ),
    known(
        "by-nc-sa",
        "نسب المصنَّف – غير تجاري – الترخيص بالمثل",
        "Attribution-NonCommercial-ShareAlike",
        "Attribution – Pas d’utilisation commerciale – Partage dans les mêmes conditions",
        false,
    ),
    known(
        "by-nc-nd",
        "نسب المصنَّف – غير تجاري – منع الاشتقاق",
        "Attribution-NonCommercial-NoDerivatives",
        "Attribution – Pas d’utilisation commerciale – Pas de modification",
        false,
    ),
    known(
        "zero",
        "متاح بلا قيود (CC0)",
        "No rights reserved (CC0)",
        "Aucun droit réservé (CC0)",
        true,
    ),
    known("mark", "ملك عام", "Public domain", "Domaine public", true),
];

/// Looks up a rights statement or licence by its URI. The URI may start with `http` or `https`, and
/// may have a trailing slash.
///
/// Returns the statement or licence, and the version in the URI, such as `4.0`. The version is
/// empty if the URI contains none.
pub fn known_rights(uri: &str) -> Option<(KnownRights, &str)> {
    let rest = uri
        .strip_prefix("https://")
        .or_else(|| uri.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (host, path) = rest.split_once('/')?;
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (section, name, version) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    let table: &[KnownRights] = match (host, section) {
        ("rightsstatements.org", "vocab" | "page") => &STATEMENTS,
        ("creativecommons.org", "licenses" | "publicdomain") => &LICENCES,
        _ => return None,
    };
    table
        .iter()
        .find(|known| known.code.eq_ignore_ascii_case(name))
        .map(|known| (*known, version))
}

/// Returns the URI of the rights statement or licence with a name, such as `CC BY-SA 4.0`, `CC0`,
/// `InC` or `In Copyright`, in one of the languages of the user interface. A name of a licence without a
/// version has no URI.
pub fn rights_uri(name: &str) -> Option<String> {
    let plain = plain(name);
    let named = |known: &&KnownRights| {
        [known.code, known.ar, known.en, known.fr]
            .iter()
            .any(|name| self::plain(name) == plain)
    };
    if let Some(statement) = STATEMENTS.iter().find(named) {
        let code = statement.code;
        return Some(format!("http://rightsstatements.org/vocab/{code}/1.0/"));
    }
    if matches!(plain.as_str(), "cc0" | "cc010") {
        return Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned());
    }
    let licence = plain
        .strip_prefix("creativecommons")
        .or_else(|| plain.strip_prefix("cc"))?;
    let end = licence.find(|c: char| c.is_ascii_digit())?;
    let (code, version) = licence.split_at_checked(end)?;
    let version = match version {
        "10" => "1.0",
        "20" => "2.0",
        "25" => "2.5",
        "30" => "3.0",
        "40" => "4.0",
        _ => return None,
    };
    let mut licences = LICENCES.iter().filter(|known| known.code.starts_with("by"));
    let known = licences.find(|known| {
        let names = [known.code, known.en];
        names.iter().any(|name| self::plain(name) == code)
    })?;
    let code = known.code;
    Some(format!(
        "https://creativecommons.org/licenses/{code}/{version}/"
    ))
}

/// Returns the letters and digits of a name in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns the URI of the statement or licence that a text probably means, although it does not name it
/// exactly: a Creative Commons licence without a version, or a reservation of all rights.
pub fn probable_rights_uri(text: &str) -> Option<String> {
    let plain = plain(text);
    let all_rights = [
        "allrightsreserved",
        "tousdroitsréservés",
        "tousdroitsreserves",
        "جميعالحقوقمحفوظة",
        "كلالحقوقمحفوظة",
        "حقوقالنشرمحفوظة",
    ];
    if all_rights.iter().any(|name| plain == *name) {
        return Some("http://rightsstatements.org/vocab/InC/1.0/".to_owned());
    }
    rights_uri(&format!("{text} 4.0")).filter(|_| plain.starts_with("cc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_uris_by_name() {
        for (name, uri) in [
            (
                "CC BY-SA 4.0",
                Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            ),
            (
                "cc-by 2.5",
                Some("https://creativecommons.org/licenses/by/2.5/"),
            ),
            (
                "Creative Commons Attribution-NonCommercial 3.0",
                Some("https://creativecommons.org/licenses/by-nc/3.0/"),
            ),
            (
                "CC0",
                Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            ),
            (
                "In Copyright",
                Some("http://rightsstatements.org/vocab/InC/1.0/"),
            ),
            (
                "inc-edu",
                Some("http://rightsstatements.org/vocab/InC-EDU/1.0/"),
            ),
            (
                "محمي بحقوق النشر",
                Some("http://rightsstatements.org/vocab/InC/1.0/"),
            ),
            ("CC BY", None),
            ("CC BY 7.0", None),
            ("CC 4.0", None),
            ("Public domain", None),
            ("", None),
        ] {
            assert_eq!(rights_uri(name).as_deref(), uri, "{name}");
        }
    }

    #[test]
    fn finds_statements_and_licences_by_uri() {
        let name = |uri| known_rights(uri).map(|(known, version)| (known.en, version));
        assert_eq!(
            name("http://rightsstatements.org/vocab/InC-EDU/1.0/"),
            Some(("In Copyright – Educational Use Permitted", "1.0"))
        );
        assert_eq!(
            name("https://creativecommons.org/licenses/by-sa/4.0"),
            Some(("Attribution-ShareAlike", "4.0"))
        );
        assert_eq!(
            name("https://creativecommons.org/publicdomain/zero/1.0/deed.ar"),
            Some(("No rights reserved (CC0)", "1.0"))
        );
        for unknown in [
            "",
            "CC BY",
            "https://example.org/licenses/by/4.0/",
            "https://creativecommons.org/licenses/by-xx/4.0/",
            "javascript:alert(1)",
        ] {
            assert_eq!(name(unknown), None, "{unknown}");
        }
    }
}

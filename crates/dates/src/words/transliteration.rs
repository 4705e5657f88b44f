//! Months of the Hijri calendar in Latin letters.
//!
//! The spellings are those of the transliterations of Arabic, Persian and Ottoman Turkish, with and without
//! diacritics, as they are after folding.

use super::Meaning::*;
use super::{Part, Table};
use crate::calendar::Calendar::Hijri;

pub(super) const WORDS: Table = &[
    (
        "Muharram|Moharram|Muharrem|Mouharram|Muh|Muḥ|Muharram al-Haram|al-Muharram|Muḥarramü'l-ḥarām",
        Month(Hijri, 1),
    ),
    ("Safar|Ṣafer|Sefer|Saf|Ṣafar al-khayr", Month(Hijri, 2)),
    ("Rajab|Receb|Recep|Redjeb|Radjab|Redscheb", Month(Hijri, 7)),
    (
        "Shaban|Shaʿbān|Şaban|Şaʿbān|Chaaban|Chaʿbān|Schaʿbān|Šaʿbān",
        Month(Hijri, 8),
    ),
    ("Ramadan|Ramazan|Ramadhan|Ramaẓān|Ram", Month(Hijri, 9)),
    (
        "Shawwal|Shavval|Shauwal|Šawwāl|Şevval|Shavv|Shaww|Chawwal|Schawwal|Šavvāl",
        Month(Hijri, 10),
    ),
    ("Dhū l-Q|Dhū al-Q|Zū l-Q|Zū al-Q", Month(Hijri, 11)),
    (
        "Dhū l-H|Dhū al-H|Zū l-H|Zū al-H|Dhu al-hajj|Dhū l-Ḥajj",
        Month(Hijri, 12),
    ),
    ("awāʾil|avāʾil|ghurrat|ghurrah", Part(Part::Beginning)),
    ("awāsiṭ|avāsiṭ", Part(Part::Middle)),
    ("awākhir|avākhir|salkh", Part(Part::End)),
];

const RABI: &[&str] = &[
    "rabi", "rab", "rabia", "rabiu", "rebi", "rebiu", "rebiy", "rabiʿa",
];
const JUMADA: &[&str] = &[
    "jumada",
    "jumadi",
    "jumadah",
    "jum",
    "jamadi",
    "jamada",
    "djumada",
    "dschumada",
    "gumada",
    "cemazi",
    "cemadi",
    "cemazie",
    "cemaziye",
    "cumada",
];
const FIRST: &[&str] = &[
    "i", "awwal", "avval", "evvel", "aval", "awal", "auwal", "ula", "uwla", "premier", "awwala",
];
const SECOND: &[&str] = &[
    "ii", "thani", "sani", "thaniya", "thaniyah", "saniyah", "saniya", "akhir", "akhar", "akhira",
    "akhirah", "ahir", "ahire", "akher",
];
const DHU: &[&str] = &["dhu", "dhi", "zu", "zi", "du", "dzu", "dsu"];
const QADA: &[&str] = &[
    "qada", "qadah", "qadeh", "qida", "qidah", "kada", "kade", "kaʿde",
];
const HIJJA: &[&str] = &[
    "hijja", "hijjah", "hijjeh", "hajja", "hajjah", "hicce", "hidjdja", "higga", "hiddscha",
];
const ARTICLE: &[&str] = &["", "al", "l", "el", "ul", "il", "ath", "at", "as", "us"];

/// Calls a function with the spellings of the months whose names consist of two words.
pub(super) fn compound_months(mut add: impl FnMut(&str, u8)) {
    for (firsts, seconds, month) in [
        (RABI, FIRST, 3),
        (RABI, SECOND, 4),
        (JUMADA, FIRST, 5),
        (JUMADA, SECOND, 6),
        (DHU, QADA, 11),
        (DHU, HIJJA, 12),
    ] {
        for first in firsts {
            for article in ARTICLE {
                for second in seconds {
                    add(&format!("{first} {article} {second}"), month);
                }
            }
        }
    }
}

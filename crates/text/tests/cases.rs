//! The table of cases: which queries find which values, in every script.

use khizana_text::matches;

/// A table with fewer is no table of every script.
const LEAST: usize = 300;

#[test]
fn every_case_of_the_table_holds() {
    let table = include_str!("cases.tsv");
    let (mut cases, mut wrong) = (0, Vec::new());
    for (number, line) in (1..).zip(table.lines()) {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        cases += 1;
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, lang, query, expected, what] = columns.as_slice() else {
            wrong.push(format!("{number}: not five columns"));
            continue;
        };
        let found = matches(text, lang, query, &[lang]);
        let holds = match *expected {
            "match" => found.is_some(),
            "none" => found.is_none(),
            _ => false,
        };
        if !holds {
            wrong.push(format!(
                "{number}: {text} [{lang}] / {query}: {found:?}, not {expected} ({what})"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= LEAST, "{cases} cases");
}

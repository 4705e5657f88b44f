//! Checks which queries match which texts in all supported scripts, according to the table
//! `cases.tsv`.

use khizana_text::match_score;

/// Minimum number of cases, so that a truncated table fails.
const MIN_CASES: usize = 300;

#[test]
fn all_cases_of_the_table_hold() {
    let table = include_str!("cases.tsv");
    let (mut cases, mut failures) = (0, Vec::new());
    for (number, line) in (1..).zip(table.lines()) {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        cases += 1;
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, lang, query, expected, reason] = columns.as_slice() else {
            failures.push(format!("line {number}: expected five columns"));
            continue;
        };
        let score = match_score(text, lang, query, &[lang]);
        let holds = match *expected {
            "match" => score.is_some(),
            "none" => score.is_none(),
            _ => false,
        };
        if !holds {
            failures.push(format!(
                "line {number}: {text} [{lang}] / {query}: expected {expected}, got {score:?} ({reason})"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(cases >= MIN_CASES, "{cases} cases");
}

//! Normalized discounted cumulative gain (Järvelin and Kekäläinen, 2002).

use std::collections::BTreeMap;

/// Number of results that are compared.
const RESULTS: usize = 10;

/// Returns the NDCG of the first ten results, with the gain 2^grade − 1: 1 if no other order of the
/// graded records is better, 0 if no result has a grade.
pub fn ndcg(grades: &BTreeMap<String, u8>, results: &[String]) -> f64 {
    let mut ideal: Vec<u8> = grades.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = discounted(ideal.into_iter());
    let grade = |id: &String| grades.get(id).copied().unwrap_or_default();
    if ideal > 0.0 {
        discounted(results.iter().map(grade)) / ideal
    } else {
        0.0
    }
}

fn discounted(grades: impl Iterator<Item = u8>) -> f64 {
    let gains = grades.take(RESULTS).zip(2u32..).map(|(grade, rank)| {
        let gain = (1u32 << grade.min(8)) - 1;
        f64::from(gain) / f64::from(rank).log2()
    });
    gains.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_grades_matters() {
        let grades = [("a", 3), ("b", 1), ("c", 1)];
        let grades = grades.map(|(id, grade)| (id.to_owned(), grade)).into();
        let ndcg = |ids: &[&str]| {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            ndcg(&grades, &ids)
        };
        assert!((ndcg(&["a", "c", "b"]) - 1.0).abs() < 1e-9);
        assert!((ndcg(&["a", "x"]) - 7.0 / (7.0 + 1.0 / 3f64.log2() + 0.5)).abs() < 1e-9);
        assert!(ndcg(&["a", "x", "b"]) > ndcg(&["b", "x", "a"]));
        assert!(ndcg(&["x"]) < 1e-9 && ndcg(&[]) < 1e-9);
    }

    #[test]
    fn only_ten_results_count() {
        let grades: BTreeMap<String, u8> = (0..30).map(|id| (id.to_string(), 2)).collect();
        let results: Vec<String> = (0..10).map(|id| id.to_string()).collect();
        assert!((ndcg(&grades, &results) - 1.0).abs() < 1e-9);
    }
}

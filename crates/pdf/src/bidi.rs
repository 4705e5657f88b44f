//! Conversion of text from visual to logical order.

use std::collections::BTreeSet;

use unicode_bidi_mirroring::get_mirrored;
use unicode_normalization::UnicodeNormalization;

/// A letter with its combining marks, or a ligature, and its position along the line, in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    pub text: String,
    pub start: f64,
    pub end: f64,
    pub size: f64,
}

/// Replaces Arabic and Hebrew presentation forms, which PDFs often contain, with the letters that
/// they represent. Leaves other characters unchanged.
pub fn decompose_presentation_forms(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}') {
            // The decomposition of an isolated mark starts with a space.
            let letters: String = std::iter::once(c).nfkc().collect();
            out.push_str(letters.trim_start_matches(' '));
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns `true` for right-to-left letters: Hebrew, Arabic, Syriac, Thaana, N'Ko and related
/// scripts.
pub fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5c6}' | '\u{5d0}'..='\u{5f4}' | '\u{608}' | '\u{60b}'
        | '\u{60d}' | '\u{61b}'..='\u{64a}' | '\u{66d}'..='\u{66f}' | '\u{671}'..='\u{6d5}'
        | '\u{6e5}' | '\u{6e6}' | '\u{6ee}' | '\u{6ef}' | '\u{6fa}'..='\u{710}' | '\u{712}'..='\u{72f}'
        | '\u{74d}'..='\u{7a5}' | '\u{7b1}' | '\u{7c0}'..='\u{7ea}' | '\u{7f4}' | '\u{7f5}'
        | '\u{800}'..='\u{815}' | '\u{840}'..='\u{858}' | '\u{860}'..='\u{86a}' | '\u{8a0}'..='\u{8c9}'
        | '\u{fb1d}' | '\u{fb1f}'..='\u{fb4f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Returns `true` for combining marks, such as Arabic and Hebrew vowel signs and accents.
pub fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The directional class of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Rtl,
    Ltr,
    Number,
    Neutral,
}

fn class(cluster: &str) -> Class {
    let mut class = Class::Neutral;
    for c in cluster.chars() {
        if is_rtl(c) {
            return Class::Rtl;
        }
        if c.is_numeric() {
            class = Class::Number;
        } else if c.is_alphabetic() {
            return Class::Ltr;
        }
    }
    class
}

/// Converts the clusters of a line that contains right-to-left letters from visual order (left to
/// right) to logical order.
pub fn visual_to_logical(mut clusters: Vec<String>) -> Vec<String> {
    let classes: Vec<Class> = clusters.iter().map(|cluster| class(cluster)).collect();
    // The direction of most words determines the direction of the line. Counting letters would be
    // wrong, because words are longer in some scripts than in others.
    let words = clusters
        .split(|cluster| cluster == " ")
        .map(|word| word.iter().map(|cluster| class(cluster)));
    let words: Vec<Class> = words
        .filter_map(|mut word| word.find(|class| matches!(class, Class::Rtl | Class::Ltr)))
        .collect();
    let count = |direction| words.iter().filter(|class| **class == direction).count();
    if count(Class::Rtl) >= count(Class::Ltr) {
        clusters.reverse();
        let classes: Vec<Class> = classes.into_iter().rev().collect();
        let is_ltr = |class| matches!(class, Class::Ltr | Class::Number);
        let reversed = reverse_runs(&mut clusters, &classes, is_ltr);
        mirror(&mut clusters, |index| !reversed.contains(&index));
        return clusters;
    }
    let reversed = reverse_runs(&mut clusters, &classes, |class| class == Class::Rtl);
    mirror(&mut clusters, |index| reversed.contains(&index));
    clusters
}

/// Mirrors brackets and similar characters in right-to-left text. Most PDFs contain the character
/// as it is displayed. If a PDF contains the logical character instead, its brackets match without
/// mirroring, and nothing is changed.
fn mirror(clusters: &mut [String], is_rtl: impl Fn(usize) -> bool) {
    let mirrored: Vec<String> = (clusters.iter().enumerate())
        .map(|(index, cluster)| match is_rtl(index) {
            true => cluster
                .chars()
                .map(|c| get_mirrored(c).unwrap_or(c))
                .collect(),
            false => cluster.clone(),
        })
        .collect();
    if !has_matching_brackets(&mirrored) && has_matching_brackets(clusters) {
        return;
    }
    clusters.clone_from_slice(&mirrored);
}

/// Returns `true` if the brackets are balanced, that is, if each opening bracket is closed later.
/// The kinds of brackets are not distinguished.
fn has_matching_brackets(clusters: &[String]) -> bool {
    let chars = clusters.iter().flat_map(|cluster| cluster.chars());
    let mut depth: i64 = 0;
    for c in chars {
        depth += match c {
            '(' | '[' | '{' | '«' | '‹' => 1,
            ')' | ']' | '}' | '»' | '›' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

fn position(classes: &[Class], start: usize, predicate: impl Fn(Class) -> bool) -> Option<usize> {
    let rest = classes.get(start..)?;
    rest.iter()
        .position(|class| predicate(*class))
        .map(|index| start + index)
}

/// Reverses each run of clusters whose classes satisfy `is_in_run`, including the neutral clusters
/// between them. Two numbers separated by a space are two runs. Returns the indexes of the reversed
/// clusters.
fn reverse_runs(
    clusters: &mut [String],
    classes: &[Class],
    is_in_run: impl Fn(Class) -> bool,
) -> BTreeSet<usize> {
    let mut reversed = BTreeSet::new();
    let mut search_start = 0;
    while let Some(start) = position(classes, search_start, &is_in_run) {
        let mut end = start + 1;
        let mut last = classes.get(start).copied();
        let mut has_space = false;
        for index in start + 1..classes.len() {
            let class = classes.get(index).copied();
            if class == Some(Class::Neutral) {
                has_space |= clusters.get(index).is_some_and(|cluster| cluster == " ");
                continue;
            }
            let number = Some(Class::Number);
            let is_next_number = has_space && last == number && class == number;
            if is_next_number || !class.is_some_and(&is_in_run) {
                break;
            }
            (end, last, has_space) = (index + 1, class, false);
        }
        // The closing bracket of a run precedes it, because the run is still in visual order.
        let start = match start.checked_sub(1) {
            Some(before) if before >= search_start && closes(clusters, before, end) => before,
            _ => start,
        };
        if let Some(run) = clusters.get_mut(start..end) {
            run.reverse();
        }
        reversed.extend(start..end);
        search_start = end;
    }
    reversed
}

/// Returns `true` if the cluster at `index` is a bracket whose counterpart is unmatched in the
/// clusters between `index` and `end`.
fn closes(clusters: &[String], index: usize, end: usize) -> bool {
    let Some((first, run)) = clusters.get(index..end).and_then(<[String]>::split_first) else {
        return false;
    };
    let mut chars = first.chars();
    let (Some(bracket), None) = (chars.next(), chars.next()) else {
        return false;
    };
    let Some(counterpart) = get_mirrored(bracket) else {
        return false;
    };
    let count = |wanted: char| {
        run.iter()
            .flat_map(|cluster| cluster.chars())
            .filter(|c| *c == wanted)
            .count()
    };
    count(counterpart) > count(bracket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logical(visual: &str) -> String {
        visual_to_logical(visual.chars().map(|c| c.to_string()).collect()).concat()
    }

    #[test]
    fn decomposes_presentation_forms_only() {
        for (form, letters) in [
            ("ﺧﺰﺍﻧﺔ", "خزانة"),
            ("ﻻ", "لا"),
            ("ﷲ", "الله"),
            ("ﹰ", "ً"),
            ("ﬁ ½ ②", "ﬁ ½ ②"),
        ] {
            assert_eq!(decompose_presentation_forms(form), letters);
        }
    }

    #[test]
    fn converts_visual_order_to_logical_order() {
        // `visual` lists the characters from left to right.
        for (visual, expected) in [
            ("باتك", "كتاب"),
            ("١٩٠٦ ةنس", "سنة ١٩٠٦"),
            ("1906-02-25 ةنس", "سنة 1906-02-25"),
            (".Tate Modern يف باتك", "كتاب في Tate Modern."),
            ("the باتك is", "the كتاب is"),
            ("٤٣ ٢١ ص", "ص ٢١ ٤٣"),
            ("םולש", "שלום"),
            ("(لوألا) باتك", "كتاب (الأول)"),
            ("«ةنازخ» باتك", "كتاب «خزانة»"),
            ("(1906) ةنس", "سنة (1906)"),
            (".Tate (Modern) يف باتك", "كتاب في Tate (Modern)."),
            ("باتك (١", "١) كتاب"),
            ("the (باتك) is", "the (كتاب) is"),
            ("a b c (ميدق) باتك", "a b c كتاب (قديم)"),
            // The brackets are already the logical characters.
            (")لوألا( باتك", "كتاب (الأول)"),
        ] {
            assert_eq!(logical(visual), expected, "{visual}");
        }
    }
}

//! The Arabic article and the particles written together with it.

/// What is left of a folded Arabic word without the article and what is attached before it:
/// الكتاب, والكتاب, بالكتاب, وبالكتاب, للكتاب → كتاب. `None` where there is no article, or where what
/// is left would be too short to be sure that it was one (والد is a father, not "and the …").
pub(crate) fn without_article(word: &str) -> Option<&str> {
    const FORMS: [(&str, usize); 12] = [
        ("وبال", 3),
        ("وكال", 3),
        ("فبال", 3),
        ("فكال", 3),
        ("ولل", 3),
        ("فلل", 3),
        ("وال", 4),
        ("فال", 3),
        ("بال", 3),
        ("كال", 3),
        ("لل", 3),
        ("ال", 3),
    ];
    FORMS.iter().find_map(|(prefix, least)| {
        let rest = word.strip_prefix(prefix)?;
        (rest.chars().count() >= *least).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::without_article;

    #[test]
    fn the_article_goes_with_its_particles() {
        for word in [
            "الكتاب",
            "والكتاب",
            "بالكتاب",
            "وبالكتاب",
            "للكتاب",
            "كالكتاب",
            "فالكتاب",
        ] {
            assert_eq!(without_article(word), Some("كتاب"), "{word}");
        }
        assert_eq!(without_article("القاهره"), Some("قاهره"));
    }

    #[test]
    fn words_that_only_look_like_it_stay_whole() {
        for word in [
            "والد",
            "والدين",
            "بالغ",
            "الف",
            "كتاب",
            "ال",
            "لله",
            "kitab",
        ] {
            assert_eq!(without_article(word), None, "{word}");
        }
    }
}

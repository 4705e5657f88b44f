//! Tests of references, with records as JSON.

use khizana_format::Record;
use khizana_model::{Day, LangMap, Pages};

use super::*;
use crate::i18n::Lang;
use crate::page::{CanvasText, CollectionLink, Page, View};
use crate::page_layout::PageLayout;

/// Returns the page of a record in an archive.
fn page(record: &str, lang: &str, url: Option<&str>) -> Page {
    let record: Record = khizana_json::from_slice(record.as_bytes()).unwrap();
    let site = Site {
        title: LangMap::of("en".parse().unwrap(), "The archive"),
        url: url.map(str::to_owned),
        languages: ["ar", "en", "fr"].map(str::to_owned).into(),
        pages: Pages::Items,
        items: 1,
        viewer: "viewer/x/".into(),
        identity: Default::default(),
        has_index_links: false,
        item_pages: Default::default(),
    };
    let view = ItemPage {
        record: record.into(),
        collection: CollectionLink {
            id: "c".to_owned(),
            title: LangMap::of("en".parse().unwrap(), "The collection"),
            description: LangMap::new(),
            items: 1,
            cover: None,
        },
        labels: Default::default(),
        facets: Vec::new(),
        value_pages: Vec::new(),
        canvas: 0,
        query: String::new(),
        text: CanvasText::NotLoaded,
        track: None,
        citations: None,
        layout: PageLayout::default(),
        has_all_thumbnails: false,
    };
    Page::new(&site, lang, View::Item(Box::new(view)))
}

fn reference(record: &str, lang: &str) -> Reference {
    let page = page(record, lang, Some("https://example.org/"));
    let View::Item(view) = &page.view else {
        unreachable!()
    };
    Reference::of(&page.site, &page.lang, view)
}

fn citation(record: &str, lang: &str, style: Style, access: &Access) -> String {
    let runs = cite(&reference(record, lang), style, access, Lang::of(lang));
    runs.into_iter().map(|run| run.text).collect()
}

fn today() -> Access {
    Access {
        page: None,
        url: None,
        day: Day::new(2026, 11, 30),
        is_detail: false,
    }
}

const PLATE: &str = r#"{"item":{"id":"plate","title":{"en":["A Terrace of Houses"],"ar":["بيوت"]},"fields":[
    {"name":"creator","values":{"en":["Turner, Joseph Mallord William"],"ar":["تيرنر"]}},
    {"name":"type","values":{"en":["Drawing"]}},
    {"name":"medium","values":{"en":["Graphite on paper"]}}],
    "date":{"written":"1813","edtf":{"from":"1813-01-01","to":"1813-12-31"}}},"collection":"c"}"#;

const ARTICLE: &str = r#"{"item":{"id":"a-3","title":{"en":["The way of life"]},"fields":[
    {"name":"creator","values":{"en":["Muhammad Kurd Ali"]}},
    {"name":"volume","values":{"und":["1"]}},{"name":"issue","values":{"und":["2"]}},
    {"name":"pages","values":{"und":["22–24"]}}],"languages":["ar"],
    "date":{"written":"1906-02-25","edtf":{"from":"1906-02-25","to":"1906-02-25"}}},
    "collection":"c","parent":{"id":"a","title":{"en":["Al-Muqtabas"]}}}"#;

const BOOK: &str = r#"{"item":{"id":"b","title":{"en":["The Book of Stars"]},"fields":[
    {"name":"creator","values":{"en":["Sufi","Smith, Jane","Doe, John"]}},
    {"name":"type","values":{"en":["Book"]}},
    {"name":"publisher","values":{"en":["Bulaq Press"]}},
    {"name":"publication_place","values":{"en":["Cairo"]}}],
    "date":{"written":"1850","edtf":{"from":"1850-01-01","to":"1850-12-31"}}},"collection":"c"}"#;

const BARE: &str = r#"{"item":{"id":"bare"},"collection":"c"}"#;

#[test]
fn chicago() {
    let cite = |record| citation(record, "en", Style::Chicago, &today());
    assert_eq!(
        cite(PLATE),
        "Turner, Joseph Mallord William. A Terrace of Houses. 1813. Graphite on paper. The archive, The collection. \
         Accessed November 30, 2026. https://example.org/en/item/plate/. "
    );
    assert_eq!(
        cite(ARTICLE),
        "Muhammad Kurd Ali. “The way of life.” Al-Muqtabas 1, no. 2 (1906): 22–24. The collection. The archive. \
         Accessed November 30, 2026. https://example.org/en/item/a-3/. "
    );
    assert_eq!(
        cite(BOOK),
        "Sufi, Jane Smith, and John Doe. The Book of Stars. Bulaq Press, 1850. The collection. The archive. \
         Accessed November 30, 2026. https://example.org/en/item/b/. "
    );
}

#[test]
fn apa_mla_and_iso() {
    assert_eq!(
        citation(PLATE, "en", Style::Apa, &today()),
        "Turner, J. M. W. (1813). A Terrace of Houses [Graphite on paper]. The collection, The archive. \
         Retrieved November 30, 2026, from https://example.org/en/item/plate/"
    );
    assert_eq!(
        citation(ARTICLE, "en", Style::Apa, &Access::default()),
        "Muhammad Kurd Ali. (1906). The way of life. Al-Muqtabas, 1(2), 22–24. The collection, The archive. \
         https://example.org/en/item/a-3/"
    );
    assert_eq!(
        citation(ARTICLE, "en", Style::Mla, &today()),
        "Muhammad Kurd Ali. “The way of life.” Al-Muqtabas, vol. 1, no. 2, 25 Feb. 1906, The archive, The collection, \
         pp. 22–24, https://example.org/en/item/a-3/. Accessed 30 Nov. 2026. "
    );
    assert_eq!(
        citation(BOOK, "en", Style::Iso690, &today()),
        "Sufi, Smith, Jane and Doe, John. The Book of Stars. Online. Cairo: Bulaq Press, 1850. The archive, \
         The collection. [Accessed 30 November 2026]. Available from: https://example.org/en/item/b/"
    );
}

#[test]
fn the_displayed_page_is_named() {
    let access = Access {
        page: Some("15".to_owned()),
        url: Some("https://example.org/en/item/b/?page=17".to_owned()),
        day: None,
        is_detail: false,
    };
    for style in Style::ALL {
        let citation = citation(BOOK, "en", style, &access);
        assert!(
            citation.to_lowercase().contains("p. 15") && citation.contains("?page=17"),
            "{citation}"
        );
    }
    let arabic = citation(BOOK, "ar", Style::Chicago, &access);
    assert!(arabic.contains("ص 15"), "{arabic}");
}

#[test]
fn words_and_punctuation_are_those_of_the_language() {
    let arabic = citation(ARTICLE, "ar", Style::Chicago, &today());
    assert!(
        arabic.contains("«The way of life»") && arabic.contains("اطُّلع عليه في ٣٠ تشرين الثاني")
            || arabic.contains("اطُّلع عليه في ٣٠ نوفمبر"),
        "{arabic}"
    );
    let french = citation(BOOK, "fr", Style::Chicago, &today());
    assert!(
        french.contains("Jane Smith et John Doe")
            && french.contains("Consulté le 30 novembre 2026"),
        "{french}"
    );
}

#[test]
fn an_item_without_values_has_no_empty_parts() {
    for lang in ["ar", "en", "fr"] {
        for style in Style::ALL {
            let citation = citation(BARE, lang, style, &Access::default());
            for malformed in ["..", ". .", ", ,", ",,", "()", "[]", "  ", "،،", "« »"] {
                assert!(
                    !citation.contains(malformed),
                    "{lang} {style:?}: {citation}"
                );
            }
            assert!(
                citation.contains("bare") && !citation.starts_with(['.', ',', ' ']),
                "{citation}"
            );
        }
    }
}

/// Returns the record of a manuscript with dates.
fn dated(date: &str) -> String {
    format!(
        r#"{{"item":{{"id":"d","title":{{"en":["Treatise"]}},"fields":[
        {{"name":"type","values":{{"en":["Book"]}}}}],"date":{date}}},"collection":"c"}}"#
    )
}

/// Returns the content of the tag with a name.
fn tag(record: &str, name: &str) -> Option<String> {
    let mut tags = tags::meta(&reference(record, "en")).into_iter();
    tags.find(|(other, _)| *other == name)
        .map(|(_, content)| content)
}

#[test]
fn a_date_that_is_only_hijri_names_its_calendar_or_is_converted() {
    let record = dated(r#"{"written":"1324","hijri":"1324"}"#);
    for style in Style::ALL {
        let citation = |lang| citation(&record, lang, style, &Access::default());
        assert!(citation("en").contains("1324 AH"), "{}", citation("en"));
        assert!(citation("ar").contains("١٣٢٤ هـ"), "{}", citation("ar"));
    }
    let schema: serde_json::Value =
        serde_json::from_str(&schema::json_ld(&page(&record, "en", None)).unwrap()).unwrap();
    assert_eq!(schema["datePublished"], "1906-02-25/1907-02-13");
    assert_eq!(tag(&record, "DC.date").unwrap(), "1906-02-25/1907-02-13");
    assert_eq!(tag(&record, "citation_publication_date"), None);
    assert_eq!(tag(&record, "citation_year").unwrap(), "1906");
    let export = |format| export(&reference(&record, "en"), format, &Access::default());
    let bibtex = export(Format::BibTex);
    assert!(bibtex.contains("  year = {1906},\n"), "{bibtex}");
    assert!(bibtex.contains("  note = {1324 AH. "), "{bibtex}");
    let ris = export(Format::Ris);
    for line in ["PY  - 1906", "DA  - 1906///", "N1  - 1324 AH"] {
        assert!(ris.lines().any(|other| other == line), "{line}\n{ris}");
    }
    let csl: serde_json::Value = serde_json::from_str(&export(Format::CslJson)).unwrap();
    assert_eq!(csl[0]["issued"]["date-parts"], serde_json::json!([[1906]]));
    assert_eq!(csl[0]["note"], "1324 AH");
    assert_eq!(tag(&record, "z.extra").unwrap(), "1324 AH");
    let words = dated(r#"{"written":"رجب ١٣٢٤","hijri":"رجب ١٣٢٤"}"#);
    assert_eq!(tag(&words, "DC.date").unwrap(), "رجب ١٣٢٤ AH");
}

#[test]
fn tags_keep_intervals_and_doubts() {
    for (date, expected) in [
        (
            r#"{"written":"1845~","edtf":{"from":"1845-01-01","to":"1845-12-31","approximate":true}}"#,
            "1845~",
        ),
        (
            r#"{"written":"1845?","edtf":{"from":"1845-01-01","to":"1845-12-31","uncertain":true}}"#,
            "1845?",
        ),
        (
            r#"{"written":"18XX","edtf":{"from":"1800-01-01","to":"1899-12-31"}}"#,
            "1800/1899",
        ),
        (
            r#"{"written":"1910/1912","edtf":{"from":"1910-01-01","to":"1912-12-31"}}"#,
            "1910/1912",
        ),
        (
            r#"{"written":"1901/..","edtf":{"from":"1901-01-01"}}"#,
            "1901/..",
        ),
        (
            r#"{"written":"-0499","edtf":{"from":"-0499-01-01","to":"-0499-12-31"}}"#,
            "-0499",
        ),
    ] {
        let record = dated(date);
        assert_eq!(tag(&record, "DC.date").as_deref(), Some(expected));
        // Zotero would take this date instead.
        assert_eq!(tag(&record, "citation_publication_date"), None, "{date}");
    }
    let exact = dated(r#"{"written":"1934-05","edtf":{"from":"1934-05-01","to":"1934-05-31"}}"#);
    assert_eq!(tag(&exact, "citation_publication_date").unwrap(), "1934/05");
    assert_eq!(tag(&exact, "citation_year"), None);
}

#[test]
fn names_are_divided_only_if_they_have_one_comma() {
    let parts = |name: &str| {
        let text = LangText {
            lang: LangTag::und(),
            text: name.to_owned(),
        };
        Name { text }
            .parts()
            .map(|(family, given)| (family.to_owned(), given.to_owned()))
    };
    assert_eq!(
        parts("Moore, Henry"),
        Some(("Moore".to_owned(), "Henry".to_owned()))
    );
    assert_eq!(
        parts("كرد علي، محمد"),
        Some(("كرد علي".to_owned(), "محمد".to_owned()))
    );
    for name in [
        "Henry Moore",
        "محمد كرد علي",
        "جامعة دمشق، كلية الآداب",
        "الفرغاني، ٨٦١",
        "أحمد، محمد، علي",
        "Turner, Joseph, 1775",
        "Turner, 1775–1851",
        "Moore,",
        ",",
    ] {
        assert_eq!(parts(name), None, "{name}");
    }
}

const HOSTILE: &str = r#"{"item":{"id":"h","title":{"en":["</script>\u202e} \\ \"q\" & {x%y ---"]},"fields":[
    {"name":"creator","values":{"en":["A\nTY  - BOOK","} and {"]}},{"name":"type","values":{"en":["Book"]}}],
    "date":{"written":"100 BC","edtf":{"from":"-0099-01-01","to":"-0099-12-31","approximate":true}}},"collection":"c"}"#;

#[test]
fn exports_cannot_be_broken_by_values() {
    let reference = reference(HOSTILE, "en");
    let ris = export(&reference, Format::Ris, &today());
    assert_eq!(ris.matches("TY  - ").count(), 1, "{ris}");
    assert!(ris.ends_with("ER  - \r\n"));
    let bibtex = export(&reference, Format::BibTex, &today());
    assert_eq!(
        bibtex.matches('{').count(),
        bibtex.matches('}').count(),
        "{bibtex}"
    );
    for markup in ["\\textless{}/script", "\\textbackslash{}", "\\& (x\\%y"] {
        assert!(bibtex.contains(markup), "{markup}\n{bibtex}");
    }
    assert!(!bibtex.contains("---"), "{bibtex}");
    let mut depth = 0;
    for c in bibtex.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        assert!(depth >= 0);
    }
    let json: serde_json::Value =
        serde_json::from_str(&export(&reference, Format::CslJson, &today())).unwrap();
    assert_eq!(json[0]["issued"]["date-parts"], serde_json::json!([[-100]]));
    assert_eq!(json[0]["issued"]["circa"], serde_json::json!(true));
    assert_eq!(json[0]["type"], "book");
}

#[test]
fn exports_have_the_fields_of_the_record() {
    let reference = reference(ARTICLE, "en");
    let ris = export(&reference, Format::Ris, &today());
    for line in [
        "TY  - JOUR",
        "AU  - Muhammad Kurd Ali",
        "TI  - The way of life",
        "T2  - Al-Muqtabas",
        "PY  - 1906",
        "DA  - 1906/02/25/",
        "VL  - 1",
        "IS  - 2",
        "SP  - 22",
        "EP  - 24",
        "LA  - ar",
        "UR  - https://example.org/en/item/a-3/",
        "Y2  - 2026/11/30/",
    ] {
        assert!(ris.lines().any(|other| other == line), "{line}\n{ris}");
    }
    let bibtex = export(&reference, Format::BibTex, &today());
    for line in [
        "@article{a-3,",
        "  author = {{Muhammad Kurd Ali}},",
        "  journal = {{Al-Muqtabas}},",
        "  year = {1906},",
        "  month = {2},",
        "  pages = {22--24},",
        "  urldate = {2026-11-30}",
    ] {
        assert!(
            bibtex.lines().any(|other| other == line),
            "{line}\n{bibtex}"
        );
    }
}

#[test]
fn the_formats_agree_with_each_other() {
    for record in [PLATE, ARTICLE, BOOK, BARE, HOSTILE] {
        for lang in ["ar", "en", "fr"] {
            let page = page(record, lang, Some("https://example.org/"));
            let View::Item(view) = &page.view else {
                unreachable!()
            };
            let reference = Reference::of(&page.site, lang, view);
            let schema: serde_json::Value =
                serde_json::from_str(&schema::json_ld(&page).unwrap()).unwrap();
            let tags = tags::meta(&reference);
            let tag = |name: &str| {
                let mut tags = tags.iter();
                tags.find(|(other, _)| *other == name)
                    .map(|(_, content)| content.as_str())
            };
            let csl: serde_json::Value =
                serde_json::from_str(&export(&reference, Format::CslJson, &Access::default()))
                    .unwrap();
            assert_eq!(csl[0]["title"], reference.title.text);
            assert_eq!(tag("DC.title"), Some(reference.title.text.as_str()));
            let names = schema["name"].to_string();
            let title = serde_json::to_string(&reference.title.text).unwrap();
            assert!(names.contains(&title), "{names} {title}");
            assert_eq!(csl[0]["URL"], schema["url"]);
            assert_eq!(tag("DC.identifier"), schema["url"].as_str());
            assert_eq!(schema["@type"], reference.kind.names().schema);
            let creators = schema["creator"].as_array().map_or(0, Vec::len);
            assert_eq!(creators, reference.creators.len());
            let citation: String = cite(
                &reference,
                Style::Chicago,
                &Access::default(),
                Lang::of(lang),
            )
            .into_iter()
            .map(|run| run.text)
            .collect();
            assert!(citation.contains(&reference.title.text));
        }
    }
}

#[test]
fn urls_are_omitted_if_that_of_the_archive_is_unknown() {
    let page = page(PLATE, "en", None);
    let schema = schema::json_ld(&page).unwrap();
    assert!(
        !schema.contains("\"url\"") && !schema.contains("@id"),
        "{schema}"
    );
    let View::Item(view) = &page.view else {
        unreachable!()
    };
    let reference = Reference::of(&page.site, "en", view);
    assert_eq!(reference.url, None);
    let signposts = tags::signposts(&reference, None);
    assert!(signposts.iter().all(|(relation, _)| *relation != "cite-as"));
}

#[test]
fn kinds_are_named_in_any_language() {
    let kind = |value: &str| {
        let json = format!(
            r#"{{"item":{{"id":"x","fields":[{{"name":"type","values":{{"und":["{value}"]}}}}]}},"collection":"c"}}"#
        );
        Kind::of(&khizana_json::from_slice(json.as_bytes()).unwrap())
    };
    for (value, expected) in [
        ("Book", Kind::Book),
        ("كتاب", Kind::Book),
        ("Livre", Kind::Book),
        ("مخطوط", Kind::Manuscript),
        ("Photograph", Kind::Photograph),
        ("خريطة", Kind::Map),
        ("Lettre", Kind::Letter),
        ("جريدة", Kind::Newspaper),
        ("Still Image", Kind::Image),
        ("something", Kind::Document),
        ("Document", Kind::Document),
        ("وثيقة", Kind::Document),
        ("Encyclopedia", Kind::Book),
    ] {
        assert_eq!(kind(value), expected, "{value}");
    }
    let article: Record = khizana_json::from_slice(ARTICLE.as_bytes()).unwrap();
    assert_eq!(Kind::of(&article), Kind::Article);
}

#[test]
fn a_citation_names_the_detail_that_is_displayed() {
    let access = Access {
        page: Some("3".to_owned()),
        url: Some("https://example.org/ar/item/plate/?page=3#xywh=1,2,3,4".to_owned()),
        is_detail: true,
        ..today()
    };
    let text = |lang, style| citation(PLATE, lang, style, &access);
    for style in [Style::Chicago, Style::Mla] {
        assert!(
            text("en", style).contains(", p. 3, detail"),
            "{}",
            text("en", style)
        );
    }
    assert!(text("en", Style::Apa).contains(" (p. 3, detail)"));
    assert!(text("ar", Style::Chicago).contains("تفصيل"));
    assert!(text("fr", Style::Chicago).contains("#xywh=1,2,3,4"));
}

/// Returns the record of an item of a type with further fields, as members of its JSON.
fn of_type(kind: &str, fields: &[(&str, &str)], members: &str) -> String {
    let named = ("type", kind);
    let fields = fields.iter().chain([&named]).map(|(name, value)| {
        let values: Vec<&str> = value.split('|').collect();
        serde_json::json!({ "name": name, "values": { "und": values } }).to_string()
    });
    let fields: Vec<String> = fields.collect();
    format!(
        r#"{{"item":{{"id":"x","title":{{"en":["A title"]}},"fields":[{}]{members}}},"collection":"c"}}"#,
        fields.join(",")
    )
}

/// Returns all contents of the tags with a name.
fn contents(record: &str, name: &str) -> Vec<String> {
    let tags = tags::meta(&reference(record, "en")).into_iter();
    tags.filter(|(other, _)| *other == name)
        .map(|(_, content)| content)
        .collect()
}

#[test]
fn zotero_reads_the_creators_of_each_type() {
    for (kind, role) in [
        ("painting", "z.artists"),
        ("photograph", "z.artists"),
        ("map", "z.cartographers"),
        ("sound", "z.performers"),
        ("film", "z.directors"),
        ("video", "z.directors"),
        ("interview", "z.interviewees"),
        ("speech", "z.presenters"),
    ] {
        let record = of_type(kind, &[("creator", "Moore, Henry|Barbara Hepworth")], "");
        assert_eq!(
            contents(&record, role),
            ["Moore, Henry", "Barbara Hepworth"],
            "{kind}"
        );
    }
    let letter = of_type(
        "letter",
        &[
            ("creator", "Ziadeh, May"),
            ("recipient", "جبران، خليل"),
            ("contributor", "Doe, Jane"),
        ],
        "",
    );
    assert_eq!(contents(&letter, "z.recipients"), ["جبران, خليل"]);
    assert_eq!(contents(&letter, "so.contributor"), ["Doe, Jane"]);
    assert_eq!(contents(&letter, "DC.creator"), ["Ziadeh, May"]);
}

#[test]
fn a_name_that_zotero_would_divide_is_only_that_of_dublin_core() {
    let authors = |names: &str| {
        let record = of_type("book", &[("creator", names)], "");
        assert_eq!(
            contents(&record, "DC.creator").len(),
            names.split('|').count()
        );
        contents(&record, "citation_author")
    };
    for name in [
        "Ibn Khaldun, Abd al-Rahman",
        "كرد علي، محمد فريد",
        "Great Britain, Foreign Office",
    ] {
        assert!(authors(name).is_empty(), "{name}");
    }
    assert_eq!(authors("Moore, Henry Spencer"), ["Moore, Henry Spencer"]);
    assert_eq!(authors("كرد علي، محمد"), ["كرد علي, محمد"]);
    assert_eq!(authors("Ibn Khaldun, Abd al-Rahman|Moore, Henry").len(), 2);
}

#[test]
fn zotero_takes_an_article_for_what_it_is() {
    for (kind, name) in [
        ("newspaper article", "prism.publicationName"),
        ("magazine article", "prism.publicationName"),
        ("article", "citation_journal_title"),
        ("chapter", "citation_inbook_title"),
    ] {
        let record = of_type(kind, &[("container", "The periodical")], "");
        for other in [
            "prism.publicationName",
            "citation_journal_title",
            "citation_inbook_title",
        ] {
            assert_eq!(
                tag(&record, other).is_some(),
                other == name,
                "{kind} {other}"
            );
        }
        // Without a container, the archive is none.
        let record = of_type(kind, &[], "");
        let tags = tags::meta(&reference(&record, "en"));
        let named: Vec<_> = tags
            .iter()
            .filter(|(_, content)| content == "The archive")
            .collect();
        assert_eq!(named, [&("z.archive", "The archive".to_owned())]);
    }
}

#[test]
fn zotero_reads_the_fields_of_the_record_and_no_others() {
    let record = of_type(
        "report",
        &[
            ("publication_place", "London"),
            ("publisher", "British Museum"),
            ("medium", "Ink"),
            ("issue", "7"),
            ("description", "The first paragraph.|The second."),
        ],
        r#","languages":["ar"]"#,
    );
    for (name, content) in [
        ("z.place", "London"),
        ("z.archiveLocation", "x"),
        ("dcterms.medium", "Ink"),
        ("dcterms.description", "The first paragraph.\nThe second."),
        ("citation_abstract", "The first paragraph.\nThe second."),
        ("citation_technical_report_number", "7"),
        ("citation_technical_report_institution", "British Museum"),
        ("DC.language", "ar"),
    ] {
        assert_eq!(tag(&record, name).as_deref(), Some(content), "{name}");
    }
    for name in ["DC.description", "DC.source", "citation_issue", "lang"] {
        assert_eq!(tag(&record, name), None, "{name}");
    }
    let ris = export(&reference(&record, "en"), Format::Ris, &Access::default());
    assert!(ris.lines().any(|line| line == "SN  - 7"), "{ris}");
    // The language of the interface would take the place of what is missing.
    let bare = of_type("book", &[], "");
    assert_eq!(tag(&bare, "lang").as_deref(), Some(" "));
}

#[test]
fn rights_are_in_a_field_of_ris_that_has_no_other_meaning() {
    let rights = r#","rights":"https://creativecommons.org/publicdomain/zero/1.0/""#;
    for kind in ["film", "map", "book"] {
        let record = of_type(kind, &[], rights);
        let ris = export(&reference(&record, "en"), Format::Ris, &Access::default());
        assert!(!ris.contains("C1  - "), "{ris}");
        assert!(ris.contains("CR  - https://creativecommons.org/"), "{ris}");
    }
}

#[test]
fn items_without_a_description_have_a_summary() {
    let document = |record: &str| {
        let page = page(record, "en", Some("https://example.org/"));
        crate::document(&page, "default-src 'none'")
    };
    let described = document(&of_type("book", &[("description", "Five pages.")], ""));
    for tag in [
        "<meta name=\"description\" content=\"Five pages.\">",
        "<meta property=\"og:description\" content=\"Five pages.\">",
        "<meta property=\"og:locale\" content=\"en_US\">",
    ] {
        assert!(described.contains(tag), "{tag}\n{described}");
    }
    let bare = document(BOOK);
    for tag in [
        "<meta name=\"description\" content=\"Sufi · ",
        "<meta property=\"og:description\" content=\"Sufi · ",
    ] {
        assert!(bare.contains(tag), "{tag}\n{bare}");
    }
}

use super::*;

/// Compares readings with their EDTF strings.
fn assert_read(table: &[(&str, &str)]) {
    for (wording, expected) in table {
        let found = read(wording).map(|reading| reading.text);
        assert_eq!(found.as_deref(), Some(*expected), "{wording}");
    }
}

#[test]
fn reads_english_wordings() {
    assert_read(&[
        ("17th century", "16XX"),
        ("19th cent.", "18XX"),
        ("eighteenth century", "17XX"),
        ("17th–18th century", "1600/1799"),
        ("17-18th century", "1600/1799"),
        ("16th or 17th century", "1500/1699"),
        ("18th and 19th centuries", "1700/1899"),
        ("16th/17th century", "1500/1699"),
        ("late 18th or early 19th century", "1750~/1849~"),
        ("mid-17th century", "1625~/1674~"),
        ("first half of the 19th century", "1800/1849"),
        ("2nd quarter of the 19th century", "1825/1849"),
        ("17??", "17XX"),
        ("18--", "18XX"),
        ("1870s", "187X"),
        ("the 1870s or 1880s", "1870/1889"),
        ("ca. 1650", "1650~"),
        ("about 1650?", "1650%"),
        ("1650 (?)", "1650?"),
        ("probably 18th century", "17XX?"),
        ("15 March 1906", "1906-03-15"),
        ("15th March, 1906", "1906-03-15"),
        ("March 15, 1906", "1906-03-15"),
        ("Thursday 15 March 1906", "1906-03-15"),
        ("Mar. 1906", "1906-03"),
        ("12–14 March 1906", "1906-03-12/1906-03-14"),
        ("July–August 1888", "1888-07/1888-08"),
        ("5 May - 7 June 1888", "1888-05-05/1888-06-07"),
        ("before 1800", "../1800"),
        ("not after March 1906", "../1906-03"),
        ("after 1800", "1800/.."),
        ("not before 1714", "1714/.."),
        ("between 1800 and 1852", "1800/1852"),
        ("from 1800 to 1852", "1800/1852"),
        ("1780 or 1781", "1780/1781"),
        ("around 1810-20", "1810~/1820~"),
        ("1280 CE", "1280"),
        ("AD 1280", "1280"),
        ("dated 1650", "1650"),
        ("[1650]", "1650"),
        ("n.d. [18th century]", "17XX"),
        ("Undated, probably late 16th century", "1550%/1599%"),
        ("12th century CE", "11XX"),
        ("1845/46", "1845/1846"),
        ("1806/1807 CE", "1806/1807"),
        ("July/August 1888", "1888-07/1888-08"),
        ("5 January 1485", "1485-01-05"),
        ("5784 AM", "2023-09-16/2024-10-02"),
        ("5 Iyar 5708", "1948-05-14"),
        ("25 October 1917 Old Style", "1917-11-07"),
        ("23 Yekatit 1888 Ethiopian", "1896-03-01"),
    ]);
}

#[test]
fn reads_french_wordings() {
    assert_read(&[
        ("XVIIe siècle", "16XX"),
        ("XVIIᵉ s.", "16XX"),
        ("17ème siècle", "16XX"),
        ("XVIIe-XVIIIe siècles", "1600/1799"),
        ("fin du XVIIIe siècle", "1775~/1799~"),
        ("début du XIXe siècle", "1800~/1824~"),
        ("première moitié du XIXe siècle", "1800/1849"),
        ("2e moitié du XIXe siècle", "1850/1899"),
        ("mars 1906", "1906-03"),
        ("1er mars 1906", "1906-03-01"),
        ("le 15 août 1906", "1906-08-15"),
        ("vers 1650", "1650~"),
        ("avant 1800", "../1800"),
        ("après 1800", "1800/.."),
        ("entre 1800 et 1852", "1800/1852"),
        ("années 1870", "187X"),
        ("1780 ou 1781", "1780/1781"),
        ("1324 de l'hégire", "1906-02-25/1907-02-13"),
        ("XIIe siècle apr. J.-C.", "11XX"),
    ]);
}

#[test]
fn reads_german_wordings() {
    assert_read(&[
        ("17. Jahrhundert", "16XX"),
        ("17. Jh.", "16XX"),
        ("17./18. Jh.", "1600/1799"),
        ("Ende des 18. Jahrhunderts", "1775~/1799~"),
        ("1. Hälfte des 19. Jahrhunderts", "1800/1849"),
        ("15. März 1906", "1906-03-15"),
        ("März 1906", "1906-03"),
        ("um 1650", "1650~"),
        ("vor 1800", "../1800"),
        ("nach 1800", "1800/.."),
        ("zwischen 1800 und 1852", "1800/1852"),
        ("1800 bis 1852", "1800/1852"),
        ("1870er Jahre", "187X"),
        ("1280 n. Chr.", "1280"),
    ]);
}

#[test]
fn reads_turkish_wordings() {
    assert_read(&[
        ("17. yüzyıl", "16XX"),
        ("XVII. yüzyıl", "16XX"),
        ("19. yüzyılın ilk yarısı", "1800/1849"),
        ("15 Mart 1906", "1906-03-15"),
        ("Ağustos 1906", "1906-08"),
        ("yaklaşık 1650", "1650~"),
        ("1870'ler", "187X"),
        ("1800'den önce", "../1800"),
        ("1780 veya 1781", "1780/1781"),
        ("Hicri 1324", "1906-02-25/1907-02-13"),
        ("21 Cemaziyelevvel 1091", "1680-06-18/1680-06-20"),
        ("31 Mart 1325 Rumi", "1909-04-13"),
        ("Rumi 1333", "1917-03/1917-12"),
    ]);
}

#[test]
fn reads_arabic_wordings() {
    assert_read(&[
        ("١٣٢٤ هـ / ١٩٠٦ م", "1906-02-25/1906-12-31"),
        ("١٣٢٤ ه‍", "1906-02-25/1907-02-13"),
        ("سنة ١٣٢٤ هجرية", "1906-02-25/1907-02-13"),
        ("القرن الثامن الهجري", "1301-09-14/1398-09-20"),
        ("القرن التاسع عشر الميلادي", "18XX"),
        ("ق 13 هـ", "1786-10-24/1883-11-01"),
        ("القرنين 12 و 13 هـ", "1689-10-15/1883-11-01"),
        (
            "القرن الثاني عشر أو الثالث عشر الهجري",
            "1689-10-15/1883-11-01",
        ),
        ("أوائل القرن التاسع عشر", "1800~/1824~"),
        ("النصف الأول من القرن التاسع عشر", "1800/1849"),
        ("١٥ مارس ١٩٠٦", "1906-03-15"),
        ("15 آذار 1906", "1906-03-15"),
        ("رمضان ١٢٢١", "1806-11-12/1806-12-11"),
        ("جمادى الأولى ١٣٢٤ هـ", "1906-06-23/1906-07-22"),
        ("حوالي ١٦٥٠", "1650~"),
        ("قبل ١٨٠٠", "../1800"),
        ("بين ١٨٠٠ و ١٨٥٢", "1800/1852"),
        ("١٠ توت ١٦٠٠ للشهداء", "1883-09-20"),
        ("٥٧٨٤ عبري", "2023-09-16/2024-10-02"),
        ("١٠ تموز ١٣٢٤ رومية", "1908-07-23"),
    ]);
}

#[test]
fn reads_persian_wordings() {
    assert_read(&[
        ("۱۳۰۰ش / 1921", "1921-03-21/1921-12-31"),
        ("۱۳۵۷ هـ ش", "1978-03-21/1979-03-20"),
        ("۲۲ بهمن ۱۳۵۷", "1979-02-11"),
        ("۱۳۲۴ ق", "1906-02-25/1907-02-13"),
        ("۱۳۲۴ هجری قمری", "1906-02-25/1907-02-13"),
        ("قرن نوزدهم میلادی", "18XX"),
        ("سده یازدهم هجری", "1592-10-08/1689-10-14"),
        ("حدود ۱۶۵۰", "1650~"),
        ("پیش از ۱۸۰۰", "../1800"),
    ]);
}

#[test]
fn reads_transliterated_hijri_dates() {
    assert_read(&[
        ("Ramaḍān 1221 AH", "1806-11-12/1806-12-11"),
        ("Rabīʿ II 1076", "1665-10-11/1665-11-08"),
        ("Rabi' al-Thani 1076", "1665-10-11/1665-11-08"),
        ("Rab. II 1076", "1665-10-11/1665-11-08"),
        ("Jumādá al-Ūlá 1324", "1906-06-23/1906-07-22"),
        ("Jum. I 1324", "1906-06-23/1906-07-22"),
        ("Dhū al-Qaʿdah 1324", "1906-12-17/1907-01-15"),
        ("Dhū-l-Qaʿda 1324", "1906-12-17/1907-01-15"),
        ("Z̲ū al-Qaʿdah 1324", "1906-12-17/1907-01-15"),
        ("10_Muharram_1324", "1906-03-05/1906-03-07"),
        ("beginning of Ramaḍān 1221", "1806-11-12/1806-12-11"),
        ("6 Muharram A.H. 1197", "1782-12-11/1782-12-13"),
        ("Rabīʿ ath-Thānī 1076", "1665-10-11/1665-11-08"),
        ("awākhir Ramaḍān 1221", "1806-11-12/1806-12-11"),
        ("30 Dhū al-Ḥijjah 1258", "1843-01-31/1843-02-02"),
        ("1163 H", "1749-12-11/1750-11-29"),
        ("A.H. 1163", "1749-12-11/1750-11-29"),
        ("AH 1003–1004", "1594-09-16/1596-08-24"),
        ("before 1163 AH", "../1750-11-29"),
        ("ca. 1163 AH", "1749-12-11~/1750-11-29~"),
    ]);
}

#[test]
fn dates_in_two_calendars_are_the_days_that_they_share() {
    assert_read(&[
        ("1059/1649", "1649-01-15/1649-12-31"),
        ("1171 AH (1757 CE)", "1757-09-15/1757-12-31"),
        ("1106 (1694 - 1695)", "1694-08-22/1695-08-11"),
        ("680 (1281)", "1281-04-29/1281-12-31"),
        ("838 AH (1434/35)", "1434-08-16/1435-08-04"),
        ("1 Muḥarram 1324 (27 February 1906)", "1906-02-27"),
        ("1324 AH = 1906", "1906-02-25/1906-12-31"),
        ("١٣٢٤ هـ الموافق ١٩٠٦ م", "1906-02-25/1906-12-31"),
        ("1 Muḥarram 1324 (25 February 1906)", "1906-02-25"),
        ("1 Muḥarram 1324 (26 February 1906)", "1906-02-26"),
        ("13th/19th century", "1800-01-01/1883-11-01"),
        ("13/19th century", "1800-01-01/1883-11-01"),
        ("القرن 13 هـ / 19 م", "1800-01-01/1883-11-01"),
        ("١٣٢٤ هـ - ١٩٠٦ م", "1906-02-25/1906-12-31"),
        ("1324/1322 Rumi/1906", "1906-03-14/1906-12-31"),
        // A day before 1582 that agrees in the Julian calendar only.
        ("1 Muḥarram 800 (24 September 1397)", "1397-10-02"),
    ]);
}

#[test]
fn the_hijri_part_has_the_form_of_the_model() {
    for (wording, expected, is_only) in [
        ("Ramaḍān 1221 AH", "1221-09", true),
        ("7 Ramaḍān 1221", "1221-09-07", true),
        ("1171 AH (1757 CE)", "1171", false),
        ("AH 1003–1004", "1003/1004", true),
        ("القرن الثامن الهجري", "701/800", true),
        ("ca. 1163 AH", "1163~", true),
        ("before 1163 AH", "../1163", true),
    ] {
        let part = read(wording).and_then(|reading| reading.hijri);
        let expected = HijriPart {
            text: expected.to_owned(),
            is_only,
        };
        assert_eq!(part, Some(expected), "{wording}");
    }
    assert_eq!(read("1650").and_then(|reading| reading.hijri), None);
}

#[test]
fn wordings_without_a_certain_meaning_have_no_reading() {
    for wording in [
        "",
        "?",
        "()",
        "n.d.",
        "undated",
        "sans date",
        "بدون تاريخ",
        // The order of the day and the month.
        "03/04/1906",
        "3.4.1906",
        // The calendar.
        "1199",
        "before 989",
        "1105 or 1106",
        "12th century",
        "القرن الثاني عشر",
        "15 Mart 1325",
        "September 1325",
        "24 May 1070",
        "Farvardin 1048",
        "10 Tut 1324",
        "1650 AM",
        "AM 1650",
        "Rajab 5 AH",
        "17th century SH",
        "16th century AH",
        "March 1700 AH",
        "Rajab 1634",
        // The year.
        "Rajab",
        "Rajab 12",
        "15 March",
        "13 CE",
        "1845/47",
        "1904/05",
        "1845/6",
        "13 CE / 19 AH",
        "17th century (16 CE)",
        "187?",
        "1800s",
        "1784-5",
        // Before the era.
        "500 BC",
        "5th century BCE",
        "Ve siècle av. J.-C.",
        "5. Jh. v. Chr.",
        "5. Jh. v. u. Z.",
        "5 ق.م",
        "القرن 5 ق.م",
        "القرن الخامس قبل الميلاد",
        "5 ق.هـ",
        "17th century or 1650",
        "17th century - 12 March 1750",
        "13th AH",
        "الثالث عشر الهجري",
        "17th CE or 18th CE",
        // Footnotes, corrections and gaps.
        "[16]50",
        "16[50]",
        "165[8]",
        "1650[1651]",
        "18..",
        "5 May 1888/7 June 1889",
        "March",
        "fin 1650",
        "Ramadan 2005",
        "mi-1650",
        "11 Sept 01",
        // The calendars contradict each other.
        "1171 AH (1800 CE)",
        "1171 AH - 1800 CE",
        "1059/1700",
        "1650 (1655)",
        "1 Muḥarram 1324 (28 February 1906)",
        "11th/16th century",
        "late 12th/18th century",
        "before 1171 AH (after 1757)",
        // The weekday contradicts the day.
        "Monday 15 March 1906",
        // More is said than a date.
        "1650 and later",
        "1650 [autograph]",
        "copy of 1650",
        "MS 1650",
        "1650*",
        "1650²",
        "regnal year 4",
        "Ramaḍān 1221, year 3 of Aḥmad Shāh",
        "1780–5, printed 1790",
        "1661 and 1664",
        "before 1650-1660",
        "before the 17th century",
        // These do not exist.
        "30 February 1906",
        "31 Rajab 1221",
        "33rd century",
        "1906-1900",
        "16500",
        "1650/1651/1652/1653/1654/1655",
        "16 Şubat 1332 Rumi",
        "17th century to",
        "(1650",
    ] {
        assert_eq!(read(wording), None, "{wording}");
    }
    assert_eq!(read(&"1650 ".repeat(100)), None);
}

#[test]
fn every_reading_is_edtf() {
    for year in 1500..2000 {
        let reading = read(&format!("ca. {year}"));
        assert_eq!(
            reading.map(|reading| reading.edtf),
            Edtf::parse(&format!("{year}~")).ok()
        );
    }
}

//! Turkish words.

use super::Meaning::*;
use super::Part;
use super::Table;
use crate::calendar::Calendar::*;

pub(super) const WORDS: Table = &[
    (
        "Ocak|Kânunusani|Kanun-ı Sani|Kânûn-i sânî",
        Month(Gregorian, 1),
    ),
    ("Şubat", Month(Gregorian, 2)),
    ("Mart", Month(Gregorian, 3)),
    ("Nisan", Month(Gregorian, 4)),
    ("Mayıs", Month(Gregorian, 5)),
    ("Haziran", Month(Gregorian, 6)),
    ("Temmuz", Month(Gregorian, 7)),
    ("Ağustos", Month(Gregorian, 8)),
    ("Eylül", Month(Gregorian, 9)),
    ("Ekim|Teşrinievvel|Teşrin-i Evvel", Month(Gregorian, 10)),
    ("Kasım|Teşrinisani|Teşrin-i Sani", Month(Gregorian, 11)),
    ("Aralık|Kânunuevvel|Kanun-ı Evvel", Month(Gregorian, 12)),
    ("Pazartesi", Weekday(1)),
    ("Salı", Weekday(2)),
    ("Çarşamba", Weekday(3)),
    ("Perşembe", Weekday(4)),
    ("Cuma", Weekday(5)),
    ("Cumartesi", Weekday(6)),
    ("Pazar", Weekday(7)),
    ("Miladi|milâdî", Era(Gregorian)),
    ("Hicri|Hicrî|H|hicri kameri", Era(Hijri)),
    ("hicri şemsi", Era(Persian)),
    ("Rumi|Rumî|maliye", Era(Rumi)),
    ("yüzyıl|yüzyılın|yy|y y|asır|asrın|yüzyıllar", Century),
    ("yılları|yıllar", Decade),
    ("ilk yarısı|birinci yarısı|ilk yarı", Part(Part::Half(1))),
    ("ikinci yarısı|son yarısı|ikinci yarı", Part(Part::Half(2))),
    ("ilk çeyreği|birinci çeyreği", Part(Part::Quarter(1))),
    ("ikinci çeyreği", Part(Part::Quarter(2))),
    ("üçüncü çeyreği", Part(Part::Quarter(3))),
    ("son çeyreği|dördüncü çeyreği", Part(Part::Quarter(4))),
    ("başı|başları|başlarında|evail|evâil", Part(Part::Beginning)),
    (
        "ortası|ortaları|ortalarında|evasıt|evâsıt",
        Part(Part::Middle),
    ),
    ("sonu|sonları|sonlarında|evahir|evâhir", Part(Part::End)),
    ("on altıncı", Ordinal(16)),
    ("on yedinci", Ordinal(17)),
    ("on sekizinci", Ordinal(18)),
    ("on dokuzuncu", Ordinal(19)),
    ("yirminci", Ordinal(20)),
    (
        "yaklaşık|takriben|tahminen|civarı|civarında|yaklaşık olarak",
        Circa,
    ),
    ("muhtemelen|belki|galiba", Uncertain),
    ("önce|öncesi|den önce|dan önce|ten önce|tan önce", Before),
    (
        "sonra|sonrası|den sonra|dan sonra|ten sonra|tan sonra",
        After,
    ),
    ("ve", And),
    ("veya|ya da|yahut", Or),
    ("tarihsiz|tarih yok", Undated),
    ("tarihli|tarih", Label),
    ("yılı|yılında|sene|senesi|tarihinde", Filler),
];

//! Transliteration tables from other scripts to Latin.
//!
//! They cover the standards ALA-LC, IJMES, DIN 31635 and ISO 9, with diacritics removed, and common
//! informal spellings.

use crate::script::Script;

/// Returns the transliteration table of a script, or `None` if there is none.
///
/// A table consists of rules separated by `|`. A rule consists of one or two letters and their
/// Latin spellings, separated by spaces. A digit after a spelling is its cost in units of 0.05; the
/// default is 0. `-` is the empty spelling; `^` and `$` restrict a spelling to the start or the end
/// of the word.
///
/// The tables are strings that are parsed when they are used, because in the viewer, strings take
/// half as much space as slices of structs.
pub(crate) fn table(script: Script) -> Option<&'static str> {
    match script {
        Script::Arabic => Some(ARABIC),
        Script::Hebrew => Some(HEBREW),
        Script::Cyrillic => Some(CYRILLIC),
        Script::Greek => Some(GREEK),
        _ => None,
    }
}

const ARABIC: &str = "ا a aa1 e2 o3 ^e ^i ^o ^u ^ou ^y2|ب b p4|پ p b2|ت t $th4|ث th s t2|\
    ج j dj g1 c4 dsch zh3 dzh gu3|چ ch c tch tsch sh3|ح h -7 ch4|خ kh x ch2 h k4|د d $t3|\
    ذ dh d1 z th3|ر r|ز z s4|ژ zh j z|س s ss c4|ش sh ch s2 sch x4|ص s ss c5|ض d dh z dz dd|\
    ط t th4|ظ z dh d4 th4|ع -|ء -|غ gh g q4 rh|ف f ph v4|ق q k c4 g2 gh3 kh4 ck6 qu4|\
    ك k c2 q4 ck4 g4 ch4|گ g k4 gu|ل l|م m|ن n m4|ه h $a $ah $at $t2 $e3 $eh $et2 $o4 $ou4 $uh|وا a2|\
    و w v2 u o ou oo ow1 eu3|وو u1 ou1 oo1 w2|ي i y ee ie2 yy iy iyy1 e3 j3 $a1 $e2 $ei2|\
    يي i2 ee3 y2 ei2 ai2|ٹ t|ڈ d|ڑ r d";

const HEBREW: &str = "א a e o2 i2 u2 -|ב b v bh2|ג g gh2 j4|ד d dh2|ה h $a $ah $e $eh $-4 -6|ו v w o u oo ou|\
    ז z s4|ח h ch kh|ט t th3|י y i j ee ie -4|כ k kh ch c3 h4|ל l|מ m|נ n|ס s c4|ע -|\
    פ p f ph|צ ts tz z c3 s4|ק k q c3|ר r|ש sh s sch ch4|ת t th s4";

const CYRILLIC: &str = "а a|б b|в v w1 $ff $f u4|г g gh h4 v5|ґ g|д d|е e ye je yo io o2 jo ie|ж zh j z2 g4|\
    з z s4|и i y1 ee|ий y i2 ii iy ij|ый y i2 yi|й y i j|і i y|є ye ie je e|к k c2 q4 ck4|\
    кс x ks|л l|м m|н n|о o a4|п p|р r|с s ss c4|т t th3|у u ou oo w4|ф f ph|х kh h x ch|\
    ц ts tz c cz|ч ch tch c cz tsch|ш sh ch2 s sch sz|щ shch sch sh2 sc3 schtsch chtch|\
    ъ - a4|ы y i|ь - i3 y4|э e|ю yu iu ju u2 you|я ya ia ja a3|ђ dj d|ј j y i|љ lj l|њ nj n|\
    ћ c ch|џ dz dj j";

const GREEK: &str = "α a ^ha1|αι ai ae e|αυ av af au|β v b|γ g gh y2 j4|γγ ng gg|γκ g gk nk|δ d dh|ε e ^he1|ει ei i|\
    ευ ev ef eu|ζ z|η i e ee ^he1|θ th t2|ι i y j3|κ k c|λ l|μ m|μπ b mp mb|ν n|ντ d nt nd|\
    ξ x ks|ο o ^ho1|οι oi i oe|οσ $us2|ου ou u|π p|ρ r rh|σ s|τ t|τζ tz j dz|υ y u i ^hy1|φ f ph|\
    χ ch h kh x|ψ ps|ω o w4";

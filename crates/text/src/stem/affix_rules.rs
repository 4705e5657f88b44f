//! Affix rules of the light stemmers, for folded words.
//!
//! A language has one or more steps. A step is a list of rules that are separated by white space.
//! Each step applies only the first rule that matches. A rule consists of
//!
//! - a digit: the minimum number of letters that must be left;
//! - the suffix to remove, or, after `<`, the prefix to remove;
//! - optionally, `>` and the replacement of the affix.
//!
//! A rule that replaces an affix with itself protects words with this affix from the rules after
//! it.

use crate::script::Script;

type Steps = &'static [&'static str];

/// Returns the rules of a language in a script, or `None` if there are none.
pub(super) fn for_language(script: Script, primary: &str) -> Option<Steps> {
    let steps: Steps = match (script, primary) {
        (Script::Latin, "fr" | "oc") => FRENCH,
        (Script::Latin, "de") => GERMAN,
        (Script::Latin, "es" | "ca" | "gl") => SPANISH,
        (Script::Latin, "pt") => PORTUGUESE,
        (Script::Latin, "it") => ITALIAN,
        (Script::Latin, "nl" | "af") => DUTCH,
        (Script::Latin, "sv" | "da" | "no" | "nb" | "nn") => NORDIC,
        (Script::Latin, "fi") => FINNISH,
        (Script::Latin, "hu") => HUNGARIAN,
        (Script::Latin, "ro") => ROMANIAN,
        (Script::Latin, "tr" | "az") => TURKISH,
        (Script::Latin, "pl" | "cs" | "sk") => POLISH,
        (Script::Greek, _) => GREEK,
        (Script::Cyrillic, "ru" | "uk" | "be" | "bg" | "sr" | "mk" | "und" | "") => RUSSIAN,
        (Script::Arabic, "fa" | "prs" | "ota") => PERSIAN,
        (Script::Arabic, "ur") => URDU,
        (Script::Arabic, "ckb" | "ku" | "sdh") => KURDISH,
        (Script::Other, "ta") => &["2ங்கள்>ம் 2கள்"],
        (Script::Other, "hi") => &["2ियों>ी 2ियाँ>ी 2ियां>ी 2ाओं>ा 2ाएं>ा 2ाएँ>ा 2ों 2ें 2े>ा"],
        _ => return None,
    };
    Some(steps)
}

/// Plurals, participles, and the consonants that participles double. [`super::stem_english`]
/// handles the silent e.
pub(super) const ENGLISH: Steps = &[
    "0women>woman 0children>child 0codices>codex 0indices>index 0papyri>papyrus 0feet>foot \
     1smen>sman 0men>man 0leaves>leaf 1lves>lf 0knives>knife 0wives>wife 0news>news 0series>series \
     0species>species 2sses>ss 3ies>y 3ches>ch 2shes>sh 2xes>x 0ss>ss 0us>us 0is>is 0lens>lens 3s",
    "3ied>y 3ing 3eed>eed 3ed",
    "1bb>b 1dd>d 1gg>g 1mm>m 1nn>n 1pp>p 1rr>r 1tt>t",
];
const FRENCH: Steps = &[
    "2eaux>eau 2aux>al 3s 3x",
    "3iere>ier 2enne>en 2onne>on 3elle>el 3ive>if 3ee 3e",
];
const GERMAN: Steps = &["4ern 4en 3en 4em 4er 4es 3e 4n 4s"];
const SPANISH: Steps = &[
    "2ces>z 3eses>es 2des>d 2les>l 3nes>n 3res>r 3yes>y 3jes>j 3s",
    "4ada>ado 4ida>ido 4osa>oso 4iva>ivo 3de>d 3le>l 3ne>n 3re>r 3je>j",
];
const PORTUGUESE: Steps = &[
    "2oes>ao 2aes>ao 2ais>al 2eis>el 2ois>ol 2ns>m 3res>r 2zes>z 3s",
    "4ada>ado 4ida>ido 4osa>oso 4iva>ivo 3re>r",
];
const ITALIAN: Steps = &[
    "3ioni>ion 3ione>ion 3tori>tor 3tore>tor 3ali>al 3ale>al 3nti>nt 3nte>nt 3esi>es 3ese>es \
     2ici>ic 2ice>ic 1ari>ar 1are>ar",
    "2che>ca 2ghe>ga 2chi>co 2ghi>go 3io>o 2i>o 2e>a",
];
const DUTCH: Steps = &[
    "4heden>heid 3en 3s 4e",
    "1bb>b 1dd>d 1ff>f 1gg>g 1kk>k 1ll>l 1mm>m 1nn>n 1pp>p 1rr>r 1ss>s 1tt>t 2v>f 2z>s",
];
const NORDIC: Steps = &[
    "4ernes 4ornas 4arnas 4ernas 4erna 4orna 4arna 4erne 4enes 4ene 4ens 4ets 4er 4or 4ar 4en 4et \
     4es 4e 4a 4s",
];
const FINNISH: Steps = &[
    "3kset>s 3ksen>s 3ksia>s 3issa 3ista 3illa 3ilta 3ille 4ssa 4sta 4lla 4lta 4lle 4ksi 4jen 4iden 4in 4t 4n",
    "3tt>t 3kk>k 3pp>p",
    "2tta>ta 2ppa>pa 2kka>ka",
];
const HUNGARIAN: Steps = &[
    "3ban 3ben 3nak 3nek 3bol 3rol 3tol 3hoz 3hez 3val 3vel 4ba 4be 4ra 4re",
    "3okat 3eket 3akat 3okok 3ok 3ek 3ak 4ot 4et 4at 4k",
];
const ROMANIAN: Steps = &["3urilor 3urile 4uri 3ilor 3elor 4ului 4ile 4ele 4ul 3ii 3le>e 4i 4e 4a"];
const TURKISH: Steps = &[
    "3lerimiz 3larimiz 3lerinde 3larinda 3lerinin 3larinin 3lerine 3larina 3lerin 3larin 3lerde 3larda 3leri 3lari \
     3ler 3lar 4sinin 4sinde 4sinda 4nin 4nun 4den 4dan 4ten 4tan 4de 4da 4te 4ta 4si 4su",
    "4in 4un 4i 4u",
    "2b>p",
];
const POLISH: Steps = &["3ami 3ach 3owi 3ow 3om 4ie 3em 3y 3i 3e 3a 3u"];
const GREEK: Steps =
    &["3ματοσ>μα 3ματων>μα 3ματα>μα 2ουσ 2οσ 2ου 2οι 2ων 2ησ 2εσ 2εισ 2ασ 2ο 2α 2η 2ε 2ι"];
const RUSSIAN: Steps = &[
    "2иями 2ыми 2ими 2его 2ого 2ему 2ому 2ями 2ами 2иях 2иям 2ием 2ией 2ее 2ие 2ые 2ое 2ей 2ий 2ый \
     2ой 2ем 2им 2ым 2ом 2их 2ых 2ую 2юю 2ая 2яя 2ою 2ею 2ям 2ам 2ев 2ов 2ах 2ях 2ью 2ия 2ья 2ию \
     3ії 3и 3ы 3і 3у 3о 3а 3е 3ь 3ю 3я 3й",
];
const PERSIAN: Steps = &["2هايي 2هاي 2ها 2گان>ه 3هي>ه 2اي>ا 2وي>و 4ان", "4<نمي 4<مي"];
const URDU: Steps = &["3يان>ي 3ون 3ين 3ات"];
const KURDISH: Steps = &["2هكاني 2هكان 2هكه 3يك 4ان 4ي"];

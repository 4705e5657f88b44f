//! Texts of the workbook to fill in.

use super::{Column, List};

const fn column(name: &'static str, width: f64, note: [&'static str; 3]) -> Column {
    Column {
        name,
        width,
        note,
        list: None,
    }
}

const fn choice(name: &'static str, list: List, note: [&'static str; 3]) -> Column {
    Column {
        name,
        width: 24.0,
        note,
        list: Some(list),
    }
}

/// The columns.
pub(super) const COLUMNS: [Column; 21] = [
    column(
        "id",
        16.0,
        [
            "المعرّف: إلزامي، ولا يتكرر في أي صف آخر. حروف وأرقام و - _ . فقط، مثل ms-012.",
            "Identifiant : obligatoire, différent dans chaque ligne. Lettres, chiffres et - _ . uniquement, par exemple ms-012.",
            "Identifier: required, different in each row. Letters, digits and - _ . only, for example ms-012.",
        ],
    ),
    column(
        "title",
        32.0,
        [
            "العنوان، إذا كانت لغته غير معروفة.",
            "Titre, si sa langue n'est pas connue.",
            "Title, if its language is not known.",
        ],
    ),
    column(
        "title@ar",
        32.0,
        ["العنوان بالعربية.", "Titre en arabe.", "Title in Arabic."],
    ),
    column(
        "title@fr",
        32.0,
        [
            "العنوان بالفرنسية.",
            "Titre en français.",
            "Title in French.",
        ],
    ),
    column(
        "title@en",
        32.0,
        [
            "العنوان بالإنجليزية.",
            "Titre en anglais.",
            "Title in English.",
        ],
    ),
    column(
        "creator@ar",
        24.0,
        [
            "المؤلف أو المصوّر أو الناشئ بالعربية. يفصل بين عدة أسماء الرمز |.",
            "Auteur, photographe ou producteur, en arabe. Séparez plusieurs noms par |.",
            "Author, photographer or originator, in Arabic. Separate several names by |.",
        ],
    ),
    column(
        "creator@fr",
        24.0,
        [
            "المؤلف بالحروف اللاتينية (فرنسي).",
            "Auteur, en français.",
            "Author, in French.",
        ],
    ),
    column(
        "creator@en",
        24.0,
        [
            "المؤلف بالإنجليزية.",
            "Auteur, en anglais.",
            "Author, in English.",
        ],
    ),
    column(
        "date",
        16.0,
        [
            "التاريخ الميلادي: 1906 أو 1906-02-25، وحوالي سنة 1785: ‎1785~، ومن 1780 إلى 1785: ‎1780/1785.",
            "Date grégorienne : 1906, 1906-02-25, vers 1785 : 1785~, de 1780 à 1785 : 1780/1785.",
            "Gregorian date: 1906, 1906-02-25, about 1785: 1785~, from 1780 to 1785: 1780/1785.",
        ],
    ),
    column(
        "date_hijri",
        16.0,
        [
            "التاريخ الهجري: 1324 أو 1324-01 أو 1324-01-01.",
            "Date hégirienne : 1324, 1324-01 ou 1324-01-01.",
            "Hijri date: 1324, 1324-01 or 1324-01-01.",
        ],
    ),
    choice(
        "language",
        List::Languages,
        [
            "لغة المادة نفسها. اختر من القائمة، ويفصل بين عدة لغات الرمز |، مثل ar|fr.",
            "Langue du document lui-même. Choisissez dans la liste ; séparez plusieurs langues par |, comme ar|fr.",
            "Language of the item itself. Choose from the list; separate several languages by |, as in ar|fr.",
        ],
    ),
    choice(
        "type",
        List::Types,
        [
            "نوع المادة. اختر من القائمة أو اكتب نوعًا آخر.",
            "Type du document. Choisissez dans la liste, ou écrivez-en un autre.",
            "Type of the item. Choose from the list, or write another.",
        ],
    ),
    column(
        "subject@ar",
        24.0,
        [
            "الموضوعات بالعربية، يفصل بينها الرمز |.",
            "Sujets en arabe, séparés par |.",
            "Subjects in Arabic, separated by |.",
        ],
    ),
    column(
        "subject@fr",
        24.0,
        [
            "الموضوعات بالفرنسية، يفصل بينها الرمز |.",
            "Sujets en français, séparés par |.",
            "Subjects in French, separated by |.",
        ],
    ),
    column(
        "subject@en",
        24.0,
        [
            "الموضوعات بالإنجليزية، يفصل بينها الرمز |.",
            "Sujets en anglais, séparés par |.",
            "Subjects in English, separated by |.",
        ],
    ),
    column("place", 20.0, ["المكان.", "Lieu.", "Place."]),
    column(
        "description@ar",
        40.0,
        [
            "الوصف بالعربية.",
            "Description en arabe.",
            "Description in Arabic.",
        ],
    ),
    column(
        "description@fr",
        40.0,
        [
            "الوصف بالفرنسية.",
            "Description en français.",
            "Description in French.",
        ],
    ),
    column(
        "description@en",
        40.0,
        [
            "الوصف بالإنجليزية.",
            "Description en anglais.",
            "Description in English.",
        ],
    ),
    choice(
        "rights",
        List::Rights,
        [
            "بيان الحقوق أو الرخصة. اختر من القائمة.",
            "Déclaration de droits ou licence. Choisissez dans la liste.",
            "Rights statement or licence. Choose from the list.",
        ],
    ),
    column(
        "file",
        32.0,
        [
            "أسماء الملفات بالترتيب، ويفصل بينها الرمز |، مثل pages/1.tif|pages/2.tif. ويمكن كتابة اسم مجلد فيه صور الصفحات.",
            "Noms des fichiers, dans l'ordre, séparés par |, comme pages/1.tif|pages/2.tif ; ou le nom d'un dossier qui contient les images des pages.",
            "Names of the files, in order, separated by |, as in pages/1.tif|pages/2.tif; or the name of a folder that contains the images of the pages.",
        ],
    ),
];

/// The example items, with the values in the order of the columns without `title`.
pub(super) const EXAMPLES: [&[&str]; 2] = [
    &[
        "khizana",
        "خزانة",
        "Une armoire à livres",
        "A cabinet for books",
        "",
        "",
        "",
        "2026",
        "",
        "ar",
        "text",
        "كتب|أثاث",
        "livres|mobilier",
        "books|furniture",
        "دمشق",
        "مثال",
        "Un exemple",
        "An example",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "khizana.txt",
    ],
    &[
        "lam-alif",
        "لام ألف",
        "Lām-alif",
        "Lam-alif",
        "",
        "",
        "",
        "1906-02-25",
        "1324-01-01",
        "ar|fr",
        "text",
        "خط",
        "écriture",
        "writing",
        "",
        "",
        "",
        "",
        "http://rightsstatements.org/vocab/NoC-US/1.0/",
        "lam-alif.txt",
    ],
];

/// The instructions, in Arabic, French and English.
pub(super) const GUIDE: [[&str; 3]; 5] = [
    [
        "املأ الورقة Items: صف واحد لكل مادة. لا تغيّر أسماء الأعمدة في الصف الأول. الورقة Examples فيها أمثلة.",
        "Remplissez la feuille Items : une ligne par document. Ne changez pas les noms des colonnes de la première ligne. La feuille Examples contient des exemples.",
        "Fill in the sheet Items: one row per item. Do not change the names of the columns in the first row. The sheet Examples contains examples.",
    ],
    [
        "ضع ملفات الصور بجانب هذا الملف أو في مجلدات بجانبه، واكتب أسماءها في العمود file.",
        "Placez les images à côté de ce classeur, ou dans des dossiers à côté de lui, et écrivez leurs noms dans la colonne file.",
        "Put the images next to this workbook, or into folders next to it, and write their names in the column file.",
    ],
    [
        "يمكن حذف أعمدة أو إضافة أعمدة أخرى: الاسم ثم @ ثم رمز اللغة، مثل publisher@ar.",
        "Vous pouvez supprimer des colonnes ou en ajouter : un nom, puis @ et le code de la langue, comme publisher@ar.",
        "You can delete columns or add others: a name, then @ and the code of the language, as in publisher@ar.",
    ],
    [
        "للتحقق من الملف: khizana check مع اسم المجلد.",
        "Pour vérifier le classeur : khizana check, suivi du nom du dossier.",
        "To check the workbook: khizana check, followed by the name of the folder.",
    ],
    ["الأعمدة:", "Les colonnes :", "The columns:"],
];

/// The languages, with their names in Arabic, French and English.
pub(super) const LANGUAGES: [[&str; 4]; 16] = [
    ["ar", "العربية", "arabe", "Arabic"],
    [
        "ar-Latn",
        "العربية بحروف لاتينية",
        "arabe en caractères latins",
        "Arabic in Latin script",
    ],
    ["fr", "الفرنسية", "français", "French"],
    ["en", "الإنجليزية", "anglais", "English"],
    ["fa", "الفارسية", "persan", "Persian"],
    ["tr", "التركية", "turc", "Turkish"],
    [
        "ota",
        "التركية العثمانية",
        "turc ottoman",
        "Ottoman Turkish",
    ],
    ["ku", "الكردية", "kurde", "Kurdish"],
    ["zgh", "الأمازيغية", "amazighe", "Tamazight"],
    ["he", "العبرية", "hébreu", "Hebrew"],
    ["syr", "السريانية", "syriaque", "Syriac"],
    ["hy", "الأرمنية", "arménien", "Armenian"],
    ["cop", "القبطية", "copte", "Coptic"],
    ["el", "اليونانية", "grec", "Greek"],
    ["la", "اللاتينية", "latin", "Latin"],
    ["zxx", "بلا كلام", "sans contenu linguistique", "no words"],
];

/// The types, with their names in Arabic, French and English.
pub(super) const TYPES: [[&str; 4]; 8] = [
    ["text", "نص", "texte", "text"],
    ["image", "صورة", "image", "image"],
    [
        "photograph",
        "صورة فوتوغرافية",
        "photographie",
        "photograph",
    ],
    ["map", "خريطة", "carte", "map"],
    ["manuscript", "مخطوط", "manuscrit", "manuscript"],
    [
        "sound",
        "تسجيل صوتي",
        "enregistrement sonore",
        "sound recording",
    ],
    ["moving image", "فيلم", "film", "moving image"],
    ["object", "قطعة", "objet", "object"],
];

/// The statements of rights and licences, with their names in Arabic, French and English.
pub(super) const RIGHTS: [[&str; 4]; 13] = [
    [
        "http://rightsstatements.org/vocab/InC/1.0/",
        "حقوق النشر محفوظة",
        "Protégé par le droit d'auteur",
        "In Copyright",
    ],
    [
        "http://rightsstatements.org/vocab/InC-EDU/1.0/",
        "حقوق النشر محفوظة، ويسمح بالاستعمال التعليمي",
        "Protégé par le droit d'auteur – utilisation à des fins éducatives autorisée",
        "In Copyright – Educational Use Permitted",
    ],
    [
        "http://rightsstatements.org/vocab/InC-NC/1.0/",
        "حقوق النشر محفوظة، ويسمح بالاستعمال غير التجاري",
        "Protégé par le droit d'auteur – utilisation non commerciale autorisée",
        "In Copyright – Non-Commercial Use Permitted",
    ],
    [
        "http://rightsstatements.org/vocab/InC-RUU/1.0/",
        "حقوق النشر محفوظة، وصاحبها مجهول",
        "Protégé par le droit d'auteur – titulaire introuvable",
        "In Copyright – Rights-Holder Unlocatable",
    ],
    [
        "http://rightsstatements.org/vocab/NoC-US/1.0/",
        "لا حقوق نشر في الولايات المتحدة",
        "Pas de droit d'auteur aux États-Unis",
        "No Copyright – United States",
    ],
    [
        "http://rightsstatements.org/vocab/CNE/1.0/",
        "لم تُقيَّم حقوق النشر",
        "Droit d'auteur non évalué",
        "Copyright Not Evaluated",
    ],
    [
        "http://rightsstatements.org/vocab/UND/1.0/",
        "حقوق النشر غير محددة",
        "Droit d'auteur indéterminé",
        "Copyright Undetermined",
    ],
    [
        "http://rightsstatements.org/vocab/NKC/1.0/",
        "لا حقوق نشر معروفة",
        "Pas de droit d'auteur connu",
        "No Known Copyright",
    ],
    [
        "https://creativecommons.org/publicdomain/mark/1.0/",
        "ملك عام",
        "Domaine public",
        "Public Domain Mark",
    ],
    [
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "تنازل عن الحقوق (CC0)",
        "Renonciation aux droits (CC0)",
        "CC0",
    ],
    [
        "https://creativecommons.org/licenses/by/4.0/",
        "نسب المصنَّف (CC BY)",
        "Attribution (CC BY)",
        "CC BY 4.0",
    ],
    [
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "نسب المصنَّف، الترخيص بالمثل (CC BY-SA)",
        "Attribution – partage dans les mêmes conditions (CC BY-SA)",
        "CC BY-SA 4.0",
    ],
    [
        "https://creativecommons.org/licenses/by-nc/4.0/",
        "نسب المصنَّف، غير تجاري (CC BY-NC)",
        "Attribution – pas d'utilisation commerciale (CC BY-NC)",
        "CC BY-NC 4.0",
    ],
];

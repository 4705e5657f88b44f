//! The texts of the report of `check`.

use crate::report::text::texts;

texts! {
    HEADING: "تقرير فحص المصدر", "Contrôle de la source", "Check of the source";
    CLEAN: "قُبلت جميع المواد، ولا توجد مشكلات.", "Tous les objets sont acceptés, et il n’y a aucun problème.", "All items are accepted, and there are no problems.";
    WARNED: "قُبلت جميع المواد، وتوجد ملاحظات مدرجة أدناه.", "Tous les objets sont acceptés ; des remarques figurent ci-dessous.", "All items are accepted; there are remarks below.";
    REJECTED: "استُبعدت مواد بسبب الأخطاء المدرجة أدناه. صحّحها، ثم أعد الفحص.", "Des objets sont laissés de côté à cause des erreurs ci-dessous. Corrigez-les, puis relancez le contrôle.", "Items are left out because of the errors below. Correct them, then run the check again.";
    FAILED: "تعذّرت قراءة المصدر بسبب الخطأ المدرج أدناه.", "La source n’a pas pu être lue, à cause de l’erreur ci-dessous.", "The source could not be read because of the error below.";
    SOURCE: "المصدر", "Source", "Source";
    TABLE: "الجدول", "Tableau", "Table";
    DATE: "وقت الفحص", "Date du contrôle", "Time of the check";
    ROWS: "الصفوف المقروءة", "Lignes lues", "Rows read";
    ITEMS: "المواد المقبولة", "Objets acceptés", "Items accepted";
    LEFT_OUT: "المواد المستبعدة", "Objets laissés de côté", "Items left out";
    WITHOUT_TITLE: "مواد مقبولة بلا عنوان", "Objets acceptés sans titre", "Accepted items without a title";
    WITHOUT_LANGUAGE: "مواد مقبولة بلا لغة", "Objets acceptés sans langue", "Accepted items without a language";
    WITHOUT_RIGHTS: "مواد مقبولة بلا حقوق", "Objets acceptés sans droits", "Accepted items without rights";
    WITHOUT_MEDIA: "مواد مقبولة بلا ملف", "Objets acceptés sans fichier", "Accepted items without a file";
    WITHOUT_DESCRIPTION: "مواد مقبولة بلا وصف", "Objets acceptés sans description", "Accepted items without a description";
    WITHOUT_DATE: "مواد مقبولة بلا تاريخ", "Objets acceptés sans date", "Accepted items without a date";
    WITHOUT_PLACE: "مواد مقبولة بلا مكان", "Objets acceptés sans lieu", "Accepted items without a place";
    REMOTE_IMAGES: "صور على مضيفات أخرى فقط", "Images sur d’autres hôtes seulement", "Images that are only on other hosts";
    PLACES: "عدد المواضع", "Emplacements", "Places";
    PLACE: "الموضع", "Emplacement", "Place";
    PROBLEM: "المشكلة", "Problème", "Problem";
    WRITTEN: "كما كُتب", "Tel qu’écrit", "As written";
    INSTEAD: "ما يُكتب بدلًا منه", "Écrire à la place", "Write instead";
    UNCERTAIN: "(بعد التأكد)", "(à vérifier)", "(check first)";
    EMPTY: "(فارغة)", "(vide)", "(empty)";
    ROW: "الصف", "ligne", "row";
    ROW_NUMBER: "الصف", "Ligne", "Row";
    MORE_ITEMS: "مواد أخرى", "autres objets", "further items";
    MORE_PLACES: "مواضع أخرى غير مدرجة هنا", "Autres emplacements, non listés ici", "Further places that are not listed here";
    SEVERITY: "الدرجة", "Gravité", "Severity";
    ERROR: "خطأ", "Erreur", "Error";
    WARNING: "ملاحظة", "Remarque", "Remark";
}

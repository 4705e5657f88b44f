//! The texts of a report in Arabic, French and English.

use crate::report::text::{Text, texts};

texts! {
    HEADING_STORE: "تقرير فحص سلامة المستودع", "Vérification de l’intégrité du dépôt", "Fixity check of the store";
    HEADING_SITE: "تقرير فحص سلامة الموقع المنشور", "Vérification de l’intégrité du site publié", "Fixity check of the published site";
    INTACT: "جميع الملفات سليمة.", "Tous les fichiers sont intacts.", "All files are intact.";
    WARNED: "جميع الملفات سليمة، وتوجد ملاحظات مدرجة أدناه.", "Tous les fichiers sont intacts ; des remarques figurent ci-dessous.", "All files are intact; there are remarks below.";
    DAMAGED: "وُجد تلف: الملفات المدرجة أدناه مفقودة أو متغيرة.", "Des dommages ont été constatés : les fichiers ci-dessous manquent ou ont changé.", "Damage was found: the files below are missing or were changed.";
    ARCHIVE: "الأرشيف", "Archive", "Archive";
    SITE: "الموقع", "Site", "Site";
    STARTED: "بدأ الفحص", "Début", "Started";
    FINISHED: "انتهى الفحص", "Fin", "Finished";
    OBJECTS: "عدد الكيانات", "Objets", "Objects";
    FILES: "عدد الملفات المفحوصة", "Fichiers vérifiés", "Files checked";
    BYTES: "حجمها بالبايت", "Octets vérifiés", "Bytes checked";
    STATE_STORE: "أحدث حالة للمستودع", "Dernier état du dépôt", "Newest state of the store";
    STATE_SITE: "حالة المستودع التي نُشر منها الموقع", "État du dépôt à la publication", "State of the store at publication";
    UNKNOWN: "غير معروفة", "inconnu", "unknown";
    MEANING: "الشرح", "Explication", "Explanation";
    MORE: "مشكلات أخرى غير مدرجة هنا", "Autres problèmes, non listés ici", "Further problems that are not listed here";
}

/// The explanation of a problem code.
pub(super) struct CodeText {
    /// The code.
    pub(super) code: &'static str,
    /// The meaning of the code.
    pub(super) meaning: Text,
    /// The remedy.
    pub(super) remedy: Text,
}

/// Returns the explanation of a code.
pub(super) fn of_code(code: &str) -> Option<&'static CodeText> {
    CODES.iter().find(|text| text.code == code)
}

macro_rules! codes {
    ($($code:literal: [$ma:literal, $mf:literal, $me:literal], [$ra:literal, $rf:literal, $re:literal];)*) => {
        const CODES: &[CodeText] = &[$(
            CodeText {
                code: $code,
                meaning: Text { ar: $ma, fr: $mf, en: $me },
                remedy: Text { ar: $ra, fr: $rf, en: $re },
            },
        )*];
    };
}

codes! {
    "host-cache":
        ["يحدد الخادم مدة حفظ غير مناسبة في المتصفح.", "Le serveur indique une durée de cache inadaptée.", "The server states an unsuitable lifetime in caches."],
        ["اضبط الترويسة Cache-Control كما في التوثيق.", "Réglez l’en-tête Cache-Control comme dans la documentation.", "Set the header Cache-Control as in the documentation."];
    "host-compression":
        ["لا يضغط الخادم النصوص.", "Le serveur ne compresse pas les textes.", "The server does not compress text."],
        ["فعّل الضغط في إعدادات الخادم.", "Activez la compression dans la configuration du serveur.", "Enable compression in the settings of the server."];
    "host-headers":
        ["لا يرسل الخادم كل الترويسات الموصى بها.", "Le serveur n’envoie pas tous les en-têtes recommandés.", "The server does not send all recommended headers."],
        ["انسخ الترويسات من الملف _headers إلى إعدادات الخادم.", "Copiez les en-têtes du fichier _headers dans la configuration du serveur.", "Copy the headers in the file _headers to the settings of the server."];
    "host-index":
        ["لا يعرض الخادم index.html لعنوان مجلده.", "Le serveur ne répond pas avec index.html à l’adresse de son dossier.", "The server does not respond with index.html to the URL of its folder."],
        ["اضبط مستند الفهرس في إعدادات الخادم.", "Réglez le document d’index dans la configuration du serveur.", "Set the index document in the settings of the server."];
    "host-not-found":
        ["لا يعرض الخادم 404.html للعناوين غير الموجودة.", "Le serveur n’affiche pas 404.html pour les adresses inconnues.", "The server does not display 404.html for unknown URLs."],
        ["اضبط مستند الخطأ في إعدادات الخادم.", "Réglez le document d’erreur dans la configuration du serveur.", "Set the error document in the settings of the server."];
    "host-ranges":
        ["لا يجيب الخادم عن طلبات أجزاء الملفات.", "Le serveur ne répond pas aux requêtes partielles.", "The server does not answer range requests."],
        ["فعّلها، أو اضبط host.ranges = false وأعد النشر.", "Activez-les, ou réglez host.ranges = false et publiez de nouveau.", "Enable them, or set host.ranges = false and publish again."];
    "host-type":
        ["يرسل الخادم نوع وسائط غير صحيح.", "Le serveur indique un type de média incorrect.", "The server states a wrong media type."],
        ["اضبط نوع الوسائط لهذا الامتداد.", "Réglez le type de média de cette extension.", "Set the media type for this extension."];
    "declaration-changed":
        ["تغيّر ملف يعلن إصدار المستودع أو الكيان أو تخطيطه.",
         "Un fichier qui déclare la version du dépôt ou d’un objet, ou la disposition du dépôt, a été modifié.",
         "A file that declares the version of the store or of an object, or the layout, was changed."],
        ["شغّل الأمر khizana repair.", "Exécutez khizana repair.", "Run khizana repair."];
    "disk-full":
        ["القرص ممتلئ.", "Le disque est plein.", "The disk is full."],
        ["أفرغ مساحة على القرص وأعد الفحص.", "Libérez de l’espace et relancez la vérification.", "Free some space and run the verification again."];
    "file-link":
        ["حلّ رابط أو مجلد محلّ الملف.", "Le fichier a été remplacé par un lien ou un dossier.", "The file was replaced by a link or a folder."],
        ["شغّل الأمر khizana repair أو استعد الملف من نسخة احتياطية.", "Exécutez khizana repair, ou restaurez le fichier depuis une sauvegarde.", "Run khizana repair, or restore the file from a backup."];
    "file-lost":
        ["الملف أو الكيان مفقود من المستودع.", "Le fichier ou l’objet manque dans le dépôt.", "The file or the object is missing from the store."],
        ["شغّل الأمر khizana repair أو استعد الملف من نسخة احتياطية.", "Exécutez khizana repair, ou restaurez le fichier depuis une sauvegarde.", "Run khizana repair, or restore the file from a backup."];
    "file-unknown":
        ["الملف غير مدرج في أي قائمة جرد.", "Le fichier n’est dans aucun inventaire.", "The file is not in any inventory."],
        ["انقل الملف إلى خارج المستودع؛ فلا شيء يشير إليه.", "Sortez le fichier du dépôt : rien n’y fait référence.", "Move the file out of the store; nothing refers to it."];
    "fixity-mismatch":
        ["تغيّر محتوى الملف: بصمته SHA-256 تختلف عن البصمة المسجلة.", "Le contenu du fichier a changé : son SHA-256 diffère de celui qui est enregistré.", "The content of the file has changed: its SHA-256 differs from the recorded one."],
        ["افحص القرص، ثم شغّل الأمر khizana repair أو استعد الملف من نسخة احتياطية.", "Contrôlez le disque, puis exécutez khizana repair ou restaurez le fichier depuis une sauvegarde.", "Check the disk, then run khizana repair, or restore the file from a backup."];
    "inventory-invalid":
        ["قائمة جرد الكيان غير مقروءة أو متناقضة.", "L’inventaire de l’objet est illisible ou se contredit.", "The inventory of the object cannot be read, or contradicts itself."],
        ["شغّل الأمر khizana repair أو استعد الكيان من نسخة احتياطية.", "Exécutez khizana repair, ou restaurez l’objet depuis une sauvegarde.", "Run khizana repair, or restore the object from a backup."];
    "object-foreign":
        ["لم تكتب خزانة هذا الكيان.", "L’objet n’a pas été écrit par Khizana.", "The object was not written by Khizana."],
        ["انقل الكيان إلى مستودع آخر.", "Déplacez l’objet vers un autre dépôt.", "Move the object to another store."];
    "object-older":
        ["الكيان أقدم مما تسجله أحدث حالة للمستودع، أو استُبدل.", "L’objet est plus ancien que dans le dernier état du dépôt, ou a été remplacé.", "The object is older than the newest state of the store lists it, or was replaced."],
        ["استعد الكيان من نسخة احتياطية أحدث.", "Restaurez l’objet depuis une sauvegarde plus récente.", "Restore the object from a newer backup."];
    "object-unrecorded":
        ["الكيان أحدث من أحدث حالة للمستودع، كما يحدث بعد انقطاع الإدخال.", "L’objet est plus récent que le dernier état du dépôt, comme après une ingestion interrompue.", "The object is newer than the newest state of the store, as after an interrupted run."],
        ["شغّل الأمر khizana ingest مرة أخرى.", "Relancez khizana ingest.", "Run khizana ingest again."];
    "readme-changed":
        ["الملف الذي يشرح المستودع مفقود أو متغير أو يعود إلى إصدار آخر.", "Le fichier qui explique le dépôt manque, a été modifié ou vient d’une autre version.", "The file that explains the store is missing, was changed, or belongs to another version."],
        ["شغّل الأمر khizana repair.", "Exécutez khizana repair.", "Run khizana repair."];
    "state-damaged":
        ["تلفت حالة من حالات المستودع، فلا يُعرف ما يجب أن يحتويه.", "Un état du dépôt est endommagé : on ignore ce que le dépôt doit contenir.", "A state of the store is damaged, so it is unknown what the store must contain."],
        ["شغّل الأمر khizana repair --from مع نسخة من الأرشيف، أو khizana repair --accept-state إن لم توجد نسخة.", "Exécutez khizana repair --from avec une copie de l’archive, ou khizana repair --accept-state s’il n’y en a pas.", "Run khizana repair --from with a copy of the archive, or khizana repair --accept-state if there is none."];
    "record-invalid":
        ["لا يمكن قراءة سجلات المجموعة.", "Les notices de la collection sont illisibles.", "The records of the collection cannot be read."],
        ["شغّل الأمر khizana repair أو أعد إدخال مصدر المجموعة.", "Exécutez khizana repair, ou ingérez de nouveau la source de la collection.", "Run khizana repair, or ingest the source of the collection again."];
    "store-behind":
        ["لا يحتوي المستودع على الحالة التي بُني منها الفهرس أو الموقع.", "Le dépôt ne contient pas l’état à partir duquel le catalogue ou le site a été produit.", "The store does not contain the state that the catalogue or the site was made from."],
        ["استعد نسخة أحدث من المستودع.", "Restaurez une copie plus récente du dépôt.", "Restore a newer copy of the store."];
    "store-io":
        ["تعذّرت قراءة الملف أو المجلد.", "Le fichier ou le dossier ne peut pas être lu.", "The file or the folder cannot be read."],
        ["افحص القرص والأذونات، ثم أعد الفحص.", "Contrôlez le disque et les droits d’accès, puis relancez la vérification.", "Check the disk and the permissions, then run the verification again."];
    "site-file-damaged":
        ["الملف ليس هو الملف الذي نُشر.", "Le fichier n’est pas celui qui a été publié.", "The file is not the one that was published."],
        ["أعد النشر، ثم ارفع الملف مرة أخرى.", "Publiez de nouveau, puis téléversez le fichier.", "Publish again, then upload the file."];
    "site-file-missing":
        ["ملف من ملفات الموقع مفقود أو تتعذّر قراءته.", "Un fichier du site manque ou ne peut pas être lu.", "A file of the site is missing or cannot be read."],
        ["أعد النشر، ثم ارفع الملف مرة أخرى.", "Publiez de nouveau, puis téléversez le fichier.", "Publish again, then upload the file."];
    "site-file-unknown":
        ["لم تنشر خزانة هذا الملف.", "Le fichier n’a pas été publié par Khizana.", "The file was not published by Khizana."],
        ["احذف الملف إن لم تكن بحاجة إليه.", "Supprimez le fichier s’il n’est pas nécessaire.", "Remove the file if it is not needed."];
    "site-file-unreachable":
        ["تعذّر جلب الملف من الخادم، فلم يُفحص.", "Le serveur n’a pas fourni le fichier, qui n’a donc pas été vérifié.", "The server did not deliver the file, so it was not checked."],
        ["أعد الفحص لاحقًا.", "Relancez la vérification plus tard.", "Run the verification again later."];
    "site-manifest-missing":
        ["نشر الموقعَ إصدارٌ سابق لا يسجل قائمة الملفات.", "Le site a été publié par une version antérieure qui n’enregistrait pas la liste des fichiers.", "The site was published by an earlier version that did not list its files."],
        ["أعد نشر الأرشيف.", "Publiez de nouveau l’archive.", "Publish the archive again."];
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::text::LANGUAGES;

    #[test]
    fn every_code_is_explained_in_all_languages() {
        let reported = khizana_store::verify::CODES
            .iter()
            .chain(&khizana_site::CODES);
        for code in reported {
            let text = of_code(code).unwrap_or_else(|| panic!("no text for {code}"));
            for text in [&text.meaning, &text.remedy] {
                let texts = LANGUAGES.map(|(_, lang)| text.in_language(lang));
                assert!(texts.iter().all(|text| text.ends_with('.')), "{code}");
                let is_arabic = |c: char| ('\u{600}'..'\u{700}').contains(&c);
                assert_eq!(
                    texts.map(|text| text.contains(is_arabic)),
                    [true, false, false],
                    "{code}"
                );
                assert_ne!(texts[1], texts[2], "{code}");
            }
        }
    }
}

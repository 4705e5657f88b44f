//! The language of messages.

use std::process::Command;

use crate::support::{Archive, fixture, khizana};

/// Returns a command with the variables of a locale, and without those of the tests.
fn with_locale(variables: &[(&str, &str)]) -> Command {
    let mut command = khizana();
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.envs(variables.iter().copied());
    command
}

/// Runs a command, and returns its exit status, its output and its messages.
fn run(mut command: Command, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command.args(arguments).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Removes the characters that isolate values.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}', '\u{200e}'], "")
}

#[test]
fn the_locale_or_the_option_chooses_the_language() {
    for (variables, arguments, expected) in [
        (&[][..], &[][..], "viewer: "),
        (&[("LANG", "fr_FR.UTF-8")], &[], "visionneuse\u{a0}: "),
        (&[("LANG", "ar_EG.UTF-8")], &[], "العارض: "),
        (&[("LANG", "de_DE.UTF-8")], &[], "viewer: "),
        (
            &[("LANG", "fr_FR"), ("LC_MESSAGES", "ar_MA")],
            &[],
            "العارض: ",
        ),
        (
            &[("LC_MESSAGES", "ar_MA"), ("LC_ALL", "fr_FR")],
            &[],
            "visionneuse",
        ),
        (&[("LANG", "fr_FR"), ("LC_ALL", "C")], &[], "viewer: "),
        (&[("LANG", "fr_FR")], &["--lang", "ar"], "العارض: "),
        (&[("LC_ALL", "ar")], &["--lang=en"], "viewer: "),
    ] {
        let arguments = [&["doctor"], arguments].concat();
        let (_, text, _) = run(with_locale(variables), &arguments);
        assert!(
            text.contains(expected),
            "{variables:?} {arguments:?}: {text}"
        );
    }
}

#[test]
fn a_terminal_without_arabic_gets_another_language_unless_arabic_is_requested() {
    let arabic = ("LANG", "ar_EG.UTF-8");
    let linux = ("TERM", "linux");
    let doctor = |variables: &[(&str, &str)], arguments: &[&str]| {
        run(with_locale(variables), &[&["doctor"], arguments].concat()).1
    };
    assert!(doctor(&[arabic, linux], &[]).contains("viewer: "));
    let french = doctor(&[arabic, linux, ("LANGUAGE", "ar:fr:en")], &[]);
    assert!(french.contains("visionneuse"), "{french}");
    assert!(doctor(&[arabic, linux], &["--lang", "ar"]).contains("العارض: "));
}

#[test]
fn a_failure_is_translated_and_its_document_is_not() {
    for (language, message, hint) in [
        (
            "ar",
            "خطأ[archive-missing]: المجلد nowhere ليس أرشيفًا: ليس فيه khizana.toml\n",
            "  إرشاد: حدّد مجلد الأرشيف مع --archive، أو أنشئ أرشيفًا بالأمر `khizana init DIR`.\n",
        ),
        (
            "fr",
            "erreur[archive-missing]\u{a0}: nowhere n’est pas une archive\u{a0}: il ne contient pas khizana.toml\n",
            "  conseil\u{a0}: Indiquez le dossier de l’archive avec --archive, ou créez une archive avec `khizana init DIR`.\n",
        ),
    ] {
        let arguments = [
            "publish",
            "--archive",
            "nowhere",
            "--json",
            "--lang",
            language,
        ];
        let (status, document, messages) = run(khizana(), &arguments);
        assert_eq!(status, Some(2));
        assert_eq!(plain(&messages), format!("{message}{hint}"));
        let message = "nowhere is not an archive: it does not contain khizana.toml";
        assert!(document.contains(message), "{document}");
    }
}

#[test]
fn problems_and_results_are_translated_and_documents_are_not() {
    let archive = Archive::without_files();
    let source = archive.sibling("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("metadata.csv"), "id,file\na,1.tif\nb,\n").unwrap();
    let source = source.to_str().unwrap();
    for (language, problem, result) in [
        (
            "ar",
            "خطأ[file-missing]: metadata.csv، الصف 2 (المادة a): الملف `1.tif` غير موجود.\n  إرشاد: أضف الملف إلى المصدر",
            "مادة واحدة، المستبعد: 1؛ خطأ واحد، ",
        ),
        (
            "fr",
            "erreur[file-missing]\u{a0}: metadata.csv, ligne 2 (objet a)\u{a0}: Le fichier `1.tif` n’existe pas.\n  conseil\u{a0}: Ajoutez le fichier",
            "1\u{a0}objet, laissés de côté\u{a0}: 1\u{a0}; 1\u{a0}erreur, ",
        ),
        (
            "en",
            "error[file-missing]: metadata.csv, row 2 (item a): The file `1.tif` does not exist.\n  hint: Add the file",
            "1 item, 1 left out; 1 error, ",
        ),
    ] {
        let output = archive.run(&["check", source, "--lang", language]);
        let (messages, text) = (plain(&output.stderr), plain(&output.stdout));
        assert!(messages.contains(problem), "{messages}");
        assert!(text.starts_with(result), "{text}");
        let document = archive.json(1, &["check", source, "--lang", language]);
        let problems = document["problems"].as_array().unwrap();
        let messages: Vec<&str> = problems
            .iter()
            .filter_map(|problem| problem["message"].as_str())
            .collect();
        assert!(
            messages.contains(&"The file `1.tif` does not exist."),
            "{messages:?}"
        );
    }
}

#[test]
fn numbers_have_the_form_of_their_language() {
    let archive = Archive::new();
    let source = fixture("cabinet");
    archive.ok(&["ingest", source.to_str().unwrap()]);
    let verified = |language| plain(&archive.ok(&["verify", "--lang", language]).stdout);
    let arabic = verified("ar");
    assert!(arabic.starts_with("نتيجة فحص السلامة ("), "{arabic}");
    assert!(arabic.ends_with("جميع الملفات سليمة\n"), "{arabic}");
    let french = verified("fr");
    assert!(
        french.ends_with("\u{a0}: tous les fichiers sont intacts\n"),
        "{french}"
    );
    assert!(french.contains("\u{a0}fichiers de "), "{french}");
}

#[test]
fn the_help_and_errors_in_values_are_translated() {
    let help = |language| run(khizana(), &["publish", "--help", "--lang", language]).1;
    assert!(help("fr").contains("Utilisation\u{a0}: khizana publish"));
    assert!(help("ar").contains("الاستعمال: khizana publish"));
    assert!(help("en").contains("Usage: khizana publish"));
    let arguments = ["ingest", "source", "--remove", "some", "--lang", "fr"];
    let (status, _, messages) = run(khizana(), &arguments);
    assert_eq!(status, Some(2));
    assert!(
        messages.starts_with(
            "erreur\u{a0}: la valeur `some` de `--remove <N>` n’est pas valide\u{a0}: un nombre"
        ),
        "{messages}"
    );
}

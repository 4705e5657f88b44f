//! The text of a cue without its markup.

/// What is said in a cue: tags are taken out, the name of who speaks is put before what they say,
/// references to characters are the characters.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push(&mut out, before);
        if let Some(tag) = from.strip_prefix('<') {
            // A tag that is not closed ends with the cue.
            let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
            if let Some(name) = speaker(tag) {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                push(&mut out, name);
                out.push_str(": ");
            }
            rest = after;
        } else {
            let (character, after) = reference(from);
            out.push(character);
            rest = after;
        }
    }
    push(&mut out, rest);
    let lines: Vec<&str> = out
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// Adds text; characters that control a terminal say nothing.
fn push(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|c| *c == '\n' || !c.is_control()));
}

/// Who speaks, in `v Fatima` or `v.first Fatima`.
fn speaker(tag: &str) -> Option<&str> {
    let rest = tag
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(['.', ' ', '\t', '\n']))?;
    let (_, name) = rest.split_once([' ', '\t', '\n'])?;
    Some(name.trim()).filter(|name| !name.is_empty())
}

/// The character at the beginning of a text that begins with `&`, and what follows it.
fn reference(text: &str) -> (char, &str) {
    let known = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&nbsp;", '\u{a0}'),
        ("&lrm;", '\u{200e}'),
        ("&rlm;", '\u{200f}'),
    ];
    for (name, character) in known {
        if let Some(after) = text.strip_prefix(name) {
            return (character, after);
        }
    }
    let numbered = || {
        let (digits, after) = text.strip_prefix("&#")?.split_once(';')?;
        let number = match digits.strip_prefix(['x', 'X']) {
            Some(hex) if hex.len() <= 6 => u32::from_str_radix(hex, 16).ok()?,
            None if digits.len() <= 7 => digits.parse().ok()?,
            _ => return None,
        };
        let character = char::from_u32(number).filter(|c| !c.is_control())?;
        Some((character, after))
    };
    numbered().unwrap_or_else(|| ('&', text.strip_prefix('&').unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_are_taken_out() {
        for (written, read) in [
            ("<i>a</i> <b.loud>b</b>", "a b"),
            ("<c.yellow>كتاب</c>", "كتاب"),
            ("<lang ar>كتاب</lang>", "كتاب"),
            ("<00:00:01.000>one <00:00:02.000>two", "one two"),
            ("<ruby>漢<rt>kan</rt></ruby>", "漢kan"),
            ("a < b", "a"),
            ("<", ""),
            ("a\n\n \nb", "a\nb"),
            ("a\u{1b}[2J", "a[2J"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
    }

    #[test]
    fn who_speaks_stands_before_what_is_said() {
        for (written, read) in [
            ("<v Fatima>Hello", "Fatima: Hello"),
            (
                "<v.first Umm Kulthum>Ya <i>salam</i></v>",
                "Umm Kulthum: Ya salam",
            ),
            ("<v A>one</v> <v B>two</v>", "A: one\nB: two"),
            ("<v>x", "x"),
            ("<video>x", "x"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
    }

    #[test]
    fn references_are_characters() {
        for (written, read) in [
            ("a &amp;&lt;b&gt;", "a &<b>"),
            ("&quot;&apos;", "\"'"),
            ("x&rlm;y", "x\u{200f}y"),
            ("&#1603;&#x643;", "كك"),
            (
                "AT&T &copy; &#; &#xD800; &#27;",
                "AT&T &copy; &#; &#xD800; &#27;",
            ),
            ("&", "&"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
    }
}

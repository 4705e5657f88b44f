//! Conversion of cue text to plain text.

/// Converts cue text to plain text: removes tags, replaces voice tags with the name of the speaker
/// and a colon, and decodes character references.
pub(super) fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, markup) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push(&mut out, before);
        if let Some(tag) = markup.strip_prefix('<') {
            // An unclosed tag extends to the end of the cue.
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
            let (character, after) = decode_reference(markup);
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

/// Appends `text` without its control characters, except line breaks.
fn push(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|c| *c == '\n' || !c.is_control()));
}

/// Returns the name of the speaker in a voice tag, such as `v Fatima` or `v.first Fatima`.
fn speaker(tag: &str) -> Option<&str> {
    let rest = tag
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(['.', ' ', '\t', '\n']))?;
    let (_, name) = rest.split_once([' ', '\t', '\n'])?;
    Some(name.trim()).filter(|name| !name.is_empty())
}

/// Decodes the character reference at the start of `text`, which starts with `&`. Returns the
/// character and the rest of the text. If the reference is invalid, the character is the `&`
/// itself.
fn decode_reference(text: &str) -> (char, &str) {
    let named = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&nbsp;", '\u{a0}'),
        ("&lrm;", '\u{200e}'),
        ("&rlm;", '\u{200f}'),
    ];
    for (name, character) in named {
        if let Some(after) = text.strip_prefix(name) {
            return (character, after);
        }
    }
    let numeric = || {
        let (digits, after) = text.strip_prefix("&#")?.split_once(';')?;
        let number = match digits.strip_prefix(['x', 'X']) {
            Some(hex) if hex.len() <= 6 => u32::from_str_radix(hex, 16).ok()?,
            None if digits.len() <= 7 => digits.parse().ok()?,
            _ => return None,
        };
        let character = char::from_u32(number).filter(|c| !c.is_control())?;
        Some((character, after))
    };
    numeric().unwrap_or_else(|| ('&', text.strip_prefix('&').unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn removes_tags() {
        for (markup, expected) in [
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
            assert_eq!(strip(markup), expected, "{markup}");
        }
    }

    #[test]
    fn puts_the_speaker_before_the_text() {
        for (markup, expected) in [
            ("<v Fatima>Hello", "Fatima: Hello"),
            (
                "<v.first Umm Kulthum>Ya <i>salam</i></v>",
                "Umm Kulthum: Ya salam",
            ),
            ("<v A>one</v> <v B>two</v>", "A: one\nB: two"),
            ("<v>x", "x"),
            ("<video>x", "x"),
        ] {
            assert_eq!(strip(markup), expected, "{markup}");
        }
    }

    #[test]
    fn decodes_character_references() {
        for (markup, expected) in [
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
            assert_eq!(strip(markup), expected, "{markup}");
        }
    }
}

//! The file-system calls of a run, as strace records them.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The calls that are recorded.
pub const CALLS: &str = "open,openat,creat,close,dup,fcntl,lseek,write,pwrite64,writev,pwritev,\
    ftruncate,truncate,fallocate,copy_file_range,sendfile,fsync,fdatasync,syncfs,sync,rename,renameat,\
    renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat";

/// One line of a trace that changes the model: the beginning or the end of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A sync begins: it covers what has been written before.
    SyncBegins { thread: u32, target: SyncTarget },
    /// The sync that the thread began has ended.
    SyncEnds { thread: u32 },
    /// A call that has ended successfully.
    Done(Call),
}

/// The object of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncTarget {
    /// The file or the folder that is open with this descriptor.
    Descriptor(i32),
    /// The whole file system.
    Everything,
}

/// A path, relative to an open folder or absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub folder: Option<i32>,
    pub path: PathBuf,
}

/// A successful call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Open {
        place: Place,
        descriptor: i32,
        creates: bool,
        truncates: bool,
        appends: bool,
    },
    Close(i32),
    Duplicate {
        from: i32,
        to: i32,
    },
    Seek {
        descriptor: i32,
        position: u64,
    },
    Write {
        descriptor: i32,
        at: Option<u64>,
        bytes: Vec<u8>,
    },
    Truncate {
        descriptor: i32,
        length: u64,
    },
    Copy {
        from: i32,
        to: i32,
        count: u64,
    },
    Rename {
        from: Place,
        to: Place,
        exchanges: bool,
    },
    Link {
        from: Place,
        to: Place,
    },
    Remove(Place),
    MakeFolder(Place),
}

/// Parses the output of `strace -f -xx`.
///
/// # Errors
/// Returns an error if a call that succeeded is not understood: the model would be wrong.
pub fn parse(path: &Path, text: &str) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    // The beginnings of calls that have not ended, by thread.
    let mut open: Vec<(u32, String)> = Vec::new();
    for line in text.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let thread: u32 = thread.parse().unwrap_or(0);
        let rest = rest.trim_start();
        let call = if let Some(begin) = rest.strip_suffix(" <unfinished ...>") {
            steps.extend(sync_begins(thread, begin));
            // A descriptor can be used for another file as soon as it is being closed.
            if let Some(descriptor) = begin.strip_prefix("close(") {
                let descriptor = descriptor.trim_end_matches(')').parse();
                steps.extend(
                    descriptor
                        .ok()
                        .map(|number| Step::Done(Call::Close(number))),
                );
                continue;
            }
            open.retain(|(other, _)| *other != thread);
            open.push((thread, begin.to_owned()));
            continue;
        } else if let Some(end) = rest.strip_prefix("<... ") {
            let Some((_, end)) = end.split_once(" resumed>") else {
                continue;
            };
            let Some(index) = open.iter().position(|(other, _)| *other == thread) else {
                continue;
            };
            let (_, begin) = open.swap_remove(index);
            begin + end
        } else {
            steps.extend(sync_begins(thread, rest));
            rest.to_owned()
        };
        let done = finished(thread, &call);
        steps.extend(done.map_err(|reason| Failure::malformed(path, reason))?);
    }
    Ok(steps)
}

fn sync_begins(thread: u32, call: &str) -> Option<Step> {
    let (name, arguments) = call.split_once('(')?;
    let target = match name {
        "fsync" | "fdatasync" => SyncTarget::Descriptor(number(arguments)?),
        "syncfs" | "sync" => SyncTarget::Everything,
        _ => return None,
    };
    Some(Step::SyncBegins { thread, target })
}

/// Returns the number at the beginning of a text.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let text = text.trim();
    let end = text
        .find(|digit: char| !digit.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// Parses a call that has ended. Returns `None` if it failed or changes nothing.
fn finished(thread: u32, call: &str) -> Result<Option<Step>, String> {
    let Some((begin, result)) = call.rsplit_once(" = ") else {
        return Ok(None);
    };
    let Some((name, arguments)) = begin.trim_end().split_once('(') else {
        return Ok(None);
    };
    let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
    let Some(result) = number::<u64>(result) else {
        return Ok(None);
    };
    if matches!(name, "fsync" | "fdatasync" | "syncfs" | "sync") {
        return Ok(Some(Step::SyncEnds { thread }));
    }
    let arguments: Vec<&str> = split(arguments);
    let call = understood(name, &arguments, result);
    let call = call.ok_or_else(|| {
        let begin: String = begin.chars().take(200).collect();
        format!("the call is not understood: {begin}")
    })?;
    Ok(call.map(Step::Done))
}

/// Splits arguments at their commas. Strings contain only hexadecimal escapes, and no commas.
fn split(arguments: &str) -> Vec<&str> {
    arguments.split(", ").collect()
}

fn understood(name: &str, arguments: &[&str], result: u64) -> Option<Option<Call>> {
    let argument = |index: usize| arguments.get(index).copied();
    let descriptor = |index: usize| number::<i32>(argument(index)?);
    let place = |folder: usize, path: usize| {
        Some(Place {
            folder: number::<i32>(argument(folder)?),
            path: path_of(argument(path)?)?,
        })
    };
    let absolute = |index: usize| {
        Some(Place {
            folder: None,
            path: path_of(argument(index)?)?,
        })
    };
    let opened = |place: Place, flags: &str| Call::Open {
        place,
        descriptor: result as i32,
        creates: flags.contains("O_CREAT"),
        truncates: flags.contains("O_TRUNC"),
        appends: flags.contains("O_APPEND"),
    };
    Some(Some(match name {
        "open" => opened(absolute(0)?, argument(1)?),
        "openat" => opened(place(0, 1)?, argument(2)?),
        "close" => Call::Close(descriptor(0)?),
        "dup" => Call::Duplicate {
            from: descriptor(0)?,
            to: result as i32,
        },
        "fcntl" => match argument(1)? {
            "F_DUPFD" | "F_DUPFD_CLOEXEC" => Call::Duplicate {
                from: descriptor(0)?,
                to: result as i32,
            },
            _ => return Some(None),
        },
        "lseek" => Call::Seek {
            descriptor: descriptor(0)?,
            position: result,
        },
        "write" => Call::Write {
            descriptor: descriptor(0)?,
            at: None,
            bytes: written(argument(1)?, result)?,
        },
        "pwrite64" => Call::Write {
            descriptor: descriptor(0)?,
            at: Some(number(argument(3)?)?),
            bytes: written(argument(1)?, result)?,
        },
        "ftruncate" => Call::Truncate {
            descriptor: descriptor(0)?,
            length: number(argument(1)?)?,
        },
        "copy_file_range" => Call::Copy {
            from: descriptor(0)?,
            to: descriptor(2)?,
            count: result,
        },
        "sendfile" => Call::Copy {
            from: descriptor(1)?,
            to: descriptor(0)?,
            count: result,
        },
        "rename" => Call::Rename {
            from: absolute(0)?,
            to: absolute(1)?,
            exchanges: false,
        },
        "renameat" | "renameat2" => Call::Rename {
            from: place(0, 1)?,
            to: place(2, 3)?,
            exchanges: argument(4).is_some_and(|flags| flags.contains("EXCHANGE")),
        },
        "link" => Call::Link {
            from: absolute(0)?,
            to: absolute(1)?,
        },
        "linkat" => Call::Link {
            from: place(0, 1)?,
            to: place(2, 3)?,
        },
        "unlink" | "rmdir" => Call::Remove(absolute(0)?),
        "unlinkat" => Call::Remove(place(0, 1)?),
        "mkdir" => Call::MakeFolder(absolute(0)?),
        "mkdirat" => Call::MakeFolder(place(0, 1)?),
        _ => return None,
    }))
}

fn path_of(argument: &str) -> Option<PathBuf> {
    String::from_utf8(string(argument)?).ok().map(PathBuf::from)
}

/// Returns the bytes that a call has written, which can be fewer than it was given.
fn written(argument: &str, count: u64) -> Option<Vec<u8>> {
    let mut bytes = string(argument)?;
    let count = usize::try_from(count).ok()?;
    (bytes.len() >= count).then(|| {
        bytes.truncate(count);
        bytes
    })
}

/// Decodes a string such as `"\x61\x62"`.
fn string(argument: &str) -> Option<Vec<u8>> {
    let inner = argument.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::with_capacity(inner.len() / 4);
    for escape in inner.as_bytes().chunks(4) {
        let [b'\\', b'x', high, low] = escape else {
            return None;
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
    }
    Some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_in_the_order_in_which_they_end() {
        let text = r#"7 openat(AT_FDCWD, "\x2f\x61", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0666) = 5
7 write(5, "\x61\x62\x63", 3 <unfinished ...>
8 fsync(5 <unfinished ...>
7 <... write resumed>) = 2
8 <... fsync resumed>) = 0
8 unlink("\x2f\x62") = -1 ENOENT (No such file or directory)
8 renameat2(AT_FDCWD, "\x2f\x61", 4, "\x62", RENAME_EXCHANGE) = 0
7 +++ exited with 0 +++
"#;
        let steps = parse(Path::new("trace"), text).unwrap();
        let place = |folder, path: &str| Place {
            folder,
            path: PathBuf::from(path),
        };
        let expected = [
            Step::Done(Call::Open {
                place: place(None, "/a"),
                descriptor: 5,
                creates: true,
                truncates: false,
                appends: false,
            }),
            Step::SyncBegins {
                thread: 8,
                target: SyncTarget::Descriptor(5),
            },
            Step::Done(Call::Write {
                descriptor: 5,
                at: None,
                bytes: b"ab".to_vec(),
            }),
            Step::SyncEnds { thread: 8 },
            Step::Done(Call::Rename {
                from: place(None, "/a"),
                to: place(Some(4), "b"),
                exchanges: true,
            }),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn an_unknown_call_is_an_error() {
        let failure = parse(Path::new("trace"), "7 splice(1, 2) = 3\n").unwrap_err();
        assert_eq!(failure.code(), "file-malformed");
        assert!(failure.to_string().contains("splice"));
    }
}

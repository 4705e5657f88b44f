//! The libraries of macOS with which the program is linked.
//!
//! The kit with the descriptions of these libraries may only be used on a computer by Apple. A linker only needs to
//! know which library has a symbol, so this module describes those symbols that the program uses. If another one is
//! missing, the linker names it.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A library of macOS.
struct Library {
    /// The path of its description in the folder of descriptions.
    file: &'static str,
    /// The path at which macOS finds the library.
    path: &'static str,
    /// The symbols that the program uses, without the underscore at their beginning. A library without any is only
    /// named by a dependency.
    symbols: &'static [&'static str],
}

const LIBRARIES: &[Library] = &[
    Library {
        file: "CoreFoundation.framework/CoreFoundation.tbd",
        path: "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
        symbols: &[
            "CFArrayAppendValue",
            "CFArrayCreate",
            "CFArrayCreateMutable",
            "CFArrayGetCount",
            "CFArrayGetValueAtIndex",
            "CFArrayInsertValueAtIndex",
            "CFDataCreate",
            "CFDateCreate",
            "CFErrorCopyDescription",
            "CFErrorGetCode",
            "CFLocaleCopyPreferredLanguages",
            "CFRelease",
            "CFRetain",
            "CFRunLoopGetCurrent",
            "CFRunLoopIsWaiting",
            "CFRunLoopRun",
            "CFRunLoopStop",
            "CFStringCreateWithBytes",
            "CFStringGetBytes",
            "CFStringGetCStringPtr",
            "CFStringGetLength",
            "CFTimeZoneCopySystem",
            "CFTimeZoneGetName",
            "CFTimeZoneResetSystem",
            "CFURLCopyAbsoluteURL",
            "CFURLCopyFileSystemPath",
            "CFURLCopyLastPathComponent",
            "CFURLCreateCopyAppendingPathComponent",
            "CFURLCreateCopyDeletingLastPathComponent",
            "CFURLCreateFilePathURL",
            "CFURLCreateFileReferenceURL",
            "CFURLCreateFromFileSystemRepresentation",
            "CFURLCreateFromFileSystemRepresentationRelativeToBase",
            "CFURLResourceIsReachable",
            "kCFAbsoluteTimeIntervalSince1970",
            "kCFAllocatorDefault",
            "kCFRunLoopDefaultMode",
            "kCFTypeArrayCallBacks",
        ],
    },
    Library {
        file: "CoreServices.framework/CoreServices.tbd",
        path: "/System/Library/Frameworks/CoreServices.framework/Versions/A/CoreServices",
        symbols: &[
            "FSEventStreamCreate",
            "FSEventStreamGetDeviceBeingWatched",
            "FSEventStreamInvalidate",
            "FSEventStreamRelease",
            "FSEventStreamScheduleWithRunLoop",
            "FSEventStreamStart",
            "FSEventStreamStop",
            "FSEventsGetCurrentEventId",
            "FSEventsPurgeEventsForDeviceUpToEventId",
        ],
    },
    Library {
        file: "Foundation.framework/Foundation.tbd",
        path: "/System/Library/Frameworks/Foundation.framework/Versions/C/Foundation",
        symbols: &[],
    },
    Library {
        file: "Security.framework/Security.tbd",
        path: "/System/Library/Frameworks/Security.framework/Versions/A/Security",
        symbols: &[
            "SecCertificateCopySubjectSummary",
            "SecCertificateCreateWithData",
            "SecCopyErrorMessageString",
            "SecPolicyCreateSSL",
            "SecTrustCreateWithCertificates",
            "SecTrustEvaluateWithError",
            "SecTrustSetAnchorCertificates",
            "SecTrustSetAnchorCertificatesOnly",
            "SecTrustSetOCSPResponse",
            "SecTrustSetVerifyDate",
        ],
    },
    Library {
        file: "libobjc.tbd",
        path: "/usr/lib/libobjc.A.dylib",
        symbols: &[],
    },
];

/// Writes the descriptions of the libraries into a folder, and returns the flags with which the linker finds them.
///
/// # Errors
///
/// Returns an error if a description cannot be written.
pub fn link_flags(folder: &Path) -> Result<Vec<String>, Failure> {
    for library in LIBRARIES {
        let path: PathBuf = folder.join(library.file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(Failure::file(parent))?;
        }
        std::fs::write(&path, description(library)).map_err(Failure::file(&path))?;
    }
    let folder = folder.display();
    Ok(vec![
        format!("-Clink-arg=-F{folder}"),
        format!("-Clink-arg=-L{folder}"),
    ])
}

/// Describes a library in the text format of Apple's linker.
fn description(library: &Library) -> String {
    let symbols: Vec<_> = library
        .symbols
        .iter()
        .map(|symbol| format!("_{symbol}"))
        .collect();
    format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos, x86_64-macos ]\ninstall-name: '{}'\nexports:\n  \
         - targets: [ arm64-macos, x86_64-macos ]\n    symbols: [ {} ]\n...\n",
        library.path,
        symbols.join(", ")
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_the_library_and_its_symbols() {
        let library = Library {
            file: "libsomething.tbd",
            path: "/usr/lib/libsomething.dylib",
            symbols: &["one", "two"],
        };
        let text = description(&library);
        assert!(text.contains("\ninstall-name: '/usr/lib/libsomething.dylib'\n"));
        assert!(text.contains("symbols: [ _one, _two ]"));
    }
}

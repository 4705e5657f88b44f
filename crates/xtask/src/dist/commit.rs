//! The commit from which packages are built.

use crate::failure::Failure;
use crate::process;
use crate::project::Project;

/// The commit of the work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The abbreviated hash, followed by `-dirty` if the work tree has been changed.
    pub name: String,
    /// The date, which is that of all files in the packages.
    pub date: Date,
}

/// A date in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// Seconds since 1970.
    pub seconds: u64,
    /// The date in the form of RFC 3339, with `Z`.
    pub text: String,
}

impl Commit {
    /// Reads the commit of the work tree from Git.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder is not a Git work tree or has no commit.
    pub fn read(project: &Project) -> Result<Self, Failure> {
        let git = |arguments: &[&str]| {
            let mut git = process::program(project, "git");
            process::capture(git.args(arguments).env("TZ", "UTC"))
        };
        // The length is fixed, since that of an abbreviation depends on the number of objects.
        let name = git(&[
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--exclude=*",
        ])?;
        let date = git(&[
            "log",
            "-1",
            "--format=%ct %cd",
            "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
        ])?;
        let date = Date::parse(date.trim()).ok_or_else(|| {
            Failure::malformed(project.root(), format!("Git printed the date `{date}`"))
        })?;
        let name = name.trim().to_owned();
        Ok(Commit { name, date })
    }
}

impl Date {
    /// Parses the seconds since 1970 and the date, separated by a space.
    fn parse(text: &str) -> Option<Self> {
        let (seconds, text) = text.split_once(' ')?;
        let seconds = seconds.parse().ok()?;
        let text = text.to_owned();
        Some(Date { seconds, text })
    }

    /// Returns the date and time as they are stored in zip archives.
    pub fn to_zip(&self) -> Option<zip::DateTime> {
        let number = |from: usize, to: usize| self.text.get(from..to)?.parse::<u8>().ok();
        let year = self.text.get(..4)?.parse().ok()?;
        let (month, day) = (number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_from_the_output_of_git() {
        let date = Date::parse("1796095528 2026-12-01T03:05:28Z").unwrap();
        assert_eq!(date.seconds, 1_796_095_528);
        let zip = date.to_zip().unwrap();
        assert_eq!((zip.year(), zip.month(), zip.day()), (2026, 12, 1));
        assert_eq!((zip.hour(), zip.minute(), zip.second()), (3, 5, 28));
        assert_eq!(Date::parse("yesterday"), None);
    }
}

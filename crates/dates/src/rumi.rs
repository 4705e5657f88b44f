//! Rumi calendar: the fiscal calendar of the Ottoman Empire from 1840 to 1925.
//!
//! A year began on 1 March of the Julian calendar until 1332. 15 February 1332 was followed by 1 March 1333, which
//! is 1 March 1917 of the Gregorian calendar. The year 1333 ended on 31 December, and the following years were
//! those of the Gregorian calendar. The last one is 1341.

use crate::calendar::{Calendar, Days, days};

/// The difference to the year of the Julian or Gregorian calendar in which a year begins.
const OFFSET: i32 = 584;

/// Returns the first and the last day of a year, a month or a day. The months have the numbers of the Gregorian
/// calendar: 3 is March.
pub(crate) fn rumi(year: i32, month: Option<u8>, day: Option<u8>) -> Option<Days> {
    let julian = |year, month, day| days(Calendar::Julian, year, month, day);
    let gregorian = |year, month, day| days(Calendar::Gregorian, year, month, day);
    match (year, month) {
        (1256..=1331, None) => {
            let (first, _) = julian(year + OFFSET, Some(3), Some(1))?;
            let (_, last) = julian(year + OFFSET + 1, Some(2), None)?;
            Some((first, last))
        }
        (1332, None) => {
            let (first, _) = julian(year + OFFSET, Some(3), Some(1))?;
            let (_, last) = rumi(1332, Some(2), Some(15))?;
            Some((first, last))
        }
        (1332, Some(2)) => match day {
            Some(day) => julian(1917, Some(2), Some(day)).filter(|_| day <= 15),
            None => {
                let (first, _) = julian(1917, Some(2), Some(1))?;
                Some((first, julian(1917, Some(2), Some(15))?.1))
            }
        },
        (1256..=1332, Some(month @ 1..=2)) => julian(year + OFFSET + 1, Some(month), day),
        (1256..=1332, month) => julian(year + OFFSET, month, day),
        (1333, None) => {
            let (first, _) = gregorian(1917, Some(3), None)?;
            let (_, last) = gregorian(1917, Some(12), None)?;
            Some((first, last))
        }
        (1333, Some(1..=2)) => None,
        (1333..=1341, month) => gregorian(year + OFFSET, month, day),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::calendar::gregorian_day;

    #[test]
    fn years_follow_the_reforms_of_the_calendar() {
        for (year, month, day, expected) in [
            (1255, None, None, "none"),
            (1256, None, None, "1840-03-13/1841-03-12"),
            (1256, Some(3), Some(1), "1840-03-13/1840-03-13"),
            (1324, Some(7), Some(10), "1908-07-23/1908-07-23"),
            (1325, Some(3), Some(31), "1909-04-13/1909-04-13"),
            (1324, Some(1), None, "1909-01-14/1909-02-13"),
            (1332, None, None, "1916-03-14/1917-02-28"),
            (1332, Some(2), None, "1917-02-14/1917-02-28"),
            (1332, Some(2), Some(15), "1917-02-28/1917-02-28"),
            (1332, Some(2), Some(16), "none"),
            (1333, None, None, "1917-03-01/1917-12-31"),
            (1333, Some(3), Some(1), "1917-03-01/1917-03-01"),
            (1333, Some(1), None, "none"),
            (1334, Some(1), Some(1), "1918-01-01/1918-01-01"),
            (1341, None, None, "1925-01-01/1925-12-31"),
            (1342, None, None, "none"),
        ] {
            let found = match rumi(year, month, day) {
                Some((first, last)) => format!(
                    "{}/{}",
                    gregorian_day(first).unwrap(),
                    gregorian_day(last).unwrap()
                ),
                None => "none".to_owned(),
            };
            assert_eq!(found, expected, "{year} {month:?} {day:?}");
        }
    }
}

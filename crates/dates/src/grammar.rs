//! Grammar of a date.

use winnow::Result;
use winnow::combinator::{alt, delimited, eof, opt, peek, preceded, repeat, terminated};
use winnow::error::ContextError;
use winnow::prelude::*;
use winnow::token::any;

use crate::lexer::{Token, is_decade};
use crate::syntax::{Bound, Century, Era, Join, Side, Unit, Wording, Written, Year};
use crate::words::{Meaning, Part};

type Tokens<'a> = &'a [Token];

/// Parses all tokens of a date.
pub(crate) fn parse(tokens: &[Token]) -> Option<Wording> {
    wording.parse(tokens).ok()
}

fn wording(input: &mut Tokens<'_>) -> Result<Wording> {
    opt((
        is(Meaning::Undated),
        repeat::<_, _, (), _, _>(0.., separator),
    ))
    .parse_next(input)?;
    repeat::<_, _, (), _, _>(0.., alt((is(Meaning::Label), mark(':')))).parse_next(input)?;
    let mut sides = vec![alt((bracketed('[', ']'), bracketed('(', ')'), side)).parse_next(input)?];
    let others: Vec<Side> = repeat(0..3, other_side).parse_next(input)?;
    sides.extend(others);
    opt(alt((mark('.'), mark(';'), mark(',')))).parse_next(input)?;
    eof.parse_next(input)?;
    Ok(Wording { sides })
}

/// Parses the same date in another calendar.
fn other_side(input: &mut Tokens<'_>) -> Result<Side> {
    let equals = || (opt(mark(',')), is(Meaning::Equals), opt(mark(','))).void();
    alt((
        preceded(alt((mark('/'), mark('='), equals())), side),
        delimited(
            mark('('),
            preceded(opt(alt((mark('='), equals()))), side),
            mark(')'),
        ),
        bracketed('[', ']'),
    ))
    .parse_next(input)
}

fn bracketed<'a>(open: char, close: char) -> impl Parser<Tokens<'a>, Side, ContextError> {
    delimited(mark(open), side, mark(close))
}

fn separator(input: &mut Tokens<'_>) -> Result<()> {
    alt((mark(','), mark(';'), mark('.'), mark(':'), mark('-'))).parse_next(input)
}

/// Parses a date or an interval with its qualifiers.
fn side(input: &mut Tokens<'_>) -> Result<Side> {
    let mut qualifiers = Qualifiers::default();
    qualifiers.before(input)?;
    let bound = opt(bound).parse_next(input)?;
    qualifiers.before(input)?;
    let (first, last) = alt((between, from_to, with_slash, plain_range)).parse_next(input)?;
    let bound = match bound {
        // Turkish: `1650'den önce`.
        None if last.is_none() => opt(bound_after).parse_next(input)?,
        bound => bound,
    };
    qualifiers.after(input)?;
    Ok(Side {
        approximate: qualifiers.approximate,
        uncertain: qualifiers.uncertain,
        bound,
        first,
        last,
    })
}

/// Qualifiers of a date, before and after it.
#[derive(Default)]
struct Qualifiers {
    approximate: bool,
    uncertain: bool,
}

impl Qualifiers {
    fn before(&mut self, input: &mut Tokens<'_>) -> Result<()> {
        while let Some(meaning) = opt(alt((
            terminated(is(Meaning::Circa), fillers).value(Meaning::Circa),
            terminated(is(Meaning::Uncertain), fillers).value(Meaning::Uncertain),
            mark('?').value(Meaning::Uncertain),
            mark('~').value(Meaning::Circa),
        )))
        .parse_next(input)?
        {
            self.add(meaning);
        }
        Ok(())
    }

    fn after(&mut self, input: &mut Tokens<'_>) -> Result<()> {
        let question = || mark('?').value(Meaning::Uncertain);
        while let Some(meaning) = opt(alt((
            question(),
            delimited(mark('('), question(), mark(')')),
            delimited(mark('['), question(), mark(']')),
            (opt(mark(',')), is(Meaning::Circa)).value(Meaning::Circa),
            mark('~').value(Meaning::Circa),
        )))
        .parse_next(input)?
        {
            self.add(meaning);
        }
        Ok(())
    }

    fn add(&mut self, meaning: Meaning) {
        self.approximate |= meaning == Meaning::Circa;
        self.uncertain |= meaning == Meaning::Uncertain;
    }
}

fn bound(input: &mut Tokens<'_>) -> Result<Bound> {
    alt((
        is(Meaning::Before).value(Bound::Before),
        is(Meaning::After).value(Bound::After),
    ))
    .parse_next(input)
}

fn bound_after(input: &mut Tokens<'_>) -> Result<Bound> {
    bound.parse_next(input)
}

type Range = (Unit, Option<(Join, Unit)>);

fn between(input: &mut Tokens<'_>) -> Result<Range> {
    let and = alt((is(Meaning::And), mark('-')));
    (preceded(is(Meaning::Between), unit), preceded(and, unit))
        .map(|(first, last)| (first, Some((Join::Range, last))))
        .parse_next(input)
}

fn from_to(input: &mut Tokens<'_>) -> Result<Range> {
    let to = alt((is(Meaning::To), mark('-')));
    (preceded(is(Meaning::From), unit), preceded(to, unit))
        .map(|(first, last)| (first, Some((Join::Range, last))))
        .parse_next(input)
}

fn plain_range(input: &mut Tokens<'_>) -> Result<Range> {
    let join = alt((
        alt((mark('-'), is(Meaning::To))).value(Join::Range),
        (opt(mark(',')), alt((is(Meaning::Or), is(Meaning::And)))).value(Join::Or),
    ));
    (unit, opt((join, unit))).parse_next(input)
}

/// Parses two consecutive years, `1845/46`, or two months, `July/August 1888`.
fn with_slash(input: &mut Tokens<'_>) -> Result<Range> {
    fillers.parse_next(input)?;
    let before = opt(terminated(era, fillers)).parse_next(input)?;
    let years = (year, preceded(mark('/'), year)).verify(|(first, last)| {
        let span = if last.digits == 2 { 100 } else { 10_000 };
        first.digits == 4 && matches!(last.digits, 2 | 4) && first.number % span + 1 == last.number
    });
    let months = (month, preceded(mark('/'), month), preceded(soft, year));
    let (mut first, mut last) = alt((
        years.map(|(first, last)| {
            let date = |year| Written {
                year: Some(year),
                ..Written::default()
            };
            (date(first), date(last))
        }),
        months.map(|(first, last, year)| {
            let date = |month| Written {
                month: Some(month),
                year: Some(year),
                ..Written::default()
            };
            (date(first), date(last))
        }),
    ))
    .parse_next(input)?;
    let era = match before {
        Some(era) => Some(era),
        None => opt(preceded(fillers, era)).parse_next(input)?,
    };
    (first.era, last.era) = (era, era);
    Ok((Unit::Date(first), Some((Join::Range, Unit::Date(last)))))
}

fn unit(input: &mut Tokens<'_>) -> Result<Unit> {
    fillers.parse_next(input)?;
    alt((
        century.map(Unit::Century),
        decade,
        written.map(Unit::Date),
        loose_century.map(Unit::Century),
    ))
    .parse_next(input)
}

fn decade(input: &mut Tokens<'_>) -> Result<Unit> {
    let token = alt((
        preceded((is(Meaning::Decade), fillers), any).verify_map(|token| match token {
            Token::Number(year, 4) if is_decade(year) => Some((year, year + 9)),
            Token::Decade(year) => Some((year, year + 9)),
            _ => None,
        }),
        any.verify_map(|token| match token {
            Token::Decade(year) => Some((year, year + 9)),
            Token::Masked(first, last) => Some((first, last)),
            _ => None,
        }),
    ));
    terminated(token, opt(is(Meaning::Decade)))
        .map(|(first, last)| Unit::Years(first, last))
        .parse_next(input)
}

/// Parses a century, in the order of English or of Arabic.
fn century(input: &mut Tokens<'_>) -> Result<Century> {
    let before = opt(part).parse_next(input)?;
    fillers.parse_next(input)?;
    // The abbreviation `ق` is a century or the name of a calendar.
    let (era_before, number) = alt((
        numbered_century.map(|number| (None, number)),
        (terminated(era, fillers).map(Some), numbered_century),
    ))
    .parse_next(input)?;
    fillers.parse_next(input)?;
    let era = opt(era).parse_next(input)?;
    if era.is_some() && era_before.is_some() {
        return Err(ContextError::new());
    }
    let era = era.or(era_before);
    let part = match before {
        Some(part) => Some(part),
        None => opt(part).parse_next(input)?,
    };
    Ok(Century {
        number,
        part,
        era,
        is_named: true,
    })
}

/// Parses the number of a century with the word `century`.
fn numbered_century(input: &mut Tokens<'_>) -> Result<u32> {
    let hyphen = opt(mark('-'));
    alt((
        terminated(number_of_century, (hyphen, fillers, is(Meaning::Century))),
        preceded((is(Meaning::Century), fillers), number_of_century),
    ))
    .parse_next(input)
}

/// Parses the number of a century without the word `century`, which follows later.
fn loose_century(input: &mut Tokens<'_>) -> Result<Century> {
    let part = opt(part).parse_next(input)?;
    fillers.parse_next(input)?;
    let number = number_of_century.parse_next(input)?;
    let era = opt(preceded(fillers, era)).parse_next(input)?;
    Ok(Century {
        number,
        part,
        era,
        is_named: false,
    })
}

fn number_of_century(input: &mut Tokens<'_>) -> Result<u32> {
    let number = any.verify_map(|token| match token {
        Token::Ordinal(number) | Token::Roman(number) => Some(number),
        Token::Number(number, 1..=2) => Some(number),
        Token::Word(meanings) => meanings.iter().find_map(|meaning| match meaning {
            Meaning::Ordinal(number) => Some(u32::from(*number)),
            _ => None,
        }),
        _ => None,
    });
    terminated(number, opt(mark('.')))
        .verify(|number| (1..=21).contains(number))
        .parse_next(input)
}

/// Parses a part of a century or a month.
fn part(input: &mut Tokens<'_>) -> Result<Part> {
    let counted = |meaning, count: u32, part: fn(u8) -> Part| {
        (number_of_century, is(meaning)).verify_map(move |(number, ())| {
            (1..=count)
                .contains(&number)
                .then(|| u8::try_from(number).ok().map(part))
                .flatten()
        })
    };
    let part = alt((
        any.verify_map(|token| match token {
            Token::Word(meanings) => meanings.iter().find_map(|meaning| match meaning {
                Meaning::Part(part) => Some(*part),
                _ => None,
            }),
            _ => None,
        }),
        counted(Meaning::Half, 2, Part::Half),
        counted(Meaning::Third, 3, Part::Third),
        counted(Meaning::Quarter, 4, Part::Quarter),
    ));
    terminated(part, opt(mark('-'))).parse_next(input)
}

/// Parses a year, a month or a day.
fn written(input: &mut Tokens<'_>) -> Result<Written> {
    let weekday = opt(terminated(weekday, soft)).parse_next(input)?;
    // The part of a month: the whole month is a certain reading.
    let part = opt(terminated(part, fillers)).parse_next(input)?;
    let before = opt(terminated(era, fillers)).parse_next(input)?;
    let mut date =
        alt((day_month_year, month_day_year, month_year, year_only)).parse_next(input)?;
    let era_after = opt(alt((era, preceded(fillers, era)))).parse_next(input)?;
    date.weekday = weekday;
    let mut eras = [before, date.era, era_after].into_iter().flatten();
    date.era = eras.next();
    if eras.any(|era| Some(era) != date.era) {
        return Err(ContextError::new());
    }
    if part.is_some() && (date.month.is_none() || date.day.is_some()) {
        return Err(ContextError::new());
    }
    Ok(date)
}

fn day_month_year(input: &mut Tokens<'_>) -> Result<Written> {
    let day = terminated(day, (opt(mark('.')), soft));
    (day, month, opt(preceded(soft, year_of_month)))
        .map(|(day, month, year)| Written {
            day: Some(day),
            month: Some(month),
            ..year.unwrap_or_default()
        })
        .parse_next(input)
}

/// Parses `March 15, 1906`. The year is required, because `March 15` may be a month and a year.
fn month_day_year(input: &mut Tokens<'_>) -> Result<Written> {
    (month, preceded(fillers, day), preceded(soft, year))
        .map(|(month, day, year)| Written {
            day: Some(day),
            month: Some(month),
            year: Some(year),
            ..Written::default()
        })
        .parse_next(input)
}

fn month_year(input: &mut Tokens<'_>) -> Result<Written> {
    (month, opt(preceded(soft, year_of_month)))
        .map(|(month, year)| Written {
            month: Some(month),
            ..year.unwrap_or_default()
        })
        .parse_next(input)
}

/// Parses a year with or without the name of the calendar before it: `Muḥarram A.H. 1197`.
fn year_of_month(input: &mut Tokens<'_>) -> Result<Written> {
    (opt(terminated(era, fillers)), year)
        .map(|(era, year)| Written {
            year: Some(year),
            era,
            ..Written::default()
        })
        .parse_next(input)
}

fn year_only(input: &mut Tokens<'_>) -> Result<Written> {
    // `15.` is a day or a century.
    terminated(year, opt((mark('.'), peek(alt((mark('-'), mark('/')))))))
        .map(|year| Written {
            year: Some(year),
            ..Written::default()
        })
        .parse_next(input)
}

fn weekday(input: &mut Tokens<'_>) -> Result<u8> {
    any.verify_map(|token| match token {
        Token::Word(meanings) => meanings.iter().find_map(|meaning| match meaning {
            Meaning::Weekday(weekday) => Some(*weekday),
            _ => None,
        }),
        _ => None,
    })
    .parse_next(input)
}

fn day(input: &mut Tokens<'_>) -> Result<u8> {
    any.verify_map(|token| match token {
        Token::Number(number, 1..=2) | Token::Ordinal(number) => u8::try_from(number)
            .ok()
            .filter(|number| (1..=31).contains(number)),
        _ => None,
    })
    .parse_next(input)
}

fn month(input: &mut Tokens<'_>) -> Result<&'static [Meaning]> {
    any.verify_map(|token| match token {
        Token::Word(meanings) => meanings
            .iter()
            .any(|meaning| matches!(meaning, Meaning::Month(..)))
            .then_some(meanings),
        _ => None,
    })
    .parse_next(input)
}

fn year(input: &mut Tokens<'_>) -> Result<Year> {
    any.verify_map(|token| match token {
        Token::Number(number, digits) if number > 0 => Some(Year { number, digits }),
        _ => None,
    })
    .parse_next(input)
}

fn era(input: &mut Tokens<'_>) -> Result<Era> {
    any.verify_map(|token| match token {
        Token::Word(meanings) => meanings.iter().find_map(|meaning| match meaning {
            Meaning::Era(calendar) => Some(Era::Calendar(*calendar)),
            Meaning::AnnoMundi => Some(Era::AnnoMundi),
            _ => None,
        }),
        _ => None,
    })
    .parse_next(input)
}

/// Parses words without an effect on the date, and one comma.
fn soft(input: &mut Tokens<'_>) -> Result<()> {
    (fillers, opt(mark(',')), fillers).void().parse_next(input)
}

fn fillers(input: &mut Tokens<'_>) -> Result<()> {
    repeat(0.., is(Meaning::Filler)).parse_next(input)
}

fn is<'a>(meaning: Meaning) -> impl Parser<Tokens<'a>, (), ContextError> {
    any.verify(move |token: &Token| match token {
        Token::Word(meanings) => meanings.contains(&meaning),
        _ => false,
    })
    .void()
}

fn mark<'a>(sign: char) -> impl Parser<Tokens<'a>, (), ContextError> {
    any.verify(move |token: &Token| *token == Token::Mark(sign))
        .void()
}

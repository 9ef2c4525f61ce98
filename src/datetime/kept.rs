//! The texts that SQLite keeps moments as: they sort as the moments do, whoever wrote them.

use chrono::{DateTime, NaiveDate, Utc};

/// The moment of a date, a space, a time and at most six digits of the second's fraction, in UTC: with `+00:00` behind
/// them, as this server writes it, with a space before that, as Sequelize does, or with neither, as SQLite does.
///
/// The end of a text, a space, `+` and `.` sort in this order, and before every digit.
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let (second, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let [_, _, _, _, b'-', _, _, b'-', _, _, b' ', _, _, b':', _, _, b':', _, _] = second else {
        return None;
    };
    let year = i32::try_from(number(&second[..4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&second[5..7])?, number(&second[8..10])?)?;
    let (hour, minute) = (number(&second[11..13])?, number(&second[14..16])?);
    let moment = date.and_hms_micro_opt(hour, minute, number(&second[17..])?, micros(rest)?)?;
    Some(moment.and_utc())
}

fn micros(rest: &[u8]) -> Option<u32> {
    let rest = rest.strip_suffix(b" +00:00").or(rest.strip_suffix(b"+00:00")).unwrap_or(rest);
    match rest {
        [] => Some(0),
        [b'.', digits @ ..] if (1..=6).contains(&digits.len()) => {
            let missing = 6 - u32::try_from(digits.len()).ok()?;
            Some(number(digits)? * 10_u32.pow(missing))
        }
        _ => None,
    }
}

/// Of six digits at most.
fn number(digits: &[u8]) -> Option<u32> {
    let next = |number, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'));
    digits.iter().try_fold(0, next)
}

//! The texts that section 5.6 of RFC 3339 allows: chrono takes others as well, and not all of these.

use chrono::{Datelike, NaiveDate, TimeDelta, Utc};

/// The moment that such a text names, to the nanosecond; none where it is no such text.
/// <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>
pub fn moment(text: &str) -> Option<chrono::DateTime<Utc>> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4)?;
    let month = after(&mut rest, b"-")?;
    let day = after(&mut rest, b"-")?;
    one_of(&mut rest, b"Tt")?;
    let hour = number(&mut rest, 2)?;
    let minute = after(&mut rest, b":")?;
    let second = after(&mut rest, b":")?;
    let nanos = fraction(&mut rest)?;
    let offset = offset(&mut rest)?;
    if !rest.is_empty() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    // The second 60 is the 0 of the next minute, as clocks have it.
    let seconds = TimeDelta::seconds(i64::from(hour * 3_600 + minute * 60 + second) - offset);
    let moment = date.and_hms_opt(0, 0, 0)? + seconds + TimeDelta::nanoseconds(nanos);
    if second == 60 && !is_begin_of_month(moment.date(), moment.signed_duration_since(moment.date().into())) {
        return None;
    }
    Some(moment.and_utc())
}

/// Whether it is the first second of a month: leap seconds end months, in UTC.
fn is_begin_of_month(date: NaiveDate, since_midnight: TimeDelta) -> bool {
    date.day() == 1 && since_midnight < TimeDelta::seconds(1)
}

/// A number of so many digits.
fn number(rest: &mut &[u8], digits: usize) -> Option<u32> {
    let (number, others) = rest.split_at_checked(digits)?;
    *rest = others;
    number.iter().try_fold(0, |sum, byte| Some(sum * 10 + char::from(*byte).to_digit(10)?))
}

/// A number of two digits after a separator.
fn after(rest: &mut &[u8], separator: &[u8; 1]) -> Option<u32> {
    one_of(rest, separator)?;
    number(rest, 2)
}

fn one_of(rest: &mut &[u8], bytes: &[u8]) -> Option<u8> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    bytes.contains(first).then_some(*first)
}

/// The fraction of a second in nanoseconds. What lies beyond them makes one more where otherwise it would be
/// a whole microsecond: no row is between two of those, and it has to be told from them.
fn fraction(rest: &mut &[u8]) -> Option<i64> {
    if rest.first() != Some(&b'.') {
        return Some(0);
    }
    let digits = &rest[1..];
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let (digits, others) = digits.split_at(count);
    *rest = others;
    let (nanos, beyond) = digits.split_at(count.min(9));
    let nanos = nanos.iter().chain(&[b'0'; 9]).take(9).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    let is_beyond = beyond.iter().any(|byte| *byte != b'0');
    Some(if is_beyond && nanos % 1_000 == 0 { nanos + 1 } else { nanos })
}

/// The offset from UTC in seconds.
fn offset(rest: &mut &[u8]) -> Option<i64> {
    let sign = match one_of(rest, b"Zz+-")? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(0),
    };
    let hour = number(rest, 2)?;
    let minute = after(rest, b":")?;
    (hour <= 23 && minute <= 59).then_some(sign * i64::from(hour * 3_600 + minute * 60))
}

#[cfg(test)]
mod tests {
    use chrono::{SecondsFormat, Timelike};
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        moment(text).map(|moment| moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    #[test]
    fn what_the_grammar_has_is_read() {
        for (text, expected) in [
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("2024-02-29t23:59:59z", "2024-02-29T23:59:59Z"),
            ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"),
            ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"),
            ("2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00Z"),
            ("2024-01-01T00:00:00+23:59", "2023-12-31T00:01:00Z"),
            ("2024-01-01T00:00:00-23:59", "2024-01-01T23:59:00Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("2024-01-01T00:00:00.0000000000000000000000Z", "2024-01-01T00:00:00Z"),
            ("2024-01-01T00:00:00.1234560000000000000001Z", "2024-01-01T00:00:00.123456001Z"),
            ("2024-01-01T00:00:00.1234567890000000000001Z", "2024-01-01T00:00:00.123456789Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_grammar_does_not_have_is_none() {
        for text in [
            "",
            "2024",
            "2024-01-01",
            "2024-01-01T00:00Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01_00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00,5Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T23:60:00Z",
            "2024-01-01T23:59:61Z",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00+00:60",
            "2024-01-01T00:00:00+0000",
            "2024-01-01T00:00:00+00",
            "2024-01-01T00:00:00\u{2212}00:00",
            "2024-01-01T00:00:00ZZ",
            "2024-01-01T00:00:00Z ",
            " 2024-01-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "+2024-01-01T00:00:00Z",
            "02024-01-01T00:00:00Z",
            "24-01-01T00:00:00Z",
            "2024-1-1T0:0:0Z",
            "2024-01-01T00:00:00.५Z",
            "२०२४-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_second_60_is_the_first_one_after_a_month_of_utc() {
        for (text, expected) in [
            ("2016-12-31T23:59:60.5Z", Some("2017-01-01T00:00:00.500Z")),
            ("2017-01-01T00:59:60.5+01:00", Some("2017-01-01T00:00:00.500Z")),
            ("1990-12-31T15:59:60-08:00", Some("1991-01-01T00:00:00Z")),
            ("2015-06-30T23:59:60Z", Some("2015-07-01T00:00:00Z")),
            ("2015-06-30T23:59:60+01:00", None),
            ("2015-06-29T23:59:60Z", None),
            ("2015-06-30T23:58:60Z", None),
            ("2015-06-30T12:00:60Z", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }

    /// The grammar, told from the text's parts rather than character after character.
    fn is_of_the_grammar(text: &str) -> bool {
        let text = text.to_ascii_uppercase();
        let Some((date, time)) = text.split_once('T') else { return false };
        let Some(zone_at) = time.find(['Z', '+', '-']) else { return false };
        let (time, zone) = time.split_at(zone_at);
        let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let parts = |text: &str, separator: char, widths: &[usize]| {
            let parts: Vec<_> = text.split(separator).map(str::to_owned).collect();
            let fits = |(part, width): (&String, &usize)| {
                part.len() == *width && part.bytes().all(|byte| byte.is_ascii_digit())
            };
            (parts.len() == widths.len() && parts.iter().zip(widths).all(fits))
                .then(|| parts.iter().map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>())
        };
        let Some(date) = parts(date, '-', &[4, 2, 2]) else { return false };
        let Some(clock) = parts(clock, ':', &[2, 2, 2]) else { return false };
        let zone = match zone {
            "Z" => Some(vec![0, 0]),
            _ => zone.get(1..).and_then(|zone| parts(zone, ':', &[2, 2])),
        };
        let Some(zone) = zone else { return false };
        let is_leap =
            date[0].is_multiple_of(4) && (!date[0].is_multiple_of(100) || date[0].is_multiple_of(400));
        let days = match date[1] {
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&date[2])
            && clock[0] < 24
            && clock[1] < 60
            && clock[2] < 60
            && zone[0] < 24
            && zone[1] < 60
            && !fraction.is_empty()
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
    }

    #[test]
    fn a_text_is_read_if_and_only_if_the_grammar_has_it() {
        let near = "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt _][0-2][0-9]:[0-6][0-9]:[0-5][0-9]([.,][0-9]{0,12})?([Zz]|[-+][0-2][0-9]:[0-6][0-9]|)";
        let texts = prop_oneof![8 => near, 1 => any::<String>(), 1 => "[-0-9TZ:.+]{0,30}"];
        let config = ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() };
        proptest!(config, |(text in texts)| {
            prop_assert_eq!(moment(&text).is_some(), is_of_the_grammar(&text), "{}", text);
        });
    }

    #[test]
    fn what_chrono_writes_is_read_as_the_same_moment() {
        let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
        let year_0_to_9999 = -62_167_219_200_i64..253_402_300_800;
        proptest!(config, |(seconds in year_0_to_9999, nanos in 0..1_000_000_000_u32)| {
            let written = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
            let text = written.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let read = moment(&text);
            prop_assert_eq!(read, Some(written), "{}", text);
            prop_assert_eq!(read.map(|read| read.nanosecond()), Some(nanos));
        });
    }
}

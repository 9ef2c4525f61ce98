//! Texts of moments, as SQLite's own functions tell them apart.

/// Whether a value names a real moment in a form whose texts sort as moments do: `2006-01-02 15:04:05`, with or without
/// a fraction of at most six digits, and behind that nothing, `+00:00` or ` +00:00`.
pub fn is_kept(value: &str) -> String {
    let (tail, rest) = (format!("substr({value}, 20)"), after_digits(value));
    // The other functions take a NUL for the end. What is added has days and hours that are in no calendar become
    // others.
    format!(
        "(typeof({value}) = 'text' AND instr({value}, char(0)) = 0
          AND datetime(substr({value}, 1, 19), '+0 days') IS substr({value}, 1, 19)
          AND (substr({value}, 20, 1) = '.' AND {} AND length({value}) - length({rest}) BETWEEN 21 AND 26
               OR {}))",
        is_offset(&rest),
        is_offset(&tail),
    )
}

/// In place of an IN, for which SQLite would fill an index with the three at each row.
fn is_offset(text: &str) -> String {
    format!("({text} = '+00:00' OR {text} = ' +00:00' OR {text} = '')")
}

/// Whether a value that is not kept names a moment without doubt: a date of the calendar, with an hour before 24 or
/// without one. What has no offset is UTC, as it is for SQLite.
pub fn is_readable(value: &str) -> String {
    let utc = utc(value);
    format!(
        "(typeof({value}) = 'text' AND instr({value}, char(0)) = 0
          AND date(substr({value}, 1, 10), '+0 days') IS substr({value}, 1, 10)
          AND substr({value}, 12, 2) < '24'
          AND {utc} GLOB '[0-9][0-9][0-9][0-9]-*')"
    )
}

/// The text of this server for such a value. SQLite itself would round the fraction to milliseconds.
pub fn rewritten(value: &str) -> String {
    let (utc, fraction, rest) = (utc(value), has_fraction(value), after_digits(value));
    format!(
        "{utc} || '.' || substr(CASE WHEN {fraction}
             THEN substr({value}, 21, length({value}) - 20 - length({rest})) ELSE '' END || '000000', 1, 6) || '+00:00'"
    )
}

/// The second that a text names, in UTC; NULL where it names none.
fn utc(value: &str) -> String {
    let (fraction, rest) = (has_fraction(value), after_digits(value));
    format!("datetime(CASE WHEN {fraction} THEN substr({value}, 1, 19) || {rest} ELSE {value} END)")
}

fn has_fraction(value: &str) -> String {
    format!("substr({value}, 20, 2) GLOB '.[0-9]'")
}

/// What comes after the digits of the fraction.
fn after_digits(value: &str) -> String {
    format!("ltrim(substr({value}, 21), '0123456789')")
}

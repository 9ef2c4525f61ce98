//! What is trimmed from a text: white space and invisible characters at its ends, unless they change what is seen.

use icu_properties::props::{
    BinaryProperty, CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, EnumeratedProperty,
    GeneralCategory, Ideographic, JoiningType, Script,
};

const JOINER: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const END_OF_TAGS: char = '\u{e007f}';

/// The text from its first visible character to its last one. Of the invisible ones around that it keeps those
/// that belong to a visible one: what varies a symbol or joins a letter, the tags of a flag, and what ends a
/// change of direction. It is empty where nothing is visible.
pub fn trimmed(text: &str) -> String {
    let Some((first, letter)) = text.char_indices().find(|(_, character)| is_visible(*character)) else {
        return String::new();
    };
    let is_joined = text[..first].ends_with(JOINER) && joins(letter, JoiningType::RightJoining);
    let start = if is_joined { first - JOINER.len_utf8() } else { first };
    let end = text.rfind(is_visible).map_or(start, |last| text.ceil_char_boundary(last + 1));
    let (seen, rest) = (&text[start..end], &text[end..]);
    let (attached, rest) = rest.split_at(attached_bytes(seen, rest));
    [seen, attached, &closings(seen, rest)].concat()
}

/// Whether something is to be seen of it, or it is no mere format: Braille's blank looks like a space.
fn is_visible(character: char) -> bool {
    let is_invisible = character.is_whitespace()
        || DefaultIgnorableCodePoint::for_char(character)
        || matches!(character, '\u{2800}' | '\u{fff9}'..='\u{fffb}');
    !is_invisible
}

/// How many bytes of what follows change how the last visible character looks.
fn attached_bytes(seen: &str, rest: &str) -> usize {
    let (Some(last), Some(next)) = (seen.chars().next_back(), rest.chars().next()) else { return 0 };
    let is_virama = CanonicalCombiningClass::for_char(last) == CanonicalCombiningClass::Virama;
    let is_attached = match next {
        JOINER => is_virama || base(seen).is_some_and(|base| joins(base, JoiningType::LeftJoining)),
        '\u{fe0e}' | '\u{fe0f}' => Emoji::for_char(last) && !last.is_ascii(),
        '\u{fe00}'..='\u{fe0d}' => has_variants(last),
        '\u{e0100}'..='\u{e01ef}' => Ideographic::for_char(last),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => Script::for_char(last) == Script::Mongolian,
        '\u{e0020}'..='\u{e007e}' if last == BLACK_FLAG => return tags(rest),
        _ => false,
    };
    if is_attached { next.len_utf8() } else { 0 }
}

/// The letter that the marks at the end of a text stand on.
fn base(seen: &str) -> Option<char> {
    seen.chars().rev().find(|character| JoiningType::for_char(*character) != JoiningType::Transparent)
}

/// Whether a letter is written otherwise where it is joined on that side.
fn joins(letter: char, side: JoiningType) -> bool {
    let joining = JoiningType::for_char(letter);
    joining == side || joining == JoiningType::DualJoining
}

/// Whether Unicode has variants of it that are no emoji.
fn has_variants(character: char) -> bool {
    Ideographic::for_char(character)
        || GeneralCategory::for_char(character) == GeneralCategory::MathSymbol
        || matches!(Script::for_char(character), Script::Myanmar | Script::PhagsPa | Script::Manichaean)
}

/// The length of a flag's tags, if they end.
fn tags(rest: &str) -> usize {
    let end = rest.find(|character| !('\u{e0020}'..='\u{e007e}').contains(&character));
    match end {
        Some(end) if rest[end..].starts_with(END_OF_TAGS) => end + END_OF_TAGS.len_utf8(),
        _ => 0,
    }
}

/// What ends, in `rest`, the changes of direction that begin in the text and do not end there: without it they
/// would go on in whatever the text is shown in.
fn closings(seen: &str, rest: &str) -> String {
    let mut open = Vec::new();
    for character in seen.chars() {
        match character {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            closing if open.last() == Some(&closing) => {
                open.pop();
            }
            _ => {}
        }
    }
    rest.chars().filter(|character| open.pop_if(|closing| closing == character).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_without_a_visible_character_is_empty() {
        let invisible = [
            ' ',
            '\t',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2062}',
            '\u{2066}',
            '\u{2069}',
            '\u{206a}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
        ];
        for character in invisible {
            assert_eq!(trimmed(&character.to_string()), "", "U+{:04X}", character as u32);
            let around = format!("{character}Ada{character}{character}");
            assert_eq!(trimmed(&around), "Ada", "U+{:04X}", character as u32);
        }
        assert_eq!(trimmed(&invisible.iter().collect::<String>()), "");
    }

    #[test]
    fn what_is_seen_stays_as_it_is() {
        for text in [
            "Ada Lovelace",
            "a\u{200b}b",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "क्\u{200d}",
            "ന്\u{200d}",
            "ه\u{200d}",
            "هَ\u{200d}",
            "\u{200d}ه",
            "\u{2764}\u{fe0f}",
            "\u{2764}\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "🇩🇪",
            "👍🏽",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}",
            "ᠠ\u{180b}",
            "\u{2229}\u{fe00}",
            "a \u{2067}שלום\u{2069}",
            "a \u{202b}שלום\u{202c}",
            "e\u{301}",
            "\u{301}",
            "\u{ffff}",
            "\u{e000}",
        ] {
            assert_eq!(trimmed(text), text, "{text:?}");
        }
    }

    #[test]
    fn what_changes_nothing_that_is_seen_is_dropped() {
        for (text, expected) in [
            ("\u{feff}Ada", "Ada"),
            ("Ada\u{fe0f}", "Ada"),
            ("Ada1\u{fe0f}", "Ada1"),
            ("Ada\u{200d}", "Ada"),
            ("ا\u{200d}", "ا"),
            ("ه\u{200d}\u{200d}", "ه\u{200d}"),
            ("\u{2764}\u{fe0f}\u{fe0f}\u{200d}", "\u{2764}\u{fe0f}"),
            ("🏴\u{e0067}\u{e0062}", "🏴"),
            ("Ada\u{e0100}", "Ada"),
            ("Ada\u{2069}\u{202c}", "Ada"),
            ("\u{2067}שלום\u{2069}", "שלום"),
            ("a \u{2067}שלום\u{200b}\u{2069}\u{2069}", "a \u{2067}שלום\u{2069}"),
        ] {
            assert_eq!(trimmed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_trimmed_is_trimmed() {
        let odd = prop::sample::select(vec![
            ' ',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{202b}',
            '\u{202c}',
            '\u{2067}',
            '\u{2069}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{180b}',
            '\u{e0067}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{2800}',
            BLACK_FLAG,
            '\u{2764}',
            'ه',
            'َ',
            '्',
            'क',
            '葛',
            'a',
            '1',
        ]);
        let texts = prop::collection::vec(prop_oneof![4 => odd, 1 => any::<char>()], 0..8);
        let config = ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() };
        proptest!(config, |(characters in texts)| {
            let text: String = characters.iter().collect();
            let once = trimmed(&text);
            prop_assert_eq!(trimmed(&once), once.clone(), "{:?}", text);
            let visible = |text: &str| text.chars().filter(|one| is_visible(*one)).collect::<String>();
            prop_assert_eq!(visible(&once), visible(&text), "{:?}", text);
        });
    }
}

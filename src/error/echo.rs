//! Texts of clients in messages: no more of them than it takes to recognise them.

use std::borrow::Cow;

/// At most this many characters of an error's message are told.
pub const MAX_MESSAGE: usize = 1000;

/// At most this many characters of a client's text are repeated in a message.
const MAX_ECHO: usize = 64;

/// A client's text as messages repeat it: the beginning of a long one.
pub fn echo(text: &str) -> Cow<'_, str> {
    shortened(text, MAX_ECHO)
}

/// The first characters of a text, and a sign where there are more.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

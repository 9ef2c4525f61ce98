//! Places of a text: from byte offsets to the lines and columns that clients read.

use apollo_compiler::parser::SourceSpan;
use async_graphql::Pos;

/// Where the lines of a text begin, and which of its bytes are not the first of a character.
pub struct Places {
    lines: Vec<usize>,
    continuations: Vec<usize>,
}

impl Places {
    pub fn of(text: &str) -> Self {
        let mut lines = vec![0];
        let mut continuations = Vec::new();
        let bytes = text.as_bytes();
        for (offset, &byte) in bytes.iter().enumerate() {
            let ends_line = byte == b'\n' || byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n');
            if ends_line {
                lines.push(offset + 1);
            } else if byte & 0b1100_0000 == 0b1000_0000 {
                continuations.push(offset);
            }
        }
        Places { lines, continuations }
    }

    /// Where a node begins, if it was read from this text.
    pub fn at(&self, span: Option<SourceSpan>) -> Option<Pos> {
        span.map(|span| self.offset(span.offset()))
    }

    /// Line and column, both from 1, of a byte; columns count characters.
    pub fn offset(&self, offset: usize) -> Pos {
        let line = self.lines.partition_point(|&start| start <= offset);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let characters =
            (offset - start) - (self.continuations_before(offset) - self.continuations_before(start));
        Pos { line, column: characters + 1 }
    }

    fn continuations_before(&self, offset: usize) -> usize {
        self.continuations.partition_point(|&continuation| continuation < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_every_line_ending_counts_once() {
        let text = "{\r\n  é: \"😀\" x\r y\n}";
        let places = Places::of(text);
        let place = |needle: char| text.find(needle).map(|offset| places.offset(offset));
        assert_eq!(place('x'), Some(Pos { line: 2, column: 10 }));
        assert_eq!(place('y'), Some(Pos { line: 3, column: 2 }));
        assert_eq!(place('}'), Some(Pos { line: 4, column: 1 }));
    }
}

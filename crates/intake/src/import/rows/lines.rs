//! A text of any length in pieces that end where lines end.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};

use crate::IntakeError;

/// Bytes of a piece, unless a line is longer.
const PIECE: usize = 1 << 22;
/// No line is longer than this.
const LONGEST: usize = 1 << 28;

/// Some whole lines.
#[derive(Debug)]
pub(in crate::import) struct Piece {
    pub(in crate::import) bytes: Vec<u8>,
    /// The number of its first line, counted from 1.
    pub(in crate::import) line: u64,
}

/// The pieces of a text. Where quotes count, a line end between quotes does not end a piece.
pub(in crate::import) struct Lines<R> {
    name: String,
    from: R,
    /// The delimiter before which a quote opens, if quotes count.
    quotes: Option<u8>,
    size: usize,
    carried: Vec<u8>,
    line: u64,
    ended: bool,
}

impl<R: Read> Lines<R> {
    pub(in crate::import) fn new(name: &str, from: R, quotes: Option<u8>) -> Self {
        let name = name.to_owned();
        Self { name, from, quotes, size: PIECE, carried: Vec::new(), line: 1, ended: false }
    }

    #[cfg(test)]
    fn of_size(self, size: usize) -> Self {
        Self { size, ..self }
    }

    /// Reads on until there are so many bytes or no more.
    fn fill(&mut self, bytes: &mut Vec<u8>, up_to: usize) -> Result<(), IntakeError> {
        let more = up_to.saturating_sub(bytes.len()) as u64;
        let read =
            (&mut self.from).take(more).read_to_end(bytes).map_err(|source| refused(&self.name, source))?;
        self.ended = (read as u64) < more;
        Ok(())
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Piece, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = std::mem::take(&mut self.carried);
        if self.ended && bytes.is_empty() {
            return None;
        }
        let mut size = self.size;
        loop {
            if !self.ended
                && let Err(error) = self.fill(&mut bytes, size)
            {
                self.ended = true;
                return Some(Err(error));
            }
            let cut = if self.ended { bytes.len() } else { cut(&bytes, self.quotes) };
            if cut > 0 {
                self.carried = bytes.split_off(cut);
                let piece = Piece { line: self.line, bytes };
                self.line += memchr_iter(b'\n', &piece.bytes).count() as u64;
                return Some(Ok(piece));
            }
            if self.ended {
                return None;
            }
            if bytes.len() >= LONGEST {
                self.ended = true;
                self.carried.clear();
                return Some(Err(IntakeError::OpenQuote { name: self.name.clone(), line: self.line }));
            }
            size = bytes.len() * 2;
        }
    }
}

/// What a failure to read on means.
pub(in crate::import) fn refused(name: &str, source: std::io::Error) -> IntakeError {
    // A database tells what is wrong by itself.
    let source = match source.downcast::<IntakeError>() {
        Ok(error) => return error,
        Err(source) => source,
    };
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match source.kind() {
        InvalidData | UnexpectedEof | InvalidInput => {
            IntakeError::Gzip { name: name.to_owned(), reason: source.to_string() }
        }
        _ => IntakeError::Io { action: "read", path: name.to_owned(), source },
    }
}

/// Where the last whole line ends.
fn cut(bytes: &[u8], quotes: Option<u8>) -> usize {
    let Some(delimiter) = quotes.filter(|_| memchr(b'"', bytes).is_some()) else {
        return memrchr(b'\n', bytes).map_or(0, |end| end + 1);
    };
    let (mut open, mut end) = (false, 0);
    for at in memchr2_iter(b'"', b'\n', bytes) {
        match (bytes[at], open) {
            (b'\n', false) => end = at + 1,
            (b'\n', true) => {}
            // A doubled quote closes and opens at once.
            (_, true) => open = false,
            (_, false) => {
                let before = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
                open = before == delimiter || matches!(before, b'\n' | b'"');
            }
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, quotes: Option<u8>, size: usize) -> Vec<(u64, String)> {
        Lines::new("t", text.as_bytes(), quotes)
            .of_size(size)
            .map(|piece| piece.map(|p| (p.line, String::from_utf8(p.bytes).unwrap())).unwrap())
            .collect()
    }

    #[test]
    fn pieces_are_whole_lines_and_make_up_the_text() {
        let text = "a,b\nc,\"d\ne\"\n\nf,5\" long\ng,\"\"\"h\"\"\n\"\nlast,one";
        for size in 1..60 {
            let found = pieces(text, Some(b','), size);
            let whole: String = found.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(whole, text);
            let mut before = String::new();
            for (line, piece) in &found {
                assert_eq!(*line, 1 + before.matches('\n').count() as u64, "{piece:?}");
                assert!(!piece.starts_with("e\"") && !piece.starts_with("\"\n"), "{piece:?}");
                before += piece;
            }
        }
        assert!(pieces("", None, 8).is_empty());
        assert_eq!(pieces("a\"\nb", None, 1), [(1, "a\"\n".to_owned()), (2, "b".to_owned())]);
    }
}

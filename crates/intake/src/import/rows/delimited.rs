//! Rows of delimited text (RFC 4180), from a piece of it.

use std::io::Read;

use memchr::{memchr, memchr_iter};

use super::{Bad, Cell, Lines, Piece, Row};
use crate::IntakeError;
use crate::delimited::unique;

/// Whether quotes count. In text with tabs they do not: vocabularies in that form have names with inches in them.
pub(super) fn has_quotes(delimiter: u8) -> bool {
    delimiter != b'\t'
}

/// The delimiter and the names of the columns.
pub(super) fn header(name: &str, from: Box<dyn Read + Send>) -> Result<(u8, Vec<String>), IntakeError> {
    let first = Lines::new(name, from, Some(b',')).next().transpose()?;
    let Some(piece) = first else { return Err(IntakeError::Empty { name: name.to_owned() }) };
    let line = piece.bytes.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let line = line.unwrap_or_default();
    let count = |delimiter: u8| memchr_iter(delimiter, line).count();
    let delimiter = [b'|', b';', b'\t', b','].into_iter().max_by_key(|&d| count(d)).unwrap_or(b',');
    let (mut names, mut found) = (Vec::new(), None);
    let head = Piece { bytes: [line.trim_ascii_end(), b"\n"].concat(), line: 1 };
    records(&head, delimiter, |record| {
        if let Ok((_, cells)) = record {
            names = cells
                .iter()
                .map(|cell| cell.text().ok().flatten().unwrap_or_default().into_owned())
                .collect();
            found = Some(());
        }
    });
    let names: Vec<String> = names
        .into_iter()
        .enumerate()
        .map(|(place, name)| if name.is_empty() { format!("column_{}", place + 1) } else { name })
        .collect();
    if found.is_none() || names.is_empty() {
        return Err(IntakeError::NoRows { name: name.to_owned() });
    }
    Ok((delimiter, unique(name, names)?))
}

/// Hands over the rows of a piece; the first row of the first piece is that of the names.
pub(super) fn rows(
    piece: &Piece,
    delimiter: u8,
    columns: usize,
    wanted: &[Option<usize>],
    mut each: impl FnMut(Result<Row<'_, '_>, (u64, Bad)>),
) {
    let mut chosen = vec![Cell::Missing; wanted.len()];
    let mut names = piece.line == 1;
    records(piece, delimiter, |record| match record {
        _ if std::mem::take(&mut names) => {}
        Err(bad) => each(Err(bad)),
        Ok((line, cells)) if cells.len() == columns => {
            for (slot, place) in chosen.iter_mut().zip(wanted) {
                *slot = place.map_or(Cell::Missing, |place| cells[place]);
            }
            each(Ok(Row { line, cells: &chosen }));
        }
        Ok((line, _)) => each(Err((line, Bad::Fields))),
    });
}

/// Hands over all records and the lines on which they begin.
fn records<'a>(
    piece: &'a Piece,
    delimiter: u8,
    mut each: impl FnMut(Result<(u64, &[Cell<'a>]), (u64, Bad)>),
) {
    let bytes = piece.bytes.as_slice();
    let quotes = has_quotes(delimiter);
    let (mut at, mut line) = (0, piece.line);
    let mut cells: Vec<Cell<'a>> = Vec::new();
    while at < bytes.len() {
        if bytes[at] == b'\n' || bytes[at..].starts_with(b"\r\n") {
            at += if bytes[at] == b'\n' { 1 } else { 2 };
            line += 1;
            continue;
        }
        let begins = line;
        cells.clear();
        let mut bad = None;
        loop {
            let cell;
            if quotes && bytes.get(at) == Some(&b'"') {
                let (length, doubled, lines) = quoted(&bytes[at + 1..]);
                let text = &bytes[at + 1..at + 1 + length];
                cell = if doubled { Cell::Quoted(text) } else { Cell::Text(text) };
                line += lines;
                at = (at + length + 2).min(bytes.len());
                let rest = &bytes[at..];
                if rest.first().is_some_and(|&b| b != delimiter && b != b'\n') && !rest.starts_with(b"\r\n") {
                    bad = Some(Bad::AfterQuote);
                    at += memchr(b'\n', rest).unwrap_or(rest.len());
                }
            } else {
                let start = at;
                while at < bytes.len() && bytes[at] != delimiter && bytes[at] != b'\n' {
                    at += 1;
                }
                // A carriage return before the line's end is white space too.
                let text = bytes[start..at].trim_ascii();
                cell = if text.is_empty() { Cell::Missing } else { Cell::Text(text) };
            }
            cells.push(cell);
            if bytes.get(at) == Some(&b'\r') {
                at += 1;
            }
            match bytes.get(at) {
                Some(&byte) if byte == delimiter && byte != b'\n' => at += 1,
                Some(_) => {
                    at += 1;
                    line += 1;
                    break;
                }
                None => break,
            }
        }
        each(match bad {
            Some(bad) => Err((begins, bad)),
            None => Ok((begins, &cells)),
        });
    }
}

/// The length of what stands between quotes, from after the opening one; whether a quote is doubled in it; the line ends
/// in it.
fn quoted(bytes: &[u8]) -> (usize, bool, u64) {
    let (mut at, mut doubled) = (0, false);
    let length = loop {
        match memchr(b'"', &bytes[at..]) {
            None => break bytes.len(),
            Some(next) if bytes.get(at + next + 1) == Some(&b'"') => {
                doubled = true;
                at += next + 2;
            }
            Some(next) => break at + next,
        }
    };
    (length, doubled, memchr_iter(b'\n', &bytes[..length]).count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The line and the fields of a record, or the line and what is wrong.
    type Told = Result<(u64, Vec<String>), (u64, Bad)>;

    /// White space around an unquoted field does not count, nor does a text of nothing else.
    fn kept(text: &str) -> String {
        let quoted = text.contains(['"', ',', '\n']);
        if quoted && !text.trim().is_empty() { text.to_owned() } else { text.trim().to_owned() }
    }

    fn all(text: &str, delimiter: u8) -> Vec<Told> {
        let piece = Piece { bytes: text.as_bytes().to_vec(), line: 1 };
        let mut found = Vec::new();
        records(&piece, delimiter, |record| {
            found.push(record.map(|(line, cells)| {
                (line, cells.iter().map(|c| c.text().unwrap().unwrap_or_default().into_owned()).collect())
            }));
        });
        found
    }

    #[test]
    fn fields_as_the_standard_has_them() {
        let text = "a,b,c\r\n\n1,\"x,\"\"y\"\"\nz\",\n2,5\" long,\r\n\"3\"oops,4,5\n6,7\n,,\"\"";
        let row = |line, cells: &[&str]| Ok((line, cells.iter().map(ToString::to_string).collect()));
        assert_eq!(
            all(text, b','),
            [
                row(1, &["a", "b", "c"]),
                row(3, &["1", "x,\"y\"\nz", ""]),
                row(5, &["2", "5\" long", ""]),
                Err((6, Bad::AfterQuote)),
                row(7, &["6", "7"]),
                row(8, &["", "", ""]),
            ]
        );
        assert_eq!(all("a\t\"b\n", b'\t'), [row(1, &["a", "\"b"])]);
        assert_eq!(all("a,\"open", b','), [row(1, &["a", "open"])]);
    }

    #[test]
    fn names_of_columns() {
        let names = |text: &'static str| header("t.csv", Box::new(text.as_bytes())).unwrap();
        assert_eq!(names("\n\"a;b\";c\n1;2").1, ["a;b", "c"]);
        assert_eq!(names("a\tb,c\td\n"), (b'\t', ["a", "b,c", "d"].map(str::to_owned).to_vec()));
        assert_eq!(names("one").1, ["one"]);
        assert!(header("t.csv", Box::new(&b""[..])).is_err());
        assert!(header("t.csv", Box::new(&b"a,a\n"[..])).is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[a,;\"\r\n\t]{0,40}", delimiter in prop::sample::select(b",;\t|".to_vec())) {
            let lines = text.matches('\n').count() as u64 + 1;
            let piece = Piece { bytes: text.into_bytes(), line: 1 };
            records(&piece, delimiter, |record| {
                let line = match record { Ok((line, _)) | Err((line, _)) => line };
                assert!(line <= lines);
            });
        }

        #[test]
        fn what_a_writer_wrote_is_read(rows in prop::collection::vec(prop::collection::vec("[a-c\", \n]{0,5}", 3), 1..8)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let found: Vec<Vec<String>> = all(&text, b',').into_iter().map(|row| row.unwrap().1).collect();
            let expected: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|c| kept(c)).collect()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

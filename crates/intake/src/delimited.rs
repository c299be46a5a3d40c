//! Fields between delimiters, one line a row (RFC 4180), in one pass.
//!
//! Taken more widely than the RFC: any ASCII delimiter; lines end in LF, CRLF or CR; blank lines are skipped; white
//! space around an unquoted field does not count. Taken as strictly: every row has as many fields as there are columns,
//! a quote that opens closes, and nothing stands between a closing quote and the next delimiter.

use std::borrow::Cow;

use crate::IntakeError;
use crate::dictionary::Dictionary;
use crate::options::Header;

/// The longest table whose rows can be numbered.
const MOST_ROWS: usize = u32::MAX as usize - 1;
/// A text shorter than this is not worth a second thread.
const WORTH_DIVIDING: usize = 1 << 20;

/// Columns of texts, each distinct text kept once.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<(Dictionary, Vec<u32>)>,
    /// The line on which each row begins.
    pub(crate) lines: Vec<u32>,
}

/// Reads a whole text. The result does not depend on `threads`.
pub(crate) fn parse(
    name: &str,
    text: &str,
    delimiter: Option<u8>,
    header: &Header,
    threads: usize,
) -> Result<Parsed, IntakeError> {
    let delimiter = match delimiter {
        Some(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => byte,
        Some(byte) => return Err(IntakeError::Delimiter { byte }),
        None => most_frequent_delimiter(name, text),
    };
    let mut scanner = Scanner { text, at: 0, line: 1, delimiter };
    let names = match header {
        Header::FirstLine => unique(name, named(scanner.first_row().map_err(|f| f.at(name, 0))?))?,
        Header::Numbered => {
            let mut probe = Scanner { text, at: 0, line: 1, delimiter };
            let fields = probe.first_row().map_err(|f| f.at(name, 0))?.len();
            (1..=fields).map(|number| format!("column_{number}")).collect()
        }
        Header::Names(names) => unique(name, named(names.clone()))?,
    };
    let before = scanner.line - 1;
    let parts = divide(&text[scanner.at..], threads);
    let parsed = std::thread::scope(|scope| {
        let work = |part| Part::read(Scanner { text: part, at: 0, line: 1, delimiter }, names.len());
        let running: Vec<_> = parts[1..].iter().map(|&part| scope.spawn(move || work(part))).collect();
        let mut parsed = vec![work(parts[0])];
        for thread in running {
            parsed.push(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parsed
    });
    let mut whole = Part::new(names.len());
    let mut base = before;
    for part in parsed {
        let part = part.map_err(|fault| fault.at(name, base))?;
        let lines = part.line_count;
        whole.append(part, base);
        base += lines;
    }
    if whole.lines.is_empty() {
        return Err(IntakeError::NoRows { name: name.to_owned() });
    }
    Ok(Parsed { names, columns: whole.columns, lines: whole.lines })
}

/// Parts of a text that end where rows end. A quote may hide line ends, so a text with quotes stays whole.
fn divide(text: &str, threads: usize) -> Vec<&str> {
    let wanted = threads.min(text.len() / WORTH_DIVIDING).max(1);
    if wanted == 1 || text.as_bytes().contains(&b'"') {
        return vec![text];
    }
    let (mut parts, mut start) = (Vec::new(), 0);
    for number in 1..wanted {
        let from = (text.len() / wanted * number).max(start);
        let Some(end) = text.as_bytes()[from..].iter().position(|&b| b == b'\n') else { break };
        parts.push(&text[start..=from + end]);
        start = from + end + 1;
    }
    parts.push(&text[start..]);
    parts
}

fn most_frequent_delimiter(name: &str, text: &str) -> u8 {
    if name.to_ascii_lowercase().ends_with(".tsv") {
        return b'\t';
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (mut counts, mut quoted) = ([0_usize; 4], false);
    let known = *b",;\t|";
    for byte in first.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if let Some(place) = known.iter().position(|&k| k == byte && !quoted) {
            counts[place] += 1;
        }
    }
    // The first of equals: a comma when there is none at all.
    (0..4).rev().max_by_key(|&place| counts[place]).map_or(b',', |place| known[place])
}

/// Names for columns; one without a name, as the row names of R have, is called by its place.
fn named(names: Vec<String>) -> Vec<String> {
    let call = |(place, name): (usize, String)| {
        let name = name.trim();
        if name.is_empty() { format!("column_{}", place + 1) } else { name.to_owned() }
    };
    names.into_iter().enumerate().map(call).collect()
}

/// The names, if no two are equal.
pub(crate) fn unique(file: &str, names: Vec<String>) -> Result<Vec<String>, IntakeError> {
    let mut seen = std::collections::HashMap::new();
    for (second, name) in names.iter().enumerate() {
        if let Some(first) = seen.insert(name.as_str(), second) {
            let record = crate::parse_number(name, crate::Decimal::Point).is_some();
            return Err(IntakeError::DuplicateColumn {
                name: file.to_owned(),
                first: first + 1,
                second: second + 1,
                column: (!record).then(|| name.clone()),
            });
        }
    }
    Ok(names)
}

/// What is wrong, by the line within a part.
enum Fault {
    Fields { line: u64, expected: usize, found: usize },
    OpenQuote { line: u64 },
    AfterQuote { line: u64 },
    TooLong,
}

impl Fault {
    fn at(self, name: &str, before: u64) -> IntakeError {
        let name = name.to_owned();
        match self {
            Self::Fields { line, expected, found } => {
                IntakeError::Fields { name, line: before + line, expected, found }
            }
            Self::OpenQuote { line } => IntakeError::OpenQuote { name, line: before + line },
            Self::AfterQuote { line } => IntakeError::AfterQuote { name, line: before + line },
            Self::TooLong => IntakeError::TooLong { name, limit: MOST_ROWS },
        }
    }
}

struct Part {
    columns: Vec<(Dictionary, Vec<u32>)>,
    lines: Vec<u32>,
    line_count: u64,
}

impl Part {
    fn new(columns: usize) -> Self {
        let columns = (0..columns).map(|_| (Dictionary::new(), Vec::new())).collect();
        Self { columns, lines: Vec::new(), line_count: 0 }
    }

    fn read(mut scanner: Scanner<'_>, expected: usize) -> Result<Self, Fault> {
        let mut part = Self::new(expected);
        while scanner.skip_blank_lines() {
            let line = scanner.line;
            let mut found = 0;
            loop {
                let (field, last) = scanner.field()?;
                if let Some((dictionary, codes)) = part.columns.get_mut(found) {
                    // Neighbours are often equal, and comparing is cheaper than looking up.
                    let code = match codes.last() {
                        Some(&code) if dictionary.get(code) == field.as_ref() => code,
                        _ => dictionary.intern(&field),
                    };
                    codes.push(code);
                }
                found += 1;
                if last {
                    break;
                }
            }
            if found != expected {
                return Err(Fault::Fields { line, expected, found });
            }
            if part.lines.len() >= MOST_ROWS {
                return Err(Fault::TooLong);
            }
            part.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
        part.line_count = scanner.line - 1;
        Ok(part)
    }

    fn append(&mut self, other: Self, before: u64) {
        let shift = u32::try_from(before).unwrap_or(u32::MAX);
        self.lines.extend(other.lines.iter().map(|line| line.saturating_add(shift)));
        for ((dictionary, codes), (more, more_codes)) in self.columns.iter_mut().zip(other.columns) {
            if dictionary.len() == 0 {
                (*dictionary, *codes) = (more, more_codes);
            } else {
                let renumbered: Vec<u32> = more.iter().map(|text| dictionary.intern(text)).collect();
                codes.extend(more_codes.iter().map(|&code| renumbered[code as usize]));
            }
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    delimiter: u8,
}

impl<'a> Scanner<'a> {
    fn first_row(&mut self) -> Result<Vec<String>, Fault> {
        let mut fields = Vec::new();
        if self.skip_blank_lines() {
            loop {
                let (field, last) = self.field()?;
                fields.push(field.into_owned());
                if last {
                    break;
                }
            }
        }
        Ok(fields)
    }

    /// Moves to the next line that holds something; whether there is one.
    fn skip_blank_lines(&mut self) -> bool {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            if !matches!(byte, b'\n' | b'\r') {
                return true;
            }
            self.end_line();
        }
        false
    }

    /// Steps over the line end at hand.
    fn end_line(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += if rest.starts_with(b"\r\n") { 2 } else { 1 };
        self.line += 1;
    }

    /// The next field and whether it is the last of its row.
    #[inline]
    fn field(&mut self) -> Result<(Cow<'a, str>, bool), Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(start) == Some(&b'"') {
            return self.quoted_field();
        }
        let delimiter = self.delimiter;
        let length = bytes[start..]
            .iter()
            .position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r')
            .unwrap_or(bytes.len() - start);
        self.at = start + length;
        let field = &self.text[start..self.at];
        let padded = |b: Option<&u8>| b.is_some_and(|&b| b <= b' ' || !b.is_ascii());
        let field = if padded(field.as_bytes().first()) || padded(field.as_bytes().last()) {
            field.trim()
        } else {
            field
        };
        Ok((Cow::Borrowed(field), self.end_field()))
    }

    /// Steps over what ends a field; whether the row ends with it.
    fn end_field(&mut self) -> bool {
        match self.text.as_bytes().get(self.at) {
            Some(&byte) if byte == self.delimiter => {
                self.at += 1;
                false
            }
            Some(_) => {
                self.end_line();
                true
            }
            None => true,
        }
    }

    fn quoted_field(&mut self) -> Result<(Cow<'a, str>, bool), Fault> {
        let opened = self.line;
        let mut whole: Option<String> = None;
        loop {
            let start = self.at + 1;
            let Some(length) = self.text.as_bytes()[start..].iter().position(|&b| b == b'"') else {
                return Err(Fault::OpenQuote { line: opened });
            };
            let piece = &self.text[start..start + length];
            self.line += line_ends(piece);
            self.at = start + length + 1;
            let next = self.text.as_bytes().get(self.at);
            if next == Some(&b'"') {
                let whole = whole.get_or_insert_default();
                whole.push_str(piece);
                whole.push('"');
                continue;
            }
            if next.is_some_and(|&b| b != self.delimiter && b != b'\n' && b != b'\r') {
                return Err(Fault::AfterQuote { line: self.line });
            }
            let field = match whole {
                None => Cow::Borrowed(piece),
                Some(mut whole) => {
                    whole.push_str(piece);
                    Cow::Owned(whole)
                }
            };
            return Ok((field, self.end_field()));
        }
    }
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let feeds = bytes.iter().filter(|&&b| b == b'\n').count();
    let returns = bytes.iter().enumerate().filter(|&(i, &b)| b == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
    (feeds + returns.count()) as u64
}

#[cfg(test)]
mod tests;

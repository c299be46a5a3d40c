//! The Attribute-Relation File Format of Weka
//! (<https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/>), dense rows only.

use crate::IntakeError;
use crate::cells::Cells;
use crate::delimited::unique;
use crate::dictionary::Dictionary;
use crate::read::{Loaded, LoadedColumn};

mod words;

use words::words;

/// What an attribute holds.
enum Kind {
    /// Numbers, text or dates: read when asked for.
    Free,
    /// One of these.
    Levels(Vec<String>),
}

/// Whether the first line that is no comment names a relation.
pub(crate) fn looks_like(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('%'));
    first.is_some_and(|line| keyword(line).0 == "@relation")
}

/// Reads a whole text.
pub(crate) fn load(name: &str, text: &str) -> Result<Loaded, IntakeError> {
    let wrong =
        |line: usize, reason: String| IntakeError::Arff { name: name.to_owned(), line: line as u64, reason };
    let mut attributes: Vec<(String, Kind)> = Vec::new();
    let mut lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim()));
    let mut data = false;
    for (number, line) in lines.by_ref() {
        if line.is_empty() || line.starts_with('%') {
            continue;
        }
        match keyword(line) {
            (word, _) if word == "@relation" => {}
            (word, rest) if word == "@attribute" => {
                attributes.push(attribute(rest).map_err(|reason| wrong(number, reason))?);
            }
            (word, _) if word == "@data" => {
                data = true;
                break;
            }
            _ => return Err(wrong(number, "expected @relation, @attribute or @data".to_owned())),
        }
    }
    if !data {
        return Err(wrong(text.lines().count(), "expected @data, found the end of the file".to_owned()));
    }
    if attributes.is_empty() {
        return Err(wrong(
            text.lines().count(),
            "expected @attribute lines before @data, found none".to_owned(),
        ));
    }
    let (names, kinds): (Vec<String>, Vec<Kind>) = attributes.into_iter().unzip();
    let names = unique(name, names)?;
    let mut columns: Vec<(Dictionary, Vec<u32>)> =
        kinds.iter().map(|_| (Dictionary::new(), Vec::new())).collect();
    let mut row_lines = Vec::new();
    for (number, line) in lines {
        if line.is_empty() || line.starts_with('%') {
            continue;
        }
        if line.starts_with('{') {
            return Err(wrong(
                number,
                "sparse rows (`{index value, …}`) are not read; write every value".to_owned(),
            ));
        }
        let fields = words(line, ',').map_err(|reason| wrong(number, reason))?;
        if fields.len() != names.len() {
            return Err(IntakeError::Fields {
                name: name.to_owned(),
                line: number as u64,
                expected: names.len(),
                found: fields.len(),
            });
        }
        for (((dictionary, codes), kind), (field, column)) in
            columns.iter_mut().zip(&kinds).zip(fields.iter().zip(&names))
        {
            let value = cell(field, kind).ok_or_else(|| {
                wrong(number, format!("attribute `{column}`: the value is none of those that it declares"))
            })?;
            codes.push(dictionary.intern(value));
        }
        row_lines.push(u32::try_from(number).unwrap_or(u32::MAX));
    }
    let columns =
        names.into_iter().zip(kinds).zip(columns).map(|((name, kind), (dictionary, codes))| LoadedColumn {
            name,
            cells: Cells::text(codes, dictionary),
            levels: matches!(kind, Kind::Levels(_)),
            question_mark: true,
        });
    Ok(Loaded { columns: columns.collect(), rows: row_lines.len(), lines: row_lines })
}

/// A value as its attribute declares it; `?` is always allowed.
fn cell<'a>(field: &'a str, kind: &Kind) -> Option<&'a str> {
    match kind {
        Kind::Levels(levels) if field != "?" && !levels.iter().any(|level| level == field) => None,
        _ => Some(field),
    }
}

/// The first word of a line in lower case, and the rest.
fn keyword(line: &str) -> (String, &str) {
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    (line[..end].to_ascii_lowercase(), line[end..].trim_start())
}

/// `name type`, the name perhaps quoted.
fn attribute(text: &str) -> Result<(String, Kind), String> {
    let (name, rest) = words::first(text)?;
    if name.is_empty() {
        return Err("expected an attribute's name and type".to_owned());
    }
    let rest = rest.trim();
    if let Some(levels) = rest.strip_prefix('{') {
        let levels = levels.strip_suffix('}').ok_or("expected `}` after the last level")?;
        return Ok((name, Kind::Levels(words(levels, ',')?)));
    }
    match keyword(rest).0.as_str() {
        "numeric" | "real" | "integer" | "string" | "date" => Ok((name, Kind::Free)),
        "relational" => {
            Err(format!("attribute `{name}` is relational (a table within a cell), which is not read"))
        }
        "" => Err(format!("attribute `{name}` has no type")),
        other => Err(format!(
            "attribute `{name}`: expected numeric, real, integer, string, date or `{{levels}}`, found `{other}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str =
        "% c\n@RELATION 'a b'\n@attribute 'age at \\'x\\'' numeric\n@ATTRIBUTE sex {f, 'not f'}\n@data\n";

    fn read(rows: &str) -> Result<Vec<Vec<String>>, IntakeError> {
        let loaded = load("t.arff", &format!("{HEAD}{rows}"))?;
        let row = |r| loaded.columns.iter().map(|c| c.cells.written(r).unwrap_or_default()).collect();
        Ok((0..loaded.rows).map(row).collect())
    }

    #[test]
    fn quotes_comments_and_blanks() {
        let rows = read("% c\n\n71,f\n ? , \"not f\"\n'3','not f'\n").unwrap();
        assert_eq!(rows, [["71", "f"], ["?", "not f"], ["3", "not f"]]);
        assert_eq!(load("t", HEAD).unwrap().columns[0].name, "age at 'x'");
    }

    #[test]
    fn what_breaks_the_grammar_names_its_line() {
        for (rows, line, word) in [
            ("1,f\n{0 1}\n", 7, "sparse"),
            ("1,m\n", 6, "declares"),
            ("1,'f\n", 6, "quote"),
            ("1,'f'x\n", 6, "quote"),
        ] {
            let error = read(rows).unwrap_err();
            assert!(
                matches!(&error, IntakeError::Arff { line: l, reason, .. } if *l == line && reason.contains(word)),
                "{error}"
            );
        }
        assert!(matches!(read("1,f\n1\n"), Err(IntakeError::Fields { line: 7, expected: 2, found: 1, .. })));
        for head in [
            "@relation r\n@attribute a relational\n@data\n",
            "@relation r\n@attribute a\n@data\n",
            "@relation r\n",
            "@relation r\n@data\n1",
            "@relation r\n1,2",
        ] {
            assert!(matches!(load("t", head), Err(IntakeError::Arff { .. })), "{head}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(rows in "[01f,?'\"\\\\{} %\n]{0,40}", head in "[@a-z '{},\n\\\\]{0,40}") {
            let _ = read(&rows);
            let _ = load("t", &head);
        }
    }
}

//! Words that may be quoted.

/// The words between delimiters.
pub(super) fn words(line: &str, delimiter: char) -> Result<Vec<String>, String> {
    let (mut words, mut rest) = (Vec::new(), line);
    loop {
        rest = rest.trim_start();
        let text;
        if rest.starts_with(['\'', '"']) {
            (text, rest) = quoted(rest)?;
            rest = rest.trim_start();
        } else {
            let end = rest.find(delimiter).unwrap_or(rest.len());
            text = rest[..end].trim_end().to_owned();
            rest = &rest[end..];
        }
        words.push(text);
        if rest.is_empty() {
            return Ok(words);
        }
        rest = rest.strip_prefix(delimiter).ok_or("expected a comma after a closing quote")?;
    }
}

/// The first word before white space, and the rest.
pub(super) fn first(text: &str) -> Result<(String, &str), String> {
    if text.starts_with(['\'', '"']) {
        return quoted(text);
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '{').unwrap_or(text.len());
    Ok((text[..end].to_owned(), &text[end..]))
}

/// A quoted word (a backslash takes the next character as it is), and what follows it.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    let mut word = String::new();
    while let Some((at, character)) = characters.next() {
        if Some(character) == quote {
            return Ok((word, &text[at + character.len_utf8()..]));
        }
        match character {
            '\\' => word.extend(characters.next().map(|(_, escaped)| match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            })),
            other => word.push(other),
        }
    }
    Err("a quote is opened and never closed".to_owned())
}

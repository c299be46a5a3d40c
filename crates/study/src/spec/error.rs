//! What is wrong with a study file, and where.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong with a study file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The line, from 1.
    pub line: usize,
    /// The column (character) in the line, from 1.
    pub column: usize,
    /// Where in the file's structure: `split.held-out`, `model[1].leaves`.
    pub path: String,
    /// What is wrong: what was expected and what was found.
    pub problem: String,
    /// What to do.
    pub hint: Option<String>,
    excerpt: String,
    width: usize,
}

/// Everything that is wrong with a study file, in the order of lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecErrors {
    name: String,
    errors: Vec<SpecError>,
}

impl SpecError {
    pub(super) fn new(
        text: &str,
        span: Range<usize>,
        path: impl Into<String>,
        problem: impl Into<String>,
        hint: Option<String>,
    ) -> Self {
        let start = floor(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor(text, span.end).clamp(start, line_end);
        Self {
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            path: path.into(),
            problem: problem.into(),
            hint,
            excerpt: text[line_start..line_end].trim_end_matches('\r').to_owned(),
            width: text[start..end].trim_end().chars().count().max(1),
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl SpecErrors {
    pub(super) fn new(name: &str, mut errors: Vec<SpecError>) -> Self {
        errors.sort_by_key(|error| (error.line, error.column));
        errors.dedup();
        Self { name: name.to_owned(), errors }
    }

    /// The errors, in the order of lines.
    #[must_use]
    pub fn errors(&self) -> &[SpecError] {
        &self.errors
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::error::Error for SpecErrors {}

/// Plain text, one paragraph an error, each with the line it is about.
impl fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            error.write(f, &self.name)?;
        }
        Ok(())
    }
}

impl SpecError {
    fn write(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        writeln!(f, "error: {}", shown(&self.problem))?;
        writeln!(f, "{gutter}--> {}:{}:{}", shown(name), self.line, self.column)?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{}", format!("{number} | {}", shown(&self.excerpt)).trim_end())?;
        writeln!(f, "{gutter} | {}{}", " ".repeat(self.column - 1), "^".repeat(self.width))?;
        if let Some(hint) = &self.hint {
            writeln!(f, "{gutter} = help: {}", shown(hint))?;
        }
        Ok(())
    }
}

/// Control characters would move the caret or the terminal's cursor.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

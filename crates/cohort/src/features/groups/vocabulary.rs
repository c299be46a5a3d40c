//! Which vocabulary a code is of, told by what stands before it.

use std::borrow::Cow;

/// The revision of the International Classification of Diseases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::features) enum Revision {
    Nine,
    Ten,
}

/// A diagnosis: in capitals and without its dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::features) struct Diagnosis<'a> {
    pub(in crate::features) revision: Revision,
    pub(in crate::features) code: Cow<'a, str>,
}

impl<'a> Diagnosis<'a> {
    /// The diagnosis that a code names: `ICD10CM/I50.9`, `DIAGNOSIS//ICD//10//I509`. None for anything else, procedures
    /// among it.
    pub(in crate::features) fn of(code: &'a str) -> Option<Self> {
        let mut parts = code.split('/').filter(|part| !part.is_empty());
        let mut icd = false;
        let revision = loop {
            let part = parts.next()?;
            if part.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("PROC")) {
                return None;
            }
            match (vocabulary(part).as_str(), icd) {
                ("ICD10" | "ICD10CM" | "ICD10GM" | "ICD10WHO", _) | ("10", true) => break Revision::Ten,
                ("ICD9" | "ICD9CM", _) | ("9", true) => break Revision::Nine,
                (word, _) => icd = word == "ICD",
            }
        };
        let code = plain(parts.next()?, revision)?;
        Some(Self { revision, code })
    }

    /// The part before the dot: three characters, four of an external cause in ICD-9-CM.
    pub(in crate::features) fn category(&self) -> &str {
        let external = self.revision == Revision::Nine && self.code.starts_with('E');
        &self.code[..if external { 4 } else { 3 }]
    }
}

/// The name of a vocabulary in capitals, without what is written between its letters.
fn vocabulary(part: &str) -> String {
    part.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// A code in capitals and without its dot, if it can be one.
fn plain(written: &str, revision: Revision) -> Option<Cow<'_, str>> {
    // Marks of a cause and its manifestation, of a secondary code, and of a category without its subdivision.
    let marks: &[char] = if revision == Revision::Ten { &['+', '*', '†', '!', '-'] } else { &[] };
    let written = written.trim().trim_end_matches(marks).trim_end();
    let as_it_is = written.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let code: Cow<'_, str> = if as_it_is {
        Cow::Borrowed(written)
    } else {
        let dotless = written.chars().filter(|letter| *letter != '.' && !letter.is_whitespace());
        dotless.map(|letter| letter.to_ascii_uppercase()).collect::<String>().into()
    };
    let bytes = code.as_bytes();
    // `38.9` has lost a zero; without its dot it would be a code of another category.
    let before_dot = written.find('.').map(|dot| written[..dot].trim_end().len());
    let category = if revision == Revision::Nine && bytes.first() == Some(&b'E') { 4 } else { 3 };
    if before_dot.is_some_and(|place| place != category) {
        return None;
    }
    let digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let sound = bytes.iter().all(u8::is_ascii_alphanumeric)
        && match (revision, bytes.first()?) {
            (Revision::Ten, first) => first.is_ascii_uppercase() && digit(1) && bytes.len() >= 3,
            (Revision::Nine, b'E') => (1..4).all(digit),
            (Revision::Nine, b'V') => (1..3).all(digit),
            (Revision::Nine, _) => (0..3).all(digit),
        };
    sound.then_some(code)
}

/// The ATC code that a code names, in capitals: `ATC/C09AA05`.
pub(in crate::features) fn atc(code: &str) -> Option<String> {
    let mut parts = code.split('/').filter(|part| !part.is_empty());
    parts.by_ref().find(|part| vocabulary(part) == "ATC")?;
    let code = parts.next()?.trim().to_ascii_uppercase();
    let letters = [true, false, false, true, true, false, false];
    let kinds = code.bytes().zip(letters);
    let sound = [1, 3, 4, 5, 7].contains(&code.len())
        && kinds.fold(true, |sound, (byte, letter)| {
            sound && if letter { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() }
        });
    sound.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnoses_are_known_by_what_stands_before_them() {
        for (code, expected) in [
            ("ICD10CM/I50.9", Some((Revision::Ten, "I509", "I50"))),
            ("ICD10/i10", Some((Revision::Ten, "I10", "I10"))),
            ("DIAGNOSIS//ICD//10//C7A00", Some((Revision::Ten, "C7A00", "C7A"))),
            ("DIAGNOSIS//ICD//9//4019", Some((Revision::Nine, "4019", "401"))),
            ("ICD9CM/E950.1", Some((Revision::Nine, "E9501", "E950"))),
            ("ICD-9-CM//V45.01", Some((Revision::Nine, "V4501", "V45"))),
            ("ICD10CM/I50.9//primary", Some((Revision::Ten, "I509", "I50"))),
            ("ICD10GM/E11.20+", Some((Revision::Ten, "E1120", "E11"))),
            ("ICD10GM/G63.2*", Some((Revision::Ten, "G632", "G63"))),
            ("ICD10GM/E11.-", Some((Revision::Ten, "E11", "E11"))),
            ("ICD9CM/401-", None),
            ("PROCEDURE//ICD//9//4019", None),
            ("ICD10PCS/0DTJ4ZZ", None),
            ("ICD9Proc/38.93", None),
            ("ICD9CM/38.9", None),
            ("ICD10CM/I", None),
            ("ICD10CM/Ü10", None),
            ("ICD10CM/IÜ0", None),
            ("ICD10CM", None),
            ("LAB//50912//mg/dL", None),
            ("ICD//LAB//10//I10", None),
        ] {
            let found = Diagnosis::of(code);
            let found = found.as_ref().map(|found| (found.revision, &*found.code, found.category()));
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn drugs_are_known_by_what_stands_before_them() {
        assert_eq!(atc("ATC/C09AA05").as_deref(), Some("C09AA05"));
        assert_eq!(atc("MEDICATION//atc//c09").as_deref(), Some("C09"));
        for code in ["ATC/C09AA5", "ATC/C0", "ATC/909", "RxNorm/3355", "ATC", "ATC/C09AA05Ü"] {
            assert_eq!(atc(code), None, "{code}");
        }
    }
}

//! From bytes to text, or a clear word on why not.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use crate::IntakeError;

/// The text of a file. A byte order mark is dropped, and decides when no encoding is named.
///
/// # Errors
/// [`IntakeError::Empty`], [`IntakeError::NotText`], [`IntakeError::UnknownEncoding`] and, with the byte,
/// [`IntakeError::Encoding`].
pub(crate) fn text<'a>(
    name: &str,
    bytes: &'a [u8],
    label: Option<&str>,
) -> Result<Cow<'a, str>, IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty { name: name.to_owned() });
    }
    let marked = Encoding::for_bom(bytes);
    let encoding = match label {
        Some(label) => Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| IntakeError::UnknownEncoding { label: label.to_owned() })?,
        None => marked.map_or(UTF_8, |(encoding, _)| encoding),
    };
    let skip = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
    let body = &bytes[skip..];
    if let Some(found) = other_than_text(body, encoding) {
        return Err(IntakeError::NotText { name: name.to_owned(), found });
    }
    let wrong = |at: usize| IntakeError::Encoding {
        name: name.to_owned(),
        encoding: encoding.name(),
        byte: skip + at,
    };
    let text = if encoding == UTF_8 {
        Cow::Borrowed(std::str::from_utf8(body).map_err(|e| wrong(e.valid_up_to()))?)
    } else {
        Cow::Owned(decode(body, encoding).map_err(wrong)?)
    };
    if text.trim().is_empty() {
        return Err(IntakeError::Empty { name: name.to_owned() });
    }
    Ok(text)
}

/// The text, or the place of the first byte that is none.
fn decode(bytes: &[u8], encoding: &'static Encoding) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let longest = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(longest.unwrap_or(bytes.len()));
    let mut read = 0;
    loop {
        let (result, taken) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += taken;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(bytes.len() - read + 16),
            DecoderResult::Malformed(length, after) => {
                return Err(read.saturating_sub(usize::from(length) + usize::from(after)));
            }
        }
    }
    text.shrink_to_fit();
    Ok(text)
}

fn other_than_text(bytes: &[u8], encoding: &'static Encoding) -> Option<&'static str> {
    let known: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "a zip archive (or a spreadsheet); unpack it, or save it as CSV"),
        (b"\x1F\x8B", "a gzip archive; unpack it"),
        (b"\x28\xB5\x2F\xFD", "a zstandard archive; unpack it"),
        (b"%PDF-", "a PDF document"),
        (b"PAR1", "a Parquet file; name the format"),
        (b"\xD0\xCF\x11\xE0", "an old spreadsheet; save it as CSV"),
        (b"SQLite format 3\0", "an SQLite database"),
    ];
    if let Some((_, found)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(found);
    }
    // A zero byte is ordinary in UTF-16 only.
    let wide = encoding.name().starts_with("UTF-16");
    match bytes.iter().take(65_536).position(|&byte| byte == 0) {
        Some(at) if !wide && at < 4 && bytes.len() > 3 && (bytes[0] == 0 || bytes[1] == 0) => {
            Some("UTF-16 without a byte order mark, or binary data; if it is text, name the encoding")
        }
        Some(_) if !wide => Some("binary data (it has zero bytes)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>) -> Result<String, IntakeError> {
        text("t", bytes, label).map(Cow::into_owned)
    }

    #[test]
    fn marks_decide_and_vanish() {
        assert_eq!(read(b"\xEF\xBB\xBFa", None).unwrap(), "a");
        assert_eq!(read(b"\xFF\xFEa\0\xE9\0", None).unwrap(), "aé");
        assert_eq!(read(b"\xFE\xFF\0a", None).unwrap(), "a");
        assert_eq!(read(b"\xFF\xFEa\0", Some("utf-16le")).unwrap(), "a");
        assert_eq!(read(b"caf\xE9", Some("windows-1252")).unwrap(), "café");
    }

    #[test]
    fn a_wrong_encoding_names_the_byte() {
        assert!(matches!(read(b"caf\xE9,1", None), Err(IntakeError::Encoding { byte: 3, .. })));
        assert!(matches!(read(b"\xEF\xBB\xBFcaf\xE9,1", None), Err(IntakeError::Encoding { byte: 6, .. })));
        assert!(matches!(
            read(b"a\0\x00\xDCb\0", Some("utf-16le")),
            Err(IntakeError::Encoding { byte: 2, .. })
        ));
        assert!(matches!(read(b"a", Some("latin-99")), Err(IntakeError::UnknownEncoding { .. })));
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, word) in [
            (&b"PK\x03\x04rest"[..], "zip"),
            (b"\x1F\x8B\x08", "gzip"),
            (b"a,b\n1,\0\0\n", "zero"),
            (b"a\0,\0", "UTF-16"),
        ] {
            assert!(read(bytes, None).unwrap_err().to_string().contains(word), "{word}");
        }
        assert!(matches!(read(b"", None), Err(IntakeError::Empty { .. })));
        assert!(matches!(read(b"\n \n", None), Err(IntakeError::Empty { .. })));
    }
}

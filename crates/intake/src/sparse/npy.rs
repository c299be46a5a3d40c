//! The header of an array in NumPy's format.

/// The bytes before the numbers of an array (NEP 1, <https://numpy.org/neps/nep-0001-npy-format.html>, version 1.0).
/// `kind` is NumPy's name of the numbers (`<f8`), `shape` as Python writes it (`(3,)`).
pub(super) fn header(kind: &str, shape: &str) -> Vec<u8> {
    let mut text = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take 10 bytes; the whole is a multiple of 64 and ends a line.
    let padding = 63 - (10 + text.len()) % 64;
    text.push_str(&" ".repeat(padding));
    text.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn the_header_fills_whole_blocks_and_ends_a_line() {
        for entries in [0_u64, 7, 10_u64.pow(6), 10_u64.pow(18)] {
            let bytes = header("<f8", &format!("({entries},)"));
            assert_eq!((bytes.len() % 64, bytes.last()), (0, Some(&b'\n')));
            assert_eq!(usize::from(u16::from_le_bytes([bytes[8], bytes[9]])), bytes.len() - 10);
        }
    }
}

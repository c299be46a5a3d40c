//! What a Parquet file says of itself, once it is known that it can be so.
//!
//! The decoder believes the lengths of lists: a damaged or malicious footer of a few bytes can keep it busy for hours. In the
//! compact protocol of Thrift, in which footers are written, no element takes less than a byte
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>), so a list longer than what is
//! left of the footer is a lie. This walks a footer once, in time proportional to its bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Fields, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::Type as PhysicalType;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

use crate::IntakeError;

/// What a file says of itself, if that can be. The Arrow schema that some writers embed is looked at only when `arrow` says
/// so, and only if it fits. The decoder is another's: should it panic on a damaged file, that is an error like any other.
pub(crate) fn metadata<T: ChunkReader>(
    name: &str,
    file: &T,
    arrow: bool,
) -> Result<ArrowReaderMetadata, IntakeError> {
    let damaged = |reason: &str| IntakeError::Parquet { name: name.to_owned(), reason: reason.to_owned() };
    if !footer(file).is_some_and(|footer| is_sound(&footer)) {
        return Err(damaged("its end does not say where its parts are; it may be truncated, get it again"));
    }
    let load = |skip| {
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(skip);
        catch_unwind(AssertUnwindSafe(|| ArrowReaderMetadata::load(file, options)))
            .map_err(|_| damaged("its parts contradict each other"))
    };
    let metadata = match load(!arrow)? {
        Err(_) if arrow => load(true)?,
        loaded => loaded,
    };
    let metadata = metadata.map_err(|e| damaged(&e.to_string()))?;
    if !within_its_bytes(metadata.metadata(), file.len()) {
        return Err(damaged("parts of it lie beyond its end; it may be truncated, get it again"));
    }
    in_microseconds(metadata).map_err(|e| damaged(&e.to_string()))
}

/// Has INT96 timestamps read as microseconds. The decoder's own choice, 64-bit nanoseconds, reaches from 1677 to 2262 and wraps round
/// beyond: the end of an open stay, 9999-12-31, would lie in 1816.
fn in_microseconds(metadata: ArrowReaderMetadata) -> parquet::errors::Result<ArrowReaderMetadata> {
    let schema = metadata.metadata().file_metadata().schema_descr();
    let int96 = |place: usize| {
        let kind = &schema.root_schema().get_fields()[place];
        kind.is_primitive() && kind.get_physical_type() == PhysicalType::INT96
    };
    let changed = |(place, field): (usize, &FieldRef)| match field.data_type() {
        DataType::Timestamp(_, zone) if int96(place) => {
            let kind = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            Arc::new(field.as_ref().clone().with_data_type(kind))
        }
        _ => Arc::clone(field),
    };
    let fields: Vec<FieldRef> = metadata.schema().fields().iter().enumerate().map(changed).collect();
    let fields = Fields::from(fields);
    if fields == *metadata.schema().fields() {
        return Ok(metadata);
    }
    let wanted = Arc::new(Schema::new_with_metadata(fields, metadata.schema().metadata().clone()));
    ArrowReaderMetadata::try_new(
        Arc::clone(metadata.metadata()),
        ArrowReaderOptions::new().with_schema(wanted),
    )
}

/// The footer: before the last eight bytes, which give its length.
fn footer<T: ChunkReader>(file: &T) -> Option<bytes::Bytes> {
    let end = file.len().checked_sub(8)?;
    let length = file.get_bytes(end, 4).ok()?;
    let length = u32::from_le_bytes(length.as_ref().try_into().ok()?);
    file.get_bytes(end.checked_sub(u64::from(length))?, length as usize).ok()
}

/// Whether every part of a file that its metadata speak of lies within the file. The decoder takes that for granted.
fn within_its_bytes(metadata: &ParquetMetaData, length: u64) -> bool {
    metadata.row_groups().iter().all(|group| {
        group.num_rows() >= 0
            && group.columns().iter().all(|column| {
                let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
                let (start, size) = (u64::try_from(start), u64::try_from(column.compressed_size()));
                let end = start.ok().zip(size.ok()).and_then(|(start, size)| start.checked_add(size));
                end.is_some_and(|end| end <= length)
            })
    })
}

/// Structures within structures; those of Parquet go five deep.
const DEEPEST: u32 = 32;

/// Whether the bytes are one structure whose parts all lie within it.
fn is_sound(footer: &[u8]) -> bool {
    let mut walk = Walk { rest: footer };
    walk.structure(DEEPEST).is_some()
}

struct Walk<'f> {
    rest: &'f [u8],
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn structure(&mut self, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            if header >> 4 == 0 {
                // The field's own number follows.
                self.number()?;
            }
            match header & 0x0f {
                // A field that is true or false says so in its header.
                1 | 2 => {}
                kind => self.value(kind, depth)?,
            }
        }
    }

    fn value(&mut self, kind: u8, depth: u32) -> Option<()> {
        match kind {
            1..=3 => self.pass(1),
            4..=6 => self.number().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.number()?;
                self.pass(length)
            }
            9 | 10 => {
                let header = self.byte()?;
                let count = if header >> 4 == 15 { self.number()? } else { u64::from(header >> 4) };
                self.many(count, &[header & 0x0f], depth)
            }
            11 => match self.number()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.many(count, &[kinds >> 4, kinds & 0x0f], depth)
                }
            },
            12 => self.structure(depth),
            13 => self.pass(16),
            _ => None,
        }
    }

    fn many(&mut self, count: u64, kinds: &[u8], depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        if count > self.rest.len() as u64 {
            return None;
        }
        for _ in 0..count {
            for &kind in kinds {
                self.value(kind, depth)?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::sound_events;
    use proptest::prelude::*;

    fn footer(file: &[u8]) -> &[u8] {
        let end = file.len() - 8;
        let length = u32::from_le_bytes([file[end], file[end + 1], file[end + 2], file[end + 3]]) as usize;
        &file[end - length..end]
    }

    #[test]
    fn a_sound_footer_is_sound_and_no_part_of_it_is() {
        let file = sound_events();
        let footer = footer(&file);
        assert!(is_sound(footer));
        for length in 0..footer.len() {
            assert!(!is_sound(&footer[..length]), "the first {length} bytes");
        }
    }

    #[test]
    fn a_list_longer_than_the_footer_is_a_lie() {
        // Field 1 is a list of 2³² - 1 times true.
        let endless = [0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0];
        assert!(!is_sound(&endless));
        assert!(is_sound(&[0x19, 0x21, 1, 2, 0]));
        // Structures without end.
        assert!(!is_sound(&[0x1c; 4000]));
        assert!(!is_sound(&[0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = is_sound(&bytes);
        }
    }
}

//! Ordered events become the shards of a MEDS data set.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float32Array, Int32Array, Int64Array, LargeStringArray, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;

use super::chronology::{Chronology, Verdict};
use super::entries::{Entries, Entry, UNTIMED};
use super::in_turn::in_turn;
use super::units::Conversion;

/// Events of a row group: a unit of work for who reads it later.
const GROUP: usize = 1 << 17;

/// How the shards are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// No shard has more events unless a subject alone has.
    pub(super) shard: u64,
    /// Whether there are texts, and codes of the source.
    pub(super) texts: bool,
    pub(super) sources: bool,
    pub(super) threads: usize,
}

/// The number of a shard, its file, and its writer.
type OpenShard = (usize, File, SerializedFileWriter<Box<dyn io::Write + Send>>);

/// What was written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) events: u64,
    /// Their numbers, in order.
    pub(super) subjects: Vec<i64>,
    pub(super) shards: usize,
    /// Events of each code.
    pub(super) of_code: Vec<u64>,
    /// Values of each code.
    pub(super) values: Vec<u64>,
    /// Events that are there before, in every particular.
    pub(super) again: u64,
}

/// Entries in the order of subject and time.
pub(super) trait Ordered: Send {
    /// Whose the next one is, and of when.
    fn next_key(&self) -> Option<(i64, i64)>;

    /// Hands the next one over to `take`, if there is one, which says what to do with it.
    fn next(&mut self, take: impl FnOnce(Entry, &[u8])) -> io::Result<bool>;
}

/// Writes the shards `0.parquet`, `1.parquet`, … into a folder and flushes them to the disk.
pub(super) fn write(
    mut sorted: impl Ordered,
    names: &[Arc<str>],
    conversions: &[Option<Conversion>],
    chronology: &mut Chronology,
    shape: Shape,
    folder: &Path,
    mut progress: impl FnMut(u64),
) -> io::Result<Written> {
    let (schema, properties) = form(shape)?;
    let described = Arc::new(ArrowSchemaConverter::new().convert(&schema)?);
    let open = |sink: Box<dyn io::Write + Send>| {
        SerializedFileWriter::new(sink, described.root_schema_ptr(), Arc::clone(&properties))
    };
    let factory = ArrowRowGroupWriterFactory::new(&open(Box::new(io::sink()))?, Arc::clone(&schema));
    let mut written =
        Written { of_code: vec![0; names.len()], values: vec![0; names.len()], ..Written::default() };
    let mut current: Option<OpenShard> = None;
    let close = |current: Option<OpenShard>| -> io::Result<()> {
        let Some((_, file, writer)) = current else { return Ok(()) };
        writer.close()?;
        file.sync_all()
    };
    let mut groups =
        Groups { sorted: &mut sorted, chronology, most: shape.shard, shard: 0, in_shard: 0, last: None };
    in_turn(
        &mut groups,
        shape.threads,
        || vec![-1_i32; names.len()],
        |places, (shard, entries)| {
            let form = Form { names, conversions, schema: &schema, factory: &factory, shape };
            Group::encode(shard, &entries, places, &form)
        },
        |group: Group| {
            if current.as_ref().is_none_or(|(shard, ..)| *shard != group.shard) {
                close(current.take())?;
                let file = File::create_new(folder.join(format!("{}.parquet", group.shard)))?;
                let sink = io::BufWriter::with_capacity(1 << 20, file.try_clone()?);
                current = Some((group.shard, file, open(Box::new(sink))?));
            }
            if let Some((_, _, writer)) = &mut current {
                let mut row_group = writer.next_row_group()?;
                for chunk in group.columns {
                    chunk.append_to_row_group(&mut row_group)?;
                }
                row_group.close()?;
            }
            written.events += group.events;
            written.again += group.again;
            for &(code, events, values) in &group.counts {
                written.of_code[code] += events;
                written.values[code] += values;
            }
            let known = written.subjects.last() == group.subjects.first();
            written.subjects.extend(&group.subjects[usize::from(known)..]);
            progress(group.events);
            Ok(())
        },
    )?;
    written.shards = current.as_ref().map_or(0, |(shard, ..)| shard + 1);
    close(current)?;
    Ok(written)
}

fn form(shape: Shape) -> io::Result<(Arc<Schema>, Arc<WriterProperties>)> {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new("subject_id", DataType::Int64, false),
        Field::new("time", DataType::Timestamp(TimeUnit::Microsecond, None), true),
        Field::new("code", dictionary.clone(), false),
        Field::new("numeric_value", DataType::Float32, true),
    ];
    if shape.texts {
        fields.push(Field::new("text_value", DataType::LargeUtf8, true));
    }
    if shape.sources {
        fields.push(Field::new("source_code", dictionary, true));
    }
    // A dictionary is how this holds codes; to readers they are texts. MEDS wants long texts to be long ones in memory too.
    let seen = fields.iter().map(|field| match field.data_type() {
        DataType::Dictionary(..) => field.clone().with_data_type(DataType::Utf8),
        _ => field.clone(),
    });
    let seen = Schema::new(seen.collect::<Vec<_>>());
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_dictionary_enabled("time".into(), false)
        .set_column_encoding("time".into(), Encoding::DELTA_BINARY_PACKED)
        .build();
    add_encoded_arrow_schema_to_metadata(&seen, &mut properties);
    Ok((Arc::new(Schema::new(fields)), Arc::new(properties)))
}

/// The entries of one row group after the other, and the shard it goes to. A group ends where an instant ends, a shard
/// where a subject ends.
struct Groups<'s, S> {
    sorted: &'s mut S,
    chronology: &'s mut Chronology,
    most: u64,
    shard: usize,
    in_shard: u64,
    /// Subject and time of the event before.
    last: Option<(i64, i64)>,
}

impl<S: Ordered> Iterator for Groups<'_, S> {
    type Item = io::Result<(usize, Entries)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut entries = Entries::with_room(GROUP + GROUP / 8);
        while let Some(next) = self.sorted.next_key() {
            let begun = !entries.list().is_empty();
            let other_subject = self.last.is_some_and(|last| last.0 != next.0);
            let ends_shard = self.in_shard >= self.most && other_subject;
            if begun && (ends_shard || entries.list().len() >= GROUP && self.last != Some(next)) {
                break;
            }
            if ends_shard {
                self.shard += 1;
                self.in_shard = 0;
            }
            let mut verdict = Verdict::Leaves;
            let taken = self.sorted.next(|entry, text| {
                verdict = self.chronology.sees(&entry);
                if verdict != Verdict::Leaves {
                    entries.push(entry, text);
                }
            });
            if let Err(error) = taken {
                return Some(Err(error));
            }
            self.in_shard += u64::from(verdict != Verdict::Leaves);
            self.last = Some(next);
            if verdict == Verdict::IsBorn
                && let Some(birth) = entries.list_mut().last_mut()
            {
                let after = self.sorted.next_key().filter(|(subject, _)| *subject == birth.subject);
                birth.time = self.chronology.born(birth, after.map(|(_, time)| time));
                self.last = Some((birth.subject, birth.time));
            }
        }
        (!entries.list().is_empty()).then_some(Ok((self.shard, entries)))
    }
}

/// How a row group is encoded.
struct Form<'f> {
    names: &'f [Arc<str>],
    conversions: &'f [Option<Conversion>],
    schema: &'f Schema,
    factory: &'f ArrowRowGroupWriterFactory,
    shape: Shape,
}

/// An encoded row group and what is in it.
struct Group {
    shard: usize,
    columns: Vec<ArrowColumnChunk>,
    events: u64,
    again: u64,
    subjects: Vec<i64>,
    /// Code, events, values.
    counts: Vec<(usize, u64, u64)>,
}

impl Group {
    fn encode(
        shard: usize,
        entries: &Entries,
        places: &mut [i32],
        &Form { names, conversions, schema, factory, shape }: &Form<'_>,
    ) -> io::Result<Self> {
        let list = entries.list();
        let mut subjects: Vec<i64> = list.iter().map(|entry| entry.subject).collect();
        let times = list.iter().map(|entry| Some(entry.time).filter(|time| *time != UNTIMED));
        let mut too_large = false;
        let values = list.iter().map(|entry| {
            let value = match &conversions[entry.code as usize] {
                Some(conversion) => conversion.apply(entry.value),
                None => entry.value,
            };
            too_large |= (value as f32).is_infinite();
            Some(value as f32).filter(|value| !value.is_nan())
        });
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(subjects.clone())),
            Arc::new(times.collect::<TimestampMicrosecondArray>()),
            Arc::new(named(list.iter().map(|entry| Some(entry.code)), places, names)?),
            Arc::new(values.collect::<Float32Array>()),
        ];
        if too_large {
            return Err(io::Error::other(
                "a value is too large for single precision once its unit is converted",
            ));
        }
        if shape.texts {
            let text = |entry| {
                let text = entries.text(entry);
                (!text.is_empty()).then(|| String::from_utf8_lossy(text))
            };
            arrays.push(Arc::new(list.iter().map(text).collect::<LargeStringArray>()));
        }
        if shape.sources {
            arrays.push(Arc::new(named(
                list.iter().map(|entry| entry.source.checked_sub(1)),
                places,
                names,
            )?));
        }
        let mut writers = factory.create_column_writers(0)?;
        for ((field, array), writer) in schema.fields().iter().zip(&arrays).zip(&mut writers) {
            for leaf in compute_leaves(field, array)? {
                writer.write(&leaf)?;
            }
        }
        let columns =
            writers.into_iter().map(|writer| writer.close()).collect::<Result<_, ParquetError>>()?;
        subjects.dedup();
        let counts = counts(entries);
        Ok(Self { shard, columns, events: list.len() as u64, again: again(entries), subjects, counts })
    }
}

/// A dictionary of the names of some codes. `places` is as long as there are names, and -1 throughout.
fn named(
    codes: impl Iterator<Item = Option<u32>>,
    places: &mut [i32],
    names: &[Arc<str>],
) -> io::Result<DictionaryArray<arrow::datatypes::Int32Type>> {
    let mut used: Vec<usize> = Vec::new();
    let keys: Int32Array = codes
        .map(|code| {
            let code = code? as usize;
            if places[code] < 0 {
                places[code] = used.len() as i32;
                used.push(code);
            }
            Some(places[code])
        })
        .collect();
    let values: StringArray = used.iter().map(|&code| Some(&*names[code])).collect();
    used.iter().for_each(|&code| places[code] = -1);
    DictionaryArray::try_new(keys, Arc::new(values)).map_err(io::Error::other)
}

fn counts(entries: &Entries) -> Vec<(usize, u64, u64)> {
    let mut codes: Vec<(u32, bool)> =
        entries.list().iter().map(|entry| (entry.code, !entry.value.is_nan())).collect();
    codes.sort_unstable();
    codes
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            let values = same.iter().filter(|(_, value)| *value).count() as u64;
            (same[0].0 as usize, same.len() as u64, values)
        })
        .collect()
}

/// How many events of an instant are there before, with the same code, value and text.
fn again(entries: &Entries) -> u64 {
    let mut found = 0;
    let mut at_once: Vec<(u32, u64, u32, &[u8])> = Vec::new();
    for instant in entries.list().chunk_by(|a, b| (a.subject, a.time) == (b.subject, b.time)) {
        if instant.len() > 1 {
            at_once.clear();
            at_once.extend(instant.iter().map(|e| (e.code, e.value.to_bits(), e.source, entries.text(e))));
            at_once.sort_unstable();
            found += at_once.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
        }
    }
    found
}

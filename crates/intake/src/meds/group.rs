//! One row group of events, subject by subject.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use bedside_chart::{BIRTH, CodeId, Codes, Events, Instant, SubjectNumber, spelled};

use super::columns::Shard;
use super::{PerSubject, Unit};
use crate::IntakeError;
use crate::times::TO_ITS_END;

/// Reads a row group. The decoder is another's: should it panic on a damaged file, that is an error like any other.
pub(super) fn read<P: PerSubject>(
    shard: &Shard,
    group: usize,
    codes: &Codes,
    values: bool,
    each: &P,
    worker: &mut P::Worker,
) -> Result<Unit<P::Part>, IntakeError> {
    let batches = shard.batches(group, values)?;
    let mut known = Dictionary::default();
    let mut sorter = Sorter::new(codes, shard.rounds, each, worker);
    let (mut reader, places) = (batches.reader, batches.places);
    loop {
        let next = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.next()))
            .map_err(|_| shard.damaged("its pages contradict each other"))?;
        let Some(batch) = next else { return Ok(sorter.finish()) };
        let batch = batch.map_err(|e| shard.damaged(e.to_string()))?;
        let columns = Columns::of(shard, &batch, &places)?;
        known.learn(shard, &columns.codes, codes)?;
        sorter.add(&columns, &known);
    }
}

/// The columns of a batch as the numbers that are wanted.
struct Columns {
    subjects: ArrayRef,
    times: ArrayRef,
    codes: ArrayRef,
    values: Option<ArrayRef>,
    /// Whether the times are days.
    days: bool,
}

impl Columns {
    fn of(shard: &Shard, batch: &RecordBatch, places: &[usize]) -> Result<Self, IntakeError> {
        let column = |role: usize| places.get(role).map(|&place| batch.column(place));
        let cast = |role: usize, to: &DataType| -> Result<Option<ArrayRef>, IntakeError> {
            let Some(column) = column(role) else { return Ok(None) };
            if column.data_type() == to {
                return Ok(Some(ArrayRef::clone(column)));
            }
            // Anything that does not fit is an error, not a gap.
            let exact = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(column, to, &exact).map(Some).map_err(|e| shard.damaged(e.to_string()))
        };
        let time = match column(1).map(|column| column.data_type()) {
            Some(DataType::Timestamp(_, zone)) => DataType::Timestamp(TimeUnit::Microsecond, zone.clone()),
            _ => DataType::Timestamp(TimeUnit::Microsecond, None),
        };
        let days =
            matches!(column(1).map(|column| column.data_type()), Some(DataType::Date32 | DataType::Date64));
        let lacking = || shard.damaged("a column is not in its pages");
        let columns = Self {
            subjects: cast(0, &DataType::Int64)?.ok_or_else(lacking)?,
            times: cast(1, &time)?.ok_or_else(lacking)?,
            codes: column(2).map(ArrayRef::clone).ok_or_else(lacking)?,
            values: cast(3, &DataType::Float64)?,
            days,
        };
        for (column, name) in [(&columns.subjects, "subject_id"), (&columns.codes, "code")] {
            if column.null_count() > 0 {
                let count = column.null_count();
                return Err(IntakeError::EmptyEventCell {
                    name: shard.name().to_owned(),
                    column: name,
                    count,
                });
            }
        }
        Ok(columns)
    }
}

/// The codes of the last batch's dictionary; most batches of a row group share one.
#[derive(Default)]
struct Dictionary {
    values: Option<ArrayRef>,
    ids: Vec<CodeId>,
    birth: Option<CodeId>,
}

impl Dictionary {
    /// Makes the codes of a batch known.
    fn learn(&mut self, shard: &Shard, codes: &ArrayRef, table: &Codes) -> Result<(), IntakeError> {
        let values = codes.as_dictionary::<Int32Type>().values();
        let same = self.values.as_ref().is_some_and(|known| {
            let (known, values) = (known.as_string::<i32>(), values.as_string::<i32>());
            known.value_offsets().as_ptr() == values.value_offsets().as_ptr()
                && known.value_data().as_ptr() == values.value_data().as_ptr()
                && known.len() == values.len()
        });
        if !same {
            self.ids.clear();
            for name in values.as_string::<i32>() {
                let name = name.unwrap_or_default();
                let spelled = if shard.as_written { Cow::Borrowed(name) } else { spelled(name) };
                let id = table.id(&spelled).map_err(|e| shard.damaged(e.to_string()))?;
                if name == BIRTH {
                    self.birth = Some(id);
                }
                self.ids.push(id);
            }
            self.values = Some(ArrayRef::clone(values));
        }
        Ok(())
    }
}

/// Events on their way to their subjects.
struct Sorter<'p, P: PerSubject> {
    codes: &'p Codes,
    rounds: bool,
    each: &'p P,
    worker: &'p mut P::Worker,
    first: Option<Events>,
    current: Option<Events>,
    between: Vec<SubjectNumber>,
    part: P::Part,
    events: u64,
}

impl<'p, P: PerSubject> Sorter<'p, P> {
    fn new(codes: &'p Codes, rounds: bool, each: &'p P, worker: &'p mut P::Worker) -> Self {
        Self {
            codes,
            rounds,
            each,
            worker,
            first: None,
            current: None,
            between: Vec::new(),
            part: P::Part::default(),
            events: 0,
        }
    }

    fn add(&mut self, columns: &Columns, known: &Dictionary) {
        let subjects = columns.subjects.as_primitive::<Int64Type>().values();
        let times = columns.times.as_primitive::<TimestampMicrosecondType>();
        let keys = columns.codes.as_dictionary::<Int32Type>().keys().values();
        let values = columns.values.as_ref().map(|values| values.as_primitive::<Float64Type>());
        self.events += subjects.len() as u64;
        let rounds = self.rounds;
        let kept = |value: f64| if rounds { f64::from(value as f32) } else { value };
        let mut row = 0;
        while row < subjects.len() {
            let subject = subjects[row];
            let end = row
                + subjects[row..].iter().position(|other| *other != subject).unwrap_or(subjects.len() - row);
            let events = self.turn_to(SubjectNumber::new(subject));
            for row in row..end {
                // The decoder has checked the keys against the dictionary.
                let code = known.ids[keys[row] as usize];
                let to_its_end = if columns.days && known.birth != Some(code) { TO_ITS_END } else { 0 };
                let at = |row| Instant::from_micros(times.value(row).saturating_add(to_its_end));
                let time = times.is_valid(row).then(|| at(row));
                let value =
                    values.filter(|values| values.is_valid(row)).map(|values| kept(values.value(row)));
                events.push(time, code, value);
            }
            row = end;
        }
    }

    /// The events of a subject, once those before it are done with.
    fn turn_to(&mut self, subject: SubjectNumber) -> &mut Events {
        match self.current.as_mut().map(|events| events.subject()) {
            Some(current) if current == subject => {}
            Some(_) if self.first.is_none() => {
                self.first = self.current.replace(Events::new(subject));
            }
            Some(current) => {
                if let Some(events) = &mut self.current {
                    self.each.subject(self.worker, &events.timeline(), self.codes, &mut self.part);
                    self.between.push(current);
                    events.restart(subject);
                }
            }
            None => {}
        }
        self.current.get_or_insert_with(|| Events::new(subject))
    }

    fn finish(self) -> Unit<P::Part> {
        let (first, last) = match self.first {
            Some(first) => (Some(first), self.current),
            None => (self.current, None),
        };
        Unit { events: self.events, first, between: self.between, part: self.part, last }
    }
}

//! Encounters of people with diabetes, and whether they come back within 30 days.

mod diagnosis;
mod encounter;
mod levels;

use std::sync::Arc;

use bedside_table::{Categorical, Column, Numeric, Seed, State, Stream, TableError};
use rayon::prelude::*;

use crate::draw::Chances;
use crate::simulated::Draft;
use crate::{SimulateError, Simulated};
use diagnosis::Diagnoses;
use encounter::Person;
use levels::Weighted;

/// Rows that share a stream of random numbers; a patient's encounters never cross it.
const BLOCK: usize = 4_096;

/// How the cells of a column are written: as a number, or as one of these levels. The code after the last level is a gap.
type Levels = Option<Arc<[String]>>;

/// A table in the shape of the public diabetes set: one row an encounter, several encounters for some patients, the same
/// 50 columns, `readmitted` one of `<30`, `>30`, `NO`; the event is `<30`. Gaps are written as `?`.
///
/// The risk is a function of the columns: earlier visits, discharge disposition, diagnoses, drugs and length of stay,
/// two of them together. People who died cannot come back (risk 0); they stay in the table, as in the original, for
/// the study to exclude. Without them the true risk has an AUROC near 0.69 and a mean near 0.115. The same seed gives the
/// same bits on any number of threads; row and patient numbers ascend.
///
/// Missing cells: `weight`, `payer_code`, `medical_specialty`, `race` and the diagnoses, completely at random in the
/// original's shares.
///
/// # Errors
/// [`SimulateError::Setting`] when `rows` is 0 or above 100,000,000.
///
/// ```
/// let hospital = bedside_simulate::readmission(2_000, 7)?;
/// assert_eq!(hospital.predictors()?.columns().len(), 47);
/// assert_eq!(hospital.outcome()?.rows(), 2_000);
/// # Ok::<(), bedside_simulate::SimulateError>(())
/// ```
pub fn readmission(rows: usize, seed: u64) -> Result<Simulated, SimulateError> {
    if !(1..=100_000_000).contains(&rows) {
        let (setting, must_be, found) = ("rows", "1 to 100,000,000", rows.to_string());
        return Err(SimulateError::Setting { setting, must_be, found });
    }
    let seed = Seed::new(seed).derive("readmission", 0);
    let world = World::new();
    let names = columns(&world);
    let blocks: Vec<Block> = (0..rows.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let draw = seed.derive("encounters", block as u64).stream();
            Block::new(&world, names.len(), BLOCK.min(rows - block * BLOCK), draw)
        })
        .collect();
    let mut patients: Vec<u32> = Vec::with_capacity(rows);
    for block in &blocks {
        let before = patients.last().map_or(0, |&last| last + 1);
        patients.extend(block.patients.iter().map(|&patient| before + patient));
    }
    // Numbers that ascend with gaps between them, as identifiers do.
    let encounter = |row: usize| Some((12_522 + 4_361 * row) as f64);
    let mut made = vec![
        Draft::Numbers((0..rows).map(encounter).collect()).column("encounter_id", None)?,
        Draft::Numbers(patients.iter().map(|&p| Some(f64::from(p) * 2_637.0 + 135.0)).collect())
            .column("patient_nbr", None)?,
    ];
    let rest: Vec<Result<Column, TableError>> = names
        .par_iter()
        .enumerate()
        .map(|(place, (name, levels))| {
            let cells = || blocks.iter().flat_map(|block| &block.cells[place]);
            let Some(levels) = levels else {
                let values = cells().map(|&number| f64::from(number)).collect();
                return Ok(Column::numeric(*name, Numeric::new(values, vec![State::Measured; rows])?));
            };
            let gap = levels.len();
            let state = |&code: &u16| {
                if usize::from(code) == gap { State::NotMeasured } else { State::Measured }
            };
            let (codes, states) =
                (cells().map(|&code| u32::from(code)).collect(), cells().map(state).collect());
            Ok(Column::categorical(*name, Categorical::new(codes, states, Arc::clone(levels))?))
        })
        .collect();
    made.extend(rest.into_iter().collect::<Result<Vec<_>, _>>()?);
    Ok(Simulated {
        columns: made,
        gap: levels::GAP,
        risk: blocks.iter().flat_map(|block| block.risk.iter().copied()).collect(),
        events: blocks.iter().flat_map(|block| block.events.iter().copied()).collect(),
        patients,
        not_predictors: vec!["encounter_id", "patient_nbr", "readmitted"],
        leaks: Vec::new(),
    })
}

/// Encounters made from one stream. A cell is a whole number or a code; the code after the last level is a gap.
pub(crate) struct Block {
    cells: Vec<Vec<u16>>,
    patients: Vec<u32>,
    risk: Vec<f64>,
    events: Vec<bool>,
}

impl Block {
    fn new(world: &World, columns: usize, rows: usize, mut draw: Stream) -> Self {
        let mut block = Self {
            cells: vec![Vec::with_capacity(rows); columns],
            patients: Vec::with_capacity(rows),
            risk: Vec::with_capacity(rows),
            events: Vec::with_capacity(rows),
        };
        let mut patient = 0;
        while block.risk.len() < rows {
            let mut person = Person::new(world, &mut draw);
            loop {
                let mut cells = block.cells.iter_mut();
                let visit = person.encounter(world, &mut draw, |cell| {
                    if let Some(column) = cells.next() {
                        column.push(cell);
                    }
                });
                block.patients.push(patient);
                block.risk.push(visit.risk);
                block.events.push(visit.event);
                if !visit.comes_again || block.risk.len() == rows {
                    break;
                }
            }
            patient += 1;
        }
        block
    }
}

/// A column's levels with their chances; the gap, if it is among them, is no level.
pub(crate) struct Category {
    chances: Chances,
    names: Arc<[String]>,
}

impl Category {
    fn new(list: &[Weighted]) -> Self {
        let (gaps, levels): (Vec<Weighted>, Vec<Weighted>) =
            list.iter().partition(|(name, _)| *name == levels::GAP);
        let weights: Vec<f64> = levels.iter().chain(&gaps).map(|(_, weight)| *weight).collect();
        Self {
            chances: Chances::new(&weights),
            names: levels.iter().map(|(name, _)| (*name).to_owned()).collect(),
        }
    }

    /// A code; the one after the last level is a gap.
    fn draw(&self, stream: &mut Stream) -> u16 {
        self.chances.draw(stream) as u16
    }
}

/// All lists, ready to draw from.
pub(crate) struct World {
    race: Category,
    gender: Category,
    age: Category,
    weight: Category,
    admission_type: Category,
    disposition: Category,
    source: Category,
    payer: Category,
    specialty: Category,
    glucose: Category,
    a1c: Category,
    drugs: Vec<Chances>,
    days: Chances,
    procedures: Chances,
    diagnoses: Chances,
    codes: [Diagnoses; 3],
    inpatient: Chances,
    outpatient: Chances,
    emergency: Chances,
}

impl World {
    fn new() -> Self {
        let disposition: Vec<Weighted> = levels::DISPOSITION.iter().map(|d| (d.0, d.1)).collect();
        // Visits in the year before: none for most, then each further one less likely by a constant factor.
        let visits = |none: f64, factor: f64, most: usize| {
            let more = (0..most).map(|n| (1.0 - none) * (1.0 - factor) * factor.powi(n as i32));
            Chances::new(&std::iter::once(none).chain(more).collect::<Vec<_>>())
        };
        Self {
            race: Category::new(levels::RACE),
            gender: Category::new(levels::GENDER),
            age: Category::new(levels::AGE),
            weight: Category::new(levels::WEIGHT),
            admission_type: Category::new(levels::ADMISSION_TYPE),
            disposition: Category::new(&disposition),
            source: Category::new(levels::ADMISSION_SOURCE),
            payer: Category::new(levels::PAYER),
            specialty: Category::new(levels::SPECIALTY),
            glucose: Category::new(levels::GLUCOSE),
            a1c: Category::new(levels::A1C),
            drugs: levels::DRUGS.iter().map(|(_, weights)| Chances::new(weights)).collect(),
            days: Chances::new(&levels::DAYS),
            procedures: Chances::new(&levels::PROCEDURES),
            diagnoses: Chances::new(&levels::DIAGNOSES),
            codes: [0, 1, 2].map(Diagnoses::new),
            inpatient: visits(0.80, 0.36, 20),
            outpatient: visits(0.8355, 0.52, 40),
            emergency: visits(0.8881, 0.40, 30),
        }
    }
}

/// The columns after the two numbers, in the order in which [`Person::encounter`] gives their cells.
fn columns(world: &World) -> Vec<(&'static str, Levels)> {
    let of = |names: &[&str]| -> Levels { Some(names.iter().map(|&name| name.to_owned()).collect()) };
    let category = |category: &Category| Some(Arc::clone(&category.names));
    let codes = |place: usize| Some(world.codes[place].codes.iter().cloned().collect());
    let mut list = vec![
        ("race", category(&world.race)),
        ("gender", category(&world.gender)),
        ("age", category(&world.age)),
        ("weight", category(&world.weight)),
        ("admission_type_id", category(&world.admission_type)),
        ("discharge_disposition_id", category(&world.disposition)),
        ("admission_source_id", category(&world.source)),
        ("time_in_hospital", None),
        ("payer_code", category(&world.payer)),
        ("medical_specialty", category(&world.specialty)),
        ("num_lab_procedures", None),
        ("num_procedures", None),
        ("num_medications", None),
        ("number_outpatient", None),
        ("number_emergency", None),
        ("number_inpatient", None),
        ("diag_1", codes(0)),
        ("diag_2", codes(1)),
        ("diag_3", codes(2)),
        ("number_diagnoses", None),
        ("max_glu_serum", category(&world.glucose)),
        ("A1Cresult", category(&world.a1c)),
    ];
    list.extend(levels::DRUGS.iter().map(|(name, _)| (*name, of(&levels::DOSE))));
    list.extend([
        ("change", of(&["No", "Ch"])),
        ("diabetesMed", of(&["No", "Yes"])),
        ("readmitted", of(&["NO", ">30", "<30"])),
    ]);
    list
}

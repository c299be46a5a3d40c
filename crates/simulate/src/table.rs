//! Tables of any shape.

use std::sync::Arc;

use bedside_table::{Seed, Stream};
use rayon::prelude::*;

use crate::draw::{Chances, happens, intercept, logistic};
use crate::gaps::GapLaw;
use crate::law::Law;
use crate::simulated::Draft;
use crate::{Gaps, Mechanism, Settings, SimulateError, Simulated};

/// Rows that share a stream of random numbers. The number of threads changes nothing about it.
const BLOCK: usize = 4_096;

/// Checked [`Settings`].
#[derive(Debug, Clone, PartialEq)]
pub struct Simulator {
    settings: Settings,
}

/// The values of a block of rows, before gaps.
struct Block {
    numbers: Vec<Vec<f64>>,
    codes: Vec<Vec<u32>>,
    sites: Vec<u32>,
    patients: Vec<u32>,
    lines: Vec<f64>,
}

impl Simulator {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The table of a seed: the same bits on any number of threads.
    ///
    /// Columns: `row`, `patient`, `site` (when there are several), `x1`, …, `c1`, …, the leaks, `event` (0 or 1). Gaps are
    /// written as empty cells.
    ///
    /// # Errors
    /// None in practice: [`SimulateError::Table`] would mean that the columns do not fit together.
    ///
    /// ```
    /// use bedside_simulate::{Gaps, Mechanism, Settings};
    /// let gaps = Some(Gaps { mechanism: Mechanism::Mar, share: 0.3 });
    /// let simulated = Settings { rows: 500, gaps, ..Settings::default() }.check()?.run(7)?;
    /// let mean = simulated.risk().iter().sum::<f64>() / 500.0;
    /// assert!((mean - 0.2).abs() < 1e-9);
    /// # Ok::<(), bedside_simulate::SimulateError>(())
    /// ```
    pub fn run(&self, seed: u64) -> Result<Simulated, SimulateError> {
        let settings = &self.settings;
        let seed = Seed::new(seed).derive("simulated table", 0);
        let law = Law::new(settings, seed);
        let blocks = settings.rows.div_ceil(BLOCK);
        let levels = Chances::new(&law.frequencies);
        let made: Vec<Block> =
            (0..blocks).into_par_iter().map(|block| self.block(seed, block, &law, &levels)).collect();
        let lines: Vec<f64> = made.iter().flat_map(|block| block.lines.iter().copied()).collect();
        let shift = intercept(&lines, settings.prevalence);
        let risk: Vec<f64> = lines.iter().map(|line| logistic(line + shift)).collect();
        let mut draw = seed.derive("events", 0).stream();
        let events: Vec<bool> = risk.iter().map(|&risk| draw.uniform() < risk).collect();

        let whole = |cell: &dyn Fn(usize) -> f64| {
            Draft::Numbers((0..settings.rows).map(|row| Some(cell(row))).collect())
        };
        let patients: Vec<u32> = made.iter().flat_map(|block| block.patients.iter().copied()).collect();
        let patients = numbered(&patients, settings.patients);
        let mut columns = vec![
            whole(&|row| row as f64 + 1.0).column("row", None)?,
            whole(&|row| f64::from(patients[row]) + 1.0).column("patient", None)?,
        ];
        if settings.sites > 1 {
            let sites = made.iter().flat_map(|block| block.sites.iter().map(|&site| Some(site))).collect();
            let names: Arc<[String]> = (1..=settings.sites).map(|site| format!("hospital {site}")).collect();
            columns.push(Draft::Codes(sites).column("site", Some(&names))?);
        }
        columns.extend(self.predictors(seed, &made, &law)?);

        let mut leaks = Vec::new();
        if settings.leaks.near_copy {
            let mut draw = seed.derive("near copy", 0).stream();
            let codes = events.iter().map(|&event| Some(u32::from(event != happens(&mut draw, 0.01))));
            let names: Arc<[String]> = ["routine".to_owned(), "escalated".to_owned()].into();
            columns.push(Draft::Codes(codes.collect()).column("discharge_code", Some(&names))?);
            leaks.push("discharge_code");
        }
        if settings.leaks.afterwards {
            let mut draw = seed.derive("afterwards", 0).stream();
            let charge = |&event: &bool| {
                let raised = draw.normal() + if event { 2.5 } else { 0.0 };
                Some((10_000.0 + 3_000.0 * raised).round())
            };
            let charges = events.iter().map(charge).collect();
            columns.push(Draft::Numbers(charges).column("total_charges", None)?);
            leaks.push("total_charges");
        }
        columns.push(whole(&|row| f64::from(u8::from(events[row]))).column("event", None)?);
        let not_predictors = vec!["row", "patient", "event"];
        Ok(Simulated { columns, gap: "", risk, events, patients, not_predictors, leaks })
    }

    fn block(&self, seed: Seed, number: usize, law: &Law, levels: &Chances) -> Block {
        let settings = &self.settings;
        let rows = BLOCK.min(settings.rows - number * BLOCK);
        let mut draw = seed.derive("rows", number as u64).stream();
        let mut block = Block {
            numbers: vec![Vec::with_capacity(rows); settings.numeric],
            codes: vec![Vec::with_capacity(rows); settings.categorical],
            sites: Vec::with_capacity(rows),
            patients: Vec::with_capacity(rows),
            lines: Vec::with_capacity(rows),
        };
        let (mut numbers, mut codes) = (vec![0.0; settings.numeric], vec![0; settings.categorical]);
        // Of a number's variance, a fifth is the patient's.
        let (shared, alone) = (0.2_f64.sqrt(), 0.8_f64.sqrt());
        for _ in 0..rows {
            let patient = draw.below(settings.patients as u32);
            // What belongs to the patient is the same wherever the patient appears.
            let mut person = seed.derive("patients", u64::from(patient)).stream();
            let site = person.below(settings.sites as u32);
            for number in &mut numbers {
                *number = shared * person.normal() + alone * draw.normal();
            }
            for code in &mut codes {
                *code = levels.draw(&mut draw);
            }
            block.lines.push(law.log_odds(&numbers, &codes, site as usize));
            block.sites.push(site);
            block.patients.push(patient);
            block.numbers.iter_mut().zip(&numbers).for_each(|(column, &number)| column.push(number));
            block.codes.iter_mut().zip(&codes).for_each(|(column, &code)| column.push(code));
        }
        block
    }

    /// The predictors with their gaps.
    fn predictors(
        &self,
        seed: Seed,
        made: &[Block],
        law: &Law,
    ) -> Result<Vec<bedside_table::Column>, SimulateError> {
        let settings = &self.settings;
        let gaps = settings.gaps.unwrap_or(Gaps { mechanism: Mechanism::Mcar, share: 0.0 });
        let first: Vec<f64> = made.iter().flat_map(|block| block.numbers[0].iter().copied()).collect();
        let by_first = GapLaw::new(gaps, &normal_grid());
        let by_level = GapLaw::new(gaps, &level_grid(&law.frequencies));
        let names: Arc<[String]> = (0..settings.levels).map(level_name).collect();
        let numbers = (0..settings.numeric).into_par_iter().map(|place| {
            let mut draw = seed.derive("gaps in numbers", place as u64).stream();
            let values = made.iter().flat_map(|block| block.numbers[place].iter());
            let cells = values.zip(&first).map(|(&value, &first)| {
                (place == 0 || !by_first.is_gap(&mut draw, first, value)).then_some(value)
            });
            Draft::Numbers(cells.collect()).column(&format!("x{}", place + 1), None)
        });
        let standard = standard_levels(&law.frequencies);
        let categories = (0..settings.categorical).into_par_iter().map(|place| {
            let mut draw: Stream = seed.derive("gaps in categories", place as u64).stream();
            let codes = made.iter().flat_map(|block| block.codes[place].iter());
            let law = if gaps.mechanism == Mechanism::Mnar { by_level } else { by_first };
            let cells = codes.zip(&first).map(|(&code, &first)| {
                (!law.is_gap(&mut draw, first, standard[code as usize])).then_some(code)
            });
            Draft::Codes(cells.collect()).column(&format!("c{}", place + 1), Some(&names))
        });
        let columns: Vec<Result<_, _>> = numbers.chain(categories).collect();
        Ok(columns.into_iter().collect::<Result<_, _>>()?)
    }
}

/// Patients in order of appearance, numbered from 0.
fn numbered(patients: &[u32], count: usize) -> Vec<u32> {
    let mut number = vec![None; count];
    let mut next = 0;
    let mut of = |patient: u32| {
        *number[patient as usize].get_or_insert_with(|| {
            next += 1;
            next - 1
        })
    };
    patients.iter().map(|&patient| of(patient)).collect()
}

/// `a`, `b`, …, `z`, `aa`, …
fn level_name(mut level: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.insert(0, char::from(b'a' + (level % 26) as u8));
        if level < 26 {
            return name.into_iter().collect();
        }
        level = level / 26 - 1;
    }
}

/// Values spread like a standard normal number.
fn normal_grid() -> Vec<f64> {
    let mut draw = Seed::new(0).derive("normal grid", 0).stream();
    let half: Vec<f64> = (0..5_000).map(|_| draw.normal()).collect();
    half.iter().map(|z| -z).chain(half.iter().copied()).collect()
}

/// Level numbers with mean 0 and standard deviation 1.
fn standard_levels(frequencies: &[f64]) -> Vec<f64> {
    let mean: f64 = frequencies.iter().enumerate().map(|(level, f)| f * level as f64).sum();
    let variance: f64 =
        frequencies.iter().enumerate().map(|(level, f)| f * (level as f64 - mean).powi(2)).sum();
    (0..frequencies.len()).map(|level| (level as f64 - mean) / variance.sqrt()).collect()
}

/// Standardised levels, each as often as it occurs in 10,000 cells.
fn level_grid(frequencies: &[f64]) -> Vec<f64> {
    let standard = standard_levels(frequencies);
    let times = |f: f64| (f * 10_000.0).round() as usize;
    standard.iter().zip(frequencies).flat_map(|(&z, &f)| std::iter::repeat_n(z, times(f))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_names_go_on_after_z() {
        assert_eq!([0, 25, 26, 701, 702].map(level_name), ["a", "z", "aa", "zz", "aaa"]);
    }
}

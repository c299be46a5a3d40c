//! The course of a patient's life, as far as the hospital sees it.

use bedside_table::{Seed, Stream};

use super::moment::Moment;
use super::patient::{Patient, Visit, VisitKind};
use super::vocabulary::Vocabulary;
use crate::draw::{Chances, happens};

/// The first and the last day on record: 2010-01-01 and 2019-12-31.
const FIRST: i64 = 14_610;
const LAST: i64 = 18_261;
/// Nobody comes for the first time later than so many days after the first.
const LATEST: u32 = 3_000;
/// Days between visits in the middle.
const BETWEEN: f64 = 450.0;
const YEAR: f64 = 365.25;

/// A patient while the record is being written.
pub(super) struct Life<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    pub(super) draw: Stream,
    /// Standard normal over patients.
    pub(super) frailty: f64,
    /// What is the patient's own in each measure, standard normal over patients.
    pub(super) own: Vec<f64>,
    /// Conditions that stay.
    pub(super) chronic: Vec<usize>,
    birth: i64,
}

impl Life<'_> {
    /// Draws a patient. What it is depends on the seed and the number alone.
    pub(super) fn of(vocabulary: &Vocabulary, groups: &Groups, seed: Seed, number: u64) -> Patient {
        let mut draw = seed.derive("patient", number).stream();
        let sex = draw.below(2) as usize;
        let race = groups.race.draw(&mut draw) as usize;
        let ethnicity = usize::from(happens(&mut draw, 0.13));
        let mut day = FIRST + i64::from(draw.below(LATEST));
        let age = (58.0 + 19.0 * draw.normal()).clamp(18.0, 95.0);
        let birth = day - (age * YEAR) as i64;
        let frailty = draw.normal();
        let own = (0..vocabulary.rare.0).map(|_| draw.normal()).collect();
        let mut life = Life { vocabulary, draw, frailty, own, chronic: Vec::new(), birth };
        life.fall_ill(age);
        let (mut visits, mut death) = (Vec::new(), None);
        while day <= LAST {
            let visit = life.visit(day);
            let (end, died) = (visit.end, visit.died);
            visits.push(visit);
            if died {
                death = Some(end);
                break;
            }
            let gap = 1 + life.gap();
            death = life.death_between(end.on(), gap);
            if death.is_some() {
                break;
            }
            day = end.on() + gap;
        }
        Patient { number, birth: Moment::day(birth), sex, race, ethnicity, death, visits }
    }

    fn fall_ill(&mut self, age: f64) {
        let count = 1 + self.draw.below(2 + (age / 15.0) as u32);
        for _ in 0..count {
            let condition = self.vocabulary.conditions.1.draw(&mut self.draw) as usize;
            if !self.chronic.contains(&condition) {
                self.chronic.push(condition);
            }
        }
    }

    fn visit(&mut self, day: i64) -> Visit {
        let kind = self.draw.uniform();
        let inpatient = (0.24 + 0.06 * self.frailty).clamp(0.08, 0.5);
        if kind < inpatient {
            self.inpatient(day)
        } else if kind < inpatient + 0.14 {
            self.emergency(day)
        } else {
            self.outpatient(day)
        }
    }

    fn outpatient(&mut self, day: i64) -> Visit {
        let day = Moment::day(day);
        let mut visit = Visit::new(VisitKind::Outpatient, day, day);
        self.diagnose(&mut visit, day, 0.4, 1);
        if happens(&mut self.draw, 0.5) {
            self.morning(&mut visit, day, 0.5 * self.frailty);
        }
        visit
    }

    /// The age in years on a day.
    pub(super) fn age(&self, day: i64) -> f64 {
        (day - self.birth) as f64 / YEAR
    }

    fn gap(&mut self) -> i64 {
        let mean = BETWEEN * (-0.3 * self.frailty).exp();
        (-mean * (1.0 - self.draw.uniform()).ln()) as i64
    }

    /// Death on a day between two visits. Only its day is known.
    fn death_between(&mut self, end: i64, gap: i64) -> Option<Moment> {
        // Nobody looks beyond the last day on record.
        let days = (gap - 1).min(LAST - end);
        let a_year = 0.004 * (0.06 * (self.age(end) - 50.0) + 0.5 * self.frailty).exp();
        let chance = 1.0 - (-a_year * days.max(0) as f64 / YEAR).exp();
        let dies = happens(&mut self.draw, chance) && days > 0;
        dies.then(|| Moment::day(end + 1 + i64::from(self.draw.below(days as u32))))
    }
}

/// Chances of groups of people.
#[derive(Debug)]
pub(super) struct Groups {
    race: Chances,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self { race: Chances::new(&[72.0, 16.0, 8.0, 2.5, 1.5]) }
    }
}

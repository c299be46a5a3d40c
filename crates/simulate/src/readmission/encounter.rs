//! One patient's encounters.

use bedside_table::Stream;

use super::{World, levels};
use crate::draw::{happens, logistic};

/// The log odds of an encounter that nothing speaks for or against.
const BASELINE: f64 = -3.45;

/// What stays the same between a patient's encounters, and what is carried from one to the next.
pub(super) struct Person {
    race: u16,
    gender: u16,
    age: u16,
    /// Inpatient, emergency and outpatient visits in the year before.
    visits: [u16; 3],
}

/// What came of an encounter.
pub(super) struct Visit {
    pub(super) risk: f64,
    pub(super) event: bool,
    /// Whether the table holds a further encounter.
    pub(super) comes_again: bool,
}

impl Person {
    pub(super) fn new(world: &World, draw: &mut Stream) -> Self {
        Self {
            race: world.race.draw(draw),
            gender: world.gender.draw(draw),
            age: world.age.draw(draw),
            visits: [
                world.inpatient.draw(draw) as u16,
                world.emergency.draw(draw) as u16,
                world.outpatient.draw(draw) as u16,
            ],
        }
    }

    /// The next encounter, cell by cell in the order of the columns.
    pub(super) fn encounter(&mut self, world: &World, draw: &mut Stream, mut put: impl FnMut(u16)) -> Visit {
        let disposition = world.disposition.draw(draw);
        let days = 1 + world.days.draw(draw) as u16;
        // Longer stays bring more tests and drugs.
        let labs = 43.0 + 2.0 * (f64::from(days) - 4.4) + 18.5 * draw.normal();
        let labs = if happens(draw, 0.03) { 1 } else { whole(labs, 132.0) };
        let drugs = whole((2.66 + 0.07 * (f64::from(days) - 4.4) + 0.42 * draw.normal()).exp(), 81.0);
        let diagnoses = 1 + world.diagnoses.draw(draw) as u16;
        let codes = [0, 1, 2].map(|place: usize| world.codes[place].draw(draw));

        put(self.race);
        put(self.gender);
        put(self.age);
        put(world.weight.draw(draw));
        put(world.admission_type.draw(draw));
        put(disposition);
        put(world.source.draw(draw));
        put(days);
        put(world.payer.draw(draw));
        put(world.specialty.draw(draw));
        put(labs);
        put(world.procedures.draw(draw) as u16);
        put(drugs);
        let [inpatient, emergency, outpatient] = self.visits;
        put(outpatient);
        put(emergency);
        put(inpatient);
        codes.into_iter().for_each(&mut put);
        put(diagnoses);
        put(world.glucose.draw(draw));
        put(world.a1c.draw(draw));
        let (mut taken, mut moved, mut insulin) = (0u16, false, 0);
        for (place, chances) in world.drugs.iter().enumerate() {
            let dose = chances.draw(draw) as u16;
            taken += u16::from(dose > 0);
            moved |= dose > 1;
            if place == levels::INSULIN {
                insulin = dose;
            }
            put(dose);
        }
        let changed = moved || taken > 1;
        put(u16::from(changed));
        put(u16::from(taken > 0));

        let code_effects: f64 = codes
            .iter()
            .zip(&world.codes)
            .filter_map(|(&code, list)| list.effects.get(usize::from(code)))
            .sum();
        let inpatient_effect =
            0.50 * f64::from(inpatient.min(2)) + 0.25 * f64::from(inpatient.clamp(2, 8) - 2);
        let line = BASELINE
            + inpatient_effect
            + 0.15 * f64::from(emergency.min(6))
            + 0.05 * f64::from(outpatient.min(6))
            + levels::DISPOSITION[disposition as usize].2
            + code_effects
            + 0.035 * f64::from(days - 1)
            + 0.05 * f64::from(diagnoses.min(9))
            + [0.0, 0.05, 0.20, 0.28][insulin as usize]
            + age_effect(self.age)
            // Long stays of people who were often in hospital: worse than the two alone.
            + if inpatient > 1 && days > 6 { 0.35 } else { 0.0 };
        let risk = logistic(line);
        let event = draw.uniform() < risk;
        let died = line == levels::NEVER;
        let later = !died && !event && happens(draw, if inpatient > 0 { 0.50 } else { 0.36 });
        put(if event { 2 } else { u16::from(later) });

        let comes_again = (event || later) && happens(draw, 0.645);
        self.visits[0] = (inpatient + u16::from(happens(draw, 0.65))).min(20);
        Visit { risk, event, comes_again }
    }
}

/// Highest among the young adults and the old, lowest in children.
fn age_effect(decade: u16) -> f64 {
    [-1.2, -0.6, 0.35, 0.10, -0.02, -0.10, 0.0, 0.06, 0.08, 0.0][decade as usize]
}

/// A whole number from 1 to `most`.
fn whole(value: f64, most: f64) -> u16 {
    value.round().clamp(1.0, most) as u16
}

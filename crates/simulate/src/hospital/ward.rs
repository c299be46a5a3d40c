//! What is done in a hospital: measurements, drugs, procedures, diagnoses.

use super::life::Life;
use super::measure::Panel;
use super::moment::{DAY, Moment};
use super::patient::{Coded, Given, Measured, Visit, VisitKind};
use super::place::{FROM, TO};
use super::stay::risk;
use super::terms::DIASTOLIC;
use crate::draw::happens;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
/// The shortest and the longest stay in hours.
const SHORTEST: f64 = 30.0;
const LONGEST: f64 = 720.0;

impl Life<'_> {
    pub(super) fn inpatient(&mut self, day: i64) -> Visit {
        let start = day * DAY + self.minutes(1_440);
        let severity = 0.6 * self.frailty + 0.8 * self.draw.normal();
        let conditions = &self.vocabulary.conditions.0;
        let ill = self.chronic.iter().map(|&term| conditions[term].effect).sum();
        let risk = risk(self.age(day), severity, ill);
        let died = self.draw.uniform() < risk;
        let hours = SHORTEST + self.exponential(70.0 * (0.2 * severity).exp());
        let end = start + (hours.min(LONGEST) * 60.0) as i64 * MINUTE;

        let mut visit = Visit::new(VisitKind::Inpatient, Moment::at(start), Moment::at(end));
        (visit.risk, visit.died) = (Some(risk), died);
        visit.from = self.one_of(FROM.len(), 0.55);
        let worse = ((severity + 1.0).max(0.0) * 1.2) as usize;
        visit.to =
            if died { None } else { self.one_of(TO.len(), 0.7).map(|to| (to + worse).min(TO.len() - 1)) };
        self.vital_signs(&mut visit, severity);
        self.measure(&mut visit, Panel::Body, Moment::at(start + 10 * MINUTE), severity, 0.9);
        let mut morning = start + (20 + i64::from(self.draw.below(60))) * MINUTE;
        while morning < end {
            self.morning(&mut visit, Moment::at(morning), severity);
            let next = morning.div_euclid(DAY) + 1;
            morning = next * DAY + 5 * HOUR + self.minutes(120);
        }
        let at_once = 2 + self.draw.below(4) + if severity > 1.0 { 2 } else { 0 };
        let mut from = start;
        self.give(&mut visit, at_once, from);
        while from + DAY < end {
            from += DAY;
            let more = self.draw.below(4);
            self.give(&mut visit, more, from);
        }
        for _ in 0..self.draw.below(3) {
            self.operate(&mut visit);
        }
        let acute = 1 + self.draw.below(3);
        self.diagnose(&mut visit, Moment::at(end), 0.8, acute);
        visit
    }

    pub(super) fn emergency(&mut self, day: i64) -> Visit {
        let start = day * DAY + self.minutes(1_440);
        let end = start + 2 * HOUR + self.minutes(600);
        let severity = 0.5 * self.frailty + 0.7 * self.draw.normal();
        let mut visit = Visit::new(VisitKind::Emergency, Moment::at(start), Moment::at(end));
        self.vital_signs(&mut visit, severity);
        self.morning(&mut visit, Moment::at(start + 40 * MINUTE), severity);
        let drugs = self.draw.below(3);
        self.give(&mut visit, drugs, start);
        self.diagnose(&mut visit, Moment::at(end), 0.3, 1);
        visit
    }

    fn vital_signs(&mut self, visit: &mut Visit, severity: f64) {
        let mut at = visit.start.second + 5 * MINUTE + self.minutes(30);
        while at < visit.end.second {
            self.measure(visit, Panel::Vital, Moment::at(at), severity, 0.92);
            at += 6 * HOUR + self.minutes(60);
        }
    }

    /// The laboratory of a morning. It looks at more of those who are more ill.
    pub(super) fn morning(&mut self, visit: &mut Visit, at: Moment, severity: f64) {
        self.measure(visit, Panel::Basic, at, severity, 0.95);
        let looks = 0.2 + 0.1 * severity.clamp(-1.0, 2.0);
        self.measure(visit, Panel::Extended, at, severity, looks);
        let (first, chances) = &self.vocabulary.rare;
        for _ in 0..self.draw.below(3) {
            let measure = first + chances.draw(&mut self.draw) as usize;
            if !visit.measured.iter().rev().take(4).any(|one| one.measure == measure && one.at == at) {
                self.record(visit, at, measure, severity);
            }
        }
    }

    /// Measures what is in a panel, each with a chance; both blood pressures or none.
    fn measure(&mut self, visit: &mut Visit, panel: Panel, at: Moment, severity: f64, chance: f64) {
        let mut done = false;
        for measure in self.vocabulary.panel(panel) {
            let diastolic = self.vocabulary.measures[measure].code == DIASTOLIC;
            done = if diastolic { done } else { happens(&mut self.draw, chance) };
            if done {
                let systolic = visit.measured.last().map(|last| last.value);
                self.record(visit, at, measure, severity);
                if let (true, Some(systolic), Some(last)) = (diastolic, systolic, visit.measured.last_mut()) {
                    last.value = last.value.min(systolic - 15);
                }
            }
        }
    }

    fn record(&mut self, visit: &mut Visit, at: Moment, measure: usize, severity: f64) {
        let own = self.own.get(measure).copied().unwrap_or_default();
        let value = self.vocabulary.measures[measure].draw(severity, own, &mut self.draw);
        visit.measured.push(Measured { at, measure, value });
    }

    /// Gives some drugs in the 24 hours from an instant on. What is given at once ends as it begins.
    fn give(&mut self, visit: &mut Visit, count: u32, from: i64) {
        let room = ((visit.end.second - from).min(DAY) / MINUTE).max(1) as u32;
        for _ in 0..count {
            let term = self.vocabulary.drugs.1.draw(&mut self.draw) as usize;
            let at = from + self.minutes(room);
            let lasts = if happens(&mut self.draw, 0.35) { 0 } else { self.minutes(36 * 60) };
            let until = Moment::at((at + lasts).min(visit.end.second));
            visit.drugs.push(Given { at: Moment::at(at), until, term });
        }
    }

    /// Does a procedure. Of half of them only the day is known, which is then over before the stay is.
    fn operate(&mut self, visit: &mut Visit) {
        let term = self.vocabulary.procedures.1.draw(&mut self.draw) as usize;
        let (first, days) = (visit.start.on(), visit.end.on() - visit.start.on());
        let at = if happens(&mut self.draw, 0.5) {
            Moment::day(first + i64::from(self.draw.below(days as u32)))
        } else {
            let minutes = ((visit.end.second - visit.start.second) / MINUTE) as u32;
            Moment::at(visit.start.second + self.minutes(minutes))
        };
        visit.procedures.push(Coded { at, term });
    }

    /// Writes down what stays, each with a chance, and so many new conditions.
    pub(super) fn diagnose(&mut self, visit: &mut Visit, at: Moment, chance: f64, new: u32) {
        for place in 0..self.chronic.len() {
            if happens(&mut self.draw, chance) {
                visit.conditions.push(Coded { at, term: self.chronic[place] });
            }
        }
        for _ in 0..new {
            let term = self.vocabulary.conditions.1.draw(&mut self.draw) as usize;
            if !visit.conditions.iter().any(|one| one.term == term) {
                visit.conditions.push(Coded { at, term });
            }
        }
    }

    /// Seconds: a whole number of minutes, fewer than so many.
    fn minutes(&mut self, below: u32) -> i64 {
        i64::from(self.draw.below(below)) * MINUTE
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.draw.uniform()).ln()
    }

    /// The first of a list with a chance, else the second with the same chance, and so on; seldom none.
    fn one_of(&mut self, count: usize, chance: f64) -> Option<usize> {
        if happens(&mut self.draw, 0.05) {
            return None;
        }
        Some((0..count - 1).find(|_| happens(&mut self.draw, chance)).unwrap_or(count - 1))
    }
}

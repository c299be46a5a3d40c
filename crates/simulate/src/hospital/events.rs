//! A patient as events, under the names that `import omop` and `import fhir` give them.

use bedside_chart::Events;

use super::patient::Patient;
use super::vocabulary::Vocabulary;

/// Puts a patient's events in place of what is there. They come table by table, as from OMOP; those of one instant keep
/// this order.
pub(super) fn gather(vocabulary: &Vocabulary, patient: &Patient, events: &mut Events) {
    let fixed = &vocabulary.fixed;
    events.restart(patient.subject());
    events.push(None, fixed.sex[patient.sex], None);
    events.push(None, fixed.race[patient.race], None);
    events.push(None, fixed.ethnicity[patient.ethnicity], None);
    events.push(Some(patient.birth.begins()), fixed.birth, None);
    for visit in &patient.visits {
        let (began, ended) = fixed.visit[visit.kind as usize];
        let (start, end) = (Some(visit.start.begins()), Some(visit.end.known()));
        events.push(start, began, None);
        events.push(end, ended, None);
        if let Some(from) = visit.from {
            events.push(start, fixed.from[from], None);
        }
        if let Some(to) = visit.to {
            events.push(end, fixed.to[to], None);
        }
    }
    for one in patient.visits.iter().flat_map(|visit| &visit.conditions) {
        events.push(Some(one.at.known()), vocabulary.conditions.0[one.term].code, None);
    }
    for one in patient.visits.iter().flat_map(|visit| &visit.drugs) {
        let term = &vocabulary.drugs.0[one.term];
        events.push(Some(one.at.known()), term.code, None);
        if one.until != one.at {
            events.push(Some(one.until.known()), term.ended, None);
        }
    }
    for one in patient.visits.iter().flat_map(|visit| &visit.procedures) {
        events.push(Some(one.at.known()), vocabulary.procedures.0[one.term].code, None);
    }
    for one in patient.visits.iter().flat_map(|visit| &visit.measured) {
        let digits = vocabulary.measures[one.measure].digits;
        // A whole number over a power of ten is rounded once, as the text of it is when it is read.
        let value = f64::from(one.value) / f64::from(10_u32.pow(digits));
        events.push(Some(one.at.known()), vocabulary.measured[one.measure].0, Some(value));
    }
    if let Some(death) = patient.death {
        events.push(Some(death.known()), fixed.death, None);
    }
}

/// How many events a patient has.
pub(super) fn count(patient: &Patient) -> u64 {
    let of_visits = patient.visits.iter().map(|visit| {
        let places = usize::from(visit.from.is_some()) + usize::from(visit.to.is_some());
        let ends = visit.drugs.iter().filter(|drug| drug.until != drug.at).count();
        let lists =
            visit.conditions.len() + visit.drugs.len() + visit.procedures.len() + visit.measured.len();
        2 + places + ends + lists
    });
    (4 + of_visits.sum::<usize>() + usize::from(patient.death.is_some())) as u64
}

//! Held-out rows of too few patients to judge by.

use std::collections::HashSet;

use bedside_table::{HeldOut, Outcome, OutcomeKind};

use crate::report::data::Finding;
use crate::report::number::count;

/// With fewer patients than this in the smaller class, a measure is the story of a few.
const ENOUGH: usize = 10;

/// A warning where the held-out rows with the outcome, or those without, are of very few patients. A hundred of each are
/// advised: Collins, Ogundimu, Altman 2016, doi 10.1002/sim.6787.
#[must_use]
pub fn few_patients(truth: &Outcome<HeldOut>, patients: Option<&[u32]>) -> Option<Finding> {
    if truth.kind() != OutcomeKind::Binary {
        return None;
    }
    let whose = |row: usize| patients.map_or(row as u32, |patients| patients[row]);
    let of = |with: bool| {
        let rows = (0..truth.rows()).filter(move |&row| (truth.values()[row] > 0.5) == with);
        (rows.clone().count(), rows.map(whose).collect::<HashSet<_>>().len())
    };
    let (with, without) = (of(true), of(false));
    let ((rows, people), what) = if with.1 <= without.1 { (with, "with") } else { (without, "without") };
    (people < ENOUGH).then(|| Finding {
        level: "warning".to_owned(),
        text: format!(
            "The {} held-out {} {what} the outcome {} of {}: what is measured on held-out rows is the story of so few, whatever the intervals say.",
            count(rows),
            if rows == 1 { "row" } else { "rows" },
            if rows == 1 { "is" } else { "are" },
            if people == 1 { "one patient".to_owned() } else { format!("{people} patients") },
        ),
        hint: "Conclude nothing from them before there are more; what the folds inside the training rows say rests on more patients."
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::Partition;

    fn told(events: usize, of: u32) -> Option<String> {
        let outcome = Outcome::binary((0..402).map(|row| row < events || row == 400)).unwrap();
        let parts = Partition::new(&(0..402).map(|row| row < 400).collect::<Vec<_>>(), None).unwrap();
        let patients: Vec<u32> =
            (0..400).map(|row| if row < events { row as u32 % of } else { row as u32 }).collect();
        few_patients(&outcome.part(parts.held_out()), Some(&patients)).map(|finding| finding.text)
    }

    #[test]
    fn rows_of_one_patient_are_told_from_rows_of_many() {
        assert!(
            told(13, 1).unwrap().starts_with("The 13 held-out rows with the outcome are of one patient:")
        );
        assert!(told(40, 9).unwrap().contains("are of 9 patients:"));
        assert_eq!(told(40, 10), None);
        assert_eq!(told(200, 200), None);
        assert!(
            told(395, 395).unwrap().starts_with("The 5 held-out rows without the outcome are of 5 patients:")
        );
    }
}

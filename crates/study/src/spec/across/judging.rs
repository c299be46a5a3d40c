//! `[report]` and `[gates]`.

use super::super::place::Step::{Item, Key, Name};
use super::super::{Demand, OutcomeKind};
use super::{Across, repeated};
use bedside_table::nearest;

impl Across<'_, '_> {
    pub(super) fn report(&mut self) {
        let (report, columns) = (&self.file.report, &self.file.columns);
        for (i, column) in report.subgroups.iter().enumerate() {
            let path = [Key("report"), Key("subgroups"), Item(i)];
            if [&columns.patient, &columns.row_id].into_iter().any(|id| id.as_ref() == Some(column)) {
                let problem = format!("column `{column}` identifies patients or rows and makes no subgroups");
                self.error(&path, problem, "take it out");
            }
        }
        for (i, column) in repeated(&report.subgroups) {
            let problem = format!("column `{column}` is named twice");
            self.error(&[Key("report"), Key("subgroups"), Item(i)], problem, "take one of them out");
        }
        for (column, cuts) in &report.cut_points {
            let path = [Key("report"), Key("cut-points"), Name(column)];
            if !report.subgroups.contains(column) {
                let near = nearest(column, report.subgroups.iter().map(String::as_str));
                let hint = near
                    .map_or("name it in `subgroups`".to_owned(), |near| format!("did you mean `{near}`?"));
                self.error(
                    &path,
                    format!("`cut-points` name `{column}`, which is not among the subgroups"),
                    &hint,
                );
            }
            let path = [Key("report"), Key("cut-points"), Key(column)];
            if cuts.is_empty() || cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
                let problem = format!("cut points of `{column}`: expected ascending numbers, each once");
                self.error(&path, problem, "write, for example: `[40, 65]`");
            }
        }
        let thresholds = report.thresholds();
        for (i, threshold) in repeated(&thresholds) {
            let path = [Key("report"), Key("thresholds"), Item(i)];
            self.error(&path, format!("threshold {threshold} is named twice"), "take one of them out");
        }
        if !thresholds.is_empty() && self.file.outcome.kind() == Some(OutcomeKind::Continuous) {
            let problem = "a continuous outcome has no risk thresholds";
            self.error(&[Key("report"), Key("thresholds")], problem, "take them out");
        }
    }

    pub(super) fn gates(&mut self) {
        for gate in self.file.gates.iter() {
            let name = gate.measure.to_string();
            let path = [Key("gates"), Name(&name)];
            if let (Some(needed), Some(kind)) = (gate.measure.outcome_kind(), self.file.outcome.kind())
                && needed != kind
            {
                let problem = match kind {
                    OutcomeKind::Binary => format!("`{name}` does not exist for a binary outcome"),
                    OutcomeKind::Continuous => format!("`{name}` does not exist for a continuous outcome"),
                };
                self.error(&path, problem, "take it out");
                continue;
            }
            let (lowest, highest) = gate.measure.bounds();
            let beyond = match gate.demanded {
                Demand::AtLeast(low) => low > highest,
                Demand::AtMost(high) => high < lowest,
                Demand::Between(low, high) => low > highest || high < lowest,
            };
            if beyond {
                let problem = format!(
                    "no model can meet `{}`: `{name}` lies between {lowest} and {highest}",
                    gate.demanded
                );
                self.error(&[Key("gates"), Key(&name)], problem, "");
            }
        }
    }
}

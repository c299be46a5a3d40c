//! What is true of the stays.

use bedside_chart::SubjectNumber;
use bedside_intake::{Format, OutColumn, OutData, table_bytes};
use bedside_simulate::Stay;

use crate::failure::Failure;

/// Whose stays, and what is true of them.
pub(super) type Truth = Vec<(SubjectNumber, Stay)>;

/// A stay a row, in the form of labels: subject, admission, whether the patient died in it, and the risk of it.
pub(super) fn truth_bytes(truth: &Truth) -> Result<Vec<u8>, Failure> {
    let subjects: Vec<Option<i64>> = truth.iter().map(|(subject, _)| Some(subject.expose())).collect();
    let admitted: Vec<Option<i64>> = truth.iter().map(|(_, stay)| Some(stay.admitted.micros())).collect();
    let died: Vec<String> = truth.iter().map(|(_, stay)| stay.died.to_string()).collect();
    let risk: Vec<f64> = truth.iter().map(|(_, stay)| stay.risk).collect();
    let columns = [
        OutColumn { name: "subject_id", data: OutData::Integers(&subjects) },
        OutColumn { name: "prediction_time", data: OutData::Instants(&admitted) },
        OutColumn { name: "boolean_value", data: OutData::Text(&died) },
        OutColumn { name: "true_risk", data: OutData::Numbers(&risk) },
    ];
    Ok(table_bytes(Format::Csv, b',', &columns)?)
}

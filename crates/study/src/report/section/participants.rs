//! Participants: flow and division.

use super::super::data::ReportData;
use super::super::figure::{flow, side_by_side, split};

/// Who was in, and on which side.
pub(super) fn participants(data: &ReportData) -> String {
    side_by_side([flow(data), split(data)])
}

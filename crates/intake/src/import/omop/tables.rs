//! The tables of events, and what their columns mean.

/// A table. A column that a version of the model lacks may be missing; `person_id`, the concept and the date may not.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) file: &'static str,
    /// What its rows are, in a word.
    pub(super) what: &'static str,
    pub(super) code: Code,
    pub(super) start: Moment,
    pub(super) end: Option<Moment>,
    pub(super) value: Option<Value>,
    /// A concept that is an event of its own: its prefix, the names of its column, and whether it is known at the end only.
    pub(super) beside: &'static [(&'static str, &'static [&'static str], bool)],
}

#[derive(Debug)]
pub(super) enum Code {
    /// Always the same.
    Fixed(&'static str),
    Concept {
        concept: &'static str,
        source: &'static str,
        source_value: &'static str,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) date: &'static str,
    pub(super) datetime: &'static str,
    /// What is known to the day begins with it, rather than being known at its end.
    pub(super) at_start: bool,
}

#[derive(Debug)]
pub(super) struct Value {
    pub(super) source_text: &'static str,
    pub(super) text: &'static str,
}

const fn begins(date: &'static str, datetime: &'static str) -> Moment {
    Moment { date, datetime, at_start: true }
}

const fn known(date: &'static str, datetime: &'static str) -> Moment {
    Moment { date, datetime, at_start: false }
}

const fn concept(concept: &'static str, source: &'static str, source_value: &'static str) -> Code {
    Code::Concept { concept, source, source_value }
}

/// In the order in which events of one instant are to stand.
pub(super) const TABLES: &[Described] = &[
    Described {
        file: "observation_period",
        what: "observation period",
        code: Code::Fixed("OBSERVATION_PERIOD"),
        start: begins("observation_period_start_date", "observation_period_start_datetime"),
        end: Some(known("observation_period_end_date", "observation_period_end_datetime")),
        value: None,
        beside: &[],
    },
    Described {
        file: "visit_occurrence",
        what: "visit",
        code: concept("visit_concept_id", "visit_source_concept_id", "visit_source_value"),
        start: begins("visit_start_date", "visit_start_datetime"),
        end: Some(known("visit_end_date", "visit_end_datetime")),
        value: None,
        beside: &[
            ("ADMITTED_FROM", &["admitted_from_concept_id", "admitting_source_concept_id"], false),
            ("DISCHARGED_TO", &["discharged_to_concept_id", "discharge_to_concept_id"], true),
        ],
    },
    Described {
        file: "visit_detail",
        what: "visit_detail",
        code: concept(
            "visit_detail_concept_id",
            "visit_detail_source_concept_id",
            "visit_detail_source_value",
        ),
        start: begins("visit_detail_start_date", "visit_detail_start_datetime"),
        end: Some(known("visit_detail_end_date", "visit_detail_end_datetime")),
        value: None,
        beside: &[
            ("ADMITTED_FROM", &["admitted_from_concept_id", "admitting_source_concept_id"], false),
            ("DISCHARGED_TO", &["discharged_to_concept_id", "discharge_to_concept_id"], true),
        ],
    },
    Described {
        file: "condition_occurrence",
        what: "condition",
        code: concept("condition_concept_id", "condition_source_concept_id", "condition_source_value"),
        start: known("condition_start_date", "condition_start_datetime"),
        end: Some(known("condition_end_date", "condition_end_datetime")),
        value: None,
        beside: &[],
    },
    Described {
        file: "drug_exposure",
        what: "drug",
        code: concept("drug_concept_id", "drug_source_concept_id", "drug_source_value"),
        start: known("drug_exposure_start_date", "drug_exposure_start_datetime"),
        end: Some(known("drug_exposure_end_date", "drug_exposure_end_datetime")),
        value: None,
        beside: &[],
    },
    Described {
        file: "procedure_occurrence",
        what: "procedure",
        code: concept("procedure_concept_id", "procedure_source_concept_id", "procedure_source_value"),
        start: known("procedure_date", "procedure_datetime"),
        end: Some(known("procedure_end_date", "procedure_end_datetime")),
        value: None,
        beside: &[],
    },
    Described {
        file: "device_exposure",
        what: "device",
        code: concept("device_concept_id", "device_source_concept_id", "device_source_value"),
        start: known("device_exposure_start_date", "device_exposure_start_datetime"),
        end: Some(known("device_exposure_end_date", "device_exposure_end_datetime")),
        value: None,
        beside: &[],
    },
    Described {
        file: "measurement",
        what: "measurement",
        code: concept("measurement_concept_id", "measurement_source_concept_id", "measurement_source_value"),
        start: known("measurement_date", "measurement_datetime"),
        end: None,
        value: Some(Value { source_text: "value_source_value", text: "" }),
        beside: &[],
    },
    Described {
        file: "observation",
        what: "observation",
        code: concept("observation_concept_id", "observation_source_concept_id", "observation_source_value"),
        start: known("observation_date", "observation_datetime"),
        end: None,
        value: Some(Value { source_text: "value_source_value", text: "value_as_string" }),
        beside: &[],
    },
    Described {
        file: "death",
        what: "death",
        code: Code::Fixed("MEDS_DEATH"),
        start: known("death_date", "death_datetime"),
        end: None,
        value: None,
        beside: &[("DEATH_CAUSE", &["cause_concept_id"], false)],
    },
];

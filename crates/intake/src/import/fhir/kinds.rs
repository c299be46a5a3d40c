//! The types of resources that are events, and where in them it stands what happened when.

/// A field with a time.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// The field itself.
    Field(&'static str),
    /// The start and the end of a period.
    Start(&'static str),
    End(&'static str),
}

/// A field with a code.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coded {
    Field(&'static str),
    Medication,
}

/// A type of resources.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) subject: &'static str,
    /// When it began: the first that is there.
    pub(super) began: &'static [At],
    /// When it ended.
    pub(super) ended: &'static [At],
    pub(super) code: Coded,
    /// Stands before the code, and after it.
    pub(super) before: Option<&'static str>,
    pub(super) after: Option<&'static str>,
    /// A status with which it is no event, beside that of an error.
    pub(super) void: &'static [&'static str],
    /// Whether there are values.
    pub(super) valued: bool,
}

const PLAIN: Kind = Kind {
    name: "",
    subject: "subject",
    began: &[],
    ended: &[],
    code: Coded::Field("code"),
    before: None,
    after: None,
    void: &[],
    valued: false,
};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "Observation",
        began: &[
            At::Field("effectiveDateTime"),
            // What was found over a time is known at its end.
            At::End("effectivePeriod"),
            At::Start("effectivePeriod"),
            At::Field("effectiveInstant"),
            At::Field("issued"),
        ],
        void: &["cancelled"],
        valued: true,
        ..PLAIN
    },
    Kind {
        name: "Condition",
        began: &[At::Field("onsetDateTime"), At::Start("onsetPeriod"), At::Field("recordedDate")],
        ended: &[At::Field("abatementDateTime"), At::End("abatementPeriod")],
        ..PLAIN
    },
    Kind {
        name: "Procedure",
        began: &[At::Field("performedDateTime"), At::Start("performedPeriod")],
        ended: &[At::End("performedPeriod")],
        void: &["not-done", "preparation"],
        ..PLAIN
    },
    Kind {
        name: "MedicationRequest",
        began: &[At::Field("authoredOn")],
        code: Coded::Medication,
        after: Some("ORDERED"),
        void: &["draft"],
        ..PLAIN
    },
    Kind {
        name: "MedicationAdministration",
        began: &[At::Field("effectiveDateTime"), At::Start("effectivePeriod")],
        ended: &[At::End("effectivePeriod")],
        code: Coded::Medication,
        void: &["not-done"],
        ..PLAIN
    },
    Kind {
        name: "MedicationStatement",
        began: &[At::Field("effectiveDateTime"), At::Start("effectivePeriod"), At::Field("dateAsserted")],
        ended: &[At::End("effectivePeriod")],
        code: Coded::Medication,
        void: &["not-taken", "intended"],
        ..PLAIN
    },
    Kind {
        name: "Immunization",
        subject: "patient",
        began: &[At::Field("occurrenceDateTime")],
        code: Coded::Field("vaccineCode"),
        void: &["not-done"],
        ..PLAIN
    },
    Kind {
        name: "DiagnosticReport",
        began: &[
            At::Field("effectiveDateTime"),
            At::End("effectivePeriod"),
            At::Start("effectivePeriod"),
            At::Field("issued"),
        ],
        after: Some("REPORT"),
        void: &["cancelled"],
        ..PLAIN
    },
    Kind {
        name: "AllergyIntolerance",
        subject: "patient",
        began: &[At::Field("onsetDateTime"), At::Start("onsetPeriod"), At::Field("recordedDate")],
        before: Some("ALLERGY"),
        ..PLAIN
    },
];

/// Types that are read otherwise.
const OTHERS: &[&str] = &["Bundle", "Encounter", "Medication", "Patient"];

pub(super) fn of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The name of a type that is read, to blame it by; empty for another.
pub(super) fn name(name: &str) -> &'static str {
    let kinds = KINDS.iter().map(|kind| kind.name);
    kinds.chain(OTHERS.iter().copied()).find(|known| *known == name).unwrap_or_default()
}

impl At {
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Field(field) | Self::Start(field) | Self::End(field) => field,
        }
    }
}

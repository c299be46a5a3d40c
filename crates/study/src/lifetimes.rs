//! Index times against the lives of the subjects: before birth, after death, at ages that nobody reaches.

use bedside_chart::{BIRTH, Codes, DEATH, Instant, OLDEST, Timeline};

use crate::report::number::count;

/// How many rows and subjects have times that cannot be.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Rows at index times before the subject's birth (`MEDS_BIRTH`).
    pub before_birth: u64,
    /// Rows at which the subject would be older than 120 years.
    pub too_old: u64,
    /// Rows at index times after the day of the subject's death (`MEDS_DEATH`).
    pub after_death: u64,
    /// Subjects with births at different times.
    pub several_births: u64,
    /// Subjects with deaths at different times.
    pub several_deaths: u64,
}

impl Lifetimes {
    /// Looks at the index times of a subject.
    pub(crate) fn see(
        &mut self,
        timeline: &Timeline<'_>,
        codes: &Codes,
        times: impl Iterator<Item = Instant> + Clone,
    ) {
        let of = |code: &str| {
            let code = codes.known(code);
            let events = timeline.times().iter().zip(timeline.codes());
            let mut at = events.filter(|(_, other)| Some(**other) == code).map(|(time, _)| *time);
            let first = code.and_then(|_| at.next());
            (first, first.is_some_and(|first| at.any(|other| other != first)))
        };
        let ((birth, births), (death, deaths)) = (of(BIRTH), of(DEATH));
        self.several_births += u64::from(births);
        self.several_deaths += u64::from(deaths);
        for time in times {
            self.before_birth += u64::from(birth.is_some_and(|birth| time < birth));
            self.too_old += u64::from(birth.is_some_and(|birth| time - birth > OLDEST));
            self.after_death += u64::from(death.is_some_and(|death| time > death.end_of_day()));
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let Self { before_birth, too_old, after_death, several_births, several_deaths } = other;
        self.before_birth += before_birth;
        self.too_old += too_old;
        self.after_death += after_death;
        self.several_births += several_births;
        self.several_deaths += several_deaths;
    }

    /// What a careful reader would ask about: how many, and what of them.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        self.sentences().into_iter().map(|(_, who, what)| format!("{who} {what}")).collect()
    }

    /// How many there are, of what they are (rows or subjects), and what is said of them.
    pub(crate) fn sentences(&self) -> Vec<(u64, String, String)> {
        let all = [
            (self.before_birth, "row", "an index time before the birth of their subject"),
            (self.too_old, "row", "a subject who would be older than 120 years"),
            (self.after_death, "row", "an index time after the day of death of their subject"),
            (self.several_births, "subject", "births at different times; ages count from the first"),
            (self.several_deaths, "subject", "deaths at different times"),
        ];
        let told = all.into_iter().filter(|(found, ..)| *found > 0);
        told.map(|(found, noun, what)| {
            let (plural, verb) = if found == 1 { ("", "has") } else { ("s", "have") };
            (found, format!("{} {noun}{plural}", count(found as usize)), format!("{verb} {what}"))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_chart::{Events, Span, SubjectNumber};

    fn seen(record: &[(i64, &str)], asked: &[i64]) -> Lifetimes {
        let (codes, mut events) = (Codes::default(), Events::new(SubjectNumber::new(1)));
        let year = |year: i64| Instant::from_micros(0) + Span::days(365 * year);
        for (at, code) in record {
            events.push(Some(year(*at)), codes.id(code).unwrap(), None);
        }
        let mut lifetimes = Lifetimes::default();
        lifetimes.see(&events.timeline(), &codes, asked.iter().map(|at| year(*at)));
        lifetimes
    }

    #[test]
    fn what_cannot_be_is_counted() {
        let none = Lifetimes::default();
        let sound = [(0, BIRTH), (40, "X"), (80, DEATH)];
        assert_eq!(seen(&sound, &[0, 40, 80]), none);
        assert_eq!(seen(&sound, &[-1, 40, 81]), Lifetimes { before_birth: 1, after_death: 1, ..none });
        assert_eq!(seen(&[(0, BIRTH), (300, "X")], &[120, 121, 300]), Lifetimes { too_old: 2, ..none });
        let twice = [(0, BIRTH), (0, BIRTH), (1, BIRTH), (2, DEATH), (3, DEATH)];
        assert_eq!(seen(&twice, &[1]), Lifetimes { several_births: 1, several_deaths: 1, ..none });
        assert_eq!(seen(&[(40, "X")], &[0, 500]), none, "of whom no birth is known");
        assert_eq!(
            seen(&twice, &[-1]).told(),
            [
                "1 row has an index time before the birth of their subject",
                "1 subject has births at different times; ages count from the first",
                "1 subject has deaths at different times"
            ]
        );
    }
}

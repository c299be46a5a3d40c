//! Times that cannot be, seen as the events of one subject after the other go by: before birth, after death, ages of centuries,
//! two births, stays that overlap, and days that stand for no day at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use bedside_chart::{BIRTH, DEATH, OLDEST};

use super::entries::{Entry, UNTIMED};
use crate::times::day_number;

mod told;

pub(super) const DAY: i64 = 86_400_000_000;

/// What a birth is called until it is written, of which only the year is known; it stands at the beginning of that year.
pub(super) const BIRTH_OF_YEAR: &str = "\u{3}MEDS_BIRTH";

/// The first day that is no day of any record, 2250-01-01: what is said to end then has no end yet. Records whose dates were
/// shifted to hide them reach 2215.
const OPEN: i64 = 102_268 * DAY;
/// The last time that is looked up among those that stand for an unknown one: the end of 1900-01-01.
const UNKNOWN: i64 = -25_566 * DAY - 1;
/// Days before it were taken for unknown ones by whoever wrote them: 1800-01-02.
const ANCIENT: i64 = -62_090 * DAY;
/// Kinds of stays of which nobody can have two at once.
const STAYS: [&str; 4] = ["Visit/IP", "Visit/ERIP", "ENCOUNTER//ACUTE", "ENCOUNTER//NONAC"];

/// What becomes of events at times that stand for none: far in the future (`9999-12-31`) for an end that is open, long ago
/// (`1900-01-01`) for a time that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OddTimes {
    /// What is said to happen far in the future has not happened: it is no event. Events of long ago are kept.
    #[default]
    Open,
    /// All are kept as they are.
    Keep,
    /// All are left out.
    Drop,
}

/// What an event is to the life of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Other,
    Birth,
    BirthOfYear,
    Death,
    /// The cause of a death, which may be found later.
    Cause,
    Begins(usize),
    Ends(usize),
}

/// What was seen of the subject whose events go by.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    subject: Option<i64>,
    birth: Option<i64>,
    death: Option<i64>,
    /// Events before the day of the last one, and those of that day; the day ends at `midnight`.
    before: u64,
    today: u64,
    midnight: i64,
    /// After this time it is too old.
    oldest: Option<i64>,
    /// The end of the day of death.
    dead: Option<i64>,
    stays: [Stay; STAYS.len()],
    told: Told,
}

/// What has been counted of a subject once.
#[derive(Debug, Default, Clone, Copy)]
struct Told {
    births: bool,
    deaths: bool,
    after_death: bool,
}

/// Stays of one kind that have begun and not ended.
#[derive(Debug, Default, Clone, Copy)]
struct Stay {
    open: u64,
    /// Those that began at `since`: one that ends then is another.
    fresh: u64,
    since: i64,
    /// Whether the last thing was an end.
    ended: bool,
}

/// How often each was met.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Counts {
    /// Events far in the future and long ago, by code.
    open: BTreeMap<u32, u64>,
    unknown: BTreeMap<u32, u64>,
    /// Events and subjects.
    before_birth: (u64, u64),
    after_death: (u64, u64),
    stays_after_death: u64,
    too_old: u64,
    several_births: u64,
    several_deaths: u64,
    overlapping: u64,
    births_of_year: u64,
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Stays,
    Leaves,
    /// It is a birth whose time is still to be found: [`Chronology::born`].
    IsBorn,
}

/// Looks at the events of one subject after the other, each in the order of time.
#[derive(Debug)]
pub(super) struct Chronology {
    odd: OddTimes,
    roles: Vec<Role>,
    seen: Seen,
    counts: Counts,
}

impl Chronology {
    /// For codes of these names.
    pub(super) fn new(names: &[Arc<str>], odd: OddTimes) -> Self {
        let role = |name: &Arc<str>| match &**name {
            BIRTH => Role::Birth,
            BIRTH_OF_YEAR => Role::BirthOfYear,
            DEATH => Role::Death,
            name if name.starts_with("DEATH_CAUSE") => Role::Cause,
            name => {
                let of = |name: &str| STAYS.iter().position(|stay| *stay == name);
                match name.strip_suffix("//END") {
                    Some(begun) => of(begun).map_or(Role::Other, Role::Ends),
                    None => of(name).map_or(Role::Other, Role::Begins),
                }
            }
        };
        let roles = names.iter().map(role).collect();
        Self { odd, roles, seen: Seen::default(), counts: Counts::default() }
    }

    /// Looks at the next event, and says what becomes of it.
    #[inline]
    pub(super) fn sees(&mut self, entry: &Entry) -> Verdict {
        if self.seen.subject != Some(entry.subject) {
            self.seen = Seen { subject: Some(entry.subject), midnight: UNTIMED, ..Seen::default() };
        }
        if entry.time == UNTIMED {
            return Verdict::Stays;
        }
        if entry.time >= OPEN {
            *self.counts.open.entry(entry.code).or_default() += 1;
            return if self.odd == OddTimes::Keep { Verdict::Stays } else { Verdict::Leaves };
        }
        if entry.time <= UNKNOWN && stands_for_unknown(entry.time) {
            *self.counts.unknown.entry(entry.code).or_default() += 1;
            if self.odd == OddTimes::Drop {
                return Verdict::Leaves;
            }
        }
        let role = self.roles[entry.code as usize];
        if role == Role::BirthOfYear {
            return Verdict::IsBorn;
        }
        self.see(entry.time, role);
        Verdict::Stays
    }

    /// The time of a birth of which the year is known; `next` is the time of the same subject's next event.
    pub(super) fn born(&mut self, entry: &Entry, next: Option<i64>) -> i64 {
        self.counts.births_of_year += 1;
        let at_once = (self.seen.today > 0 && entry.time < self.seen.midnight).then_some(entry.time);
        let time = born(entry.time, at_once.or(next));
        self.see(time, Role::BirthOfYear);
        time
    }

    #[inline]
    fn see(&mut self, time: i64, role: Role) {
        let (seen, counts) = (&mut self.seen, &mut self.counts);
        if time >= seen.midnight {
            seen.before += seen.today;
            seen.today = 0;
            seen.midnight = (time.div_euclid(DAY) + 1) * DAY;
        }
        if seen.oldest.is_some_and(|oldest| time > oldest) {
            counts.too_old += 1;
            seen.oldest = None;
        }
        if let Some(dead) = seen.dead.filter(|_| !matches!(role, Role::Death | Role::Cause))
            && time > dead
        {
            counts.after_death.0 += 1;
            counts.after_death.1 += u64::from(!seen.told.after_death);
            seen.told.after_death = true;
        }
        match role {
            Role::Other | Role::Cause => {}
            Role::Birth | Role::BirthOfYear => match seen.birth {
                None => {
                    seen.birth = Some(time);
                    seen.oldest = Some(time.saturating_add(OLDEST.micros()));
                    counts.before_birth.0 += seen.before;
                    counts.before_birth.1 += u64::from(seen.before > 0);
                }
                Some(birth) => {
                    let other = birth != time && !seen.told.births;
                    counts.several_births += u64::from(other);
                    seen.told.births |= other;
                }
            },
            Role::Death => match seen.death {
                None => {
                    seen.death = Some(time);
                    seen.dead = Some(seen.midnight - 1);
                }
                Some(death) => {
                    let other = death != time && !seen.told.deaths;
                    counts.several_deaths += u64::from(other);
                    seen.told.deaths |= other;
                }
            },
            Role::Begins(kind) => {
                counts.stays_after_death += u64::from(seen.death.is_some_and(|death| time > death));
                seen.stays[kind].begins(time);
            }
            Role::Ends(kind) => counts.overlapping += u64::from(seen.stays[kind].ends(time)),
        }
        seen.today += 1;
    }
}

impl Stay {
    fn begins(&mut self, time: i64) {
        if self.fresh > 0 && self.since < time {
            self.settle();
        }
        self.since = time;
        self.fresh += 1;
    }

    /// Whether it ends right after another that began before that one's end. Stays that end as they begin have no end of their own,
    /// so that one which was not seen to end says nothing.
    fn ends(&mut self, time: i64) -> bool {
        if self.fresh > 0 && self.since < time {
            self.settle();
        }
        if self.open == 0 {
            return false;
        }
        let overlaps = self.ended;
        self.open -= 1;
        self.ended = true;
        overlaps
    }

    fn settle(&mut self) {
        self.open += self.fresh;
        self.fresh = 0;
        self.ended = false;
    }
}

/// When somebody was born of whom the year is known: on the day of the first record in that year, else on the 15th of June
/// (OHDSI Themis, issue 93).
fn born(year: i64, first: Option<i64>) -> i64 {
    let (number, ..) = bedside_chart::Instant::from_micros(year).date();
    let day = |month, date| day_number(number, month, date).map_or(year, |day| day * DAY);
    let end =
        year + (day_number(number + 1, 1, 1).unwrap_or(0) - day_number(number, 1, 1).unwrap_or(0)) * DAY;
    match first.filter(|time| *time < end) {
        Some(first) => first.div_euclid(DAY) * DAY,
        None => day(6, 15),
    }
}

/// Whether a time of long ago is one that programs and people write for *unknown*: the first days of the calendars of databases,
/// spreadsheets and clocks, and all before 1800.
fn stands_for_unknown(time: i64) -> bool {
    let day = time.div_euclid(DAY);
    // 1900-01-01, 1899-12-31, 1899-12-30; 1858-11-17 is day 0 of the modified Julian date.
    time < ANCIENT || matches!(day, -25_567 | -25_568 | -25_569 | -40_587)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        crate::parse_time(text, None).unwrap()
    }

    #[test]
    fn the_days_are_those_that_are_meant() {
        assert_eq!(OPEN, at("2250-01-01"));
        assert_eq!(UNKNOWN, at("1900-01-02") - 1);
        assert_eq!(ANCIENT, at("1800-01-02"));
        for unknown in [
            "1900-01-01",
            "1899-12-30",
            "1899-12-31T10:00",
            "1858-11-17",
            "1753-01-01",
            "1800-01-01",
            "0001-01-01",
        ] {
            assert!(at(unknown) <= UNKNOWN && stands_for_unknown(at(unknown)), "{unknown}");
        }
        for known in ["1900-01-02", "1850-01-01", "1899-12-29", "1812-06-15"] {
            assert!(at(known) > UNKNOWN || !stands_for_unknown(at(known)), "{known}");
        }
    }

    #[test]
    fn a_birth_by_year_is_that_of_the_first_record_or_of_june() {
        let year = at("2020-01-01");
        assert_eq!(born(year, None), at("2020-06-15"));
        assert_eq!(born(year, Some(at("2021-01-01"))), at("2020-06-15"));
        assert_eq!(born(year, Some(at("2020-12-31T23:00"))), at("2020-12-31"));
        assert_eq!(born(year, Some(at("2020-02-03T23:00"))), at("2020-02-03"));
        assert_eq!(born(year, Some(year)), year);
    }

    #[test]
    fn stays_overlap_only_where_no_other_reading_is_left() {
        let overlapping = |events: &[(i64, char)]| {
            let mut stay = Stay::default();
            let mut found = 0;
            for &(time, what) in events {
                match what {
                    'b' => stay.begins(time),
                    _ => found += u64::from(stay.ends(time)),
                }
            }
            found
        };
        assert_eq!(overlapping(&[(1, 'b'), (2, 'b'), (3, 'e'), (4, 'e')]), 1);
        assert_eq!(overlapping(&[(1, 'b'), (2, 'b'), (3, 'b'), (4, 'e'), (5, 'e'), (6, 'e')]), 2);
        assert_eq!(overlapping(&[(1, 'b'), (3, 'e'), (4, 'b'), (5, 'e')]), 0);
        assert_eq!(overlapping(&[(1, 'b'), (3, 'b'), (3, 'e'), (5, 'e')]), 0, "a transfer");
        assert_eq!(overlapping(&[(1, 'b'), (3, 'e'), (3, 'b'), (5, 'e')]), 0, "a transfer");
        assert_eq!(overlapping(&[(1, 'b'), (2, 'b'), (4, 'e')]), 0, "the first ended as it began");
        assert_eq!(overlapping(&[(1, 'e'), (2, 'b'), (3, 'e')]), 0, "one that ended before it began");
    }
}

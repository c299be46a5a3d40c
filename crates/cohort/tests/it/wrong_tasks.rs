//! Task files with something wrong in them.

use bedside_cohort::{CohortError, Task};

fn error(task: &str) -> String {
    match Task::parse(task) {
        Ok(_) => panic!("accepted:\n{task}"),
        Err(error) => error.to_string(),
    }
}

const HEAD: &str = "predicates: {admission: {code: A}, death: {code: D}}\ntrigger: admission\nwindows:\n";

#[test]
fn each_mistake_is_told_with_its_line_and_its_mending() {
    let windows = |text: &str| format!("{HEAD}{text}");
    let window =
        |ends: &str| windows(&format!("  gap: {{{ends}, start_inclusive: true, end_inclusive: true}}\n"));
    for (task, told) in [
        ("predicates: {}\n".to_owned(), "line 1: `the task` lacks `trigger`"),
        (
            "trigger: a\npredicate: {}\n".to_owned(),
            "line 2: `the task` has no key `predicate`; did you mean `predicates`?",
        ),
        (
            "predicates: {admission: {code: A}}\ntrigger: admision\n".to_owned(),
            "line 2, `trigger`: no predicate `admision`; did you mean `admission`?",
        ),
        (
            "predicates: {a: {code: A, value_mni: 3}}\ntrigger: a\n".to_owned(),
            "line 1: `predicates.a` has no key `value_mni`; did you mean `value_min`?",
        ),
        (
            "predicates:\n  a: {code: {regex: '('}}\ntrigger: a\n".to_owned(),
            "line 2, `predicates.a.code.regex`: not a regular expression: ",
        ),
        (
            "predicates: {a: {expr: 'or(b, c)'}, b: {expr: 'and(a, c)'}, c: {code: C}}\ntrigger: a\n"
                .to_owned(),
            "line 1: predicate `a` is defined by itself: a -> b -> a",
        ),
        (
            "predicates: {a: {expr: 'not(b)'}, b: {code: B}}\ntrigger: a\n".to_owned(),
            "line 1, `predicates.a.expr`: expected `and(a, b, ...)` or `or(a, b, ...)`",
        ),
        (
            "predicates: {a: {code: ???}}\ntrigger: a\n".to_owned(),
            "line 1: the codes of predicate `a` are left open",
        ),
        (
            "predicates: {a: {code: A}, b: {code: B}, high: {value_min: 1}, c: {expr: 'and(a, b, high)'}}\ntrigger: c\n"
                .to_owned(),
            "line 1, `predicates.c.expr`: expected predicates that one event can satisfy, as a value is asked for: is it the value of \
             `A` or of `B`?",
        ),
        ("predicates: {a: {}}\ntrigger: a\n".to_owned(), "line 1: `predicates.a` lacks `code`"),
        (
            window("start: trigger, end: star + 1h"),
            "line 4, `windows.gap.end`: expected `trigger`, `start`, `end`",
        ),
        (
            window("start: trigger, end: start + 1 month"),
            "line 4, `windows.gap.end`: expected a distance such as `24h`",
        ),
        (window("start: trigger, end: start - 1h"), "line 4: window `gap`: its end comes before its start"),
        (window("start: end, end: start"), "line 4: window `gap`: start and end refer to each other"),
        (
            window("start: trigger, end: trigger + 1h"),
            "line 4: window `gap`: one of start and end must refer to the other",
        ),
        (window("start: null, end: null"), "line 4: window `gap`: it has neither start nor end"),
        (
            window("start: trigger, end: start -> deth"),
            "line 4, `windows.gap.end`: no predicate `deth`; did you mean `death`?",
        ),
        (
            window("start: gp.end, end: start + 1h"),
            "line 4, `windows.gap.start`: no window `gp`; did you mean `gap`?",
        ),
        (window("start: gap.end, end: start + 1h"), "line 4: window `gap` hangs on itself: gap -> gap"),
        (
            window("start: trigger, end: start + 1h, has: {death: '(2, 1)'}"),
            "line 4, `windows.gap.has.death`: expected `(min, max)`",
        ),
        (
            windows("  gap: {start: trigger, end: start + 1h, end_inclusive: true}\n"),
            "line 4: `windows.gap` lacks `start_inclusive`",
        ),
        (
            windows(
                "  one: {start: trigger, end: start + 1h, start_inclusive: true, end_inclusive: true, label: death}\n  \
                 two: {start: trigger, end: start + 1h, start_inclusive: true, end_inclusive: true, label: death}\n",
            ),
            "line 5: windows `one` and `two` both have `label`",
        ),
        (
            "predicates: {a: {code: A}}\npatient_demographics: {sex: {code: F}}\ntrigger: sex\n".to_owned(),
            "line 3, `trigger`: expected a predicate on events in time, found `sex`",
        ),
        ("trigger: [a\n".to_owned(), "not YAML"),
    ] {
        let found = error(&task);
        assert!(found.contains(told), "told: {found}\nexpected: {told}\n{task}");
    }
}

#[test]
fn patterns_that_no_code_meets_together_are_told() {
    let task = Task::parse(
        "predicates: {lab: {code: {regex: '^LAB'}}, crea: {code: {regex: 'CREA'}}, high: {value_min: 1}, c: {expr: 'and(lab, crea, high)'}}\n\
         trigger: c\n",
    )
    .unwrap();
    let unmet = |codes: &[&str]| -> Vec<String> {
        let codes: Vec<_> = codes.iter().map(|code| (*code).into()).collect();
        task.unmet(&codes).iter().map(ToString::to_string).collect()
    };
    assert_eq!(unmet(&["LAB//CREA", "LAB//K"]), [] as [&str; 0]);
    assert_eq!(
        unmet(&["LAB//K", "URINE//CREA"]),
        ["predicate `c` asks for one code that all of its predicates accept, which no event has"]
    );
}

#[test]
fn predicates_of_a_data_set_are_laid_over_those_of_a_task() {
    let task = "predicates: {admission: {code: ???}}\ntrigger: admission\n";
    assert!(matches!(Task::parse(task), Err(CohortError::OpenPredicate { line: 1, .. })));
    assert!(Task::parse_with(task, "metadata: x\npredicates: {admission: {code: ADMISSION}}\n").is_ok());
    let wrong = Task::parse_with(task, "trigger: x\n").unwrap_err();
    assert_eq!(wrong.to_string(), "line 1: `the file of predicates` has no key `trigger`");
}

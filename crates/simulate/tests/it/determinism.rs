//! Same seed, same bits, on any number of threads.

use bedside_simulate::{Gaps, Leaks, Mechanism, Settings, Simulated, readmission};

fn on(threads: usize, make: impl Fn() -> Simulated + Send + Sync) -> Simulated {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(make)
}

fn same(a: &Simulated, b: &Simulated) -> bool {
    let bits = |s: &Simulated| s.risk().iter().map(|r| r.to_bits()).collect::<Vec<_>>();
    a.columns() == b.columns() && bits(a) == bits(b) && a.patients() == b.patients()
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let table = |seed| {
        let gaps = Some(Gaps { mechanism: Mechanism::Mnar, share: 0.2 });
        let leaks = Leaks { near_copy: true, afterwards: true };
        let settings =
            Settings { rows: 9_000, sites: 3, gaps, leaks, interactions: 2, ..Settings::default() };
        settings.check().unwrap().run(seed).unwrap()
    };
    let makers: [&(dyn Fn(u64) -> Simulated + Sync); 2] = [&|seed| readmission(9_000, seed).unwrap(), &table];
    for make in makers {
        let one = on(1, || make(5));
        assert!(same(&one, &on(2, || make(5))) && same(&one, &on(4, || make(5))));
        assert!(!same(&one, &make(6)));
    }
}

#[test]
fn no_rows_are_refused() {
    assert!(readmission(0, 1).is_err());
    let wrong = [
        Settings { rows: 0, ..Settings::default() },
        Settings { prevalence: 0.0, ..Settings::default() },
        Settings { prevalence: f64::NAN, ..Settings::default() },
        Settings { numeric: 1, interactions: 1, ..Settings::default() },
        Settings { gaps: Some(Gaps { mechanism: Mechanism::Mcar, share: 1.0 }), ..Settings::default() },
        Settings { signal: f64::INFINITY, ..Settings::default() },
        Settings { sites: 0, ..Settings::default() },
        Settings { levels: 1, ..Settings::default() },
    ];
    for settings in wrong {
        assert!(settings.clone().check().is_err(), "{settings:?}");
    }
}

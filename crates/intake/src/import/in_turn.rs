//! Work that is done side by side and handed on in turn.

use std::collections::BTreeMap;
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Items under way for each thread.
const UNDER_WAY: usize = 4;

/// Takes what `items` gives, does `work` on it on so many threads, and hands what comes out to `take` in the order of the
/// items. So what `take` sees does not depend on the number of threads. The first error in this order ends it.
///
/// A worker keeps a `desk` from one item to the next. No more than [`UNDER_WAY`] items a thread are under way at a time, those that are
/// done and wait for their turn among them: one slow item must not let all others pile up.
pub(super) fn in_turn<I, D, T, E>(
    items: impl Iterator<Item = Result<I, E>> + Send,
    threads: usize,
    desk: impl Fn() -> D + Sync,
    work: impl Fn(&mut D, I) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    E: Send,
{
    let items = Mutex::new(items.enumerate());
    let (sender, receiver) = sync_channel::<(usize, Result<T, E>)>(threads.max(1));
    // Who takes an item gives a ticket for it, which comes back when the item has had its turn.
    let (tickets, given) = channel();
    let given = Mutex::new(given);
    for _ in 0..UNDER_WAY * threads.max(1) {
        // Whoever reads them is right here.
        let _ = tickets.send(());
    }
    std::thread::scope(|scope| {
        // Moved in here, so that it is gone once this ends: a worker that waits for a ticket must not wait for ever.
        let tickets = tickets;
        for _ in 0..threads.max(1) {
            let (sender, items, given, desk, work) = (sender.clone(), &items, &given, &desk, &work);
            scope.spawn(move || {
                let mut desk = desk();
                loop {
                    if given.lock().unwrap_or_else(PoisonError::into_inner).recv().is_err() {
                        break;
                    }
                    let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((place, item)) = next else { break };
                    let done = item.and_then(|item| work(&mut desk, item));
                    // Nobody listens any more once an error has ended it.
                    let last = done.is_err();
                    if sender.send((place, done)).is_err() || last {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        // Moved in here, so that it is gone once this ends: a worker that waits to send must not wait for ever.
        for (place, done) in receiver {
            early.insert(place, done);
            while let Some(done) = early.remove(&wanted) {
                take(done?)?;
                wanted += 1;
                let _ = tickets.send(());
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            in_turn::<u64, (), u64, ()>(
                (0..200).map(Ok),
                threads,
                || (),
                |(), item| {
                    std::thread::sleep(std::time::Duration::from_micros(item * 7919 % 130));
                    Ok(item * 2)
                },
                |done| {
                    seen.push(done);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..200).map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_slow_item_does_not_let_the_others_pile_up() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        for threads in [1, 2, 3] {
            let (begun, taken, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
            in_turn::<u64, (), (), ()>(
                (0..200).map(Ok),
                threads,
                || (),
                |(), item| {
                    let begun = begun.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(begun.saturating_sub(taken.load(Ordering::SeqCst)), Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(if item == 3 { 60 } else { 0 }));
                    Ok(())
                },
                |()| {
                    taken.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(taken.into_inner(), 200);
            assert!(most.into_inner() <= UNDER_WAY * threads, "{threads} threads");
        }
    }

    #[test]
    fn the_first_error_in_order_is_told_and_ends_it() {
        for threads in [1, 3] {
            let mut taken = 0;
            let ended = in_turn::<u64, (), u64, u64>(
                (0..1000).map(Ok),
                threads,
                || (),
                |(), item| if item == 17 || item == 19 { Err(item) } else { Ok(item) },
                |_| {
                    taken += 1;
                    Ok(())
                },
            );
            assert_eq!((ended, taken), (Err(17), 17));
            let refused = in_turn::<u64, (), u64, u64>(
                (0..1000).map(Ok),
                threads,
                || (),
                |(), i| Ok(i),
                |i| Err(i + 5),
            );
            assert_eq!(refused, Err(5));
        }
    }
}

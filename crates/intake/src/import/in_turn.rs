//! Work that is done side by side and handed on in turn.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

/// Takes what `items` gives, does `work` on it on so many threads, and hands what comes out to `take` in the order of the
/// items. So what `take` sees does not depend on the number of threads. The first error in this order ends it.
///
/// A worker keeps a `desk` from one item to the next. No more than a few items are under way at a time.
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
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (sender, items, desk, work) = (sender.clone(), &items, &desk, &work);
            scope.spawn(move || {
                let mut desk = desk();
                loop {
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

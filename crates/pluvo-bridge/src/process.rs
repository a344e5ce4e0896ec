//! What belongs to one process and is of no use in a forked child of it.
//!
//! After a fork the child has the parent's memory and none of its threads: a runtime whose workers are gone, sockets
//! that are the parent's, locks that nobody will open. So all of that is kept together with the id of the process that
//! made it, is made anew in a child, and the parent's is neither used nor dropped there.

use crate::error::WireError;
use std::fmt;
use std::sync::OnceLock;

/// A value for each process, made at first use. Reading it takes no lock.
pub struct PerProcess<T> {
    first: OnceLock<Box<Made<T>>>,
}

struct Made<T> {
    own: Own<T>,
    /// That of a child.
    next: OnceLock<Box<Made<T>>>,
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> PerProcess<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self {
            first: OnceLock::new(),
        }
    }

    /// This process's value.
    ///
    /// # Errors
    ///
    /// Those of `make`.
    pub fn get<E>(&self, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        self.get_in(std::process::id(), make)
    }

    fn get_in<E>(&self, process: u32, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        let mut cell = &self.first;
        loop {
            let Some(found) = cell.get() else {
                // Made before the cell is taken, so that a fork hardly ever meets a cell that is being filled.
                let value = make()?;
                let _ = cell.set(Box::new(Made {
                    own: Own::made_in(process, value),
                    next: OnceLock::new(),
                }));
                continue;
            };
            match &found.own.value {
                Some(value) if found.own.process == process => return Ok(value),
                _ => cell = &found.next,
            }
        }
    }
}

/// A value of the process that made it.
pub(crate) struct Own<T> {
    /// Empty only while it is dropped.
    value: Option<T>,
    process: u32,
}

impl<T> Own<T> {
    pub(crate) fn new(value: T) -> Self {
        Self::made_in(std::process::id(), value)
    }

    fn made_in(process: u32, value: T) -> Self {
        Self {
            value: Some(value),
            process,
        }
    }

    /// The value, or an error in a forked child.
    pub(crate) fn get(&self) -> Result<&T, WireError> {
        let own = self.value.as_ref().filter(|_| self.process == std::process::id());
        own.ok_or_else(|| {
            WireError::config("it was begun before this process was forked off; begin it anew here")
        })
    }
}

impl<T> Drop for Own<T> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.value.take());
        }
    }
}

impl<T> fmt::Debug for PerProcess<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PerProcess(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn each_process_has_its_own_and_keeps_it() {
        let count = AtomicUsize::new(0);
        let values = PerProcess::new();
        let get = |process| {
            let make = || Ok::<_, Infallible>(count.fetch_add(1, Ordering::Relaxed));
            *values.get_in(process, make).unwrap()
        };
        assert_eq!(
            [get(1), get(1), get(2), get(3), get(2), get(1)],
            [0, 0, 1, 2, 1, 0]
        );
    }

    #[test]
    fn a_failure_is_not_kept() {
        let values = PerProcess::new();
        assert_eq!(values.get_in(1, || Err::<u8, _>("no threads")), Err("no threads"));
        assert_eq!(values.get_in(1, || Ok::<_, &str>(7)), Ok(&7));
        assert_eq!(values.get_in(2, || Err("no threads")), Err("no threads"));
        assert_eq!(values.get_in(2, || Ok::<_, &str>(8)), Ok(&8));
    }

    #[test]
    fn what_another_process_made_is_not_dropped() {
        let (mine, parents) = (Arc::new(()), Arc::new(()));
        let values = PerProcess::new();
        let parent = std::process::id().wrapping_add(1);
        let make = |value: &Arc<()>| Ok::<_, Infallible>(Arc::clone(value));
        values.get_in(parent, || make(&parents)).unwrap();
        values.get(|| make(&mine)).unwrap();
        drop(values);
        assert_eq!((Arc::strong_count(&mine), Arc::strong_count(&parents)), (1, 2));
    }

    #[test]
    fn what_was_begun_before_a_fork_is_refused_after_it() {
        assert_eq!(Own::new(1).get().unwrap(), &1);
        let parents = Own::made_in(std::process::id().wrapping_add(1), 1);
        assert_eq!(parents.get().unwrap_err().code, "config");
    }

    #[test]
    fn threads_that_begin_at_once_share_one() {
        let values = PerProcess::new();
        let seen: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    let values = &values;
                    scope.spawn(move || *values.get(|| Ok::<_, Infallible>(n)).unwrap())
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seen.iter().all(|n| *n == seen[0]), "{seen:?}");
    }
}

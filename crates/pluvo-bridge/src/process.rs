//! What belongs to one process and is of no use in a forked child of it.
//!
//! After a fork the child has the parent's memory and none of its threads: a runtime whose workers are gone, sockets
//! that are the parent's, locks that nobody will open. So all of that is kept together with the id of the process that
//! made it, is made anew in a child, and the parent's is neither used nor dropped there.

use std::fmt;
use std::sync::OnceLock;

/// A value for each process, made at first use. Reading it takes no lock.
pub(crate) struct PerProcess<T> {
    first: OnceLock<Made<T>>,
}

struct Made<T> {
    /// Empty only while it is dropped.
    value: Option<T>,
    process: u32,
    /// That of a child.
    next: OnceLock<Box<Made<T>>>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self {
            first: OnceLock::new(),
        }
    }

    /// This process's value.
    pub(crate) fn get<E>(&self, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        self.get_in(std::process::id(), make)
    }

    fn get_in<E>(&self, process: u32, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        let made = |value| Made {
            value: Some(value),
            process,
            next: OnceLock::new(),
        };
        let mut at = match self.first.get() {
            Some(first) => first,
            None => {
                // Made before the cell is taken, so that no fork meets a cell that is being filled for long.
                let _ = self.first.set(made(make()?));
                match self.first.get() {
                    Some(first) => first,
                    None => return self.get_in(process, make),
                }
            }
        };
        loop {
            if let Some(value) = at.value.as_ref().filter(|_| at.process == process) {
                return Ok(value);
            }
            at = match at.next.get() {
                Some(next) => next,
                None => {
                    let _ = at.next.set(Box::new(made(make()?)));
                    continue;
                }
            };
        }
    }
}

impl<T> Drop for Made<T> {
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

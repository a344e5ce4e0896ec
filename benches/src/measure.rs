//! What a process has used so far.

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What a job took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Used {
    /// Seconds on the wall.
    pub wall: f64,
    /// Seconds of CPU in the program itself.
    pub user: f64,
    /// Seconds of CPU in the kernel on its behalf.
    pub system: f64,
    /// The most memory that the process ever held, in kB.
    pub peak_kb: u64,
}

impl Used {
    pub(crate) fn cpu(&self) -> f64 {
        self.user + self.system
    }
}

/// A moment from which to count.
#[derive(Debug)]
pub(crate) struct Start {
    at: Instant,
    user: f64,
    system: f64,
}

impl Start {
    pub(crate) fn now() -> Result<Self> {
        let (user, system) = cpu()?;
        Ok(Self {
            at: Instant::now(),
            user,
            system,
        })
    }

    pub(crate) fn used(&self) -> Result<Used> {
        let wall = self.at.elapsed().as_secs_f64();
        let (user, system) = cpu()?;
        Ok(Used {
            wall,
            user: user - self.user,
            system: system - self.system,
            peak_kb: peak_kb(std::process::id())?,
        })
    }
}

/// User and system time of all threads of this process.
fn cpu() -> Result<(f64, f64)> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("the CPU time cannot be read")?;
    let seconds = |micros: i64| std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64();
    Ok((
        seconds(usage.user_time().num_microseconds()),
        seconds(usage.system_time().num_microseconds()),
    ))
}

/// `VmHWM`, since `getrusage` counts what the process was before `exec` as well.
pub(crate) fn peak_kb(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .context("peak memory is known on Linux only")?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse().ok())
        .context("its status has no VmHWM")
}

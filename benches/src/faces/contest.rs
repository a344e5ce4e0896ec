//! Running the contenders in turn, each with a server of its own.

use super::language::Language;
use super::results::{CaseResults, Results, Run};
use super::workload::{Case, Workload};
use crate::client::peer::{ONE, TOKEN, USERS};
use crate::measure::peak_kb;
use crate::run::Server;
use crate::server::GRAPHQL;
use crate::server::pages::{FIELDS, PAGE};
use anyhow::{Context, Result, ensure};
use nix::time::ClockId;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// All that a contender is told beside its name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Job<'a> {
    task: &'static str,
    pages: usize,
    in_flight: usize,
    calls: u32,
    /// Where the server is, without a path.
    origin: &'a str,
    /// Its GraphQL endpoint.
    url: String,
    /// What the server takes for a token.
    token: &'static str,
    /// The query that peers send for a page.
    users: &'static str,
    /// The small one.
    one: &'static str,
    /// What every contender selects of a person.
    fields: &'static str,
}

/// All that it tells.
#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Said {
    rows: u64,
    /// The sum of the numbers in the `ref`s of every 50th row: proof that it saw the pages.
    marks: u64,
}

impl Said {
    /// What there is to say of so many pages.
    fn expected(pages: usize) -> Self {
        let (pages, page) = (pages as u64, PAGE as u64);
        Self {
            rows: pages * page,
            marks: (1..=pages).map(|number| number * page - 1).sum(),
        }
    }
}

/// Runs A B C, A B C, …: what disturbs the machine for a while disturbs all.
pub(super) fn run(
    language: Language,
    command: &[String],
    workload: &Workload,
    rounds: usize,
) -> Result<Results> {
    let rounds = rounds.min(workload.most_rounds);
    let begin = |case: &Case| CaseResults {
        case: case.clone(),
        runs: Vec::with_capacity(rounds),
    };
    let mut cases: Vec<_> = workload.cases.iter().map(begin).collect();
    for round in 1..=rounds {
        eprintln!("{} {}: round {round} of {rounds}", language.id(), workload.id);
        for CaseResults { case, runs } in &mut cases {
            runs.push(once(command, case).with_context(|| format!("{}: {}", workload.id, case.name))?);
        }
    }
    Ok(Results {
        language,
        workload: workload.id.to_owned(),
        cores: std::thread::available_parallelism()?.get(),
        cases,
    })
}

fn once(command: &[String], case: &Case) -> Result<Run> {
    let server = Server::start(&case.server())?;
    let job = serde_json::to_string(&job(case, &server.address.url))?;
    let began = Instant::now();
    let mut process = Command::new(&command[0])
        .args(&command[1..])
        .args([case.contender.as_str(), job.as_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the contender cannot be started")?;
    let clock = Clock::of(process.id())?;
    let mut input = process.stdin.take().context("no input")?;
    let mut out = BufReader::new(process.stdout.take().context("no output")?);
    let mut line = read_line(&mut out)?;
    let mut from = (began, Duration::ZERO);
    if line == "ready" {
        from = (Instant::now(), clock.used()?);
        writeln!(input)?;
        line = read_line(&mut out)?;
    }
    let wall = from.0.elapsed();
    // It waits for the end of its input, so that there is still something to look at.
    let cpu = clock.used()?.saturating_sub(from.1);
    let peak_kb = peak_kb(process.id())?;
    drop(input);
    ensure!(process.wait()?.success(), "the contender failed");
    server.stop()?;
    let said: Said = serde_json::from_str(&line).with_context(|| format!("it said {line:?}"))?;
    let expected = Said::expected(case.pages());
    ensure!(said == expected, "it has not read it all: {said:?}");
    Ok(Run {
        cpu: cpu.as_secs_f64(),
        wall: wall.as_secs_f64(),
        peak_kb,
    })
}

fn job<'a>(case: &Case, origin: &'a str) -> Job<'a> {
    use super::workload::Task;
    let (task, in_flight, calls) = match case.task {
        Task::Drain { in_flight, .. } => ("drain", in_flight, 0),
        Task::One { calls } => ("one", 1, calls),
        Task::Start => ("start", 1, 0),
    };
    Job {
        task,
        pages: case.pages(),
        in_flight,
        calls,
        origin,
        url: format!("{origin}{GRAPHQL}"),
        token: TOKEN,
        users: USERS,
        one: ONE,
        fields: FIELDS,
    }
}

fn read_line(out: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    out.read_line(&mut line)?;
    ensure!(!line.is_empty(), "the contender ended without a word");
    Ok(line.trim_end().to_owned())
}

/// The CPU time of all threads of another process.
struct Clock(ClockId);

impl Clock {
    #[cfg(target_os = "linux")]
    fn of(process: u32) -> Result<Self> {
        let process = nix::unistd::Pid::from_raw(i32::try_from(process)?);
        nix::time::clock_getcpuclockid(process)
            .map(Self)
            .context("its CPU time cannot be read")
    }

    #[cfg(not(target_os = "linux"))]
    fn of(_process: u32) -> Result<Self> {
        anyhow::bail!("the CPU time of another process is known on Linux only")
    }

    fn used(&self) -> Result<Duration> {
        let time = self.0.now().context("its CPU time cannot be read")?;
        Ok(time.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, job};
    use crate::faces::workload::{Case, Task};

    #[test]
    fn what_is_expected_is_every_row_once() {
        let said = Said::expected(3);
        assert_eq!((said.rows, said.marks), (150, 49 + 99 + 149));
        assert_eq!(Said::expected(0), Said { rows: 0, marks: 0 });
    }

    #[test]
    fn a_job_has_the_names_that_programs_read() {
        let task = Task::Drain {
            pages: 4,
            in_flight: 16,
        };
        let case = Case {
            name: "x".into(),
            contender: "x".into(),
            task,
        };
        let job = serde_json::to_value(job(&case, "http://127.0.0.1:1")).expect("plain data");
        assert_eq!((&job["task"], &job["inFlight"]), (&"drain".into(), &16.into()));
        assert_eq!(job["url"], "http://127.0.0.1:1/graphql/");
        assert!(
            job["users"]
                .as_str()
                .is_some_and(|query| query.contains("paginatedUsers"))
        );
    }
}

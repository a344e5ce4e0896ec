//! Running the contenders in turn, each with a server of its own.

use crate::client::{Job, Outcome};
use crate::server::{Address, Spec, Stats};
use crate::workload::{Case, Workload};
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

/// All that was measured for a workload.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    pub workload: String,
    pub cores: usize,
    pub cases: Vec<CaseResults>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaseResults {
    #[serde(flatten)]
    pub case: Case,
    /// In the order of the rounds.
    pub runs: Vec<Run>,
}

/// One contender, once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Run {
    #[serde(flatten)]
    pub outcome: Outcome,
    pub server: Stats,
    /// Seconds from before the process began until it was over.
    pub process: f64,
}

impl Results {
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(folder.join(format!("{}.json", self.workload)), text)
            .context("the results cannot be kept")
    }

    /// What was saved last, if anything.
    pub(crate) fn load(folder: &Path, workload: &str) -> Result<Option<Self>> {
        match std::fs::read(folder.join(format!("{workload}.json"))) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(_) => Ok(None),
        }
    }
}

/// Runs A B C, A B C, …: what disturbs the machine for a while disturbs all.
pub(crate) fn run(workload: &Workload, rounds: usize) -> Result<Results> {
    let rounds = rounds.min(workload.most_rounds);
    let mut cases: Vec<_> = workload
        .cases
        .iter()
        .map(|case| CaseResults {
            case: case.clone(),
            runs: Vec::with_capacity(rounds),
        })
        .collect();
    for round in 1..=rounds {
        eprintln!("{}: round {round} of {rounds}", workload.id);
        for CaseResults { case, runs } in &mut cases {
            runs.push(once(case).with_context(|| format!("{}: {}", workload.id, case.name))?);
        }
    }
    Ok(Results {
        workload: workload.id.to_owned(),
        cores: std::thread::available_parallelism()?.get(),
        cases,
    })
}

fn once(case: &Case) -> Result<Run> {
    let server = Server::start(&case.server)?;
    let job = Job {
        kind: case.kind,
        task: case.task,
        server: server.address.clone(),
    };
    let began = Instant::now();
    let mut process = role("contend", &job)?.stdin(Stdio::null()).spawn()?;
    let answer = process.stdout.take().map(line::<Outcome>);
    let status = process.wait()?;
    let process = began.elapsed().as_secs_f64();
    ensure!(status.success(), "the contender failed");
    Ok(Run {
        outcome: answer.context("no outcome")??,
        server: server.stop()?,
        process,
    })
}

pub(crate) struct Server {
    process: Child,
    out: BufReader<ChildStdout>,
    pub address: Address,
}

impl Server {
    pub(crate) fn start(spec: &Spec) -> Result<Self> {
        let mut process = role("serve", spec)?.stdin(Stdio::piped()).spawn()?;
        let mut out = BufReader::new(process.stdout.take().context("no output")?);
        let address = read_line(&mut out)?;
        Ok(Self {
            process,
            out,
            address,
        })
    }

    pub(crate) fn stop(mut self) -> Result<Stats> {
        drop(self.process.stdin.take());
        let stats = read_line(&mut self.out)?;
        self.process.wait()?;
        Ok(stats)
    }
}

impl Drop for Server {
    /// Nobody outlives the benchmark, whatever went wrong.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// This program once more, in another role.
fn role(name: &str, description: &impl Serialize) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg(name)
        .arg(serde_json::to_string(description)?)
        .stdout(Stdio::piped());
    Ok(command)
}

fn line<T: DeserializeOwned>(out: ChildStdout) -> Result<T> {
    read_line(&mut BufReader::new(out))
}

fn read_line<T: DeserializeOwned>(out: &mut impl BufRead) -> Result<T> {
    let mut line = String::new();
    out.read_line(&mut line)?;
    serde_json::from_str(&line).context("the process said nothing")
}

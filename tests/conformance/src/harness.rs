//! Scenarios as tests with names.

use std::time::SystemTime;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::face::Face;
use crate::load::{self, File};
use crate::{capture, run};

/// Runs every scenario through a face, as a test program does. A face's exceptions are counted as ignored.
pub fn main<F: Face>() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    let trials = match F::ready().and_then(|()| load::all()) {
        Ok(files) => files.into_iter().map(trial::<F>).collect(),
        Err(error) => {
            // Nothing can be run: that is a failure, never an empty success, whatever was asked for.
            (arguments.filter, arguments.skip) = (None, Vec::new());
            vec![Trial::test("all", move || Err(Failed::from(error)))]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial<F: Face>(file: File) -> Trial {
    let except = file.scenario.except.get(F::NAME).cloned();
    let ignored = except.is_some();
    let trial = Trial::test(file.name.clone(), move || match except {
        Some(reason) => Err(Failed::from(format!("not for this face: {reason}"))),
        None => once::<F>(&file).map_err(Failed::from),
    });
    trial.with_ignored_flag(ignored)
}

/// Runs one scenario on a runtime of its own, so that what it logs is its own.
///
/// # Errors
///
/// Whatever was wrong, in words.
pub fn once<F: Face>(file: &File) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    capture::begin();
    let wrong = runtime.block_on(run::run::<F>(&file.json, SystemTime::now()))?;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\n{}", file.scenario.title, wrong.join("\n")))
    }
}

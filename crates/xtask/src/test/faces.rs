//! The faces of the SDK: what each needs, how it is run, how its counts are read. Another face is another entry.

use super::run::{self, Reads, Step};

/// One language or tool in which the SDK is tested.
pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needs: &'static [Tool],
    /// Runs the README's program in this language, against the sandbox that the environment names.
    pub(crate) demo: Option<&'static [&'static str]>,
    /// Set-up and tests, in order.
    pub(crate) steps: &'static [Step],
}

/// A program that a face needs.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// A command that succeeds where the tool is there, and prints its version.
    pub(crate) probe: &'static [&'static str],
    /// The first part of the least version that will do.
    pub(crate) least: u32,
    /// How to get it.
    pub(crate) get: &'static str,
}

impl Tool {
    /// Says which version is there, or else what is lacking and how to get it.
    pub(crate) fn probe(&self) -> Result<(), String> {
        let output = run::command(self.probe).output();
        let Some(output) = output.ok().filter(|output| output.status.success()) else {
            return Err(format!("{} is lacking ({})", self.name, self.get));
        };
        let output = run::plain(&String::from_utf8_lossy(&output.stdout));
        let version = output.lines().next().unwrap_or_default();
        if major(version).is_none_or(|major| major < self.least) {
            return Err(format!(
                "{} {} or newer is needed, there is {version} ({})",
                self.name, self.least, self.get
            ));
        }
        println!("{}: {version}", self.name);
        Ok(())
    }
}

/// The first number of a version, as in `v20.1.0` or `Python 3.11.2`.
fn major(version: &str) -> Option<u32> {
    let start = version.find(|c: char| c.is_ascii_digit())?;
    let digits = &version[start..];
    digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())]
        .parse()
        .ok()
}

const CARGO: Tool = Tool {
    name: "cargo",
    probe: &["cargo", "--version"],
    least: 1,
    get: "rustup.rs",
};

const RUSTFMT: Tool = Tool {
    name: "rustfmt",
    probe: &["rustfmt", "--version"],
    least: 1,
    get: "`rustup component add rustfmt`",
};

/// The faces' own scripts are written for it.
const BASH: Tool = Tool {
    name: "bash",
    probe: &["bash", "--version"],
    least: 4,
    get: "`apt install bash`",
};

const NODE: Tool = Tool {
    name: "node",
    probe: &["node", "--version"],
    least: 20,
    get: "nodejs.org or `apt install nodejs`",
};

const NPM: Tool = Tool {
    name: "npm",
    probe: &["npm", "--version"],
    least: 9,
    get: "it comes with node, or `apt install npm`",
};

const PYTHON: Tool = Tool {
    name: "python3 with venv",
    probe: &["python3", "-c", "import ensurepip, sys, venv; print(sys.version)"],
    least: 3,
    get: "`apt install python3-venv`",
};

const JDK: Tool = Tool {
    name: "javac",
    probe: &["javac", "--version"],
    least: 17,
    get: "adoptium.net or `apt install openjdk-17-jdk-headless`",
};

const MAVEN: Tool = Tool {
    name: "mvn",
    probe: &["mvn", "--version"],
    least: 3,
    get: "maven.apache.org or `apt install maven`",
};

const SWIFT: Tool = Tool {
    name: "swift",
    probe: &["bindings/swift/toolchain", "check"],
    least: 6,
    get: "swift.org, or on Debian `bindings/swift/toolchain install`",
};

pub(crate) const FACES: &[Face] = &[
    Face {
        name: "rust",
        about: "the core, the sandbox, the command and the shared scenarios",
        needs: &[CARGO, RUSTFMT],
        demo: Some(&[
            "cargo",
            "run",
            "--quiet",
            "--package",
            "pluvo-sdk",
            "--example",
            "list_users",
        ]),
        // Not `--all-targets`: that links the bindings' libraries into programs, for which it needs their languages.
        steps: &[Step {
            command: &["cargo", "test", "--workspace", "--no-fail-fast"],
            reads: Reads::Cargo,
        }],
    },
    Face {
        name: "python",
        about: "the Python package",
        needs: &[CARGO, BASH, PYTHON],
        demo: Some(&["python/run", "demo"]),
        steps: &[Step {
            command: &["python/run"],
            reads: Reads::LastLine,
        }],
    },
    Face {
        name: "node",
        about: "the Node package",
        needs: &[CARGO, BASH, NODE, NPM],
        demo: Some(&["node/run", "demo"]),
        steps: &[Step {
            command: &["node/run"],
            reads: Reads::LastLine,
        }],
    },
    Face {
        name: "kotlin",
        about: "the Kotlin library on the JVM",
        needs: &[CARGO, BASH, JDK, MAVEN],
        demo: Some(&["bindings/kotlin/run", "demo"]),
        steps: &[Step {
            command: &["bindings/kotlin/run"],
            reads: Reads::LastLine,
        }],
    },
    Face {
        name: "swift",
        about: "the Swift package",
        needs: &[CARGO, BASH, SWIFT],
        demo: Some(&["bindings/swift/run", "demo"]),
        steps: &[Step {
            command: &["bindings/swift/run"],
            reads: Reads::LastLine,
        }],
    },
    Face {
        name: "outside",
        about: "the client against servers, and the sandbox against clients, that others wrote",
        needs: &[CARGO, BASH, NODE, NPM, PYTHON],
        demo: None,
        steps: &[Step {
            command: &["tests/outside/run"],
            reads: Reads::LastLine,
        }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_in_every_spelling() {
        for (text, expected) in [
            ("v20.1.0", 20),
            ("Python 3.11.2", 3),
            ("cargo 1.95.0 (abc)", 1),
            ("9", 9),
        ] {
            assert_eq!(major(text), Some(expected), "{text}");
        }
        assert_eq!(major("unknown"), None);
    }

    #[test]
    fn scripts_of_faces_are_there() {
        for face in FACES {
            let commands = face.steps.iter().map(|step| step.command).chain(face.demo);
            for command in commands.filter(|command| command[0].contains('/')) {
                assert!(crate::root().join(command[0]).is_file(), "{}", command[0]);
            }
        }
    }

    #[test]
    fn a_tool_that_is_not_there_is_named_with_how_to_get_it() {
        let tool = Tool {
            name: "quern",
            probe: &["a-program-that-is-not-there"],
            least: 1,
            get: "at the mill",
        };
        assert_eq!(tool.probe(), Err("quern is lacking (at the mill)".to_owned()));
        let old = Tool {
            name: "cargo",
            probe: &["cargo", "--version"],
            least: 1_000,
            get: "in time",
        };
        assert!(
            old.probe()
                .unwrap_err()
                .starts_with("cargo 1000 or newer is needed, there is cargo 1.")
        );
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = FACES.iter().map(|face| face.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FACES.len());
    }
}

//! Where organisation and credentials come from.

use crate::run::{Bench, run};
use pluvo_sandbox::Sandbox;
use std::fs;
use std::path::Path;
use std::process::Command;

const COUNT: [&str; 2] = ["query", "{ paginatedUsers { count } }"];

/// A configuration file where it is looked for, with one profile for the sandbox.
fn profile(bench: &Bench, more: &str) {
    let text = format!(
        "default_profile = \"here\"\n[profiles.here]\norganization = \"{}\"\nclient_id = \"sandbox\"\n{more}\n",
        bench.sandbox.url()
    );
    private(&bench.write("config/pluvo/config.toml", &text));
}

fn private(path: &Path) {
    mode(path, 0o600);
}

fn mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}

fn ask(bench: &Bench) -> Command {
    let mut command = bench.bare();
    command.args(COUNT);
    command
}

#[test]
fn a_profile_needs_no_environment() {
    let bench = Bench::new();
    bench.write("config/pluvo/here.secret", "sandbox-secret\n");
    let command = "client_secret_command = [\"echo\", \"sandbox-secret\"]";
    for secret in [
        "client_secret_file = \"here.secret\"",
        command,
        "client_secret = \"sandbox-secret\"",
    ] {
        profile(&bench, secret);
        let done = run(&mut ask(&bench));
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{secret}");
    }
    profile(&bench, &format!("scopes = [\"users.read\"]\n{command}"));
    run(&mut ask(&bench)).fails(0, "");
    run(bench.bare().args(["groups", "list"])).fails(5, "groups.read");
    run(bench
        .bare()
        .args(["groups", "list", "--scopes", "users.read,groups.read"]))
    .fails(0, "");
    run(ask(&bench).args(["--profile", "here"])).fails(0, "");
    run(ask(&bench).args(["--profile", "there"])).fails(3, "there are: here");
    let moved = bench.path("moved.toml");
    fs::rename(bench.path("config/pluvo/config.toml"), &moved).unwrap();
    run(&mut ask(&bench)).fails(3, "no organisation");
    run(ask(&bench).arg("--config").arg(&moved)).fails(0, "");
    run(ask(&bench).env("PLUVO_CONFIG", &moved)).fails(0, "");
}

#[test]
fn what_is_wrong_with_a_profile_is_told_without_its_secret() {
    let bench = Bench::new();
    for (more, says) in [
        ("", "no secret"),
        ("client_secret_file = \"none\"", "cannot be read"),
        ("client_secret_command = []", "is empty"),
        ("client_secret_command = [\"false\"]", "failed"),
        ("client_secret_command = [\"no-such-program\"]", "cannot be run"),
        (
            "client_secret_command = [\"echo\", \"two hunter2\"]",
            "nothing else",
        ),
        ("client_secret = hunter2", "line 5"),
        ("client_secret = [\"hunter2\"]", "line 5"),
        ("client_secrets = \"hunter2\"", "line 5"),
    ] {
        profile(&bench, more);
        let done = run(&mut ask(&bench));
        done.fails(3, says);
        assert!(!done.err.contains("hunter2"), "{done:?}");
    }
    run(ask(&bench).args(["--config", "none.toml"])).fails(3, "none.toml");
    assert_eq!(bench.sandbox.log().len(), 0);
}

#[cfg(unix)]
#[test]
fn a_plain_secret_that_others_may_read_is_refused() {
    let bench = Bench::new();
    profile(&bench, "client_secret = \"sandbox-secret\"");
    mode(&bench.path("config/pluvo/config.toml"), 0o644);
    let done = run(&mut ask(&bench));
    done.fails(3, "chmod 600");
    assert!(!done.err.contains("sandbox-secret"));
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_default_profile() {
    let bench = Bench::new();
    profile(&bench, "client_secret = \"sandbox-secret\"");
    // The environment's credentials win over the default profile's, and never go to its organisation …
    let wrong = [("PLUVO_CLIENT_ID", "sandbox"), ("PLUVO_CLIENT_SECRET", "wrong")];
    run(ask(&bench).envs(wrong).env("PLUVO_BASE_URL", bench.sandbox.url())).fails(4, "invalid_client");
    run(ask(&bench).envs(wrong)).fails(3, "no organisation");
    // … and a profile that is named wins over the environment.
    let nowhere = ("PLUVO_BASE_URL", "http://127.0.0.1:1");
    run(ask(&bench)
        .envs(wrong)
        .env(nowhere.0, nowhere.1)
        .args(["--profile", "here"]))
    .fails(0, "");
    let mut flagged = bench.command(&COUNT);
    run(flagged
        .env(nowhere.0, nowhere.1)
        .args(["--base-url", bench.sandbox.url()]))
    .fails(0, "");
    let with_token = |token: &str| {
        let mut command = ask(&bench);
        run(command
            .env("PLUVO_BASE_URL", bench.sandbox.url())
            .env("PLUVO_ACCESS_TOKEN", token))
    };
    with_token(&bench.sandbox.issue_token(None)).fails(0, "");
    with_token("wrong").fails(4, "does not accept the token");
}

#[test]
fn a_profiles_secret_goes_to_its_own_organisation_alone() {
    let (bench, other) = (Bench::new(), Bench::new());
    profile(&bench, "client_secret = \"sandbox-secret\"");
    run(ask(&bench).env("PLUVO_BASE_URL", other.sandbox.url())).fails(3, "for another organisation");
    run(ask(&bench).args(["--organization", other.sandbox.url()])).fails(3, "for another organisation");
    assert_eq!((bench.sandbox.log().len(), other.sandbox.log().len()), (0, 0));
}

#[test]
fn what_is_missing_or_unusable_is_named() {
    let bench = Bench::new();
    let with = |pairs: &[(&str, &str)]| run(ask(&bench).envs(pairs.iter().copied()));
    let credentials = [("PLUVO_CLIENT_ID", "id"), ("PLUVO_CLIENT_SECRET", "secret")];
    with(&[]).fails(3, "PLUVO_ORGANIZATION");
    with(&[("PLUVO_ORGANIZATION", "acme")]).fails(3, "PLUVO_CLIENT_ID");
    with(&[("PLUVO_ORGANIZATION", "acme"), ("PLUVO_CLIENT_ID", "id")]).fails(3, "lacks PLUVO_CLIENT_SECRET");
    with(&[("PLUVO_ORGANIZATION", "acme"), ("PLUVO_CLIENT_SECRET", "x")]).fails(3, "lacks PLUVO_CLIENT_ID");
    for (organization, says) in [
        ("acme corp", "the organisation cannot be used"),
        ("http://acme.pluvo.com", "unprotected"),
        ("https://a:b@acme.pluvo.com", "password"),
    ] {
        with(&[
            credentials[0],
            credentials[1],
            ("PLUVO_ORGANIZATION", organization),
        ])
        .fails(3, says);
    }
    // Nobody listens on port 1.
    let refused = [
        credentials[0],
        credentials[1],
        ("PLUVO_BASE_URL", "http://127.0.0.1:1"),
    ];
    with(&refused).fails(11, "no connection");
    run(bench.command(&COUNT).args(["--ca-file", "none.pem"])).fails(3, "none.pem");
    run(bench.command(&COUNT).args(["--scopes", "no.such"])).fails(4, "invalid_scope");
}

#[test]
fn a_token_is_kept_between_runs_on_request_and_only_for_its_owner() {
    let bench = Bench::new();
    let tokens = || bench.sandbox.state().tokens;
    bench.prints(&COUNT);
    bench.prints(&COUNT);
    assert_eq!(tokens(), 2, "not by itself for a server on this machine");
    let cached = [COUNT[0], COUNT[1], "--token-cache"];
    for _ in 0..3 {
        bench.prints(&cached);
    }
    assert_eq!(tokens(), 3);
    bench.prints(&[COUNT[0], COUNT[1], "--token-cache", "--scopes", "users.read"]);
    assert_eq!(tokens(), 4, "another set of scopes is another token");
    bench.prints(&[COUNT[0], COUNT[1], "--token-cache", "--no-token-cache"]);
    assert_eq!(tokens(), 5);
    bench.sandbox.expire_tokens();
    bench.prints(&cached);
    assert_eq!(tokens(), 6, "one that is refused is got anew");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = bench.path("cache/pluvo/tokens");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for entry in fs::read_dir(&folder).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
    }
}

#[test]
fn a_private_authority_is_trusted_on_request() {
    let bench = Bench::with(Sandbox::builder().tls(pluvo_sandbox::Tls::Valid));
    let pem = bench.write("ca.pem", bench.sandbox.ca_pem().unwrap());
    bench
        .pluvo(&[COUNT[0], COUNT[1], "--no-token-cache"])
        .fails(11, "");
    bench.prints(&[
        COUNT[0],
        COUNT[1],
        "--no-token-cache",
        "--ca-file",
        pem.to_str().unwrap(),
    ]);
    assert!(!bench.path("cache").exists());
    bench.prints(&[COUNT[0], COUNT[1], "--ca-file", pem.to_str().unwrap()]);
    assert!(
        bench.path("cache/pluvo/tokens").exists(),
        "kept by itself for a server elsewhere"
    );
}

//! A large organisation in little memory. Alone in its file, so that nothing else grows in the same process.

use pluvo_sandbox::Sandbox;

/// The resident memory of this process, in kB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[tokio::test]
async fn a_hundred_thousand_people_fit_in_200_mb() {
    let warm = Sandbox::builder().start().await.expect("a sandbox");
    let Some(before) = resident() else {
        // Only Linux tells it this way.
        return;
    };
    let large = Sandbox::builder()
        .users(100_000)
        .groups(200)
        .trainings(50)
        .start()
        .await
        .expect("a sandbox");
    assert_eq!(large.state().counts.users, 100_000);
    let grown = resident().expect("still told") - before;
    assert!(grown < 200_000, "{grown} kB");
    drop((warm, large));
}

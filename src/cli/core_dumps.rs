//! No core dumps: what a process of ours has in memory while it crashes must not land on a disk.

use anyhow::Context;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Ends core dumps for this process: the kernel writes none, and on Linux hands none to a program
/// that collects them either, nor lets another process of the same user look into this one's memory.
pub(super) fn off() -> anyhow::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).context("core dumps cannot be turned off")?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
            .context("core dumps cannot be turned off")?;
    }
    Ok(())
}

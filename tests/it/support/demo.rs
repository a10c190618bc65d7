//! `ringback demo`, started in a folder of its own that is also its place for temporary files.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;

use super::{client::Client, command::ringback};

/// A running demo; killed when dropped.
pub(crate) struct Demo {
    child: Child,
    stdout: BufReader<ChildStdout>,
    folder: TempDir,
    pub(crate) url: String,
}

/// The command line of a demo on any free port. `folder` is where it may leave nothing.
pub(crate) fn command(arguments: &[&str], folder: &TempDir) -> Command {
    let mut command = ringback(&[&["demo"], arguments].concat(), folder.path());
    command
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Demo {
    /// Starts one and waits until it says where it is.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_with(command(&["--port", "0"], &folder), folder)
    }

    /// With rules of its own, which stand in a file called `rules.toml`.
    pub(crate) fn with_rules(rules: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("rules.toml"), rules).expect("written");
        let command = command(&["--port", "0", "--rules", "rules.toml"], &folder);
        Self::start_with(command, folder)
    }

    /// Runs that command in its folder.
    pub(crate) fn start_with(mut command: Command, folder: TempDir) -> Self {
        let mut child = command.spawn().expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            if stdout.read_line(&mut line).expect("UTF-8") == 0 {
                panic!("it never said where it is: {said}");
            }
            if let Some(url) = line.trim().strip_suffix("/demo") {
                break url.to_owned();
            }
            said += &line;
        };
        Self {
            child,
            stdout,
            folder,
            url,
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url, "")
    }

    /// Writes its rules file anew.
    pub(crate) fn write_rules(&self, rules: &str) {
        fs::write(self.folder.path().join("rules.toml"), rules).expect("written");
    }

    /// What lies in the place for temporary files.
    pub(crate) fn left(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).expect("readable");
        entries
            .map(|entry| entry.expect("readable").path())
            .collect()
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn stop(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(sent.expect("kill runs").success());
        let mut rest = Vec::new();
        self.stdout.read_to_end(&mut rest).expect("read");
        self.child.wait().expect("it ends")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

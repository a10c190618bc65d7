//! Keeps every update, result and request as a line of JSON, for others' types to check
//! (`tests/support/telegram/validate.py`).

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
};

use serde_json::{Value, json};

/// Where it is kept; nowhere, for a test that does wrong on purpose.
#[derive(Debug)]
pub(crate) struct Record(Option<BufWriter<File>>);

impl Record {
    /// In a file named after the test that runs.
    pub(crate) fn of_this_test() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/telegram");
        fs::create_dir_all(&folder).expect("a folder");
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("main").replace("::", "-");
        let number: u32 = rand::random();
        let file = File::create(folder.join(format!("{name}-{number:08x}.jsonl")));
        Self(Some(BufWriter::new(file.expect("a file"))))
    }

    pub(crate) const fn nowhere() -> Self {
        Self(None)
    }

    pub(crate) fn update(&mut self, update: &Value) {
        self.line(&json!({ "update": update }));
    }

    pub(crate) fn request(&mut self, method: &str, parameters: &Value) {
        self.line(&json!({ "request": method, "parameters": parameters }));
    }

    pub(crate) fn result(&mut self, method: &str, result: &Value) {
        self.line(&json!({ "result": result, "method": method }));
    }

    /// Makes sure that all of it is in the file.
    pub(crate) fn flush(&mut self) {
        if let Some(file) = &mut self.0 {
            file.flush().expect("written");
        }
    }

    fn line(&mut self, line: &Value) {
        if let Some(file) = &mut self.0 {
            writeln!(file, "{line}").expect("written");
        }
    }
}

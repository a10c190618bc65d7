//! Prints what the reader's model looks at in labelled messages: one line of JSON for each line
//! read, in order. `models/train` learns from it, so that training and the running bot gather
//! their features with the same code.
//!
//! Usage: `features [--weights FILE] FILE...`; every line has `party`, `text` and `prev`. Without files it
//! only says which version the features have.

use std::{
    error::Error,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
};

use ringback::{
    domain::{message::Party, vocabulary::Vocabulary},
    evaluate::context_after,
    reading::{FEATURES_VERSION, FeatureHashes, Reader, Weights},
};
use serde::Deserialize;
use serde_json::json;

/// Of a labelled message, what can be read.
#[derive(Deserialize)]
struct Line {
    party: String,
    text: String,
    prev: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", json!({ "version": FEATURES_VERSION }))?;
    if files.is_empty() {
        return Ok(());
    }
    let weights = if files.first().is_some_and(|first| first == "--weights") {
        let file = files.get(1).ok_or("--weights needs a file")?;
        let weights = Weights::read(std::fs::read(file)?)?;
        files.drain(..2);
        weights
    } else {
        Weights::shipped()?
    };
    let reader = Reader::with_weights(&Vocabulary::default(), weights)?;
    for file in files {
        for line in BufReader::new(File::open(file)?).lines() {
            let line: Line = serde_json::from_str(&line?)?;
            let party = match line.party.as_str() {
                "agent" => Party::Agent,
                _ => Party::Customer,
            };
            let context = context_after(&reader, party, line.prev.as_deref());
            let scan = reader.scan(&line.text, None);
            let FeatureHashes {
                structure,
                spelling,
                share,
                plain,
            } = reader.features(&scan, party, &context);
            let line = json!({
                "structure": structure, "spelling": spelling, "share": share, "plain": plain,
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(out.flush()?)
}

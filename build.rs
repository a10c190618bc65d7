//! Puts the shipped phrases into the tables that the reader finds them by, so that no start has to.
//! What it needs to know of phrases is the reader's own code.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by a variable where to write"
)]

#[path = "src/reading/alphabet.rs"]
mod alphabet;
#[path = "src/reading/lexicon/files.rs"]
mod files;
#[expect(dead_code, reason = "phrases need less of it than messages")]
#[path = "src/reading/fold.rs"]
mod fold;
#[path = "src/reading/letters.rs"]
mod letters;
#[path = "src/reading/lexicon/spellings.rs"]
mod spellings;
#[expect(dead_code, reason = "the tables are only written here")]
#[path = "src/reading/lexicon/tables.rs"]
mod tables;
#[path = "src/reading/lexicon/weave.rs"]
mod weave;

use std::{env, error::Error, fs, path::PathBuf};

use files::{Meaning, shipped, templates};

fn main() -> Result<(), Box<dyn Error>> {
    // All that it reads is compiled into it, so nothing else can change what it makes.
    println!("cargo::rerun-if-changed=build.rs");
    let mut loom = weave::Loom::default();
    let mut meanings: Vec<Meaning> = Vec::new();
    for phrase in shipped() {
        let known = meanings.iter().position(|known| *known == phrase.meaning);
        let meaning = known.unwrap_or(meanings.len());
        if known.is_none() {
            meanings.push(phrase.meaning);
        }
        for spelling in spellings::spellings(phrase.text) {
            for template in templates(&spelling) {
                let folded = |choice: &_| fold::fold_phrase(choice);
                let slots = template.iter();
                let slots: Vec<Vec<String>> = slots
                    .map(|choices| choices.iter().map(|choice| folded(choice)).collect())
                    .collect();
                loom.add(&slots, u32::try_from(meaning)?);
            }
        }
    }
    let woven = loom.finish();
    let names = meanings.iter().map(|meaning| {
        let only_in = meaning.only_in.unwrap_or_default();
        format!("{} {only_in}\n", meaning.sign)
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives OUT_DIR")?);
    fs::write(out.join("phrases.numbers"), woven.numbers.as_flattened())?;
    fs::write(out.join("phrases.letters"), woven.letters)?;
    fs::write(out.join("phrases.meanings"), names.collect::<String>())?;
    Ok(())
}

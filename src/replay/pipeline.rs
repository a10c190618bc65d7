//! Reads, scans and hands on, on as many threads as there are cores: one thread takes lines off
//! the stream, others parse and scan them in batches, and the caller gets the batches back in
//! order. Memory is bounded: a batch is bounded, and so is every queue.

use std::{
    num::NonZero,
    ops::ControlFlow,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use crate::reading::{Reader, Scan};

use super::{
    input::{BadLine, Body, Line, Lines, Position},
    replayer::Incoming,
};

/// The most lines in a batch.
const BATCH_LINES: usize = 256;
/// The most bytes of lines in a batch, but for one line that is longer.
const BATCH_BYTES: usize = 256 * 1024;
/// How many batches may wait for or at each scanner.
const QUEUE: usize = 2;

/// The readers that scan: one, or two that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Readers<'r> {
    /// Scans every message.
    pub first: &'r Reader,
    /// Scans every message too.
    pub second: Option<&'r Reader>,
}

/// A message, ready to be decided.
#[derive(Debug)]
pub struct Scanned {
    /// The message.
    pub incoming: Incoming,
    /// The first reader's scan.
    pub scan: Scan,
    /// The second reader's, if there is one.
    pub second_scan: Option<Scan>,
}

/// A line's number and what became of it.
pub type Item = (Position, Result<Scanned, BadLine>);

/// Runs all lines through the readers and hands them on in order, batch by batch, until `each`
/// has had enough.
pub fn run(lines: Lines, readers: Readers<'_>, mut each: impl FnMut(Vec<Item>) -> ControlFlow<()>) {
    let scanners = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let mut to_scan = Vec::new();
        let mut scanned = Vec::new();
        for _ in 0..scanners {
            let (batches, inbox) = sync_channel(QUEUE);
            let (outbox, done) = sync_channel(QUEUE);
            scope.spawn(move || scan_batches(&inbox, &outbox, readers));
            to_scan.push(batches);
            scanned.push(done);
        }
        scope.spawn(move || deal(lines, &to_scan));
        // Batches were dealt out in turn, so taking them back in turn keeps their order.
        for done in scanned.iter().cycle() {
            let Ok(batch) = done.recv() else { break };
            if each(batch).is_break() {
                break;
            }
        }
        // Dropping the receivers tells the other threads to stop.
        drop(scanned);
    });
}

/// Takes lines off the stream and deals them out in turn.
fn deal(mut lines: Lines, scanners: &[SyncSender<Vec<Line>>]) {
    for scanner in scanners.iter().cycle() {
        let batch = next_batch(&mut lines);
        if batch.is_empty() || scanner.send(batch).is_err() {
            return;
        }
    }
}

fn next_batch(lines: &mut Lines) -> Vec<Line> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while let Some(line) = lines.next() {
        if let Body::Json(line) = &line.body {
            bytes += line.len();
        }
        batch.push(line);
        if batch.len() >= BATCH_LINES || bytes >= BATCH_BYTES {
            break;
        }
        // Whoever writes to us slowly sees each decision at once.
        if lines.may_block() {
            break;
        }
    }
    batch
}

fn scan_batches(inbox: &Receiver<Vec<Line>>, outbox: &SyncSender<Vec<Item>>, readers: Readers<'_>) {
    for batch in inbox {
        let scanned = batch.into_iter().map(|line| scan_line(line, readers));
        if outbox.send(scanned.collect()).is_err() {
            return;
        }
    }
}

fn scan_line(line: Line, readers: Readers<'_>) -> Item {
    let position = line.position;
    let scanned = line.into_incoming().map(|incoming| {
        let text = incoming.message.text.reveal();
        let language = incoming.message.language;
        Scanned {
            scan: readers.first.scan(text, language),
            second_scan: readers.second.map(|reader| reader.scan(text, language)),
            incoming,
        }
    });
    (position, scanned)
}

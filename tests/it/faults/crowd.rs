//! Callers who hold connections, send without end or change the rules without pause: memory stays
//! bounded, and everybody else is served meanwhile.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::task::JoinSet;

use super::load::{Bots, Progress, are_kept, sends};
use crate::support::{
    bot::{Bot, Home},
    client::{Client, customer},
};

/// Connections that never say what they want.
const SILENT: usize = 300;
/// A body that nobody has room for.
const GIGABYTE: usize = 1 << 30;
/// How much more memory it may all take, in KiB: the room for bodies is 64 MiB.
const MORE: u64 = 96 * 1024;
/// How often the rules change.
const RELOADS: usize = 30;

async fn takes(client: &Client, id: &str) {
    let taken = client.messages(&customer("t", id, "hello")).await;
    assert_eq!(taken.results()[0]["status"], "decided");
}

fn connect(bot: &Bot) -> TcpStream {
    let address = bot.url.strip_prefix("http://").expect("a URL");
    TcpStream::connect(address).expect("connected")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_held_cost_little_and_keep_nobody_out() {
    let home = Home::new("");
    let bot = home.start();
    let token = home.token();
    let client = bot.client(&token);
    takes(&client, "before").await;
    let before = bot.memory("VmHWM:");
    let mut held: Vec<TcpStream> = (0..SILENT).map(|_| connect(&bot)).collect();
    let head = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 4000\r\nx-slow: "
    );
    for (n, stream) in held.iter_mut().enumerate() {
        // Some stop in the headers, some in the body.
        stream.write_all(head.as_bytes()).expect("sent");
        if n.is_multiple_of(8) {
            stream.write_all(b"1\r\n\r\n[").expect("sent");
        }
    }
    for round in 0..20 {
        for stream in &mut held {
            // One that was cut off for being slow takes nothing more.
            drop(stream.write_all(b" "));
        }
        takes(&client, &round.to_string()).await;
        assert_eq!(client.get("/readyz").await.status, 200);
    }
    let more = bot.memory("VmHWM:") - before;
    assert!(more < MORE, "{more} KiB more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_the_system_allows_are_survived() {
    let home = Home::new("");
    let bot = home.start();
    let client = bot.client(&home.token());
    takes(&client, "before").await;
    let allowed = Command::new("prlimit")
        .args(["--pid", &bot.id().to_string(), "--nofile=120:"])
        .status();
    assert!(allowed.expect("prlimit runs").success());
    let held: Vec<TcpStream> = (0..200).map(|_| connect(&bot)).collect();
    // It has a connection already, and writes as ever.
    takes(&client, "meanwhile").await;
    drop(held);
    let newcomer = bot.client(&home.token_for(&["messages"]));
    takes(&newcomer, "after").await;
    let (status, log) = bot.stop();
    assert!(status.success(), "{log}");
}

/// Sends a body of a gigabyte until nobody takes any more; gives the answer's first line.
fn sends_a_gigabyte(mut stream: TcpStream, token: &str, length: &str) -> String {
    let head = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\n{length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let is_chunked = length.starts_with("transfer");
    let mut piece = vec![b' '; 64 * 1024];
    if is_chunked {
        piece.splice(..0, b"10000\r\n".iter().copied());
        piece.extend(b"\r\n");
    }
    for _ in 0..GIGABYTE / (64 * 1024) {
        if stream.write_all(&piece).is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    let read = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_of_a_gigabyte_are_refused_in_bounded_memory_and_others_are_served() {
    let home = Home::new("");
    let bot = home.start();
    let token = home.token();
    let client = bot.client(&token);
    takes(&client, "before").await;
    let before = bot.memory("VmHWM:");
    let is_over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = [
        format!("content-length: {GIGABYTE}"),
        "transfer-encoding: chunked".to_owned(),
    ]
    .into_iter()
    .map(|length| {
        let (stream, token) = (connect(&bot), token.clone());
        tokio::task::spawn_blocking(move || sends_a_gigabyte(stream, &token, &length))
    })
    .collect();
    let others = {
        let (client, is_over) = (client.clone(), Arc::clone(&is_over));
        tokio::spawn(async move {
            let mut served = 0_u32;
            while !is_over.load(Ordering::SeqCst) {
                takes(&client, &served.to_string()).await;
                served += 1;
            }
            served
        })
    };
    for sender in senders {
        let answer = sender.await.expect("it ends");
        // Whoever does not hear the answer out finds the connection closed.
        assert!(answer.is_empty() || answer == "HTTP/1.1 413", "{answer}");
    }
    is_over.store(true, Ordering::SeqCst);
    assert!(others.await.expect("all are served") > 0);
    takes(&client, "after").await;
    let more = bot.memory("VmHWM:") - before;
    assert!(more < MORE, "{more} KiB more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_change_without_pause_under_load_lose_nothing_and_cost_no_memory() {
    let home = Home::new("rules = \"rules.toml\"\n");
    // In one step, as an editor does.
    let write = |round: usize| {
        let draft = home.path("rules.toml~");
        let rules = format!("# {round}\nexchanges = {}\n", 3 + round % 2);
        fs::write(&draft, rules).expect("written");
        fs::rename(&draft, home.path("rules.toml")).expect("replaced");
    };
    write(0);
    let token = home.token();
    let bot = home.start();
    let client = bot.client(&token);
    let (_tell, bots) = Bots::first(client.clone());
    let progress = Arc::new(Progress::default());
    let mut senders = JoinSet::new();
    for sender in 0..2 {
        senders.spawn(sends(sender, bots.clone(), Arc::clone(&progress)));
    }
    let mut memory = Vec::new();
    let mut version = client.get("/api/v1/rules").await.json()["version"].clone();
    for round in 1..=RELOADS {
        write(round);
        loop {
            let rules = client.get("/api/v1/rules").await.json();
            assert!(rules["last_error"].is_null(), "{rules}");
            if rules["version"] != version {
                version = rules["version"].clone();
                break;
            }
        }
        memory.push(bot.memory("VmRSS:"));
    }
    progress.end();
    let mut threads = Vec::new();
    while let Some(all) = senders.join_next().await {
        threads.extend(all.expect("a sender that ends well"));
    }
    are_kept(&client, &threads).await;
    // By a third of the way everything that it needs is there.
    let (then, now) = (memory[RELOADS / 3], memory[RELOADS - 1]);
    assert!(now < then + MORE / 2, "{memory:?} KiB");
}

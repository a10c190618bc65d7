//! A proxy on loopback that does to connections what networks do: it refuses them, cuts them off, leaves
//! them half open, is slow, answers rubbish, 429 and 500. Calm until a storm is asked for.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// How long nobody may come before a test that waits for a storm's end fails.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much a slow connection passes on at once, and how long it then rests.
const SIP: usize = 64;
const REST: Duration = Duration::from_millis(5);

/// As Telegram answers; others go by the status and the header.
const TOO_MANY: &str = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}"#;
const FAILING: &str = r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#;

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It is closed at once.
    Refused,
    /// It is closed in the middle of the request.
    CutBefore,
    /// The request arrives, and the answer is cut off in its first line.
    CutAfter,
    /// The answer is no HTTP.
    Garbage,
    /// There is never an answer.
    HalfOpen,
    /// All of it arrives, a little at a time.
    Slow,
    /// 429, with when to come back.
    TooMany,
    /// 500.
    Failing,
}

impl Fault {
    const ALL: [Self; 8] = [
        Self::Refused,
        Self::TooMany,
        Self::CutAfter,
        Self::HalfOpen,
        Self::Garbage,
        Self::CutBefore,
        Self::Failing,
        Self::Slow,
    ];
}

struct Weather {
    target: SocketAddr,
    /// How many connections are still to suffer.
    left: watch::Sender<usize>,
    suffered: AtomicUsize,
    /// Changes when a storm begins and when it is over.
    changed: watch::Sender<usize>,
}

/// Stands before something until it is dropped.
pub(crate) struct Chaos {
    weather: Arc<Weather>,
    address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Chaos {
    /// Stands before whatever listens at this URL.
    pub(crate) async fn before(url: &str) -> Self {
        let target = url.trim_start_matches("http://");
        let weather = Arc::new(Weather {
            target: target.parse().expect("an address"),
            left: watch::Sender::new(0),
            suffered: AtomicUsize::new(0),
            changed: watch::Sender::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&weather)));
        Self {
            weather,
            address,
            _serving: serving,
        }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts every connection, and lets the next so many suffer, one in each way after the other.
    pub(crate) fn storm(&self, faults: usize) {
        self.weather.left.send_replace(faults);
        self.weather.changed.send_modify(|changes| *changes += 1);
    }

    /// Waits until all of them have suffered; then those that are still half open are cut, and all is calm.
    pub(crate) async fn is_over(&self) {
        let mut left = self.weather.left.subscribe();
        let over = tokio::time::timeout(PATIENCE, left.wait_for(|left| *left == 0)).await;
        drop(over.expect("connections come").expect("it stands"));
        self.weather.changed.send_modify(|changes| *changes += 1);
    }
}

async fn serve(listener: TcpListener, weather: Arc<Weather>) {
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.expect("a connection");
        let weather = Arc::clone(&weather);
        let mut changes = weather.changed.subscribe();
        connections.spawn(async move {
            let fault = weather.next();
            // What came to an end in whatever way is what this is for.
            tokio::select! {
                ended = suffer(client, fault, weather.target) => drop(ended),
                () = weather_changes(&mut changes, fault) => {}
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Those that are well or half open are cut when the weather changes; the others have their fate.
async fn weather_changes(changes: &mut watch::Receiver<usize>, fault: Option<Fault>) {
    match fault {
        None | Some(Fault::HalfOpen) => drop(changes.changed().await),
        Some(_) => std::future::pending().await,
    }
}

impl Weather {
    fn next(&self) -> Option<Fault> {
        let suffers = self.left.send_if_modified(|left| {
            let suffers = *left > 0;
            *left = left.saturating_sub(1);
            suffers
        });
        suffers.then_some(())?;
        let nth = self.suffered.fetch_add(1, Ordering::SeqCst);
        Some(Fault::ALL[nth % Fault::ALL.len()])
    }
}

async fn suffer(mut client: TcpStream, fault: Option<Fault>, target: SocketAddr) -> io::Result<()> {
    match fault {
        None => {
            let mut server = TcpStream::connect(target).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        Some(Fault::Refused) => {}
        Some(Fault::CutBefore) => {
            client.read_u8().await?;
        }
        Some(Fault::CutAfter) => {
            let mut server = TcpStream::connect(target).await?;
            let (mut asks, mut hears) = client.split();
            let (mut answers, mut is_asked) = server.split();
            let mut first = [0; 10];
            tokio::select! {
                asked = tokio::io::copy(&mut asks, &mut is_asked) => drop(asked?),
                answered = answers.read_exact(&mut first) => drop(answered?),
            }
            hears.write_all(&first).await?;
        }
        Some(Fault::Garbage) => answer(client, b"\0\xff\xfe no HTTP at all\n\n").await?,
        Some(Fault::HalfOpen) => std::future::pending().await,
        Some(Fault::Slow) => {
            let mut server = TcpStream::connect(target).await?;
            let ((from, to), (back_from, back_to)) = (client.split(), server.split());
            let there = sips(from, back_to);
            let back = sips(back_from, to);
            tokio::select! {
                ended = there => ended?,
                ended = back => ended?,
            }
        }
        Some(Fault::TooMany) => {
            let head = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1";
            answer(client, &whole(head, TOO_MANY)).await?;
        }
        Some(Fault::Failing) => {
            let head = "HTTP/1.1 500 Internal Server Error";
            answer(client, &whole(head, FAILING)).await?;
        }
    }
    Ok(())
}

fn whole(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{head}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Answers whatever is asked, and hears the client out.
async fn answer(mut client: TcpStream, says: &[u8]) -> io::Result<()> {
    client.read_u8().await?;
    client.write_all(says).await?;
    client.shutdown().await?;
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await?;
    Ok(())
}

/// Passes on a little at a time.
async fn sips(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
) -> io::Result<()> {
    let mut sip = [0; SIP];
    loop {
        let read = from.read(&mut sip).await?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&sip[..read]).await?;
        tokio::time::sleep(REST).await;
    }
}

//! The one chromedriver of a test run. It and its browsers end with the run, however that ends: a
//! shell around it waits for a pipe from here to close, which it does also when we are killed.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

/// Browsers may leave their driver's care, but not its group. What they keep goes with them.
const KEEPER: &str = r#"
setsid chromedriver --port=0 --allowed-ips=127.0.0.1 </dev/null &
driver=$!
cat >/dev/null
kill -s KILL -- "-$driver"
wait
rm -rf "$TMPDIR"
"#;

/// How long ending a session may take.
const END_WITHIN: Duration = Duration::from_secs(10);

struct Driver {
    port: u16,
    /// Its standard input is the pipe.
    _keeper: Child,
}

static DRIVER: OnceLock<Driver> = OnceLock::new();

/// Where the driver is; starts it at the first call.
pub(super) fn url() -> String {
    format!("http://127.0.0.1:{}", DRIVER.get_or_init(start).port)
}

fn start() -> Driver {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER])
        .env("TMPDIR", &folder)
        // Ctrl-C ends the tests; the keeper still has to clean up.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    let stdout = keeper.stdout.take().expect("piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    let Some(port) = port else {
        panic!("chromedriver does not start: tests/run installs chromium and chromium-driver");
    };
    // Whatever it says later is nobody's; but it must not block on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    Driver {
        port,
        _keeper: keeper,
    }
}

/// Ends a session and its browser. Blocks: it is for destructors, also of tests that failed.
pub(super) fn end(session: &str) {
    let Some(driver) = DRIVER.get() else { return };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, driver.port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, END_WITHIN) else {
        return;
    };
    drop(stream.set_read_timeout(Some(END_WITHIN)));
    let request = format!(
        "DELETE /session/{session} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    if stream.write_all(request.as_bytes()).is_ok() {
        // It answers once the browser has gone, and keeps the connection.
        drop(stream.read(&mut [0; 512]));
    }
}

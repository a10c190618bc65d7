//! Logs and the metrics recorder of the running bot. What is logged never holds message text,
//! names or numbers: wrappers redact them, requests are logged by route and panics by place.

use std::{
    io::IsTerminal,
    panic,
    sync::{Mutex, PoisonError},
};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter,
    filter::{ParseError, filter_fn},
    util::TryInitError,
};

use crate::settings::{LogFormat, LogSettings};

/// Why logs or metrics cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter in the settings is wrong.
    #[error(
        "`log.filter` in the settings is no filter: {0}; write something like \"info\" or \"ringback=debug\""
    )]
    Filter(#[from] ParseError),
    /// Something else logs already.
    #[error("another logger is set already: {0}")]
    Logger(#[from] TryInitError),
    /// The buckets are wrong.
    #[error("the metrics cannot be recorded: {0}")]
    Metrics(#[from] BuildError),
    /// Something else records already.
    #[error("another metrics recorder is set already")]
    Recorder,
}

/// Whether something may be logged, whatever the filter in the settings says. Libraries may not go
/// into detail: below this level they log headers, addresses and bodies of requests, with thread ids,
/// tokens and texts in them.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let is_ours = target == OURS || target.starts_with(concat!(env!("CARGO_CRATE_NAME"), "::"));
    is_ours || *metadata.level() <= Level::INFO
}

/// What our own parts are logged under.
const OURS: &str = env!("CARGO_CRATE_NAME");

/// Starts logging to stderr, once a process.
///
/// # Errors
/// When the filter is wrong or something else logs already.
pub fn start_logging(settings: &LogSettings) -> Result<(), TelemetryError> {
    use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

    let filter = EnvFilter::try_new(&settings.filter)?;
    let terminal = std::io::stderr().is_terminal();
    let format = settings.format.unwrap_or(if terminal {
        LogFormat::Human
    } else {
        LogFormat::Json
    });
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Human => {
            let logs = logs.with_ansi(terminal).finish();
            logs.with(filter_fn(may_be_logged)).try_init()?;
        }
        LogFormat::Json => {
            let logs = logs.json().flatten_event(true).finish();
            logs.with(filter_fn(may_be_logged)).try_init()?;
        }
    }
    log_panics_by_place();
    Ok(())
}

/// A panic's message may quote what was being worked on, so only where it happened is logged.
fn log_panics_by_place() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a part of the program failed; this is a bug");
    }));
}

/// Seconds; from one commit on a fast disk to what a client would not wait for.
const LATENCY_BUCKETS: [f64; 12] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The process's metrics, recorded from the first call on.
///
/// # Errors
/// When something else records already.
pub fn metrics() -> Result<PrometheusHandle, TelemetryError> {
    // Held until it records: whoever asks at the same moment gets the same one.
    static HANDLE: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut kept = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = kept.as_ref() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &LATENCY_BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::Recorder)?;
    Ok(kept.insert(handle).clone())
}

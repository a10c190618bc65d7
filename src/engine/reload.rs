//! The rules in force, and how others take their place: load, validate, test, swap. A bad file
//! leaves the good rules running and says so. What a rules file looks like is not known here.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{Mutex, mpsc};

use super::{Inner, LoadRules, LoadedRules, ReloadError, RulesStatus, wakeups::tick_for_new_rules};
use crate::domain::time::Timestamp;

/// An editor writes a file in several steps; this long after the last of them it is done.
pub(super) const SETTLED_AFTER: Duration = Duration::from_millis(200);

/// The rules in force.
pub(super) struct RulesInForce {
    current: ArcSwap<LoadedRules>,
    last_error: ArcSwapOption<ReloadError>,
    load: Option<LoadRules>,
    /// Held while rules are loaded, so that an older file never replaces a newer one.
    turn: Mutex<()>,
}

impl RulesInForce {
    /// These rules, and how to load others.
    pub(super) fn new(rules: LoadedRules, load: Option<LoadRules>) -> Self {
        Self {
            current: ArcSwap::from_pointee(rules),
            last_error: ArcSwapOption::empty(),
            load,
            turn: Mutex::new(()),
        }
    }

    /// The rules in force.
    pub(super) fn current(&self) -> Arc<LoadedRules> {
        self.current.load_full()
    }

    /// How the rules stand.
    pub(super) fn status(&self) -> RulesStatus {
        let current = self.current();
        RulesStatus {
            version: current.rules.version.clone(),
            loaded_at: current.loaded_at,
            last_error: self
                .last_error
                .load_full()
                .map(|error| error.as_ref().clone()),
        }
    }
}

/// Loads the rules again and, if they are good and others than before, puts them in force.
pub(super) async fn reload(inner: &Arc<Inner>) {
    let Some(load) = inner.rules.load.clone() else {
        return;
    };
    let turn = inner.rules.turn.lock().await;
    let now = inner.clock.now();
    let loaded = tokio::task::spawn_blocking(move || build(&load, now)).await;
    let loaded = loaded.unwrap_or_else(|_| Err("loading the rules failed inside".to_owned()));
    let is_new = match loaded {
        Ok(loaded) => {
            inner.rules.last_error.store(None);
            metrics::counter!("ringback_rules_reloads_total", "result" => "ok").increment(1);
            swap(inner, loaded)
        }
        Err(message) => {
            tracing::error!(%message, "the rules file is not taken; the rules before it stay in force");
            metrics::counter!("ringback_rules_reloads_total", "result" => "failed").increment(1);
            let error = ReloadError { at: now, message };
            inner.rules.last_error.store(Some(Arc::new(error)));
            false
        }
    };
    drop(turn);
    if is_new && let Err(error) = tick_for_new_rules(inner).await {
        tracing::warn!(%error, "not every open callback has seen the new rules yet");
    }
}

fn build(load: &LoadRules, now: Timestamp) -> Result<LoadedRules, String> {
    let (rules, reader) = load()?;
    Ok(LoadedRules {
        rules,
        reader,
        loaded_at: now,
    })
}

/// Puts rules in force; false if they are the same as before.
fn swap(inner: &Inner, loaded: LoadedRules) -> bool {
    if loaded.rules.version == inner.rules.current().rules.version {
        return false;
    }
    tracing::info!(version = %loaded.rules.version, "new rules are in force");
    inner.rules.current.store(Arc::new(loaded));
    true
}

/// Reloads whenever the file changes, until told to stop. If the system cannot watch it, says so
/// and leaves that to SIGHUP.
pub(super) async fn watch(inner: Arc<Inner>, file: PathBuf) {
    let (changes, mut changed) = mpsc::channel(1);
    let _watcher = match watcher(&file, changes) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::warn!(%error, "the rules file cannot be watched; send SIGHUP after a change");
            return;
        }
    };
    loop {
        tokio::select! {
            () = inner.stopping.cancelled() => return,
            change = changed.recv() => if change.is_none() { return },
        }
        // Waits for the last step of several.
        while let Ok(Some(())) = tokio::time::timeout(SETTLED_AFTER, changed.recv()).await {}
        reload(&inner).await;
    }
}

/// Watches the file's folder: editors replace a file rather than write into it, and mounted
/// configuration is swapped by a link (`..data`) beside it.
fn watcher(file: &Path, changes: mpsc::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let name = file.file_name().map(std::ffi::OsStr::to_owned);
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let concerns = move |event: &notify::Event| {
        !matches!(event.kind, EventKind::Access(_))
            && event.paths.iter().any(|path| {
                path.file_name() == name.as_deref()
                    || path.file_name().is_some_and(|name| name == "..data")
            })
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // After an error (events were lost) the file may have changed too.
        if event.as_ref().map_or(true, &concerns) {
            // Full means that a change is known already.
            let _full = changes.try_send(());
        }
    })?;
    watcher.watch(folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

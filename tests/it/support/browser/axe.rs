//! axe-core, which finds what keeps people from using a page: too little contrast, fields without
//! a name, landmarks that are missing.

use std::{fs, path::Path, sync::OnceLock};

use serde::Deserialize;
use serde_json::Value;

use super::Window;

/// Runs it in the page and hands its findings over, once no colour is on its way to another. What
/// stands in a closed part of the page stays on its way, so that is not waited for for long. A page's own rules for scripts do not bind those of a test.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const ended = (animation) => animation.finished.catch(() => {});
    Promise.race([
        Promise.all(document.getAnimations().map(ended)),
        new Promise((go_on) => setTimeout(go_on, 1000)),
    ]).then(
        () => axe.run(document, { resultTypes: ['violations'] }),
    ).then(
        (found) => done(found.violations.map((one) => ({
            id: one.id,
            impact: one.impact,
            help: one.help,
            nodes: one.nodes.map((node) => node.target.join(' ') + '\\n      '
                + node.failureSummary.replaceAll('\\n', '\\n      ')),
        }))),
        (error) => done(String(error)),
    );";

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    impact: String,
    help: String,
    nodes: Vec<String>,
}

impl Window {
    /// Checks that axe-core finds nothing serious on the page, in light and in dark.
    pub(crate) async fn assert_accessible(&self) {
        for scheme in ["light", "dark"] {
            self.prefer(scheme).await;
            self.assert_accessible_as_it_is(scheme).await;
        }
        self.prefer("light").await;
    }

    async fn assert_accessible_as_it_is(&self, scheme: &str) {
        self.client
            .execute(source(), Vec::new())
            .await
            .expect("axe-core loads");
        let found = self.client.execute_async(RUN, Vec::new()).await;
        let found: Value = found.expect("axe-core runs");
        let found: Vec<Violation> = serde_json::from_value(found.clone())
            .unwrap_or_else(|error| panic!("axe-core failed: {error}: {found}"));
        let serious: Vec<String> = found
            .iter()
            .filter(|found| ["serious", "critical"].contains(&found.impact.as_str()))
            .map(|found| {
                let Violation {
                    id,
                    impact,
                    help,
                    nodes,
                } = found;
                format!("  {impact}: {help} ({id})\n    {}", nodes.join("\n    "))
            })
            .collect();
        assert!(
            serious.is_empty(),
            "{} in {scheme}:\n{}",
            self.url().await,
            serious.join("\n")
        );
    }
}

/// Its source, where tests/run installs it.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("../npm/node_modules/axe-core/axe.min.js");
        fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!("{}: {error}; tests/run installs axe-core", path.display())
        })
    })
}

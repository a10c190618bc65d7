//! What stands on the page, and what must never stand there.

use super::*;
use crate::{
    domain::callback::Outcome,
    store::rows::{CallbackState, CaseState, report::CaseCallback},
};

fn page(cases: &[CaseHistory], now: &str) -> String {
    let rules = Rules::default();
    let month = "2026-11".parse().expect("a month");
    let now = now.parse().expect("a time");
    let mut report = Report::new(&rules, month, None, now).expect("begun");
    for case in cases {
        report.count(case);
    }
    let mut out = Vec::new();
    report.write_html(&mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

fn rung() -> CaseHistory {
    let at = |text: &str| text.parse().expect("a time");
    CaseHistory {
        channel: ChannelName::parse("chat").expect("a channel"),
        opened_at: at("2026-11-05T10:00:00Z"),
        state: CaseState::Resolved,
        resolved_at: Some(at("2026-11-05T13:20:00Z")),
        held: false,
        waits_on_customer: false,
        was_reminded: true,
        next_case_at: None,
        lines: Vec::new(),
        callbacks: vec![CaseCallback {
            state: CallbackState::Done,
            outcome: Some(Outcome::Solved),
            why: None,
            was_asked: false,
            helped: None,
        }],
        calls: Vec::new(),
    }
}

/// The texts between the tags of these names.
fn texts(page: &str, tags: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for tag in tags {
        // `th` must not find `thead`.
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        let starts = page.split(&open).skip(1);
        for part in starts.filter(|part| part.starts_with([' ', '>'])) {
            let (_, text) = part.split_once('>').expect("the end of the tag");
            let (text, _) = text.split_once(&close).expect("the end of the element");
            found.push(text.trim().to_owned());
        }
    }
    found
}

#[test]
fn the_page_tells_how_long_solving_took_in_words_and_whether_the_month_is_over() {
    let over = page(&[rung()], "2026-12-03T09:00:00Z");
    assert!(over.contains("1 case opened"), "{over}");
    assert!(over.contains("1 to 30 November 2026, UTC; counted on 3 December 2026 at 09:00."));
    assert!(over.contains("3 h 20 min"));
    assert!(!over.contains("The month is not over."));
    assert!(page(&[rung()], "2026-11-30T23:59:59Z").contains("The month is not over."));
}

#[test]
fn a_month_without_cases_says_so_and_shows_no_tables_of_noughts() {
    let empty = page(&[], "2026-12-03T09:00:00Z");
    assert!(empty.contains("No case was opened on this desk in November 2026."));
    assert_eq!(empty.matches("<table").count(), 0);
}

#[test]
fn no_figure_is_of_handle_time_or_of_any_one_person() {
    let page = page(&[rung()], "2026-12-03T09:00:00Z");
    let headings = texts(&page, &["h1", "h2", "th", "caption", "dt"]);
    assert!(headings.len() > 40, "the page has its headings");
    for heading in headings {
        let heading = heading.to_lowercase();
        for never in [
            "agent",
            "account",
            "handle time",
            "talk",
            "claim",
            "duration",
            "per person",
            "colleague",
        ] {
            assert!(!heading.contains(never), "{heading}");
        }
    }
    let rows = {
        let rules = Rules::default();
        let month = "2026-11".parse().expect("a month");
        let now = "2026-12-03T09:00:00Z".parse().expect("a time");
        let mut report = Report::new(&rules, month, None, now).expect("begun");
        report.count(&rung());
        let mut out = Vec::new();
        report.write_csv(&mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    };
    assert!(rows.starts_with("desk,channel,figure,value,unit\n"));
    let figures = rows.lines().skip(1).filter_map(|row| row.split(',').nth(2));
    for figure in figures {
        assert!(
            !figure.contains("agent") && !figure.contains("handle_time"),
            "{figure}"
        );
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere_and_runs_nothing() {
    let page = page(&[rung()], "2026-12-03T09:00:00Z");
    for never in ["<script", "src=", "href=", "url(", "@import", "http"] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn every_table_names_its_columns_and_its_rows() {
    let page = page(&[rung()], "2026-12-03T09:00:00Z");
    let tables = texts(&page, &["table"]);
    assert!(tables.len() >= 5);
    for table in tables {
        assert!(
            table.contains("<th scope=\"col\"") && table.contains("<th scope=\"row\""),
            "{table}"
        );
        assert!(table.contains("<caption>"), "{table}");
    }
}

#[test]
fn whether_calls_helped_is_told_where_anybody_was_asked() {
    let now = "2026-12-03T09:00:00Z";
    assert!(!page(&[rung()], now).contains("Did the call help?"));
    let mut asked = rung();
    for callback in &mut asked.callbacks {
        (callback.was_asked, callback.helped) = (true, Some(false));
    }
    let page = page(&[asked], now);
    assert!(page.contains("Did the call help?"), "{page}");
    assert!(page.contains("<th scope=\"row\">It did not</th><td class=\"n\">1</td>"));
}

//! Lines come out numbered and in order, whatever is fed in.

use proptest::prelude::*;

use super::{Body, Format, Line, Lines, Source};

fn lines(format: Format, sources: &[&[u8]]) -> Vec<Line> {
    let source = |bytes: &&[u8]| Source {
        format,
        reader: Box::new(std::io::Cursor::new(bytes.to_vec())),
    };
    Lines::new(sources.iter().map(source).collect()).collect()
}

/// Source, line, and line among all.
fn numbers(lines: &[Line]) -> Vec<(usize, u64, u64)> {
    lines
        .iter()
        .map(|line| line.position)
        .map(|place| (place.source, place.line, place.line_overall))
        .collect()
}

#[test]
fn lines_are_counted_in_each_source_and_over_all() {
    let lines = lines(Format::Jsonl, &[b"a\n\nb", b"", b"\r\nc\n"]);
    assert_eq!(numbers(&lines), [(0, 1, 1), (0, 3, 3), (2, 2, 5)]);
}

#[test]
fn csv_counts_the_lines_of_a_text_with_several() {
    let csv = b"channel,thread,from,text\nx,t,customer,\"a\nb\"\n\nx,t,agent,c";
    let lines = lines(Format::Csv, &[csv, csv]);
    assert_eq!(
        numbers(&lines),
        [(0, 2, 2), (0, 5, 5), (1, 2, 7), (1, 5, 10)]
    );
    assert!(lines.iter().all(|line| matches!(line.body, Body::Row(_))));
}

#[test]
fn csv_columns_may_stand_in_any_order() {
    let csv = b"text,at,from,unknown,thread,channel\nhi,2026-01-05T10:00:00Z,agent,,t,x\n";
    let [line] = <[Line; 1]>::try_from(lines(Format::Csv, &[csv])).expect("one line");
    let incoming = line.into_incoming().expect("a message");
    assert_eq!(incoming.message.text.reveal(), "hi");
    assert_eq!(incoming.message.id.as_str(), "#2");
    assert!(incoming.at_is_given);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_lose_count(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Jsonl, Format::Csv] {
            let lines = lines(format, &[&bytes, &bytes]);
            let places = numbers(&lines);
            prop_assert!(places.is_sorted_by(|a, b| a.2 < b.2), "{places:?}");
            for line in lines {
                drop(line.into_incoming());
            }
        }
    }

    // A byte order mark at the start is no part of the first line.
    #[test]
    fn every_line_of_json_that_is_not_blank_comes_out_once(
        texts in prop::collection::vec("[^\n\u{feff}]{0,20}", 0..20),
    ) {
        let input = texts.join("\n");
        let expected = texts.iter().filter(|text| !text.as_bytes().trim_ascii().is_empty()).count();
        prop_assert_eq!(lines(Format::Jsonl, &[input.as_bytes()]).len(), expected);
    }
}

//! What is said of patterns of data that do not hold.

use super::{mistakes::said, parse};

#[test]
fn a_pattern_that_is_none_or_fails_its_tests_is_told_with_its_place() {
    let errors = parse(
        r#"
[[patterns]]
name = "members"
regex = '\bM\d{8}\b'
finds = ["M20240017", "M2024"]
leaves = ["M1", "my M20240017"]

[[patterns]]
name = "members"
regex = 'x'
finds = []
"#,
    )
    .unwrap_err();
    insta::assert_snapshot!(errors.plain_report(), @r#"
      x the pattern `members` finds nothing here
       ,-[rules.toml:5:23]
     4 | regex = '\bM\d{8}\b'
     5 | finds = ["M20240017", "M2024"]
       :                       ^^^|^^^
       :                          `-- should be found
     6 | leaves = ["M1", "my M20240017"]
       `----
      help: mend its `regex`, or leave this text out of `finds`

      x the pattern `members` finds something here
       ,-[rules.toml:6:17]
     5 | finds = ["M20240017", "M2024"]
     6 | leaves = ["M1", "my M20240017"]
       :                 ^^^^^^^|^^^^^^
       :                        `-- should be left
     7 | 
       `----
      help: make its `regex` stricter, for instance with `\b` around it

      x there are two patterns called `members`
        ,-[rules.toml:9:8]
      8 | [[patterns]]
      9 | name = "members"
        :        ^^^^|^^^^
        :            `-- the second
     10 | regex = 'x'
        `----
      help: give each pattern a name of its own

      x an empty list does nothing
        ,-[rules.toml:11:9]
     10 | regex = 'x'
     11 | finds = []
        :         ^|
        :          `-- empty
        `----
      help: put something in it or leave the key out

    rules.toml: 4 errors
    "#);
    let pattern = |regex: &str| said(&format!("[[patterns]]\nname = \"x\"\nregex = '{regex}'"));
    insta::assert_snapshot!(
        ["(", "(?=x)", r"(x)\1", r"\d*", "a|", r"(\d{1000}){1000}", "x"]
            .map(|regex| format!("{regex}  {}", pattern(regex)))
            .join("\n"),
        @r#"
    (  1 error: line 3, column 9: `patterns[0].regex` is no regular expression: unclosed group (the syntax is that of Rust's `regex`; put it in single quotes, so that `\d` stays as it is)
    (?=x)  1 error: line 3, column 9: `patterns[0].regex` is no regular expression: look-around, including look-ahead and look-behind, is not supported (the syntax is that of Rust's `regex`; put it in single quotes, so that `\d` stays as it is)
    (x)\1  1 error: line 3, column 9: `patterns[0].regex` is no regular expression: backreferences are not supported (the syntax is that of Rust's `regex`; put it in single quotes, so that `\d` stays as it is)
    \d*  1 error: line 3, column 9: `patterns[0].regex` matches where there is nothing (let it ask for at least one character: `\d+`, not `\d*`)
    a|  1 error: line 3, column 9: `patterns[0].regex` matches where there is nothing (let it ask for at least one character: `\d+`, not `\d*`)
    (\d{1000}){1000}  1 error: line 3, column 9: `patterns[0].regex` is too large (shorten it, or make its `{…}` repetitions smaller)
    x  fine
    "#
    );
}

#[test]
fn there_is_an_end_to_patterns() {
    let file = |count: usize| -> String {
        (0..count)
            .map(|number| format!("[[patterns]]\nname = \"p{number}\"\nregex = 'x'\n"))
            .collect()
    };
    assert_eq!(said(&file(64)), "fine");
    assert!(said(&file(65)).contains("more than 64 patterns"));
}

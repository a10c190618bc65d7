//! The JSON Schema of `rules.toml`, from the very types that read it, for editors.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::file::raw::{RawPolicy, RawSections};

/// The schema, in draft 7, which TOML editors understand.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let policy = generator.root_schema_for::<RawPolicy>().to_value();
    let mut whole = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<RawSections>()
        .to_value();
    // The top of the file holds the keys of both structs.
    let keys = policy.get("properties").and_then(Value::as_object);
    let properties = whole.get_mut("properties").and_then(Value::as_object_mut);
    if let (Some(keys), Some(properties)) = (keys, properties) {
        properties.extend(keys.clone());
    }
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("title".to_owned(), "Ringback's rules.toml".into());
        whole.remove("description");
    }
    whole
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::schema;
    use crate::rules::Rules;

    /// What the schema finds wrong with a file, by place.
    fn faults(source: &str) -> Vec<String> {
        let file: Value = toml::from_str(source).unwrap();
        let validator = jsonschema::draft7::new(&schema()).unwrap();
        let faults = validator.iter_errors(&file);
        faults
            .map(|fault| fault.instance_path().to_string())
            .collect()
    }

    #[test]
    fn the_schema_is_a_schema() {
        assert!(jsonschema::draft7::meta::is_valid(&schema()));
    }

    #[test]
    fn the_schema_accepts_the_shipped_file_and_one_with_every_key() {
        assert!(faults(include_str!("../../config/rules.toml")).is_empty());
        assert!(faults(crate::rules::file::tests::EVERY_KEY).is_empty());
        assert!(faults("").is_empty());
    }

    #[test]
    fn what_the_schema_refuses_the_parser_refuses_too() {
        for source in [
            "exchange = 3",
            "exchanges = \"3\"",
            "exchanges = 0",
            "merge_within = 10",
            "on_soft = \"quite\"",
            "watch = 1",
            "desk = \"Main\"",
            "[desk.main]",
            "[desks.main]\nzones = \"UTC\"",
            "[desks.main]\nhours = \"always\"",
            "attempts = 21",
            "retry_after = 15",
            "zone = 1",
            "country = \"Germany\"",
            "video_url = \"http://meet.example.com/{{ room }}\"",
            "video_url = \"https://meet.example.com/\"",
            "ask_satisfaction = \"yes\"",
            "[desks.main]\nholidays = [\"25.12.2026\"]",
            "[desks.main]\nquiet_hours = \"21-8\"",
            "[desks.main]\non_call = \"Kim\"",
            "[desks.main]\ncards_open = 0",
            "[desks.main]\ncard_detail = \"all\"",
            "[desks.main]\nnote_prefix = \"/\"",
            "[desks.main]\nnote_prefix = \"/note\"",
            "[desks.main]\nnote_prefix = \"\"",
            "[desks.main]\ndisable_link_preview = \"yes\"",
            "[desks.main]\nincident = 20",
            "[desks.main]\nincident = { call = 20 }",
            "[desks.main]\nincident = { calls = 1 }",
            "[channels.webchat]\nexchange = 3",
            "[channels.\"Web chat\"]",
            "[phrases.thank]",
            "[levels]\nphon = \"identifying\"",
            "[reading]\nthanks = 0",
            "[reading]\nthanks = 100",
            "[reading]\nthanks = \"80\"",
            "[reading]\nthank = 80",
            "[topics]\nbilling = 5",
            "[[patterns]]\nname = \"x\"",
            "[[patterns]]\nname = \"x\"\nregex = 5",
            "[[patterns]]\nname = \"X Y\"\nregex = \"x\"",
            "[[patterns]]\nname = \"x\"\nregex = \"x\"\nkind = \"card\"",
            "[[patterns]]\nname = \"x\"\nregex = \"x\"\nfind = \"x\"",
            "[[rules]]\nname = \"x\"\nthen = \"wait\"",
            "[[rules]]\nname = \"x\"\nthen = \"cal\"\nwhen = { exchange = 1 }",
            "[[rules]]\nname = \"x\"\nthen = \"wait\"\nwhen = { exchanges = 1 }",
            "[[tests]]\nthread = \"customer: hi\"",
            "[[tests]]\nthread = \"hi\"\nexpect = \"none\"",
            "[[tests]]\nthread = \"customer: hi\"\nexpect = \"call\"",
        ] {
            assert!(!faults(source).is_empty(), "the schema takes {source}");
            assert!(
                Rules::parse(source.as_bytes(), "rules.toml", None).is_err(),
                "the parser takes {source}"
            );
        }
    }
}

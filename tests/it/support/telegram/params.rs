//! What a request asks for: the parameters that a method has, by Telegram's published list
//! (`methods.txt`: a line a method, `name:kind`, `!` for those that must be there).

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The methods that are simulated.
static METHODS: LazyLock<BTreeMap<String, Method>> = LazyLock::new(|| {
    let methods = include_str!("methods.txt").lines().map(|line| {
        let mut words = line.split(' ');
        let name = words.next().expect("a name");
        let parameters = words.map(|word| {
            let (name, kind) = word.split_once(':').expect("a kind");
            (name, kind.trim_end_matches('!'))
        });
        let method = Method {
            name,
            parameters: parameters.collect(),
        };
        (name.to_lowercase(), method)
    });
    methods.collect()
});

/// A method.
#[derive(Debug)]
pub(crate) struct Method {
    /// As Telegram writes it.
    pub(crate) name: &'static str,
    parameters: BTreeMap<&'static str, &'static str>,
}

/// The method of this name, however it is written.
pub(crate) fn method(name: &str) -> Option<&'static Method> {
    METHODS.get(&name.to_lowercase())
}

/// A file that came with the request.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) size: usize,
}

/// What a request asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    pub(crate) values: Map<String, Value>,
    pub(crate) uploads: BTreeMap<String, Upload>,
}

impl Params {
    /// Brings every parameter to its kind; gives what is wrong with them, which a real Telegram may
    /// let pass.
    pub(crate) fn check(&mut self, method: &Method) -> Vec<String> {
        let mut wrong = Vec::new();
        let name = method.name;
        for (parameter, value) in &mut self.values {
            let Some(kind) = method.parameters.get(parameter.as_str()) else {
                wrong.push(format!("{name} has no parameter {parameter}"));
                continue;
            };
            if !is_of(kind, value) {
                wrong.push(format!("{parameter} of {name} is no {kind}"));
            }
        }
        wrong
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)?
            .as_str()
            .filter(|text| !text.is_empty())
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.values.get(name)?.as_i64()
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.values.get(name)?.as_f64()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool) == Some(true)
    }

    pub(crate) fn json(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn integers(&self, name: &str) -> Vec<i64> {
        let list = self.json(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect()
    }

    pub(crate) fn message_id(&self) -> Result<i64, Refusal> {
        match self.integer("message_id") {
            Some(id) if id != 0 => Ok(id),
            _ => Err(Refusal::bad("message identifier is not specified")),
        }
    }
}

/// Whether a value is of a kind. Forms write everything as text, so text that says it is taken.
fn is_of(kind: &str, value: &mut Value) -> bool {
    let text = value.as_str().map(str::to_owned);
    match kind {
        "int" | "float" | "bool" => {
            if let Some(read) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                *value = read;
            }
            match kind {
                "int" => value.is_i64(),
                "float" => value.is_number(),
                _ => value.is_boolean(),
            }
        }
        "chat" => {
            if let Some(read) = text.as_ref().and_then(|text| text.parse::<i64>().ok()) {
                *value = read.into();
            }
            value.is_i64() || text.is_some_and(|text| text.starts_with('@'))
        }
        "json" => {
            if let Some(read) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                *value = read;
            }
            value.is_object() || value.is_array()
        }
        _ => value.is_string(),
    }
}

//! Texts with their markup and buttons, as strictly as Telegram reads them.

use serde_json::Value;

use super::super::{
    html::{Formatted, html, plain, units},
    params::Params,
    refusal::Refusal,
    world::World,
};

/// The longest text.
const LONGEST_TEXT: usize = 4096;
/// The longest text beside a picture or file.
pub(super) const LONGEST_CAPTION: usize = 1024;

/// The text of a message.
pub(super) fn text(world: &mut World, params: &Params) -> Result<Formatted, Refusal> {
    let raw = params
        .text("text")
        .ok_or_else(|| Refusal::bad("message text is empty"))?;
    let formatted = formatted(world, params, raw, "entities")?;
    if formatted.text.is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    if units(&formatted.text) > LONGEST_TEXT {
        return Err(Refusal::bad("message is too long"));
    }
    Ok(formatted)
}

/// The text beside a picture or file; none is fine.
pub(super) fn caption(world: &mut World, params: &Params) -> Result<Option<Formatted>, Refusal> {
    let Some(raw) = params.text("caption") else {
        return Ok(None);
    };
    let formatted = formatted(world, params, raw, "caption_entities")?;
    if units(&formatted.text) > LONGEST_CAPTION {
        return Err(Refusal::bad("message caption is too long"));
    }
    Ok(Some(formatted))
}

fn formatted(
    world: &mut World,
    params: &Params,
    raw: &str,
    entities: &str,
) -> Result<Formatted, Refusal> {
    if let Some(mode) = params.text("parse_mode") {
        return match mode.to_lowercase().as_str() {
            "html" => html(raw),
            "markdown" | "markdownv2" => {
                world.violation("Markdown is not simulated".to_owned());
                Ok(plain(raw))
            }
            _ => Err(Refusal::bad("unsupported parse_mode")),
        };
    }
    let mut formatted = plain(raw);
    if let Some(given) = params.json(entities).and_then(Value::as_array) {
        formatted.entities.extend(given.iter().cloned());
    }
    Ok(formatted)
}

/// The buttons or whatever else stands below a message.
pub(crate) fn reply_markup(params: &Params) -> Result<Option<Value>, Refusal> {
    let Some(markup) = params.values.get("reply_markup") else {
        return Ok(None);
    };
    if !markup.is_object() {
        return Err(Refusal::bad("object expected as reply markup"));
    }
    if let Some(rows) = markup.get("inline_keyboard") {
        let bad = || {
            Refusal::bad(
                "can't parse inline keyboard button: Field \"inline_keyboard\" must be of type Array",
            )
        };
        let rows = rows.as_array().ok_or_else(bad)?;
        let mut count = 0;
        for row in rows {
            for button in row.as_array().ok_or_else(bad)? {
                check(button)?;
                count += 1;
            }
        }
        if count > 100 {
            return Err(Refusal::bad("REPLY_MARKUP_TOO_LONG"));
        }
        // A message without buttons has none, not an empty set of them.
        return Ok((count > 0).then(|| markup.clone()));
    }
    Ok(Some(markup.clone()))
}

fn check(button: &Value) -> Result<(), Refusal> {
    let text = button["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Refusal::bad(
            "can't parse inline keyboard button: Can't find field \"text\"",
        ));
    }
    if let Some(data) = button.get("callback_data") {
        let data = data.as_str().unwrap_or_default();
        if !(1..=64).contains(&data.len()) {
            return Err(Refusal::bad("BUTTON_DATA_INVALID"));
        }
        return Ok(());
    }
    if let Some(url) = button.get("url") {
        let url = url.as_str().unwrap_or_default();
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let is_web = ["http", "https"].contains(&scheme) && rest.contains(['.', ':']);
        // Telegram refuses `tel:` and addresses of no server that it can reach.
        if !is_web && scheme != "tg" {
            return Err(Refusal::bad(
                "inline keyboard button URL is invalid: Wrong HTTP URL",
            ));
        }
        return Ok(());
    }
    let others = ["copy_text", "web_app", "login_url", "switch_inline_query"];
    match others.iter().any(|kind| button.get(*kind).is_some()) {
        true => Ok(()),
        false => Err(Refusal::bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )),
    }
}

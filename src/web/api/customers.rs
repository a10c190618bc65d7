//! What the channel, or the program behind it, knows of a thread's customer.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::civil;
use reqwest::Url;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Parts,
    body::{Input, input},
    openapi::{NotFound, Refused, Unreadable},
    problem::Problem,
    threads::thread_of,
};
use crate::{
    domain::{hours::Zone, number::PhoneNumber, private::Private, reading::Language},
    engine::Known,
    rules::forms::FieldFormat,
};

/// The longest link that is kept, in bytes.
const LONGEST_LINK: usize = 2_000;

/// What is known of a customer. What is left out or null is known no more.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Customer)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerIn {
    /// Their name.
    #[schema(value_type = Option<String>, max_length = 200, example = "Kim Doe")]
    name: Option<Private<String>>,
    /// Whom they write for.
    #[schema(value_type = Option<String>, max_length = 200, example = "Doe Ltd")]
    company: Option<Private<String>>,
    /// The number to ring, in E.164. What customers give us themselves goes before it.
    #[schema(value_type = Option<String>, pattern = r"^\+[1-9][0-9]{6,14}$", example = "+442079460142")]
    number: Option<PhoneNumber>,
    /// Their e-mail address.
    #[schema(value_type = Option<String>, max_length = 200, example = "kim@example.com")]
    email: Option<Private<String>>,
    /// The time zone that they are in, by its IANA name.
    #[schema(value_type = Option<String>, example = "Europe/London")]
    zone: Option<Zone>,
    /// Where more is known of them, such as their page in a CRM: an https URL.
    #[schema(value_type = Option<String>, max_length = 2000, example = "https://crm.example.com/kim")]
    link: Option<Private<String>>,
}

impl Input for CustomerIn {
    const SHAPE: &'static str = "{\"name\": …, \"company\": …, \"number\": \"+442079460142\", \
        \"email\": …, \"zone\": \"Europe/London\", \"link\": \"https://…\"}; each may be left out";
}

/// Say what is known of a customer
///
/// Stands on the cards of their callbacks, in all of their threads: for a caller who knows whom they
/// ring before they dial. A payment card that stands in a name is masked, as in messages.
#[utoipa::path(
    put,
    path = "/api/v1/threads/{channel}/{thread}/customer",
    operation_id = "describeCustomer",
    tag = "threads",
    params(
        ("channel" = String, Path, description = "The channel's name"),
        ("thread" = String, Path, description = "The thread's id, percent-encoded"),
    ),
    request_body = CustomerIn,
    responses((status = 204, description = "It is kept"), Unreadable, NotFound, Refused),
    security(("token" = ["messages"])),
)]
pub(super) async fn describe(
    State(parts): State<Parts>,
    Path((channel, thread)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let customer: CustomerIn = input(&headers, body).await?;
    let known = known(customer)?;
    let thread = thread_of(&channel, &thread)?;
    match parts.engine.describe_customer(thread, known).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("thread")),
    }
}

fn known(customer: CustomerIn) -> Result<Known, Problem> {
    let line = |text, field| text_of(&FieldFormat::Text, text, field);
    Ok(Known {
        name: line(customer.name, "name")?,
        company: line(customer.company, "company")?,
        email: text_of(&FieldFormat::Email, customer.email, "email")?,
        zone: customer.zone,
        link: customer.link.map(https).transpose()?,
        number: customer.number,
    })
}

/// A text in one line; nothing in it is as if it were left out.
fn text_of(
    format: &FieldFormat,
    text: Option<Private<String>>,
    field: &'static str,
) -> Result<Option<Private<String>>, Problem> {
    let text = text.filter(|text| !text.reveal().trim().is_empty());
    let checked = text.map(|text| {
        let checked = format.check(text.reveal(), Language::ENGLISH, civil::Date::ZERO);
        checked.map(Private::new)
    });
    checked.transpose().map_err(|problem| {
        // Says what is wrong, and quotes nothing.
        wrong(field, &problem.to_string())
    })
}

fn https(link: Private<String>) -> Result<Private<String>, Problem> {
    let url = Url::parse(link.reveal()).ok();
    let url = url.filter(|url| url.scheme() == "https" && url.host().is_some());
    if let Some(url) = url.filter(|url| url.as_str().len() <= LONGEST_LINK) {
        // As it was read: line breaks and the like, which parsing passes over, are gone.
        return Ok(Private::new(url.into()));
    }
    Err(wrong(
        "link",
        "must be an https URL, at most 2000 bytes long",
    ))
}

fn wrong(field: &'static str, what: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid-field",
        "A field is wrong",
    )
    .detail(format!("`{field}` {what}"))
    .field(field)
}

#[cfg(test)]
mod tests {
    use super::{Private, https};

    #[test]
    fn a_link_is_kept_as_it_was_read_and_can_forge_no_line_of_a_card() {
        let kept =
            |link: &str| https(Private::new(link.to_owned())).map(|link| link.into_revealed());
        let kept = |link| kept(link).ok();
        let plain = Some("https://crm.example.com/kim".to_owned());
        assert_eq!(kept("https://crm.example.com/kim"), plain);
        assert_eq!(kept(" https://crm.example\n.com/\tkim\r\n"), plain);
        let hidden = kept("https://crm.example.com/\u{202e}kim").expect("a link");
        assert!(hidden.is_ascii(), "{hidden}");
        for wrong in ["javascript:alert(1)", "http://crm.example.com", "kim"] {
            assert_eq!(kept(wrong), None, "{wrong}");
        }
        let long = format!("https://crm.example.com/{}", "é".repeat(900));
        assert_eq!(kept(&long), None, "longer than it seems");
    }
}

//! What the API's description says beyond its handlers: the frame around it, the body of
//! `POST /api/v1/messages`, and the ways in which any request may be refused.

use utoipa::{
    IntoResponses, Modify, OpenApi, PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{AnyOfBuilder, ArrayBuilder, ObjectBuilder, Ref, Schema, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::problem::Problem;
use crate::domain::{edit::EditRecord, record::MessageRecord};

/// The frame that the routes are put in.
pub(super) fn start() -> utoipa::openapi::OpenApi {
    Frame::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ringback",
        description = "Hand in the messages of customer conversations, read what was decided, and work the callbacks."
    ),
    tags(
        (name = "messages", description = "Messages in, decisions out"),
        (name = "threads", description = "What is kept of conversations"),
        (name = "callbacks", description = "Customers to ring back"),
        (name = "forms", description = "Forms that customers fill in away from the chat"),
        (name = "rules", description = "What decides"),
    ),
    components(schemas(MessageRecord, EditRecord)),
    modifiers(&Token),
)]
struct Frame;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token made by `ringback token add NAME --scope messages|read|callbacks`",
            ))
            .build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// One message or an array of them. Whatever else stands in the place of a message gets a result
/// that says what is wrong with it, so the description allows it.
pub(super) struct MessagesIn;

impl ToSchema for MessagesIn {
    fn name() -> std::borrow::Cow<'static, str> {
        "Messages".into()
    }
}

impl PartialSchema for MessagesIn {
    fn schema() -> RefOr<Schema> {
        one_or_many("Message")
    }
}

/// One edit or an array of them, as with [`MessagesIn`].
pub(super) struct EditsIn;

impl ToSchema for EditsIn {
    fn name() -> std::borrow::Cow<'static, str> {
        "Edits".into()
    }
}

impl PartialSchema for EditsIn {
    fn schema() -> RefOr<Schema> {
        one_or_many("Edit")
    }
}

fn one_or_many(name: &str) -> RefOr<Schema> {
    let one = || Ref::from_schema_name(name);
    let rejected = "Anything else is answered with a result `rejected`";
    let item = AnyOfBuilder::new().item(one()).item(
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::AnyValue)
            .description(Some(rejected)),
    );
    AnyOfBuilder::new()
        .item(one())
        .item(ArrayBuilder::new().items(item))
        .item(
            ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some(rejected)),
        )
        .into()
}

/// What any request may meet.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum Refused {
    /// There is no token, or it is not in force.
    #[response(status = 401, content_type = "application/problem+json")]
    NoToken(Problem),
    /// The token lacks the scope.
    #[response(status = 403, content_type = "application/problem+json")]
    NoScope(Problem),
    /// A bug in Ringback.
    #[response(status = 500, content_type = "application/problem+json")]
    Bug(Problem),
    /// The store cannot be used, or Ringback is shutting down; nothing was kept. `Retry-After`
    /// says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a request with a body may meet.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum Unreadable {
    /// Malformed JSON, not UTF-8, or cut off; `line` and `column` say where.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// The body took too long.
    #[response(status = 408, content_type = "application/problem+json")]
    Slow(Problem),
    /// The body is larger than the settings allow.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another type.
    #[response(status = 415, content_type = "application/problem+json")]
    OtherType(Problem),
    /// The body is JSON, but not what this request wants.
    #[response(status = 422, content_type = "application/problem+json")]
    OtherShape(Problem),
    /// Too much waits to be written; nothing was kept. `Retry-After` says when to try again.
    #[response(status = 429, content_type = "application/problem+json")]
    Busy(Problem),
}

/// What a request with a query may meet.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum BadQuery {
    /// A parameter is unknown or out of range.
    #[response(status = 400, content_type = "application/problem+json")]
    Bad(Problem),
}

/// What a request for one thing may meet.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum NotFound {
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    None(Problem),
}

/// What work on a callback may meet.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; they are built as problems")]
pub(super) enum Taken {
    /// Somebody else has it (`held_by` says who), it has ended, nobody has claimed it yet, or the
    /// account does not exist or is disabled (`unknown-account`).
    #[response(status = 409, content_type = "application/problem+json")]
    Taken(Problem),
}

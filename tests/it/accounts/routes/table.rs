//! What each route answers each role.

/// Method and route; the address to ask and the form to send; what nobody, an agent of another
/// desk, an agent, a supervisor and an admin are answered.
pub(super) type Row = (&'static str, &'static str, &'static str, [u16; 5]);

/// What is open to whoever reaches the port.
pub(super) const OPEN: &[Row] = &[
    ("GET /", "/", "", [303; 5]),
    ("GET /assets/{file}", "/assets/none", "", [404; 5]),
    ("GET /chat", "/chat", "", [307; 5]),
    ("GET /chat/widget.js", "/chat/widget.js", "", [200; 5]),
    ("GET /chat/{channel}", "/chat/web", "", [200; 5]),
    ("GET /chat/{channel}/embed", "/chat/web/embed", "", [200; 5]),
    (
        "GET /chat/{channel}/stream",
        "/chat/web/stream",
        "",
        [401; 5],
    ),
    (
        "POST /chat/{channel}/threads",
        "/chat/web/threads",
        "",
        [415; 5],
    ),
    (
        "POST /chat/{channel}/messages",
        "/chat/web/messages",
        "",
        [401; 5],
    ),
    (
        "POST /chat/{channel}/typing",
        "/chat/web/typing",
        "",
        [401; 5],
    ),
    ("POST /chat/{channel}/form", "/chat/web/form", "", [401; 5]),
    (
        "POST /chat/{channel}/helped",
        "/chat/web/helped",
        "",
        [401; 5],
    ),
    ("GET /demo", "/demo", "", [404; 5]),
    ("GET /form", "/form", "", [404; 5]),
    ("POST /form", "/form", "", [404; 5]),
    ("GET /form/done", "/form/done", "", [200; 5]),
    ("GET /form/{token}", "/form/rb_0", "", [404; 5]),
    ("POST /form/{token}", "/form/rb_0", "", [400; 5]),
    ("POST /hooks/telegram", "/hooks/telegram", "", [401; 5]),
    ("GET /healthz", "/healthz", "", [200; 5]),
    ("GET /readyz", "/readyz", "", [200; 5]),
    ("GET /metrics", "/metrics", "", [200; 5]),
    ("GET /api/openapi.json", "/api/openapi.json", "", [200; 5]),
    ("GET /sign-in", "/sign-in", "", [200, 303, 303, 303, 303]),
    (
        "POST /sign-in",
        "/sign-in",
        "name=nobody&password=x",
        [403; 5],
    ),
    (
        "GET /sign-in/link/{token}",
        "/sign-in/link/rb_0",
        "",
        [404; 5],
    ),
    (
        "POST /sign-in/link/{token}",
        "/sign-in/link/rb_0",
        "code=1",
        [404; 5],
    ),
];

/// What is for programs with a token; a session is none.
const FOR_PROGRAMS: &[Row] = &[
    ("POST /api/v1/edits", "/api/v1/edits", "", [401; 5]),
    ("POST /api/v1/messages", "/api/v1/messages", "", [401; 5]),
    ("GET /api/v1/threads", "/api/v1/threads", "", [401; 5]),
    (
        "PUT /api/v1/threads/{channel}/{thread}/customer",
        "/api/v1/threads/chat/t/customer",
        "",
        [401; 5],
    ),
    (
        "GET /api/v1/threads/{channel}/{thread}",
        "/api/v1/threads/chat/t",
        "",
        [401; 5],
    ),
    ("GET /api/v1/cases", "/api/v1/cases", "", [401; 5]),
    ("GET /api/v1/callbacks", "/api/v1/callbacks", "", [401; 5]),
    (
        "GET /api/v1/callbacks/{id}",
        "/api/v1/callbacks/1",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/claim",
        "/api/v1/callbacks/1/claim",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/done",
        "/api/v1/callbacks/1/done",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/renew",
        "/api/v1/callbacks/1/renew",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/release",
        "/api/v1/callbacks/1/release",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/schedule",
        "/api/v1/callbacks/1/schedule",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/keep-typing",
        "/api/v1/callbacks/1/keep-typing",
        "",
        [401; 5],
    ),
    (
        "POST /api/v1/callbacks/{id}/satisfaction",
        "/api/v1/callbacks/1/satisfaction",
        "",
        [401; 5],
    ),
    // Nothing is dialled where the settings do not say so.
    (
        "POST /api/v1/dialled/{call}/ended",
        "/api/v1/dialled/none/ended",
        "",
        [404; 5],
    ),
    ("POST /api/v1/forms", "/api/v1/forms", "", [401; 5]),
    ("GET /api/v1/forms", "/api/v1/forms", "", [401; 5]),
    ("GET /api/v1/forms/{id}", "/api/v1/forms/1", "", [401; 5]),
    (
        "POST /api/v1/forms/{id}/link",
        "/api/v1/forms/1/link",
        "",
        [401; 5],
    ),
    ("GET /api/v1/rules", "/api/v1/rules", "", [401; 5]),
];

/// What everybody does with their own account.
const OWN: &[Row] = &[
    ("GET /account", "/account", "", [303, 200, 200, 200, 200]),
    (
        "POST /account/password",
        "/account/password",
        "password=a&again=b",
        [303, 422, 422, 422, 422],
    ),
    (
        "GET /account/second-factor",
        "/account/second-factor",
        "",
        [303, 409, 409, 409, 409],
    ),
    (
        "POST /account/second-factor",
        "/account/second-factor",
        "key=x&code=1",
        [303, 400, 400, 400, 400],
    ),
    (
        "POST /account/second-factor/remove",
        "/account/second-factor/remove",
        "password=x",
        [303, 422, 422, 422, 422],
    ),
    (
        "POST /account/recipient",
        "/account/recipient",
        "recipient=&password=x",
        [303, 409, 409, 409, 409],
    ),
    (
        "POST /account/sign-out-everywhere",
        "/account/sign-out-everywhere",
        "",
        [303; 5],
    ),
    ("POST /sign-out", "/sign-out", "", [303; 5]),
];

/// What admins do with all accounts.
const ACCOUNTS: &[Row] = &[
    ("GET /chats", "/chats", "", [303, 403, 403, 403, 200]),
    (
        "POST /chats/code",
        "/chats/code",
        "desk=main",
        [303, 403, 403, 403, 200],
    ),
    (
        "POST /chats/unpair",
        "/chats/unpair",
        "chat=-1001",
        [303, 403, 403, 403, 303],
    ),
    (
        "POST /chats/unlink",
        "/chats/unlink",
        "person=7",
        [303, 403, 403, 403, 303],
    ),
    (
        "POST /chats/business",
        "/chats/business",
        "connection=x&ours=true",
        [303, 403, 403, 403, 303],
    ),
    (
        "POST /account/telegram",
        "/account/telegram",
        "",
        [303, 200, 200, 200, 200],
    ),
    (
        "POST /account/telegram/unlink",
        "/account/telegram/unlink",
        "person=7",
        [303, 404, 404, 404, 404],
    ),
    ("GET /accounts", "/accounts", "", [303, 403, 403, 403, 200]),
    (
        "POST /accounts",
        "/accounts",
        "name=new&shown=&role=agent",
        [303, 403, 403, 403, 200],
    ),
    (
        "POST /accounts/{name}/link",
        "/accounts/other/link",
        "",
        [303, 403, 403, 403, 409],
    ),
    (
        "POST /accounts/{name}/role",
        "/accounts/nobody/role",
        "role=agent",
        [303, 403, 403, 403, 404],
    ),
    (
        "POST /accounts/{name}/checks",
        "/accounts/nobody/checks",
        "checks=true",
        [303, 403, 403, 403, 409],
    ),
    (
        "POST /accounts/{name}/disable",
        "/accounts/nobody/disable",
        "",
        [303, 403, 403, 403, 404],
    ),
    (
        "POST /accounts/{name}/enable",
        "/accounts/nobody/enable",
        "",
        [303, 403, 403, 403, 404],
    ),
];

/// What stands on the desk. Nobody answers on the channel of the thread from here, so `reply` is
/// 400 for whoever may see it.
const DESK: &[Row] = &[
    ("GET /desk", "/desk", "", [303; 5]),
    (
        "GET /desk/live",
        "/desk/live",
        "",
        [303, 200, 200, 200, 200],
    ),
    (
        "GET /desk/callbacks",
        "/desk/callbacks",
        "",
        [303, 200, 200, 200, 200],
    ),
    (
        "POST /desk/callbacks/next",
        "/desk/callbacks/next",
        "desk=main",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/digests/{id}/seen",
        "/desk/digests/1/seen",
        "",
        [303; 5],
    ),
    (
        "GET /desk/handover",
        "/desk/handover?of=other",
        "",
        [303, 403, 403, 200, 200],
    ),
    (
        "POST /desk/handover",
        "/desk/handover",
        "of=nobody-else",
        [303, 403, 403, 303, 303],
    ),
    (
        "POST /desk/handover/seen",
        "/desk/handover/seen",
        "desk=main&up_to=0",
        [303, 404, 303, 303, 303],
    ),
    (
        "GET /desk/incidents/{id}",
        "/desk/incidents/1",
        "",
        [303, 404, 404, 404, 404],
    ),
    (
        "POST /desk/incidents/{id}/hold",
        "/desk/incidents/1/hold",
        "text-en=x",
        [303, 403, 403, 404, 404],
    ),
    (
        "POST /desk/incidents/{id}/end",
        "/desk/incidents/1/end",
        "",
        [303, 403, 403, 404, 404],
    ),
    (
        "POST /desk/callbacks/{id}/claim",
        "/desk/callbacks/1/claim",
        "back=due",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/release",
        "/desk/callbacks/1/release",
        "back=due",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/later",
        "/desk/callbacks/1/later",
        "back=due&at=never&zone=UTC",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/done",
        "/desk/callbacks/1/done",
        "back=due&outcome=solved",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/renew",
        "/desk/callbacks/1/renew",
        "back=due",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/dial",
        "/desk/callbacks/1/dial",
        "back=due&press=press-1",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/video",
        "/desk/callbacks/1/video",
        "back=due",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/callbacks/{id}/keep-typing",
        "/desk/callbacks/1/keep-typing",
        "back=due&why=answering",
        [303, 404, 303, 303, 303],
    ),
    (
        "GET /desk/threads",
        "/desk/threads",
        "",
        [303, 200, 200, 200, 200],
    ),
    (
        "GET /desk/threads/{channel}/{thread}",
        "/desk/threads/chat/t",
        "",
        [303, 404, 200, 200, 200],
    ),
    (
        "GET /desk/threads/{channel}/{thread}/test",
        "/desk/threads/chat/t/test",
        "",
        [303, 404, 200, 200, 200],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/reply",
        "/desk/threads/chat/t/reply",
        "id=r1&text=Hello",
        [303, 404, 400, 400, 400],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/held",
        "/desk/threads/chat/t/held",
        "held=1&then=discard",
        [303, 404, 404, 404, 404],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/ring",
        "/desk/threads/chat/t/ring",
        "",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/forms",
        "/desk/threads/chat/t/forms",
        "details=yes&back=thread",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/forms/{id}/link",
        "/desk/threads/chat/t/forms/1/link",
        "",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/forms/{id}/withdraw",
        "/desk/threads/chat/t/forms/1/withdraw",
        "",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/number",
        "/desk/threads/chat/t/number",
        "number=none",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/number/wrong",
        "/desk/threads/chat/t/number/wrong",
        "given=2026-01-05T10:00:00Z",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/do-not-call",
        "/desk/threads/chat/t/do-not-call",
        "calls=allowed",
        [303, 404, 403, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/people/link",
        "/desk/threads/chat/t/people/link",
        "other=chat/none",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/people/part",
        "/desk/threads/chat/t/people/part",
        "other=chat/none",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/note",
        "/desk/threads/chat/t/note",
        "id=n1&text=Hello",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/correct",
        "/desk/threads/chat/t/correct",
        "message=0&correction=not_thanks",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/solved",
        "/desk/threads/chat/t/solved",
        "message=0&solved=yes",
        [303, 404, 404, 404, 404],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/again",
        "/desk/threads/chat/t/again",
        "message=0",
        [303, 404, 404, 404, 404],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/unmute",
        "/desk/threads/chat/t/unmute",
        "",
        [303, 404, 303, 303, 303],
    ),
    (
        "POST /desk/threads/{channel}/{thread}/typing",
        "/desk/threads/chat/t/typing",
        "",
        [303, 404, 204, 204, 204],
    ),
    (
        "POST /desk/notices/{id}/seen",
        "/desk/notices/0/seen",
        "back=due",
        [303, 303, 303, 303, 303],
    ),
    // All but the supervisor may check identities. The agent is faster than the admin.
    (
        "GET /desk/checks",
        "/desk/checks",
        "",
        [303, 200, 200, 403, 200],
    ),
    (
        "GET /desk/checks/{id}",
        "/desk/checks/1",
        "",
        [303, 404, 200, 403, 200],
    ),
    (
        "GET /desk/checks/{id}/open",
        "/desk/checks/1/open",
        "",
        [303, 404, 200, 403, 200],
    ),
    (
        "POST /desk/checks/{id}/open",
        "/desk/checks/1/open",
        "password=x&opened=0",
        [303, 404, 409, 403, 409],
    ),
    (
        "POST /desk/checks/{id}/checked",
        "/desk/checks/1/checked",
        "checked=failed",
        [303, 404, 303, 403, 409],
    ),
    ("GET /audit", "/audit", "", [303, 403, 403, 200, 200]),
    (
        "GET /desk/rules",
        "/desk/rules",
        "",
        [303, 403, 403, 200, 200],
    ),
    (
        "POST /desk/rules",
        "/desk/rules",
        "channel=chat&visibility=private&thread=customer: hello",
        [303, 403, 403, 200, 200],
    ),
    (
        "POST /desk/rules/reload",
        "/desk/rules/reload",
        "",
        [303, 403, 403, 403, 303],
    ),
];

/// All of them.
pub(super) fn table() -> impl Iterator<Item = &'static Row> {
    [OPEN, FOR_PROGRAMS, OWN, ACCOUNTS, DESK]
        .into_iter()
        .flatten()
}

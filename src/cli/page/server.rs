//! Answers the browser: a few fixed addresses, none of which names a file.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;

use crate::report::live::{self, View};
use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::super::failure::Failure;
use super::board::{Board, Part, Shown};
use super::{gate, variant};

/// How often the server looks whether it should end.
const GLANCE: Duration = Duration::from_millis(50);

/// Nothing comes from elsewhere, nothing goes elsewhere, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The largest request, in bytes.
const LARGEST: usize = 16 << 10;

/// What every answer draws on.
#[derive(Debug)]
pub(super) struct Desk {
    /// The scenario's file as the user named it.
    pub(super) file: PathBuf,
    /// What only the page knows, and must say before anything is changed; without it there are no sliders.
    pub(super) token: Option<String>,
    /// Whether a variant that extends the file would be what is shown: it would not where the command line changes it.
    pub(super) plain: bool,
    /// The port of the page.
    pub(super) port: u16,
    /// In which language it is.
    pub(super) language: Language,
    /// What it shows.
    pub(super) board: Arc<Board>,
}

/// Answers until it is over.
pub(super) fn serve(
    listener: TcpListener,
    desk: Desk,
    over: impl Fn() -> bool,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| broken(&error))?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(|error| broken(&error))?;
        let server = tokio::spawn(axum::serve(listener, routes(desk)).into_future());
        while !over() && !server.is_finished() {
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    })
}

fn routes(desk: Desk) -> Router {
    let desk = Arc::new(desk);
    let mut router = Router::new()
        .route("/", get(page))
        .route("/page.css", get(style))
        .route("/page.js", get(script))
        .route("/body", get(body))
        .route("/news", get(news));
    if desk.token.is_some() {
        router = router
            .route("/knobs", get(knobs))
            .route("/answer", get(answer))
            .route("/try", post(pull))
            .route("/save", post(save));
    }
    router
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard))
        .with_state(desk)
}

/// Lets nobody in but the page itself, and says on every answer what a browser may do with it.
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let mut response = if gate::admits(desk.port, request.uri(), request.headers()) {
        next.run(request).await
    } else {
        let why = "this page answers only itself, under 127.0.0.1 or localhost";
        (StatusCode::FORBIDDEN, why).into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Text of a kind.
fn text(kind: &'static str, text: impl Into<String>) -> Response {
    ([(CONTENT_TYPE, kind)], text.into()).into_response()
}

const HTML: &str = "text/html; charset=utf-8";

async fn page(State(desk): State<Arc<Desk>>) -> Response {
    let shown = desk.board.shown();
    let file = desk.file.display().to_string();
    let panel = desk.token.as_deref().map(|token| {
        let knobs = (&*shown.knobs.html, shown.knobs.number);
        live::panel(knobs, &shown.answer.html, token, desk.language)
    });
    let view = View {
        file: &file,
        stage: shown.stage,
        body: (&shown.body.html, shown.body.number),
        panel: panel.as_deref(),
    };
    text(HTML, live::page(&view, desk.language))
}

async fn style() -> Response {
    text("text/css; charset=utf-8", live::style())
}

async fn script() -> Response {
    text("text/javascript; charset=utf-8", live::script())
}

async fn body(State(desk): State<Arc<Desk>>) -> Response {
    part(&desk.board.shown().body)
}

async fn knobs(State(desk): State<Arc<Desk>>) -> Response {
    part(&desk.board.shown().knobs)
}

async fn answer(State(desk): State<Arc<Desk>>) -> Response {
    part(&desk.board.shown().answer)
}

/// A part of the page with its number.
fn part(part: &Part) -> Response {
    let mut response = text(HTML, part.html.to_string());
    let name = HeaderName::from_static("x-number");
    response.headers_mut().insert(name, part.number.into());
    response
}

/// What the page wants changed.
struct Change {
    /// The number of its sliders.
    panel: u64,
    /// Where they are.
    positions: Vec<usize>,
    /// The name of a variant, where one is to be saved.
    name: String,
}

impl Desk {
    /// What a request wants changed, if it comes from the page.
    fn change(&self, headers: &HeaderMap, body: &[u8]) -> Result<Change, Refusal> {
        let said = headers.get("x-token").and_then(|said| said.to_str().ok());
        if said.is_none() || said != self.token.as_deref() {
            let why = "only the page itself can change anything";
            return Err((StatusCode::FORBIDDEN, why));
        }
        read(body).ok_or((StatusCode::BAD_REQUEST, "not understood"))
    }
}

fn read(body: &[u8]) -> Option<Change> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let positions = value["positions"].as_array()?.iter();
    let position = |value: &Value| usize::try_from(value.as_u64()?).ok();
    Some(Change {
        panel: value["panel"].as_u64()?,
        positions: positions.map(position).collect::<Option<_>>()?,
        name: value["name"].as_str().unwrap_or_default().to_owned(),
    })
}

/// Why nothing is changed.
type Refusal = (StatusCode, &'static str);

/// Sliders were moved.
async fn pull(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    match desk.change(&headers, &body) {
        Ok(change) if desk.board.pull(change.panel, &change.positions) => {
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(_) => StatusCode::CONFLICT.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// A variant is to be saved.
async fn save(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let change = match desk.change(&headers, &body) {
        Ok(change) => change,
        Err(refusal) => return refusal.into_response(),
    };
    let (status, said) = match desk.save(&change) {
        Ok(said) => (StatusCode::OK, said),
        Err(why) => (StatusCode::CONFLICT, why),
    };
    (status, desk.language.pick(said.zh, said.en)).into_response()
}

impl Desk {
    /// Saves a variant and says where, or says why not.
    fn save(&self, change: &Change) -> Result<Words, Words> {
        if !self.plain {
            return Err(Words::new(
                "命令行用了 --layout、--set 或 --stress，新方案里没有它们：先写进方案再存",
                "--layout, --set or --stress of the command line would not be in the variant: write them into the scenario first",
            ));
        }
        let current = self.board.shown().knobs.number == change.panel;
        let pulled = self
            .board
            .pulled()
            .filter(|pulled| current && pulled.sliders.fit(&change.positions));
        let pulled = pulled.ok_or_else(|| {
            Words::new(
                "方案刚刚改过，看一眼滑块再存",
                "the scenario has just changed: look at the sliders and save again",
            )
        })?;
        let sliders = (&*pulled.sliders, change.positions.as_slice());
        let file = variant::save(&self.file, &change.name, sliders, self.language)?;
        Ok(Words::new(
            format!("已存为 {file}"),
            format!("saved as {file}"),
        ))
    }
}

/// Tells of each change, as long as somebody listens.
async fn news(State(desk): State<Arc<Desk>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let language = desk.language;
    let next = move |mut heard: Receiver<Shown>| async move {
        heard.changed().await.ok()?;
        let told = told(&heard.borrow_and_update(), language);
        Some((Ok(Event::default().data(told)), heard))
    };
    Sse::new(stream::unfold(desk.board.listen(), next)).keep_alive(KeepAlive::default())
}

fn told(shown: &Shown, language: Language) -> String {
    json!({
        "state": shown.stage.state().name(),
        "status": shown.stage.says(language),
        "body": shown.body.number,
        "panel": shown.knobs.number,
        "answer": shown.answer.number,
    })
    .to_string()
}

fn broken(error: &std::io::Error) -> Failure {
    Failure::machine(
        Words::new(
            format!("网页服务开不起来：{error}"),
            format!("the page cannot be served: {error}"),
        ),
        Words::new(
            "关掉一些程序再试，或改用 swabplan run",
            "close some programs and try again, or use swabplan run",
        ),
    )
}

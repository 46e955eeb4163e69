//! Answers the browser: a few fixed addresses, none of which names a file.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch::Receiver;

use crate::report::live::{self, View};
use crate::scenario::problem::Words;
use crate::units::language::Language;

use super::super::failure::Failure;
use super::board::{Board, Shown};
use super::gate;

/// How often the server looks whether it should end.
const GLANCE: Duration = Duration::from_millis(50);

/// Nothing comes from elsewhere, nothing goes elsewhere, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer draws on.
#[derive(Debug)]
pub(super) struct Desk {
    /// The scenario's file as the user named it.
    pub(super) file: String,
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
    Router::new()
        .route("/", get(page))
        .route("/page.css", get(style))
        .route("/page.js", get(script))
        .route("/body", get(body))
        .route("/news", get(news))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard))
        .with_state(desk)
}

/// Lets nobody in but the page itself, and says on every answer what a browser may do with it.
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let mut response = if gate::admits(desk.port, request.uri(), request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
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
    let view = View {
        file: &desk.file,
        stage: shown.stage,
        body: (&shown.body, shown.number),
        panel: None,
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
    let shown = desk.board.shown();
    let mut response = text(HTML, shown.body.to_string());
    let name = HeaderName::from_static("x-number");
    response.headers_mut().insert(name, shown.number.into());
    response
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
        "body": shown.number,
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

//! `swabplan watch`: the briefing on a page of this computer, anew at each save; `swabplan serve`: the same with sliders.
//!
//! One thread answers the browser ([`server`]), one reads and simulates ([`worker`]), a third hears of saves ([`files`]); between them lies a
//! [`board`] with what is shown and what is wanted.

mod board;
mod dialed;
mod files;
mod gate;
mod server;
mod sliders;
mod variant;
mod worker;

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use serde_json::json;

use crate::scenario;
use crate::scenario::problem::Words;

use super::arguments::{Format, Page};
use super::failure::{Exit, Failure};
use super::interrupt::Interrupt;
use super::simulation::processors;
use super::terminal::Terminal;
use board::Board;
use files::Files;
use server::Desk;
use worker::Worker;

/// Shows the briefing in a browser until somebody presses Ctrl-C.
pub(super) fn watch(arguments: &Page, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    show(arguments, None, terminal)
}

/// The same, with sliders for what can be pulled.
pub(super) fn serve(arguments: &Page, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    show(arguments, Some(token()), terminal)
}

fn show(
    arguments: &Page,
    token: Option<String>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let options = arguments.design.options(&arguments.change);
    if !arguments.file.is_file() {
        // What cannot be read at all is refused at once; what is only wrong is shown on the page.
        scenario::read(&arguments.file, &options)?;
    }
    let (listener, port) = bind(arguments.port)?;
    let board = Arc::new(Board::new());
    let files = Files::watch(&arguments.file, &board)?;
    let language = terminal.language;
    let mut worker = Worker {
        file: arguments.file.clone(),
        offers: token.is_some(),
        options,
        design: arguments.design.clone(),
        jobs: arguments.design.jobs.map_or_else(processors, usize::from),
        language,
        board: Arc::clone(&board),
        interrupt: interrupt.clone(),
        files,
    };
    let work = std::thread::spawn(move || worker.work());
    let address = format!("http://{}:{port}/", Ipv4Addr::LOCALHOST);
    announce(&address, arguments, terminal)?;
    let desk = Desk {
        file: arguments.file.clone(),
        token,
        plain: arguments.change.is_none() && !arguments.design.stress,
        port,
        language,
        board,
    };
    server::serve(listener, desk, || interrupt.asked() || work.is_finished())?;
    // The worker hears of Ctrl-C at the next replication; if it ended by itself, something is wrong with the machine.
    let _ended = work.join();
    if interrupt.asked() {
        return Ok(Exit::Interrupted);
    }
    Err(Failure::machine(
        Words::new("推演意外中止", "the simulation ended unexpectedly"),
        Words::new(
            "重新运行；再出现时请附上方案报告",
            "start it again; if it happens again, report it with the scenario",
        ),
    ))
}

/// What nobody can guess: two hashes under keys that the system drew.
fn token() -> String {
    let drawn = || RandomState::new().hash_one("swabplan");
    format!("{:016x}{:016x}", drawn(), drawn())
}

/// A port of this computer that nobody else can reach.
fn bind(port: u16) -> Result<(TcpListener, u16), Failure> {
    let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok((listener, port))
    });
    listening.map_err(|error| {
        let taken = error.kind() == std::io::ErrorKind::AddrInUse;
        let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
        let what = if taken {
            Words::new(
                format!("端口 {port} 已被占用"),
                format!("port {port} is in use"),
            )
        } else {
            Words::new(
                format!("开不了端口 {port}：{error}"),
                format!("cannot listen at port {port}: {error}"),
            )
        };
        let help = Words::new(
            "换一个 1024 以上的端口，或不写 --port，自动选一个空闲的",
            "choose another port above 1024, or leave out --port to get a free one",
        );
        if taken || denied {
            Failure::input(what, help)
        } else {
            Failure::machine(what, help)
        }
    })
}

/// Says where the page is, and opens it if asked.
fn announce(address: &str, arguments: &Page, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let said = match arguments.common.format {
        Format::Json => format!("{}\n", json!({ "address": address })),
        Format::Text => terminal.language.pick(
            format!("在浏览器里打开 {address} （按 Ctrl-C 结束）\n"),
            format!("open {address} in a browser (Ctrl-C ends it)\n"),
        ),
    };
    terminal.answer(&said)?;
    terminal.flush()?;
    if arguments.open && open::that_detached(address).is_err() {
        let words = terminal.language.pick(
            "打不开浏览器：请自己把上面的地址粘贴到浏览器里\n",
            "no browser could be opened: paste the address above into one\n",
        );
        terminal.complain(words);
    }
    Ok(())
}

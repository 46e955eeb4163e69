//! How a command ends, and what it says when it ends badly.

use std::io;

use crate::scenario::problem::{Refusal, Words};
use crate::scenario::render;

use super::terminal::Terminal;

/// How a command ends, as the shell sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// It did what was asked.
    Done,
    /// A round does not keep its deadline, and `--judge` asked.
    Late,
    /// The input or the command line is wrong.
    Input,
    /// The machine failed: disk, memory, threads.
    Machine,
    /// Someone pressed Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The exit code.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Late => 1,
            Self::Input => 2,
            Self::Machine => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The scenario is wrong.
    Refused(Box<Refusal>),
    /// Something else is wrong: what, and what to do.
    Said {
        /// How the command ends.
        exit: Exit,
        /// What is wrong.
        what: Words,
        /// What to do.
        help: Words,
    },
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl Failure {
    /// The input or the command line is wrong.
    pub(super) const fn input(what: Words, help: Words) -> Self {
        Self::Said {
            exit: Exit::Input,
            what,
            help,
        }
    }

    /// The machine failed.
    pub(super) const fn machine(what: Words, help: Words) -> Self {
        Self::Said {
            exit: Exit::Machine,
            what,
            help,
        }
    }

    /// Something could not be written.
    pub(super) fn writing(place: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        let what = Words::new(
            format!("写不了{place}：{error}"),
            format!("cannot write {place}: {error}"),
        );
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        let closed = [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
        ];
        let help = if full.contains(&error.kind()) {
            Words::new(
                "磁盘满了：腾出空间，或用 --out 指到别的盘；原来的结果没有动",
                "the disk is full: free some space, or name another disk with --out; earlier results are untouched",
            )
        } else if closed.contains(&error.kind()) {
            Words::new(
                "没有写入权限：用 --out 指到可以写的文件夹",
                "writing is not allowed there: name a folder with --out that can be written",
            )
        } else {
            Words::new("原来的结果没有动", "earlier results are untouched")
        };
        Self::machine(what, help)
    }

    /// Says on the error stream what is wrong, and returns how the command ends.
    pub(super) fn report(self, terminal: &mut Terminal<'_>) -> Exit {
        match self {
            Self::ClosedPipe => Exit::Done,
            Self::Refused(refusal) => {
                let shown = render::render(
                    &refusal.problems,
                    &refusal.sources,
                    terminal.language,
                    terminal.styled,
                );
                terminal.complain(&shown);
                Exit::Input
            }
            Self::Said { exit, what, help } => {
                terminal.error(&what, &help);
                exit
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

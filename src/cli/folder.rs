//! The output folder: written aside and renamed into place, so that there is always either the earlier output or the new one, whole.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::chart::{self, Chart, Picture};
use crate::scenario::problem::Words;

use super::failure::Failure;

/// The file by which swabplan knows a folder that it made.
pub(super) const MARKER: &str = ".swabplan";
/// What that file begins with.
const MARK: &str = "swabplan output 1\n";

/// A file to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct File {
    /// Its name within the folder.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

impl File {
    /// A file of these bytes.
    pub(super) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }

    /// A chart as a picture of dots and as one of lines.
    pub(super) fn drawn(name: &str, chart: &Chart) -> [Self; 2] {
        let svg = chart::svg(chart);
        let png = chart::png(&svg);
        let size = (chart::WIDTH, chart::HEIGHT);
        Self::pictured(name, Picture { png, svg, size })
    }

    /// The same of one that is painted already.
    pub(super) fn pictured(name: &str, picture: Picture) -> [Self; 2] {
        [
            Self::new(format!("{name}.png"), picture.png),
            Self::new(format!("{name}.svg"), picture.svg),
        ]
    }
}

/// A place where output may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Folder {
    /// As the user named it.
    pub(super) path: PathBuf,
    /// The folder it lies in.
    parent: PathBuf,
}

impl Folder {
    /// Makes sure that output may be written there: nothing that swabplan did not make stands in the way, and the disk can be written.
    pub(super) fn claim(path: &Path) -> Result<Self, Failure> {
        let parent = match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_owned(),
            None => return Err(surrounding(path)),
        };
        if !matches!(path.components().next_back(), Some(Component::Normal(_))) {
            return Err(surrounding(path));
        }
        let folder = Self {
            path: path.to_owned(),
            parent,
        };
        folder.refuse_strangers()?;
        fs::create_dir_all(&folder.parent).map_err(|error| folder.no_parent(&error))?;
        // Writing one folder aside shows that writing is possible, before an hour of simulation.
        drop(folder.aside()?);
        Ok(folder)
    }

    /// Replaces what was there by these files. If it fails, what was there is still there.
    pub(super) fn replace(&self, files: &[File]) -> Result<(), Failure> {
        self.replace_with(files, |path, bytes| fs::write(path, bytes))
    }

    fn replace_with(
        &self,
        files: &[File],
        write: impl Fn(&Path, &[u8]) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let aside = self.aside()?;
        let (fresh, earlier) = (aside.path().join("new"), aside.path().join("old"));
        fs::create_dir(&fresh).map_err(|error| self.failed(&error))?;
        let mark = format!("{MARK}{}\n", env!("CARGO_PKG_VERSION"));
        write(&fresh.join(MARKER), mark.as_bytes()).map_err(|error| self.failed(&error))?;
        for file in files {
            write(&fresh.join(&file.name), &file.bytes).map_err(|error| self.failed(&error))?;
        }
        // Somebody may have put something there while the simulation ran.
        self.refuse_strangers()?;
        let replaced = match fs::rename(&self.path, &earlier) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(self.held(&error)),
        };
        if let Err(error) = fs::rename(&fresh, &self.path) {
            if replaced {
                let _tried = fs::rename(&earlier, &self.path);
            }
            return Err(self.held(&error));
        }
        Ok(())
    }

    /// A folder beside the place, which removes itself.
    fn aside(&self) -> Result<tempfile::TempDir, Failure> {
        tempfile::Builder::new()
            .prefix(".swabplan-")
            .tempdir_in(&self.parent)
            .map_err(|error| self.failed(&error))
    }

    /// Refuses whatever stands there and is not an output of swabplan.
    fn refuse_strangers(&self) -> Result<(), Failure> {
        let path = self.path.display();
        let kind = match fs::symlink_metadata(&self.path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.no_parent(&error)),
        };
        if kind.is_symlink() {
            return Err(Failure::input(
                Words::new(
                    format!("{path} 是一个链接，swabplan 不替换链接"),
                    format!("{path} is a link, and swabplan does not replace links"),
                ),
                Words::new(
                    "用 --out 直接写出链接指向的文件夹，或换一个名字",
                    "name the folder it points to with --out, or another one",
                ),
            ));
        }
        if !kind.is_dir() {
            return Err(Failure::input(
                Words::new(
                    format!("{path} 是一个文件，结果要放在文件夹里"),
                    format!("{path} is a file, and the output is a folder"),
                ),
                Words::new(
                    "用 --out 换一个名字，或移走这个文件",
                    "name another folder with --out, or move the file",
                ),
            ));
        }
        if surrounds_us(&self.path) {
            return Err(surrounding(&self.path));
        }
        if !is_ours(&self.path) {
            return Err(Failure::input(
                Words::new(
                    format!("文件夹 {path} 不是 swabplan 生成的，不能替换里面的东西"),
                    format!(
                        "the folder {path} was not made by swabplan, which would replace all that is in it"
                    ),
                ),
                Words::new(
                    "用 --out 指定一个还不存在的文件夹，或移走这个文件夹",
                    "name a folder that does not exist yet with --out, or move this one",
                ),
            ));
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::writing(&self.path.display().to_string(), error)
    }

    /// The folder around the place cannot be made or looked into.
    fn no_parent(&self, error: &io::Error) -> Failure {
        let parent = self.parent.display();
        let elsewhere = [io::ErrorKind::AlreadyExists, io::ErrorKind::NotADirectory];
        let unnameable = [io::ErrorKind::InvalidFilename, io::ErrorKind::InvalidInput];
        if elsewhere.contains(&error.kind()) {
            Failure::input(
                Words::new(
                    format!("{parent} 不是文件夹"),
                    format!("{parent} is not a folder"),
                ),
                Words::new("用 --out 指到别处", "name a folder elsewhere with --out"),
            )
        } else if unnameable.contains(&error.kind()) {
            let path = self.path.display();
            Failure::input(
                Words::new(
                    format!("文件夹名字不能用：{path}"),
                    format!("no folder can be called {path}"),
                ),
                Words::new(
                    "用 --out 换一个短一些、普通的名字",
                    "name a shorter, plainer one with --out",
                ),
            )
        } else {
            self.failed(error)
        }
    }

    fn held(&self, error: &io::Error) -> Failure {
        let path = self.path.display();
        Failure::machine(
            Words::new(
                format!("替换不了 {path}：{error}"),
                format!("cannot replace {path}: {error}"),
            ),
            Words::new(
                "关掉正打开其中文件的程序（如 Excel）再试；原来的结果没有动",
                "close programs that have its files open, such as Excel, and try again; earlier results are untouched",
            ),
        )
    }
}

fn is_ours(path: &Path) -> bool {
    let marker = path.join(MARKER);
    let plain = fs::symlink_metadata(&marker)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() < 1000);
    plain && fs::read_to_string(&marker).is_ok_and(|text| text.starts_with(MARK))
}

/// Whether the current folder is this one or lies in it.
fn surrounds_us(path: &Path) -> bool {
    let (Ok(path), Ok(here)) = (
        path.canonicalize(),
        std::env::current_dir().and_then(|here| here.canonicalize()),
    ) else {
        return true;
    };
    here.starts_with(path)
}

fn surrounding(path: &Path) -> Failure {
    let path = path.display();
    Failure::input(
        Words::new(
            format!("{path} 是当前文件夹或它的上级，不能整个替换"),
            format!("{path} is the current folder or one around it, which cannot be replaced"),
        ),
        Words::new(
            "用 --out 指定一个还不存在的文件夹，如 --out output/county",
            "name a folder that does not exist yet, such as --out output/county",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::Exit;

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn exit(failure: &Failure) -> Option<Exit> {
        match failure {
            Failure::Said { exit, .. } => Some(*exit),
            Failure::Refused(_) | Failure::ClosedPipe => None,
        }
    }

    #[test]
    fn a_run_replaces_its_own_earlier_output_whole() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("output/zeku");
        Folder::claim(&path)
            .unwrap()
            .replace(&[File::new("a.csv", "1"), File::new("b.csv", "2")])
            .unwrap();
        Folder::claim(&path)
            .unwrap()
            .replace(&[File::new("b.csv", "3")])
            .unwrap();
        assert_eq!(entries(&path), [MARKER, "b.csv"]);
        assert_eq!(fs::read_to_string(path.join("b.csv")).unwrap(), "3");
        assert_eq!(entries(&home.path().join("output")), ["zeku"]);
    }

    #[test]
    fn a_full_disk_leaves_the_earlier_output_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::claim(&home.path().join("zeku")).unwrap();
        folder.replace(&[File::new("a.csv", "1")]).unwrap();
        let full = |path: &Path, bytes: &[u8]| {
            if path.ends_with("b.csv") {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                fs::write(path, bytes)
            }
        };
        let failure = folder
            .replace_with(&[File::new("a.csv", "2"), File::new("b.csv", "2")], full)
            .unwrap_err();
        assert_eq!(exit(&failure), Some(Exit::Machine));
        assert_eq!(
            fs::read_to_string(home.path().join("zeku/a.csv")).unwrap(),
            "1"
        );
        assert_eq!(entries(home.path()), ["zeku"]);
    }

    #[test]
    fn what_swabplan_did_not_make_is_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("letters")).unwrap();
        fs::write(home.path().join("letters/will.txt"), "mine").unwrap();
        fs::write(home.path().join("file"), "mine").unwrap();
        fs::create_dir(home.path().join("faked")).unwrap();
        fs::write(home.path().join("faked").join(MARKER), "something else").unwrap();
        for name in [
            "letters",
            "file",
            "faked",
            "file/below",
            "",
            ".",
            "letters/..",
        ] {
            let failure = Folder::claim(&home.path().join(name)).expect_err(name);
            assert_eq!(exit(&failure), Some(Exit::Input), "{name}");
        }
        for path in [".", "..", "/", ""] {
            assert_eq!(
                Folder::claim(Path::new(path)).err().as_ref().and_then(exit),
                Some(Exit::Input),
                "{path}"
            );
        }
        assert_eq!(
            fs::read_to_string(home.path().join("letters/will.txt")).unwrap(),
            "mine"
        );
        assert_eq!(entries(home.path()), ["faked", "file", "letters"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_even_to_an_output() {
        let home = tempfile::tempdir().unwrap();
        Folder::claim(&home.path().join("real"))
            .unwrap()
            .replace(&[])
            .unwrap();
        std::os::unix::fs::symlink(home.path().join("real"), home.path().join("link")).unwrap();
        assert_eq!(
            Folder::claim(&home.path().join("link"))
                .err()
                .as_ref()
                .and_then(exit),
            Some(Exit::Input)
        );
    }

    #[test]
    fn a_stranger_who_moves_in_during_the_run_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::claim(&home.path().join("zeku")).unwrap();
        fs::create_dir(home.path().join("zeku")).unwrap();
        assert_eq!(
            folder.replace(&[]).err().as_ref().and_then(exit),
            Some(Exit::Input)
        );
    }
}

//! What bounds the line at the door of a site.

use super::super::checked::Table;
use super::Build;
use super::sites::Layers;
use crate::model::site::{PutOff, Waiting};

impl<'n> Build<'_, 'n, '_> {
    /// What bounds the line at a site, if anyone says so.
    pub(super) fn waiting(&mut self, layers: Layers<'_, 'n>) -> Option<Waiting> {
        let table = layers.any()?;
        let known = ["space", "put_off", "patience"];
        if known.iter().all(|name| layers.saying(name).is_none()) {
            self.once(
                "S320",
                table.place_of(""),
                (
                    "waiting 里什么也没写：排队没有限度".into(),
                    "`waiting` says nothing: nothing bounds the line".into(),
                ),
                (
                    "写 space、put_off 或 patience 中的一项，或删去 waiting",
                    "give `space`, `put_off` or `patience`, or leave out `waiting`",
                ),
            );
            return None;
        }
        let put_off = layers.inner("put_off");
        let waiting = Waiting {
            space: layers
                .saying("space")
                .map(|table| self.quantity(table, "space")),
            put_off: put_off.any().map(|_| PutOff {
                from: self.layered(put_off, "from"),
                share: self.layered(put_off, "share"),
            }),
            patience: layers
                .saying("patience")
                .map(|table| self.duration(table, "patience")),
        };
        // A site with less room than others may take from them who is put off.
        let together = layers.saying("space").map(|table| &table.address)
            == layers.saying("put_off").map(|table| &table.address);
        if together {
            self.someone_is_put_off(&waiting, put_off.saying("from"));
        }
        Some(waiting)
    }

    /// Warns where the line is full before it puts anyone off.
    fn someone_is_put_off(&mut self, waiting: &Waiting, from: Option<&Table<'n>>) {
        let (Some(space), Some(put_off), Some(table)) = (&waiting.space, &waiting.put_off, from)
        else {
            return;
        };
        let most = space.range.as_ref().map_or(space.value, |range| range.high);
        let least = &put_off.from;
        let least = least.range.as_ref().map_or(least.value, |range| range.low);
        let told = self.problems.list.iter().any(|one| one.code == "S324");
        if least < most || told || table.is_broken("from") {
            return;
        }
        self.warning(
            "S324",
            table.place_of("from"),
            (
                format!("队伍到 {least} 人才有人嫌长，而 {most} 人就站满了：没有人因此掉头"),
                format!("people are put off when {least} wait, and there is room for {most}: nobody ever is"),
            ),
            (
                "from 写得比 space 小，或删去 put_off",
                "let `from` be less than `space`, or leave out `put_off`",
            ),
        );
    }
}

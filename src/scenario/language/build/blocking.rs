//! Stations with room for so many before them: what goes together with it.

use super::super::checked::Table;
use super::{Build, Lists};
use crate::id::Id;
use crate::model::Model;
use crate::model::incident::Incident;
use crate::model::site::Station;
use crate::scenario::tree::Place;
use crate::units::Span;

impl<'n> Build<'_, 'n, '_> {
    /// Complains about room before the first of some stations, which is that of the door, and about a way that is walked to a line with an end.
    pub(super) fn standing_room(&mut self, tables: &[Table<'n>], stations: &[Station]) {
        for (at, (table, station)) in tables.iter().zip(stations).enumerate() {
            if station.room.is_none() {
                continue;
            }
            if at == 0 {
                self.once(
                    "S444",
                    table.place_of("room"),
                    (
                        "第一个工位前的地方是门口：没有上一工位让人留下".into(),
                        "before the first station is the door: there is no station where people could stay".into(),
                    ),
                    (
                        "门口站得下多少人写 waiting.space",
                        "say with `waiting.space` how many find room at the door",
                    ),
                );
            }
            let walks = |(_, before): &(&Table<'n>, &Station)| before.walk > Span::ZERO;
            let mut before = tables[..at].iter().zip(&stations[..at]);
            if let Some((walked, _)) = before.find(walks) {
                self.once(
                    "S445",
                    walked.place_of("walk"),
                    (
                        "前面有地方（room）才离开，可走到时也许已经站满".into(),
                        "people leave when there is room (`room`), and it may be taken while they walk".into(),
                    ),
                    (
                        "走的时间算进用时（service），删去 walk；或删去 room",
                        "count the walk in the `service` and leave out `walk`, or leave out `room`",
                    ),
                );
            }
        }
    }

    /// Complains about room at a site where someone is taken first, or where crews come and go: nobody says who then gives way.
    pub(super) fn blocking(&mut self, lists: &Lists<'_, 'n>, model: &Model) {
        let sites = model.sites.iter();
        for (id, _) in sites.filter(|(_, site)| site.blocks()) {
            let mut here = model.cells.values().filter(|cell| cell.site == id);
            let first = here.any(|cell| cell.priority.is_some());
            let short = |incident: &Incident| incident.short_of_staff().contains(&id);
            let comes_and_goes = model.staff.comes_and_goes() || model.stress.is_some();
            let crews = comes_and_goes || model.incidents.iter().any(short);
            let (zh, en) = match (first, crews) {
                (true, _) => (
                    "有人优先（cells.priority）",
                    "some people are taken first (`cells.priority`)",
                ),
                (false, true) => (
                    "班组来去（班次、轮休、防护服、人员、缺员、压力测试）",
                    "crews come and go (shifts, breaks, suits, staff, people missing, a stress run)",
                ),
                (false, false) => continue,
            };
            let Some(place) = self.room_of(lists.sites.tables[id.index()]) else {
                continue;
            };
            self.once(
                "S446",
                place,
                (
                    format!("这里{zh}，而工位前的地方有限（room）：两样不能一起推演"),
                    format!("{en} where the room before a station is limited (`room`): the two cannot be simulated together"),
                ),
                ("删去其中一样", "leave out one of the two"),
            );
        }
    }

    /// Where the room of a station of a site is written.
    fn room_of(&self, site: &Table<'n>) -> Option<Place> {
        let expert = self.root.table("expert");
        let expert = expert.and_then(|expert| expert.table("lane"));
        let mut tables = [Some(site), expert].into_iter().flatten();
        let written = tables.find(|table| table.item("stations").is_some())?;
        let mut stations = written.tables("stations").iter();
        let station = stations.find(|station| station.states("room"))?;
        Some(station.place_of("room"))
    }
}

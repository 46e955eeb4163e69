//! The stations of a site: those that are written, or the plain lane.

use super::super::checked::Table;
use super::Build;
use super::sites::Layers;
use crate::model::assumption::Quantity;
use crate::model::service::{Duration, Mean, Shape};
use crate::model::site::{Counts, Next, Scope, Station};
use crate::scenario::problem::{listed, shown};
use crate::units::Share;

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn stations(
        &mut self,
        site: &Table<'n>,
        lane: Layers<'_, 'n>,
        site_fills: bool,
    ) -> Vec<Station> {
        let expert = self
            .root
            .table("expert")
            .and_then(|expert| expert.table("lane"));
        let expert = expert.filter(|_| site.item("pace").is_none());
        let written = [Some(site), expert]
            .into_iter()
            .flatten()
            .find(|table| table.item("stations").is_some());
        let Some(written) = written else {
            let mut plain = vec![self.plain_lane(lane)];
            self.register_on_paper(&mut plain);
            return plain;
        };
        let tables = written.tables("stations");
        let mut stations: Vec<Station> = (0..tables.len())
            .map(|at| self.station(tables, at))
            .collect();
        self.register_on_paper(&mut stations);
        self.standing_room(tables, &stations);
        let misplaced = tables
            .windows(2)
            .zip(stations.windows(2))
            .find(|(_, pair)| pair[0].scope == Scope::Lane && pair[1].scope == Scope::Site);
        if let Some((pair, _)) = misplaced {
            self.error(
                "S213",
                pair[1].place_of("per"),
                (
                    "全点共用的工位排在采样台的工位之后".into(),
                    "a station of the site comes after one of a lane".into(),
                ),
                (
                    "先写 per = \"site\" 的工位，再写 per = \"lane\" 的",
                    "list the stations with per = \"site\" first, then those with per = \"lane\"",
                ),
            );
        } else if !site_fills
            && stations.last().is_none_or(|last| last.scope == Scope::Site)
            && tables.iter().all(|table| !table.is_broken("per"))
        {
            self.error(
                "S213",
                written.place_of("stations"),
                (
                    "没有一个工位属于采样台".into(),
                    "no station belongs to a lane".into(),
                ),
                (
                    "最后一个工位是采样，写 per = \"lane\"；或全点共管，写 tubes.per = \"site\"",
                    "the last station is the swab: give it per = \"lane\", or let the site fill one tube after another with tubes.per = \"site\"",
                ),
            );
        }
        stations
    }

    fn station(&mut self, tables: &[Table<'n>], at: usize) -> Station {
        let table = &tables[at];
        let scope = if table.word("per") == Some("site") {
            Scope::Site
        } else {
            Scope::Lane
        };
        let service = self.duration(table, "service");
        Station {
            servers: table.get("servers").unwrap_or(1),
            walk: table.get("walk").unwrap_or_default(),
            room: table.get("room"),
            per_household: table
                .item("per_household")
                .map(|_| self.duration(table, "per_household")),
            next: self.ways(tables, at),
            counts: if table.word("service_for") == Some("form") {
                Counts::Forms
            } else {
                Counts::Person
            },
            ..Station::plain(table.take("id"), scope, service)
        }
    }

    /// The ways that some take from a station.
    fn ways(&mut self, tables: &[Table<'n>], at: usize) -> Vec<(Next, Quantity<Share>)> {
        let table = &tables[at];
        let mut ways = Vec::new();
        for way in table.tables("next") {
            let to: String = way.take("to");
            let share = self.quantity(way, "share");
            if to == "leave" {
                ways.push((Next::Leave, share));
                continue;
            }
            let there = |table: &Table<'_>| table.get::<String>("id").as_deref() == Some(&to);
            match tables.iter().position(there) {
                Some(number) if number > at => ways.push((Next::Station(number), share)),
                _ if way.is_broken("to") => {}
                _ => {
                    let later: Vec<String> = tables[at + 1..]
                        .iter()
                        .filter_map(|table| table.get("id"))
                        .collect();
                    let known = listed(later.iter().map(String::as_str).chain(["leave"]));
                    let to = shown(&to);
                    self.error(
                        "S270",
                        way.place_of("to"),
                        (
                            format!("之后没有叫 \"{to}\" 的工位"),
                            format!("no station after this one is called \"{to}\""),
                        ),
                        (
                            &format!("可去：{}；要去的工位排在后面", known.zh),
                            &format!(
                                "known: {}; list a station after those that lead to it",
                                known.en
                            ),
                        ),
                    );
                }
            }
        }
        let sum: f64 = ways
            .iter()
            .map(|(_, share): &(Next, Quantity<Share>)| {
                share.range.map_or(share.value.0, |range| range.high.0)
            })
            .sum();
        if sum > 1.0 + 1e-9 {
            self.error(
                "S271",
                table.place_of("next"),
                (
                    format!("从这里走开的各份加起来是 {:.1}%，超过 100%", sum * 100.0),
                    format!(
                        "the shares that go elsewhere add up to {:.1} %",
                        sum * 100.0
                    ),
                ),
                (
                    "各份之和不超过 100%，其余的人去下一个工位",
                    "let them add up to 100 % at most; the rest go to the next station",
                ),
            );
        }
        ways
    }

    /// One station that takes in all a lane does.
    fn plain_lane(&self, lane: Layers<'_, 'n>) -> Station {
        let cv: f64 = lane.get("pace_cv").unwrap_or(0.4);
        let shape = if cv > 0.0 {
            Shape::Lognormal(cv)
        } else {
            Shape::Constant
        };
        let service = Duration {
            mean: Mean::Pace(self.layered(lane, "pace")),
            shape,
        };
        Station::plain("lane".to_owned(), Scope::Lane, service)
    }
}

//! What goes wrong, at a time or at random, and the disinfection of sites.

use jiff::civil::Date;

use super::super::checked::{Datum, Table};
use super::rounds::since_midnight;
use super::{Build, CELL, COURIER, Entries, LAB, Lists, SITE, Thing, name};
use crate::id::{CellId, Id, LabId, RoundId, Table as Dense};
use crate::model::incident::{Disinfection, Incident, Often, Stress, What};
use crate::model::lab::Lab;
use crate::model::{Cell, Round};
use crate::scenario::tree::Place;
use crate::units::{Span, Time};

/// The most incidents a stress run draws on average, and the most disinfections of single sites.
const MOST: f64 = 100_000.0;

impl<'n> Build<'_, 'n, '_> {
    /// What goes wrong at a time, in the order of ids.
    pub(super) fn incidents(
        &mut self,
        lists: &Lists<'_, 'n>,
        (rounds, cells): (&Dense<RoundId, Round>, &Dense<CellId, Cell>),
        (labs, first_day): (&Dense<LabId, Lab>, Date),
    ) -> Vec<Incident> {
        let entries = Entries::of(self.root, "incidents");
        let incident = |table: &&Table<'n>| {
            let what = self.what(table, lists, labs)?;
            let at = moment(table, "at", rounds, first_day)?;
            let incident = Incident {
                name: name(table),
                at,
                lasts: self.quantity(table, "for"),
                what,
            };
            self.in_time(table, &incident, rounds);
            self.met(table, &incident, (rounds, cells));
            Some(incident)
        };
        entries.tables.iter().filter_map(incident).collect()
    }

    fn what(
        &mut self,
        table: &Table<'n>,
        lists: &Lists<'_, 'n>,
        labs: &Dense<LabId, Lab>,
    ) -> Option<What> {
        let slower = |build: &Self| {
            table
                .item("slower")
                .map(|_| build.quantity(table, "slower"))
        };
        Some(match table.word("kind")? {
            "site" => What::Site(self.meant(table, "sites", SITE, &lists.sites)),
            "road" => What::Road {
                couriers: self.meant(table, "couriers", COURIER, &lists.couriers),
                slower: slower(self),
            },
            "storm" => What::Storm {
                sites: self.meant(table, "sites", SITE, &lists.sites),
                away: self.quantity(table, "away"),
                surge: self.quantity(table, "surge"),
                slower: slower(self),
            },
            "upload" => What::Upload {
                labs: self.meant(table, "labs", LAB, &lists.labs),
                surge: self.quantity(table, "surge"),
            },
            "people" => What::People {
                cells: self.meant(table, "cells", CELL, &lists.cells),
                more: self.quantity(table, "more"),
            },
            "staff" => self.short_of_staff(table, lists),
            "registration" => What::Registration {
                sites: self.meant(table, "sites", SITE, &lists.sites),
                slower: slower(self),
            },
            "machine" => self.machines_down(table, lists, labs),
            _ => What::Tubes {
                labs: self.meant(table, "labs", LAB, &lists.labs),
                tubes: self.quantity(table, "tubes"),
            },
        })
    }

    /// Where the ids under a key point; all there are if it is left out.
    pub(super) fn meant<I: Id>(
        &mut self,
        table: &Table<'n>,
        key: &str,
        thing: Thing,
        among: &Entries<'_, 'n>,
    ) -> Vec<I> {
        let Some(listed) = table.get::<Vec<(String, Place)>>(key) else {
            // Teams that visit stand in the list of sites; all sites are those that people go to.
            let all = among.tables.iter().enumerate();
            return all
                .filter(|(_, entry)| !entry.address.starts_with("visits."))
                .map(|(index, _)| I::from_index(index))
                .collect();
        };
        listed
            .iter()
            .filter_map(|(id, place)| self.find(id, *place, thing, among))
            .map(I::from_index)
            .collect()
    }

    /// Warns of an incident that lies outside every round.
    fn in_time(&mut self, table: &Table<'n>, incident: &Incident, rounds: &Dense<RoundId, Round>) {
        let end = incident.at + incident.lasts.value;
        let meets = |round: &Round| {
            let begins = round.ordered.map_or(round.opens, |at| at.min(round.opens));
            incident.at < round.deadline.max(round.closes) && begins < end
        };
        if rounds.is_empty() || rounds.values().any(meets) {
            return;
        }
        let id = &incident.name.id;
        self.warning(
            "S420",
            table.place_of("at"),
            (
                format!("突发事件 {id} 不在任何一轮之内"),
                format!("incident {id} lies outside every round"),
            ),
            ("检查 at 和 for", "check `at` and `for`"),
        );
    }

    /// Warns of more people than foreseen where no round of their cells is held.
    fn met(
        &mut self,
        table: &Table<'n>,
        incident: &Incident,
        (rounds, cells): (&Dense<RoundId, Round>, &Dense<CellId, Cell>),
    ) {
        let What::People { cells: whose, .. } = &incident.what else {
            return;
        };
        let held = |round: &&Round| round.opens <= incident.at && incident.at < round.closes;
        let round = rounds.values().find(held);
        let comes = |cell: &&CellId| {
            round.is_some_and(|round| round.cells.binary_search(cell).is_ok())
                && cells.get(**cell).is_some_and(|cell| cell.due() > 0)
        };
        if rounds.is_empty() || whose.iter().any(|cell| comes(&cell)) {
            return;
        }
        let id = &incident.name.id;
        self.warning(
            "S421",
            table.place_of("at"),
            (
                format!("突发事件 {id} 发生时，这些网格没有在采样的轮次：不会多来人"),
                format!(
                    "incident {id}: no round of these cells is held then, so nobody more comes"
                ),
            ),
            (
                "让 at 落在某一轮开始和收点之间",
                "let `at` lie between the opening and the close of a round",
            ),
        );
    }

    /// What goes wrong at random, if this is a stress run.
    pub(super) fn stress(
        &mut self,
        lists: &Lists<'_, 'n>,
        rounds: &Dense<RoundId, Round>,
    ) -> Option<Stress> {
        let table = self.root.table("stress")?;
        let often = |build: &Self, kind: &str| {
            let table = table.table(kind).unwrap_or(table);
            Often {
                every: build.quantity(table, "every"),
                lasts: build.quantity(table, "for"),
            }
        };
        let of = |kind: &str| table.table(kind).unwrap_or(table);
        let stress = Stress {
            site: often(self, "site"),
            road: often(self, "road"),
            road_slower: self.quantity(of("road"), "slower"),
            storm: often(self, "storm"),
            storm_away: self.quantity(of("storm"), "away"),
            storm_surge: self.quantity(of("storm"), "surge"),
            storm_slower: self.quantity(of("storm"), "slower"),
            upload: often(self, "upload"),
            upload_surge: self.quantity(of("upload"), "surge"),
            staff: often(self, "staff"),
            staff_absent: self.quantity(of("staff"), "absent"),
            registration: often(self, "registration"),
            registration_slower: self.quantity(of("registration"), "slower"),
            machine: often(self, "machine"),
        };
        let on = table.get("on").unwrap_or(false);
        self.drawable(table, &stress, (lists, rounds));
        on.then_some(stress)
    }

    /// Complains if more would be drawn than anyone can look at.
    fn drawable(
        &mut self,
        table: &Table<'n>,
        stress: &Stress,
        (lists, rounds): (&Lists<'_, 'n>, &Dense<RoundId, Round>),
    ) {
        let begins = rounds.values().map(|round| round.opens).min();
        let ends = rounds.values().map(|round| round.deadline).max();
        let (Some(begins), Some(ends)) = (begins, ends) else {
            return;
        };
        let hours = ends.since(begins).hours();
        let drawn = |often: &Often, places: usize| {
            let every = &often.every;
            let least = every.range.as_ref().map_or(every.value, |range| range.low);
            places as f64 * hours / least.hours()
        };
        let all = drawn(&stress.site, lists.sites.tables.len())
            + drawn(&stress.road, lists.couriers.tables.len())
            + drawn(&stress.storm, 1)
            + drawn(&stress.upload, lists.labs.tables.len())
            + drawn(&stress.staff, 1)
            + drawn(&stress.registration, 1)
            + drawn(&stress.machine, lists.labs.tables.len());
        if all > MOST {
            self.error(
                "S422",
                table.place,
                (
                    format!("随机事件太多：每次推演平均 {all:.0} 起，最多 {MOST}"),
                    format!("too much goes wrong: {all:.0} incidents a replication on average, at most {MOST}"),
                ),
                ("加长 every", "lengthen `every`"),
            );
        }
    }

    /// Teams that disinfect the sites, if any do.
    pub(super) fn disinfection(
        &mut self,
        lists: &Lists<'_, 'n>,
        rounds: &Dense<RoundId, Round>,
        first_day: Date,
    ) -> Option<Disinfection> {
        let table = self.root.table("disinfection")?;
        let disinfection = Disinfection {
            people: table.take("people"),
            teams: table.take("teams"),
            takes: self.quantity(table, "takes"),
            between: table.take("between"),
            from: moment(table, "from", rounds, first_day)?,
            every: table.take("every"),
            rounds: table.take("rounds"),
            sites: self.meant(table, "sites", SITE, &lists.sites),
        };
        let (people, teams) = (disinfection.people, disinfection.teams);
        if people < teams && !table.is_broken("people") && !table.is_broken("teams") {
            self.error(
                "S423",
                table.place_of("people"),
                (
                    format!("消杀人员 {people} 人，分不成 {teams} 队"),
                    format!("{people} people cannot be {teams} teams of disinfectors"),
                ),
                (
                    "增加 people，或减少 teams",
                    "raise `people` or lower `teams`",
                ),
            );
        }
        let visits = f64::from(disinfection.rounds) * disinfection.sites.len() as f64;
        if visits > MOST {
            self.error(
                "S424",
                table.place_of("rounds"),
                (
                    format!("消杀太多：{visits} 次，最多 {MOST}"),
                    format!("{visits} disinfections of sites are too many: at most {MOST}"),
                ),
                ("减少 rounds 或 sites", "fewer `rounds` or `sites`"),
            );
        }
        self.on_pace(table, &disinfection);
        Some(disinfection)
    }

    /// Warns of a round of disinfection that is not finished when the next is due.
    fn on_pace(&mut self, table: &Table<'n>, disinfection: &Disinfection) {
        let stops = disinfection
            .sites
            .len()
            .div_ceil(disinfection.teams.max(1) as usize) as i64;
        let whole = (disinfection.takes.value + disinfection.between) * stops;
        let sound = ["every", "takes", "between", "sites", "teams"]
            .iter()
            .all(|key| !table.is_broken(key));
        if disinfection.rounds < 2 || whole <= disinfection.every || !sound {
            return;
        }
        let length = |span: Span| crate::units::text::print_span(span);
        let (whole, every) = (length(whole), length(disinfection.every));
        self.warning(
            "S425",
            table.place_of("every"),
            (
                format!("一遍消杀要 {whole}，赶不上每 {every} 一遍：上一遍做完才开始下一遍"),
                format!("a round of disinfection takes {whole}, longer than `every` ({every}): the next begins when it is finished"),
            ),
            (
                "增加 teams，或加长 every",
                "more `teams`, or a longer `every`",
            ),
        );
    }
}

/// A moment, or so long after the first round opens.
fn moment(
    table: &Table<'_>,
    key: &str,
    rounds: &Dense<RoundId, Round>,
    first_day: Date,
) -> Option<Time> {
    match table.item(key).map(|item| &item.datum) {
        Some(Datum::Moment(moment)) => Some(since_midnight(*moment, first_day)),
        Some(Datum::Span(span)) => {
            let first = rounds.values().next();
            Some(first.map_or(Time::ZERO, |round| round.opens) + *span)
        }
        _ => None,
    }
}

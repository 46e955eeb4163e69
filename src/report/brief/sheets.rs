//! One sheet for each site: who comes when, how many tubes, when they are collected. To hand out.

use crate::experiment::results::Figure;
use crate::id::SiteId;
use crate::measure::outcome::SiteOutcome;
use crate::model::site::Site;
use crate::report::number::{count, minutes};
use crate::report::words::{Label, called, tier};
use crate::units::Span;

use super::{Brief, Grid, Sheet};

impl Brief<'_> {
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        let ids = self.model.sites.ids();
        ids.map(|site| self.sheet(site)).collect()
    }

    fn sheet(&self, id: SiteId) -> Sheet {
        let site = &self.model.sites[id];
        Sheet {
            name: self.full(&site.name),
            facts: self.facts(id, site),
            rounds: self.site_rounds(id),
            cells: self.site_cells(id),
        }
    }

    fn facts(&self, id: SiteId, site: &Site) -> Vec<(String, String)> {
        let lanes = if site.visits.is_some() {
            self.pick("上门队", "visiting teams")
        } else {
            self.pick("采样台", "lanes")
        };
        let crew = &site.crew;
        let people = crew.scanners + crew.swabbers + crew.guides;
        let people = self.language.pick(
            format!(
                "每台 {people} 人（扫码 {}、采样 {}、引导 {}）",
                crew.scanners, crew.swabbers, crew.guides
            ),
            format!(
                "{people} people (scan {}, swab {}, guide {})",
                crew.scanners, crew.swabbers, crew.guides
            ),
        );
        let hours: Vec<String> = site
            .hours
            .open
            .iter()
            .map(|&(from, to)| format!("{}–{}", clock(from), clock(to)))
            .collect();
        let mut facts = vec![
            (lanes, count(f64::from(site.lanes.value))),
            (self.pick("每台人员", "crew of each"), people),
            (self.pick("开放时间", "open"), hours.join(", ")),
        ];
        for courier in self.model.couriers.values() {
            if courier.sites.contains(&id) {
                let every = minutes(courier.every.value.minutes(), self.language);
                let (name, lab) = (
                    called(&courier.name, self.language),
                    called(&self.model.labs[courier.to].name, self.language),
                );
                facts.push((
                    self.pick("收样", "collection"),
                    self.language.pick(
                        format!("{name}每 {every}一次，送{lab}"),
                        format!("{name} every {every}, to {lab}"),
                    ),
                ));
            }
        }
        facts
    }

    fn site_rounds(&self, id: SiteId) -> Grid {
        let heads = [
            (Label::Round.says(self.language)),
            (Label::Opens.says(self.language)),
            self.language.pick("来采样(人)", "people"),
            self.language.pick("管数", "tubes"),
            self.language.pick("平均等候", "mean wait"),
            self.language.pick("最长队伍(人)", "longest queue"),
            self.language.pick("最后一人采完", "last swab"),
            self.language.pick("最晚（95%）", "at the latest (95%)"),
        ];
        let row = |outcome: &SiteOutcome<Figure>| {
            let round = &self.model.rounds[outcome.round];
            let clock = |at: f64| self.calendar().clock_after(round.opens, at);
            vec![
                called(&round.name, self.language).to_owned(),
                self.calendar().moment(round.opens),
                count(outcome.swabbed.mean),
                count(outcome.tubes.mean),
                minutes(outcome.wait_min.mean.mean, self.language),
                count(outcome.peak_queue.p95),
                clock(outcome.closes_min.mean),
                clock(outcome.closes_min.p95),
            ]
        };
        let outcomes = self.results.outcome.sites.iter();
        Grid {
            head: heads.map(str::to_owned).to_vec(),
            rows: outcomes
                .filter(|outcome| outcome.site == id)
                .map(row)
                .collect(),
        }
    }

    /// The cells that come to the site in the round of which the first page speaks.
    fn site_cells(&self, id: SiteId) -> Grid {
        let head = [Label::Cell, Label::Tier, Label::Due];
        let mut rows = Vec::new();
        if let Some(round) = self.worst.map(|round| &self.model.rounds[round]) {
            let cells = round.cells.iter().zip(&round.places).zip(&round.tiers);
            for ((&cell, place), &level) in cells {
                let entry = &self.model.cells[cell];
                let visited = place.visited.filter(|(_, teams)| *teams == id);
                let people = if place.site == id {
                    entry.due()
                        - place
                            .visited
                            .map_or(0, |(people, _)| people.min(entry.due()))
                } else if let Some((people, _)) = visited {
                    people
                } else {
                    continue;
                };
                rows.push(vec![
                    self.full(&entry.name),
                    tier(level, self.language).to_owned(),
                    count(f64::from(people)),
                ]);
            }
        }
        Grid {
            head: head
                .map(|label| label.says(self.language).to_owned())
                .to_vec(),
            rows,
        }
    }
}

/// A time of day: 07:00; 24:00 is the end of the day.
fn clock(of_day: Span) -> String {
    let minutes = of_day.minutes().round() as i64;
    format!(
        "{:02}:{:02}",
        minutes.div_euclid(60),
        minutes.rem_euclid(60)
    )
}

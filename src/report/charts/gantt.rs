//! One replication of the round in most danger as it went: crews, vehicles, plates.

use super::places::titled;
use super::rows::{self, Row, named};
use super::{name, provenance, stage, words};
use crate::chart::{Axis, Chart, Color, Fill, Stretch, Tick, ticks};
use crate::experiment::results::Results;
use crate::id::{RoundId, SiteId};
use crate::measure::day::{Bar, Day, RoundDay, Who};
use crate::model::Model;
use crate::report::number::count;
use crate::report::verdict::order;
use crate::units::Time;
use crate::units::language::Language;

/// Sites shown where there are others.
const SITES: usize = rows::MOST / 2;

/// One replication: when the lanes of each site have crews and when it swabs, when vehicles drive, when plates run.
pub(super) fn gantt(
    (model, results, day): (&Model, &Results, &Day),
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let round = day.rounds.get(id)?;
    let bars = &round.bars;
    let mut going = Going {
        model,
        language,
        lines: Vec::new(),
    };
    let (swabbing, others): (Vec<&Bar>, Vec<&Bar>) =
        bars.iter().partition(|bar| matches!(bar.who, Who::Site(_)));
    for bar in others {
        match bar.who {
            Who::Crews(site) => {
                let between = swabbing.iter().find(|bar| bar.who == Who::Site(site));
                let parts = between.map_or_else(|| vec![(*bar, true)], |swabs| parts(bar, swabs));
                for (bar, busy) in &parts {
                    going.add(bar, *busy);
                }
            }
            Who::Site(_) | Who::Trip(..) | Who::Machine(..) => going.add(bar, true),
        }
    }
    let (rows, left_out) = going.chosen(&busiest(round));
    let (from, to) = bars
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), bar| {
            (low.min(hour(bar.from)), high.max(hour(bar.to)))
        });
    if rows.is_empty() || from >= to {
        return None;
    }
    let first = hour(model.rounds[id].opens.midnight());
    let midnights = (0..8).map(|day| first + f64::from(day) * 24.0);
    let date = |from: f64| words::date(model.first_day, moment(from), language);
    let which = language.pick("一次推演的经过", "one replication as it went");
    let from_where = provenance(model, results, language);
    Some(Chart {
        title: titled(model, id, which, language),
        subtitle: says(bars, language),
        lines: vec![
            named(
                language.pick("采样台有人，在采样", "lanes with a crew, swabbing"),
                Color::Blue,
            ),
            named(
                language.pick("有人，还没来人或已采完", "with a crew, before or after"),
                Color::Sky,
            ),
            named(language.pick("送样", "on the road"), Color::Orange),
            named(language.pick("上机", "machine runs"), Color::Green),
        ],
        below: midnights
            .map(|from| Stretch {
                from,
                to: from + 24.0,
                labels: vec![date(from)],
            })
            .collect(),
        footnote: left_out.map_or(from_where.clone(), |left_out| {
            format!("{left_out}{}{from_where}", language.pick("；", "; "))
        }),
        ..rows::chart(&rows, clock_axis(from, to))
    })
}

/// The crews of a site before its first swab, from there to its last, and after it; and whether they swab.
fn parts(crews: &Bar, swabs: &Bar) -> Vec<(Bar, bool)> {
    let cuts = [
        (crews.from, crews.to.min(swabs.from), false),
        (crews.from.max(swabs.from), crews.to.min(swabs.to), true),
        (crews.from.max(swabs.to), crews.to, false),
    ];
    let there = cuts.into_iter().filter(|(from, to, _)| from < to);
    let part = |(from, to, busy)| (Bar { from, to, ..*crews }, busy);
    there.map(part).collect()
}

fn hour(at: Time) -> f64 {
    at.millis() as f64 / 3.6e6
}

fn moment(hour: f64) -> Time {
    Time::from_millis((hour * 3.6e6).round() as i64)
}

/// Hours from the first midnight as times of day.
fn clock_axis(from: f64, to: f64) -> Axis {
    let tick = |&at: &f64| Tick {
        at,
        label: words::clock(moment(at)),
    };
    Axis {
        label: String::new(),
        from,
        to: to + (to - from) * 0.02,
        ticks: ticks::hours(from, to, 14).iter().map(tick).collect(),
    }
}

/// How much of everything there is.
fn says(bars: &[Bar], language: Language) -> String {
    let many = |wanted: fn(&Who) -> bool| bars.iter().filter(|bar| wanted(&bar.who)).count();
    let trips = many(|who| matches!(who, Who::Trip(..)));
    let plates = many(|who| matches!(who, Who::Machine(..)));
    let lanes = count(f64::from(most_lanes(bars)));
    let [trips, plates] = [trips, plates].map(|many| count(many as f64));
    language.pick(
        format!("第 1 次推演：最多同时开 {lanes} 张台，{trips} 趟车，{plates} 批上机（格内为台数、管数）"),
        format!("Replication 1: up to {lanes} lanes crewed at once, {trips} trips, {plates} machine runs (in the fields: lanes, tubes)"),
    )
}

/// How many lanes have a crew at once, at most.
fn most_lanes(bars: &[Bar]) -> u32 {
    let crews = || bars.iter().filter(|bar| matches!(bar.who, Who::Crews(_)));
    let at_once = |moment: Time| {
        let there = crews().filter(|bar| bar.from <= moment && moment < bar.to);
        there.map(|bar| bar.many).sum::<u32>()
    };
    crews().map(|bar| at_once(bar.from)).max().unwrap_or(0)
}

/// Sites of a round, those with most waiting first.
fn busiest(round: &RoundDay) -> Vec<SiteId> {
    let waited = |site: &SiteId| round.sites[site].waited.iter().sum::<f64>();
    let mut sites: Vec<SiteId> = round.sites.keys().copied().collect();
    sites.sort_by(|one, other| order(waited(other), waited(one)));
    sites
}

/// A row in the making: whose it is, and until when its last bar lasts.
struct Line {
    who: Who,
    row: Row,
    until: Time,
}

/// The rows of a replication: sites, then couriers with a row for each vehicle that is under way at once, then machines.
struct Going<'a> {
    model: &'a Model,
    language: Language,
    lines: Vec<Line>,
}

impl Going<'_> {
    fn add(&mut self, bar: &Bar, busy: bool) {
        let who = match bar.who {
            Who::Crews(site) => Who::Site(site),
            Who::Trip(courier, _) => Who::Trip(courier, 0),
            Who::Site(_) | Who::Machine(..) => bar.who,
        };
        let shared = matches!(who, Who::Site(_));
        let mut lines = self.lines.iter_mut();
        let free = lines.find(|line| line.who == who && (shared || line.until <= bar.from));
        if let Some(line) = free {
            line.row.bars.push(drawn(bar, busy));
            line.until = bar.to;
        } else {
            let same = self.lines.iter().filter(|line| line.who == who).count();
            self.lines.push(Line {
                who,
                row: Row {
                    label: self.label(who, same),
                    bars: vec![drawn(bar, busy)],
                    words: String::new(),
                },
                until: bar.to,
            });
        }
    }

    /// What a row is called that has so many like it before.
    fn label(&self, who: Who, before: usize) -> String {
        let language = self.language;
        match who {
            Who::Site(site) | Who::Crews(site) => {
                name(&self.model.sites[site].name, language).to_owned()
            }
            Who::Trip(courier, _) => {
                let called = name(&self.model.couriers[courier].name, language);
                if before == 0 {
                    called.to_owned()
                } else {
                    format!("{called} {}", before + 1)
                }
            }
            Who::Machine(lab, id, server) => {
                format!("{} {}", stage(self.model, lab, id, language), server + 1)
            }
        }
    }

    /// As many rows as there is room for, and what is left out: of sites the busiest stay.
    fn chosen(self, busiest: &[SiteId]) -> (Vec<Row>, Option<String>) {
        let language = self.language;
        let is_site = |line: &Line| matches!(line.who, Who::Site(_));
        let sites = self.lines.iter().filter(|line| is_site(line)).count();
        let others = self.lines.len() - sites;
        let room = SITES.max(rows::MOST.saturating_sub(others));
        let (sites_shown, others_shown) =
            (sites.min(room), others.min(rows::MOST - sites.min(room)));
        let stays = |line: &Line| match line.who {
            Who::Site(site) | Who::Crews(site) => {
                busiest.iter().take(sites_shown).any(|other| *other == site)
            }
            Who::Trip(..) | Who::Machine(..) => true,
        };
        let rows = self.lines.into_iter().filter(stays).take(rows::MOST);
        let mut left_out = Vec::new();
        if sites_shown < sites {
            left_out.push(language.pick(
                format!("共 {sites} 个采样点，这里是最忙的 {sites_shown} 个"),
                format!("The {sites_shown} busiest of {sites} sites"),
            ));
        }
        if others_shown < others {
            left_out.push(language.pick(
                format!("车和机器共 {others} 台，这里是前 {others_shown} 台"),
                format!("The first {others_shown} of {others} vehicles and machines"),
            ));
        }
        let said = left_out.join(language.pick("；", "; "));
        (
            rows.map(|line| line.row).collect(),
            (!said.is_empty()).then_some(said),
        )
    }
}

fn drawn(bar: &Bar, busy: bool) -> rows::Bar {
    let color = match bar.who {
        Who::Crews(_) | Who::Site(_) if busy => Color::Blue,
        Who::Crews(_) | Who::Site(_) => Color::Sky,
        Who::Trip(..) => Color::Orange,
        Who::Machine(..) => Color::Green,
    };
    let many = (bar.many > 0).then(|| count(f64::from(bar.many)));
    rows::Bar {
        span: (hour(bar.from), hour(bar.to)),
        fill: Fill::Plain(color),
        labels: many.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use crate::report::fixture;
    use crate::units::Span;

    fn bar(who: Who, (from, to): (i64, i64)) -> Bar {
        let at = |hour| Time::ZERO + Span::HOUR * hour;
        Bar {
            who,
            from: at(from),
            to: at(to),
            many: 2,
        }
    }

    #[test]
    fn crews_are_shown_from_the_first_to_the_last_and_swab_in_between() {
        let site = SiteId::from_index(0);
        let swabs = bar(Who::Site(site), (8, 18));
        let hours = |crews| {
            let parts = parts(&bar(Who::Crews(site), crews), &swabs);
            let hours = parts
                .iter()
                .map(|(bar, busy)| (hour(bar.from), hour(bar.to), *busy));
            hours.collect::<Vec<_>>()
        };
        let wanted = [(7.0, 8.0, false), (8.0, 18.0, true), (18.0, 19.0, false)];
        assert_eq!(hours((7, 19)), wanted);
        assert_eq!(hours((7, 12)), [(7.0, 8.0, false), (8.0, 12.0, true)]);
        assert_eq!(hours((19, 20)), [(19.0, 20.0, false)]);
    }

    #[test]
    fn of_many_sites_the_busiest_stay_and_what_is_left_out_is_said() {
        let model = fixture::model();
        let mut going = Going {
            model: &model,
            language: Language::English,
            lines: Vec::new(),
        };
        let who = (0..60).map(|site| Who::Site(SiteId::from_index(site)));
        for (who, hours) in who.zip(1..) {
            going.lines.push(Line {
                who,
                row: Row {
                    label: format!("{hours}"),
                    bars: vec![drawn(&bar(who, (0, hours)), true)],
                    words: String::new(),
                },
                until: Time::ZERO,
            });
        }
        let busiest: Vec<SiteId> = (0..60).rev().map(SiteId::from_index).collect();
        let (rows, left_out) = going.chosen(&busiest);
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(
            (labels.len(), labels[0], labels[21]),
            (rows::MOST, "39", "60")
        );
        assert_eq!(left_out.unwrap(), "The 22 busiest of 60 sites");
    }
}

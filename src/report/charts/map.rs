//! A map of cells and sites: who goes where, how far, when each site is done, who is missing. No tiles, no network.

use super::places::titled;
use super::rows::named;
use super::{name, provenance, short, title, words};
use crate::chart::{
    self, Axis, Chart, Color, Dash, Fill, Join, Line, Marker, Shape, Weight, ticks,
};
use crate::experiment::results::Results;
use crate::id::{CellId, LabId, RoundId, SiteId};
use crate::model::courier::Route;
use crate::model::{Model, Tier};
use crate::report::number::{Calendar, count};
use crate::report::verdict::order;
use crate::report::words::tier;
use crate::units::Position;
use crate::units::language::Language;

/// Cells that are named for those they miss.
const WORST: usize = 5;
/// Kilometers of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// The map of a round; none where fewer than two places are known.
pub fn map(model: &Model, results: &Results, (id, language): (RoundId, Language)) -> Option<Chart> {
    let map = Map::new(model, results, id, language)?;
    let mut chart = Chart {
        title: titled(
            model,
            id,
            language.pick("网格和采样点", "cells and sites"),
            language,
        ),
        subtitle: map.subtitle(),
        x: map.axis(0),
        y: map.axis(1),
        equal: true,
        lines: map.lines(),
        markers: map.markers(),
        footnote: provenance(model, results, language),
        ..Chart::default()
    };
    scale_bar(&mut chart, language);
    Some(chart)
}

/// A place of the map, and when there is nothing more to do for it in the round.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    /// Where it is on the map.
    pub at: (f64, f64),
    /// Whether it is a site, which is done with its last swab; a cell is with its last result.
    pub is_site: bool,
    /// Minutes after the opening of the round, mean; NaN: never.
    pub minutes: f64,
}

/// When the places of a round's map are done; nothing where there is no map.
pub fn done(model: &Model, results: &Results, (id, language): (RoundId, Language)) -> Vec<Done> {
    let Some(map) = Map::new(model, results, id, language) else {
        return Vec::new();
    };
    let outcome = &results.outcome;
    let cell = |&(cell, _, at): &(CellId, SiteId, Spot)| {
        let mut all = outcome.cells.iter();
        let found = all.find(|found| found.round == id && found.cell == cell);
        Done {
            at,
            is_site: false,
            minutes: found.map_or(f64::NAN, |found| found.results_end_min.mean),
        }
    };
    let site = |&(site, at): &(SiteId, Spot)| {
        let mut all = outcome.sites.iter();
        let found = all.find(|found| found.round == id && found.site == site);
        Done {
            at,
            is_site: true,
            minutes: found.map_or(f64::NAN, |found| found.closes_min.mean),
        }
    };
    let cells = map.cells.iter().map(cell);
    cells.chain(map.sites.iter().map(site)).collect()
}

/// A point in kilometers east and north of a corner.
type Spot = (f64, f64);

struct Map<'a> {
    model: &'a Model,
    results: &'a Results,
    round: RoundId,
    language: Language,
    /// Cells of the round and sites, where they are known.
    cells: Vec<(CellId, SiteId, Spot)>,
    sites: Vec<(SiteId, Spot)>,
    /// Outlines of cells, each closed and followed by a gap.
    outlines: Vec<Spot>,
    labs: Vec<(LabId, Spot)>,
}

impl<'a> Map<'a> {
    fn new(
        model: &'a Model,
        results: &'a Results,
        id: RoundId,
        language: Language,
    ) -> Option<Self> {
        let round = &model.rounds[id];
        let north = |position: &Position| position.latitude;
        let known = |site: SiteId| model.sites[site].position;
        let latitudes: Vec<f64> = model
            .sites
            .values()
            .filter_map(|site| site.position.as_ref().map(north))
            .collect();
        let middle = latitudes.iter().sum::<f64>() / latitudes.len() as f64;
        let narrowing = middle.to_radians().cos();
        let spot = |position: Position| {
            (
                position.longitude * narrowing * DEGREE_KM,
                position.latitude * DEGREE_KM,
            )
        };
        let sites: Vec<(SiteId, Spot)> = model
            .sites
            .ids()
            .filter(|&site| model.sites[site].visits.is_none())
            .filter_map(|site| Some((site, spot(known(site)?))))
            .collect();
        let cells: Vec<(CellId, SiteId, Spot)> = round
            .cells
            .iter()
            .zip(&round.places)
            .filter_map(|(&cell, place)| {
                Some((cell, place.site, spot(model.cells[cell].position?)))
            })
            .collect();
        let gap = (f64::NAN, f64::NAN);
        let drawn = cells
            .iter()
            .flat_map(|(cell, ..)| &model.cells[*cell].boundary);
        let closed = |outline: &Vec<Position>| {
            let corners = outline.iter().chain(outline.first());
            corners
                .map(|&corner| spot(corner))
                .chain([gap])
                .collect::<Vec<_>>()
        };
        let outlines = drawn.flat_map(closed).collect();
        let labs = model.labs.iter();
        let labs = labs.filter_map(|(lab, entry)| Some((lab, spot(entry.position?))));
        let labs = labs.collect();
        (sites.len() + cells.len() >= 2 && !sites.is_empty()).then_some(Self {
            model,
            results,
            round: id,
            language,
            cells,
            sites,
            outlines,
            labs,
        })
    }

    fn spots(&self) -> impl Iterator<Item = Spot> {
        let cells = self.cells.iter().map(|&(_, _, spot)| spot);
        let corners = self
            .outlines
            .iter()
            .copied()
            .filter(|spot| spot.0.is_finite());
        cells
            .chain(self.sites.iter().map(|&(_, spot)| spot))
            .chain(corners)
            .chain(self.near_labs())
    }

    /// Laboratories that are not so far away that the county would be a dot.
    fn near_labs(&self) -> impl Iterator<Item = Spot> {
        let within = |direction: usize| {
            let of = |spot: &Spot| [spot.0, spot.1][direction];
            let places = self.cells.iter().map(|(_, _, spot)| spot);
            let places = places.chain(self.sites.iter().map(|(_, spot)| spot));
            let (low, high) = places
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
                    (low.min(at), high.max(at))
                });
            let room = (high - low).max(1.0);
            (low - room, high + room)
        };
        let (east, north) = (within(0), within(1));
        let near = move |spot: &Spot| {
            (east.0..=east.1).contains(&spot.0) && (north.0..=north.1).contains(&spot.1)
        };
        self.labs.iter().map(|&(_, spot)| spot).filter(near)
    }

    /// From the least to the most of a direction, with some room; both axes are evened later.
    fn axis(&self, direction: usize) -> Axis {
        let of = |spot: Spot| [spot.0, spot.1][direction];
        let (least, most) = self
            .spots()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
                (low.min(at), high.max(at))
            });
        let room = ((most - least) * 0.07).max(0.05);
        Axis {
            label: String::new(),
            from: least - room,
            to: most + room,
            ticks: Vec::new(),
        }
    }

    /// How much smaller markers are where places are many and close to one another.
    fn crowd(&self) -> f64 {
        const APART: f64 = 60.0;
        const PLOT: (f64, f64) = (1800.0, 650.0);
        let reach = |direction| {
            let axis = self.axis(direction);
            axis.to - axis.from
        };
        let (wide, high) = (reach(0), reach(1));
        let scale = (PLOT.0 / wide).min(PLOT.1 / high);
        let places = (self.cells.len() + self.sites.len()).max(1) as f64;
        let apart = (wide * high / places).sqrt() * scale;
        (apart / APART).clamp(0.35, 1.0)
    }

    fn spot_of(&self, site: SiteId) -> Option<Spot> {
        self.sites
            .iter()
            .find(|(other, _)| *other == site)
            .map(|&(_, spot)| spot)
    }

    /// Who goes where, and the tours of couriers.
    fn lines(&self) -> Vec<Line> {
        let gap = (f64::NAN, f64::NAN);
        let walk =
            |&(_, site, spot): &(CellId, SiteId, Spot)| Some([spot, self.spot_of(site)?, gap]);
        let walks: Vec<Spot> = self.cells.iter().filter_map(walk).flatten().collect();
        let mut tours = Vec::new();
        for courier in self.model.couriers.values() {
            if let Route::Loop { vehicles, .. } = &courier.route {
                let stops = courier
                    .sites
                    .len()
                    .div_ceil(vehicles.value.max(1) as usize)
                    .max(1);
                for tour in courier.sites.chunks(stops) {
                    tours.extend(tour.iter().filter_map(|&site| self.spot_of(site)));
                    tours.push(gap);
                }
            }
        }
        let line = |name: &str, (color, dash, weight), points| Line {
            name: title(name),
            color,
            dash,
            weight,
            join: Join::Straight,
            points,
            band: Vec::new(),
        };
        let pick = |zh, en| self.language.pick(zh, en);
        let mut lines = Vec::new();
        if !self.outlines.is_empty() {
            let look = (Color::Grey, Dash::Solid, Weight::Normal);
            lines.push(line(
                pick("网格边界", "boundary of a cell"),
                look,
                self.outlines.clone(),
            ));
        }
        if !walks.is_empty() {
            let look = (Color::Grey, Dash::Solid, Weight::Thin);
            lines.push(line(pick("去哪个点", "who goes where"), look, walks));
        }
        if tours.iter().filter(|spot| spot.0.is_finite()).count() > 1 {
            let look = (Color::Purple, Dash::Long, Weight::Normal);
            lines.push(line(pick("收样路线", "courier's tour"), look, tours));
        }
        let tiers = &self.model.rounds[self.round].tiers;
        for some in Tier::ALL.into_iter().filter(|tier| tiers.contains(tier)) {
            lines.push(named(tier(some, self.language), color(some)));
        }
        lines.push(named(
            pick("采样点：采完的时刻", "site: when it is done"),
            Color::Ink,
        ));
        lines
    }

    fn markers(&self) -> Vec<Marker> {
        let round = &self.model.rounds[self.round];
        let most = self
            .cells
            .iter()
            .map(|&(cell, ..)| self.model.cells[cell].due());
        let most = f64::from(most.max().unwrap_or(1).max(1));
        let mut worst: Vec<(CellId, f64)> = self
            .results
            .outcome
            .cells
            .iter()
            .filter(|cell| cell.round == self.round && cell.missed.mean >= 0.5)
            .map(|cell| (cell.cell, cell.missed.mean))
            .collect();
        worst.sort_by(|one, other| order(other.1, one.1));
        worst.truncate(WORST);
        let crowd = self.crowd();
        let cell = |&(cell, _, at): &(CellId, SiteId, Spot)| {
            let missed = worst.iter().find(|(other, _)| *other == cell);
            let entry = &self.model.cells[cell];
            Marker {
                at,
                shape: Shape::Disc,
                size: crowd * 10.0_f64.max(34.0 * (f64::from(entry.due()) / most).sqrt()),
                fill: Fill::Plain(color(round.tier_of(cell))),
                label: missed.map_or_else(String::new, |&(_, missed)| {
                    let (name, missed) = (name(&entry.name, self.language), count(missed));
                    self.language.pick(
                        format!("{name} 缺 {missed}"),
                        format!("{name}: {missed} missing"),
                    )
                }),
            }
        };
        let site = |&(site, at): &(SiteId, Spot)| self.site(site, at, crowd);
        // Sites stand over cells, and are named before them.
        let mut sites: Vec<Marker> = self.sites.iter().map(site).collect();
        let cells = self.cells.iter().map(cell);
        let mut markers: Vec<Marker> = cells.collect();
        let near: Vec<Spot> = self.near_labs().collect();
        let labs = self.labs.iter().filter(|(_, spot)| near.contains(spot));
        markers.extend(labs.map(|&(lab, at)| Marker {
            at,
            shape: Shape::Diamond,
            size: 34.0,
            fill: Fill::Plain(Color::Purple),
            label: name(&self.model.labs[lab].name, self.language).to_owned(),
        }));
        markers.append(&mut sites);
        markers
    }

    /// A site with the time when it is done.
    fn site(&self, site: SiteId, at: Spot, crowd: f64) -> Marker {
        let round = &self.model.rounds[self.round];
        let calendar = Calendar {
            first_day: self.model.first_day,
            language: self.language,
        };
        let outcomes = &self.results.outcome.sites;
        let closes = outcomes
            .iter()
            .find(|outcome| outcome.round == self.round && outcome.site == site)
            .map(|outcome| outcome.closes_min.mean)
            .filter(|closes| closes.is_finite());
        let name = name(&self.model.sites[site].name, self.language);
        let label = closes.map_or_else(
            || name.to_owned(),
            |closes| format!("{name} {}", calendar.clock_after(round.opens, closes)),
        );
        Marker {
            at,
            shape: Shape::Square,
            size: 26.0 * crowd.max(0.6),
            fill: Fill::Plain(Color::Ink),
            label,
        }
    }

    /// The longest way, and whether the places are invented.
    fn subtitle(&self) -> String {
        let walking = &self.model.walking;
        let far = self
            .cells
            .iter()
            .filter_map(|&(cell, site, (x, y))| {
                let (east, north) = self.spot_of(site)?;
                Some((cell, (x - east).hypot(y - north) * walking.detour))
            })
            .max_by(|one, other| order(one.1, other.1));
        let mut text = far.map_or_else(String::new, |(cell, km)| {
            let place = short(&self.model.cells[cell].name, self.language);
            let (length, minutes) = (
                ticks::grouped(km, 1),
                words::length(km / walking.speed_kmh * 60.0, self.language),
            );
            self.language.pick(
                format!("走得最远的是{place}：{length}\u{a0}公里，步行约 {minutes}。"),
                format!("Farthest to walk: {place}, {length}\u{a0}km, about {minutes}. "),
            )
        });
        if self.model.schematic {
            text += self.language.pick(
                "示意图：位置是虚构的",
                "Schematic: the positions are invented",
            );
        }
        text.trim_end_matches(['。', ' ', '.']).to_owned()
    }
}

const fn color(tier: Tier) -> Color {
    match tier {
        Tier::Precaution => Color::Sky,
        Tier::Controlled => Color::Orange,
        Tier::Sealed => Color::Vermilion,
        Tier::Isolation => Color::Purple,
    }
}

/// A bar of a round number of kilometers in the lower left corner.
fn scale_bar(chart: &mut Chart, language: Language) {
    let plot = chart::plot(chart);
    let ((left, right), (bottom, top)) = (plot.x, plot.y);
    let fifth = (right - left) * 0.15;
    let unit = 10.0_f64.powf(fifth.log10().floor());
    let Some(length) = [5.0, 2.0, 1.0]
        .map(|times| times * unit)
        .into_iter()
        .find(|length| *length <= fifth)
    else {
        return;
    };
    // From a corner of what is shown, not of the plot: where words around a chart are left out, the plot is higher and reaches less far.
    let x = chart.x.from;
    let y = chart.y.from + (top - bottom) * 0.015;
    let words = if length >= 1.0 {
        language.pick(format!("{length} 公里"), format!("{length} km"))
    } else {
        let meters = (length * 1000.0).round();
        language.pick(format!("{meters} 米"), format!("{meters} m"))
    };
    chart.lines.push(Line {
        name: String::new(),
        color: Color::Ink,
        dash: Dash::Solid,
        weight: Weight::Strong,
        join: Join::Straight,
        points: vec![(x, y), (x + length, y)],
        band: Vec::new(),
    });
    chart.markers.push(Marker {
        at: (x + length, y),
        shape: Shape::Words,
        size: 0.0,
        fill: Fill::Plain(Color::Ink),
        label: words,
    });
}

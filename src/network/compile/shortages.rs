//! Crews that are missing and registration on paper, as lanes and stations meet them.

use super::super::incident::united;
use super::super::muster::{Missing, Wanted, in_turn};
use super::super::roster::Tempo;
use super::Compiler;
use super::staff::{LONGEST_QUEUE, Place};
use crate::id::SiteId;
use crate::units::{Time, Window};

impl Compiler<'_> {
    /// Whether crews of a site may be missing in some replication.
    pub(super) fn may_be_short(&self, site: SiteId) -> bool {
        let model = self.model;
        model.stress.is_some()
            || (model.incidents.iter()).any(|incident| incident.short_of_staff().contains(&site))
    }

    /// Whether the lanes of a site may be without a crew while it is open.
    pub(super) fn come_and_go(&self, site: SiteId) -> bool {
        self.model.staff.comes_and_goes() || self.may_be_short(site)
    }

    /// When the crews of lanes are missing at the sites of a round, by site and lane. Of the lanes of the sites concerned so many whole ones as
    /// the share is nearest to are left, by turns in proportion, so that each site lacks its part.
    pub(super) fn gone(&self, places: &[Place], wanted: &[Wanted], gone: &mut [Vec<Vec<Window>>]) {
        for short in &self.effects.short {
            let concerned = |site: &&Wanted| {
                let id = places[site.place as usize].id;
                short.sites.contains(&id)
            };
            let concerned: Vec<&Wanted> = wanted.iter().filter(concerned).collect();
            let lanes: Vec<u32> = concerned.iter().map(|site| site.lanes).collect();
            let order = in_turn(&lanes);
            let missing = (order.len() as f64 * short.absent.min(1.0)).round() as usize;
            for &(site, lane) in &order[order.len() - missing..] {
                let wanted = concerned[site as usize];
                let lanes = &mut gone[wanted.place as usize];
                lanes.resize(wanted.lanes as usize, Vec::new());
                lanes[lane as usize].push(short.window);
            }
        }
        for lane in gone.iter_mut().flatten() {
            *lane = united(std::mem::take(lane));
        }
    }

    /// When a share of some pools is missing.
    pub(super) fn missing(&self) -> Vec<Missing> {
        let missing = self.effects.short.iter().map(|short| Missing {
            window: short.window,
            pools: short.pools.clone(),
            share: short.absent,
        });
        missing.collect()
    }

    /// How fast the stations of a site work when its people are at times registered on paper.
    pub(super) fn on_paper(&self, place: &Place, tempo: Vec<Tempo>) -> Vec<Tempo> {
        let all = self.effects.paper.get(&place.id);
        let (Some(all), Some(first), Some(last)) =
            (all, place.openings.first(), place.openings.last())
        else {
            return tempo;
        };
        let meets =
            |window: &Window| first.start < window.end && window.start < last.end + LONGEST_QUEUE;
        let here: Vec<&(Window, f64)> = all.iter().filter(|(window, _)| meets(window)).collect();
        if here.is_empty() || !self.has_crews(place.id) {
            return tempo;
        }
        let mut edges: Vec<Time> = tempo.iter().map(|tempo| tempo.from).collect();
        edges.extend(
            here.iter()
                .flat_map(|(window, _)| [window.start, window.end]),
        );
        edges.sort_unstable();
        edges.dedup();
        let usual = vec![1.0; self.model.sites[place.id].stations.len()];
        let slowed = |from: Time| {
            let begun = tempo.partition_point(|tempo| tempo.from <= from);
            let now = begun.checked_sub(1).map(|at| &tempo[at].times);
            let mut times = now.unwrap_or(&usual).clone();
            let slower = here.iter().filter(|(window, _)| window.contains(from));
            times[0] *= slower.map(|(_, slower)| *slower).fold(1.0, f64::max);
            Tempo { from, times }
        };
        edges.into_iter().map(slowed).collect()
    }
}

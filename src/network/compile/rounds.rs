//! Rounds: who comes of each cell, and when each site is open to them.

use super::super::coming::{Demand, Fetching, GroupTurnout, sources};
use super::super::duty::Opening;
use super::super::roster::{Roster, Tempo};
use super::super::{Round, RoundCell, RoundSite};
use super::staff::Place;
use super::visits::Party;
use super::{Compiler, in_2_32};
use crate::id::{CellId, Id, RoundId, SiteId};
use crate::model::coming::Coming;
use crate::model::readiness::{done, total};
use crate::model::site::{Counts, Hours, Scope};
use crate::model::{Turnout, site};
use crate::random::name;
use crate::units::{Span, Time, Window};

impl Compiler<'_> {
    pub(super) fn round(&self, id: RoundId) -> Round {
        let round = &self.model.rounds[id];
        let covered = self.covered(id);
        let turnout = self.turnout(id, &covered);
        let hash = name(&round.name.id);
        let parties = self.parties(id, &turnout, &covered);
        let places: Vec<Place> = (0..)
            .zip(&parties)
            .filter(|(_, parties)| !parties.is_empty())
            .map(|(site, parties)| {
                let site = SiteId::from_index(site);
                let openings = self.openings(id, site);
                Place {
                    id: site,
                    openings,
                    parties,
                }
            })
            .collect();
        let crews = self.crews(id, &places);
        let crews_of = crews.rosters.into_iter().zip(crews.gone);
        let sites = places
            .into_iter()
            .zip(crews_of)
            .map(|(place, (roster, gone))| self.round_site(id, place, (roster, &gone)))
            .collect();
        let due = |cell: CellId, site: SiteId| {
            let at_a_rate = matches!(self.model.sites[site].coming, Coming::Poisson(_));
            let unforeseen = self.unforeseen(id, cell);
            let more: u32 = unforeseen.iter().map(|(_, people)| people).sum();
            (!at_a_rate).then(|| self.model.cells[cell].due() + more)
        };
        Round {
            name: hash,
            opens: round.opens,
            ordered: round.ordered,
            readiness: done(&self.model.readiness, |takes| self.now(takes)),
            deadline: round.deadline,
            measured_from: self.measured_from(round.opens),
            cells: round
                .cells
                .iter()
                .zip(&round.places)
                .zip(&covered)
                .map(|((cell, place), covered)| RoundCell {
                    cell: *cell,
                    due: if *covered {
                        due(*cell, place.site)
                    } else {
                        Some(0)
                    },
                    list: name(&self.model.cells[*cell].name.id),
                    infected: self.infected(*cell),
                })
                .collect(),
            sites,
            muster: crews.muster,
        }
    }

    /// When a site is open in a round.
    pub(super) fn openings(&self, id: RoundId, site: SiteId) -> Vec<Opening> {
        let (round, site) = (&self.model.rounds[id], &self.model.sites[site]);
        let setup = if self.model.readiness.is_empty() {
            site.hours.setup
        } else {
            total(&done(&self.model.readiness, |takes| self.now(takes)))
        };
        let ready = round
            .ordered
            .map_or(round.opens, |ordered| (ordered + setup).max(round.opens));
        openings(&site.hours, ready, round.closes)
    }

    /// Without a warm-up everyone is measured, also who comes before the round opens.
    fn measured_from(&self, opens: Time) -> Time {
        match self.model.study.warm_up {
            Span::ZERO => Time::BEFORE,
            warm_up => opens + warm_up,
        }
    }

    /// Whether each cell of the round is of a tier that it is for.
    pub(super) fn covered(&self, id: RoundId) -> Vec<bool> {
        let campaign = self.model.campaign.as_ref();
        let only = campaign.map_or(&[][..], |campaign| &campaign.only[id.index()]);
        let tiers = self.model.rounds[id].tiers.iter();
        tiers
            .map(|tier| only.is_empty() || only.contains(tier))
            .collect()
    }

    /// How many of each cell of the round come.
    fn turnout(&self, id: RoundId, covered: &[bool]) -> Vec<GroupTurnout> {
        let round = &self.model.rounds[id];
        let due = |(cell, covered): (&CellId, &bool)| {
            if *covered {
                self.model.cells[*cell].due()
            } else {
                0
            }
        };
        let dues: Vec<u32> = round.cells.iter().zip(covered).map(due).collect();
        match &round.turnout {
            Turnout::Swabbed(swabbed) => apportion(self.now(swabbed), &dues)
                .into_iter()
                .map(GroupTurnout::Count)
                .collect(),
            Turnout::Share(share) => {
                let chance = in_2_32(self.now(share).0);
                let books = |site: SiteId| self.model.sites[site].crowd.booking.is_some();
                let of = |(&due, place): (&u32, &crate::model::Place)| {
                    if chance == 1 << 32 && !books(place.site) {
                        GroupTurnout::Count(due)
                    } else {
                        GroupTurnout::Chance(chance)
                    }
                };
                dues.iter().zip(&round.places).map(of).collect()
            }
        }
    }

    fn round_site(
        &self,
        id: RoundId,
        place: Place,
        (roster, gone): (Option<Roster>, &[Vec<Window>]),
    ) -> RoundSite {
        let (site_id, parties) = (place.id, place.parties);
        let (round, site) = (&self.model.rounds[id], &self.model.sites[site_id]);
        let tempo_by_hour = self.tempo(id, &place);
        let interval = self.interval(
            &place,
            self.lanes_open(&place, roster.as_ref()),
            &tempo_by_hour,
        );
        let tempo_by_hour = self.on_paper(&place, tempo_by_hour);
        let openings = place.openings;
        let (tempo, rate) = match &site.coming {
            Coming::Called { tempo, .. } => (self.now(tempo).max(1e-6), None),
            Coming::Poisson(rate) => (1.0, Some(self.now(rate).0)),
            Coming::Slots { .. }
            | Coming::Profile(_)
            | Coming::Exponential { .. }
            | Coming::Regular { .. } => (1.0, None),
        };
        let demand = Demand {
            opens: round.opens,
            openings: &openings,
            groups: self.groups((id, site_id), parties, Party::comes),
            interval,
            tempo,
            until: self
                .model
                .study
                .stop
                .map_or(round.closes, |stop| round.closes.min(round.opens + stop)),
            fetching: self.fetching(site, &openings),
            missing: self.groups((id, site_id), parties, Party::is_fetched),
        };
        let (mut sources, curves) = sources(&site.coming, rate, &demand);
        for group in &demand.groups {
            sources.extend(self.unforeseen_sources((id, site_id), group));
        }
        sources.sort_by_key(|source| source.begin);
        let hash = name(&format!("{}/{}", site.name.id, round.name.id));
        RoundSite {
            site: site_id,
            name: hash,
            openings,
            pauses: self.effects.pauses(site_id),
            delay: self.effects.delay(site_id, round.opens),
            sources,
            curves,
            roster: roster.map(|roster| roster.lacking(gone)),
            tempo: tempo_by_hour,
        }
    }

    /// When those who did not come are fetched to a site, if they are; teams that visit have all of them on their list at once.
    fn fetching(&self, site: &site::Site, openings: &[Opening]) -> Option<Fetching> {
        let catch_up = self.model.catch_up.as_ref()?;
        let close = openings.last()?.end;
        let begin = close - catch_up.before_close + catch_up.notice;
        Some(Fetching {
            begin,
            over: if site.visits.is_some() {
                Span::ZERO
            } else {
                close.since(begin)
            },
            share: self.now(&catch_up.share).0.clamp(0.0, 1.0),
        })
    }

    /// How long the site takes for a person on average when its narrowest station is always busy and so many lanes are open, in milliseconds.
    fn interval(&self, place: &Place, lanes: f64, tempo: &[Tempo]) -> f64 {
        let site = &self.model.sites[place.id];
        let last = site.stations.len() - 1;
        let station = |(index, station): (usize, &site::Station)| {
            let servers = f64::from(station.servers)
                * if station.scope == Scope::Lane {
                    lanes
                } else {
                    1.0
                };
            let change = if index == last && site.tubes.scope == Scope::Lane {
                site.tubes.change.millis() as f64
                    / f64::from(self.now(site.tubes.pool[0].most()).max(1))
            } else {
                0.0
            };
            let forms = match (&site.crowd.forms, station.counts) {
                (Some(forms), Counts::Forms) => forms.mean(),
                _ => 1.0,
            };
            let household = match (&station.per_household, &site.crowd.households) {
                (Some(time), Some(sizes)) => self.mean_millis(time) / sizes.mean(),
                _ => 0.0,
            };
            let paper = station.paper.as_ref().map_or(0.0, |paper| {
                self.now(&paper.share).0 * self.mean_millis(&paper.more)
            });
            let service = self.mean_millis(&station.service) * forms + household + paper;
            (service * Self::slower(place, tempo, index) + change) / servers
        };
        site.stations
            .iter()
            .enumerate()
            .map(station)
            .fold(0.0, f64::max)
    }
}

/// When a site with these daily hours is open from `ready` to `closes`; stretches that touch are one.
fn openings(hours: &Hours, ready: Time, closes: Time) -> Vec<Opening> {
    let mut openings: Vec<Opening> = Vec::new();
    let mut day = ready.midnight() - Span::DAY;
    while day < closes {
        for (index, &(from, to)) in hours.open.iter().enumerate() {
            let (start, end) = ((day + from).max(ready), (day + to).min(closes));
            if start >= end {
                continue;
            }
            let closes_day = index + 1 == hours.open.len() || end == closes;
            match openings.last_mut() {
                Some(last) if last.end >= start => {
                    *last = Opening {
                        start: last.start,
                        end: end.max(last.end),
                        closes_day,
                    }
                }
                _ => openings.push(Opening {
                    start,
                    end,
                    closes_day,
                }),
            }
        }
        day += Span::DAY;
    }
    openings
}

/// Shares `total` out in proportion to `weights` by largest remainder, the earlier first; never more than a weight.
fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    let total = u64::from(total).min(sum);
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts: Vec<u32> = weights
        .iter()
        .map(|&weight| (total * u64::from(weight) / sum) as u32)
        .collect();
    let given: u64 = parts.iter().map(|&part| u64::from(part)).sum();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(total * u64::from(weights[index]) % sum));
    for &index in order.iter().take((total - given) as usize) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::site::AtClose;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_shared_out_is_all_of_it_and_fair(total in 0_u32..200_000, weights in prop::collection::vec(0_u32..5_000, 1..60)) {
            let sum: u32 = weights.iter().sum();
            let parts = apportion(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u32>(), total.min(sum));
            for (part, weight) in parts.iter().zip(&weights) {
                let fair = f64::from(total.min(sum)) * f64::from(*weight) / f64::from(sum.max(1));
                prop_assert!(part <= weight && (f64::from(*part) - fair).abs() < 1.0);
            }
        }
    }

    fn hours(open: &[(i64, i64)]) -> Hours {
        let span = |hours: i64| Span::HOUR * hours;
        Hours {
            open: open
                .iter()
                .map(|&(from, to)| (span(from), span(to)))
                .collect(),
            setup: Span::ZERO,
            at_close: AtClose::Serve,
        }
    }

    #[test]
    fn a_site_open_round_the_clock_never_closes_in_between() {
        let at = |hours: i64| Time::ZERO + Span::HOUR * hours;
        assert_eq!(
            openings(&hours(&[(0, 24)]), at(7), at(60)),
            [Opening {
                start: at(7),
                end: at(60),
                closes_day: true
            }]
        );
    }

    #[test]
    fn hours_across_midnight_begin_the_evening_before() {
        let at = |hours: i64| Time::ZERO + Span::HOUR * hours;
        let found = openings(&hours(&[(20, 26)]), at(0), at(24));
        let opening = |start, end| Opening {
            start: at(start),
            end: at(end),
            closes_day: true,
        };
        assert_eq!(found, [opening(0, 2), opening(20, 24)]);
    }
}

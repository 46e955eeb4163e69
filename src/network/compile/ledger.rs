//! Stocks that stop sites, and prices, compiled.

use super::super::cost::Cost;
use super::super::supply::Supply;
use super::Compiler;
use crate::model::cost;
use crate::model::stock::{OnHand, Stock, WhenOut};
use crate::units::Time;

impl Compiler<'_> {
    pub(super) fn supplies(&self) -> Vec<Supply> {
        let stocks = self.model.stocks.iter().enumerate();
        let stops = stocks.filter(|(_, stock)| stock.when_out == WhenOut::Stop);
        stops.map(|(at, stock)| supply(at, stock)).collect()
    }

    pub(super) fn cost(&self, cost: &cost::Cost) -> Cost {
        let hour = &cost.hour;
        Cost {
            crew_hour: [&hour.scanner, &hour.swabber, &hour.guide].map(|price| self.now(price)),
            technician_hour: self.now(&hour.technician),
            per_person: self.now(&cost.per_person),
            per_tube: self.now(&cost.per_tube),
            per_reaction: self.now(&cost.per_reaction),
            per_run: self.now(&cost.per_run),
            vehicle_hour: self.now(&cost.vehicle_hour),
            site_day: self.now(&cost.site_day),
            lab_day: self.now(&cost.lab_day),
            rents: cost
                .rents
                .iter()
                .map(|(lab, rent)| (*lab, self.now(rent)))
                .collect(),
            stocks: cost.stocks.iter().map(|price| self.now(price)).collect(),
        }
    }
}

fn supply(stock: usize, entry: &Stock) -> Supply {
    Supply {
        stock,
        per_person: entry.usage.per_person,
        on_hand: match entry.on_hand {
            OnHand::Amount(amount) => amount,
            OnHand::Rounds(_) => 0.0,
        },
        counted: entry.counted.unwrap_or(Time::BEFORE),
        resupply: entry
            .resupply
            .iter()
            .map(|resupply| (resupply.at, resupply.amount))
            .collect(),
    }
}

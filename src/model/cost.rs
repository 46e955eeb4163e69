//! What things cost, in one currency.

use super::assumption::Quantity;
use crate::id::LabId;

/// Prices. What is not priced costs nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Cost {
    /// How the money is called.
    pub currency: String,
    /// How much there is to spend on the whole campaign.
    pub budget: Option<f64>,
    /// An hour of work.
    pub hour: Wages,
    /// Each person swabbed.
    pub per_person: Quantity<f64>,
    /// Each tube filled.
    pub per_tube: Quantity<f64>,
    /// Each well used, controls included.
    pub per_reaction: Quantity<f64>,
    /// Each run of the machines that make the test.
    pub per_run: Quantity<f64>,
    /// An hour of a vehicle with its driver.
    pub vehicle_hour: Quantity<f64>,
    /// Each day on which a site is open.
    pub site_day: Quantity<f64>,
    /// Each day, begun from the first tube of a round to its last result, at a laboratory.
    pub lab_day: Quantity<f64>,
    /// Laboratories that are rented, and for how much a day.
    pub rents: Vec<(LabId, Quantity<f64>)>,
    /// What a unit of each stock costs, in the order of the model.
    pub stocks: Vec<Quantity<f64>>,
}

/// What an hour of each kind of work costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wages {
    /// Of a scanner.
    pub scanner: Quantity<f64>,
    /// Of a swabber.
    pub swabber: Quantity<f64>,
    /// Of a guide.
    pub guide: Quantity<f64>,
    /// Of a technician in a laboratory.
    pub technician: Quantity<f64>,
}

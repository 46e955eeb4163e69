//! What things cost in the world of one replication, in the currency of the scenario.

use crate::id::LabId;

/// Prices.
#[derive(Clone, PartialEq, Debug)]
pub struct Cost {
    /// An hour of a scanner, a swabber, a guide.
    pub crew_hour: [f64; 3],
    /// An hour of a technician.
    pub technician_hour: f64,
    /// Each person swabbed.
    pub per_person: f64,
    /// Each tube filled.
    pub per_tube: f64,
    /// Each well used.
    pub per_reaction: f64,
    /// Each run of the machines that make the test.
    pub per_run: f64,
    /// An hour of a vehicle with its driver.
    pub vehicle_hour: f64,
    /// A day of a site.
    pub site_day: f64,
    /// A day of a laboratory.
    pub lab_day: f64,
    /// Rents of laboratories for a day.
    pub rents: Vec<(LabId, f64)>,
    /// A unit of each stock.
    pub stocks: Vec<f64>,
}

//! Distances on the earth, and map coordinates as Chinese map services give them.
//!
//! Maps published in China are shifted by law: a point of GCJ-02 (高德, 腾讯) lies 100 to 700 meters from where a satellite receiver (WGS 84)
//! puts it, and BD-09 (百度) shifts once more. The shift has no closed inverse; it is undone by iteration. `libm` makes the digits the same on
//! every machine.

use std::f64::consts::PI;

use libm::{asin, atan2, cos, sin, sqrt};

use crate::units::Position;

/// What a pair of coordinates refers to.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Datum {
    /// What satellite receivers and most maps of the world give.
    #[default]
    Wgs84,
    /// What Chinese maps give (火星坐标).
    Gcj02,
    /// What Baidu's maps give.
    Bd09,
}

/// Mean radius of the earth in meters (Moritz, Geodetic Reference System 1980).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Meters between two places along the great circle (haversine formula; Sinnott, 1984). Off by at most 0.6 %, as the earth is no sphere.
pub fn distance(from: Position, to: Position) -> f64 {
    let (from_latitude, to_latitude) = (from.latitude.to_radians(), to.latitude.to_radians());
    let half_north = sin((to_latitude - from_latitude) / 2.0);
    let half_east = sin((to.longitude - from.longitude).to_radians() / 2.0);
    let haversine =
        half_north * half_north + cos(from_latitude) * cos(to_latitude) * half_east * half_east;
    2.0 * EARTH_RADIUS * asin(sqrt(haversine.clamp(0.0, 1.0)))
}

/// The same place in WGS 84, to 1e-7 degrees (a centimeter). Positions outside the rectangle in which Chinese maps are shifted stay as they are.
pub fn to_wgs84(position: Position, datum: Datum) -> Position {
    if !is_shifted(position) {
        return position;
    }
    match datum {
        Datum::Wgs84 => position,
        Datum::Gcj02 => undo(wgs84_to_gcj02, position),
        Datum::Bd09 => undo(wgs84_to_gcj02, undo(gcj02_to_bd09, position)),
    }
}

/// Whether Chinese maps shift this place: the customary rectangle around China.
fn is_shifted(position: Position) -> bool {
    (72.004..=137.8347).contains(&position.longitude)
        && (0.8293..=55.8271).contains(&position.latitude)
}

/// Undoes a shift by fixed-point iteration: the shift hardly changes over its own length, so each step gains two to three digits.
fn undo(shift: fn(Position) -> Position, shifted: Position) -> Position {
    let mut guess = shifted;
    for _ in 0..20 {
        let image = shift(guess);
        let (east, north) = (
            image.longitude - shifted.longitude,
            image.latitude - shifted.latitude,
        );
        guess = Position {
            longitude: guess.longitude - east,
            latitude: guess.latitude - north,
        };
        if east.abs() < 1e-9 && north.abs() < 1e-9 {
            break;
        }
    }
    guess
}

/// The shift of GCJ-02 on the Krasovsky 1940 ellipsoid, as reverse-engineered (Tang, eviltransform, 2013).
fn wgs84_to_gcj02(place: Position) -> Position {
    const SEMI_MAJOR: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
    let (x, y) = (place.longitude - 105.0, place.latitude - 35.0);
    let ripple = |z: f64, twelfth: f64, thirtieth: f64| {
        20.0 * sin(6.0 * x * PI)
            + 20.0 * sin(2.0 * x * PI)
            + 20.0 * sin(z * PI)
            + 40.0 * sin(z / 3.0 * PI)
            + twelfth * sin(z / 12.0 * PI)
            + thirtieth * sin(z / 30.0 * PI)
    };
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * sqrt(x.abs())
        + ripple(y, 160.0, 320.0) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * sqrt(x.abs())
        + ripple(x, 150.0, 300.0) * 2.0 / 3.0;
    let latitude = place.latitude.to_radians();
    let squeeze = 1.0 - ECCENTRICITY_SQUARED * sin(latitude) * sin(latitude);
    let meridian_radius = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (squeeze * sqrt(squeeze));
    let parallel_radius = SEMI_MAJOR / sqrt(squeeze) * cos(latitude);
    Position {
        longitude: place.longitude + (east / parallel_radius).to_degrees(),
        latitude: place.latitude + (north / meridian_radius).to_degrees(),
    }
}

/// Baidu's own shift on top of GCJ-02 (eviltransform, 2013).
fn gcj02_to_bd09(place: Position) -> Position {
    const WAVES: f64 = PI * 3_000.0 / 180.0;
    let (x, y) = (place.longitude, place.latitude);
    let radius = sqrt(x * x + y * y) + 0.000_02 * sin(y * WAVES);
    let angle = atan2(y, x) + 0.000_003 * cos(x * WAVES);
    Position {
        longitude: radius * cos(angle) + 0.0065,
        latitude: radius * sin(angle) + 0.006,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(latitude: f64, longitude: f64) -> Position {
        Position {
            longitude,
            latitude,
        }
    }

    #[test]
    fn a_quarter_of_a_meridian_is_ten_thousand_kilometers() {
        assert!((distance(place(0.0, 101.0), place(90.0, 101.0)) / 1e7 - 1.0).abs() < 0.006);
        assert!(
            (distance(place(0.0, -179.5), place(0.0, 179.5)) - EARTH_RADIUS * PI / 180.0).abs()
                < 1e-3
        );
    }

    #[test]
    fn lhasa_lies_1250_km_from_chengdu() {
        let kilometers = distance(place(29.6500, 91.1000), place(30.6586, 104.0648)) / 1e3;
        assert!((kilometers - 1_253.0).abs() < 5.0, "{kilometers}");
    }

    /// Shanghai, Shenzhen and Beijing in the test table of eviltransform (WGS 84, GCJ-02).
    const SHIFTED: [[f64; 4]; 3] = [
        [
            31.177_427_6,
            121.527_210_6,
            31.175_303_983_645_97,
            121.531_541_859_215,
        ],
        [
            22.543_847,
            113.912_316,
            22.540_796_131_694_766,
            113.917_176_480_836_3,
        ],
        [
            39.911_954,
            116.377_817,
            39.913_345_455_360_69,
            116.384_047_224_556_57,
        ],
    ];

    fn agree(one: Position, other: Position, degrees: f64) -> bool {
        (one.longitude - other.longitude).abs() < degrees
            && (one.latitude - other.latitude).abs() < degrees
    }

    #[test]
    fn known_points_of_chinese_maps_return_to_where_they_are() {
        for [latitude, longitude, shifted_latitude, shifted_longitude] in SHIFTED {
            let (truth, shifted) = (
                place(latitude, longitude),
                place(shifted_latitude, shifted_longitude),
            );
            assert!(agree(wgs84_to_gcj02(truth), shifted, 1e-9));
            assert!(agree(to_wgs84(shifted, Datum::Gcj02), truth, 1e-7));
        }
    }

    #[test]
    fn a_known_point_of_baidu_returns_to_where_it_is() {
        // The worked example of coordtransform (wandergis, 2015): GCJ-02 and BD-09 of one place in Beijing.
        let (shifted, twice) = (
            place(39.915, 116.404),
            place(39.921_336_993_510_21, 116.410_369_493_710_29),
        );
        assert!(agree(gcj02_to_bd09(shifted), twice, 1e-12));
        assert!(agree(
            to_wgs84(twice, Datum::Bd09),
            to_wgs84(shifted, Datum::Gcj02),
            1e-7
        ));
    }

    #[test]
    fn nothing_moves_outside_china_or_in_wgs84() {
        let (london, zeku) = (place(51.5, -0.1), place(35.03, 101.47));
        assert_eq!(to_wgs84(london, Datum::Gcj02), london);
        assert_eq!(to_wgs84(london, Datum::Bd09), london);
        assert_eq!(to_wgs84(zeku, Datum::Wgs84), zeku);
    }

    proptest! {
        #[test]
        fn shifting_and_returning_ends_where_it_began(latitude in 4.0..53.0_f64, longitude in 74.0..134.0_f64) {
            let truth = place(latitude, longitude);
            prop_assert!(agree(to_wgs84(wgs84_to_gcj02(truth), Datum::Gcj02), truth, 1e-7));
            prop_assert!(agree(to_wgs84(gcj02_to_bd09(wgs84_to_gcj02(truth)), Datum::Bd09), truth, 1e-7));
        }

        #[test]
        fn a_chinese_map_is_off_by_less_than_a_kilometer(latitude in 18.0..53.0_f64, longitude in 74.0..134.0_f64) {
            let truth = place(latitude, longitude);
            let off = distance(truth, wgs84_to_gcj02(truth));
            prop_assert!(off < 1_200.0, "{off}");
        }

        #[test]
        fn a_detour_is_never_shorter(a in -60.0..60.0_f64, b in -170.0..170.0_f64, c in -60.0..60.0_f64, d in -170.0..170.0_f64) {
            let (from, to, by) = (place(a, b), place(c, d), place(c, b));
            prop_assert!(distance(from, to) <= distance(from, by) + distance(by, to) + 1e-6);
            prop_assert!((distance(from, to) - distance(to, from)).abs() < 1e-6);
        }
    }
}

use super::*;
use proptest::prelude::*;
use resvg::tiny_skia::PremultipliedColorU8;

fn line(name: &str, points: Vec<(f64, f64)>) -> Line {
    Line {
        name: name.to_owned(),
        color: Color::Blue,
        dash: Dash::Solid,
        weight: Weight::Strong,
        join: Join::Smooth,
        points,
        band: Vec::new(),
    }
}

fn axis(from: f64, to: f64) -> Axis {
    let ticks = ticks::numbers(from, to, 6).into_iter();
    let ticks = ticks.map(|at| Tick {
        at,
        label: ticks::grouped(at, 0),
    });
    Axis {
        label: String::new(),
        from,
        to,
        ticks: ticks.collect(),
    }
}

fn plain(points: Vec<(f64, f64)>) -> Chart {
    Chart {
        x: axis(0.0, 10.0),
        y: axis(0.0, 10.0),
        lines: vec![line("", points)],
        ..Chart::default()
    }
}

/// How many pixels of the chart answer a question about their color (red, green, blue).
fn pixels(chart: &Chart, is: impl Fn(u8, u8, u8) -> bool) -> usize {
    let picture = Pixmap::decode_png(&png(&svg(chart))).unwrap();
    let is = |pixel: &&PremultipliedColorU8| is(pixel.red(), pixel.green(), pixel.blue());
    picture.pixels().iter().filter(is).count()
}

fn blue(red: u8, green: u8, blue: u8) -> bool {
    (red, green, blue) == (0, 114, 178)
}

#[test]
fn a_picture_is_a_slide() {
    let picture = Pixmap::decode_png(&png(&svg(&Chart::default()))).unwrap();
    assert_eq!((picture.width(), picture.height()), (1920, 1080));
}

#[test]
fn the_drawing_holds_outlines_and_still_says_its_title() {
    let chart = Chart {
        title: "a < b & \"c\" 采完\u{0}".to_owned(),
        ..plain(vec![(0.0, 0.0), (10.0, 10.0)])
    };
    let drawing = svg(&chart);
    assert!(!drawing.contains("<text") && !drawing.contains("font-family"));
    assert!(drawing.contains("<title>a &lt; b &amp; \"c\" 采完</title>"));
}

#[test]
fn a_gap_leaves_out_what_lies_between() {
    let whole = pixels(&plain(vec![(1.0, 5.0), (5.0, 5.0), (9.0, 5.0)]), blue);
    let parted = plain(vec![
        (1.0, 5.0),
        (3.0, 5.0),
        (f64::NAN, 5.0),
        (7.0, 5.0),
        (9.0, 5.0),
    ]);
    let share = pixels(&parted, blue) as f64 / whole as f64;
    assert!((0.45..0.55).contains(&share), "{share}");
}

#[test]
fn a_single_point_is_seen() {
    assert!(pixels(&plain(vec![(5.0, 5.0)]), blue) > 50);
    assert_eq!(pixels(&plain(vec![]), blue), 0);
}

#[test]
fn nothing_is_drawn_beyond_the_plot() {
    let inside = pixels(&plain(vec![(0.0, 5.0), (10.0, 5.0)]), blue);
    let beyond = pixels(&plain(vec![(-1e9, 5.0), (1e9, 5.0)]), blue);
    assert!(inside.abs_diff(beyond) < 50, "{inside} and {beyond}");
}

#[test]
fn a_fallback_font_is_not_needed_for_what_the_embedded_one_has() {
    let chart = Chart {
        title: "泽库县城".to_owned(),
        ..Chart::default()
    };
    assert_eq!(svg_with(&chart, &[b"not a font".to_vec()]), svg(&chart));
}

#[test]
fn two_names_at_two_heights_stand_at_the_ends_and_three_at_one_height_in_the_key() {
    let rising = |name, to| line(name, vec![(0.0, 0.0), (10.0, to)]);
    let apart = Chart {
        lines: vec![rising("one", 3.0), rising("two", 9.0)],
        ..plain(vec![])
    };
    let together = Chart {
        lines: vec![rising("one", 9.0), rising("two", 9.0), rising("six", 9.0)],
        ..plain(vec![])
    };
    let width = |chart: &Chart| {
        let picture = Pixmap::decode_png(&png(&svg(chart))).unwrap();
        let ends_at = |x: u32| {
            (300..1000).any(|y| picture.pixel(x, y).is_some_and(|pixel| pixel.red() < 150))
        };
        (0..1920).rev().find(|&x| ends_at(x)).unwrap()
    };
    // In both cases the margin is kept; with names at the ends the axis stops before it.
    assert!(width(&apart) <= 1862 && width(&together) <= 1862);
    let axis = |chart: &Chart| {
        let picture = Pixmap::decode_png(&png(&svg(chart))).unwrap();
        picture
            .pixels()
            .chunks(1920)
            .map(|row| row.iter().filter(|pixel| pixel.red() == 90).count())
            .max()
    };
    assert!(axis(&apart) < axis(&together));
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -10.0..10.0f64,
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(1e308),
        Just(-1e308)
    ]
}

fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
    let labels = prop::collection::vec(any::<String>(), 0..3);
    let stretch =
        (number(), number(), labels).prop_map(|(from, to, labels)| Stretch { from, to, labels });
    prop::collection::vec(stretch, 0..5)
}

fn any_line() -> impl Strategy<Value = Line> {
    let points = prop::collection::vec((number(), number()), 0..8);
    let band = prop::collection::vec((number(), number(), number()), 0..8);
    (any::<String>(), points, band, any::<bool>()).prop_map(|(name, points, band, step)| Line {
        join: if step { Join::Step } else { Join::Smooth },
        dash: if step { Dash::DashDot } else { Dash::Solid },
        band,
        ..line(&name, points)
    })
}

fn any_axis() -> impl Strategy<Value = Axis> {
    let tick = (number(), any::<String>()).prop_map(|(at, label)| Tick { at, label });
    let ticks = prop::collection::vec(tick, 0..6);
    (any::<String>(), number(), number(), ticks).prop_map(|(label, from, to, ticks)| Axis {
        label,
        from,
        to,
        ticks,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_it_is_given_a_chart_is_drawn(
        words in prop::array::uniform3(any::<String>()),
        (x, y) in (any_axis(), any_axis()),
        lines in prop::collection::vec(any_line(), 0..4),
        (shades, above, below) in (stretches(), stretches(), stretches()),
        (at, value) in (number(), number()),
    ) {
        let [title, subtitle, footnote] = words;
        let labels = vec![title.clone()];
        let mark = |at| Mark { at, labels: labels.clone(), color: Color::Purple };
        let marks = vec![mark(Across::X(at)), mark(Across::Y(value))];
        let dots = vec![Dot { x: at, y: value, label: title.clone(), color: Color::Ink }];
        let band = subtitle.clone();
        let chart = Chart { title, subtitle, x, y, tiles: Vec::new(), lines, band, shades, above, below, marks, dots, things: false, markers: Vec::new(), equal: false, footnote };
        prop_assert!(!png(&svg(&chart)).is_empty());
    }
}

/// Where each text of a drawing begins and ends, and its baseline, in pixels.
fn texts(chart: &Chart) -> Vec<(f64, f64, f64, String)> {
    let drawing = draw::draw(chart);
    let value = |text: &str, name: &str| -> f64 {
        let (_, rest) = text.split_once(&format!(" {name}=\"")).unwrap();
        let (number, _) = rest.split_once('"').unwrap();
        number.parse::<f64>().unwrap() / canvas::FINE
    };
    let elements = drawing.svg.split("<text").skip(1);
    let placed = elements.zip(&drawing.lengths).map(|(element, length)| {
        let (length, x) = (length / canvas::FINE, value(element, "x"));
        let left = if element.contains("text-anchor=\"end\"") {
            x - length
        } else if element.contains("text-anchor=\"middle\"") {
            x - length / 2.0
        } else {
            x
        };
        let (_, words) = element.split_once('>').unwrap();
        let (words, _) = words.split_once("</text>").unwrap();
        (
            left,
            left + length,
            value(element, "y"),
            words.trim().to_owned(),
        )
    });
    placed.collect()
}

/// So many rows with bars, whose every word is a name that ends in its number.
fn rows_of(name: &str, many: usize) -> Chart {
    let named = |at: usize| format!("{name}{at}");
    let tick = |at: usize| Tick {
        at: at as f64 + 0.5,
        label: named(at),
    };
    let tile = |at: usize| Tile {
        from: (0.0, at as f64 + 0.1),
        to: (at as f64, at as f64 + 0.9),
        fill: Fill::Plain(Color::Green),
        labels: vec![named(at)],
    };
    let marker = |shape| {
        move |at: usize| Marker {
            at: (at as f64, at as f64 + 0.5),
            shape,
            size: 20.0,
            fill: Fill::Share(0.5),
            label: format!("{name}{at}"),
        }
    };
    let over = |from, to| Axis {
        label: name.to_owned(),
        from,
        to,
        ticks: (0..many).map(tick).collect(),
    };
    let words = (0..many).map(marker(Shape::Words));
    Chart {
        title: name.repeat(9),
        subtitle: name.repeat(9),
        x: over(0.0, many as f64),
        y: over(0.0, many as f64),
        tiles: (0..many).map(tile).collect(),
        lines: (0..many.min(6))
            .map(|at| line(&named(at), Vec::new()))
            .collect(),
        markers: words.chain((0..many).map(marker(Shape::Disc))).collect(),
        things: true,
        footnote: name.repeat(9),
        ..Chart::default()
    }
}

#[test]
fn no_word_leaves_the_slide_whatever_the_names() {
    let english =
        "The very long name of a community service center and its northern forecourt no. ";
    let chinese =
        "泽曲镇社区网格化服务管理中心第三网格党支部联合志愿者服务队综合便民核酸采样服务点";
    for name in ["", "a", english, chinese, &"x".repeat(300), "<&\"'😀བོད"] {
        for many in [1, 5, 22] {
            for (left, right, baseline, words) in texts(&rows_of(name, many)) {
                let inside = left >= 0.0 && right <= f64::from(WIDTH);
                assert!(
                    inside && (0.0..f64::from(HEIGHT)).contains(&baseline),
                    "{many}: {words} {left}..{right}"
                );
            }
        }
    }
}

#[test]
fn every_row_and_every_column_of_things_is_named_apart_from_the_others() {
    let name = "泽曲镇社区网格化服务管理中心第三网格联合服务队采样点";
    let all = texts(&rows_of(name, 22));
    for at in 0..22 {
        let ending = format!("点{at}");
        assert!(all.iter().any(|text| text.3.ends_with(&ending)), "{at}");
    }
    let few = texts(&rows_of(name, 6));
    let under_the_plot = few.iter().filter(|text| {
        let level = few.iter().filter(|other| (other.2 - text.2).abs() < 0.5);
        level
            .filter(|text| text.3.contains("…采样点") || text.3.contains('…'))
            .count()
            == 6
    });
    assert_eq!(under_the_plot.count(), 6, "{few:?}");
}

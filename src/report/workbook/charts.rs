//! Native charts of the tables, which a planner can restyle, extend and copy.

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartSolidFill, ChartType,
    Color, Worksheet, XlsxError,
};

use super::{A4, cut, words};
use crate::report::table::{Cell, Table, harmless};
use crate::units::language::Language;

/// Colors of series, in the order in which they are used: those of the other charts.
const COLORS: [u32; 6] = [
    0x0000_72B2,
    0x00D5_5E00,
    0x0000_9E73,
    0x00CC_79A7,
    0x00E6_9F00,
    0x0056_B4E9,
];
/// Of the bounds of a line.
const PALE: u32 = 0x0056_B4E9;
/// Of grid lines.
const GRID: u32 = 0x00DD_DDDD;
/// The size of a chart in pixels.
const SIZE: (u32, u32) = (960, 480);
/// Rows of the sheet that a chart takes.
const STEP: u32 = 26;
/// Labels along an axis at most.
const LABELS: usize = 14;

/// What is drawn of which table.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::report) struct Native {
    pub(in crate::report) title: String,
    /// The table, by the name of its file.
    pub(in crate::report) table: &'static str,
    /// Rows from, and up to but without.
    pub(in crate::report) rows: (usize, usize),
    /// The column along the axis.
    pub(in crate::report) along: usize,
    pub(in crate::report) shape: Shape,
}

/// How it is drawn.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::report) enum Shape {
    /// A line of a column, between two others that bound it.
    Band { line: usize, bounds: [usize; 2] },
    /// Lines of columns against a moment or a number.
    Lines(Vec<usize>),
    /// The same column for several stretches of rows, each with its name.
    Plans(usize, Vec<(String, (usize, usize))>),
    /// Bars of columns.
    Bars(Vec<usize>),
    /// Bars of columns on top of one another.
    Stack(Vec<usize>),
}

/// The chart; none where there is no such table or nothing in it.
pub(super) fn chart(native: &Native, tables: &[Table], names: &[String]) -> Option<Chart> {
    let at = tables
        .iter()
        .position(|table| table.name == native.table && !table.rows.is_empty())?;
    let table = &tables[at];
    let drawing = Drawing {
        native,
        table,
        sheet: &names[at],
    };
    (native.rows.0 < native.rows.1 && native.rows.1 <= table.rows.len()).then(|| drawing.chart())
}

/// A range of cells: the sheet, the first row and column, the last row and column.
type Cells<'a> = (&'a str, u32, u16, u32, u16);

struct Drawing<'a> {
    native: &'a Native,
    table: &'a Table,
    sheet: &'a str,
}

impl Drawing<'_> {
    fn chart(&self) -> Chart {
        let native = self.native;
        let mut chart = match &native.shape {
            Shape::Band { line, bounds } => self.band(*line, *bounds),
            Shape::Lines(columns) => {
                let lines: Vec<_> = columns
                    .iter()
                    .map(|&column| (self.head(column), column, native.rows))
                    .collect();
                self.lines(&lines)
            }
            Shape::Plans(column, plans) => {
                let lines: Vec<_> = plans
                    .iter()
                    .map(|(name, rows)| (name.clone(), *column, *rows))
                    .collect();
                self.lines(&lines)
            }
            Shape::Bars(columns) => self.bars(columns, ChartType::Column),
            Shape::Stack(columns) => self.bars(columns, ChartType::ColumnStacked),
        };
        chart.title().set_name(&words_only(&native.title));
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_alt_text(words_only(&native.title));
        let grid = ChartLine::new().set_color(Color::RGB(GRID)).clone();
        chart.y_axis().set_major_gridlines_line(&grid);
        chart.set_width(SIZE.0).set_height(SIZE.1);
        chart
    }

    fn head(&self, column: usize) -> String {
        words_only(&self.table.columns[column].head)
    }

    fn cells(&self, column: usize, (from, to): (usize, usize)) -> Cells<'_> {
        let column = column as u16;
        (self.sheet, from as u32 + 1, column, to as u32, column)
    }

    /// The line strong and its bounds faint. Filled areas would be laid over one another in one order here and in another there.
    fn band(&self, line: usize, bounds: [usize; 2]) -> Chart {
        let rows = self.native.rows;
        let mut chart = Chart::new(ChartType::ScatterStraight);
        let faint = bounds.map(|column| (column, PALE, 1.5));
        for (column, color, width) in faint.into_iter().chain([(line, COLORS[0], 2.75)]) {
            chart
                .add_series()
                .set_name(&self.head(column))
                .set_categories(self.cells(self.native.along, rows))
                .set_values(self.cells(column, rows))
                .set_format(&mut stroke(color, width))
                .set_marker(ChartMarker::new().set_none());
        }
        chart
            .x_axis()
            .set_name(&self.head(self.native.along))
            .set_min(0)
            .set_major_gridlines(false);
        chart.y_axis().set_num_format("0%").set_min(0).set_max(1);
        chart
    }

    fn lines(&self, lines: &[(String, usize, (usize, usize))]) -> Chart {
        let mut chart = Chart::new(ChartType::ScatterStraight);
        for (at, (name, column, rows)) in lines.iter().enumerate() {
            chart
                .add_series()
                .set_name(&words_only(name))
                .set_categories(self.cells(self.native.along, *rows))
                .set_values(self.cells(*column, *rows))
                .set_format(&mut stroke(COLORS[at % COLORS.len()], 2.25))
                .set_marker(ChartMarker::new().set_none());
        }
        chart.y_axis().set_num_format("#,##0").set_min(0);
        let axis = chart.x_axis();
        axis.set_name(&self.head(self.native.along))
            .set_major_gridlines(false);
        if let Some((from, to)) = self.moments() {
            // Every three hours, or so many times as long that labels do not touch.
            let unit = 0.125 * ((to - from) / 0.125 / LABELS as f64).ceil().max(1.0);
            axis.set_num_format("m-d hh:mm")
                .set_min(from)
                .set_max(to)
                .set_major_unit(unit);
        }
        chart
    }

    fn bars(&self, columns: &[usize], kind: ChartType) -> Chart {
        let rows = self.native.rows;
        let stacked = kind == ChartType::ColumnStacked;
        let mut chart = Chart::new(kind);
        for (at, &column) in columns.iter().enumerate() {
            let color = Color::RGB(COLORS[at % COLORS.len()]);
            let series = chart.add_series();
            series
                .set_name(&self.head(column))
                .set_categories(self.cells(self.native.along, rows))
                .set_values(self.cells(column, rows))
                .set_format(
                    ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)),
                )
                .set_gap(60);
            if stacked {
                series.set_overlap(100);
            }
        }
        chart.y_axis().set_num_format("#,##0").set_min(0);
        chart
    }

    /// The first and the last moment along the axis, in Excel's days, where there are moments.
    fn moments(&self) -> Option<(f64, f64)> {
        let day = |row: usize| match &self.table.rows[row][self.native.along] {
            Cell::Moment(at) => {
                let days = at
                    .date()
                    .since((jiff::Unit::Day, jiff::civil::date(1899, 12, 30)));
                let days = f64::from(days.ok()?.get_days());
                let minutes = f64::from(at.hour()) * 60.0 + f64::from(at.minute());
                (days > 60.0).then_some(days + minutes / 1440.0)
            }
            Cell::Empty | Cell::Text(_) | Cell::Number(_) => None,
        };
        let (from, to) = self.native.rows;
        day(from).zip(day(to - 1)).filter(|(from, to)| from < to)
    }
}

/// Words that are not taken for a reference to cells, as `a!B1` and whatever begins with an equals sign would be.
fn words_only(text: &str) -> String {
    harmless(&cut(text, 200)).replace('!', "！")
}

fn stroke(color: u32, width: f64) -> ChartFormat {
    ChartFormat::new()
        .set_line(
            ChartLine::new()
                .set_color(Color::RGB(color))
                .set_width(width),
        )
        .clone()
}

/// Puts the charts under one another on a sheet of their own.
pub(super) fn place(
    charts: &[Chart],
    sheet: &mut Worksheet,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_name(words::charts(language))?;
    for (at, chart) in (0u32..).zip(charts) {
        sheet.insert_chart(1 + at * STEP, 1, chart)?;
    }
    sheet
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_screen_gridlines(false);
    Ok(())
}

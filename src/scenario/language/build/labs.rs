//! Laboratories: the plain words become the same chain of stages an expert writes.

use jiff::civil::Date;

use super::super::checked::{Datum, Table};
use super::rounds::since_midnight;
use super::{Build, Entries, Lists, STAGE, name};
use crate::id::{LabId, Table as Dense};
use crate::model::assumption::{Quantity, Range};
use crate::model::lab::{
    AtLeast, HandOver, Lab, LabCrew, Stage, StartPolicy, TestFaults, Verdict, Work,
};
use crate::model::service::{Duration, Mean, Shape};
use crate::scenario::problem::{Words, listed, shown};
use crate::units::{Share, Span, Time, text};

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn labs(&mut self, lists: &Lists<'_, 'n>, first_day: Date) -> Dense<LabId, Lab> {
        let tables = lists.labs.tables.iter();
        let labs = tables
            .map(|table| self.lab_of(table, lists, first_day))
            .collect();
        self.no_circle(lists, &labs);
        labs
    }

    fn lab_of(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>, first_day: Date) -> Lab {
        let ready = self.ready(table, first_day);
        let expert = table.item("stages").is_some() || table.is_broken("stages");
        let (stages, test) = if expert {
            self.chain(table, first_day)
        } else {
            self.plain(table, first_day)
        };
        Lab {
            wip: self.wip(table, &stages),
            name: name(table),
            position: self.position(table),
            faults: table
                .table("faults")
                .map(|faults| self.test_faults(faults, &stages, test)),
            verdict: table
                .table("verdict")
                .map(|verdict| self.verdict(verdict, &stages, test)),
            overflow: self.overflow(table, lists),
            stages,
            test,
            ready,
        }
    }

    /// From midnight of the first day to the moment from which a laboratory works.
    fn ready(&mut self, table: &Table<'n>, first_day: Date) -> Span {
        let steps = ["transport", "set_up"];
        let ordered = table.states("ordered") || table.is_broken("ordered");
        if ordered && table.states("ready") {
            self.error(
                "S368",
                table.place_of("ready"),
                (
                    "`ready` 和 `ordered` 写了一个就不写另一个".into(),
                    "`ready` and `ordered` both say when the laboratory works".into(),
                ),
                (
                    "留下 ready，或留下 ordered、transport、set_up",
                    "keep `ready`, or keep `ordered`, `transport` and `set_up`",
                ),
            );
        } else if let Some(step) = steps.iter().find(|step| table.states(step))
            && !ordered
        {
            self.error(
                "S369",
                table.place_of(step),
                (
                    format!("写了 {step}，没有写何时下单"),
                    format!("`{step}` is counted from the order, and there is none"),
                ),
                ("加上 ordered", "add `ordered`"),
            );
        }
        let after = |key: &str| table.get(key).unwrap_or(Span::ZERO);
        let from = table.get("ordered").or_else(|| table.get("ready"));
        from.map_or(Span::ZERO, |moment| {
            let works = since_midnight(moment, first_day) + after("transport") + after("set_up");
            works.since(Time::ZERO)
        })
    }

    fn test_faults(&mut self, table: &Table<'n>, stages: &[Stage], test: usize) -> TestFaults {
        let run = self.share(table, "failed_runs");
        let most = run.range.map_or(run.value, |range| range.high);
        let by_machine = stages
            .get(test)
            .is_some_and(|stage| matches!(stage.work, Work::Machines { .. }));
        if most.0 > 0.5 {
            self.error(
                "S235",
                table.place_of("failed_runs"),
                (
                    "质控失败的板超过一半，检测做不完".into(),
                    "more than half of all runs fail: testing would never end".into(),
                ),
                (
                    "写 50 % 以下，如 failed_runs = \"0.5 %\"",
                    "write at most 50 %, such as failed_runs = \"0.5 %\"",
                ),
            );
        } else if most.0 > 0.0 && !by_machine && !stages.is_empty() {
            self.error(
                "S237",
                table.place_of("failed_runs"),
                (
                    "检测那一步不用机器，没有板可以失败".into(),
                    "the test is not made by machines: no run can fail".into(),
                ),
                (
                    "删去 failed_runs，或用 test 指明哪一步是检测",
                    "leave `failed_runs` out, or say with `test` which stage makes the test",
                ),
            );
        }
        TestFaults {
            invalid: self.share(table, "invalid"),
            inconclusive: self.share(table, "inconclusive"),
            run,
            retests: table.get("retests").unwrap_or(1),
            retest_from: self.way_back(table, "retest_from", (stages, test), 0),
            rerun_from: self.way_back(table, "rerun_from", (stages, test), test),
        }
    }

    fn verdict(&mut self, table: &Table<'n>, stages: &[Stage], test: usize) -> Verdict {
        Verdict {
            sensitivity: self.quantity(table, "sensitivity"),
            false_positives: self.share(table, "false_positives"),
            retest_from: self.way_back(table, "retest_from", (stages, test), 0),
            priority: priority(table),
            first_report: table.take("first_report"),
        }
    }

    /// A share; none if it is left out.
    fn share(&self, table: &Table<'n>, name: &str) -> Quantity<Share> {
        if table.item(name).is_some() {
            self.quantity(table, name)
        } else {
            Quantity::known(Share(0.0))
        }
    }

    /// The stage a tube goes back to for another test: not one behind the test.
    fn way_back(
        &mut self,
        table: &Table<'n>,
        key: &str,
        (stages, test): (&[Stage], usize),
        otherwise: usize,
    ) -> usize {
        let Some(id) = table.get::<String>(key) else {
            return otherwise;
        };
        let (place, shown) = (table.place_of(key), shown(&id));
        let Some(at) = stages.iter().position(|stage| stage.id == id) else {
            let known = listed(stages.iter().map(|stage| stage.id.as_str()));
            self.problems.error(
                "S111",
                place,
                Words::new(
                    format!("没有编号为 \"{shown}\" 的步骤"),
                    format!("there is no stage \"{shown}\""),
                ),
                Words::new(
                    format!("已有的步骤：{}", known.zh),
                    format!("there are: {}", known.en),
                ),
            );
            return otherwise;
        };
        if at > test {
            let test = &stages[test].id;
            self.error(
                "S236",
                place,
                (
                    format!("步骤 {shown} 在检测 {test} 之后，从那里重做测不到"),
                    format!("stage {shown} comes after the test {test}: from there a tube is not tested again"),
                ),
                (
                    "写检测那一步或它之前的步骤",
                    "name the stage of the test or one before it",
                ),
            );
        }
        at.min(test)
    }

    /// Received and prepared by hand, prepared by waiting, amplified, reviewed, uploaded.
    fn plain(&mut self, table: &Table<'n>, first_day: Date) -> (Vec<Stage>, usize) {
        if table.item("machines").is_none() && !table.is_broken("machines") {
            let id: String = table.take("id");
            self.error(
                "S102",
                table.place,
                (
                    format!("[labs.{id}] 缺少 `machines`：扩增仪台数"),
                    format!("`machines` is missing [labs.{id}]: how many PCR machines"),
                ),
                (
                    "写上台数，如 machines = 4；或逐步写出 stages",
                    "write how many, such as machines = 4; or give the chain of `stages`",
                ),
            );
        }
        let crews = self.crews(table, "crews");
        let per_tube = self.duration(table, "per_tube");
        let run = self.duration(table, "run");
        let review = self.duration(table, "review");
        let rest = self.rest_of_bench(table, &[&per_tube, &run, &review]);
        let plate = table.table("plate").unwrap_or(table);
        let controls = plate.get("controls").unwrap_or(2);
        let count = self.quantity(table, "machines");
        let machines = Work::Machines {
            capacity: self.capacity(plate, controls),
            controls,
            fleet: Box::new(self.fleet(table, (&count, &[&run]), first_day)),
            machines: count,
            run,
            start: self.start(table, plate, controls),
            crews: crews.clone(),
            hands: None,
        };
        let mut stages = vec![
            stage(
                "receive",
                "接收加样",
                "Receiving",
                Work::Workers { crews, per_tube },
            ),
            stage(
                "prepare",
                "样本前处理",
                "Preparation",
                Work::Delay { time: rest },
            ),
            stage("pcr", "扩增", "PCR", machines),
            stage("review", "审核", "Review", Work::Delay { time: review }),
        ];
        if let Some(every) = table.get("upload") {
            stages.push(stage("upload", "上传", "Upload", Work::Upload { every }));
        }
        (stages, 2)
    }

    /// What is left of the bench time beside the parts that are named.
    fn rest_of_bench(&mut self, table: &Table<'n>, parts: &[&Duration]) -> Duration {
        let bench: Quantity<Span> = self.quantity(table, "bench_time");
        let named: Span = parts.iter().map(|part| part.nominal()).sum();
        let least = bench.range.as_ref().map_or(bench.value, |range| range.low);
        let sound = ["bench_time", "per_tube", "run", "review"]
            .iter()
            .all(|name| !table.is_broken(name));
        if least < named && sound {
            let (least, named) = (text::print_span(least), text::print_span(named));
            self.error(
                "S230",
                table.place_of("bench_time"),
                (
                    format!("bench_time 最短 {least}，容不下 run、review、per_tube 合计 {named}"),
                    format!("a `bench_time` of {least} leaves no room for `run`, `review` and `per_tube`, {named} together"),
                ),
                ("bench_time 是从进门到出结果的全部时间：加长它，或减短 run、review", "`bench_time` is all the time from the door to the result: make it longer, or `run` and `review` shorter"),
            );
        }
        let less = |span: Span| Span::from_millis((span.millis() - named.millis()).max(0));
        let range = bench.range.map(|range| Range {
            unknown: range.unknown,
            low: less(range.low),
            high: less(range.high),
        });
        Duration {
            mean: Mean::Time(Quantity {
                value: less(bench.value),
                range,
            }),
            shape: Shape::Constant,
        }
    }

    /// The chain as an expert writes it, and which stage makes the test.
    fn chain(&mut self, table: &Table<'n>, first_day: Date) -> (Vec<Stage>, usize) {
        let tables = table.tables("stages");
        if tables.is_empty() && !table.is_broken("stages") {
            self.error(
                "S119",
                table.place_of("stages"),
                (
                    "`stages` 是空的列表".into(),
                    "`stages` is an empty list".into(),
                ),
                (
                    "至少写一步，或改用 machines、bench_time",
                    "give at least one stage, or use `machines` and `bench_time`",
                ),
            );
        }
        let stages: Vec<Stage> = tables
            .iter()
            .map(|table| self.expert_stage(table, first_day))
            .collect();
        self.rooms(tables, &stages);
        let by_machine = stages
            .iter()
            .rposition(|stage| matches!(stage.work, Work::Machines { .. }));
        let mut test = by_machine.unwrap_or(stages.len().saturating_sub(1));
        if let Some(id) = table.get::<String>("test") {
            let entries = Entries::of(table, "stages");
            let found = self.find(&id, table.place_of("test"), STAGE, &entries);
            let at = stages.iter().position(|stage| stage.id == id);
            test = found.and(at).unwrap_or(test);
        }
        (stages, test)
    }

    fn expert_stage(&mut self, table: &Table<'n>, first_day: Date) -> Stage {
        let stated: Vec<&str> = ["workers", "machines", "delay", "upload"]
            .into_iter()
            .filter(|name| table.states(name))
            .collect();
        let named = name(table);
        if stated.len() != 1 {
            let id = &named.id;
            let (zh, en) = if stated.is_empty() {
                ("没有写做什么", "does nothing")
            } else {
                ("写了不止一种工作", "does more than one thing")
            };
            self.error(
                "S231",
                table.place,
                (format!("步骤 {id} {zh}"), format!("stage {id} {en}")),
                (
                    "workers、machines、delay、upload 四者写一",
                    "give one of `workers`, `machines`, `delay`, `upload`",
                ),
            );
        }
        let work = if let Some(workers) = table.table("workers") {
            Work::Workers {
                crews: self.crews(workers, "crews"),
                per_tube: self.duration(workers, "per_tube"),
            }
        } else if let Some(machines) = table.table("machines") {
            let controls = machines.get("controls").unwrap_or(0);
            let (count, run) = (
                self.quantity(machines, "count"),
                self.duration(machines, "run"),
            );
            let crews = if machines.states("crews") {
                self.crews(machines, "crews")
            } else {
                Vec::new()
            };
            let hands = self.hands(machines, &crews);
            let setup = hands.as_ref().and_then(|hands| hands.setup.as_ref());
            let lasts: Vec<&Duration> = setup.into_iter().chain([&run]).collect();
            Work::Machines {
                capacity: self.capacity(machines, controls),
                controls,
                fleet: Box::new(self.fleet(machines, (&count, &lasts), first_day)),
                machines: count,
                run,
                start: self.start(machines, machines, controls),
                crews,
                hands: hands.map(Box::new),
            }
        } else if let Some(every) = table.get("upload") {
            Work::Upload { every }
        } else {
            Work::Delay {
                time: self.duration(table, "delay"),
            }
        };
        let hand_over = match table.item("hand_over").map(|item| &item.datum) {
            Some(Datum::Table(lots)) => HandOver::Lots(lots.take("lots")),
            _ => HandOver::Immediate,
        };
        Stage {
            id: named.id,
            zh: named.zh,
            en: named.en,
            work,
            hand_over,
            buffer: table.get("buffer"),
        }
    }

    /// Wells that hold tubes.
    fn capacity(&mut self, plate: &Table<'n>, controls: u32) -> Quantity<u32> {
        let wells: Quantity<u32> = self.quantity(plate, "wells");
        let least = wells.range.as_ref().map_or(wells.value, |range| range.low);
        if least <= controls && !plate.is_broken("wells") && !plate.is_broken("controls") {
            self.error(
                "S232",
                plate.place_of("controls"),
                (
                    format!("质控孔 {controls} 不少于总孔数 {least}，没有孔可放样品"),
                    format!("{controls} control wells of {least} leave none for tubes"),
                ),
                (
                    "让 controls 小于 wells",
                    "let `controls` be less than `wells`",
                ),
            );
        }
        let less = |count: u32| count.saturating_sub(controls).max(1);
        let range = wells.range.map(|range| Range {
            unknown: range.unknown,
            low: less(range.low),
            high: less(range.high),
        });
        Quantity {
            value: less(wells.value),
            range,
        }
    }

    fn start(&mut self, table: &Table<'n>, plate: &Table<'n>, controls: u32) -> StartPolicy {
        let policy = match table.item("start").map(|item| &item.datum) {
            Some(Datum::Word("full")) => StartPolicy {
                at_least: AtLeast::Full,
                after: None,
            },
            Some(Datum::Table(start)) => StartPolicy {
                at_least: AtLeast::Tubes(start.take("at_least")),
                after: start.get("after"),
            },
            _ => StartPolicy {
                at_least: AtLeast::Tubes(1),
                after: None,
            },
        };
        let wells: u32 = plate.get("wells").unwrap_or(u32::MAX);
        if let AtLeast::Tubes(least) = policy.at_least
            && least > wells.saturating_sub(controls)
            && wells > controls
        {
            let (at, room) = (table.place_of("start"), wells - controls);
            self.error(
                "S233",
                at,
                (
                    format!("要攒够 {least} 管才开机，一轮却只装 {room} 管"),
                    format!("a run waits for {least} tubes and holds only {room}"),
                ),
                (
                    "减小 at_least，或写 start = \"full\"",
                    "lower `at_least`, or write start = \"full\"",
                ),
            );
        }
        policy
    }

    fn crews(&mut self, table: &Table<'n>, key: &str) -> Vec<LabCrew> {
        let shifts = table.tables(key);
        let crews: Vec<LabCrew> = shifts
            .iter()
            .map(|crew| {
                let (from, to) = crew.take("hours");
                LabCrew {
                    from,
                    to,
                    technicians: crew.take("technicians"),
                }
            })
            .collect();
        if crews.iter().all(|crew| crew.technicians == 0) && !table.is_broken(key) {
            self.error(
                "S234",
                table.place_of(key),
                (
                    "任何时候都没有人当班".into(),
                    "nobody is ever on duty".into(),
                ),
                (
                    "写上班次，如 crews = [{ hours = \"08:00-20:00\", technicians = 4 }]",
                    "give a shift, such as crews = [{ hours = \"08:00-20:00\", technicians = 4 }]",
                ),
            );
        }
        crews
    }
}

/// How urgent something is, 0 to 9.
pub(super) fn priority(table: &Table<'_>) -> u8 {
    table
        .get::<u32>("priority")
        .and_then(|priority| u8::try_from(priority).ok())
        .unwrap_or(0)
}

fn stage(id: &str, zh: &str, en: &str, work: Work) -> Stage {
    Stage {
        id: id.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
        work,
        hand_over: HandOver::Immediate,
        buffer: None,
    }
}

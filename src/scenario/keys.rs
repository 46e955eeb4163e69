//! Every key a scenario may hold: what it means, its kind and unit, its default and where that comes from.
//!
//! This one table decides what is accepted, what is filled in, what editors offer, what the reference says and what a report lists as
//! assumed.

use std::collections::BTreeMap;

use crate::units::Span;

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it stands: `lane.pace`; `couriers[].every` within an entry of a list.
    pub path: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Where its keys stand in the catalogue, if it is a table.
    pub keys: Keys,
    /// Whether a range may be given, from which each replication draws.
    pub ranged: bool,
    /// Whether it must be given.
    pub presence: Presence,
    /// Whether it belongs to the plain or the expert level.
    pub level: Level,
    /// It counts only where this neighbor is one of these words.
    pub when: Option<(&'static str, &'static [&'static str])>,
    /// What is taken if it is left out, as TOML.
    pub default: Option<&'static str>,
    /// Where the default comes from.
    pub source: Option<&'static str>,
    /// What the reference shows where there is no default, as TOML.
    pub example: Option<&'static str>,
    /// What it means, in Chinese.
    pub zh: &'static str,
    /// What it means, in English.
    pub en: &'static str,
}

/// Where the keys of a table stand in the catalogue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// Under its own path.
    Own,
    /// Under this path, which it shares with others.
    As(&'static str),
    /// Under this path, in whose place it stands for one site: what it leaves out is taken from there.
    InPlaceOf(&'static str),
}

impl Keys {
    /// The path, if it is another's.
    pub const fn shared(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::As(path) | Self::InPlaceOf(path) => Some(path),
        }
    }
}

/// Whether a key must be given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It may be left out.
    Optional,
    /// It must be given.
    Required,
    /// A table that stands for nothing where it is left out: what it describes is absent.
    Chosen,
}

/// Who a key is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Everyone.
    Plain,
    /// Whoever wants to say more.
    Expert,
}

/// What the value of a key is. Least and most are allowed themselves.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// A table of keys.
    Table,
    /// A list of tables.
    Tables,
    /// Words for people.
    Text,
    /// The id of the entry itself.
    Id,
    /// The id of something else.
    Reference,
    /// Ids of other things.
    References,
    /// What may be moved: keys with the values that they may take.
    Levers,
    /// A whole number.
    Count {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// A whole number from 1, or the word `household`.
    Pool {
        /// The most.
        most: u64,
    },
    /// A number without a unit.
    Number {
        /// The least.
        least: f64,
        /// The most.
        most: f64,
    },
    /// A length of time.
    Span {
        /// The least.
        least: Span,
        /// The most.
        most: Span,
    },
    /// A rate of people or tubes.
    Pace {
        /// What is counted, as printed: `people`.
        noun: &'static str,
    },
    /// A speed.
    Speed,
    /// A share of a whole.
    Share,
    /// A date and time of day.
    Moment,
    /// A date and time of day, or a length of time after the opening of the round.
    MomentOrSpan,
    /// A time of day.
    Clock,
    /// Hours of the day.
    Window,
    /// Several stretches of the day.
    Windows,
    /// One of these words.
    Word(&'static [Word]),
    /// Some of these words.
    Words(&'static [Word]),
    /// A length of time that may vary from case to case.
    Duration {
        /// The least its mean may be.
        least: Span,
        /// The most its mean may be.
        most: Span,
    },
    /// 24 numbers, one for each hour.
    Weights,
    /// How large something is that is counted: a mean, or the shares of 1, 2, 3 and so on.
    Sizes,
    /// Yes or no.
    Flag,
}

/// A word that may be chosen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Word {
    /// As it is written.
    pub word: &'static str,
    /// What also counts as it.
    pub also: &'static [&'static str],
}

/// All keys, ready to be looked up.
pub struct Catalogue {
    children: BTreeMap<&'static str, Vec<&'static Key>>,
}

impl Catalogue {
    /// The catalogue of [`KEYS`].
    pub fn new() -> Self {
        let mut children = BTreeMap::<_, Vec<_>>::new();
        for key in KEYS {
            children.entry(key.parent()).or_default().push(key);
        }
        Self { children }
    }

    /// The keys of the table under a path (empty: of the scenario itself), in the order of the reference.
    pub fn under(&self, path: &str) -> &[&'static Key] {
        self.children.get(path).map_or(&[], Vec::as_slice)
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}

impl Key {
    /// Its last word, as it is written in a file.
    pub fn name(&self) -> &'static str {
        let path = self.path;
        path.rfind('.').map_or(path, |dot| &path[dot + 1..])
    }

    /// What it is called, in Chinese and English: the beginning of what it means, up to the first mark.
    pub fn called(&self) -> [&'static str; 2] {
        const MARKS: [char; 8] = ['（', '；', '，', '：', '(', ';', ':', ','];
        [self.zh, self.en].map(|says| says.split(MARKS).next().unwrap_or(says).trim())
    }

    /// The path of the table it stands in.
    pub fn parent(&self) -> &'static str {
        let path = self.path;
        path.rfind('.').map_or("", |dot| &path[..dot])
    }

    /// The path under which the keys of its table stand, with `[]` for the entries of a list.
    pub fn inside(&self) -> String {
        let path = self.keys.shared().unwrap_or(self.path);
        if self.kind == Kind::Tables && !path.ends_with("[]") {
            format!("{path}[]")
        } else {
            path.to_owned()
        }
    }

    const fn new(path: &'static str, kind: Kind) -> Self {
        Self {
            path,
            kind,
            keys: Keys::Own,
            ranged: false,
            presence: Presence::Optional,
            level: Level::Plain,
            when: None,
            default: None,
            source: None,
            example: None,
            zh: "",
            en: "",
        }
    }

    const fn says(mut self, zh: &'static str, en: &'static str) -> Self {
        self.zh = zh;
        self.en = en;
        self
    }

    const fn default(mut self, default: &'static str, source: &'static str) -> Self {
        self.default = Some(default);
        self.source = Some(source);
        self
    }

    const fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }

    const fn when(mut self, neighbor: &'static str, words: &'static [&'static str]) -> Self {
        self.when = Some((neighbor, words));
        self
    }

    const fn like(mut self, path: &'static str) -> Self {
        self.keys = Keys::As(path);
        self
    }

    const fn in_place_of(mut self, path: &'static str) -> Self {
        self.keys = Keys::InPlaceOf(path);
        self
    }

    const fn ranged(mut self) -> Self {
        self.ranged = true;
        self
    }

    const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    const fn chosen(mut self) -> Self {
        self.presence = Presence::Chosen;
        self
    }

    const fn expert(mut self) -> Self {
        self.level = Level::Expert;
        self
    }
}

const fn word(word: &'static str) -> Word {
    Word { word, also: &[] }
}

const fn also(word: &'static str, also: &'static [&'static str]) -> Word {
    Word { word, also }
}

/// The words for a tube that holds one household.
pub const HOUSEHOLD: [&str; 2] = ["household", "一户一管"];

/// The most sizes for which weights are given.
pub const MOST_SIZES: usize = 20;

const TEN_YEARS: Span = Span::from_millis(3_653 * 86_400_000);
const TEN_DAYS: Span = Span::from_millis(10 * 86_400_000);
const MILLI: Span = Span::from_millis(1);
const PEOPLE: Kind = Kind::Count {
    least: 0,
    most: 2_000_000_000,
};
const ANY_LENGTH: Kind = Kind::Span {
    least: Span::ZERO,
    most: TEN_YEARS,
};
const LENGTH: Kind = Kind::Span {
    least: MILLI,
    most: TEN_YEARS,
};
const DAYTIME: Kind = Kind::Span {
    least: Span::ZERO,
    most: TEN_DAYS,
};
const VARYING: Kind = Kind::Duration {
    least: Span::ZERO,
    most: TEN_DAYS,
};
const LASTING: Kind = Kind::Duration {
    least: MILLI,
    most: TEN_DAYS,
};
const STRETCH: Kind = Kind::Span {
    least: Span::from_millis(15 * 60_000),
    most: TEN_DAYS,
};
const POOL: Kind = Kind::Pool { most: 100 };
const CARRIED: Kind = Kind::Count {
    least: 1,
    most: 1_000_000,
};
const AMOUNT: Kind = Kind::Number {
    least: 0.0,
    most: 1e12,
};
const HEADS: Kind = Kind::Count {
    least: 0,
    most: 100,
};

const PRIORITY: Kind = Kind::Count { least: 0, most: 9 };

const ASSUMED: &str = "assumed / 假定";
const COUNTY_PLAN: &str =
    "a county plan: set-up within 2 h of the order / 某县预案：接令后 2 小时内布点";
const MACAU: &str = "Macau published waits, 60–72 s a lane / 澳门公布的候时，每台 60–72 秒一人";
const PRACTISED: &str = "practised swabbing, cv 0.3–0.4 / 熟练采样，变异系数 0.3–0.4";
const RULES: &str = "national guideline, 3rd edition (2022): a region in 24 h / 全国指南第三版（2022）：24 小时内完成";
const CONTACTS: &str = "Zeku county's bulletin, May 2022: 57 close and 84 secondary contacts of 4 people / 泽库县通报：4 例，密接 57、次密接 84";
const PROTOCOL: &str =
    "protocol, 8th edition, in force in May 2022 / 第八版防控方案（2022 年 5 月施行）";
const FIRST_CREWS: &str =
    "first sessions 45 s a swab, practised 20 s / 首次上岗每人 45 秒，熟练 20 秒";
const SUITED: &str = "published shifts of 4 h in full suit, 1 h in heat, 6–7 h seen / 公开做法：全套防护 4 小时一班，高温 1 小时，也有 6–7 小时";
const DRESSING: &str =
    "observed: donning 7–15 min, doffing 14–23 min / 实测：穿 7–15 分钟，脱 14–23 分钟";
const HOUSEHOLDS: &str =
    "951 people in 350 household tubes, rural Xi'an / 西安农村：951 人 350 管（一户一管）";
const CADENCE: &str = "national guideline, 2nd edition (2021): daily where cases were found in the last 3 rounds, every 2nd day where within 14 days, else every 5th / 全国指南第二版（2021）：近 3 轮有病例每天一次，近 14 天有病例隔天一次，其余 5 天一次";
const CLEAR_DAYS: &str = "Beijing, May 2022: sealed and controlled for 10 days, counted anew with each case / 北京 2022 年 5 月：封控、管控 10 天，有新病例重新计算";
const CLEAR_ROUNDS: &str =
    "national guideline, 2nd edition (2021): at least 3 rounds / 全国指南第二版（2021）：至少 3 轮";
const PAIRS: &str =
    "rural Xi'an: pairs, 951 people in 350 household tubes / 西安农村：两人一组，951 人 350 管";
const AT_THE_DOOR: &str = "general knowledge: 3–12 min a household, 6 as a rule, walking, gloves and its people's swabs included / 一般经验：一户 3–12 分钟，多为 6 分钟，含走路、换手套和采样";
const TIERS: &str = "national guideline, 2nd edition (2021): 10 in 1, isolation singly / 全国指南第二版（2021）：10 合 1，隔离点单采";
const COURIERS: &str = "published practice: samples leave every 2 h / 公开做法：每 2 小时送一次样";
const ROADS: &str = "assumed: 5–120 min, cv 0.4 / 假定：5–120 分钟，变异系数 0.4";
const PLATE: &str = "96-well plate, 2–4 controls / 96 孔板，2–4 孔质控";
const CABIN: &str =
    "a mobile cabin laboratory: 10,000 tubes a day on 8 machines / 方舱实验室：8 台机日检 1 万管";
const BENCH: &str =
    "48 specimens in house: 4.8 h; automated: 2.5 h / 自建流程 48 份 4.8 小时，自动化 2.5 小时";
const SHIFTS: &str =
    "general knowledge: 2–3 suits a day in shifts of 4 h / 一般经验：4 小时一班，每天 2–3 套";
const REVIEW: &str = "general knowledge: 10–40 min a plate / 一般经验：每板 10–40 分钟";
const BENCH_HANDS: &str = "general knowledge: 10 s to receive, 15 s to open and transfer / 一般经验：接收 10 秒，开盖加样 15 秒";
const SENSITIVITY: &str =
    "general knowledge: 5–20 % of swabs miss an infected person / 一般经验：5–20 % 的拭子漏采";
const PAPER: &str = "general knowledge: 40–300 s on paper, typically 90 s, less 10 s to scan / 一般经验：手工登记 40–300 秒，常见 90 秒，减去扫码 10 秒";
const SLOTS: &str = "Jinjiang: slots of 15 min / 晋江：15 分钟一个时段";
const PUNCTUAL: &str = "general knowledge: 5–10 min / 一般经验：5–10 分钟";
const FRONT: &str = "Xi'an: 17.4 % of a day in its first 2 h; half-life 4–6 h / 西安：头 2 小时占全天 17.4 %，半衰 4–6 小时";
const PEAKS: &str = "general knowledge: 07–09 h and 18–20 h / 一般经验：7–9 时与 18–20 时";

const DISINFECTING: &str = "general knowledge: 0–60 min; Slovakia closed 12–13 h / 一般经验：0–60 分钟；斯洛伐克 12–13 时停采";

const INCIDENT: Kind = Kind::Word(&[
    also("site", &["采样点关闭", "关点"]),
    also("road", &["道路", "堵车"]),
    also("storm", &["风雨", "rain", "雨"]),
    also("upload", &["上传", "平台"]),
    also("people", &["人流"]),
    also("tubes", &["外来样本"]),
    also("staff", &["缺员", "人手"]),
    also("registration", &["登记", "扫码"]),
    also("machine", &["停机", "机器"]),
]);
const SURGE: Kind = Kind::Number {
    least: 1.1,
    most: 100.0,
};
const SLOWER: Kind = Kind::Number {
    least: 1.0,
    most: 100.0,
};
const SELDOM: Kind = Kind::Span {
    least: Span::HOUR,
    most: TEN_YEARS,
};

const COMING_BY: Kind = Kind::Word(&[
    also("cell", &["called", "按网格", "叫号"]),
    also("slots", &["slot", "预约", "分时段"]),
    also("even", &["均匀"]),
    also("front-loaded", &["早多晚少"]),
    also("two-peaks", &["早晚高峰"]),
    also("by-hour", &["hourly", "按小时"]),
    also("poisson", &["泊松"]),
    also("exponential", &["随机"]),
    also("regular", &["等间隔"]),
]);
const TIER: Kind = Kind::Word(TIER_WORDS);
const TIER_WORDS: &[Word] = &[
    also("precaution", &["防范区", "防范", "普通", "低风险", "常态"]),
    also("controlled", &["管控区", "管控", "中风险"]),
    also("sealed", &["封控区", "封控", "高风险"]),
    also("isolation", &["隔离点", "隔离", "集中隔离"]),
];
const ROLE_WORDS: &[Word] = &[
    also("scanner", &["扫码员", "扫码"]),
    also("swabber", &["采样员", "采样"]),
    also("guide", &["引导员", "引导"]),
];
const WHEN: &[Word] = &[
    also("positive", &["阳性"]),
    also("clear", &["无阳性", "连续无阳性"]),
    also("outstanding", &["积压", "待出"]),
    also("late", &["太晚", "出得晚"]),
];
const CELLWISE: &[&str] = &["positive", "clear"];
const OVERALL: &[&str] = &["outstanding", "late"];
const INTERVAL: Kind = Kind::Span {
    least: Span::HOUR,
    most: TEN_YEARS,
};
const PER: Kind = Kind::Word(&[
    also("lane", &["采样台", "台"]),
    also("site", &["采样点", "点"]),
]);

const fn key(path: &'static str, kind: Kind) -> Key {
    Key::new(path, kind)
}

/// The keys, in the order of the reference.
#[rustfmt::skip]
pub static KEYS: &[Key] = &[
    key("title", Kind::Text).example(r#""某县城 第一轮""#)
        .says("标题", "What the scenario is called"),
    key("title_en", Kind::Text).example(r#""A county town, round 1""#)
        .says("英文标题；省略时同 title", "Its English title; `title` if left out"),
    key("replications", Kind::Count { least: 1, most: 1_000_000 }).default("200", ASSUMED)
        .says("重复推演次数", "How many replications are simulated"),
    key("precision", Kind::Table).chosen()
        .says("推演到某项指标足够准为止（代替 replications）", "Replicate until a figure is this sure (in place of `replications`)"),
    key("precision.of", Kind::Word(&[word("results_end"), word("swabbing_ends"), word("turnaround"), word("wait")])).default(r#""results_end""#, ASSUMED)
        .says("看哪项指标：出完、采完、周转、候时", "Which figure: the last result, the last swab, mean turnaround, mean wait"),
    key("precision.to", LENGTH).required().example(r#""5 min""#)
        .says("95% 置信区间的半宽", "Half the width of its 95 % confidence interval"),
    key("precision.most", Kind::Count { least: 2, most: 1_000_000 }).default("2000", ASSUMED)
        .says("最多重复次数", "Never more replications than this"),
    key("seed", Kind::Count { least: 0, most: 10_000_000_000 }).default("1", ASSUMED)
        .says("随机种子；相同的种子得到相同的结果", "All luck derives from it: the same seed, the same results"),
    key("coordinates", Kind::Word(&[also("wgs84", &["wgs-84", "gps"]), also("gcj02", &["gcj-02", "高德", "腾讯"]), also("bd09", &["bd-09", "百度"])])).default(r#""wgs84""#, ASSUMED)
        .says("经纬度的坐标系", "The system of the coordinates below"),
    key("positions", Kind::Word(&[also("surveyed", &["实测"]), also("schematic", &["示意"])])).default(r#""surveyed""#, ASSUMED)
        .says("位置是实测的还是示意的（示意时地图注明）", "Whether positions are real or invented, so that a map says so"),
    key("levers", Kind::Levers).example(r#"["labs.lab.machines=1..4", "lane.pace=40..85", "couriers.van.every=1 h..4 h:30 min"]"#)
        .says("serve 的滑块：能动什么、从多少到多少，按此顺序；不影响结果；省略则自动选", "Sliders of `serve`: what may be moved, from where to where, in this order; changes no result; left out: chosen by the program"),

    key("hours", Kind::Table)
        .says("采样点开放时间", "When sites are open"),
    key("hours.open", Kind::Windows).default(r#"["07:00-12:00", "13:00-19:00"]"#, ASSUMED)
        .says("每天的开放时段，之间为休息；可以跨午夜", "Opening hours of each day, with breaks between; may pass midnight (\"20:00-02:00\")"),
    key("hours.setup", DAYTIME).default(r#""2 h""#, COUNTY_PLAN)
        .says("从下令到可以采第一人：培训、搭棚通电、条码和采样管到位", "From the order (`rounds.ordered`) to the first swab: staff trained, tent and power, barcodes and tubes"),
    key("hours.at_close", Kind::Word(&[also("serve", &["采完为止"]), also("send-home", &["请回"])])).default(r#""serve""#, ASSUMED)
        .says("收点时还在排队的人：serve 采完，send-home 请回", "Those still in the queue at close: `serve` them or `send-home`"),

    key("lane", Kind::Table)
        .says("采样台：一张桌子和它的一组人", "A lane: one table and its crew"),
    key("lane.crew", Kind::Table)
        .says("每台的人员", "Who works at each lane"),
    key("lane.crew.scanner", HEADS).default("1", ASSUMED)
        .says("扫码员", "Scanners, who bind people to tubes"),
    key("lane.crew.swabber", Kind::Count { least: 1, most: 100 }).default("1", ASSUMED)
        .says("采样员", "Swabbers"),
    key("lane.crew.guide", HEADS).default("1", ASSUMED)
        .says("引导员", "Guides, who call and keep order"),
    key("lane.pace", Kind::Pace { noun: "people" }).ranged().default(r#""60 people/h""#, MACAU)
        .says("每台的采样速度（整组人合计）", "How fast one lane swabs, the whole crew together"),
    key("lane.pace_cv", Kind::Number { least: 0.0, most: 5.0 }).default("0.4", PRACTISED)
        .says("每人用时的变异系数（标准差除以均值）", "How much the time of one person varies: standard deviation over mean"),
    key("lane.queue", Kind::Word(&[also("shared", &["合排"]), also("per-lane", &["分排"])])).default(r#""shared""#, ASSUMED)
        .says("全点排一条队，还是每台各排一队", "One queue for the site, or one for each lane"),
    key("lane.tube_change", DAYTIME).default(r#""40 s""#, ASSUMED)
        .says("每开一支新管，采样台耽误的时间", "What a lane loses each time it opens a fresh tube"),
    key("lane.paper", Kind::Table).chosen().example(r#"{ share = "3 %" }"#)
        .says("没有手机、要手工登记的人；省略则人人扫码", "People without a phone, registered on paper; left out: everyone is scanned"),
    key("lane.paper.share", Kind::Share).ranged().required().example(r#""3 %""#)
        .says("占多少人", "Their share"),
    key("lane.paper.more", LASTING).ranged().default(r#"{ lognormal = { mean = "80 s", cv = 0.7 } }"#, PAPER)
        .says("手工登记比扫码多用多久", "How much longer paper takes than to scan"),
    key("lane.paper.at", Kind::Reference).expert().example(r#""scan""#)
        .says("在哪个工位登记；省略（或该点没有这个工位）则在第一个", "The station that registers; left out (or not there at a site): the first"),
    key("lane.shifts", Kind::Windows).example(r#"["07:00-13:00", "13:00-19:00"]"#)
        .says("每台各班的时间；没人当班的台不接人，收点时当班的一班采完为止；省略则点开放就有人", "Hours of the crews of each lane: without a crew it takes nobody, and the crew on duty at close stays until the queue is served; left out: whenever the site is open"),
    key("lane.breaks", Kind::Table).chosen().example(r#"{ after = "2 h", length = "30 min" }"#)
        .says("休息：各台轮流停下，不同时停", "Rests: lanes pause by turns, not all at once"),
    key("lane.breaks.after", STRETCH).default(r#""2 h""#, ASSUMED)
        .says("一组人最多连续做多久", "The longest a crew works without one"),
    key("lane.breaks.length", Kind::Span { least: Span::MINUTE, most: TEN_DAYS }).default(r#""30 min""#, ASSUMED)
        .says("休息多久（穿脱防护服另计）", "How long it is, changing suits apart"),
    key("lane.suits", Kind::Table).chosen().example(r#"{ limit = "4 h" }"#)
        .says("防护服：穿脱要时间，穿着有时限；省略则不计", "Protective suits: changing takes time, and there is a limit in one; left out: not counted"),
    key("lane.suits.limit", STRETCH).default(r#""4 h""#, SUITED)
        .says("一套最多穿多久（高温、高原要缩短）", "The longest in one (less in heat and at altitude)"),
    key("lane.suits.donning", DAYTIME).default(r#""10 min""#, DRESSING)
        .says("穿上要多久：每班开头先穿", "Putting one on, at the beginning of each shift"),
    key("lane.suits.doffing", DAYTIME).default(r#""18 min""#, DRESSING)
        .says("脱下要多久", "Taking it off"),
    key("lane.suits.relief", Kind::Flag).default("false", ASSUMED)
        .says("有没有下一组人穿好等着接班：true 则换人不停台（人员要两倍），false 则穿脱时停台", "Whether another crew is dressed and waiting: `true`, the lane goes on (with twice the staff); `false`, it pauses for changing"),
    key("lane.learning", Kind::Table).chosen().example(r#"{ times = 2.25, for = "2 h" }"#)
        .says("新手：每点头一天各班开头采样慢", "New crews: swabs take longer at the beginning of each shift on the first day of a site"),
    key("lane.learning.times", Kind::Number { least: 1.0, most: 10.0 }).default("2.25", FIRST_CREWS)
        .says("采样用时的倍数", "Times as long"),
    key("lane.learning.for", LENGTH).default(r#""2 h""#, ASSUMED)
        .says("慢多久", "For so long"),
    key("lane.by_hour", Kind::Weights).example("[1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.2, 1.1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.2, 1.2, 1.3, 1.3]")
        .says("0 时起各小时用时的倍数（天冷、天黑则慢），0.1 到 10，共 24 个数", "Times as long everything takes at a site in each hour from 00:00 (cold, dark): 24 numbers, 0.1 to 10"),

    key("staff", Kind::Tables)
        .says("采样点的人员从哪里来：按到场的人分台，凑得齐一组人的台才开；可写 \"文件.xlsx#工作表\"、\".csv\" 或在此列出；省略则每台都有自己的人（lane.crew）", "Where the crews of lanes come from: a lane is open when there are people for its whole crew; \"file.xlsx#sheet\", a .csv file, or listed here; left out: every lane has its own (`lane.crew`)"),
    key("staff[].id", Kind::Id).required().example(r#""hospital""#)
        .says("编号", "Its id"),
    key("staff[].name", Kind::Text).example(r#""县医院医护""#)
        .says("名称", "Its name"),
    key("staff[].name_en", Kind::Text).example(r#""County hospital""#)
        .says("英文名称", "Its English name"),
    key("staff[].people", Kind::Count { least: 0, most: 100_000 }).ranged().required().example("48")
        .says("人数", "How many people"),
    key("staff[].roles", Kind::Words(ROLE_WORDS)).required().example(r#"["scanner", "swabber"]"#)
        .says("会做什么：扫码、采样、引导；会几样的人缺什么补什么", "What each of them can do: scan, swab, guide; who can do several helps where someone lacks"),
    key("staff[].hours", Kind::Windows).example(r#"["07:00-19:00"]"#)
        .says("每天当班的时间；省略则整天", "Hours in which they are on duty each day; left out: at any hour"),
    key("staff[].from", Kind::Moment).example(r#""2022-05-09 12:00""#)
        .says("何时到（如外援）；省略则一直在", "From when (seconded staff); left out: all along"),
    key("staff[].until", Kind::Moment).example(r#""2022-05-14 20:00""#)
        .says("何时走；省略则到最后", "Until when; left out: to the end"),
    key("staff[].limit", STRETCH).example(r#""8 h""#)
        .says("每人每天最多当班多久；省略则不限", "The longest each is on duty in a day; left out: no limit"),
    key("staff[].absent", Kind::Share).ranged().example(r#""3 %""#)
        .says("每轮每人缺勤的概率；省略则都到", "The chance that each is absent in a round; left out: nobody is"),
    key("staff[].tiers", Kind::Words(TIER_WORDS)).example(r#"["sealed", "isolation"]"#)
        .says("固定在哪些类别的采样点（闭环，按点上最严的网格算）；省略则哪里都去", "The tiers whose sites they are locked to (a closed loop; of a site the strictest of its cells counts); left out: any"),
    key("staff[].released", Kind::Moment).example(r#""2022-05-12 08:00""#)
        .says("何时起也可去别处：脱下、路上、再穿上之后", "From when they may go elsewhere too: after undressing, the road and dressing"),
    key("staff[].road", DAYTIME).example(r#""40 min""#)
        .says("去别处路上要多久；省略则不费时", "How long the road there takes; left out: no time"),

    key("coming", Kind::Table)
        .says("群众何时到点", "When people come"),
    key("coming.by", COMING_BY).default(r#""cell""#, ASSUMED)
        .says(
            "怎么来：cell 按网格分批叫；slots 预约时段；even 均匀；front-loaded 早多晚少；two-peaks 早晚高峰；by-hour 按小时；poisson、exponential、regular 供分析",
            "How people come: `cell`, called in batches; `slots`, booked; `even`, `front-loaded`, `two-peaks`, `by-hour`, freely; `poisson`, `exponential`, `regular`, for analysts"),
    key("coming.batch", Kind::Count { least: 1, most: 100_000 }).when("by", &["cell"]).default("40", ASSUMED)
        .says("每批叫多少人", "People called at once"),
    key("coming.notice", DAYTIME).when("by", &["cell"]).default(r#""45 min""#, ASSUMED)
        .says("从通知到第一人到点", "From the call to the first of the batch at the site"),
    key("coming.spread", DAYTIME).when("by", &["cell"]).default(r#""10 min""#, ASSUMED)
        .says("一批人从第一个到最后一个", "From the first of a batch to the last"),
    key("coming.tempo", Kind::Number { least: 0.1, most: 10.0 }).ranged().when("by", &["cell"]).default("1.0", ASSUMED)
        .says("叫人的速度与采样速度之比；1 正好跟上", "How fast batches are called over how fast the lanes swab; 1 keeps up exactly"),
    key("coming.walk", Kind::Flag).when("by", &["cell"]).example("true")
        .says("从家走到点是否另算：true 则按经纬度和 [walking] 加在 notice 之后；省略则已在 notice 之内", "Whether the walk from home counts apart: with `true` it comes, by positions and [walking], on top of `notice`; left out: it is part of it"),
    key("coming.callers", Kind::Table).chosen().when("by", &["cell"]).example("{ workers = 2 }")
        .says("上门通知的网格员：叫人不能比挨户敲门快；省略则通知要多快有多快", "Grid workers who go from door to door: nobody is called before they knock; left out: calls are as fast as need be"),
    key("coming.callers.workers", Kind::Count { least: 1, most: 10_000 }).ranged().required().example("2")
        .says("每个网格几名", "How many in each cell"),
    key("coming.callers.households", Kind::Number { least: 0.1, most: 100_000.0 }).ranged().default("30.0", ASSUMED)
        .says("每名每小时通知几户（一户人数同 coming.households，没写则 2.72）", "Households that each calls on in an hour (as large as `coming.households`, else 2.72)"),
    key("coming.width", Kind::Span { least: Span::MINUTE, most: Span::DAY }).when("by", &["slots"]).default(r#""15 min""#, SLOTS)
        .says("一个时段多长", "Width of a slot"),
    key("coming.punctuality", DAYTIME).when("by", &["slots"]).default(r#""8 min""#, PUNCTUAL)
        .says("早到晚到的标准差", "Standard deviation of coming early or late"),
    key("coming.no_show", Kind::Share).ranged().when("by", &["slots"]).example(r#""5 %""#)
        .says("约了不来的占多少（一般经验 2–15 %）；省略则都来", "The share of the booked who do not come (general knowledge: 2–15 %); left out: all come"),
    key("coming.walk_in", Kind::Share).ranged().when("by", &["slots"]).example(r#""10 %""#)
        .says("不预约、开放时间内随时来的占多少（香港首日 10 %，第九日 45 %）；省略则都预约", "The share of those due who do not book and come evenly while the site is open (Hong Kong: 10 % on the first day, 45 % on the ninth); left out: all book"),
    key("coming.half_life", Kind::Span { least: Span::MINUTE, most: TEN_DAYS }).when("by", &["front-loaded"]).default(r#""5 h""#, FRONT)
        .says("每过这么久人流减半", "After which the flow has halved"),
    key("coming.morning", Kind::Clock).when("by", &["two-peaks"]).default(r#""08:00""#, PEAKS)
        .says("早高峰", "Time of the morning peak"),
    key("coming.evening", Kind::Clock).when("by", &["two-peaks"]).default(r#""19:00""#, PEAKS)
        .says("晚高峰", "Time of the evening peak"),
    key("coming.morning_share", Kind::Share).when("by", &["two-peaks"]).default(r#""50 %""#, ASSUMED)
        .says("早高峰占多少人", "Share of the people who come about the morning peak"),
    key("coming.peak_width", Kind::Span { least: Span::MINUTE, most: Span::DAY }).when("by", &["two-peaks"]).default(r#""45 min""#, ASSUMED)
        .says("高峰的标准差", "Standard deviation of each peak"),
    key("coming.weights", Kind::Weights).when("by", &["by-hour"]).required().example("[0, 0, 0, 0, 0, 0, 0, 6, 9, 9, 7, 5, 3, 5, 6, 6, 6, 5, 4, 0, 0, 0, 0, 0]")
        .says("0 时起每小时的人流之比，共 24 个数", "The flow of each hour from 00:00, in proportion: 24 numbers"),
    key("coming.rate", Kind::Pace { noun: "people" }).ranged().expert().when("by", &["poisson"]).required().example(r#""300 people/h""#)
        .says("每个网格的到达率", "Arrivals of each cell"),
    key("coming.over", LENGTH).expert().when("by", &["exponential"]).required().example(r#""10 h""#)
        .says("应到的人以指数间隔在这段时间内到齐（均值）", "The time in which those due come on average, at exponential intervals"),
    key("coming.every", DAYTIME).expert().when("by", &["regular"]).required().example(r#""30 s""#)
        .says("相邻两人的间隔；0 表示开点时全部到齐", "Interval from one to the next; zero brings all at once"),
    key("coming.households", Kind::Sizes).example("2.72")
        .says("按户到达：一户几人（平均数，或 1、2、3… 人户各占的权重）；同户的人同时到、排在一起；省略则各来各的", "Households come together: people in one, a mean or the weights of 1, 2, 3 … (2.72 in a rural round); left out: everyone comes alone"),
    key("coming.forms", Kind::Sizes).expert().example("[60, 25, 10, 5]")
        .says("每人带几张表（替几个人办）：1、2、3… 张各占多少，或平均几张；用于 service_for = \"form\" 的工位", "How many forms a person brings: the weights of 1, 2, 3 …, or a mean; counts where `service_for = \"form\"`"),

    key("waiting", Kind::Table).chosen()
        .says("门口排队的限度；省略则再长也排、排了就等到底", "What bounds the line at the door; left out: everyone joins and stays"),
    key("waiting.space", Kind::Count { least: 0, most: 1_000_000 }).ranged().example("200")
        .says("站得下多少人排队（规定要能容 200 人，间距 1 米）；满了请回，算未采；省略则不限", "Room for so many in line (the rule asks for 200, a meter apart); who finds it full is sent home and missed; left out: no limit"),
    key("waiting.put_off", Kind::Table).chosen().example(r#"{ from = 100, share = "30 %" }"#)
        .says("见队太长掉头就走的人；省略则没有", "People who turn round because the line is long; left out: nobody"),
    key("waiting.put_off.from", Kind::Count { least: 1, most: 1_000_000 }).ranged().required().example("100")
        .says("队里有多少人就嫌长", "When so many wait, or more"),
    key("waiting.put_off.share", Kind::Share).ranged().required().example(r#""30 %""#)
        .says("这时来的人里掉头的占多少", "The share of those who come then and turn round"),
    key("waiting.patience", LASTING).ranged().example(r#"{ exponential = "90 min" }"#)
        .says("最多肯排多久（从站进队里、点也开着算起）；还没轮到就走，算未采；省略则一直等", "How long a person stays in line, from when the site is open; who is not served by then goes home and is missed; left out: to the end"),

    key("tubes", Kind::Table)
        .says("采样管", "Tubes"),
    key("tubes.pool", POOL).ranged().example("10")
        .says("每管多少人：一个数，或 \"household\"（一户一管），或按类别分别给出", "People in a full tube: a number, or \"household\" (a tube for each), for all or for each tier"),
    key("tubes.pool.precaution", POOL).ranged().default("10", TIERS)
        .says("防范区", "Precaution areas and everyone else"),
    key("tubes.pool.controlled", POOL).ranged().default("10", TIERS)
        .says("管控区", "Controlled areas"),
    key("tubes.pool.sealed", POOL).ranged().default("3", "one household a tube, 2.7 people on average / 一户一管，户均 2.7 人")
        .says("封控区", "Sealed areas"),
    key("tubes.pool.isolation", POOL).ranged().default("1", TIERS)
        .says("隔离点", "Isolation sites"),
    key("tubes.household_most", Kind::Count { least: 1, most: 100 }).example("5")
        .says("一户一管（pool = \"household\"）时一管最多几人，多的另开一管；省略则 5 人（公开做法：一户超过 5 人另加一管）", "The most people in a tube of a household (with pool = \"household\"), the others of the household go into another; left out: 5 (published: more than 5, another tube)"),
    key("tubes.per", PER).default(r#""lane""#, ASSUMED)
        .says("每台各装各的管，还是全点依次装一支", "Each lane fills its own tube, or the site one after another"),
    key("tubes.close", Kind::Table)
        .says("未装满的管何时封", "When a tube that is not full is closed"),
    key("tubes.close.age", LENGTH).example(r#""30 min""#)
        .says("距第一人这么久后封管；省略则不限", "So long after its first swab; left out: no limit"),
    key("tubes.close.idle", LENGTH).example(r#""10 min""#)
        .says("距最近一人这么久后封管；省略则不限", "So long after its latest swab; left out: no limit"),
    key("tubes.close.boundary", Kind::Word(&[also("tier", &["类别"]), also("cell", &["网格"]), also("household", &["户"])])).example(r#""cell""#)
        .says("哪些人不同管：tier 不同类别，cell 不同网格，household 不同户；省略则只有每管人数不同的不同管", "Whom a tube does not hold together: people of several tiers, cells or households; left out: only people whose tubes hold another number"),
    key("tubes.close.pickup", Kind::Flag).default("true", ASSUMED)
        .says("收样时封管带走", "A pickup closes and takes it"),
    key("tubes.expire", Kind::Table).chosen().example(r#"{ after = "6 h" }"#)
        .says("样本的时效：第一人采样后最迟多久送达实验室", "How old a specimen may be: from the first swab in the tube to the laboratory's door"),
    key("tubes.expire.after", LENGTH).ranged().required().example(r#""6 h""#)
        .says("时限（一般做法为采后 2–6 小时内送达；室温下约 8 小时）", "The limit; practice is 2–6 h from swab to laboratory, stability about 8 h at room temperature"),
    key("tubes.expire.then", Kind::Word(&[also("flag", &["记录"]), also("re-swab", &["重采"])])).default(r#""flag""#, ASSUMED)
        .says("超时的管：flag 照样检测、只作记录；re-swab 不检测，其中的人没有结果，要重采", "A tube that is too old: `flag` it and test it all the same, or `re-swab`: it is not tested and its people have no result"),

    key("tubes.faults", Kind::Table).chosen().expert().example(r#"{ unsatisfactory = "0.74 %", lost = "0.1 %" }"#)
        .says("管在检测之前可能出的事；不写就不发生", "What may happen to tubes before they are tested; what is left out does not"),
    key("tubes.faults.lost", Kind::Share).ranged().expert().example(r#""0.05 %""#)
        .says("路上丢失的管：永远到不了", "Tubes lost on the way: they never come"),
    key("tubes.faults.leaking", Kind::Share).ranged().expert().example(r#""0.1 %""#)
        .says("接收时发现渗漏的管：出不了结果，这些人要重采", "Tubes found leaking when they are received: no result, their people must be swabbed again"),
    key("tubes.faults.unsatisfactory", Kind::Share).ranged().expert().example(r#""0.74 %""#)
        .says("不合格标本（公开数据：39,297 份中 292 份，即 0.74 %）：接收时发现，出不了结果，要重采", "Specimens that cannot be tested (published: 292 of 39,297, 0.74 %), as is seen when they are received: no result, to be swabbed again"),
    key("tubes.faults.mismatched", Kind::Share).ranged().expert().example(r#""0.2 %""#)
        .says("管与登记对不上的：核对清楚才能出结果", "Tubes that disagree with the register: their results wait until the two are reconciled"),
    key("tubes.faults.unbound", Kind::Share).ranged().expert().example(r#""0.3 %""#)
        .says("采了样却没绑到名下的人（扫码失败、扫重、贴错）：管照常检测，结果到不了本人，要重采", "People whose swab is in a tube and not bound to their name (not scanned, scanned twice, a wrong label): the tube is tested like all others, and they have no result and must be swabbed again"),
    key("tubes.faults.reconcile", LENGTH).ranged().expert().default(r#""30 min""#, ASSUMED)
        .says("核对一管所需的时间", "How long it takes to reconcile one"),

    key("couriers", Kind::Tables)
        .says("送样：车队按时刻表到采样点收样，送往一个实验室", "Couriers: vehicles that collect from sites on a timetable and carry to one laboratory"),
    key("couriers[].id", Kind::Id).required().example(r#""van""#)
        .says("编号", "Its id"),
    key("couriers[].name", Kind::Text).example(r#""送样车""#)
        .says("名称", "Its name"),
    key("couriers[].name_en", Kind::Text).example(r#""Vans""#)
        .says("英文名称", "Its English name"),
    key("couriers[].sites", Kind::References).example(r#"["S1", "S2"]"#)
        .says("所到的采样点，按行车次序；省略则为其他车队没有写到的各点", "The sites it serves, in driving order; left out: those no other courier names"),
    key("couriers[].to", Kind::Reference).example(r#""county-lab""#)
        .says("送往哪个实验室；只有一个时可省略", "The laboratory it goes to; may be left out if there is only one"),
    key("couriers[].every", LENGTH).ranged().default(r#""2 h""#, COURIERS)
        .says("发车间隔", "From one departure to the next"),
    key("couriers[].first", ANY_LENGTH).example(r#""2 h""#)
        .says("开轮后多久第一次发车；省略则同 every", "From the opening of the round to the first departure; left out: as `every`"),
    key("couriers[].route", Kind::Word(&[also("loop", &["巡回"]), also("direct", &["直送"])])).default(r#""loop""#, ASSUMED)
        .says("走法：loop 车辆依次巡回各点；direct 每点各有一车直送", "How vehicles go: `loop`, they share the sites and drive rounds; `direct`, each site has its own vehicle straight to the laboratory"),
    key("couriers[].vehicles", Kind::Count { least: 1, most: 10_000 }).ranged().when("route", &["loop"]).default("1", ASSUMED)
        .says("车辆数", "How many vehicles"),
    key("couriers[].leg", VARYING).ranged().when("route", &["loop"]).default(r#"{ lognormal = { mean = "10 min", cv = 0.4 } }"#, ROADS)
        .says("相邻两点之间的路程（从实验室到第一点也算）", "The road from one stop to the next, and from the laboratory to the first"),
    key("couriers[].road", VARYING).ranged().default(r#"{ lognormal = { mean = "20 min", cv = 0.4 } }"#, ROADS)
        .says("最后一点到实验室的路程", "The road from the last stop to the laboratory"),
    key("couriers[].per_stop", DAYTIME).default(r#""5 min""#, ASSUMED)
        .says("每点交接的时间", "Time at each stop for handing over"),
    key("couriers[].call", Kind::Table).chosen().example(r#"{ tubes = 60, after = "1 h" }"#)
        .says("随叫随到（代替 every、first）：各点共用车辆，先叫先去；只收已封的管", "Called, in place of `every` and `first`: sites share the vehicles, who calls first is served first; only closed tubes are taken"),
    key("couriers[].call.tubes", CARRIED).ranged().example("60")
        .says("一个点攒到多少支已封的管就叫车；省略则只按 after", "A site calls when so many closed tubes wait; left out: only by `after`"),
    key("couriers[].call.after", LENGTH).ranged().default(r#""2 h""#, COURIERS)
        .says("最早封的管等了这么久也叫车", "It also calls when a closed tube has waited so long"),
    key("couriers[].call.stops", Kind::Count { least: 1, most: 10_000 }).example("1")
        .says("一趟最多去几个点（1 为专程直送）；省略则发车时叫了车的都去", "Sites that one trip serves at most (1: straight there and back); left out: all that have called when it leaves"),
    key("couriers[].hours", Kind::Windows).example(r#"["06:00-23:00"]"#)
        .says("可以行车的时段，其余时间（如夜间）等在原地；省略则昼夜通行", "Hours in which vehicles may set off; at others (nights) they wait where they are; left out: at any hour"),
    key("couriers[].checkpoint", Kind::Table).chosen().example(r#"{ delay = "15 min" }"#)
        .says("回实验室途中每趟过一次的检查站", "A checkpoint that each trip passes once on its way to the laboratory"),
    key("couriers[].checkpoint.delay", VARYING).ranged().required().example(r#"{ lognormal = { mean = "15 min", cv = 0.5 } }"#)
        .says("过站用时", "How long it takes"),
    key("couriers[].checkpoint.by_hour", Kind::Weights).example("[1, 1, 1, 1, 1, 1, 1, 2, 3, 2, 1, 1, 1, 1, 1, 1, 1, 2, 3, 2, 1, 1, 1, 1]")
        .says("各小时的倍数，按离开最后一点的钟点；省略则全天一样", "Times as long in each hour, by when the trip leaves its last stop; left out: the same all day"),
    key("couriers[].capacity", CARRIED).ranged().example("200")
        .says("每辆车装多少管（或 { boxes = …, tubes = … }）；装满后其余留给下一趟，先采的先走；省略则不限", "Tubes a vehicle holds (or { boxes = …, tubes = … }); a full one leaves the others for its next trip, those first swabbed go first; left out: no limit"),
    key("couriers[].capacity.boxes", Kind::Count { least: 1, most: 10_000 }).ranged().required().example("6")
        .says("箱数；一箱在一个点装好封箱，不与别的点合装", "Boxes; each is packed and closed at one site"),
    key("couriers[].capacity.tubes", CARRIED).ranged().required().example("48")
        .says("每箱管数", "Tubes in a full box"),

    key("roads", Kind::Table).chosen()
        .says("路程按每两点分别算（可直接写 roads = \"roads.csv\"）；送样车自己写了 leg 或 road 的，以它写的为准", "Driving times pair by pair (roads = \"roads.csv\" in short); a courier that says its own `leg` or `road` keeps it"),
    key("roads.times", Kind::Tables).example("[]")
        .says("两点间的行车时间：\"roads.csv\" 或 \"roads.xlsx#工作表\"（首行、首列是编号的分钟表，或 从、到、分钟 三列），或在此列出；只写一个方向的，两个方向都按它", "Driving times: \"roads.csv\" or \"roads.xlsx#sheet\" (ids along the first row and column, minutes in the cells; or columns from, to, minutes), or listed here; given one way, they hold both ways"),
    key("roads.times[].from", Kind::Reference).required().example(r#""S1""#)
        .says("从哪里：采样点或实验室的编号", "From: the id of a site or laboratory"),
    key("roads.times[].to", Kind::Reference).required().example(r#""county-lab""#)
        .says("到哪里", "To"),
    key("roads.times[].takes", DAYTIME).example(r#""12 min""#)
        .says("平均多久", "How long it takes on average"),
    key("roads.speed", Kind::Speed).ranged().example(r#""40 km/h""#)
        .says("车速：times 里没有的两点按经纬度的直线距离、绕行和此速度算", "How fast vehicles drive: pairs that are not in `times` go by the straight line between their positions, the detour and this speed"),
    key("roads.detour", Kind::Number { least: 1.0, most: 20.0 }).default("1.3", ASSUMED)
        .says("路程与直线距离之比（配合 speed）", "Length of the road over the straight line (with `speed`)"),
    key("roads.cv", Kind::Number { least: 0.0, most: 5.0 }).default("0.4", ROADS)
        .says("每趟用时的变异系数；0 表示每趟一样", "How much one drive varies: standard deviation over mean; 0: always the same"),

    key("labs", Kind::Tables)
        .says("实验室", "Laboratories"),
    key("labs[].id", Kind::Id).required().example(r#""county-lab""#)
        .says("编号", "Its id"),
    key("labs[].name", Kind::Text).example(r#""县疾控实验室""#)
        .says("名称", "Its name"),
    key("labs[].name_en", Kind::Text).example(r#""County laboratory""#)
        .says("英文名称", "Its English name"),
    key("labs[].rent", AMOUNT).ranged().example("20000")
        .says("租金，每天：从就绪（ready）起到末轮的 deadline（要写 [cost]）", "Its rent for a day, from when it is ready to the deadline of the last round (with [cost])"),
    key("labs[].lon", Kind::Number { least: -180.0, most: 180.0 }).example("101.4712")
        .says("经度（[roads] 按距离算路程时用）", "Longitude, where [roads] go by distance"),
    key("labs[].lat", Kind::Number { least: -90.0, most: 90.0 }).example("35.0391")
        .says("纬度", "Latitude"),
    key("labs[].machines", Kind::Count { least: 1, most: 100_000 }).ranged().example("4")
        .says("扩增仪台数（除非写了 stages，否则必填）", "PCR machines; needed unless `stages` are given"),
    key("labs[].plate", Kind::Table)
        .says("扩增板", "The plate of a run"),
    key("labs[].plate.wells", Kind::Count { least: 1, most: 100_000 }).ranged().default("96", PLATE)
        .says("孔数", "Wells"),
    key("labs[].plate.controls", Kind::Count { least: 0, most: 10_000 }).default("2", PLATE)
        .says("其中质控孔", "Wells that hold controls"),
    key("labs[].run", LASTING).ranged().default(r#""108 min""#, CABIN)
        .says("扩增仪一轮用时，含上样", "One cycle of a machine, loading included"),
    key("labs[].bench_time", Kind::Span { least: MILLI, most: TEN_DAYS }).ranged().default(r#""4.8 h""#, BENCH)
        .says("一管不排队时从进门到出结果的全部时间", "All the time of a tube from the door to its result, if it never waits"),
    key("labs[].per_tube", LASTING).ranged().default(r#"{ gamma = { mean = "25 s", cv = 0.5 } }"#, BENCH_HANDS)
        .says("每管的人工时间：接收、消毒、扫码、开盖、加样", "Hands on each tube: received, disinfected, scanned, opened, transferred"),
    key("labs[].review", VARYING).ranged().default(r#""20 min""#, REVIEW)
        .says("结果审核", "Review of the results of a run"),
    key("labs[].upload", Kind::Span { least: Span::SECOND, most: TEN_DAYS }).example(r#""30 min""#)
        .says("每隔多久统一上传；省略则审核完即出结果", "Results go out together so often; left out: each as it is reviewed"),
    key("labs[].start", Kind::Word(&[also("at-once", &["立即"]), also("full", &["满板"])])).default(r#""at-once""#, ASSUMED)
        .says("何时开机：有管就开、满板才开，或 { at_least = 48, after = \"30 min\" }", "When a free machine starts: `at-once`, `full`, or { at_least = 48, after = \"30 min\" }"),
    key("labs[].start.at_least", Kind::Count { least: 1, most: 100_000 }).required().example("48")
        .says("至少攒够这么多管", "When so many tubes wait"),
    key("labs[].start.after", LENGTH).example(r#""30 min""#)
        .says("或第一管等了这么久", "Or when the first has waited so long"),
    key("labs[].crews", Kind::Tables).default(r#"[{ hours = "00:00-24:00", technicians = 8 }]"#, ASSUMED)
        .says("检验人员班次", "Who is on duty when"),
    key("labs[].crews[].hours", Kind::Window).required().example(r#""08:00-20:00""#)
        .says("当班时段，可跨午夜", "Hours of the shift; may pass midnight"),
    key("labs[].crews[].technicians", Kind::Count { least: 0, most: 100_000 }).required().example("6")
        .says("人数", "How many"),
    key("labs[].ready", Kind::Moment).example(r#""2022-05-09 05:00""#)
        .says("何时可用（如移动实验室到位）；省略则一直可用", "Nothing starts before (a mobile laboratory on its way); left out: always ready"),
    key("labs[].ordered", Kind::Moment).example(r#""2022-05-09 05:00""#)
        .says("何时下单租用（代替 ready）：加上运输和安装调试才可用", "When a rented laboratory is ordered, in place of `ready`: it works after its transport and set-up"),
    key("labs[].transport", DAYTIME).example(r#""9 h""#)
        .says("从下单到运抵", "From the order to its arrival"),
    key("labs[].set_up", DAYTIME).example(r#""5 h""#)
        .says("从运抵到可以检测：安装、接电、调试、验证", "From its arrival to the first test: built up, connected, verified"),
    key("labs[].more", Kind::Tables).example(r#"[{ from = "2022-05-10 08:00", machines = 2 }]"#)
        .says("陆续增加的扩增仪", "PCR machines that come later"),
    key("labs[].more[].from", Kind::Moment).required().example(r#""2022-05-10 08:00""#)
        .says("何时起", "From when"),
    key("labs[].more[].machines", Kind::Count { least: 1, most: 100_000 }).required().example("2")
        .says("多几台", "How many more"),
    key("labs[].down", Kind::Tables).example(r#"[{ from = "2022-05-10 08:00", until = "2022-05-10 10:00", machines = 1 }]"#)
        .says("停机：停机时正在跑的一轮作废，那些管重新排队", "Machines that stand still; a run in one is lost and its tubes wait in line again"),
    key("labs[].down[].from", Kind::Moment).required().example(r#""2022-05-10 08:00""#)
        .says("何时起", "From when"),
    key("labs[].down[].until", Kind::Moment).required().example(r#""2022-05-10 10:00""#)
        .says("到何时", "Until when"),
    key("labs[].down[].machines", Kind::Count { least: 1, most: 100_000 }).example("1")
        .says("几台；省略则全部", "How many; left out: all"),
    key("labs[].overflow", Kind::Table).chosen().example(r#"{ to = "prefecture-lab", over = 2000, takes = "90 min" }"#)
        .says("积压时转送：送样车到门口时还没上机的管多于 over，这一批就由本实验室的车转送到另一家；省略则照收", "Sent on when too much waits: what a courier brings from a site while more than `over` tubes have not begun their test is driven on to another laboratory, by a van of this one; left out: everything is taken in"),
    key("labs[].overflow.to", Kind::Reference).required().example(r#""prefecture-lab""#)
        .says("转送到哪个实验室", "To which laboratory"),
    key("labs[].overflow.over", Kind::Count { least: 0, most: 100_000_000 }).ranged().required().example("2000")
        .says("已收下而还没上机检测的管多于这么多就转送", "When more tubes than this have been taken in and have not begun their test"),
    key("labs[].overflow.takes", VARYING).ranged().example(r#""90 min""#)
        .says("从门口到那家实验室要多久，含交接；省略则按 [roads]", "From this door to that of the other laboratory, handing over included; left out: as [roads] say"),
    key("labs[].breakdowns", Kind::Table).chosen().example(r#"{ every = "10 days", repair = "2 h" }"#)
        .says("机器会坏：每台各凭运气，正在跑的一轮作废，那些管重新排队；省略则不坏", "Machines fail, each by its own luck; a run in one is lost and its tubes wait in line again; left out: none fails"),
    key("labs[].breakdowns.every", Kind::Span { least: Span::HOUR, most: TEN_YEARS }).ranged().required().example(r#""10 days""#)
        .says("一台机器平均多久坏一次（至少是一轮用时的两倍）", "How long a machine lasts on average (at least twice as long as a run)"),
    key("labs[].breakdowns.repair", LASTING).ranged().default(r#"{ exponential = "2 h" }"#, ASSUMED)
        .says("修好要多久", "How long a repair takes"),
    key("labs[].faults", Kind::Table).chosen().expert().example(r#"{ invalid = "0.08 %", inconclusive = "0.17 %", failed_runs = "0.5 %" }"#)
        .says("检测可能出的事；不写就不发生", "What may go wrong with tests; what is left out does not"),
    key("labs[].faults.invalid", Kind::Share).ranged().expert().example(r#""0.08 %""#)
        .says("无效结果（内标未检出；公开数据：39,297 管中 31 管，即 0.08 %）：原管复检", "Invalid tests (no human control; published: 31 of 39,297, 0.08 %): the original tube is tested again"),
    key("labs[].faults.inconclusive", Kind::Share).ranged().expert().example(r#""0.17 %""#)
        .says("可疑结果（单靶标；公开数据：39,297 管中 67 管，即 0.17 %）：原管复检", "Inconclusive tests (one target only; published: 67 of 39,297, 0.17 %): the original tube is tested again"),
    key("labs[].faults.failed_runs", Kind::Share).ranged().expert().example(r#""0.5 %""#)
        .says("质控失败的板（一般经验 0.2–2 %）：全板重做，最多 50 %", "Runs whose controls fail (general knowledge: 0.2 to 2 %): all their tubes go again; at most 50 %"),
    key("labs[].faults.retests", Kind::Count { least: 0, most: 9 }).expert().default("1", ASSUMED)
        .says("一管最多复检几次；仍不明确就出不了结果，这些人要重采", "How often a tube is tested again at most; still unclear it has no result, and its people must be swabbed again"),
    key("labs[].faults.retest_from", Kind::Reference).expert().example(r#""receive""#)
        .says("复检从哪一步做起；省略则从第一步", "From which stage a tube is tested again; left out: the first"),
    key("labs[].faults.rerun_from", Kind::Reference).expert().example(r#""pcr""#)
        .says("质控失败的板从哪一步重做；省略则从检测那一步", "From which stage a failed run goes again; left out: the test itself"),
    key("labs[].verdict", Kind::Table).chosen().expert().example(r#"{ sensitivity = "90 %", false_positives = "0.02 %" }"#)
        .says("检出阳性管；省略则不判阴阳", "Finding positive tubes; left out: nothing is looked for"),
    key("labs[].verdict.sensitivity", Kind::Share).ranged().expert().default(r#""90 %""#, SENSITIVITY)
        .says("一个感染者的拭子被检出的概率；混采是多个拭子同管，互不稀释", "The chance that an infected person's swab is detected; swabs share a tube and do not dilute one another"),
    key("labs[].verdict.false_positives", Kind::Share).ranged().expert().example(r#""0.02 %""#)
        .says("没有感染者的管误判阳性的概率（一般经验 0.005–0.1 %）", "The chance that a tube without infected people is detected (general knowledge: 0.005 to 0.1 %)"),
    key("labs[].verdict.retest_from", Kind::Reference).expert().example(r#""receive""#)
        .says("阳性原管复核从哪一步做起；省略则从第一步", "From which stage the original of a positive tube is tested again; left out: the first"),
    key("labs[].verdict.priority", PRIORITY).expert().default("9", ASSUMED)
        .says("复核的优先级：0 与大家一起排队，9 最先", "How urgent that is: 0 stands in line with all others, 9 goes first"),
    key("labs[].verdict.first_report", ANY_LENGTH).expert().default(r#""30 min""#, ASSUMED)
        .says("从复核阳性到报出初筛阳性", "From the second positive test to the first report"),
    key("labs[].wip", Kind::Count { least: 1, most: 1_000_000 }).expert().example("500")
        .says("实验室里同时最多管数，其余在门口等；省略则不限", "Tubes in the laboratory at most, the rest waits at the door; left out: any number"),
    key("labs[].test", Kind::Reference).expert().example(r#""pcr""#)
        .says("stages 中哪一步是检测；省略则为最后一个用机器的步骤", "Which of `stages` makes the test; left out: the last one with machines"),
    key("labs[].stages", Kind::Tables).expert()
        .says("逐步写出流程（代替 machines、bench_time 等）", "The chain of stages (in place of `machines`, `bench_time` and the like)"),
    key("labs[].stages[].id", Kind::Id).expert().required().example(r#""extract""#)
        .says("编号", "Its id"),
    key("labs[].stages[].name", Kind::Text).expert().example(r#""提取""#)
        .says("名称", "Its name"),
    key("labs[].stages[].name_en", Kind::Text).expert().example(r#""Extraction""#)
        .says("英文名称", "Its English name"),
    key("labs[].stages[].workers", Kind::Table).expert().chosen()
        .says("由人逐管处理", "Workers take one tube after another"),
    key("labs[].stages[].workers.per_tube", LASTING).expert().ranged().required().example(r#"{ gamma = { mean = "25 s", cv = 0.5 } }"#)
        .says("每管用时", "Time for one tube"),
    key("labs[].stages[].workers.crews", Kind::Tables).expert().like("labs[].crews[]").default(r#"[{ hours = "00:00-24:00", technicians = 8 }]"#, ASSUMED)
        .says("班次", "Who is on duty when"),
    key("labs[].stages[].machines", Kind::Table).expert().chosen()
        .says("由机器成批处理", "Machines take many tubes at once"),
    key("labs[].stages[].machines.count", Kind::Count { least: 1, most: 100_000 }).expert().ranged().required().example("2")
        .says("台数", "How many machines"),
    key("labs[].stages[].machines.wells", Kind::Count { least: 1, most: 100_000 }).expert().ranged().default("96", PLATE)
        .says("孔数", "Wells"),
    key("labs[].stages[].machines.controls", Kind::Count { least: 0, most: 10_000 }).expert().default("0", ASSUMED)
        .says("其中质控孔", "Wells that hold controls"),
    key("labs[].stages[].machines.run", LASTING).expert().ranged().required().example(r#""40 min""#)
        .says("一轮用时", "Time of a run"),
    key("labs[].stages[].machines.start", Kind::Word(&[also("at-once", &["立即"]), also("full", &["满板"])])).expert().like("labs[].start").default(r#""at-once""#, ASSUMED)
        .says("何时开机", "When a free machine starts"),
    key("labs[].stages[].machines.crews", Kind::Tables).expert().like("labs[].crews[]").example(r#"[{ hours = "08:00-20:00", technicians = 2 }]"#)
        .says("谁在班时可以开机；省略则任何时候", "Who starts runs, when; left out: at any hour"),
    key("labs[].stages[].machines.more", Kind::Tables).expert().like("labs[].more[]").example(r#"[{ from = "2022-05-10 08:00", machines = 2 }]"#)
        .says("陆续增加的机器", "Machines that come later"),
    key("labs[].stages[].machines.down", Kind::Tables).expert().like("labs[].down[]").example(r#"[{ from = "2022-05-10 08:00", until = "2022-05-10 10:00" }]"#)
        .says("停机", "Machines that stand still"),
    key("labs[].stages[].machines.breakdowns", Kind::Table).expert().chosen().like("labs[].breakdowns").example(r#"{ every = "10 days", repair = "2 h" }"#)
        .says("机器会坏", "Machines fail"),
    key("labs[].stages[].machines.hands", Kind::Table).expert().chosen().example(r#"{ setup = "20 min", clean = "10 min", people = 1 }"#)
        .says("每轮前后要 crews 里的人动手，运行中不用人守", "What people of `crews` do before and after each run; the run itself goes on alone"),
    key("labs[].stages[].machines.hands.setup", LASTING).expert().ranged().example(r#""20 min""#)
        .says("开机前准备、上样", "Set-up and loading before a run"),
    key("labs[].stages[].machines.hands.clean", LASTING).expert().ranged().example(r#""10 min""#)
        .says("结束后下样、清理；之后样品才交下一步", "Unloading and clean-down after it; then its tubes go on"),
    key("labs[].stages[].machines.hands.people", Kind::Count { least: 1, most: 1_000 }).expert().default("1", ASSUMED)
        .says("要几个人一起", "How many people it takes at once"),
    key("labs[].stages[].buffer", Kind::Count { least: 0, most: 1_000_000 }).expert().example("200")
        .says("这一步前最多放多少管；放满了，上一步做完的交不出去，人和机器就占着等；返工的不受限；省略则不限", "Tubes that may stand before it; when it is full, the stage before keeps what it has done and its people or machines wait. Tubes that are tested again come in all the same; left out: any number"),
    key("labs[].stages[].delay", VARYING).expert().ranged().example(r#""20 min""#)
        .says("都等这么久，不限同时多少", "Everything waits so long, however much at once"),
    key("labs[].stages[].upload", Kind::Span { least: Span::SECOND, most: TEN_DAYS }).expert().example(r#""30 min""#)
        .says("从 0 时起每隔这么久统一放行", "Everything goes out together so often, counted from 00:00"),
    key("labs[].stages[].hand_over", Kind::Word(&[also("immediate", &["随时"])])).expert().default(r#""immediate""#, ASSUMED)
        .says("怎样交给下一步：随时，或 { lots = 24 } 凑批", "How tubes go on to the next stage: `immediate`, or in { lots = 24 }"),
    key("labs[].stages[].hand_over.lots", Kind::Count { least: 1, most: 100_000 }).expert().required().example("24")
        .says("每批管数", "Tubes in a lot"),

    key("rounds", Kind::Tables)
        .says("轮次", "Rounds"),
    key("rounds[].id", Kind::Id).required().example(r#""R1""#)
        .says("编号", "Its id"),
    key("rounds[].name", Kind::Text).example(r#""第一轮""#)
        .says("名称", "Its name"),
    key("rounds[].name_en", Kind::Text).example(r#""Round 1""#)
        .says("英文名称", "Its English name"),
    key("rounds[].opens", Kind::Moment).required().example(r#""2022-05-09 07:00""#)
        .says("何时开始", "When it opens"),
    key("rounds[].ordered", Kind::Moment).example(r#""2022-05-09 04:00""#)
        .says("何时下令布点；采样不早于此时加 hours.setup", "When sites were ordered to set up; no swab before this plus `hours.setup`"),
    key("rounds[].deadline", Kind::MomentOrSpan).default(r#""24 h""#, RULES)
        .says("结果最迟何时出完（时刻，或开始后多久）", "When the last result is wanted: a moment, or so long after the opening"),
    key("rounds[].closes", Kind::MomentOrSpan).example(r#""18 h""#)
        .says("何时不再收人；省略则到 deadline（不晚于同一采样点的下一轮）", "When no more people are taken in; left out: at the deadline, or when the next round of the same sites opens"),
    key("rounds[].swabbed", PEOPLE).ranged().example("12263")
        .says("采了多少人（已知时作为输入）", "How many are swabbed, where that is known"),
    key("rounds[].turnout", Kind::Share).ranged().example(r#""98 %""#)
        .says("应检的人中来多少；省略且无 swabbed 时全部到齐（应检尽检）", "The share of those due who come; everyone, if neither this nor `swabbed` is given"),
    key("rounds[].cells", Kind::References).example(r#"["C1", "C2"]"#)
        .says("包括哪些网格；省略则全部", "The cells it covers; left out: all"),
    key("rounds[].tiers", Kind::Words(TIER_WORDS)).example(r#"["sealed", "controlled"]"#)
        .says("只包括开轮时属于这些类别的网格（类别可随日期调整）；省略则不论类别", "Of the cells only those that are of these tiers when the round opens; left out: of any"),
    key("rounds[].every", Kind::Span { least: Span::MINUTE, most: TEN_YEARS }).example(r#""48 h""#)
        .says("每隔多久再做一轮（与 for 连用，成为一组轮次）", "How often a series comes again (with `for`)"),
    key("rounds[].for", Kind::Span { least: Span::MINUTE, most: TEN_YEARS }).example(r#""6 days""#)
        .says("一组轮次共多久", "How long a series goes on"),
    key("rounds[].cadence", Kind::Table).chosen()
        .says("各类别多久一轮（与 for 连用，代替 every 和 tiers）：每次只采到期的类别", "A series in which each tier has its own interval (with `for`, in place of `every` and `tiers`): each round takes the tiers that are due"),
    key("rounds[].cadence.isolation", INTERVAL).default(r#""24 h""#, CADENCE)
        .says("隔离点", "Isolation sites"),
    key("rounds[].cadence.sealed", INTERVAL).default(r#""24 h""#, CADENCE)
        .says("封控区", "Sealed areas"),
    key("rounds[].cadence.controlled", INTERVAL).default(r#""48 h""#, CADENCE)
        .says("管控区", "Controlled areas"),
    key("rounds[].cadence.precaution", INTERVAL).default(r#""5 days""#, CADENCE)
        .says("防范区", "Precaution areas"),
    key("rounds[].go", Kind::Table).chosen()
        .says("开不开：到时看前面各轮的结果，不够就等，等够了再定；省略则到时就开", "Go or no-go: the round looks at the results of those before it, waits, and is decided on; left out: it opens at its time"),
    key("rounds[].go.results", Kind::Share).default(r#""100 %""#, ASSUMED)
        .says("前面各轮的结果要出来多少（报告阳性也算结果）", "This share of their results must be out (a positive reported is a result)"),
    key("rounds[].go.positives", Kind::Word(&[also("any", &["不问"]), also("settled", &["处置完"])])).default(r#""any""#, ASSUMED)
        .says("阳性管的人是否要都处置完（recall）：any 不问，settled 要", "Whether the people of positive tubes must all be released or confirmed (`recall`): `any`, or `settled`"),
    key("rounds[].go.wait", DAYTIME).default(r#""0 min""#, ASSUMED)
        .says("最多推迟多久，每 15 分钟看一次", "How long it may be postponed; it is looked at every 15 minutes"),
    key("rounds[].go.otherwise", Kind::Word(&[also("open", &["照开"]), also("drop", &["不开"])])).default(r#""drop""#, ASSUMED)
        .says("等够了还不行：open 照开，drop 这一轮不开", "If that was not enough: `open` all the same, or `drop` the round"),

    key("cells", Kind::Tables)
        .says("网格（小区、村组）：可写 \"文件.xlsx#工作表\"、\".csv\" 或在此列出", "Grid cells: \"file.xlsx#sheet\", a .csv file, or listed here"),
    key("cells[].id", Kind::Id).required().example(r#""C1""#)
        .says("编号", "Its id"),
    key("cells[].name", Kind::Text).example(r#""东街网格""#)
        .says("名称", "Its name"),
    key("cells[].name_en", Kind::Text).example(r#""East Street""#)
        .says("英文名称", "Its English name"),
    key("cells[].residents", PEOPLE).required().example("1200")
        .says("常住人数", "People registered there"),
    key("cells[].away", PEOPLE).default("0", ASSUMED)
        .says("在外人数", "Residents who are elsewhere"),
    key("cells[].exempt", PEOPLE).default("0", ASSUMED)
        .says("免检人数", "Residents who need not be swabbed"),
    key("cells[].transients", PEOPLE).default("0", ASSUMED)
        .says("流入暂住人数", "People staying there who are not registered"),
    key("cells[].tier", TIER).default(r#""precaution""#, ASSUMED)
        .says("类别：防范区、管控区、封控区、隔离点", "How strictly it is closed, which decides the tube"),
    key("cells[].priority", Kind::Share).ranged().example(r#""14 %""#)
        .says("其中优先采样的人（老人、重点岗位）占多少：到哪条队都排在前面", "The share who are taken first at every line: the elderly, key posts (14 % are over 60 in a Tibetan-area county)"),
    key("cells[].visits", PEOPLE).example("12")
        .says("应检的人中不能到点、需上门的人数，由 who = \"needing\" 的上门队采", "Of those due, people who cannot come: teams with who = \"needing\" visit them"),
    key("cells[].prevalence", Kind::Share).ranged().example(r#""0.1 %""#)
        .says("该网格感染者的比例（代替 infection.prevalence）", "Its own share of infected people, in place of `infection.prevalence`"),
    key("cells[].rounds", Kind::References).example(r#"["R1"]"#)
        .says("只在哪些轮次应检（一组轮次写组的编号）；省略则全部", "The only rounds in which it is due (a series by its id); left out: all"),
    key("cells[].site", Kind::Reference).example(r#""S1""#)
        .says("去哪个采样点，或由哪个上门队采；省略则去最近的采样点", "The site its people go to, or the teams that visit them; left out: the nearest site"),
    key("cells[].lon", Kind::Number { least: -180.0, most: 180.0 }).example("101.4603")
        .says("经度", "Longitude"),
    key("cells[].lat", Kind::Number { least: -90.0, most: 90.0 }).example("35.0341")
        .says("纬度", "Latitude"),

    key("cells[].boundary", Kind::Text).expert().example(r#""101.44 35.02, 101.46 35.02, 101.46 35.04""#)
        .says("边界，画在图上：经度 纬度，一个个点用逗号隔开，几块之间用分号；GeoJSON 里的面自动读入", "Its outline, for the map: longitude and latitude of each corner, corners parted by commas, several outlines by semicolons; a polygon of GeoJSON is taken by itself"),

    key("recall", Kind::Table).chosen()
        .says("阳性管的处置：找到管中的人就地管控，逐人单采，再放行或确诊；省略则报告阳性为止", "What is done about a positive tube: its people are found, held and swabbed one by one, then released or confirmed; left out: it ends with the report"),
    key("recall.find", LASTING).ranged().default(r#"{ lognormal = { mean = "1 h", cv = 0.5 } }"#, ASSUMED)
        .says("报告后多久找到并管住一个人", "From the report to a person found and held"),
    key("recall.teams", Kind::Count { least: 1, most: 10_000 }).ranged().default("2", ASSUMED)
        .says("上门单采的小组数；一组做完一管的人再做下一管", "Teams that swab them; each takes the people of one tube after another"),
    key("recall.visit", LASTING).ranged().default(r#"{ lognormal = { mean = "10 min", cv = 0.5 } }"#, ASSUMED)
        .says("采一个人连路上要多久", "What one person takes, the way there included"),
    key("recall.singles", Kind::Count { least: 1, most: 4 }).default("2", ASSUMED)
        .says("每人单采几管（双采双检为 2），每管都检测", "Single tubes of each person, all of which are tested (two as a rule)"),
    key("recall.road", LASTING).ranged().default(r#""20 min""#, ASSUMED)
        .says("采完一管的人后送到实验室要多久", "From the last person of a tube to the laboratory"),
    key("recall.priority", PRIORITY).default("9", ASSUMED)
        .says("单采管在实验室的优先级：0 与大家一起排队，9 最先", "How urgent single tubes are in the laboratory: 0 stands in line with all others, 9 goes first"),
    key("recall.confirm", LASTING).ranged().default(r#""4 h""#, ASSUMED)
        .says("单采阳性报告后多久确诊", "From a positive single tube reported to the case confirmed"),

    key("isolation", Kind::Table).chosen()
        .says("密接者与隔离房间：确诊者的接触者各住一间，房间够不够", "Contacts and isolation rooms: the contacts of confirmed people take a room each; are there enough?"),
    key("isolation.close", Kind::Number { least: 0.0, most: 10_000.0 }).ranged().default("14.25", CONTACTS)
        .says("一个确诊者平均有几个密接者", "Close contacts of a confirmed person, on average"),
    key("isolation.secondary", Kind::Number { least: 0.0, most: 10_000.0 }).ranged().default("21.0", CONTACTS)
        .says("一个确诊者平均有几个次密接者", "Contacts of theirs, on average"),
    key("isolation.trace", DAYTIME).ranged().default(r#""12 h""#, ASSUMED)
        .says("确诊后多久接触者住进房间", "From a person confirmed to the contacts in their rooms"),
    key("isolation.close_stay", LENGTH).default(r#""14 days""#, PROTOCOL)
        .says("密接者集中隔离多久", "How long a close contact stays"),
    key("isolation.secondary_stay", LENGTH).default(r#""7 days""#, PROTOCOL)
        .says("次密接者集中隔离多久", "How long a secondary contact stays"),
    key("isolation.occupied", Kind::Count { least: 0, most: 1_000_000 }).default("0", ASSUMED)
        .says("一直住着别人的房间数", "Rooms taken all along by others"),
    key("isolation.rooms", Kind::Tables).required()
        .says("各隔离点的房间", "The rooms, by place"),
    key("isolation.rooms[].id", Kind::Id).required().example(r#""hotel""#)
        .says("编号", "Its id"),
    key("isolation.rooms[].name", Kind::Text).example(r#""县宾馆""#)
        .says("名称", "Its name"),
    key("isolation.rooms[].name_en", Kind::Text).example(r#""County hotel""#)
        .says("英文名称", "Its English name"),
    key("isolation.rooms[].rooms", Kind::Count { least: 0, most: 1_000_000 }).required().example("60")
        .says("房间数", "How many rooms"),
    key("isolation.rooms[].from", Kind::Moment).example(r#""2022-05-13 12:00""#)
        .says("何时启用；省略则一直可用", "From when; left out: all along"),

    key("infection", Kind::Table).chosen()
        .says("谁感染了；省略则无人感染", "Who is infected; left out: nobody"),
    key("infection.prevalence", Kind::Share).ranged().required().example(r#""0.01 %""#)
        .says("感染者占应检人数的比例；谁感染了，各轮都是他，确诊后的轮次不再来（公开数据：全员检测中 0 到 0.0035 %，瑞丽首轮 0.029 %）", "The share of people infected; they are so in every round, and once confirmed no longer come (published: 0 to 0.0035 % in mass rounds, 0.029 % in Ruili's first)"),
    key("infection.household", Kind::Number { least: 1.0, most: 20.0 }).default("2.72", HOUSEHOLDS)
        .says("一户平均几人；名单上相邻的人同住。同来的户（coming.households、上门）就是这些户，以那里写的为准", "People in a household on average; neighbors on the list live together. Where households come together or are visited they are these, as large as is said there"),
    key("infection.attack", Kind::Share).ranged().default(r#""40 %""#, ASSUMED)
        .says("同住一户的人也感染的概率", "The chance that someone who lives with an infected person is infected too"),
    key("infection.by_day", Kind::Tables).expert().example(r#"[{ day = 1, detected = "0 %" }, { day = 4, detected = "33 %" }, { day = 5, detected = "62 %" }, { day = 8, detected = "80 %" }, { day = 21, detected = "34 %" }]"#)
        .says("感染后第几天的拭子检出概率，其间按直线（代替 verdict.sensitivity；例为 Kucirka 2020）；每人在首轮前这么多天内随机感染", "The chance that a swab is detected by day since the infection, straight in between, in place of `verdict.sensitivity` (the example: Kucirka 2020); each was infected within so many days before the first round, any moment as likely"),
    key("infection.by_day[].day", Kind::Count { least: 0, most: 60 }).expert().required().example("4")
        .says("感染后第几天", "Days since the infection"),
    key("infection.by_day[].detected", Kind::Share).expert().required().example(r#""33 %""#)
        .says("检出概率", "The chance of detection"),
    key("readiness", Kind::Tables)
        .says("准备：从下令到第一支采样的各个步骤（写了就不用 hours.setup）", "Getting ready: the steps from the order to the first swab, in place of `hours.setup`"),
    key("readiness[].id", Kind::Id).required().example(r#""training""#)
        .says("编号", "Its id"),
    key("readiness[].name", Kind::Text).example(r#""人员培训""#)
        .says("名称", "Its name"),
    key("readiness[].name_en", Kind::Text).example(r#""Staff trained""#)
        .says("英文名称", "Its English name"),
    key("readiness[].takes", DAYTIME).ranged().required().example(r#""1 h""#)
        .says("要多久", "How long it takes"),
    key("readiness[].after", Kind::References).example(r#"["staff"]"#)
        .says("要等哪些步骤做完；省略则下令就开始", "The steps it waits for; left out: it begins with the order"),

    key("catch_up", Kind::Table).chosen()
        .says("补采：每轮收点前核对名单，把没来的人找来", "Fetching the missing: before the last close the list is reconciled, and who is missing is fetched"),
    key("catch_up.share", Kind::Share).ranged().required().example(r#""80 %""#)
        .says("没来的人中能找到的比例（轮次写 swabbed 的，人数已包括补采）", "The share of the missing who are found (a round with `swabbed` counts them already)"),
    key("catch_up.before_close", DAYTIME).default(r#""2 h""#, ASSUMED)
        .says("最后一次收点前多久核对", "The list is reconciled so long before the last close"),
    key("catch_up.notice", DAYTIME).default(r#""45 min""#, ASSUMED)
        .says("核对后多久第一个人到点", "From then to the first of them at the site"),
    key("catch_up.visits", Kind::Reference).example(r#""doors""#)
        .says("由哪个上门队去采他们；省略则到各自的采样点", "The teams that visit them; left out: they come to their site"),

    key("stocks", Kind::Tables)
        .says("物资：试剂、防护服、口罩、食品等，逐轮记账", "What is used up: reagents, suits, masks, food; accounted round by round"),
    key("stocks[].id", Kind::Id).required().example(r#""reagents""#)
        .says("编号", "Its id"),
    key("stocks[].name", Kind::Text).example(r#""试剂""#)
        .says("名称", "Its name"),
    key("stocks[].name_en", Kind::Text).example(r#""Reagents""#)
        .says("英文名称", "Its English name"),
    key("stocks[].on_hand", AMOUNT).example("16302")
        .says("现有多少（或写 on_hand_rounds）", "How much there is (or `on_hand_rounds`)"),
    key("stocks[].on_hand_rounds", AMOUNT).example("3")
        .says("现有的够几轮，按清点后的第一轮折算（或写 on_hand）", "For how many rounds it lasts, each like the first that draws on it (or `on_hand`)"),
    key("stocks[].counted", Kind::Moment).example(r#""2022-05-12 18:00""#)
        .says("何时清点；之前开始的轮次不从中扣；省略则首轮之前", "When it was counted: rounds that open earlier do not draw on it; left out: before the first"),
    key("stocks[].use", Kind::Table).required().example("{ per_person = 1.02 }")
        .says("怎样消耗，各项相加", "What uses it; these add up"),
    key("stocks[].use.per_person", AMOUNT).example("1.02")
        .says("每采一人", "For each person swabbed"),
    key("stocks[].use.per_tube", AMOUNT).example("1")
        .says("每支采样管", "For each tube filled"),
    key("stocks[].use.per_reaction", AMOUNT).example("1")
        .says("每个反应孔（含质控）", "For each well used, controls included"),
    key("stocks[].use.per_crew_shift", AMOUNT).example("1")
        .says("采样台每人每班", "For each member of a lane's crew and each shift"),
    key("stocks[].use.shift", LENGTH).default(r#""4 h""#, SHIFTS)
        .says("一班最长多久：开放时段按此分成尽量少的班", "The longest shift: each stretch of opening hours takes as few shifts as this allows"),
    key("stocks[].use.per_resident_day", AMOUNT).example("0.5")
        .says("该轮网格中每人每天（到下一轮开始，末轮到 deadline）", "For each person staying in the round's cells and each day, until the next round opens, in the last until its deadline"),
    key("stocks[].use.tiers", Kind::Words(TIER_WORDS)).example(r#"["sealed"]"#)
        .says("per_resident_day 只算哪些类别的网格；省略则全部", "Of which tiers `per_resident_day` counts the cells; left out: all"),
    key("stocks[].use.per_room_day", AMOUNT).example("3")
        .says("每间已住的隔离房每天（要写 [isolation]）", "For each isolation room taken and each day (with [isolation])"),
    key("stocks[].use.delivered", LENGTH).example(r#""48 h""#)
        .says("per_resident_day 每隔多久集中发一次，从第一个记账的轮次开始时起（如封控区两天一送）；省略则按天", "For how long `per_resident_day` is handed out at once, from the opening of the first round that draws on it (to sealed areas every second day); left out: as the days go by"),
    key("stocks[].allotted", Kind::Flag).example("true")
        .says("每轮开始时按预计人数分到各采样点，并记每点缺多少", "Shared out to the sites when a round opens, by the people expected; what each site lacks is told"),
    key("stocks[].when_out", Kind::Word(&[also("tell", &["提示"]), also("stop", &["停采"])])).example(r#""stop""#)
        .says("用完时：tell 只提示（省略时）；stop 采样点按分到的量发号，发完不再收人（只用于 per_person 和 on_hand）", "When it is used up: `tell` it (if left out), or `stop`: a site hands out as many numbers as its share is enough for and turns the others away (with `per_person` and `on_hand` only)"),
    key("stocks[].price", AMOUNT).ranged().example("2.5")
        .says("单价（要写 [cost]）", "What one costs (with [cost])"),
    key("stocks[].resupply", Kind::Tables).example(r#"[{ at = "2022-05-11 12:00", amount = 5000 }]"#)
        .says("补给", "What comes in"),
    key("stocks[].resupply[].at", Kind::Moment).required().example(r#""2022-05-11 12:00""#)
        .says("何时到；之后开始的第一轮可用", "When; the first round that opens then or later has it"),
    key("stocks[].resupply[].amount", AMOUNT).required().example("5000")
        .says("多少", "How much"),

    key("cost", Kind::Table).chosen()
        .says("费用：写了价的才算，没写的不算钱", "What things cost: only what is priced counts"),
    key("cost.currency", Kind::Text).default(r#""CNY""#, ASSUMED)
        .says("货币", "How the money is called"),
    key("cost.budget", AMOUNT).example("2890000")
        .says("全程经费", "How much there is to spend on all rounds together"),
    key("cost.staff_hour", AMOUNT).ranged().example("30")
        .says("每人每小时：一个数，或按岗位分别给出（采样点从开放到最后一人采完，实验室从第一管到最后结果）", "An hour of work: one number, or one for each role; at a site from its opening to its last swab, at a laboratory from the first tube to the last result"),
    key("cost.staff_hour.scanner", AMOUNT).ranged().example("25")
        .says("扫码员", "Scanners"),
    key("cost.staff_hour.swabber", AMOUNT).ranged().example("35")
        .says("采样员", "Swabbers"),
    key("cost.staff_hour.guide", AMOUNT).ranged().example("20")
        .says("引导员", "Guides"),
    key("cost.staff_hour.technician", AMOUNT).ranged().example("45")
        .says("检验员", "Technicians"),
    key("cost.per_person", AMOUNT).ranged().example("1.5")
        .says("每采一人（拭子等）", "Each person swabbed (the swab and so on)"),
    key("cost.per_tube", AMOUNT).ranged().example("2")
        .says("每支采样管", "Each tube filled"),
    key("cost.per_reaction", AMOUNT).ranged().example("16")
        .says("每个反应孔，含质控", "Each well used, controls included"),
    key("cost.per_run", AMOUNT).ranged().example("50")
        .says("扩增仪每轮", "Each run of the machines that make the test"),
    key("cost.vehicle_hour", AMOUNT).ranged().example("60")
        .says("每车每小时，含司机：从第一次发车到本轮最后一管送达", "An hour of a vehicle with its driver, from the first departure to the last tube of the round delivered"),
    key("cost.site_day", AMOUNT).ranged().example("800")
        .says("每个采样点每天（棚、电、消杀）", "Each day on which a site is open (tent, power, disinfection)"),
    key("cost.lab_day", AMOUNT).ranged().example("5000")
        .says("每个实验室每天，从本轮第一管到最后结果，不满一天算一天", "A laboratory for each day begun, from the first tube of a round to its last result"),

    key("tiers", Kind::Tables)
        .says("区域调整：从某时起一些网格改为另一类别", "Changes of tier: from a moment on, some cells are of another"),
    key("tiers[].id", Kind::Id).required().example(r#""T1""#)
        .says("编号", "Its id"),
    key("tiers[].at", Kind::Moment).required().example(r#""2022-05-11 14:00""#)
        .says("何时起；之后开始的轮次按新类别", "From when; rounds that open later follow it"),
    key("tiers[].cells", Kind::References).required().example(r#"["C1", "C2"]"#)
        .says("哪些网格", "Which cells"),
    key("tiers[].to", TIER).required().example(r#""sealed""#)
        .says("改为哪一类别", "Of which tier they are then"),

    key("incidents", Kind::Tables)
        .says("突发事件：到时就发生（随机发生的见 stress）", "What goes wrong at a time (for what goes wrong at random see `stress`)"),
    key("incidents[].id", Kind::Id).required().example(r#""rain""#)
        .says("编号", "Its id"),
    key("incidents[].name", Kind::Text).example(r#""暴雨""#)
        .says("名称", "Its name"),
    key("incidents[].name_en", Kind::Text).example(r#""Rain""#)
        .says("英文名称", "Its English name"),
    key("incidents[].kind", INCIDENT).required().example(r#""storm""#)
        .says(
            "出什么事：site 采样点关闭；road 道路不通或变慢；storm 风雨：没人来，过后一拥而来；upload 结果上传不了；people 来的人比预计多；tubes 外来一批样本；staff 采样台缺员；registration 扫码登记中断；machine 实验室停机",
            "What happens: `site`, closed; `road`: blocked or slower; `storm`: people stay away, then all come; `upload`: results cannot be published; `people`: more than foreseen; `tubes`: a wave of them from elsewhere; `staff`: some of the lanes' staff missing; `registration`: down; `machine`: laboratories' machines stand still"),
    key("incidents[].at", Kind::MomentOrSpan).required().example(r#""2022-05-09 14:00""#)
        .says("何时开始（时刻，或首轮开始后多久）", "When it begins: a moment, or so long after the first round opens"),
    key("incidents[].for", LENGTH).ranged().required().example(r#""40 min""#)
        .says("持续多久", "How long it lasts"),
    key("incidents[].sites", Kind::References).when("kind", &["site", "storm", "staff", "registration"]).example(r#"["S1"]"#)
        .says("哪些采样点；省略则全部", "Which sites; left out: all"),
    key("incidents[].couriers", Kind::References).when("kind", &["road"]).example(r#"["van"]"#)
        .says("哪些送样车队的路；省略则全部", "The roads of which couriers; left out: all"),
    key("incidents[].labs", Kind::References).when("kind", &["upload", "tubes", "machine"]).example(r#"["county-lab"]"#)
        .says("哪些实验室；省略则全部", "Which laboratories; left out: all"),
    key("incidents[].cells", Kind::References).when("kind", &["people"]).example(r#"["C1"]"#)
        .says("哪些网格；省略则全部", "Which cells; left out: all"),
    key("incidents[].away", Kind::Share).ranged().when("kind", &["storm"]).default(r#""100 %""#, ASSUMED)
        .says("本来会来的人中，等过后再来的比例", "The share of those who would come who wait until it is over"),
    key("incidents[].surge", SURGE).ranged().when("kind", &["storm", "upload"]).default("3.0", ASSUMED)
        .says("过后以平时几倍的速度补上，直到补完", "Afterwards people come, or results go out, so many times as fast as usual until all is made up"),
    key("incidents[].slower", SLOWER).ranged().when("kind", &["road", "storm", "registration"]).example("1.5")
        .says("用时是平时的几倍：路上，或登记改为手工时的第一个工位；省略则道路不通、登记处停采，风雨时路上照常", "How many times as long the road takes, or the first station with `registration` on paper; left out: a `road` is blocked, sites without `registration` stop, in a `storm` roads are as usual"),
    key("incidents[].absent", Kind::Share).ranged().when("kind", &["staff"]).required().example(r#""15 %""#)
        .says("缺员比例；各点合计，取整为几张台没有人", "The share that is missing: of the lanes of these sites together, so many whole lanes have nobody"),
    key("incidents[].staff", Kind::References).when("kind", &["staff"]).example(r#"["county"]"#)
        .says("缺的是哪几批人员（[[staff]] 的编号）；省略则各批都缺", "The pools whose people are missing (`[[staff]]`); left out: all"),
    key("incidents[].stage", Kind::Reference).expert().when("kind", &["machine"]).example(r#""extract""#)
        .says("哪一步的机器；省略则各步都停", "The machines of which stage; left out: of all"),
    key("incidents[].machines", Kind::Count { least: 1, most: 100_000 }).when("kind", &["machine"]).example("1")
        .says("每一步停几台，先到的先停；省略则全停", "How many at each stage, those first that were there first; left out: all"),
    key("incidents[].more", Kind::Share).ranged().when("kind", &["people"]).required().example(r#""20 %""#)
        .says("比应检多来多少（at 时所在的那一轮）", "So many more than are due, in the round that is held then"),
    key("incidents[].tubes", Kind::Count { least: 1, most: 200_000 }).ranged().when("kind", &["tubes"]).required().example("300")
        .says("每个实验室多来几管（每管一人）", "How many come to each, one person in each"),

    key("stress", Kind::Table).chosen()
        .says("压力推演：随机发生的突发事件（run --stress）", "A stress run: what goes wrong at random (`run --stress`)"),
    key("stress.on", Kind::Flag).default("false", ASSUMED)
        .says("是否发生；run --stress 等于写 true", "Whether it does; `run --stress` says true"),
    key("stress.site", Kind::Table)
        .says("采样点关闭，每点各自抽取", "A site is closed; drawn for each by itself"),
    key("stress.site.every", SELDOM).ranged().default(r#""30 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.site.for", LENGTH).ranged().default(r#""1 h""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.road", Kind::Table)
        .says("道路变慢，每个车队各自抽取", "The roads of a courier are slower; drawn for each by itself"),
    key("stress.road.every", SELDOM).ranged().default(r#""10 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.road.for", LENGTH).ranged().default(r#""1 h""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.road.slower", SLOWER).ranged().default("3.0", ASSUMED)
        .says("路上用时是平时的几倍", "How many times as long the road takes"),
    key("stress.storm", Kind::Table)
        .says("风雨，全县一起", "A storm over all"),
    key("stress.storm.every", SELDOM).ranged().default(r#""15 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.storm.for", LENGTH).ranged().default(r#""1 h""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.storm.away", Kind::Share).ranged().default(r#""80 %""#, ASSUMED)
        .says("本来会来的人中，等过后再来的比例", "The share of those who would come who wait until it is over"),
    key("stress.storm.surge", SURGE).ranged().default("3.0", ASSUMED)
        .says("过后以平时几倍的速度补上", "Afterwards people come so many times as fast as usual until all have"),
    key("stress.storm.slower", SLOWER).ranged().default("1.5", ASSUMED)
        .says("路上用时是平时的几倍", "How many times as long the road takes"),
    key("stress.upload", Kind::Table)
        .says("结果上传不了，每个实验室各自抽取", "Results cannot be published; drawn for each laboratory by itself"),
    key("stress.upload.every", SELDOM).ranged().default(r#""15 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.upload.for", LENGTH).ranged().default(r#""40 min""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.upload.surge", SURGE).ranged().default("3.0", ASSUMED)
        .says("恢复后以平时几倍的速度补上", "Afterwards results go out so many times as fast as usual until all have"),
    key("stress.staff", Kind::Table)
        .says("采样台缺员，全县一起", "Staff of lanes is missing, everywhere alike"),
    key("stress.staff.every", SELDOM).ranged().default(r#""20 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.staff.for", LENGTH).ranged().default(r#""6 h""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.staff.absent", Kind::Share).ranged().default(r#""15 %""#, ASSUMED)
        .says("缺员比例", "The share that is missing"),
    key("stress.registration", Kind::Table)
        .says("扫码登记中断、改为手工，全县一起", "Registration is down and done on paper, everywhere alike"),
    key("stress.registration.every", SELDOM).ranged().default(r#""15 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.registration.for", LENGTH).ranged().default(r#""40 min""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),
    key("stress.registration.slower", SLOWER).ranged().default("2.0", ASSUMED)
        .says("第一个工位用时是平时的几倍", "How many times as long the first station takes"),
    key("stress.machine", Kind::Table)
        .says("停电等：一个实验室的机器全停，各自抽取", "All machines of a laboratory stand still, as without power; drawn for each by itself"),
    key("stress.machine.every", SELDOM).ranged().default(r#""30 days""#, ASSUMED)
        .says("平均隔多久发生一次", "Mean time from one to the next"),
    key("stress.machine.for", LENGTH).ranged().default(r#""1 h""#, ASSUMED)
        .says("平均持续多久（指数分布）", "Mean length, exponential"),

    key("disinfection", Kind::Table).chosen()
        .says("消杀：各队逐点消杀，其间该点停采，排队的人不散", "Disinfection: teams go from site to site; each is closed meanwhile, and people keep their place"),
    key("disinfection.people", HEADS).required().example("10")
        .says("共几人", "People in all teams"),
    key("disinfection.teams", Kind::Count { least: 1, most: 100 }).default("1", ASSUMED)
        .says("分几队，各自负责一部分点", "How many teams go out at once; they share the sites"),
    key("disinfection.from", Kind::MomentOrSpan).required().example(r#""5 h""#)
        .says("第一遍何时开始（时刻，或首轮开始后多久）", "When their first round begins: a moment, or so long after the first round opens"),
    key("disinfection.every", LENGTH).default(r#""8 h""#, ASSUMED)
        .says("隔多久一遍（上一遍没做完则接着做）", "From one of their rounds to the next, or when it is finished if that is later"),
    key("disinfection.rounds", Kind::Count { least: 1, most: 1_000_000 }).default("1", ASSUMED)
        .says("共几遍", "How many rounds"),
    key("disinfection.takes", LENGTH).ranged().default(r#""30 min""#, DISINFECTING)
        .says("一个点停采多久", "How long a site is closed"),
    key("disinfection.between", DAYTIME).default(r#""15 min""#, ASSUMED)
        .says("从一个点到下一个点", "From one site to the next"),
    key("disinfection.sites", Kind::References).example(r#"["S1", "S2"]"#)
        .says("哪些采样点，按先后；省略则全部", "Which sites, in order; left out: all"),
    key("review", Kind::Table).chosen()
        .says("每晚会商：按规则升降类别、调配力量，从下一个开始的轮次起生效；只凭当时已知的结果", "The review of each night: rules raise and lower tiers and move resources, by what is known by then; what they change holds from the next round that opens"),
    key("review.at", Kind::Clock).default(r#""21:00""#, ASSUMED)
        .says("几点会商", "The hour of the review"),
    key("review.rules", Kind::Tables).required()
        .says("规则", "Its rules"),
    key("review.rules[].id", Kind::Id).required().example(r#""seal""#)
        .says("编号", "Its id"),
    key("review.rules[].name", Kind::Text).example(r#""阳性升级""#)
        .says("名称", "Its name"),
    key("review.rules[].name_en", Kind::Text).example(r#""Sealed by result""#)
        .says("英文名称", "Its English name"),
    key("review.rules[].when", Kind::Word(WHEN)).required().example(r#""positive""#)
        .says("看什么：positive 网格报告阳性管，clear 网格连续无阳性，outstanding 待出结果太多，late 出结果太晚", "What it looks at: `positive` a positive tube reported in a cell; `clear` none in it for so long; `outstanding` too many results not out; `late` results out too late"),
    key("review.rules[].tier", TIER).when("when", CELLWISE).example(r#""sealed""#)
        .says("网格改为哪一类别（positive 只升，clear 只降）", "The tier the cell is of then (`positive` only raises, `clear` only lowers)"),
    key("review.rules[].nearby", TIER).when("when", &["positive"]).example(r#""controlled""#)
        .says("周围网格至少升为哪一类别", "The tier that cells near it are of at least"),
    key("review.rules[].within_km", Kind::Number { least: 0.0, most: 1_000.0 }).when("when", &["positive"]).example("0.5")
        .says("多少公里以内算周围；省略则同一采样点的网格", "How many kilometers away is near; left out: the cells of the same site"),
    key("review.rules[].from", TIER).when("when", &["clear"]).example(r#""sealed""#)
        .says("哪一类别的网格可以降", "The tier of cells that may be lowered"),
    key("review.rules[].days", LENGTH).when("when", &["clear"]).default(r#""10 days""#, CLEAR_DAYS)
        .says("多久没有阳性（从最近一次阳性或成为该类别算起）", "No positive tube for so long, since the latest one or since the cell is of that tier"),
    key("review.rules[].rounds", Kind::Count { least: 0, most: 1_000 }).when("when", &["clear"]).default("3", CLEAR_ROUNDS)
        .says("其间几轮全部结果已出、没有阳性", "So many rounds since then with every result of the cell out and none positive"),
    key("review.rules[].over", PEOPLE).when("when", &["outstanding"]).example("3000")
        .says("会商时已采、结果未出的人超过多少", "More people than this are swabbed and without a result at the review"),
    key("review.rules[].after", LENGTH).when("when", &["late"]).example(r#""20 h""#)
        .says("有一轮开始这么久以后结果还没出完", "The results of some round were not all out so long after it opened"),
    key("review.rules[].takes", DAYTIME).default(r#""0 min""#, ASSUMED)
        .says("从知道（阳性报告或会商）到生效要多久", "From knowing it (the report, the review) to its being in force"),
    key("review.rules[].sites", Kind::References).when("when", OVERALL).example(r#"["S1"]"#)
        .says("lanes、hours 用于哪些采样点；省略则全部", "The sites that `lanes` and `hours` are for; left out: all"),
    key("review.rules[].lanes", Kind::Count { least: 1, most: 10_000 }).when("when", OVERALL).example("1")
        .says("每点增加几张台", "So many more lanes at each"),
    key("review.rules[].lanes_from", Kind::Reference).when("when", OVERALL).example(r#""S2""#)
        .says("这些台从哪个点调来（该点至少留一张）；省略则新增", "The site they are moved from, which keeps one at least; left out: they are new"),
    key("review.rules[].hours", Kind::Windows).when("when", OVERALL).example(r#"["06:00-22:00"]"#)
        .says("改为这些开放时段", "Other opening hours"),
    key("review.rules[].couriers", Kind::References).when("when", OVERALL).example(r#"["van"]"#)
        .says("vehicles、lab 用于哪些送样车；省略则全部", "The couriers that `vehicles` and `lab` are for; left out: all"),
    key("review.rules[].vehicles", Kind::Count { least: 1, most: 1_000 }).when("when", OVERALL).example("1")
        .says("各增加几辆车（route = \"loop\"）", "So many more vehicles each (`route = \"loop\"`)"),
    key("review.rules[].lab", Kind::Reference).when("when", OVERALL).example(r#""reserve""#)
        .says("改送哪个实验室：启用后备", "The laboratory they go to then: the reserve is called"),

    key("sites", Kind::Tables)
        .says("采样点：可写 \"文件.xlsx#工作表\"、\".csv\" 或在此列出", "Sampling sites: \"file.xlsx#sheet\", a .csv file, or listed here"),
    key("sites[].id", Kind::Id).required().example(r#""S1""#)
        .says("编号", "Its id"),
    key("sites[].name", Kind::Text).example(r#""体育场采样点""#)
        .says("名称", "Its name"),
    key("sites[].name_en", Kind::Text).example(r#""Stadium""#)
        .says("英文名称", "Its English name"),
    key("sites[].lanes", Kind::Count { least: 1, most: 10_000 }).ranged().required().example("4")
        .says("采样台数", "How many lanes"),
    key("sites[].lon", Kind::Number { least: -180.0, most: 180.0 }).example("101.4691")
        .says("经度", "Longitude"),
    key("sites[].lat", Kind::Number { least: -90.0, most: 90.0 }).example("35.0377")
        .says("纬度", "Latitude"),
    key("sites[].pickup_offset", ANY_LENGTH).expert().default(r#""0 s""#, ASSUMED)
        .says("第一次收样比送样车的首班晚多少（直送时；首班见 couriers.first）", "How much later its first collection is than the courier's first (with a direct courier; see `couriers.first`)"),
    key("sites[].pace", Kind::Pace { noun: "people" }).ranged().example(r#""50 people/h""#)
        .says("该点的采样速度（代替 lane.pace）", "Its own pace, in place of `lane.pace`"),
    key("sites[].pace_cv", Kind::Number { least: 0.0, most: 5.0 }).example("0.5")
        .says("该点的变异系数", "Its own variation, in place of `lane.pace_cv`"),
    key("sites[].queue", Kind::Word(&[also("shared", &["合排"]), also("per-lane", &["分排"])])).example(r#""per-lane""#)
        .says("该点的排队方式", "Its own queue, in place of `lane.queue`"),
    key("sites[].hours", Kind::Table).in_place_of("hours").example(r#"{ open = ["08:00-20:00"] }"#)
        .says("该点的开放时间，没写到的同 [hours]", "Its own hours; what is left out is as in [hours]"),
    key("sites[].coming", Kind::Table).in_place_of("coming").example("{ batch = 20 }")
        .says("该点群众何时到，没写到的同 [coming]", "When its own people come; what is left out is as in [coming]"),
    key("sites[].waiting", Kind::Table).in_place_of("waiting").example("{ space = 100 }")
        .says("该点门口排队的限度，没写到的同 [waiting]", "What bounds the line at its own door; what is left out is as in [waiting]"),
    key("sites[].tubes", Kind::Table).in_place_of("tubes").example("{ pool = 5 }")
        .says("该点的采样管，没写到的同 [tubes]", "Its own tubes; what is left out is as in [tubes]"),
    key("sites[].stations", Kind::Tables).like("expert.lane.stations[]").expert().example(r#"[{ id = "swab", service = "40 s" }]"#)
        .says("该点的工位（代替 expert.lane.stations）", "Its own stations, in place of `expert.lane.stations`"),

    key("visits", Kind::Tables)
        .says("上门队：挨户上门，或按次序到各定点，送样车到队收样", "Teams that visit: from door to door, or from stop to stop; couriers come for their tubes as to a site"),
    key("visits[].id", Kind::Id).required().example(r#""doors""#)
        .says("编号，与采样点不同", "Its id, which no site has"),
    key("visits[].name", Kind::Text).example(r#""上门队""#)
        .says("名称", "Its name"),
    key("visits[].name_en", Kind::Text).example(r#""Door-to-door teams""#)
        .says("英文名称", "Its English name"),
    key("visits[].by", Kind::Word(&[also("household", &["挨户", "按户"]), also("stop", &["定点", "巡回"])])).default(r#""household""#, ASSUMED)
        .says("怎样上门：household 挨户；stop 到每个网格设一个定点，人逐个来采（学校、寺院、工地）", "How teams go: `household`, from door to door; `stop`, the team sets up in each cell and its people come to it one by one (schools, monasteries, building sites)"),
    key("visits[].who", Kind::Word(&[also("everyone", &["所有人"]), also("needing", &["需上门"])])).when("by", &["household"]).default(r#""everyone""#, ASSUMED)
        .says("上门采谁：everyone 网格里所有人；needing 只有不能到点的人（cells.visits），逐人上门", "Whom teams visit: `everyone` of the cells, or only those who cannot come (`cells.visits`), one by one"),
    key("visits[].tiers", Kind::Words(TIER_WORDS)).example(r#"["sealed"]"#)
        .says("只到开轮时属于这些类别的网格；省略时，没写 cells 的只到封控区，who = \"needing\" 不论类别", "Only cells that are of these tiers when the round opens; left out: sealed ones if no `cells` are named, with who = \"needing\" any"),
    key("visits[].cells", Kind::References).example(r#"["C3", "C1"]"#)
        .says("只到这些网格，按此次序；省略则不限，按编号次序", "Only these cells, in this order; left out: any, in the order of ids"),
    key("visits[].teams", Kind::Count { least: 1, most: 10_000 }).ranged().required().example("10")
        .says("队数", "How many teams"),
    key("visits[].crew", Kind::Count { least: 1, most: 100 }).default("2", PAIRS)
        .says("每队几人", "People in a team"),
    key("visits[].per_household", VARYING).ranged().when("by", &["household"]).default(r#"{ lognormal = { mean = "4 min", cv = 0.5 } }"#, AT_THE_DOOR)
        .says("一户的用时：走到、敲门、换手套，不含采样；没人开门的也用这么久", "What a household takes besides its swabs: the walk, the door, fresh gloves; as long where nobody opens"),
    key("visits[].per_person", LASTING).ranged().when("by", &["household"]).default(r#"{ lognormal = { mean = "45 s", cv = 0.4 } }"#, AT_THE_DOOR)
        .says("采一个人的用时", "What each person takes"),
    key("visits[].households", Kind::Sizes).when("by", &["household"]).example("2.72")
        .says("一户几人：平均数，或 1、2、3… 人户各占的权重；省略则同 coming.households，也没有则 2.72（西安农村一户一管的均数）", "People in a household: a mean or the weights of 1, 2, 3 …; left out: as `coming.households`, or 2.72 (household tubes of rural Xi'an)"),
    key("visits[].pace", Kind::Pace { noun: "people" }).ranged().when("by", &["stop"]).default(r#""60 people/h""#, MACAU)
        .says("一队在定点的采样速度", "How fast a team swabs at a stop"),
    key("visits[].pace_cv", Kind::Number { least: 0.0, most: 5.0 }).when("by", &["stop"]).default("0.4", PRACTISED)
        .says("定点每人用时的变异系数", "How much the time of one person varies at a stop"),
    key("visits[].setup", VARYING).ranged().when("by", &["stop"]).default(r#""20 min""#, ASSUMED)
        .says("每到一处布点要多久", "What setting up at each stop takes"),
    key("visits[].travel", VARYING).ranged().default(r#""10 min""#, ASSUMED)
        .says("一队从一个网格到下一个（以及到第一个）的路程", "A team's way from one cell to the next, and to its first"),
    key("visits[].hours", Kind::Table).in_place_of("hours").example(r#"{ open = ["08:00-18:00"] }"#)
        .says("上门的时间，没写到的同 [hours]", "Its own hours; what is left out is as in [hours]"),
    key("visits[].tubes", Kind::Table).in_place_of("tubes").example("{ household_most = 4 }")
        .says("它的采样管，没写到的同 [tubes]", "Its own tubes; what is left out is as in [tubes]"),

    key("feeds", Kind::Tables).expert()
        .says("绕过采样点、直接进实验室的管，用于单独研究实验室", "Tubes that bypass the sites, so that a laboratory can be studied alone"),
    key("feeds[].id", Kind::Id).expert().required().example(r#""hospital""#)
        .says("编号", "Its id"),
    key("feeds[].name", Kind::Text).expert().example(r#""医院""#)
        .says("名称", "Its name"),
    key("feeds[].name_en", Kind::Text).expert().example(r#""Hospital""#)
        .says("英文名称", "Its English name"),
    key("feeds[].to", Kind::Reference).expert().example(r#""county-lab""#)
        .says("进哪个实验室；只有一个时可省略", "The laboratory it feeds; may be left out if there is only one"),
    key("feeds[].rate", Kind::Pace { noun: "tubes" }).expert().ranged().example(r#""20 tubes/h""#)
        .says("随机到达的速度（或写 every）", "How many come, at random (or `every`)"),
    key("feeds[].every", LENGTH).expert().ranged().example(r#""3 min""#)
        .says("等间隔到达的间隔（或写 rate）", "The interval at which they come (or `rate`)"),
    key("feeds[].from", Kind::MomentOrSpan).expert().example(r#""0 h""#)
        .says("从何时起（时刻，或首轮开始后多久）；省略则从首轮开始", "From when: a moment, or so long after the first round opens; left out: its opening"),
    key("feeds[].until", Kind::MomentOrSpan).expert().example(r#""24 h""#)
        .says("到何时止；省略则到首轮的 deadline", "Until when; left out: the deadline of the first round"),
    key("feeds[].close", Kind::Count { least: 0, most: 1_000_000 }).expert().ranged().example("57")
        .says("隔离的密接：第 1、4、7、14 天各单采一管（代替 rate）；from 那天是第 1 天", "Close contacts in isolation, swabbed singly on days 1, 4, 7 and 14, in place of `rate`; day 1 is that of `from`"),
    key("feeds[].secondary", Kind::Count { least: 0, most: 1_000_000 }).expert().ranged().example("84")
        .says("隔离的次密接：第 1、4、7 天各单采一管", "Contacts of contacts, swabbed singly on days 1, 4 and 7"),
    key("feeds[].at", Kind::Clock).expert().example(r#""10:00""#)
        .says("这些管当天何时起到；省略则 10:00", "From which time of day their tubes come; left out: 10:00"),
    key("feeds[].over", LENGTH).expert().example(r#""2 h""#)
        .says("在多长时间内均匀到齐；省略则 2 小时", "Over how long, evenly; left out: 2 h"),
    key("feeds[].people", Kind::Count { least: 1, most: 100 }).expert().default("1", ASSUMED)
        .says("每管人数", "People in each tube"),
    key("feeds[].priority", PRIORITY).expert().default("0", ASSUMED)
        .says("优先级：0 与采样点的管一起排队，9 最先；每一步都插到前面", "How urgent: 0 stands in line with the tubes of the sites, 9 goes first, at each stage"),

    key("walking", Kind::Table)
        .says("步行到点", "Walking to the site"),
    key("walking.speed", Kind::Speed).default(r#""4.5 km/h""#, ASSUMED)
        .says("步行速度", "Walking speed"),
    key("walking.detour", Kind::Number { least: 1.0, most: 20.0 }).default("1.3", ASSUMED)
        .says("路程与直线距离之比", "Length of the way over the straight line"),

    key("study", Kind::Table).expert()
        .says("供分析：稳态研究", "For analysts: studies of a steady state"),
    key("study.warm_up", ANY_LENGTH).expert().default(r#""0 s""#, ASSUMED)
        .says("开轮后这段时间内到达的不计入统计", "Who arrives earlier than this after the round opens is not measured"),
    key("study.stop", LENGTH).expert().example(r#""1000 h""#)
        .says("首轮开始后这么久一切停止；省略则直到做完", "So long after the first round opens everything stops; left out: when all is done"),

    key("expert", Kind::Table).expert().chosen()
        .says("给想说得更细的人", "For whoever wants to say more"),
    key("expert.lane", Kind::Table).expert()
        .says("采样台逐工位写出（代替 lane.pace）", "A lane station by station, in place of `lane.pace`"),
    key("expert.lane.stations", Kind::Tables).expert()
        .says("依次经过的工位，最后一个是采样", "The stations in order; the last one is the swab"),
    key("expert.lane.stations[].id", Kind::Id).expert().required().example(r#""swab""#)
        .says("编号", "Its id"),
    key("expert.lane.stations[].per", PER).expert().default(r#""lane""#, ASSUMED)
        .says("每台一个，还是全点一个", "One in each lane, or one for the site"),
    key("expert.lane.stations[].servers", Kind::Count { least: 1, most: 10_000 }).expert().default("1", ASSUMED)
        .says("几个人（或位）同时服务", "How many serve there at once"),
    key("expert.lane.stations[].walk", DAYTIME).expert().example(r#""1 min""#)
        .says("从这里走到下一工位要多久；省略则不费时", "How long it takes from here to the next station; left out: no time"),
    key("expert.lane.stations[].room", Kind::Count { least: 0, most: 10_000 }).expert().example("3")
        .says("这个工位前最多站几个人等；站满了，上一工位做完的人留在原处，那里就不能接下一位；省略则不限", "How many may stand and wait for this station; while it is full, who is done at the station before stays there and nobody is served in that place; left out: any number"),
    key("expert.lane.stations[].service", LASTING).expert().ranged().required().example(r#"{ lognormal = { mean = "45 s", cv = 0.4 } }"#)
        .says("一个人的用时", "The time of one person"),
    key("expert.lane.stations[].service_for", Kind::Word(&[also("person", &["每人"]), also("form", &["每张表"])])).expert().default(r#""person""#, ASSUMED)
        .says("service 是一个人的，还是一张表（coming.forms）的用时", "Whether `service` is the time of a person or of each form (`coming.forms`)"),
    key("expert.lane.stations[].per_household", LASTING).expert().ranged().example(r#""10 s""#)
        .says("每户另加的用时（coming.households），加在第一个人身上", "What a household takes besides (`coming.households`), with its first member"),
    key("expert.lane.stations[].next", Kind::Tables).expert().example(r#"[{ to = "leave", share = "0 %" }]"#)
        .says("一部分人不去下一个工位：去后面的某个工位，或离开", "Some do not go on to the next station: they go to a later one, or leave"),
    key("expert.lane.stations[].next[].to", Kind::Reference).expert().required().example(r#""leave""#)
        .says("去哪个工位（在这个之后），或 leave 不采样就离开", "The station they go to, which comes later, or `leave`: home without a swab"),
    key("expert.lane.stations[].next[].share", Kind::Share).expert().ranged().required().example(r#""1 %""#)
        .says("占多少", "The share that does"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_called_by_words_that_stand_alone() {
        for key in KEYS {
            let [zh, en] = key.called();
            let han = zh.chars().any(|letter| ('一'..='鿿').contains(&letter));
            assert!(han, "{}: {zh}", key.path);
            assert!(
                !en.is_empty() && !en.starts_with('`') && en.len() < 80,
                "{}: {en}",
                key.path
            );
        }
    }

    #[test]
    fn every_key_stands_in_a_table_of_the_catalogue_and_says_what_it_means_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for key in KEYS {
            assert!(seen.insert(key.path), "{} is listed twice", key.path);
            let parent = key.parent().trim_end_matches("[]");
            assert!(
                parent.is_empty() || seen.contains(parent),
                "{} has no table",
                key.path
            );
            assert!(
                !key.zh.is_empty() && !key.en.is_empty(),
                "{} says nothing",
                key.path
            );
            assert!(
                key.default.is_none() || key.source.is_some(),
                "the default of {} has no source",
                key.path
            );
            assert!(
                !(key.presence == Presence::Required && key.default.is_some()),
                "{} is needed and has a default",
                key.path
            );
        }
    }

    #[test]
    fn a_condition_names_a_neighbor_and_words_that_it_can_be() {
        for key in KEYS {
            let Some((neighbor, words)) = key.when else {
                continue;
            };
            let neighbor = KEYS
                .iter()
                .find(|other| other.parent() == key.parent() && other.name() == neighbor)
                .unwrap();
            let Kind::Word(choices) = neighbor.kind else {
                panic!("{} is not a choice", neighbor.path)
            };
            assert!(
                words
                    .iter()
                    .all(|word| choices.iter().any(|choice| choice.word == *word)),
                "{}",
                key.path
            );
        }
    }
}

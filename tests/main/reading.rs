use swabplan::scenario::document::{self, Options};
use swabplan::scenario::render;
use swabplan::units::language::Language;
#[test]
fn explore() {
    let dir = tempfile::tempdir().unwrap();
    let p = |n: &str, t: &str| std::fs::write(dir.path().join(n), t).unwrap();
    for (i, t) in [
        "title = 泽库\n",
        "title = “泽库”\n",
        "every = 45 min\n",
        "open = 07:00-12:00\n",
        "a = \n",
        "a\n",
        "[sites\nx=1\n",
        "[[sites]\nx=1",
        "x = [1, 2\ny = 3\n",
        "x = {a = 1\ny = 3",
        "a = 1\na = 2\n",
        "[a]\nx=1\n[a]\ny=2\n",
        "t = 2022-05-09 7:00\n",
        "x = 007\n",
        "x = \"abc\ny = 2\n",
        "x = 1 2\n",
        "x == 3\n",
        "名称 = 3\n",
        "x = True\n",
        "a，b = 3",
        "x = 12,000\n",
        "x = [1 2]\n",
        "x = 93%\n",
        "sites=1\n[[sites]]\n",
        "x = 'a\\n",
        "x=1.\n",
        "= 3\n",
        "x：3\n",
        "]",
        "x=\"\\q\"",
        "x = -\n",
    ]
    .iter()
    .enumerate()
    {
        p("a.toml", t);
        let d = document::load(&dir.path().join("a.toml"), &Options::default());
        println!("=== {i} {t:?}");
        println!(
            "{}",
            render::render(&d.problems, &d.sources, Language::English, false)
                .replace(dir.path().to_str().unwrap(), "")
        );
        if i % 4 == 0 {
            println!(
                "{}",
                render::render(&d.problems, &d.sources, Language::Chinese, false)
                    .replace(dir.path().to_str().unwrap(), "")
            );
        }
    }
}

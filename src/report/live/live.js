(() => {
  const bar = document.getElementById("bar"), status = document.getElementById("status"), main = document.getElementById("body");
  let have = Number(main.dataset.number), wanted = have, fetching = false;
  // What somebody chose on the page stays chosen when its content is replaced.
  const chosen = new Map();
  for (const kind of ["change", "input"]) main.addEventListener(kind, event => chosen.set(event.target.id, event.target.value));
  const choose = () => {
    for (const [id, value] of chosen) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      const before = field.value;
      field.value = value;
      if (field.value !== value) field.value = before;
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
    }
  };
  const show = text => {
    const [x, y] = [scrollX, scrollY];
    main.innerHTML = text;
    enliven();
    choose();
    scrollTo(x, y);
  };
  const fetchBody = async () => {
    if (fetching) return;
    fetching = true;
    try {
      while (have !== wanted) {
        const asked = wanted, answer = await fetch("/body");
        if (!answer.ok) break;
        const text = await answer.text();
        have = Number(answer.headers.get("x-number"));
        if (wanted === asked) wanted = have;
        show(text);
      }
    } catch { /* The next word from the server starts it again. */ } finally { fetching = false; }
  };
  const listen = new EventSource("/news");
  listen.onmessage = event => {
    const news = JSON.parse(event.data);
    bar.className = news.state;
    status.textContent = news.status;
    wanted = news.body;
    fetchBody();
    document.dispatchEvent(new CustomEvent("news", {detail: news}));
  };
  listen.onerror = () => { bar.className = "ended"; status.textContent = bar.dataset.ended; };
  enliven();
})();
(() => {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const knobs = document.getElementById("knobs"), answer = document.getElementById("answer"), saved = document.getElementById("saved");
  const name = document.getElementById("variant");
  let number = Number(knobs.dataset.number), told = -1, busy = false, again = false;
  const sliders = () => [...knobs.querySelectorAll("input")];
  const positions = () => sliders().map(slider => Number(slider.value));
  const post = (path, body) => fetch(path, {
    method: "POST",
    headers: {"content-type": "application/json", "x-token": panel.dataset.token},
    body: JSON.stringify({panel: number, positions: positions(), ...body}),
  });
  // Of moves that come faster than they are heard only the last is told.
  const pull = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try { do { again = false; await post("/try", {}); } while (again); } catch { /* The line at the top says that nobody listens. */ } finally { busy = false; }
  };
  const say = slider => { slider.nextElementSibling.textContent = JSON.parse(slider.dataset.steps)[slider.value]; };
  const listen = () => sliders().forEach(slider => slider.addEventListener("input", () => { say(slider); saved.textContent = ""; pull(); }));
  listen();
  document.getElementById("back").addEventListener("click", () => {
    sliders().forEach(slider => { slider.value = slider.dataset.at; say(slider); });
    pull();
  });
  document.getElementById("save").addEventListener("click", async () => {
    try {
      const reply = await post("/save", {name: name.value.trim()});
      saved.className = reply.ok ? "good" : "bad";
      saved.textContent = await reply.text();
    } catch { saved.className = "bad"; }
  });
  document.addEventListener("news", async event => {
    const news = event.detail;
    if (news.panel !== number) {
      const reply = await fetch("/knobs");
      number = Number(reply.headers.get("x-number"));
      knobs.innerHTML = await reply.text();
      listen();
    }
    if (news.answer !== told) {
      told = news.answer;
      answer.innerHTML = await (await fetch("/answer")).text();
    }
  });
})();

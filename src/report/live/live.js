(() => {
  const bar = document.getElementById("bar"), status = document.getElementById("status"), main = document.getElementById("body");
  let have = Number(main.dataset.number), wanted = have, fetching = false;
  // What somebody chose on the page stays chosen when its content is replaced.
  const chosen = () => new Map([...main.querySelectorAll("select[id], input[id]")].map(field => [field.id, field.value]));
  const choose = earlier => {
    for (const [id, value] of earlier) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      const before = field.value;
      field.value = value;
      if (field.value !== value) field.value = before;
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
    }
  };
  const show = text => {
    const [x, y] = [scrollX, scrollY], earlier = chosen();
    main.innerHTML = text;
    enliven();
    choose(earlier);
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

(function () {
  "use strict";
  var plain = function (text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  };
  var words = function (text) { return plain(text).match(/[\p{L}\p{N}]+/gu) || []; };
  var fill = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  };

  /* filters of the claims; their state is in the address, so that it can be sent on */
  var board = document.getElementById("board");
  if (board) {
    var form = document.getElementById("filters"), told = document.getElementById("filtered");
    var rows = Array.prototype.slice.call(board.querySelectorAll("[data-theme]"));
    var buttons = Array.prototype.slice.call(form.querySelectorAll("button[data-group]"));
    var chosen = { theme: "", verdict: "" };
    var show = function () {
      var shown = 0;
      rows.forEach(function (row) {
        row.hidden = Object.keys(chosen).some(function (group) {
          return chosen[group] && row.dataset[group] !== chosen[group];
        });
        shown += !row.hidden;
      });
      buttons.forEach(function (button) {
        button.setAttribute("aria-pressed", String(chosen[button.dataset.group] === button.value));
      });
      told.textContent = fill(told.dataset.text, { shown: shown, total: rows.length });
    };
    var read = function () {
      var state = new URLSearchParams(location.hash.slice(1));
      if (!state.has("theme") && !state.has("verdict")) { return false; }
      buttons.forEach(function (button) {
        var group = button.dataset.group;
        if (button.value === (state.get(group) || "")) { chosen[group] = button.value; }
      });
      return true;
    };
    form.addEventListener("click", function (event) {
      var button = event.target.closest("button[data-group]");
      if (!button) { return; }
      chosen[button.dataset.group] = button.value;
      var state = new URLSearchParams();
      Object.keys(chosen).forEach(function (group) { if (chosen[group]) { state.set(group, chosen[group]); } });
      history.replaceState(null, "", state.toString() ? "#" + state : location.pathname + location.search);
      show();
    });
    window.addEventListener("hashchange", function () { if (read()) { show(); } });
    form.hidden = false;
    read();
    show();
  }

  /* search: every word typed must begin a word of the entry; words of titles count most */
  var store = document.getElementById("entries"), box = document.getElementById("query");
  if (!store || !box) { return; }
  var index = null, most = 20;
  var list = document.getElementById("found"), count = document.getElementById("count");
  var prepare = function () {
    index = JSON.parse(store.textContent).map(function (entry, place) {
      return { entry: entry, place: place, title: words(entry.t), text: words((entry.w || "") + " " + (entry.x || "")) };
    });
  };
  var rate = function (item, asked) {
    var sum = 0;
    for (var i = 0; i < asked.length; i += 1) {
      var word = asked[i], begins = function (other) { return other.startsWith(word); };
      var points = item.title.indexOf(word) >= 0 ? 8 : item.title.some(begins) ? 5
        : item.text.indexOf(word) >= 0 ? 2 : item.text.some(begins) ? 1 : 0;
      if (!points) { return 0; }
      sum += points;
    }
    return sum;
  };
  var excerpt = function (entry, asked) {
    var text = entry.x || "", at = -1;
    var parts = text.split(/(?<=\s)/);
    for (var i = 0; i < parts.length && at < 0; i += 1) {
      if (words(parts[i]).some(function (word) { return asked.some(function (a) { return word.startsWith(a); }); })) {
        at = i;
      }
    }
    if (at < 0) { return ""; }
    var from = Math.max(0, at - 8), to = Math.min(parts.length, at + 14);
    return (from ? "… " : "") + parts.slice(from, to).join("").trim() + (to < parts.length ? " …" : "");
  };
  var item = function (entry, asked) {
    var li = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
    link.href = entry.u;
    link.textContent = entry.t;
    kind.className = "kind";
    kind.textContent = entry.k + (entry.w ? " · " + entry.w : "");
    li.append(kind, link);
    var more = excerpt(entry, asked);
    if (more) {
      var p = document.createElement("p");
      p.textContent = more;
      li.append(p);
    }
    return li;
  };
  var search = function () {
    var asked = words(box.value);
    list.replaceChildren();
    if (!asked.length) { count.textContent = ""; return; }
    if (!index) { prepare(); }
    var found = index.map(function (one) { return { one: one, points: rate(one, asked) }; })
      .filter(function (hit) { return hit.points; })
      .sort(function (a, b) { return b.points - a.points || a.one.place - b.one.place; });
    found.slice(0, most).forEach(function (hit) { list.append(item(hit.one.entry, asked)); });
    count.textContent = !found.length ? fill(count.dataset.none, { query: box.value.trim() })
      : fill(found.length > most ? count.dataset.some : count.dataset.all,
        { shown: Math.min(most, found.length), total: found.length });
  };
  var step = function (event, to) { if (to) { event.preventDefault(); to.focus(); } };
  box.addEventListener("input", search);
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    step(event, list.querySelector("a"));
  });
  box.form.addEventListener("keydown", function (event) {
    var links = Array.prototype.slice.call(list.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { step(event, links[at + 1]); }
    if (event.key === "ArrowUp" && at >= 0) { step(event, at ? links[at - 1] : box); }
    if (event.key === "Escape" && (at >= 0 || box.value)) {
      event.preventDefault();
      box.value = "";
      box.focus();
      search();
    }
  });
  box.form.hidden = false;
})();

(function () {
  "use strict";
  var plain = function (text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  };
  var words = function (text) { return plain(text).match(/[\p{L}\p{N}]+/gu) || []; };
  var fill = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  };

  /* what is chosen and asked is in the address, so that it can be sent on and is there after "back" */
  var board = document.getElementById("board"), box = document.getElementById("query");
  var chosen = { theme: "", verdict: "" };
  var keep = function () {
    var hash = location.hash.slice(1), state = new URLSearchParams(hash.indexOf("=") < 0 ? "" : hash);
    var own = Object.assign({ q: box.value.trim() }, chosen);
    Object.keys(own).forEach(function (name) { if (own[name]) { state.set(name, own[name]); } else { state.delete(name); } });
    history.replaceState(null, "", String(state) ? "#" + state : location.pathname + location.search);
  };
  var read = function () {
    var hash = location.hash.slice(1);
    if (hash && hash !== "claims" && hash.indexOf("=") < 0) { return; }
    var state = new URLSearchParams(hash);
    Object.keys(chosen).forEach(function (group) {
      var value = state.get(group) || "";
      chosen[group] = board.querySelector("[data-" + group + "=\"" + CSS.escape(value) + "\"]") ? value : "";
    });
    box.value = state.get("q") || "";
  };

  /* filters of the claims */
  var form = document.getElementById("filters"), told = document.getElementById("filtered");
  var all = document.getElementById("all");
  var rows = Array.prototype.slice.call(board.querySelectorAll("[data-theme]"));
  var buttons = Array.prototype.slice.call(form.querySelectorAll("button[data-group]"));
  var left = function (choice) {
    return rows.filter(function (row) {
      return Object.keys(choice).every(function (group) { return !choice[group] || row.dataset[group] === choice[group]; });
    });
  };
  var show = function () {
    var shown = left(chosen);
    rows.forEach(function (row) { row.hidden = shown.indexOf(row) < 0; });
    buttons.forEach(function (button) {
      var group = button.dataset.group, other = Object.assign({}, chosen);
      other[group] = button.value;
      button.setAttribute("aria-pressed", String(chosen[group] === button.value));
      button.lastElementChild.textContent = left(other).length;
    });
    all.hidden = !chosen.theme && !chosen.verdict;
    told.textContent = fill(told.dataset.text, { shown: shown.length, total: rows.length });
  };
  var choose = function (group, value) {
    chosen[group] = value;
    keep();
    show();
  };
  form.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-group]");
    if (button) { choose(button.dataset.group, button.value); }
  });
  all.addEventListener("click", function () {
    chosen.theme = "";
    choose("verdict", "");
    buttons[0].focus();
  });

  /* search: each word asked must be like a word of the entry, each phrase in quotes stand in it */
  var store = document.getElementById("entries"), index = null, vocabulary = null, most = 20;
  var list = document.getElementById("found"), count = document.getElementById("count");
  /* endings, and beginnings in Malay, where k, p, s and t may go: "menumpukan" is like "tumpuan" */
  var stem = document.documentElement.lang === "ms" ? function (word) {
    var root = word.replace(/^(?:me(?:ng|ny|[mn])?|pe(?:ng|ny|[mn])?|ber|ter|di|ke|se)(?=\p{L}{4})/u, "")
      .replace(/(?<=\p{L}{4})(?:kan|an|i|nya)$/u, "");
    return root.replace(/^[kpst](?=[aeiou]\p{L}{2})/u, "");
  } : function (word) { return word.replace(/(?<=\p{L}{3})(?:ing|ions?|ies|ers?|ed|es|ly|s|e|y)$/u, ""); };
  var prepare = function () {
    vocabulary = new Map();
    index = JSON.parse(store.textContent).map(function (entry, place) {
      var title = words(entry.t), text = words((entry.w || "") + " " + (entry.x || ""));
      title.concat(text).forEach(function (word) { vocabulary.set(word, ""); });
      return { entry: entry, place: place, title: title, text: text };
    });
    vocabulary.forEach(function (_stem, word) { vocabulary.set(word, stem(word)); });
  };
  var akin = JSON.parse(document.getElementById("alike").textContent).map(function (row) { return row.map(plain); });
  /* whether one letter too many, too few, wrong, or two swapped make the difference */
  var slip = function (a, b) {
    var from = 0, end = 0, least = Math.min(a.length, b.length);
    while (from < least && a[from] === b[from]) { from += 1; }
    while (end < least - from && a[a.length - 1 - end] === b[b.length - 1 - end]) { end += 1; }
    var one = a.slice(from, a.length - end), other = b.slice(from, b.length - end);
    return Math.max(one.length, other.length) < 2
      || (one.length === 2 && one === other[1] + other[0] && other.length === 2);
  };
  /* words of the index that answer a word asked, with how well they do */
  var answers = function (asked) {
    var found = new Map(), root = stem(asked);
    var others = akin.filter(function (row) { return row.some(function (word) { return stem(word) === root; }); }).flat().map(stem);
    vocabulary.forEach(function (own, word) {
      var points = word === asked ? 8 : word.startsWith(asked) ? 5 : root.length > 2 && own === root ? 4
        : others.indexOf(own) >= 0 ? 3 : 0;
      if (points) { found.set(word, points); }
    });
    if (!found.size && asked.length > 4) {
      vocabulary.forEach(function (_own, word) { if (slip(asked, word)) { found.set(word, 3); } });
    }
    return found;
  };
  var best = function (list, answer) {
    return list.reduce(function (most, word) { return Math.max(most, answer.get(word) || 0); }, 0);
  };
  var rate = function (item, asked) {
    var sum = 0;
    for (var i = 0; i < asked.words.length; i += 1) {
      var points = best(item.title, asked.words[i]) || best(item.text, asked.words[i]) / 4;
      if (!points) { return 0; }
      sum += points;
    }
    var whole = [item.title, item.text].map(function (list) { return " " + list.join(" ") + " "; });
    for (var j = 0; j < asked.phrases.length; j += 1) {
      var at = whole.findIndex(function (text) { return text.indexOf(asked.phrases[j]) >= 0; });
      if (at < 0) { return 0; }
      sum += at ? 2 : 8;
    }
    return sum;
  };
  var parse = function (query) {
    var phrases = [], rest = query.replace(/["“”]([^"“”]+)["“”]/g, function (_whole, inside) {
      if (words(inside).length) { phrases.push(" " + words(inside).join(" ") + " "); }
      return " ";
    });
    return { phrases: phrases, words: words(rest).map(answers) };
  };
  var excerpt = function (entry, asked) {
    var text = entry.x || "", parts = text.split(/(?<=\s)/);
    var firsts = asked.phrases.map(function (phrase) { return phrase.split(" ")[1]; });
    var at = parts.findIndex(function (part) {
      return words(part).some(function (word) {
        return firsts.indexOf(word) >= 0 || asked.words.some(function (answer) { return answer.has(word); });
      });
    });
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
    list.replaceChildren();
    if (!words(box.value).length) { count.textContent = ""; return; }
    if (!index) { prepare(); }
    var asked = parse(box.value);
    var found = index.map(function (one) { return { one: one, points: rate(one, asked) }; })
      .filter(function (hit) { return hit.points; })
      .sort(function (a, b) { return b.points - a.points || a.one.place - b.one.place; });
    found.slice(0, most).forEach(function (hit) { list.append(item(hit.one.entry, asked)); });
    count.textContent = !found.length ? fill(count.dataset.none, { query: box.value.trim() })
      : fill(found.length > most ? count.dataset.some : count.dataset.all,
        { shown: Math.min(most, found.length), total: found.length });
  };
  var step = function (event, to) { if (to) { event.preventDefault(); to.focus(); } };
  var soon = 0;  // some browsers take an address a hundred times in half a minute at most
  box.addEventListener("input", function () {
    search();
    clearTimeout(soon);
    soon = setTimeout(keep, 300);
  });
  list.addEventListener("click", keep);
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    keep();
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
      keep();
    }
  });
  var restore = function () {
    read();
    show();
    search();
  };
  addEventListener("hashchange", restore);
  restore();
})();

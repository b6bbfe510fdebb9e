(function () {
  "use strict";
  var store = document.getElementById("packed"), form = document.getElementById("filter");
  if (!store || !window.DecompressionStream) { form.hidden = true; return; }
  var table = document.querySelector("table.rows"), body = table.tBodies[0], box = form.querySelector("input");
  var told = document.getElementById("rows-told"), pages = form.querySelectorAll("button"), size = body.rows.length;
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells, 1), all = null, order = null, from = 0, sorted = 0;
  var say = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (_whole, name) { return values[name]; });
  };
  var plain = function (text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
  var unpack = function () {
    if (all) { return Promise.resolve(); }
    var bytes = Uint8Array.from(atob(store.textContent), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json().then(function (found) {
      all = found;
      all.text = all.names.map(function (_name, i) {
        return plain(all.columns.map(function (column) { return column[i]; }).join("\n"));
      });
    });
  };
  var link = function (href, text, label) {
    var a = document.createElement("a");
    a.href = href;
    a.textContent = text;
    if (label) { a.setAttribute("aria-label", label); }
    return a;
  };
  var row = function (i) {
    var tr = document.createElement("tr"), name = all.names[i], words = table.dataset;
    var cell = function (tag, content) {
      var made = document.createElement(tag);
      made.append(content);
      tr.append(made);
      return made;
    };
    tr.id = name;
    cell("td", link("#" + name, "#", words.address + ": " + name.slice(4))).firstChild.className = "mark";
    all.columns.forEach(function (column, at) {
      var text = column[i], source = "source" in heads[at].dataset && all.sources[text];
      var made = cell(at ? "td" : "th", source ? link(source[0], text) : text);
      made.className = heads[at].className;
      if (source) { made.firstChild.title = source[1]; }
      if (!at) { made.scope = "row"; }
    });
    if (words.dispute) {
      cell("td", link(say(words.dispute, { row: name }), words.words, words.words + ": " + name.slice(4)));
    }
    return tr;
  };
  var count = function (total) {
    var last = Math.min(from + size, total), write = function (n) { return n.toLocaleString("en"); };
    told.textContent = !total ? say(form.dataset.none, { query: box.value.trim() })
      : say(form.dataset.some, { first: write(from + 1), last: write(last), total: write(total) });
    pages[0].hidden = pages[1].hidden = total <= size;
    pages[0].disabled = !from;
    pages[1].disabled = last >= total;
  };
  var show = function (start) {
    from = start;
    body.replaceChildren.apply(body, order.slice(from, from + size).map(row));
    count(order.length);
  };
  var arrange = function () {
    var words = plain(box.value).split(/\s+/).filter(Boolean);
    order = all.names.map(function (_name, i) { return i; }).filter(function (i) {
      return words.every(function (word) { return all.text[i].indexOf(word) >= 0; });
    });
    if (!sorted) { return; }
    var column = all.columns[Math.abs(sorted) - 1], numeric = heads[Math.abs(sorted) - 1].classList.contains("right");
    order.sort(function (a, b) {
      var one = column[a], other = column[b];
      if (!one || !other) { return (one ? 0 : 1) - (other ? 0 : 1) || a - b; }  // empty cells last, either way
      var by = numeric ? one - other : one < other ? -1 : one > other ? 1 : 0;
      return sorted < 0 ? -by || a - b : by || a - b;
    });
  };
  var again = function () { return unpack().then(arrange).then(function () { show(0); }); };
  box.addEventListener("input", again);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  pages.forEach(function (button) {
    button.addEventListener("click", function () {
      unpack().then(function () {
        if (!order) { arrange(); }
        show(from + size * button.value);
        table.parentElement.scrollTop = 0;
      });
    });
  });
  heads.slice(0, heads.length - (table.dataset.dispute ? 1 : 0)).forEach(function (head, at) {
    var button = document.createElement("button");
    button.type = "button";
    button.append.apply(button, Array.prototype.slice.call(head.childNodes));
    head.append(button);
    button.addEventListener("click", function () {
      sorted = Math.abs(sorted) === at + 1 ? -sorted : at + 1;
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", sorted > 0 ? "ascending" : "descending");
      again();
    });
  });
  /* a row that the address names may lie beyond the first */
  var named = function () {
    var name = decodeURIComponent(location.hash.slice(1));
    if (name.indexOf("row-") !== 0) { return; }
    unpack().then(function () {
      if (!document.getElementById(name)) {
        var at = all.names.indexOf(name);
        if (at < 0) { return; }
        box.value = "";
        arrange();
        show(Math.floor(order.indexOf(at) / size) * size);
      }
      body.querySelectorAll(".chosen").forEach(function (tr) { tr.classList.remove("chosen"); });
      var chosen = document.getElementById(name);
      chosen.classList.add("chosen");
      chosen.scrollIntoView({ block: "center" });
    });
  };
  count(Number(form.dataset.total));
  addEventListener("hashchange", named);
  named();
})();

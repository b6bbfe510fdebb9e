(function () {
  "use strict";
  var form = document.getElementById("filter"), box = form.querySelector("input"), pages = form.querySelectorAll("button");
  var told = document.getElementById("rows-told"), size = 50, from = 0;
  var rows = Array.prototype.slice.call(document.querySelector("table.sets").tBodies[0].rows), shown = rows;
  var plain = function (text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
  var texts = rows.map(function (row) { return plain(row.textContent); });
  var write = function (n) { return n.toLocaleString("en"); };
  var say = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (_whole, name) { return values[name]; });
  };
  var show = function (start) {
    from = start;
    var last = Math.min(from + size, shown.length), part = shown.slice(from, last);
    rows.forEach(function (row) { row.hidden = part.indexOf(row) < 0; });
    told.textContent = !shown.length ? say(form.dataset.none, { query: box.value.trim() })
      : say(form.dataset.some, { first: write(from + 1), last: write(last), total: write(shown.length) });
    pages[0].hidden = pages[1].hidden = shown.length <= size;
    pages[0].disabled = !from;
    pages[1].disabled = last >= shown.length;
  };
  box.addEventListener("input", function () {
    var words = plain(box.value).split(/\s+/).filter(Boolean);
    shown = rows.filter(function (_row, i) {
      return words.every(function (word) { return texts[i].indexOf(word) >= 0; });
    });
    show(0);
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  pages.forEach(function (button) {
    button.addEventListener("click", function () { show(from + size * button.value); });
  });
  show(0);
})();

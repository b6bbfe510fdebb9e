/* all claims between two dates: those whose verdict or headline number differs */
(function () {
  "use strict";
  var form = document.getElementById("compare"), told = document.getElementById("changed");
  var cells = JSON.parse(document.getElementById("cells").textContent), words = document.getElementById("words").content;
  var table = document.getElementById("moves");
  var ends = ["then", "now"].map(function (name) { return form.elements[name]; });
  var put = function (place, name, css, text) {
    var part = document.createElement(name);
    part.className = css;
    part.textContent = text;
    if (text) { place.append(" ", part); }
  };
  var fill = function (place, cell) {
    if (!cell) { place.textContent = "–"; return; }
    place.replaceChildren(words.querySelector(".v-" + cell[0].replace(" ", "-")).cloneNode(true));
    put(place, "span", "cause", cell[1]);
    put(place, "strong", "number", cell[2]);
    put(place, "span", "interval", cell[3]);
  };
  var show = function () {
    var dates = ends.map(function (end) { return end.value; }).sort(), counts = [0, 0];
    ends.forEach(function (end, at) {
      end.value = dates[at];
      table.tHead.rows[0].cells[at + 1].textContent = end.selectedOptions[0].text;
    });
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row, at) {
      var pair = dates.map(function (date) { return cells[date][at]; });
      var differ = [0, 2].map(function (part) { return (pair[0] || [])[part] !== (pair[1] || [])[part]; });
      differ.forEach(function (one, part) { counts[part] += one; });
      row.hidden = !(differ[0] || differ[1]);
      pair.forEach(function (cell, end) { fill(row.cells[end + 1], cell); });
    });
    told.textContent = told.dataset.text.replace("{verdicts}", counts[0]).replace("{numbers}", counts[1])
      .replace("{total}", cells[dates[0]].length);
  };
  var read = function () {
    var state = new URLSearchParams(location.hash.slice(1));
    ends.forEach(function (end) {
      if (state.get(end.name) in cells) { end.value = state.get(end.name); }
    });
    show();
  };
  form.addEventListener("change", function () {
    show();
    var state = new URLSearchParams(location.hash.indexOf("=") < 0 ? "" : location.hash.slice(1));
    ends.forEach(function (end) { state.set(end.name, end.value); });
    history.replaceState(null, "", "#" + state);
  });
  addEventListener("hashchange", read);
  read();
})();

(function () {
  "use strict";
  var form = document.getElementById("compare");
  if (!form) { return; }
  var said = JSON.parse(document.getElementById("changes").textContent), told = document.getElementById("changed");
  var ends = ["then", "now"].map(function (name) { return form.elements[name]; });
  var row = function (date) { return document.querySelector(".history tr[data-date=\"" + date + "\"]"); };
  var copy = function (from, to) {
    to.replaceChildren.apply(to, Array.prototype.map.call(from.childNodes, function (node) { return node.cloneNode(true); }));
  };
  var show = function () {
    var dates = ends.map(function (end) { return end.value; });
    if (dates[0] > dates[1]) {
      dates.reverse();
      ends.forEach(function (end, at) { end.value = dates[at]; });
    }
    dates.forEach(function (date, at) {
      Array.prototype.forEach.call(form.querySelectorAll("tr"), function (line, of) {
        copy(row(date).cells[of], line.cells[at + 1]);
      });
    });
    told.textContent = said[dates.join(" ")] || told.dataset.same;
  };
  /* whatever else the address has, as choices that were tried, which stand behind the name of their box */
  var others = function () {
    return location.hash.slice(1).split("&").filter(function (part, at) {
      var box = !at && document.getElementById(decodeURIComponent(part));
      return part.indexOf("=") < 0 ? box && box.classList.contains("whatif") : ["then", "now"].indexOf(part.split("=")[0]) < 0;
    });
  };
  var read = function () {
    var state = new URLSearchParams(location.hash.slice(1));
    ends.forEach(function (end) {
      if (row(CSS.escape(state.get(end.name) || ""))) { end.value = state.get(end.name); }
    });
    show();
  };
  form.addEventListener("change", function () {
    show();
    history.replaceState(null, "", "#" + others().concat(ends.map(function (end) { return end.name + "=" + end.value; })).join("&"));
  });
  addEventListener("hashchange", read);
  read();
})();

(function () {
  var bar = null;
  function show(state) {
    if (state.built !== BUILT) { location.reload(); return; }
    if (bar) { bar.remove(); bar = null; }
    if (!state.text) { return; }
    bar = document.createElement("pre");
    bar.id = "briefs-preview";
    bar.setAttribute("role", "status");
    bar.textContent = state.text;
    Object.assign(bar.style, { position: "fixed", inset: "auto 0 0 0", margin: "0", padding: ".5rem 1rem",
      maxHeight: "40vh", overflow: "auto", background: "#1c1b1a", color: "#fff", zIndex: "9", whiteSpace: "pre-wrap" });
    document.body.append(bar);
  }
  setInterval(function () {
    fetch("STATE").then(function (answer) { return answer.json(); }).then(show, function () {});
  }, 500);
})();

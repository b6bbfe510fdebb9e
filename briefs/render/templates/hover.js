// Values of a chart's marks, as its drawing tells them: by pointer, by touch, and by keys as a slider.
for (const box of document.querySelectorAll('.chart')) {
  const svg = box.querySelector('svg'), all = [];
  for (const title of box.querySelectorAll('.marks title')) {
    const mark = title.parentNode, at = name => +mark.getAttribute(name);
    all.push({ text: title.textContent, row: mark.parentNode,
      x: at('cx') || at('x') + at('width') / 2, y: at('cy') || at('y') });
    title.remove();  // or the browser would show it too
  }
  if (!all.length) continue;
  const make = (name, parent) => parent.appendChild(document.createElementNS(parent.namespaceURI, name));
  const ring = make('circle', svg), tip = make('div', box), probe = make('div', box), last = all.length - 1;
  let now = 0;
  const hide = () => box.classList.remove('shown');
  const show = i => {
    now = Math.max(0, Math.min(last, i));
    const { x, y, text } = all[now], frame = box.getBoundingClientRect();
    const spot = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()), above = spot.y - frame.y - 14;
    ring.setAttribute('transform', `translate(${x} ${y})`);
    probe.ariaValueNow = now;
    probe.ariaValueText = tip.textContent = text;
    const left = Math.min(spot.x - frame.x - tip.offsetWidth / 2, frame.width - tip.offsetWidth - 1);
    tip.style.left = Math.max(0, left) + box.scrollLeft + 'px';
    tip.style.top = (above < tip.offsetHeight - (box.scrollWidth > box.clientWidth ? 0 : 24) ? above + 28 : above - tip.offsetHeight) + 'px';
    box.classList.add('shown');
  };
  const near = away => all.reduce((best, mark, i) => away(mark) < away(all[best]) ? i : best, now);
  const leap = (step, side) => all[0].row === all[last].row ? now + step :
    near(mark => mark.row === all[now].row[side] ? Math.abs(mark.x - all[now].x) : 1e9);
  const keys = { ArrowRight: () => now + 1, ArrowLeft: () => now - 1, Home: () => 0, End: () => last,
    ArrowDown: () => leap(1, 'nextElementSibling'), ArrowUp: () => leap(-1, 'previousElementSibling') };
  ring.setAttribute('class', 'ring');
  ring.setAttribute('r', 7);
  tip.className = 'tip';
  tip.ariaHidden = true;
  // no show(0) here, which would lay the page out once for every chart
  Object.assign(probe, { className: 'probe', role: 'slider', tabIndex: 0, ariaValueMax: last, ariaValueNow: 0,
    ariaValueText: all[0].text, ariaLabel: box.dataset.values });
  probe.onfocus = () => probe.matches(':focus-visible') && show(now);
  probe.onblur = hide;
  probe.onkeydown = event => keys[event.key] && 
    (event.preventDefault(), show(keys[event.key]()), ring.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  box.onpointermove = box.onpointerdown = event => {
    const spot = new DOMPoint(event.x, event.y).matrixTransform(svg.getScreenCTM().inverse());
    const away = mark => Math.hypot(mark.x - spot.x, mark.y - spot.y), i = near(away);
    away(all[i]) < 36 ? show(i) : hide();
  };
  box.onpointerleave = event => event.pointerType === 'mouse' && hide();
  addEventListener('pointerdown', event => box.contains(event.target) || hide());
  addEventListener('keydown', event => event.key === 'Escape' && hide());
}

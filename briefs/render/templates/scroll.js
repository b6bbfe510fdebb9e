// A box is a stop of the keyboard only while it scrolls; without this script each one is.
{
  const stop = new ResizeObserver(all => all.forEach(({ target }) => {
    const box = target.closest('.scroll, .chart, pre');
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls && !box.querySelector('.probe')) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }));
  for (const box of document.querySelectorAll('.scroll, .chart, pre')) {
    stop.observe(box);
    if (box.firstElementChild) stop.observe(box.firstElementChild);
  }
  // some browsers forget that it is a table where its rows are stacked
  const roles = { table: 'table', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell' };
  for (const table of document.querySelectorAll('.stacked, .scoreboard, .history, #compare table, #moves')) {
    for (const part of [table, ...table.querySelectorAll('*')]) {
      const role = roles[part.localName] || { col: 'columnheader', row: 'rowheader' }[part.scope];
      if (role) part.setAttribute('role', role);
    }
  }
}
// An address inside a closed part opens it; newer browsers do so by themselves.
{
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest('details:not([open])')) return;
    for (let part = target; (part = part.parentElement?.closest('details'));) part.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', open);
  open();
}

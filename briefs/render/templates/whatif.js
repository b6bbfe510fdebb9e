// Choices of a reader, looked up among the combinations that were computed; the address keeps them, and
// whatever else it has.
{
  const all = JSON.parse(document.getElementById('combinations').textContent);
  const names = new Set([...document.querySelectorAll('.whatif select')].map(list => list.name));
  for (const box of document.querySelectorAll('.whatif')) {
    const { rows, found, words } = all[box.id], lists = [...box.querySelectorAll('select')];
    const own = lists.map(list => [...list.options].findIndex(option => option.defaultSelected)), lanes = [...box.querySelectorAll('.lanes > li')];
    const [said, none] = box.querySelectorAll('.told > p'), percent = place => place / 10 + '%';
    const show = () => {
      const one = found[rows[lists.reduce((at, list) => at * list.length + list.selectedIndex, 0)]];
      said.hidden = !(none.hidden = !!one);
      lanes.forEach((lane, at) => lane.classList.toggle('on', at === one?.[0]));
      if (!one) return;
      const [lane, span, texts] = one;
      said.querySelector('.name').replaceChildren(...lanes[lane].querySelector('.name').cloneNode(true).childNodes);
      for (const part of said.querySelectorAll('[data-slot]')) part.textContent = words[texts[part.dataset.slot]];
      const line = lanes[lane].querySelector('.span'), dot = lanes[lane].querySelector('.at');
      lanes[lane].classList.toggle('off', !span);
      if (!span) return;
      line.setAttribute('x1', percent(span[0]));
      line.setAttribute('x2', percent(span[2]));
      dot.setAttribute('cx', percent(span[1]));
    };
    const read = () => {
      const [id, ...rest] = location.hash.slice(1).split('&'), state = new URLSearchParams(rest.join('&'));
      if (decodeURIComponent(id) !== box.id) return;
      lists.forEach((list, at) => {
        const there = [...list.options].findIndex(option => option.value === state.get(list.name));
        list.selectedIndex = there < 0 ? own[at] : there;
      });
      show();
      for (let part = box; (part = part.parentElement?.closest('details'));) part.open = true;
      box.scrollIntoView();
    };
    const keep = () => {
      const others = location.hash.slice(1).split('&').filter(part => part.includes('=') && !names.has(part.split('=')[0]));
      const changed = lists.filter((list, at) => list.selectedIndex !== own[at]);
      const state = changed.map(list => String(new URLSearchParams([[list.name, list.value]])));
      history.replaceState(null, '', '#' + [box.id, ...state, ...others].join('&'));
      show();
    };
    box.addEventListener('change', keep);
    box.querySelector('button').addEventListener('click', () => {
      lists.forEach((list, at) => { list.selectedIndex = own[at]; });
      keep();
      lists[0].focus();
    });
    addEventListener('hashchange', read);
    read();
  }
}

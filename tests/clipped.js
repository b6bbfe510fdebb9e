() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const faults = [];
  for (const table of document.querySelectorAll('table')) {
    const box = table.closest('.scroll');
    const cue = box && getComputedStyle(box).backgroundImage.includes('gradient');
    const edge = box ? box.getBoundingClientRect() : { left: 0, right: innerWidth };
    const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.parentElement.closest('.hidden, thead')) continue;
      for (const number of node.data.matchAll(/[\d.,]*\d[\d.,%×]*/g)) {
        const range = document.createRange();
        range.setStart(node, number.index);
        range.setEnd(node, number.index + number[0].length);
        const lines = [...range.getClientRects()];
        const cut = lines.some(l => l.right > edge.right + 1 || l.left < edge.left - 1);
        const broken = new Set(lines.map(l => Math.round(l.top))).size > 1;
        if (broken || cut && !cue) faults.push([broken ? 'broken' : 'cut', number[0], node.data.slice(0, 60)]);
      }
    }
  }
  return faults;
}

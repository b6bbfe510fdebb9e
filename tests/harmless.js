// What on a page could run, load, submit or lead where nothing of ours does; nothing on a good page.
() => {
  const faults = [];
  const tags = 'img, iframe, frame, object, embed, form:not(main form), base, template:not(#words), video, audio, source, portal, ' +
    'foreignObject, animate, set, svg a, marquee, frameset, plaintext, xmp, body style, body link, body meta, math';
  for (const found of document.querySelectorAll(tags)) faults.push(found.outerHTML.slice(0, 99));
  for (const script of document.scripts) {
    if (script.src || !(/(json|plain)$/.test(script.type) || script === document.body.lastElementChild)) {
      faults.push(script.outerHTML.slice(0, 99));
    }
  }
  const policies = document.querySelectorAll('meta[http-equiv]');
  if (policies.length !== 1 || !policies[0].content.startsWith("default-src 'none'; style-src 'sha256-")) faults.push('policy');
  for (const element of document.querySelectorAll('*')) {
    for (const { name } of element.attributes) {
      if (/^on|^(src|srcset|srcdoc|style|action|formaction|background|ping|poster|is)$/.test(name)) {
        faults.push(`${element.localName} ${name}`);
      }
    }
  }
  for (const link of document.querySelectorAll('a[href], area[href]')) {
    const there = link.protocol === location.protocol && link.host === location.host;
    if (!there && !/^(https:|http:|mailto:|:|data:(text\/csv|image\/svg))/.test(link.href.startsWith('data:') ? link.href : link.protocol)) {
      faults.push(link.href.slice(0, 99));
    }
  }
  return faults;
}

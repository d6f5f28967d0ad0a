// Returns texts whose boxes intersect, as [text, text] pairs, from all that can be seen; a bar counts as a text.
() => {
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("title, desc, .skip")) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let clip = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    for (let e = parent; e && e !== document.documentElement; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.clipPath !== "none") clip = null;
      if (!clip) break;
      if (!(e instanceof SVGElement) && style.overflow !== "visible" && e !== document.body) {
        const r = e.getBoundingClientRect();
        clip = {
          left: Math.max(clip.left, r.left), top: Math.max(clip.top, r.top),
          right: Math.min(clip.right, r.right), bottom: Math.min(clip.bottom, r.bottom),
        };
      }
    }
    if (!clip) continue;
    for (const r of range.getClientRects()) {
      const box = {
        left: Math.max(r.left, clip.left), top: Math.max(r.top, clip.top),
        right: Math.min(r.right, clip.right), bottom: Math.min(r.bottom, clip.bottom),
        node, text: node.data.trim(),
      };
      if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push(box);
    }
  }
  const texts = boxes.length;
  for (const bar of document.querySelectorAll("svg.bar")) {
    if (!bar.checkVisibility({ visibilityProperty: true })) continue;
    const { left, top, right, bottom } = bar.getBoundingClientRect();
    boxes.push({ left, top, right, bottom, node: bar, text: "a bar" });
  }
  boxes.sort((a, b) => a.top - b.top);
  const found = [];
  // A box is as high as the font, letters are not: neighbouring lines may share two pixels.
  const shared = 2;
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom - shared; j++) {
      const b = boxes[j];
      if (a.node === b.node) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > shared) found.push([a.text.slice(0, 60), b.text.slice(0, 60)]);
    }
  });
  return { texts, found };
}

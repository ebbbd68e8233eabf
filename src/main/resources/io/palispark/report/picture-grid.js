"use strict";
(() => {
  const perPage = 24;
  const svg = "http://www.w3.org/2000/svg";
  const colours = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];
  const pictures = JSON.parse(document.getElementById("pictures").textContent);
  const find = id => document.getElementById(id);
  const names = [...new Set(pictures.flatMap(picture => picture.labels))].sort();
  const codes = [...new Set(pictures.flatMap(picture => picture.defects))].sort();
  let page = 0;

  const element = (name, text, parent) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  };

  const draw = (name, attributes, parent) => {
    const made = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  const panel = (picture, title, shapes, parent) => {
    const side = element("div", "", parent);
    const frame = element("div", "", side);
    frame.className = "picture";
    if (picture.image) {
      const image = element("img", "", frame);
      image.loading = "lazy";
      image.alt = picture.name + ", " + title;
      image.src = picture.image;
    }
    const layer = draw("svg", {viewBox: `0 0 ${picture.width} ${picture.height}`, "aria-hidden": "true"}, frame);
    for (const shape of shapes) {
      const colour = colours[Math.max(0, names.indexOf(shape.label)) % colours.length];
      const [x, y, width, height] = shape.box;
      if (shape.path) draw("path", {d: shape.path, fill: colour, "fill-opacity": 0.5}, layer);
      draw("rect", {x, y, width: Math.max(0, width), height: Math.max(0, height), fill: "none", stroke: colour, "stroke-width": 2}, layer);
      const text = draw("text", {x: x + 2, y: Math.max(12, y - 3), fill: colour}, layer);
      text.textContent = shape.label + (shape.score === undefined ? "" : " " + shape.score.toFixed(2));
    }
    element("small", `${title}: ${shapes.length}`, side);
  };

  const card = picture => {
    const figure = element("figure", "", find("grid"));
    const pair = element("div", "", figure);
    pair.className = "pair";
    panel(picture, "ground truth", picture.truth, pair);
    panel(picture, "prediction", picture.predicted, pair);
    const caption = element("figcaption", "", figure);
    element("strong", picture.name, caption);
    element("span", picture.iou === null ? " nothing annotated" : ` IoU ${picture.iou.toFixed(3)}`, caption);
    if (picture.defects.length) element("span", " " + picture.defects.join(", "), caption).className = "defects";
    const details = element("details", "", caption);
    element("summary", `${picture.texts.length} prompts and answers`, details);
    for (const [prefix, text] of picture.texts) {
      element("code", prefix, details).className = "prefix";
      element("code", text || "(empty)", details);
    }
  };

  const last = value => (value === null || value === undefined ? Infinity : value);
  const orders = {
    iou: (a, b) => last(a.iou) - last(b.iou),
    "-iou": (a, b) => (b.iou ?? -1) - (a.iou ?? -1),
    "-defects": (a, b) => b.defects.length - a.defects.length,
    score: (a, b) => last(a.score) - last(b.score),
    name: () => 0,
  };

  const show = () => {
    const label = find("label").value;
    const defect = find("defect").value;
    const chosen = pictures
      .filter(picture => (!label || picture.labels.includes(label)) && (!defect || picture.defects.includes(defect)))
      .sort((a, b) => orders[find("sort").value](a, b) || (a.name < b.name ? -1 : 1));
    const pages = Math.max(1, Math.ceil(chosen.length / perPage));
    page = Math.min(page, pages - 1);
    find("grid").replaceChildren();
    chosen.slice(page * perPage, (page + 1) * perPage).forEach(card);
    find("place").textContent = `page ${page + 1} of ${pages}, ${chosen.length} pictures`;
    find("previous").disabled = page === 0;
    find("next").disabled = page === pages - 1;
  };

  names.forEach(name => element("option", name || "(no label)", find("label")).value = name);
  codes.forEach(code => element("option", code, find("defect")).value = code);
  for (const id of ["sort", "label", "defect"]) find(id).addEventListener("change", () => { page = 0; show(); });
  find("previous").addEventListener("click", () => { page--; show(); });
  find("next").addEventListener("click", () => { page++; show(); });
  find("controls").addEventListener("submit", event => event.preventDefault());
  show();
})();

"use strict";
const palispark = (() => {
  const perPage = 24;
  const perFile = 20;
  const svg = "http://www.w3.org/2000/svg";
  const colours = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];
  const find = id => document.getElementById(id);
  const waiting = new Map();
  const loaded = new Map();
  let pictures = [];
  let files = "";
  let names = [];
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

  // a page from disk may not fetch, but it may load scripts
  const details = file => {
    if (!loaded.has(file)) {
      loaded.set(file, new Promise((found, failed) => {
        waiting.set(file, found);
        const script = element("script", "", document.head);
        script.onerror = () => failed(new Error("Cannot read " + files + file + ".js beside this page"));
        script.src = files + file + ".js";
      }));
    }
    return loaded.get(file);
  };

  const panel = (name, shown, title, shapes, parent) => {
    const side = element("div", "", parent);
    const frame = element("div", "", side);
    frame.className = "picture";
    if (shown.image) {
      const image = element("img", "", frame);
      image.width = shown.width;
      image.height = shown.height;
      image.alt = name + ", " + title;
      image.src = shown.image;
    }
    const layer = draw("svg", {viewBox: `0 0 ${shown.width} ${shown.height}`, "aria-hidden": "true"}, frame);
    const size = Math.max(shown.width, shown.height) / 24;
    for (const shape of shapes) {
      const colour = colours[Math.max(0, names.indexOf(shape.label)) % colours.length];
      const [x, y, width, height] = shape.box;
      if (shape.path) draw("path", {d: shape.path, fill: colour, "fill-opacity": 0.5}, layer);
      draw("rect", {x, y, width: Math.max(0, width), height: Math.max(0, height), fill: "none", stroke: colour, "stroke-width": size / 7}, layer);
      const text = draw("text", {x: x + 2, y: Math.max(size, y - 3), fill: colour, style: `font-size:${size}px;stroke-width:${size / 5}px`}, layer);
      text.textContent = shape.label + (shape.score === undefined ? "" : " " + shape.score.toFixed(2));
    }
    element("small", `${title}: ${shapes.length}`, side);
  };

  const fill = (figure, picture, shown) => {
    const pair = element("div", "", figure);
    pair.className = "pair";
    panel(picture.name, shown, "ground truth", shown.truth, pair);
    panel(picture.name, shown, "prediction", shown.predicted, pair);
    const caption = element("figcaption", "", figure);
    element("strong", picture.name, caption);
    element("span", picture.iou === null ? " nothing annotated" : ` IoU ${picture.iou.toFixed(3)}`, caption);
    if (picture.defects.length) element("span", " " + picture.defects.join(", "), caption).className = "defects";
    const answers = element("details", "", caption);
    element("summary", `${shown.texts.length} prompts and answers`, answers);
    for (const [prefix, text] of shown.texts) {
      element("code", prefix, answers).className = "prefix";
      element("code", text || "(empty)", answers);
    }
  };

  const card = picture => {
    const figure = element("figure", "", find("grid"));
    details(Math.floor(picture.place / perFile)).then(
      list => fill(figure, picture, list[picture.place % perFile]),
      failed => element("figcaption", `${picture.name}: ${failed.message}`, figure));
  };

  const last = value => (value === null || value === undefined ? Infinity : value);
  const orders = {
    iou: (a, b) => last(a.iou) - last(b.iou),
    "-iou": (a, b) => (b.iou ?? -1) - (a.iou ?? -1),
    "-defects": (a, b) => b.defects.length - a.defects.length,
    score: (a, b) => last(a.score) - last(b.score),
    "-score": (a, b) => (b.score ?? -1) - (a.score ?? -1),
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  };

  const show = () => {
    const label = find("label").value;
    const defect = find("defect").value;
    const chosen = pictures
      .filter(picture => (!label || picture.labels.includes(label)) && (!defect || picture.defects.includes(defect)))
      .sort((a, b) => orders[find("sort").value](a, b) || a.place - b.place);
    const pages = Math.max(1, Math.ceil(chosen.length / perPage));
    page = Math.min(page, pages - 1);
    find("grid").replaceChildren();
    chosen.slice(page * perPage, (page + 1) * perPage).forEach(card);
    find("place").textContent = `page ${page + 1} of ${pages}, ${chosen.length} pictures`;
    find("previous").disabled = page === 0;
    find("next").disabled = page === pages - 1;
  };

  const index = data => {
    files = data.files;
    pictures = data.pictures.map((picture, place) => ({...picture, place}));
    names = [...new Set(pictures.flatMap(picture => picture.labels))].sort();
    const codes = [...new Set(pictures.flatMap(picture => picture.defects))].sort();
    names.forEach(name => element("option", name || "(no label)", find("label")).value = name);
    codes.forEach(code => element("option", code, find("defect")).value = code);
    for (const id of ["sort", "label", "defect"]) find(id).addEventListener("change", () => { page = 0; show(); });
    find("previous").addEventListener("click", () => { page--; show(); });
    find("next").addEventListener("click", () => { page++; show(); });
    find("controls").addEventListener("submit", event => event.preventDefault());
    show();
  };

  return {index, details: (file, list) => waiting.get(file)(list)};
})();

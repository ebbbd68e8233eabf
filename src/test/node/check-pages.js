"use strict";
// Opens every page of a report folder from disk, light and dark: fails on console messages of errors, requests that leave
// the disk, and serious faults that axe-core finds. With a second folder it leaves screenshots and prints there.
//
//     npm install --prefix src/test/node
//     node src/test/node/check-pages.js /tmp/palispark-demo/report [/tmp/screenshots]
//
// CHROMIUM names the browser (default: chromium). With SHOWS set, that text must be read on the pages of predictions and
// metrics as it stands, and no element may come of it: see hostile-report.sh.
const {execFileSync} = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const {pathToFileURL} = require("node:url");
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const PAGES = ["index", "dataset", "predictions", "metrics", "run"];
const [folder, screenshots] = process.argv.slice(2);

const SHOWS = process.env.SHOWS;

const serious = violation => ["serious", "critical"].includes(violation.impact);

async function check(browser, name, scheme) {
  const faults = [];
  const page = await browser.newPage();
  await page.setViewport({width: 1280, height: 900});
  await page.emulateMediaFeatures([{name: "prefers-color-scheme", value: scheme}]);
  page.on("console", message => { if (message.type() === "error") faults.push("console: " + message.text()); });
  page.on("pageerror", error => faults.push("script: " + error.message));
  page.on("dialog", dialog => { faults.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", request => { if (!/^(file|data):/.test(request.url())) faults.push("request: " + request.url()); });
  page.on("requestfailed", request => faults.push("unreadable: " + request.url()));
  await page.goto(pathToFileURL(path.join(folder, name + ".html")).href, {waitUntil: "networkidle0"});
  // evaluated over the debugger, which the page's content security policy does not bind
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document));
  for (const violation of result.violations) {
    const line = `axe ${violation.impact}: ${violation.id}, ${violation.nodes.length} times, ${violation.nodes[0].html.slice(0, 160)}`;
    if (serious(violation)) faults.push(line); else console.log(`  ${name} ${scheme}: ${line}`);
  }
  if (SHOWS && ["predictions", "metrics"].includes(name)) {
    const seen = await page.evaluate(() => document.body.innerText);
    if (!seen.includes(SHOWS)) faults.push("not shown as text: " + SHOWS);
  }
  if (SHOWS) {
    const made = await page.evaluate(() => document.querySelectorAll('img[src="x"], [onerror]').length);
    if (made) faults.push(made + " elements made of foreign text");
  }
  if (screenshots) {
    await page.screenshot({path: path.join(screenshots, `${name}-${scheme}.png`), fullPage: true});
    if (scheme === "light") await page.pdf({path: path.join(screenshots, `${name}.pdf`), format: "A4", printBackground: true});
  }
  await page.close();
  console.log(`${name} ${scheme}: ${result.passes.length} rules passed, ${faults.length} faults`);
  faults.forEach(fault => console.log("  FAULT " + fault));
  return faults.length;
}

(async () => {
  if (screenshots) fs.mkdirSync(screenshots, {recursive: true});
  const browser = await puppeteer.launch({
    executablePath: execFileSync("which", [process.env.CHROMIUM || "chromium"]).toString().trim(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  let faults = 0;
  try {
    for (const name of PAGES) for (const scheme of ["light", "dark"]) faults += await check(browser, name, scheme);
  } finally {
    await browser.close();
  }
  process.exitCode = faults ? 1 : 0;
})();

// The live half of the checkout page. Without it the page shows the same and looks again by itself.

/** @param {string} selector */
const find = selector => /** @type {HTMLElement | null} */ (document.querySelector(selector));

let busy = false;
let again = false;

/** Takes the page anew and puts in what has changed. */
async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = find("#content");
    const next = /** @type {HTMLElement | null} */ (fresh.querySelector("#content"));
    if (!main || !next) return;
    for (const name of ["data-events", "data-return", "data-status"]) {
      const value = next.getAttribute(name);
      if (value === null) main.removeAttribute(name);
      else main.setAttribute(name, value);
    }
    const panel = find("[data-live=panel]");
    const phase = next.querySelector("[data-live=panel] .phase");
    const typing = document.activeElement instanceof HTMLInputElement && panel?.contains(document.activeElement);
    const same = panel?.querySelector(".phase")?.innerHTML === phase?.innerHTML;
    if (panel && !(typing && same)) {
      panel.innerHTML = next.querySelector("[data-live=panel]")?.innerHTML ?? "";
      enliven();
    }
  } finally {
    busy = false;
    if (again) {
      again = false;
      await refresh();
    }
  }
}

/** Gives the page's parts what only a script can do. */
function enliven() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(find(button.dataset.copy ?? "")?.textContent ?? "");
      button.textContent = button.dataset.done ?? label;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
  leave();
  tell();
}

let told = "";

/** Tells the shop's page, where this one is shown in a frame over it, how the invoice stands. */
function tell() {
  const main = find("#content");
  const invoiceId = main?.dataset.frame;
  if (!main || !invoiceId || parent === window) return;
  if (!told) {
    parent.postMessage("loaded", "*");
    find("[data-close]")?.addEventListener("click", () => { parent.postMessage("close", "*"); });
  }
  const status = main.dataset.status ?? "";
  if (status !== told && (told || status !== "New")) parent.postMessage({ invoiceId, status }, "*");
  told = status;
}

/** Counts down to the moment at which the rate no longer holds. */
function count() {
  const time = /** @type {HTMLTimeElement | null} */ (find("time[data-countdown]"));
  if (!time) return;
  const seconds = Math.ceil((Date.parse(time.dateTime) - Date.now()) / 1000);
  if (seconds > 0) {
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  } else {
    time.removeAttribute("data-countdown");
    time.textContent = time.dataset.over ?? "";
    refresh();
  }
}

/** Goes back to the shop once the payment is done, unless the shopper wants to stay. */
function leave() {
  const home = find("#content")?.dataset.return;
  const notice = find("[data-leaving]");
  if (!home || !notice || sessionStorage.getItem("stay") === location.pathname) return;
  notice.hidden = false;
  const timer = setTimeout(() => { location.assign(home); }, 6000);
  find("[data-stay]")?.addEventListener("click", () => {
    clearTimeout(timer);
    sessionStorage.setItem("stay", location.pathname);
    notice.hidden = true;
  });
}

const events = find("#content")?.dataset.events;
if (events) {
  const stream = new EventSource(events);
  stream.addEventListener("change", async () => {
    await refresh();
    if (!find("#content")?.dataset.events) stream.close();
  });
}
enliven();
count();
setInterval(count, 1000);

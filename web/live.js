// Replaces the page's content when the chain moves. Without script the page is the same, only not live.
const stream = new EventSource("/events/chain");
let busy = false;

stream.addEventListener("tip", async () => {
  const at = document.activeElement;
  if (busy || at?.matches("#content input")) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const live of fresh.querySelectorAll("[data-live]")) {
      const here = document.querySelector(`[data-live="${live.getAttribute("data-live")}"]`);
      if (here && here.innerHTML !== live.innerHTML) here.innerHTML = live.innerHTML;
    }
  } finally {
    busy = false;
  }
});

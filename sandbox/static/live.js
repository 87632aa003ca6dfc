// Keeps the list under #live fresh without touching what somebody is typing elsewhere on the page.
const live = document.getElementById("live");

async function refresh() {
  if (document.hidden || live.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
  } catch {
    // The sandbox was stopped; the next round tries again.
  }
}

setInterval(refresh, Number(live.dataset.seconds) * 1000);

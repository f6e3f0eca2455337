/** Says how far a regrade is, until it is through; then the page is loaded as it is by then. */
const words = document.getElementById("progress");
const bar = document.getElementById("bar");
const EACH_MS = 1000;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { status, done, total } = await answer.json();
      if (status === "done" || status === "failed") {
        location.reload();
        return;
      }
      words.textContent = words.dataset.words.replace("{done}", done).replace("{total}", total);
      bar.max = total;
      bar.value = done;
    }
  } catch {
    // The next time, perhaps.
  }
  setTimeout(look, EACH_MS);
}

setTimeout(look, EACH_MS);

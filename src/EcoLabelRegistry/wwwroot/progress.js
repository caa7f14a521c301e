// How far an import is, while it runs; when it has ended, the page is loaded again and says what came of it.
// Without this script a link does the same.

const pause = 1500; // milliseconds
const running = document.getElementById("running");

async function look() {
  try {
    const answer = await fetch(running.dataset.import, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (state.endedAt !== null || state.state === "interrupted") {
        location.reload();
        return;
      }

      for (const count of running.querySelectorAll("[data-count]")) {
        count.textContent = state[count.dataset.count].toLocaleString("en");
      }
    }
  } catch {
    // offline: the next look may find it
  }

  setTimeout(look, pause);
}

setTimeout(look, pause);

// A slider in the place of the list of years: the drawing of each year is the server's, fetched when the slider rests.
const years = document.querySelector("nav.years[data-slider]");
if (years) {
  slide(years);
}

function slide(nav) {
  const links = [...nav.querySelectorAll("a")];
  const label = document.createElement("label");
  const slider = document.createElement("input");
  const shown = document.createElement("output");
  slider.type = "range";
  slider.id = "year";
  slider.min = 0;
  slider.max = links.length - 1;
  slider.value = Math.max(0, links.findIndex((link) => link.hasAttribute("aria-current")));
  label.htmlFor = slider.id;
  label.textContent = nav.dataset.slider;
  shown.htmlFor = slider.id;
  nav.prepend(label, slider, shown);
  nav.classList.add("sliding");
  tell();

  let timer = 0;
  let turn = 0;
  slider.addEventListener("input", () => {
    tell();
    clearTimeout(timer);
    timer = setTimeout(draw, 200);
  });

  function tell() {
    shown.textContent = links[slider.value].textContent;
    slider.setAttribute("aria-valuetext", shown.textContent);
  }

  async function draw() {
    const mine = ++turn;
    const address = links[slider.value].href;
    const drawn = document.querySelector("#drawn");
    drawn.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (mine !== turn) {
      return; // a later one is on its way
    }

    drawn.removeAttribute("aria-busy");
    if (!answer.ok) {
      return;
    }

    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    drawn.replaceChildren(...page.querySelector("#drawn").childNodes);
    document.querySelector("#asOf").value = page.querySelector("#asOf").value;
    for (const link of links) {
      link.toggleAttribute("aria-current", link.href === address);
    }

    history.replaceState(null, "", address);
  }
}

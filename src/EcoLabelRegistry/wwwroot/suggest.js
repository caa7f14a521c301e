// Suggestions below the one box of the check: products and certificates on record, as /v1/match finds them, typing errors and all.
// Without this script the box is a plain text field, and the server finds the same.

const pause = 180; // milliseconds after the last key
const shortest = 2;
const longest = 100;

for (const box of document.querySelectorAll("input[data-suggest]")) {
  combine(box);
}

function combine(box) {
  const list = document.createElement("ul");
  list.id = box.id + "-list";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${box.id}"]`).textContent);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  const around = document.createElement("div");
  around.className = "combobox";
  box.before(around);
  around.append(box, list, status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asked = 0;
  let at = -1;

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, pause);
  });
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", () => setTimeout(close, 150)); // after a click on an option
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      take(option);
    }
  });

  async function suggest() {
    const text = box.value.trim();
    const turn = ++asked;
    if (text.length < shortest || text.length > longest || text.includes("://")) {
      close();
      return;
    }

    const found = await find(text);
    if (turn !== asked || document.activeElement !== box) {
      return; // an older answer than the newest question
    }

    list.replaceChildren(...found.map(({ value, beside, sample }, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = value;
      const title = document.createElement("span");
      title.textContent = value;
      option.append(title);
      if (beside) {
        const small = document.createElement("span");
        small.className = "small";
        small.textContent = beside;
        option.append(small);
      }

      if (sample) {
        const tag = document.createElement("span");
        tag.className = "tag";
        tag.textContent = box.dataset.sample;
        option.append(tag);
      }

      return option;
    }));
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length === 0 ? box.dataset.none : box.dataset.count.replace("{0}", found.length);
  }

  function onKey(event) {
    const options = list.children;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      at = event.key === "ArrowDown" ? (at + 1) % options.length : (at <= 0 ? options.length : at) - 1;
      for (const [place, option] of [...options].entries()) {
        option.setAttribute("aria-selected", String(place === at));
      }

      options[at].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", options[at].id);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      take(options[at]);
    }
  }

  function take(option) {
    box.value = option.dataset.value;
    asked++;
    close();
    box.focus();
  }

  function close() {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
}

async function find(text) {
  const language = document.documentElement.lang === "zh-Hans" ? "zh" : "en";
  const typed = wordsOf(text);
  return (await candidates(text)).map(({ product, certificate, holder, score, sample }) => certificate?.number
    ? { value: `${certificate.scheme} ${certificate.number}`, beside: holder, score, sample }
    : product && { value: `${product.brand} ${product.model}`, beside: product.names?.[language] ?? product.names?.en ?? holder, score, sample })
    .filter(Boolean)
    .sort((one, other) => other.score - one.score || begun(other) - begun(one));

  // Of what fits equally well, first that of which words were begun: who types "ti" is on his way to "Tisch" and not to "Stift".
  function begun({ value }) {
    const own = wordsOf(value);
    return typed.filter((word) => own.some((other) => other.startsWith(word))).length;
  }
}

function wordsOf(text) {
  return text.normalize("NFKC").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

async function candidates(text) {
  try {
    const answer = await fetch(`/v1/match?limit=8&q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).candidates ?? [] : [];
  } catch {
    return []; // offline: the box still works
  }
}

// The button that prints an answer; without scripts the browser's own menu does it.
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const more of document.querySelectorAll("article details")) {
      more.open = true; // a tender file needs all of it
    }

    window.print();
  });
}

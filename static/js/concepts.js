// In the list: J and K go to the next and the previous concept, 1, 2 and 3 set the status of the one in focus.
const rows = () => [...document.querySelectorAll("tr[id^=row-]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const here = document.activeElement?.closest("tr[id^=row-]");
  const step = { j: 1, k: -1 }[event.key];
  if (step) {
    const all = rows();
    const next = all[here ? all.indexOf(here) + step : 0];
    next?.querySelector(".name a").focus();
  } else if (here && ["1", "2", "3"].includes(event.key)) {
    here.querySelectorAll(".status")[Number(event.key) - 1]?.click();
  }
});

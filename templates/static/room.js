// Before anything is drawn: whether one's own station will come into the page, so that its room is kept and nothing moves.
try {
  document.documentElement.classList.toggle("has-station", Boolean(localStorage.getItem("kezhong.station")));
} catch { /* A browser that forbids storage has chosen none. */ }

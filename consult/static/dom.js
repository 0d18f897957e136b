// The little that both desks need of the document.

export const byId = (id) => document.getElementById(id);

/** An element with attributes (an `on…` function listens) and children; text is never read as markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Shows the one section of `ids` that is named, hides the others. */
export function showOnly(ids, shown) {
  for (const id of ids) byId(id).hidden = id !== shown;
}

/** "3 分 05 秒" since `from`, both in milliseconds. */
export function elapsed(from, now) {
  const seconds = Math.max(0, Math.floor((now - from) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} 分 ${String(seconds % 60).padStart(2, "0")} 秒` : `${seconds} 秒`;
}

/** A notice above the page, or in the dialogue that covers it; it stays until the person closes it or `notice.remove()` is called. */
export function notice(kind, title, text) {
  const box = h("div", { class: `notice ${kind}` }, h("p", {}, h("strong", {}, title), text));
  box.append(h("button", { type: "button", class: "button small", onclick: () => box.remove() }, "知道了"));
  (document.querySelector("dialog[open] form") ?? byId("notices")).prepend(box);
  return box;
}

/** A toggle button that remembers its state on this device. `apply(on)` carries it out. */
export function toggle(button, key, apply) {
  const set = (on) => {
    button.setAttribute("aria-pressed", String(on));
    apply(on);
  };
  set(key !== null && localStorage.getItem(key) === "on");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    if (key !== null) localStorage.setItem(key, on ? "on" : "off");
    set(on);
  });
}

// A place's own page: whether it is open, and the button that makes a station one's own.

import { choose, forget, holidays, read, sayOpen } from "./my-station.js";

function onStation(button) {
  const own = button.dataset;
  const show = (words = "") => {
    const chosen = read()?.address === own.address;
    button.textContent = chosen ? "忘记这个站点" : "设为我的站点";
    document.getElementById("choose-told").textContent = chosen ? "这是您的站点，只记在这台设备上。办事指南会先说它。" : words;
  };
  button.addEventListener("click", () => {
    if (read()?.address === own.address) {
      forget();
      show("已经忘记。");
    } else {
      choose({ address: own.address, name: own.name, street: own.street });
      show("这台设备不让网页记东西，没有记住。");
    }
  });
  button.hidden = false;
  show();
}

const button = document.getElementById("choose-station"), open = document.getElementById("open-now");
if (button) onStation(button);
holidays().then((off) => sayOpen(open, JSON.parse(open.dataset.week), off)).catch(() => {});

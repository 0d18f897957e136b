// Whether a place is open, and when next: a pure function of its week, the holidays and the moment.

const HOUR = 3600e3, DAY = 24 * HOUR, LOOK_AHEAD = 15;
const NAMES = "日一二三四五六";

/** The day in China (UTC+8, no summer time), whatever the device's clock is set to. */
const local = (moment) => new Date(moment.getTime() + 8 * HOUR);
const key = (day) => day.toISOString().slice(0, 10);

/** The rows of the week that hold on a day: none on a holiday, Monday's on a weekend day that is worked. */
function rows(week, holidays, day) {
  if (holidays.off[key(day)]) return [];
  const weekday = holidays.work.includes(key(day)) ? 1 : day.getUTCDay() || 7;
  return week.filter(([of]) => of === weekday);
}

const clock = (time) => time.replace(/^0/, "");

function called(day, days) {
  const date = days === 1 ? "明天" : `${day.getUTCMonth() + 1}月${day.getUTCDate()}日`;
  return `${date}（周${NAMES[day.getUTCDay()]}）`;
}

/** `week`: rows of [weekday from 1, opens, closes]; null where the hours are known in words alone. */
export function status(week, holidays, moment) {
  if (!week.length) return null;
  const now = local(moment), time = now.toISOString().slice(11, 16);
  const today = rows(week, holidays, now);
  const current = today.find(([, opens, closes]) => opens <= time && time < closes);
  if (current) {
    const again = today.some(([, opens]) => opens > time);
    return { open: true, words: `现在开着，${clock(current[2])} ${again ? "休息" : "关门"}` };
  }
  const holiday = holidays.off[key(now)];
  const closed = holiday ? `今天${holiday}放假` : "现在没开";
  const later = today.find(([, opens]) => opens > time);
  if (later) return { open: false, words: `${closed}，今天 ${clock(later[1])} 开门` };
  for (let days = 1; days <= LOOK_AHEAD; days += 1) {
    const day = new Date(now.getTime() + days * DAY), next = rows(week, holidays, day)[0];
    if (!next) continue;
    const known = holidays.years.includes(day.getUTCFullYear()) ? "" : "（放假安排还没有公布，去之前请打电话）";
    return { open: false, words: `${closed}，${called(day, days)}${clock(next[1])} 开门${known}` };
  }
  return { open: false, words: closed };
}

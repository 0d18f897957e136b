// Whether a place is open, and when next: a pure function of its week, the holidays and the moment.

const HOUR = 3600e3, DAY = 24 * HOUR, LOOK_AHEAD = 21;
const NAMES = "日一二三四五六";

/** The day in China (UTC+8, no summer time), whatever the device's clock is set to. */
const local = (moment) => new Date(moment.getTime() + 8 * HOUR);
const key = (day) => day.toISOString().slice(0, 10);

const on = (week, weekday) => week.filter(([of]) => of === weekday);
const spans = (rows) => String(rows.map(([, opens, closes]) => [opens, closes]));

/** What the day off is called; the first of January is one in every year, announced or not. */
const holiday = (holidays, day) => holidays.off[key(day)] ?? (key(day).endsWith("-01-01") ? "元旦" : "");

/**
 * The rows of the week that hold on a day: none on a holiday. A weekend day that is worked is like any day from
 * Monday to Friday; where these differ nobody knows, and null is told.
 */
function rows(week, holidays, day) {
  if (holiday(holidays, day)) return [];
  if (!holidays.work.includes(key(day))) return on(week, day.getUTCDay() || 7);
  const monday = on(week, 1);
  return [2, 3, 4, 5].every((weekday) => spans(on(week, weekday)) === spans(monday)) ? monday : null;
}

const clock = (time) => time.replace(/^0/, "");

function called(holidays, day, days) {
  const date = days === 1 ? "明天" : `${day.getUTCMonth() + 1}月${day.getUTCDate()}日`;
  return `${date}（周${NAMES[day.getUTCDay()]}${holidays.work.includes(key(day)) ? "，调休上班" : ""}）`;
}

/**
 * `week`: rows of [weekday from 1, opens, closes]. Told: `open`, null where nobody knows, and the words for it; null
 * itself where the hours are known in words alone.
 */
export function status(week, holidays, moment) {
  if (!week.length) return null;
  const now = local(moment), time = now.toISOString().slice(11, 16);
  const isKnown = (day) => holidays.years.includes(day.getUTCFullYear());
  // Past the last announced year only the usual week can be told.
  const told = (open, before, day, when) => (isKnown(day)
    ? { open, words: before + when }
    : { open: open && null, words: `${before}按平时${when}（${day.getUTCFullYear()}年的放假安排还没有公布，去之前请打电话）` });
  const today = rows(week, holidays, now);
  if (!today) return { open: null, words: "今天调休上班，开不开门请先打电话" };
  const current = today.find(([, opens, closes]) => opens <= time && time < closes);
  if (current) {
    const again = today.some(([, opens]) => opens > time);
    return told(true, "", now, `现在开着，${clock(current[2])} ${again ? "休息" : "下班"}`);
  }
  const off = holiday(holidays, now);
  const closed = off ? `今天${off}放假` : "现在没开";
  const later = today.find(([, opens]) => opens > time);
  if (later) return told(false, `${closed}，`, now, `今天 ${clock(later[1])} 开门`);
  for (let days = 1; days <= LOOK_AHEAD; days += 1) {
    const day = new Date(now.getTime() + days * DAY), next = rows(week, holidays, day)?.[0];
    if (next) return told(false, `${closed}，`, day, `${called(holidays, day, days)}${clock(next[1])} 开门`);
  }
  return { open: false, words: closed };
}

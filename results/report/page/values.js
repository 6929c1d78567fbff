// What the page knows, and how its values become text.
const data = JSON.parse(document.getElementById('data').textContent);

const toNumber = value => value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value === 'nan' ? NaN : value;
const isFinite = value => Number.isFinite(toNumber(value));

const trials = data.trials.rows.map((row, i) => ({
  ...Object.fromEntries(data.trials.columns.map((column, c) => [column, row[c]])), curve: data.curves[i],
}));
const names = data.ranking;
const heldOut = data.workloads.filter(workload => !data.base_workloads.includes(workload));
// Scored ones first, then held-out ones, then what was run besides.
const workloadsWithTrials = [...data.workloads,
  ...Object.keys(data.workload_facts).filter(workload => !data.workloads.includes(workload)).sort()]
  .filter(workload => data.workload_facts[workload]);
const hasIntervals = names.some(name => data.scores[name].interval);
const levelText = `${+(data.level * 100).toPrecision(3)} %`;

const significant = (value, digits) => {
  value = toNumber(value);
  return Number.isFinite(value) ? String(+value.toPrecision(digits)) : '–';
};
const fixed = (value, digits) => isFinite(value) ? toNumber(value).toFixed(digits) : '–';
const seconds = value => {
  value = toNumber(value);
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (value === Infinity) return '∞';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : significant(value, 3);
};
// "1.5 h", for the hover texts of long runs.
const duration = value => {
  if (!isFinite(value)) return seconds(value) + ' s';
  return value >= 7200 ? `${seconds(value)} s (${(value / 3600).toFixed(1)} h)` : `${seconds(value)} s`;
};
const shortDuration = value => {
  const [unit, factor] = value < 1e-6 ? ['ns', 1e9] : value < 1e-3 ? ['µs', 1e6] : value < 1 ? ['ms', 1e3] : ['s', 1];
  return `${significant(value * factor, 3)} ${unit}`;
};
const intervalText = (interval, text) => interval ? `[${text(interval[0])}, ${text(interval[1])}]` : '';
const plural = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

const groupBy = (list, key) => {
  const groups = new Map();
  for (const item of list) {
    if (!groups.has(key(item))) groups.set(key(item), []);
    groups.get(key(item)).push(item);
  }
  return groups;
};
const quantile = (sorted, fraction) => sorted[Math.round((sorted.length - 1) * fraction)];

// Time to target, a heat table: the darker, the closer to the fastest.
const bestTime = workload => Math.min(...names.map(name => {
  const {measured, qualified} = data.times[name][workload];
  return toNumber(qualified === undefined ? measured : qualified) ?? Infinity;
}));

const timeCell = (name, workload, best, limit) => {
  const {measured, qualified, interval} = data.times[name][workload];
  const time = toNumber(measured);
  const made = element('td', {className: 'heat'});
  const small = text => element('small', {}, text);
  if (time === null || time === undefined) {
    made.classList.add('absent');
    made.append('no data');
  } else if (time === Infinity) {
    made.classList.add('missed');
    made.append('∞');
  } else if (qualified !== undefined && toNumber(qualified) === Infinity) {
    made.classList.add('void');
    made.append(`(${seconds(time)})`, small('void'));
  } else {
    const ratio = time / best;
    const warmth = Math.max(0, 1 - Math.log(ratio) / Math.log(limit));
    made.style.setProperty('--warmth', `${Math.round(warmth * 100)}%`);
    if (warmth > 0.68) made.classList.add('warm');
    if (ratio === 1) made.classList.add('best');
    made.append(seconds(time), small(ratio === 1 ? 'fastest' : `×${ratio.toFixed(2)}`));
  }
  const says = interval && toNumber(interval[0]) !== Infinity;  // [∞, ∞] says no more than ∞
  if (says) made.append(small(intervalText(interval, seconds)));
  return made;
};

const heatTable = workloads => {
  const limit = Math.max(data.profile.tau[data.profile.tau.length - 1], 1.5);
  const best = Object.fromEntries(workloads.map(workload => [workload, bestTime(workload)]));
  // Names may break at their underscores.
  const broken = name => name.split('_').flatMap((part, i) => i ? ['_', element('wbr'), part] : [part]);
  const head = element('tr', {}, element('th', {}, ''), ...workloads.map(workload =>
    element('th', {scope: 'col', className: 'workload'}, broken(workload))));
  return element('div', {className: 'scroll'}, element('table', {className: 'times'}, element('thead', {}, head),
    element('tbody', {}, ...names.map(name => element('tr', {},
      element('th', {scope: 'row'}, submissionCell(name)),
      ...workloads.map(workload => timeCell(name, workload, best[workload], limit)))))));
};

const showTimes = () => {
  const tables = [heatTable(data.base_workloads)];
  if (heldOut.length) {
    tables.push(element('h3', {}, 'Held-out variants'), element('p', {className: 'explain'}, 'They earn no score: a '
      + 'submission that misses one loses its time on the workload that it is a variant of.'), heatTable(heldOut));
  }
  section('times', 'Time to target', 'Seconds of the submission clock: the median over studies of the best trial of each '
    + 'study, its ratio to the fastest submission'
    + (hasIntervals ? `, and its ${levelText} interval.` : '.'), ...tables,
    caption('The stronger the colour, the closer to the fastest. ∞: the target was not reached. (…) and hatched: reached, '
      + 'but void by the held-out rule or the cut-off.', 'time_to_target.csv', 'studies.csv'));
};

// Training curves, a chart a workload.
const curveState = {workload: 'scored', axis: 'time', range: 'zoomed', faint: true};
const xOf = trial => curveState.axis === 'steps' ? trial.curve[1] : trial.curve[0].map(toNumber);

// The part of the y axis where trials differ: the first evaluations would take most of it otherwise.
const zoomedRange = (shown, {minimize, targets}) => {
  const values = shown.flatMap(trial => trial.curve[2]).filter(Number.isFinite).sort((a, b) => a - b);
  if (values.length < 2) return null;
  const all = [...values, ...targets.map(toNumber)];
  let low = minimize ? Math.min(...all.slice(values.length), values[0]) : quantile(values, 0.2);
  let high = minimize ? quantile(values, 0.8) : Math.max(...all.slice(values.length), values[values.length - 1]);
  for (const target of targets.map(toNumber)) [low, high] = [Math.min(low, target), Math.max(high, target)];
  const margin = (high - low) * 0.09 || Math.abs(high) * 0.05 || 1;
  return [low - margin, high + margin];
};

// Of the trials that speak for their studies, where those end much sooner than the others; null: all of it.
const zoomedLast = shown => {
  const ends = group => group.reduce((most, trial) => Math.max(most, ...xOf(trial)), 0);
  const last = 1.1 * ends(shown.filter(trial => trial.leads));
  return last > 0 && last < 0.75 * ends(shown) ? last : null;
};

// One trace for many trials, with gaps between them: a chart of a thousand trials stays quick.
const mergedTrace = (name, group, style, inHours) => {
  const x = [], y = [], customdata = [];
  for (const trial of group) {
    x.push(...xOf(trial).map(value => inHours ? value / 3600 : value), null);
    y.push(...trial.curve[2], null);
    customdata.push(...trial.curve[2].map(() => [trial.study, trial.trial]), null);
  }
  const unit = curveState.axis === 'steps' ? 'steps' : inHours ? 'h' : 's';
  return {x, y, customdata, name, mode: 'lines', connectgaps: false, ...style,
    hovertemplate: `%{y:.6g} after %{x:.4g} ${unit}<br>study %{customdata[0]}, trial %{customdata[1]}`
      + '<extra>%{fullData.name}</extra>'};
};

const hitTrace = (name, group, inHours, height) => {
  const hits = group.filter(trial => isFinite(trial.hit)).map(trial => {
    const at = trial.curve[0].findIndex(time => toNumber(time) === trial.hit);
    return at < 0 ? null : [xOf(trial)[at] / (inHours ? 3600 : 1), trial.curve[2][at]];
  }).filter(Boolean);
  return {x: hits.map(([x]) => x), y: hits.map(([, y]) => y), mode: 'markers', name, hoverinfo: 'skip',
    marker: {symbol: symbol(name), size: height > 400 ? 9 : 6.5, color: colour(name), line: {color: cssValue('--paper'), width: 1}}};
};

const curveFigure = (workload, height) => () => {
  const facts = data.workload_facts[workload];
  const shown = visible();
  const group = trials.filter(trial => trial.workload === workload && shown.includes(trial.submission)
    && trial.curve[2].length > 0);
  const bySubmission = groupBy(group, trial => trial.submission);
  const budget = Math.max(0, ...facts.budgets.map(toNumber));
  const longest = group.reduce((most, trial) => Math.max(most, ...xOf(trial)), 0);
  const isLog = curveState.range === 'log';
  const last = curveState.range === 'zoomed' ? zoomedLast(group) : null;
  const inHours = curveState.axis === 'time' && Math.max(longest, budget) > 3 * 3600;
  const faint = [], strong = [], hits = [];
  for (const name of [...shown].reverse()) {
    const own = bySubmission.get(name) || [];
    const leading = own.filter(trial => trial.leads);
    const others = own.filter(trial => !trial.leads);
    if (curveState.faint && others.length) {
      faint.push(mergedTrace(name, others, {line: {color: faded(colour(name), 0.22), width: 0.9}}, inHours));
    }
    if (leading.length === 0) continue;
    strong.push(mergedTrace(name, leading, {line: {color: colour(name), dash: dash(name), width: height > 400 ? 1.7 : 1.3}}, inHours));
    hits.push(hitTrace(name, leading, inHours, height));
  }
  const soft = cssValue('--soft');
  const lines = facts.targets.map(target => horizontal(toNumber(target), cssValue('--ink'),
    'target ' + significant(target, 6), facts.minimize));
  if (curveState.axis === 'time' && budget > 0 && budget < (last || 1.6 * longest)) {
    lines.push(vertical(inHours ? budget / 3600 : budget, soft, 'budget'));
  }
  const range = curveState.range === 'zoomed' ? zoomedRange(group, facts) : null;
  if (isLog) for (const line of lines) if (line.label.yref !== 'paper') line.label.y = Math.log10(line.label.y);
  return {traces: [...faint, ...strong, ...hits], height, layout: {
    shapes: lines.map(line => line.shape), annotations: lines.map(line => line.label),
    xaxis: {title: {text: curveState.axis === 'steps' ? 'steps' : `submission time in ${inHours ? 'hours' : 'seconds'}`},
      ...(last ? {range: [0, inHours ? last / 3600 : last]} : {rangemode: 'tozero'})},
    yaxis: {title: {text: 'validation ' + facts.metric.replaceAll('_', ' ')}, type: isLog ? 'log' : 'linear',
      ...(range ? {range} : {})}}};
};

const showCurves = () => {
  if (workloadsWithTrials.length === 0) return;
  const kindOf = workload => data.base_workloads.includes(workload) ? '' : heldOut.includes(workload) ? 'held-out'
    : 'not scored';
  const charts = element('div', {className: 'charts'});
  const fill = () => {
    forget(charts);
    const {workload: wanted} = curveState;
    const chosen = wanted === 'all' ? workloadsWithTrials
      : wanted === 'scored' ? workloadsWithTrials.filter(one => data.base_workloads.includes(one)) : [wanted];
    charts.classList.toggle('single', chosen.length === 1);
    charts.append(...chosen.map(workload => element('div', {}, element('h3', {}, workload,
      kindOf(workload) ? element('span', {className: 'soft'}, ' · ' + kindOf(workload)) : null),
    chart(chosen.length === 1 ? '' : 'half', `Training curves on ${workload}`,
      curveFigure(workload, chosen.length === 1 ? 460 : 300)))));
  };
  const set = key => value => { curveState[key] = value; redraw(); };
  const extra = workloadsWithTrials.length > data.base_workloads.length ? [['all', 'all workloads']] : [];
  const bar = controls(
    choice('Workloads', [['scored', 'all scored ones'], ...extra, ...workloadsWithTrials.map(name => [name, name])],
      curveState.workload, value => { curveState.workload = value; fill(); }),
    choice('Against', [['time', 'submission time'], ['steps', 'steps']], 'time', set('axis')),
    choice('Range', [['zoomed', 'around the target'], ['full', 'everything'], ['log', 'everything, logarithmic']],
      'zoomed', set('range')),
    toggle('other trials', true, set('faint')));
  section('curves', 'Training curves', 'The validation metric at each evaluation. Strong lines: the trial that speaks for '
    + 'its study, with a mark where it first reached the target; faint lines: the other trials.', printKey(), bar, charts,
    caption(`Drawn with at most about ${data.most_curve_points} points a trial and 6 digits; the first, the best, the last `
      + 'evaluation and the one that reached the target are always among them. The range “around the target” leaves out where all trials are far from it.', 'curves.csv'));
  fill();
};

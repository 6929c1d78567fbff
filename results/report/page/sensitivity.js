// What a submission owes to its tuning.
const sensitivityWorkloads = data.workloads.filter(workload =>
  names.some(name => (data.sensitivity[name] || {})[workload]));
const sensitivityState = {workload: sensitivityWorkloads[0]};
const sensitivityOf = name => (data.sensitivity[name] || {})[sensitivityState.workload] || {studies: [], after: []};

// Round values of a logarithmic axis, none beyond the last value: there the misses stand.
const logTicks = (first, last) => {
  if (last / first > 4) {
    const decades = [...Array(16).keys()].map(i => 10 ** (i - 4));
    return decades.flatMap(decade => [1, 2, 5].map(step => step * decade)).filter(x => x >= first * 0.9 && x <= last * 1.05);
  }
  const decade = 10 ** Math.floor(Math.log10((last - first) / 4 || last));
  const step = decade * [1, 2, 5, 10].find(factor => (last - first) / (factor * decade) <= 6);
  const start = Math.ceil(first / step);
  return [...Array(8).keys()].map(i => (start + i) * step).filter(x => x <= last * 1.01);
};

// best, median and worst of each study; misses stand in a column of their own at the right edge.
const spreadFigure = () => {
  const shown = visible().filter(name => sensitivityOf(name).studies.length).reverse();
  const all = shown.flatMap(name => sensitivityOf(name).studies.flatMap(({best, median, worst}) => [best, median, worst]))
    .map(toNumber);
  const finite = all.filter(Number.isFinite);
  const last = Math.max(...finite, 1e-9);
  const first = Math.min(...finite, last);
  const gap = Math.max((last / first) ** 0.14, 1.12);
  const missed = last * gap;
  const hasMisses = all.includes(Infinity);
  const at = value => toNumber(value) === Infinity ? missed : toNumber(value);
  const rowOf = (name, i, count) => shown.indexOf(name) + (i - (count - 1) / 2) * Math.min(0.13, 0.6 / count);
  const lines = {x: [], y: [], mode: 'lines', hoverinfo: 'skip', line: {color: cssValue('--soft'), width: 1}};
  const marks = [['best', 'circle', 8], ['median', 'diamond-open', 8], ['worst', 'line-ns-open', 9]].map(([key, shape, size]) => ({
    key, x: [], y: [], customdata: [], mode: 'markers', name: key,
    marker: {symbol: shape, size, color: [], line: {width: 1.6}},
    hovertemplate: `${key} of study %{customdata[1]}: %{customdata[2]}<br>%{customdata[3]}<extra>%{customdata[0]}</extra>`}));
  for (const name of shown) {
    const {studies} = sensitivityOf(name);
    studies.forEach((study, i) => {
      const y = rowOf(name, i, studies.length);
      lines.x.push(at(study.best), at(study.worst), null);
      lines.y.push(y, y, null);
      for (const mark of marks) {
        mark.x.push(at(study[mark.key]));
        mark.y.push(y);
        mark.marker.color.push(colour(name));
        mark.customdata.push([name, study.study, isFinite(study[mark.key]) ? duration(study[mark.key]) : 'not reached',
          `${study.hits} of ${study.trials} trials reached the target`]);
      }
    });
  }
  return {traces: [lines, ...marks], height: 80 + 34 * Math.max(shown.length, 2), layout: {
    margin: {l: 20, r: 14, t: 22, b: 44},
    shapes: hasMisses ? [{type: 'rect', yref: 'paper', y0: 0, y1: 1, x0: last * gap ** 0.5, x1: missed * gap ** 0.5,
      line: {width: 0}, fillcolor: cssValue('--band'), layer: 'below'}] : [],
    annotations: hasMisses ? [{text: 'not reached', yref: 'paper', y: 1, x: Math.log10(missed), yanchor: 'bottom',
      showarrow: false, font: {size: 11, color: cssValue('--soft')}}] : [],
    xaxis: {title: {text: 'time to target in seconds'}, type: 'log', tickvals: logTicks(first, last), tickformat: ',',
      range: [Math.log10(first / gap ** 0.5), Math.log10((hasMisses ? missed : last) * gap ** 0.5)]},
    yaxis: {tickvals: shown.map((name, i) => i), ticktext: shown, ticks: '', showline: false,
      range: [-0.6, shown.length - 0.4]}}};
};

const afterFigure = (key, title) => () => {
  const shown = visible().filter(name => sensitivityOf(name).after.length);
  const isTime = key === 'expected';
  const traces = [...shown].reverse().map(name => {
    const {after} = sensitivityOf(name);
    return {x: after.map(({k}) => k), y: after.map(one => isFinite(one[key]) ? toNumber(one[key]) : null), name,
      mode: 'lines+markers', customdata: after.map(one => [fixed(one.chance, 2), seconds(one.median)]),
      line: {color: colour(name), dash: dash(name), width: 1.8},
      marker: {symbol: symbol(name), size: 7, color: after.map(({chance}) =>
        isTime && chance < 0.95 ? cssValue('--paper') : colour(name)), line: {color: colour(name), width: 1.5}},
      hovertemplate: `${isTime ? '%{y:,.0f} s' : '%{y:.2f}'} after %{x} trials<br>chance to reach %{customdata[0]}, median `
        + '%{customdata[1]} s<extra>%{fullData.name}</extra>'};
  });
  return {traces, height: 300, layout: {
    xaxis: {title: {text: 'tuning trials'}, dtick: 1},
    yaxis: {title: {text: title}, ...(isTime ? {rangemode: 'normal'} : {range: [-0.04, 1.04]})}}};
};

const sensitivityTable = () => {
  const rows = sensitivityWorkloads.flatMap(workload => names.flatMap(name =>
    (((data.sensitivity[name] || {})[workload] || {}).studies || []).map(study => [workload, submissionCell(name),
      String(study.study), `${study.hits} of ${study.trials}`, seconds(study.best), seconds(study.median),
      seconds(study.worst)])));
  const columns = [{title: 'Workload', plain: true}, {title: 'Submission', plain: true}, {title: 'Study', number: true},
    {title: 'Reached', number: true}, {title: 'Best', number: true}, {title: 'Median', number: true},
    {title: 'Worst', number: true}];
  return element('details', {}, element('summary', {}, `All ${plural(rows.length, 'study').replace('studys', 'studies')} as a table`),
    table(columns, rows));
};

const showSensitivity = () => {
  if (sensitivityWorkloads.length === 0) return;
  section('sensitivity', 'Tuning sensitivity', 'What a submission owes to its tuning. A long line says that a lucky trial '
    + 'decides; a steep fall with more trials says that the search space does.', printKey(),
    controls(choice('Workload', sensitivityWorkloads.map(name => [name, name]), sensitivityState.workload,
      value => { sensitivityState.workload = value; redraw(); })),
    element('h3', {}, 'Trials of each study ', element('span', {className: 'soft'}, '● best  ◇ median  | worst')), chart('', 'Best, median and worst trial of each study', spreadFigure),
    element('div', {className: 'charts'},
      element('div', {}, element('h3', {}, 'Expected time after k trials'),
        chart('half', 'Expected time to target after k trials', afterFigure('expected', 'time to target in seconds'))),
      element('div', {}, element('h3', {}, 'Chance to reach the target with k trials'),
        chart('half', 'Chance to reach the target with k trials', afterFigure('chance', 'chance')))),
    caption('One line a study above. Below: k trials drawn from all of the workload’s; the expected time is that of the '
      + 'best one, given that one reaches the target. Open marks: the chance of that is below 0.95.',
    'sensitivity.csv', 'after_trials.csv'), sensitivityTable());
};

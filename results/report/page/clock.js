// Where the wall time went.
const partNames = {submission: 'submission', data_wait: 'data wait', evaluation: 'evaluation', startup: 'start-up', checkpoint: 'checkpoints',
  logging: 'logging', residual: 'residual'};
const partPatterns = ['', '+', '/', '.', 'x', '\\', '-'];
const clockState = {workload: 'all', unit: 'share'};
const clockParts = Object.keys(partNames).filter(part => data.clock.some(entry => entry.parts[part] > 0));

const clockFigure = () => {
  const entries = data.clock.filter(({workload}) => clockState.workload === 'all' || clockState.workload === workload);
  const shown = visible().filter(name => entries.some(({submission}) => submission === name)).reverse();
  const sum = (name, part) => entries.filter(({submission}) => submission === name)
    .reduce((total, entry) => total + entry.parts[part], 0);
  const total = name => clockParts.reduce((all, part) => all + sum(name, part), 0) || 1;
  const longest = Math.max(...shown.map(total));
  const [unit, divisor] = longest > 3 * 3600 ? ['hours', 3600] : ['seconds', 1];
  const isShare = clockState.unit === 'share';
  const traces = clockParts.map(part => ({type: 'bar', orientation: 'h', name: partNames[part], y: shown,
    x: shown.map(name => isShare ? 100 * sum(name, part) / total(name) : sum(name, part) / divisor),
    customdata: shown.map(name => [(100 * sum(name, part) / total(name)).toFixed(1), duration(sum(name, part))]),
    marker: {color: cssValue(`--part-${part}`), line: {color: cssValue('--paper'), width: 0.8},
      pattern: {shape: partPatterns[Object.keys(partNames).indexOf(part)], size: 6, solidity: 0.22,
        fgcolor: cssValue('--ink'), fgopacity: 0.5, fillmode: 'overlay'}},
    hovertemplate: `${partNames[part]}: %{customdata[0]} %, %{customdata[1]}<extra>%{y}</extra>`}));
  return {traces, height: 90 + 28 * Math.max(shown.length, 2), layout: {barmode: 'stack', bargap: 0.32, showlegend: true,
    legend: {orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', traceorder: 'normal'},
    margin: {l: 20, r: 14, t: 30, b: 44},
    xaxis: {title: {text: isShare ? 'share of the time in percent' : unit}, ...(isShare ? {range: [0, 100]} : {})},
    yaxis: {ticks: '', showline: false, showgrid: false}}};
};

const showClock = () => {
  if (data.clock.length === 0) return;
  const withoutClock = data.clock.reduce((count, entry) => count + entry.without_clock, 0);
  const workloads = workloadsWithTrials.filter(name => data.clock.some(({workload}) => workload === name));
  const set = key => value => { clockState[key] = value; redraw(); };
  section('clock', 'Where the time went', 'The submission’s part and its wait for data count for the score. The residual is what '
    + 'no part claims.', controls(
    choice('Workload', [['all', 'all together'], ...workloads.map(name => [name, name])], 'all', set('workload')),
    choice('As', [['share', 'share'], ['time', 'time']], 'share', set('unit'))),
    chart('', 'Where the time went', clockFigure),
    caption('Wall time of the last attempt of each trial that ended, summed.' + (withoutClock === 0 ? '' :
      ` Of ${plural(withoutClock, 'trial')} only the sums at the last evaluation are known; they have no start-up, `
      + 'checkpoints or residual unless logged.'), 'clock.csv'));
};

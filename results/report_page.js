// Draws the report from the JSON in #data. All text goes through textContent, never through innerHTML.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const trials = data.trials;
  // Okabe and Ito's colours, readable without red-green vision; dashes tell apart what has to share one.
  const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8c6d1f', '#7f7f7f'];
  const dashes = ['solid', 'dash', 'dot', 'dashdot'];
  const names = [...new Set([...data.ranking, ...trials.map(trial => trial.submission)])];
  const colour = name => palette[names.indexOf(name) % palette.length];
  const dash = name => dashes[Math.floor(names.indexOf(name) / palette.length) % dashes.length];
  const partNames = {
    submission: 'submission', evaluation: 'evaluation', startup: 'start-up', checkpoint: 'checkpoints',
    logging: 'logging', residual: 'residual',
  };

  // ---- values ----
  const toNumber = value => value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value === 'nan' ? NaN : value;
  const significant = (value, digits) => Number.isFinite(value) ? String(+value.toPrecision(digits)) : '–';
  const seconds = value => {
    value = toNumber(value);
    if (value === null || Number.isNaN(value)) return '–';
    if (value === Infinity) return '∞';
    return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 100 ? 1 : 2);
  };
  const groupBy = (list, key) => {
    const groups = new Map();
    for (const item of list) {
      if (!groups.has(key(item))) groups.set(key(item), []);
      groups.get(key(item)).push(item);
    }
    return groups;
  };
  const median = sorted => {
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

  // ---- elements ----
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
  };
  const swatch = name => {
    const mark = element('span', {className: 'swatch'});
    mark.style.background = colour(name);
    return mark;
  };
  const submissionCell = name => element('span', {}, swatch(name), name);
  // columns: {title, number, plain, wide}; cells: text or element
  const table = (columns, rows) => {
    const kind = column => column.number ? 'number' : column.wide ? 'wide' : column.plain ? 'plain' : '';
    const head = element('tr', {}, ...columns.map(column => element('th', {className: kind(column)}, column.title)));
    const body = rows.map(row => element('tr', {}, ...row.map((cell, i) =>
      element('td', {className: kind(columns[i])}, cell))));
    return element('div', {className: 'scroll'},
      element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)));
  };
  const facts = object => {
    const list = element('dl');
    for (const [name, value] of Object.entries(object)) {
      list.append(element('dt', {}, name), element('dd', {}, value === '' ? '–' : value));
    }
    return list;
  };
  const section = (id, title, explanation, ...children) => {
    document.getElementById('contents').append(element('a', {href: '#' + id}, title));
    const made = element('section', {id}, element('h2', {}, title),
      explanation ? element('p', {className: 'explain'}, explanation) : null, ...children);
    document.getElementById('sections').append(made);
    return made;
  };

  // ---- charts, drawn again whenever the colours of the page change ----
  const charts = [];
  const chart = (className, traces, layout) => {
    const box = element('div', {className});
    charts.push({box, traces, layout});
    return box;
  };
  const drawAll = () => {
    const style = getComputedStyle(document.documentElement);
    const [ink, soft, line] = ['--ink', '--soft', '--line'].map(name => style.getPropertyValue(name).trim());
    const axis = {gridcolor: line, linecolor: soft, zerolinecolor: line, tickcolor: soft, ticks: 'outside',
      showline: true, automargin: true, titlefont: {size: 12}};
    for (const {box, traces, layout} of charts) {
      Plotly.react(box, traces, {
        font: {family: getComputedStyle(document.body).fontFamily, size: 12, color: ink},
        paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', hovermode: 'closest',
        margin: {l: 56, r: 12, t: 12, b: 44}, ...layout,
        legend: {orientation: 'h', x: 0, y: 1.02, xanchor: 'left', yanchor: 'bottom', ...layout.legend},
        xaxis: {...axis, ...layout.xaxis}, yaxis: {...axis, ...layout.yaxis},
        shapes: (layout.targets || []).map(y => ({type: 'line', xref: 'paper', x0: 0, x1: 1, y0: y, y1: y,
          line: {color: ink, width: 1, dash: 'dash'}})),
        annotations: (layout.targets || []).map(y => ({text: 'target ' + significant(y, 6), xref: 'paper', x: 1, y,
          xanchor: 'right', yanchor: 'bottom', showarrow: false, font: {size: 11, color: soft}})),
      }, {responsive: true, displaylogo: false, displayModeBar: false});
    }
  };

  // ---- sections ----
  const showHeader = () => {
    document.getElementById('title').textContent = data.title;
    const rulesets = [...new Set(trials.map(trial => trial.ruleset))].join(', ');
    document.getElementById('summary').textContent = [plural(names.length, 'submission'),
      plural(data.workloads.length, 'workload'), plural(trials.length, 'trial'), 'ruleset ' + rulesets,
      'hardware class ' + data.hardware_classes.join(', ')].join(' · ');
  };

  const showScores = () => {
    const rows = data.ranking.map((name, i) => {
      const value = data.scores[name];
      const solved = data.base_workloads.filter(workload => Number.isFinite(data.qualified[name][workload])).length;
      return [String(i + 1), submissionCell(name), value === null ? '–' : value.toFixed(4),
        `${solved} of ${data.base_workloads.length}`];
    });
    const notes = data.notes.length === 0 ? null : element('div', {className: 'notes'},
      element('strong', {}, 'Before you trust these numbers'),
      element('ul', {}, ...data.notes.map(note => element('li', {}, note))));
    section('scores', 'Scores', 'The area under the performance profile: 1 would be fastest on every workload, 0 never '
      + 'within reach of the fastest. Scores depend on which submissions are compared.',
      table([{title: '', number: true}, {title: 'Submission', plain: true}, {title: 'Score', number: true},
        {title: 'Workloads solved', number: true}], rows), notes);
  };

  const showProfile = () => {
    const traces = data.ranking.map(name => ({x: data.profile.tau, y: data.profile.rho[name], name, mode: 'lines',
      line: {shape: 'hv', color: colour(name), dash: dash(name), width: 2.2},
      hovertemplate: '%{y:.2f} of workloads within %{x:.2f}×<extra>%{fullData.name}</extra>'}));
    section('profile', 'Performance profile', 'For each factor τ: the fraction of workloads that a submission solves '
      + 'in at most τ times the time of the fastest one.',
      chart('chart tall', traces, {xaxis: {title: {text: 'τ, time relative to the fastest submission'},
        range: [1, data.profile.tau[data.profile.tau.length - 1]]},
        yaxis: {title: {text: 'fraction of workloads'}, range: [-0.02, 1.05], dtick: 0.25}}));
  };

  const showTimes = () => {
    const best = Object.fromEntries(data.workloads.map(workload => [workload,
      Math.min(...data.ranking.map(name => toNumber((data.qualified[name] || {})[workload]
        ?? data.time_to_target[name][workload]) ?? Infinity))]));
    const cell = (name, workload) => {
      const measured = toNumber(data.time_to_target[name][workload]);
      if (measured === null || measured === undefined) return element('span', {className: 'soft'}, 'no data');
      const qualified = toNumber((data.qualified[name] || {})[workload]);
      if (measured === Infinity) return element('span', {className: 'bad'}, 'not reached');
      if (qualified === Infinity) return element('span', {className: 'warn'}, `(${seconds(measured)})`);
      const isBest = measured === best[workload];
      const ratio = isBest ? '' : `  ×${(measured / best[workload]).toFixed(2)}`;
      return element('span', {className: isBest ? 'best' : ''}, seconds(measured),
        element('span', {className: 'soft'}, ratio));
    };
    section('times', 'Time to target', 'Seconds of the submission clock: the median over studies of the best trial of '
      + 'each study. Bold is the fastest; (…) reached the target but is void by the held-out rule or the cut-off.',
      table([{title: 'Submission', plain: true}, ...data.workloads.map(title => ({title, number: true}))],
        data.ranking.map(name => [submissionCell(name), ...data.workloads.map(workload => cell(name, workload))])));
  };

  const showCurves = () => {
    const boxes = [...groupBy(trials, trial => trial.workload)].sort().map(([workload, group]) => {
      const traces = group.filter(trial => trial.curve.values.length > 0)
        .sort((a, b) => names.indexOf(a.submission) - names.indexOf(b.submission)).map(trial => ({
          x: trial.curve.seconds.map(toNumber), y: trial.curve.values, name: trial.submission, showlegend: false,
          mode: 'lines+markers', marker: {size: 3.5}, opacity: 0.85,
          line: {color: colour(trial.submission), dash: dash(trial.submission), width: 1.4},
          hovertemplate: `study ${trial.study}, trial ${trial.trial}: %{y:.5g} after %{x:.1f} s`
            + '<extra>%{fullData.name}</extra>',
        }));
      const targets = [...new Set(group.map(trial => toNumber(trial.target)))].filter(Number.isFinite);
      return element('div', {}, element('h3', {}, workload), chart('chart', traces, {targets,
        xaxis: {title: {text: 'submission time in seconds'}, rangemode: 'tozero'},
        yaxis: {title: {text: 'validation ' + group[0].metric}}}));
    });
    section('curves', 'Training curves', 'The validation metric at each evaluation, one line per trial.',
      element('p', {className: 'key'}, ...names.map(submissionCell)), element('div', {className: 'charts'}, ...boxes));
  };

  const showSensitivity = () => {
    const rows = [];
    for (const [workload, ofWorkload] of [...groupBy(trials, trial => trial.workload)].sort()) {
      for (const [name, group] of groupBy(ofWorkload, trial => trial.submission)) {
        const values = group.map(trial => toNumber(trial.best)).filter(value => !Number.isNaN(value));
        values.sort((a, b) => group[0].minimize ? a - b : b - a);
        const times = group.map(trial => toNumber(trial.time_to_target)).sort((a, b) => a - b);
        const reached = times.filter(Number.isFinite).length;
        rows.push([workload, submissionCell(name), `${reached} of ${group.length}`,
          ...(values.length ? [values[0], median(values), values[values.length - 1]] : [NaN, NaN, NaN])
            .map(value => significant(value, 5)),
          seconds(times[0]), seconds(median(times)), seconds(times[times.length - 1])]);
      }
    }
    section('sensitivity', 'Tuning sensitivity', 'How much depends on the hyperparameters and the seed: over all trials, '
      + 'the best, median and worst of the best validation value and of the time to target.',
      table([{title: 'Workload', plain: true}, {title: 'Submission', plain: true}, {title: 'Reached', number: true},
        {title: 'Best value', number: true}, {title: 'median', number: true}, {title: 'worst', number: true},
        {title: 'Fastest (s)', number: true}, {title: 'median', number: true}, {title: 'slowest', number: true}], rows));
  };

  const showClock = () => {
    const groups = [...groupBy(trials.filter(trial => trial.clock),
      trial => `${trial.workload} · ${trial.submission}`)].sort().reverse();
    if (groups.length === 0) return;
    const total = (group, part) => group.reduce((sum, trial) => sum + (toNumber(trial.clock[part]) || 0), 0);
    const traces = Object.keys(partNames).map((part, i) => ({type: 'bar', orientation: 'h', name: partNames[part],
      y: groups.map(([label]) => label),
      x: groups.map(([, group]) => total(group, part) / (total(group, 'wall') || 1) * 100),
      customdata: groups.map(([, group]) => total(group, part) / group.length),
      marker: {color: ['#0072b2', '#56b4e9', '#b8bcc2', '#e69f00', '#f0d9a0', '#d55e00'][i]},
      hovertemplate: `${partNames[part]}: %{x:.1f} %, %{customdata:.2f} s per trial<extra>%{y}</extra>`}));
    const box = chart('chart', traces, {barmode: 'stack', bargap: 0.35,
      xaxis: {title: {text: 'share of wall time in percent'}, range: [0, 100]}, yaxis: {ticks: '', showline: false},
      legend: {traceorder: 'normal'}});
    box.style.height = `${8 + 1.9 * groups.length}rem`;
    section('clock', 'Where the time went', 'Wall time of the last attempt of each trial that ended. Only the '
      + 'submission’s part counts; the residual is what no part claims.', box);
  };

  const showTrials = () => {
    const tone = {target_reached: 'good', failed: 'bad', hung: 'bad', crashed: 'bad', out_of_memory: 'bad',
      diverged: 'bad', running: 'soft', interrupted: 'warn'};
    const point = trial => Object.entries(trial.hyperparameters)
      .map(([name, value]) => `${name} ${typeof value === 'number' ? significant(value, 4) : value}`).join(', ');
    const resumes = trial => trial.attempts.length > 1 ? `resumed ${plural(trial.attempts.length - 1, 'time')}` : '';
    const message = trial => [trial.message, resumes(trial), ...trial.warnings].filter(Boolean).join('; ');
    const rows = trials.map(trial => [String(trial.id), submissionCell(trial.submission), trial.workload,
      String(trial.study), String(trial.trial),
      element('span', {className: tone[trial.state] || ''}, trial.state.replaceAll('_', ' ')),
      trial.steps.toLocaleString('en'), seconds(trial.seconds), significant(toNumber(trial.best), 5),
      element('span', {}, [point(trial) || trial.point, `seed ${trial.seed}`].join(', '), message(trial) ? element('br') : null,
        element('span', {className: 'soft'}, message(trial)))]);
    section('trials', 'Trials', null, table([{title: 'Id', number: true}, {title: 'Submission', plain: true},
      {title: 'Workload', plain: true}, {title: 'Study', number: true}, {title: 'Trial', number: true},
      {title: 'Outcome', plain: true}, {title: 'Steps', number: true}, {title: 'Seconds', number: true},
      {title: 'Best value', number: true}, {title: 'Hyperparameters and messages', wide: true}], rows));
  };

  const showProvenance = () => {
    const attempts = trials.flatMap(trial => trial.attempts);
    const distinct = (title, list) => [...groupBy(list, JSON.stringify)].map(([, group], i, all) => [
      element('h3', {}, all.length > 1 ? `${title} ${i + 1} (${plural(group.length, 'attempt')})` : title),
      facts(group[0])]).flat();
    const builds = [...groupBy(trials, trial => `${trial.submission}\n${trial.sha256}`)]
      .map(([, group]) => [submissionCell(group[0].submission), element('code', {}, group[0].sha256),
        String(group.length)]);
    const overheads = attempts.map(attempt => toNumber(attempt.timer_overhead_seconds)).filter(Number.isFinite)
      .sort((a, b) => a - b);
    section('provenance', 'Machines and provenance', null,
      ...distinct('Machine', attempts.map(attempt => attempt.machine)),
      ...distinct('Harness', attempts.map(attempt => attempt.provenance)),
      element('h3', {}, 'Submissions'),
      table([{title: 'Submission', plain: true}, {title: 'SHA-256 of the library'}, {title: 'Trials', number: true}], builds),
      element('h3', {}, 'Rules and data'),
      facts({
        rulesets: [...new Set(trials.map(trial => trial.ruleset))].join(', '),
        benchmarks: [...new Set(trials.map(trial => `${trial.benchmark} (${trial.tier})`))].join(', '),
        'hardware classes': [...new Set(trials.map(trial => trial.hardware_class))].join(', '),
        'data sets': [...new Set(attempts.map(attempt => attempt.data_set))].join(', '),
        'harness time per step': overheads.length === 0 ? '–'
          : `${significant(median(overheads) * 1e6, 3)} µs (median; measured with an empty submission)`,
      }));
  };

  showHeader();
  showScores();
  showProfile();
  showTimes();
  showCurves();
  showSensitivity();
  showClock();
  showTrials();
  showProvenance();
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  matchMedia('print').addEventListener('change', drawAll);
})();

// The head of the page, what to beware of, and the scores.
const showHeader = () => {
  const title = document.getElementById('title');
  title.textContent = data.ruleset;
  document.getElementById('verdict').textContent = data.verdict;
  document.getElementById('summary').textContent = [plural(names.length, 'submission'),
    plural(data.base_workloads.length, 'scored workload'), heldOut.length ? `${heldOut.length} held-out` : null,
    plural(trials.length, 'trial'), 'hardware class ' + data.hardware_classes.join(' and '),
    `${data.date}, timetrial ${data.version}`].filter(Boolean).join(' · ');
  const theme = element('button', {type: 'button', className: 'toggle', id: 'theme'}, 'light / dark');
  theme.addEventListener('click', () => {
    chosenTheme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    applyTheme();
    redraw();
  });
  document.getElementById('kicker').append(theme);
};

const showCautions = () => {
  const warnings = data.warnings.map(({message, trials: count, differ}) =>
    `${message} (${plural(count, 'trial')}${differ ? '; the numbers differ' : ''})`);
  const missing = hasIntervals || data.uncertainty_notes.length ? [] : ['No intervals are known: differences '
    + 'between submissions cannot be told from chance here.'];
  const cautions = [...missing, ...data.uncertainty_notes, ...warnings, ...data.notes];
  if (cautions.length === 0) return;
  document.getElementById('sections').append(element('aside', {className: 'notes', id: 'cautions'},
    element('strong', {}, 'Before you trust these numbers'), shortList(cautions, 6)));
};

const showToggles = () => {
  const bar = element('div', {id: 'submissions'});
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'Submissions shown in the charts');
  const buttons = names.map(name => {
    const button = toggle('', true, on => {
      if (on) hidden.delete(name); else hidden.add(name);
      redraw();
    });
    button.append(lineKey(name), name);
    return button;
  });
  const setAll = on => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(on));
    hidden.clear();
    if (!on) names.forEach(name => hidden.add(name));
    redraw();
  };
  const all = element('button', {type: 'button', className: 'plain'}, 'all');
  const none = element('button', {type: 'button', className: 'plain'}, 'none');
  all.addEventListener('click', () => setAll(true));
  none.addEventListener('click', () => setAll(false));
  bar.append(...buttons, all, none);
  document.getElementById('sections').append(bar);
};
// Paper has no bar that stays in view.
const printKey = () => element('p', {className: 'key print-only'}, ...names.map(submissionCell));

const scoreFigure = () => {
  const shown = visible().filter(name => isFinite(data.scores[name].value)).reverse();
  const values = shown.map(name => toNumber(data.scores[name].value));
  const reach = (name, i, end) => {
    const interval = data.scores[name].interval;
    return interval ? Math.max((toNumber(interval[end]) - values[i]) * (end ? 1 : -1), 0) : 0;
  };
  const bars = {type: 'bar', orientation: 'h', y: shown, x: values, width: 0.62,
    marker: {color: shown.map(name => faded(colour(name), 0.55)),
      line: {color: shown.map(colour), width: 1.2}},
    customdata: shown.map(name => [intervalText(data.scores[name].interval, value => fixed(value, 3)),
      intervalText(data.scores[name].rank, value => fixed(value, 0))]),
    hovertemplate: '%{x:.4f} %{customdata[0]}<br>rank %{customdata[1]}<extra>%{y}</extra>'};
  if (hasIntervals) {
    bars.error_x = {type: 'data', symmetric: false, array: shown.map((name, i) => reach(name, i, 1)),
      arrayminus: shown.map((name, i) => reach(name, i, 0)), color: cssValue('--ink'), thickness: 1.4, width: 4};
  }
  const most = Math.max(...values, ...shown.map(name => toNumber((data.scores[name].interval || [0, 0])[1])), 0.1);
  return {traces: [bars], height: 66 + 29 * Math.max(shown.length, 2), layout: {
    xaxis: {title: {text: 'score'}, range: [0, Math.min(most * 1.06, 1.02)]},
    yaxis: {ticks: '', showline: false, showgrid: false}, margin: {l: 20, r: 14, t: 4, b: 44}}};
};

const showScores = () => {
  const places = names.map(name => 1 + names.filter(other =>
    (data.scores[other].value ?? -1) > (data.scores[name].value ?? -1)).length);
  const rows = names.map((name, i) => {
    const {value, interval, rank, solved} = data.scores[name];
    const cells = [String(places[i]), submissionCell(name), value === null ? '–' : fixed(value, 4)];
    if (hasIntervals) {
      cells.push(intervalText(interval, end => fixed(end, 3)) || '–',
        rank ? `${fixed(rank[0], 0)} – ${fixed(rank[1], 0)}` : '–');
    }
    return [...cells, `${solved} of ${data.base_workloads.length}`];
  });
  const columns = [{title: '', number: true}, {title: 'Submission', plain: true}, {title: 'Score', number: true},
    ...(hasIntervals ? [{title: levelText, number: true}, {title: 'Ranks', number: true}] : []),
    {title: 'Solved', number: true}];
  section('scores', 'Scores', 'The area under the performance profile: 1 would be fastest on every workload, 0 never '
    + 'within reach of the fastest. A score depends on which submissions are compared.',
    element('div', {className: 'pair'}, chart('part', 'Scores with intervals', scoreFigure), table(columns, rows)),
    caption(hasIntervals ? `Whiskers and brackets: ${levelText} intervals from ${data.replicates.toLocaleString('en')} `
      + 'resamples. Ranks: the range that they cover.' : 'No intervals are known.', 'scores.csv'));
};

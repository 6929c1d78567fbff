// Every trial, sortable by a click on a column's head, filtered by words.
const manyTrials = 50;
const tones = {target_reached: 'good', failed: 'bad', hung: 'bad', crashed: 'bad', out_of_memory: 'bad', diverged: 'bad',
  killed: 'warn', harness_error: 'warn', running: 'soft', interrupted: 'warn'};

// Names of hyperparameters that differ between the trials of a submission.
const varied = new Map([...groupBy(trials, trial => trial.submission)].map(([name, own]) => [name,
  new Set([...new Set(own.flatMap(trial => Object.keys(trial.hyperparameters)))]
    .filter(key => new Set(own.map(trial => trial.hyperparameters[key])).size > 1))]));
const pointOf = (trial, wanted) => Object.entries(trial.hyperparameters).filter(([name]) => wanted(name))
  .map(([name, value]) => `${name} ${typeof value === 'number' ? significant(value, 4) : value}`).join(', ');
const trialPoint = trial => pointOf(trial, () => true) || trial.point;
const trialMessage = trial => [trial.message, trial.resumes ? `resumed ${plural(trial.resumes, 'time')}` : '',
  ...trial.warnings].filter(Boolean).join('; ');
const megabytes = bytes => bytes > 0 ? Math.round(bytes / 1e6).toLocaleString('en') : '–';

// value: what the column is sorted by
const trialColumns = [
  {title: 'Id', number: true, value: trial => trial.id, cell: trial => String(trial.id)},
  {title: 'Submission', plain: true, value: trial => trial.submission, cell: trial => submissionCell(trial.submission)},
  {title: 'Workload', plain: true, value: trial => trial.workload, cell: trial => trial.workload},
  {title: 'Study', number: true, value: trial => trial.study, cell: trial => String(trial.study)},
  {title: 'Trial', number: true, value: trial => trial.trial, cell: trial => String(trial.trial)},
  {title: 'Outcome', plain: true, value: trial => trial.state,
    cell: trial => element('span', {className: tones[trial.state] || ''}, trial.state.replaceAll('_', ' '))},
  {title: 'Reached', number: true, value: trial => toNumber(trial.hit), cell: trial => seconds(trial.hit)},
  {title: 'Seconds', number: true, value: trial => toNumber(trial.seconds), cell: trial => seconds(trial.seconds)},
  {title: 'Steps', number: true, value: trial => trial.steps, cell: trial => trial.steps.toLocaleString('en')},
  {title: 'Best value', number: true, value: trial => toNumber(trial.best), cell: trial => significant(trial.best, 5)},
  {title: 'MB', number: true, value: trial => trial.memory, cell: trial => megabytes(trial.memory)},
  {title: 'Hyperparameters and messages', wide: true, value: trialPoint, cell: trial => {
    const same = pointOf(trial, name => !varied.get(trial.submission).has(name));
    const rest = [same, trial.point, trial.seed === '0' ? '' : `seed ${trial.seed}`,
      trial.isolation ? `isolation ${trial.isolation}` : '', ...trial.interruptions, ...trial.warnings].filter(Boolean);
    const message = [trial.message, trial.resumes ? `resumed ${plural(trial.resumes, 'time')}` : ''].filter(Boolean).join('; ');
    return element('div', {}, message ? element('div', {}, message) : null, rest.length === 0 ? null :
      element('details', {}, element('summary', {}, pointOf(trial, name => varied.get(trial.submission).has(name)) || 'more'),
        ...rest.map(text => element('div', {className: 'soft'}, text))));
  }},
];

const trialTable = () => {
  const state = {column: null, falling: false, words: []};
  const body = element('tbody');
  const count = element('span', {className: 'soft'});
  const textOf = new Map(trials.map(trial => [trial,
    [trial.submission, trial.workload, trial.state, trialPoint(trial), trialMessage(trial)].join(' ').toLowerCase()]));
  const rowOf = new Map();
  const compare = (a, b) => {
    const [x, y] = [a, b].map(state.column.value);
    const order = typeof x === 'string' ? x.localeCompare(y) : (Number.isNaN(x) - Number.isNaN(y)) || x - y || 0;
    return state.falling ? -order : order;
  };
  const fill = () => {
    const shown = trials.filter(trial => state.words.every(word => textOf.get(trial).includes(word)));
    if (state.column) shown.sort(compare);
    for (const trial of shown) {
      if (!rowOf.has(trial)) rowOf.set(trial, tableRow(trialColumns, trialColumns.map(column => column.cell(trial))));
    }
    body.replaceChildren(...shown.map(trial => rowOf.get(trial)));
    count.textContent = ` ${plural(shown.length, 'trial')}`;
  };
  const heads = trialColumns.map(column => {
    const button = element('button', {type: 'button', className: 'sort'}, column.title);
    const head = element('th', {className: kind(column), scope: 'col'}, button);
    button.addEventListener('click', () => {
      state.falling = state.column === column && !state.falling;
      state.column = column;
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', state.falling ? 'descending' : 'ascending');
      fill();
    });
    return head;
  });
  const filter = element('input', {type: 'search', placeholder: 'words to look for'});
  filter.addEventListener('input', () => {
    state.words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    fill();
  });
  fill();
  return element('div', {}, controls(element('label', {}, 'Filter ', filter), count),
    element('div', {className: 'scroll'}, element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body)));
};

const showTrials = () => {
  if (trials.length <= manyTrials) {
    section('trials', 'Trials', null, trialTable(), caption('', 'trials.csv'));
    return;
  }
  const box = element('details', {}, element('summary', {}, `Show all ${plural(trials.length, 'trial')}`));
  // A long table is made when it is wanted.
  box.addEventListener('toggle', () => { if (box.open && box.children.length === 1) box.append(trialTable()); });
  section('trials', 'Trials', null, outcomeTable(), box, caption('', 'trials.csv'));
};

// How the trials of each submission ended.
const outcomeTable = () => {
  const states = [...new Set(trials.map(trial => trial.state))].sort();
  const columns = [{title: 'Submission', plain: true}, {title: 'Trials', number: true},
    {title: 'Reached the target', number: true},
    ...states.map(state => ({title: state.replaceAll('_', ' '), number: true}))];
  return table(columns, names.map(name => {
    const own = trials.filter(trial => trial.submission === name);
    return [submissionCell(name), String(own.length), String(own.filter(trial => isFinite(trial.hit)).length),
      ...states.map(state => String(own.filter(trial => trial.state === state).length || '–'))];
  }));
};

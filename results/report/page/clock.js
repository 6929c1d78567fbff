// Where the wall time went, and the time of a step.
const clockParts = onlyUsed({submission: 'submission', data_wait: 'data wait', evaluation: 'evaluation', startup: 'start-up',
  checkpoint: 'checkpoints', logging: 'logging', residual: 'residual'}, data.clock);
const stepParts = onlyUsed({data_wait: 'data wait', host_to_device: 'copy to the device', forward: 'forward and loss',
  backward: 'backward', gradient_averaging: 'averaging of gradients', update: 'the submission’s own work',
  residual: 'harness'}, data.step);
const partPatterns = ['', '+', '/', '.', 'x', '\\', '-'];
const clockState = {workload: 'all', unit: 'share'};

const ofWorkload = entries =>
  entries.filter(({workload}) => clockState.workload === 'all' || clockState.workload === workload);
const submissionsOf = entries => visible().filter(name => entries.some(({submission}) => submission === name)).reverse();
const sumOf = (entries, name, value) => entries.filter(({submission}) => submission === name)
  .reduce((total, entry) => total + value(entry), 0);

const clockFigure = () => {
  const entries = ofWorkload(data.clock);
  const shown = submissionsOf(entries);
  const sum = (name, part) => sumOf(entries, name, entry => entry.parts[part]);
  const longest = Math.max(...shown.map(name => Object.keys(clockParts).reduce((all, part) => all + sum(name, part), 0)));
  const [unit, divisor] = longest > 3 * 3600 ? ['hours', 3600] : ['seconds', 1];
  return stackedParts({parts: clockParts, patterns: partPatterns, shown, isShare: clockState.unit === 'share', unit,
    value: (name, part) => sum(name, part) / divisor, text: value => duration(value * divisor)});
};
const stepFigure = () => {
  const entries = ofWorkload(data.step);
  return stackedParts({parts: stepParts, patterns: partPatterns, shown: submissionsOf(entries),
    isShare: clockState.unit === 'share', unit: 'milliseconds a step', text: value => `${significant(value, 3)} ms`,
    value: (name, part) => 1000 * sumOf(entries, name, entry => entry.parts[part])
      / Math.max(sumOf(entries, name, entry => entry.sampled_steps), 1)});
};

const stepPart = () => data.step.length === 0 ? [] : [element('h3', {}, 'A step'),
  chart('', 'Where the time of a step went', stepFigure),
  caption(`Of ${plural(data.step.reduce((count, entry) => count + entry.sampled_steps, 0), 'sampled step')}, on the `
    + 'device’s own time line. A workload’s time counts as backward while gradients are computed, as forward before.',
  'step.csv')];

// Only where kernels are compiled at run time, and some trials found them compiled.
const firstStepPart = () => data.first_steps.length === 0 ? [] : [element('h3', {}, 'The first step'),
  table([{title: 'Submission', plain: true}, {title: 'Workload', plain: true}, {title: 'Kernels compiled', number: true},
    {title: 'Kernels found', number: true}, {title: 'Saved', number: true}, {title: 'Trials', number: true}],
    data.first_steps.map(({submission, workload, cold, warm, saved, trials: count}) =>
      [submissionCell(submission), workload, duration(cold), duration(warm), duration(saved), String(count)])),
  caption('Medians on the submission’s clock: with a warm kernel cache a trial finds what earlier ones had to compile.',
    'first_steps.csv')];

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
      + 'checkpoints or residual unless logged.'), 'clock.csv'), ...stepPart(), ...firstStepPart());
};

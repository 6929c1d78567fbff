// How much memory the trials took.
const memoryPhases = {startup: 'start-up', training: 'training', evaluation: 'evaluation'};
const memoryKinds = {resident: 'resident set of the process', host: 'tensors on the CPU', device: 'tensors on the device'};
const memoryColours = {startup: '--part-startup', training: '--part-submission', evaluation: '--part-evaluation'};
const memoryPatterns = {startup: '/', training: '', evaluation: '.'};
const memoryState = {workload: null, kind: 'resident'};
const gibibytes = bytes => bytes / 2 ** 30;
const memoryIn = (entry, phase) => entry.phases[phase] ? entry.phases[phase][memoryState.kind] : 0;

const memoryFigure = () => {
  const entries = data.memory.filter(({workload}) => workload === memoryState.workload);
  const shown = visible().filter(name => entries.some(({submission}) => submission === name)).reverse();
  const entryOf = name => entries.find(({submission}) => submission === name);
  const traces = Object.keys(memoryPhases).reverse().map(phase => ({type: 'bar', orientation: 'h', name: memoryPhases[phase],
    y: shown, x: shown.map(name => gibibytes(memoryIn(entryOf(name), phase))),
    marker: {color: cssValue(memoryColours[phase]), pattern: {shape: memoryPatterns[phase], size: 6, solidity: 0.22,
      fgcolor: cssValue('--ink'), fgopacity: 0.5, fillmode: 'overlay'}},
    hovertemplate: `${memoryPhases[phase]}: %{x:.3f} GiB<extra>%{y}</extra>`}));
  return {traces, height: 90 + 54 * Math.max(shown.length, 1), layout: {barmode: 'group', bargap: 0.3, showlegend: true,
    legend: {orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', traceorder: 'reversed'},
    margin: {l: 20, r: 14, t: 30, b: 44},
    xaxis: {title: {text: 'peak in GiB'}, rangemode: 'tozero'}, yaxis: {ticks: '', showline: false, showgrid: false}}};
};

const showMemory = () => {
  if (data.memory.length === 0) return;
  const workloads = workloadsWithTrials.filter(name => data.memory.some(({workload}) => workload === name));
  memoryState.workload = workloads[0];
  const kinds = Object.keys(memoryKinds).filter(kind =>
    data.memory.some(entry => Object.values(entry.phases).some(peak => peak[kind] > 0)));
  const set = key => value => { memoryState[key] = value; redraw(); };
  const allocators = [...new Set(data.memory.flatMap(entry => entry.host_allocators))].sort();
  const withoutHugePages = data.memory.reduce((count, entry) => count + entry.without_huge_pages, 0);
  section('memory', 'How much memory', 'Peaks by phase: training is while the clock runs, evaluation while it stands, '
    + 'checkpoints included. Memory does not count for the score.', controls(
    choice('Workload', workloads.map(name => [name, name]), memoryState.workload, set('workload')),
    choice('Of', kinds.map(kind => [kind, memoryKinds[kind]]), memoryState.kind, set('kind'))),
    chart('', 'How much memory', memoryFigure),
    caption(`The largest over the trials. Allocator of CPU tensors: ${allocators.join(', ')}; a caching one keeps what it once took, `
      + 'so its resident set hardly falls.' + (withoutHugePages === 0 ? '' :
      ` ${plural(withoutHugePages, 'trial')} ran on machines that grant no huge pages.`), 'memory.csv'));
};

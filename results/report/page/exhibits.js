// What trained models make of a held-out example. A kind that is drawn has a file of its own (plan_timeline.js) and an entry here:
// what there is to see, and the figure of an exhibit's content.
const exhibitKinds = {
  plan_timeline: {build: planTimelineFigure,
    text: ({graph}) => `The step ${graph} on simulated devices, as the best heuristic and as the trained policy place it: `
      + 'kernels by their operation, below each device the transfers that it sends.'},
};
const exhibitOwner = ({submission, workload}) => `${submission} on ${workload}`;
const exhibitState = {shown: 0};

const showExhibits = () => {
  if (data.exhibits.length === 0) return;
  const drawn = data.exhibits.filter(({kind, content}) => Object.hasOwn(exhibitKinds, kind) && content !== null);
  const others = data.exhibits.filter(entry => !drawn.includes(entry));
  const current = () => drawn[exhibitState.shown];
  const words = element('p', {className: 'caption'});
  const tell = () => {
    const {kind, content, study, trial, step, value, workload} = current();
    words.textContent = `${exhibitKinds[kind].text(content)} Study ${study}, trial ${trial}, after `
      + `${plural(step, 'step')}, with a last ${data.workload_facts[workload].metric} of ${significant(value, 4)}.`;
  };
  const choose = index => { exhibitState.shown = Number(index); tell(); redraw(); };
  if (drawn.length) tell();
  section('exhibits', 'What was learned', 'What a trained model makes of a held-out example, for the eye alone: of each submission '
    + 'on each workload the trial with the best last value.',
    ...drawn.length ? [controls(choice('Of', drawn.map((entry, i) => [String(i), exhibitOwner(entry)]), '0', choose)),
      chart('', 'What was learned', () => exhibitKinds[current().kind].build(current().content)), words] : [],
    others.length ? shortList(others.map(entry => `${exhibitOwner(entry)}: “${entry.kind}”, which this page does not draw.`), 5) : null,
    caption('The exhibits of all trials are kept as they are.', 'exhibits.csv'));
};

// Two plans of a simulated step on one time axis: for each device its kernels, below them the transfers it sends.
const planNames = {heuristic: 'best heuristic', policy: 'policy'};
const mostOperationColours = 6;  // what takes the least time in total shares one more
const planRow = {title: 1, kernels: 1, transfers: 0.5};  // heights
const nanoseconds = value => shortDuration(value * 1e-9);

// The operations that have colours of their own, those that take longest first.
const longestOperations = ({operations, plans}) => {
  const totals = operations.map(() => 0);
  for (const {kernels} of Object.values(plans)) {
    for (const [, start, end, operation] of kernels) totals[operation] += end - start;
  }
  return operations.map((name, i) => i).filter(i => totals[i] > 0).sort((a, b) => totals[b] - totals[a])
    .slice(0, mostOperationColours);
};

// Where everything stands, from the top down: [{plan, title, kernels: [y of each device], transfers: [y], end}].
const planRows = ({devices, plans}) => {
  let y = 0;
  return Object.keys(planNames).filter(plan => plans[plan]).map(plan => {
    const rows = {plan, title: y - planRow.title / 2, kernels: [], transfers: []};
    y -= planRow.title;
    for (let device = 0; device < devices; ++device) {
      rows.kernels.push(y - planRow.kernels / 2);
      rows.transfers.push(y - planRow.kernels - planRow.transfers / 2);
      y -= planRow.kernels + planRow.transfers;
    }
    return {...rows, end: y};
  });
};

const planTitle = (name, {makespan_ns: makespan, fits}, reference) =>
  `<b>${name}</b>: ${nanoseconds(makespan)}`
  + (reference && reference.makespan_ns > 0 && reference.makespan_ns !== makespan
    ? `, ${significant(makespan / reference.makespan_ns, 3)} times the heuristic’s` : '')
  + (fits ? '' : ', does not fit into memory');

// spans: [{start, end, y, text}], of one colour
const planBars = (name, spans, width, color, unit, shown) => ({type: 'bar', orientation: 'h', name, showlegend: shown,
  base: spans.map(({start}) => start / unit), x: spans.map(({start, end}) => (end - start) / unit), y: spans.map(({y}) => y),
  width: spans.map(() => width), marker: {color, line: {width: 0}}, customdata: spans.map(({text}) => text),
  hovertemplate: '%{customdata}<extra></extra>'});
const spanText = (start, end) => `${nanoseconds(start)} to ${nanoseconds(end)} (${nanoseconds(end - start)})`;

const planTimelineFigure = content => {
  const {operations, plans} = content;
  const longest = longestOperations(content);
  const rows = planRows(content);
  const latest = Math.max(...rows.map(({plan}) => plans[plan].makespan_ns), 1);
  const [unitName, unit] = latest >= 1e6 ? ['ms', 1e6] : latest >= 1e3 ? ['µs', 1e3] : ['ns', 1];
  const kernels = rows.flatMap(({plan, kernels: ys}) => plans[plan].kernels.map(([device, start, end, operation]) => ({
    start, end, y: ys[device], operation, text: `${operations[operation]} on device ${device}<br>${spanText(start, end)}`})));
  const transfers = rows.flatMap(({plan, transfers: ys}) => plans[plan].transfers.map(([from, to, start, end]) => ({
    start, end, y: ys[from], text: `transfer from device ${from} to ${to}<br>${spanText(start, end)}`})));
  const traces = longest.map((operation, i) => planBars(operations[operation],
    kernels.filter(kernel => kernel.operation === operation), 0.84 * planRow.kernels, cssValue(`--c${i}`), unit, true));
  const others = kernels.filter(({operation}) => !longest.includes(operation));
  if (others.length) traces.push(planBars('other operations', others, 0.84 * planRow.kernels, cssValue('--part-startup'), unit, true));
  if (transfers.length)
    traces.push(planBars('transfers', transfers, 0.6 * planRow.transfers, cssValue('--c6'), unit, true));
  const devices = rows.flatMap(({kernels: ys}) => ys.map((y, device) => [y, `device ${device}`]));
  return {traces, height: 120 + 26 * -rows[rows.length - 1].end, layout: {barmode: 'overlay', showlegend: true,
    legend: {orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', traceorder: 'normal'},
    margin: {l: 20, r: 14, t: 30, b: 44},
    xaxis: {title: {text: `time in the step in ${unitName}`}, range: [0, 1.01 * latest / unit]},
    yaxis: {range: [rows[rows.length - 1].end - 0.2, 0], tickvals: devices.map(([y]) => y), ticktext: devices.map(([, text]) => text),
      ticks: '', showline: false, showgrid: false},
    annotations: rows.map(({plan, title}) => ({x: 0, xref: 'paper', y: title, xanchor: 'left', yanchor: 'middle', showarrow: false,
      text: planTitle(planNames[plan], plans[plan], plan === 'heuristic' ? null : plans.heuristic)})),
    shapes: rows.map(({plan, title, end}) => ({type: 'line', x0: plans[plan].makespan_ns / unit, x1: plans[plan].makespan_ns / unit,
      y0: title, y1: end, line: {color: cssValue('--ink'), width: 1.2, dash: 'dot'}}))}};
};

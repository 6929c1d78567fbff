// Times divided into parts: one stacked bar a submission, as shares or as they are.
// parts: {key: name}; patterns stand beside the colours, for eyes and printers that tell few apart.
const stackedParts = ({parts, patterns, shown, value, isShare, unit, text}) => {
  const total = name => Object.keys(parts).reduce((all, part) => all + value(name, part), 0) || 1;
  const traces = Object.entries(parts).map(([part, title], i) => ({type: 'bar', orientation: 'h', name: title, y: shown,
    x: shown.map(name => isShare ? 100 * value(name, part) / total(name) : value(name, part)),
    customdata: shown.map(name => [(100 * value(name, part) / total(name)).toFixed(1), text(value(name, part))]),
    marker: {color: cssValue(`--part-${part}`), line: {color: cssValue('--paper'), width: 0.8},
      pattern: {shape: patterns[i], size: 6, solidity: 0.22, fgcolor: cssValue('--ink'), fgopacity: 0.5,
        fillmode: 'overlay'}},
    hovertemplate: `${title}: %{customdata[0]} %, %{customdata[1]}<extra>%{y}</extra>`}));
  return {traces, height: 90 + 28 * Math.max(shown.length, 2), layout: {barmode: 'stack', bargap: 0.32, showlegend: true,
    legend: {orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', traceorder: 'normal'},
    margin: {l: 20, r: 14, t: 30, b: 44},
    xaxis: {title: {text: isShare ? 'share of the time in percent' : unit}, ...(isShare ? {range: [0, 100]} : {})},
    yaxis: {ticks: '', showline: false, showgrid: false}}};
};
const onlyUsed = (parts, entries) =>
  Object.fromEntries(Object.entries(parts).filter(([part]) => entries.some(entry => entry.parts[part] > 0)));

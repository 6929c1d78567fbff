// Charts: drawn when they come into view, drawn again when colours, submissions or paper change.
const hidden = new Set();  // submissions that are switched off
const visible = () => names.filter(name => !hidden.has(name));

const figures = [];  // {box, build, drawn}; build() gives {traces, layout, height}
const root = document.documentElement;
let printing = false;
let chosenTheme = null;
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

const cssValue = name => getComputedStyle(root).getPropertyValue(name).trim();
const colour = name => cssValue(`--c${place(name) % paletteSize}`);
const faded = (hex, alpha) => {
  const [red, green, blue] = [1, 3, 5].map(start => parseInt(hex.slice(start, start + 2), 16));
  return `rgba(${red},${green},${blue},${alpha})`;
};

// Widths of A4 with margins, in CSS pixels: charts cannot measure paper before it is laid out.
const paperWidth = box => box.classList.contains('half') ? 335 : box.classList.contains('part') ? 330 : 690;

const drawFigure = figure => {
  const {traces, layout = {}, height: onScreen} = figure.build();
  const height = printing && figure.box.classList.contains('half') ? 0.84 * onScreen : onScreen;
  const [ink, soft, line, paper] = ['--ink', '--soft', '--line', '--paper'].map(cssValue);
  const axis = {gridcolor: line, linecolor: soft, zeroline: false, tickcolor: soft, ticks: 'outside', showline: true,
    automargin: true, fixedrange: printing};
  const withAxis = Object.fromEntries(Object.entries(layout).filter(([key]) => /^[xy]axis\d+$/.test(key))
    .map(([key, own]) => [key, {...axis, ...own}]));
  figure.box.style.height = `${height}px`;
  const done = Plotly.react(figure.box, traces, {
    font: {family: getComputedStyle(document.body).fontFamily, size: printing ? 11 : 12, color: ink},
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', hovermode: 'closest', showlegend: false,
    margin: {l: 56, r: 14, t: 10, b: 44}, hoverlabel: {bgcolor: paper, bordercolor: soft, font: {color: ink}},
    ...layout, height, width: printing ? paperWidth(figure.box) : figure.box.clientWidth,
    xaxis: {...axis, ...layout.xaxis}, yaxis: {...axis, ...layout.yaxis}, ...withAxis,
  }, {responsive: false, displaylogo: false, displayModeBar: false});
  figure.drawn = true;
  return done;
};
const redraw = () => figures.filter(figure => figure.drawn && figure.box.isConnected).forEach(drawFigure);

const watcher = new IntersectionObserver(entries => {
  for (const entry of entries) {
    const figure = figures.find(one => one.box === entry.target);
    if (entry.isIntersecting && !figure.drawn) drawFigure(figure);
  }
}, {rootMargin: '500px'});

// `label` is what a screen reader says of the chart.
const chart = (className, label, build) => {
  const box = element('div', {className: 'chart ' + className});
  box.setAttribute('role', 'figure');
  box.setAttribute('aria-label', label);
  box.style.height = `${build().height}px`;
  figures.push({box, build, drawn: false});
  watcher.observe(box);
  return box;
};
// Charts that are taken off the page.
const forget = box => {
  for (const inner of box.querySelectorAll('.chart')) {
    watcher.unobserve(inner);
    figures.splice(figures.findIndex(figure => figure.box === inner), 1);
    Plotly.purge(inner);
  }
  box.replaceChildren();
};

// The label stands on the side of the line that curves leave free: they start above a target that is minimised.
const horizontal = (y, color, text, isBelow) => ({
  shape: {type: 'line', xref: 'paper', x0: 0, x1: 1, y0: y, y1: y, line: {color, width: 1.2, dash: 'dash'}},
  label: {text, xref: 'paper', x: 0, y, xanchor: 'left', yanchor: isBelow ? 'top' : 'bottom', showarrow: false,
    font: {size: 11, color}},
});
const vertical = (x, color, text) => ({
  shape: {type: 'line', yref: 'paper', y0: 0, y1: 1, x0: x, x1: x, line: {color, width: 1.2, dash: 'dot'}},
  label: {text, yref: 'paper', y: 1, x, xanchor: 'right', yanchor: 'top', textangle: -90, showarrow: false,
    font: {size: 11, color}},
});

const applyTheme = () => {
  root.dataset.theme = printing ? 'light' : chosenTheme || (prefersDark.matches ? 'dark' : 'light');
};
const setPrinting = on => {
  if (printing === on) return;
  printing = on;
  document.querySelectorAll('.notes details').forEach(box => { box.open = on; });  // paper cannot be clicked
  applyTheme();
  if (on) figures.forEach(drawFigure);
  else redraw();
};
const watchSurroundings = () => {
  prefersDark.addEventListener('change', () => { applyTheme(); redraw(); });
  addEventListener('beforeprint', () => setPrinting(true));
  addEventListener('afterprint', () => setPrinting(false));
  let width = root.clientWidth;
  addEventListener('resize', () => {
    if (printing || root.clientWidth === width) return;
    width = root.clientWidth;
    redraw();
  });
};
applyTheme();

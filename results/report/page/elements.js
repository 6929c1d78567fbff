// Pieces of the page. All text goes through textContent, never through innerHTML.
const paletteSize = 8;
const dashes = ['solid', '7px,3px', '2px,3px', '9px,3px,2px,3px'];
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'x', 'cross', 'triangle-down', 'star', 'pentagon',
  'hexagon', 'bowtie', 'hourglass'];
const place = name => Math.max(names.indexOf(name), 0);
const dash = name => dashes[Math.floor(place(name) / paletteSize) % dashes.length];
const symbol = name => symbols[place(name) % symbols.length];

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.flat().filter(child => child !== null && child !== undefined));
  return made;
};
const svg = (tag, attributes, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
// The line a submission has in the charts.
const lineKey = name => {
  const mark = svg('svg', {class: 'line-key', width: 24, height: 10, viewBox: '0 0 24 10', 'aria-hidden': 'true'},
    svg('line', {x1: 1, x2: 23, y1: 5, y2: 5, 'stroke-width': 3,
      'stroke-dasharray': dash(name) === 'solid' ? 'none' : dash(name).replaceAll('px', '')}));
  mark.style.stroke = `var(--c${place(name) % paletteSize})`;
  return mark;
};
const submissionCell = name => element('span', {className: 'submission'}, lineKey(name), name);

// columns: {title, number, plain, wide}; cells: text or element
const kind = column => column.number ? 'number' : column.wide ? 'wide' : column.plain ? 'plain' : '';
const tableRow = (columns, cells) => element('tr', {}, ...cells.map((cell, i) =>
  element('td', {className: kind(columns[i])}, cell)));
const table = (columns, rows, className = '') => {
  const head = element('tr', {}, ...columns.map(column =>
    element('th', {className: kind(column), scope: 'col'}, column.title)));
  return element('div', {className: 'scroll'}, element('table', {className}, element('thead', {}, head),
    element('tbody', {}, ...rows.map(row => tableRow(columns, row)))));
};
const facts = object => {
  const list = element('dl');
  for (const [name, value] of Object.entries(object)) {
    list.append(element('dt', {}, name), element('dd', {}, value === '' ? '–' : String(value)));
  }
  return list;
};

// Long lists show their first lines; the rest opens on demand.
const shortList = (texts, shown) => {
  const items = texts.map(text => element('li', {}, text));
  if (texts.length <= shown + 2) return element('ul', {}, ...items);
  return element('div', {}, element('ul', {}, ...items.slice(0, shown)),
    element('details', {}, element('summary', {}, `${texts.length - shown} more`),
      element('ul', {}, ...items.slice(shown))));
};

const section = (id, title, explanation, ...children) => {
  document.getElementById('contents').append(element('a', {href: '#' + id}, title));
  const made = element('section', {id}, element('h2', {}, title),
    explanation ? element('p', {className: 'explain'}, explanation) : null, ...children);
  document.getElementById('sections').append(made);
  return made;
};
const caption = (text, ...files) => element('p', {className: 'caption'}, text,
  files.length ? element('span', {className: 'files'}, ` Numbers: ${files.join(', ')}.`) : null);
const controls = (...children) => element('div', {className: 'controls'}, ...children);
const choice = (label, options, value, onChange) => {
  const box = element('select', {}, ...options.map(([key, text]) => element('option', {value: key}, text)));
  box.value = value;
  box.addEventListener('change', () => onChange(box.value));
  return element('label', {}, label + ' ', box);
};
const toggle = (label, on, onChange) => {
  const button = element('button', {type: 'button', className: 'toggle'}, label);
  button.setAttribute('aria-pressed', String(on));
  button.addEventListener('click', () => {
    const pressed = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(pressed));
    onChange(pressed);
  });
  return button;
};

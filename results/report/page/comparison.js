// Who beats whom.
const showComparison = () => {
  if (Object.keys(data.better).length === 0 || names.length < 2) return;
  const noisy = new Set(data.within_noise.flatMap(([a, b]) => [`${a}\n${b}`, `${b}\n${a}`]));
  const cell = (name, other) => {
    const chance = name === other ? undefined : (data.better[name] || {})[other];
    if (chance === undefined) return element('td', {className: 'empty'}, '');
    const text = chance > 0.995 ? '>.99' : chance < 0.005 ? '<.01' : chance.toFixed(2).replace(/^0/, '');
    const made = element('td', {className: chance >= 0.5 ? 'win' : 'loss',
      title: `${name} beats ${other} with probability ${chance.toFixed(3)}`}, text);
    const strength = Math.abs(chance - 0.5) * 2;
    made.style.setProperty('--strength', `${Math.round(strength * 100)}%`);
    if (strength > 0.85) made.classList.add('strong');
    if (noisy.has(`${name}\n${other}`)) {
      made.classList.add('noisy');
      made.prepend('≈ ');
      made.title += ': within noise';
    }
    return made;
  };
  const head = element('tr', {}, element('th', {}), ...names.map(name =>
    element('th', {scope: 'col', className: 'upright'}, element('span', {}, name))));
  const rows = names.map(name => element('tr', {}, element('th', {scope: 'row'}, submissionCell(name)),
    ...names.map(other => cell(name, other))));
  section('comparison', 'Who beats whom', 'The probability that the submission of the row has a higher score than that of '
    + 'the column.', element('div', {className: 'scroll'},
    element('table', {className: 'matrix'}, element('thead', {}, head), element('tbody', {}, ...rows))),
    caption(`≈ and a dashed frame: the results do not tell the two apart at ${levelText}. Blue wins, orange loses.`,
      'beats.csv'));
};

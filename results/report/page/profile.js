// Performance profiles.
const profileState = {bands: names.length <= 4 ? 'all' : 'leaders'};

const profileFigure = () => {
  const shown = visible();
  const tauMax = data.profile.tau[data.profile.tau.length - 1];
  // Lines that would lie on each other are drawn side by side.
  const offset = name => (place(name) - (names.length - 1) / 2) * 0.0035;
  const leaders = names.slice(0, 2);
  const banded = shown.filter(name => data.profile.bands[name]
    && (profileState.bands === 'all' || (profileState.bands === 'leaders' && leaders.includes(name))));
  const edge = (name, values) => ({x: data.profile.tau, y: values, mode: 'lines', hoverinfo: 'skip',
    line: {shape: 'hv', width: 0, color: colour(name)}});
  const bands = banded.flatMap(name => [edge(name, data.profile.bands[name].low),
    {...edge(name, data.profile.bands[name].high), fill: 'tonexty', fillcolor: faded(colour(name), 0.16)}]);
  const lines = [...shown].reverse().map(name => {
    const {tau, rho} = data.profile.steps[name];
    return {x: tau, y: rho.map(value => value + offset(name)), customdata: rho, name, mode: 'lines',
      line: {shape: 'hv', color: colour(name), dash: dash(name), width: 2.4},
      hovertemplate: '%{customdata:.3f} of workloads within %{x:.3f}×<extra>%{fullData.name}</extra>'};
  });
  return {traces: [...bands, ...lines], height: 430, layout: {
    xaxis: {title: {text: 'τ: time relative to the fastest submission'}, range: [1, tauMax]},
    yaxis: {title: {text: 'share of workloads solved within τ'}, range: [-0.045, 1.045], tickformat: '.2f', dtick: 0.25}}};
};

const showProfile = () => {
  const hasBands = Object.keys(data.profile.bands).length > 0;
  section('profile', 'Performance profile', 'For each factor τ: the share of workloads that a submission solves in at '
    + 'most τ times the time of the fastest one. Further up and left is better.', printKey(),
    hasBands ? controls(choice('Bands', [['all', 'of all'], ['leaders', 'of the first two'], ['none', 'none']],
      profileState.bands, value => { profileState.bands = value; redraw(); })) : null,
    chart('', 'Performance profiles', profileFigure),
    caption((hasBands ? `Bands: pointwise ${levelText} intervals. ` : 'No intervals are known. ')
      + 'Lines on the same height are drawn a little apart.', 'profile.csv', 'profile_bands.csv'));
};

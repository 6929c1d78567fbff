// Machines, builds, rules: what one needs to repeat or to doubt the measurements.
const showProvenance = () => {
  const {machines, builds, submissions, rules, data_sets: dataSets, fingerprints, timer_overhead_seconds: overhead} = data.records;
  const each = (title, list, noun) => list.flatMap(({facts: record, count}, i) => [
    element('h3', {}, list.length > 1 ? `${title} ${i + 1} of ${list.length} ` : title + ' ',
      element('span', {className: 'soft'}, `· ${plural(count, noun)}`)), facts(record)]);
  const none = title => [element('h3', {}, title), element('p', {className: 'explain'}, 'Not recorded.')];
  const libraries = submissions.some(({facts: {sha256}}) => sha256) ? [element('h3', {}, 'Submissions'),
    table([{title: 'Submission', plain: true}, {title: 'SHA-256 of the library'}, {title: 'Trials', number: true}],
      submissions.map(({facts: {submission, sha256}, count}) => [submissionCell(submission),
        element('code', {}, sha256 || 'not recorded'), String(count)]))] : [];
  const other = {};
  if (dataSets.length) other['data sets'] = dataSets.map(entry => entry.facts).join(', ');
  if (fingerprints.length) {
    other['fingerprints'] = fingerprints.map(({facts: {workload, fingerprint}}) => `${workload}: ${fingerprint}`).join('; ');
  }
  if (isFinite(overhead)) {
    other['harness time per step'] = `${significant(toNumber(overhead) * 1e6, 3)} µs (median; with an empty submission)`;
  }
  const harness = data.null_measurements.flatMap(({host, device, seconds}) => [
    element('h3', {}, 'The harness itself ', element('span', {className: 'soft'}, `· ${host}, ${device}`)),
    element('p', {className: 'explain'}, 'Measured with a submission that does nothing on a workload that has nothing, when the '
      + 'newest sweep began.'),
    facts(Object.fromEntries(Object.entries(seconds).map(([name, value]) => [name, shortDuration(value)])))]);
  other['this report'] = `timetrial ${data.version}, ${data.date}`;
  section('provenance', 'Machines and builds', null,
    ...(machines.length ? each('Machine', machines, 'attempt') : none('Machine')),
    ...(builds.length ? each('Build', builds, 'attempt') : none('Build')), ...libraries, ...harness,
    ...each('Rules', rules, 'trial'), element('h3', {}, 'Besides'), facts(other));
};

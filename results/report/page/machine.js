// What the machine was while trials ran, and whether it stayed the same.
const machineQuantities = {cpu_mhz: ['CPU clock', 'MHz'], cpu_celsius: ['CPU heat', '°C'],
  cpu_throttles: ['CPU slowed down for heat', 'times'], other_cores_busy: ['busy with others', 'cores'],
  stolen_cores: ['taken by the hypervisor', 'cores'], memory_available_gib: ['memory available', 'GiB'],
  major_faults: ['pages read back from disk', ''], gpu_sm_mhz: ['GPU clock', 'MHz'], gpu_memory_mhz: ['GPU memory clock', 'MHz'],
  gpu_celsius: ['GPU heat', '°C'], gpu_watts: ['GPU power', 'W'], gpu_busy_percent: ['GPU busy', '%'],
  gpu_other_processes: ['other processes on the GPU', '']};
const quantityText = name => {
  const [text, unit] = machineQuantities[name] || [name, ''];
  return unit ? `${text}, ${unit}` : text;
};
const percent = share => `${significant(100 * toNumber(share), 3)} %`;

const showMachine = () => {
  if (data.machine.length === 0) return;
  const gauged = data.machine.filter(entry => entry.gauged > 0);
  const spent = data.machine.reduce((sum, entry) => sum + entry.reference_seconds, 0);
  const quantities = entry => table([{title: 'Quantity', plain: true}, {title: 'Least', number: true}, {title: 'Median', number: true},
    {title: 'Most', number: true}], Object.entries(entry.quantities).map(([name, [least, median, most]]) =>
    [quantityText(name), significant(least, 4), significant(median, 4), significant(most, 4)]));
  section('machine', 'The machine meanwhile', 'A fixed mix of kernels is timed before and after each trial; what changes between '
    + 'the two is the machine. Clocks, heat and load are looked at once a second.',
    gauged.length === 0 ? null : table([{title: 'Submission', plain: true}, {title: 'Workload', plain: true},
      {title: 'Trials', number: true}, {title: 'Drifted', number: true}, {title: 'Most drift', number: true},
      {title: 'of', plain: true}],
      gauged.map(({submission, workload, gauged: count, drifted, most_drift: share, most_drift_kernel: kernel}) => [
        submissionCell(submission), workload, String(count),
        element('span', {className: drifted > 0 ? 'warn' : 'good'}, String(drifted)), percent(share), kernel])),
    ...data.machine.filter(entry => Object.keys(entry.quantities).length > 0).map(entry => element('details', {},
      element('summary', {}, `${entry.submission} on ${entry.workload}`
        + (entry.throttle_reasons.length ? `: the GPU was throttled (${entry.throttle_reasons.join(', ')})` : '')),
      quantities(entry))),
    caption(gauged.length === 0 ? 'The rules of these trials ask for no reference kernels.'
      : `Drifted: by more than the rules allow. The kernels took ${duration(spent)} in all, off the clock.`, 'machine.csv'));
};

// Where the host waited for the device: only of trials that were audited (--audit-sync).
const hookText = hook => hook === 'workload' ? 'workload (does not count)' : hook;
const hostWaitPlaces = ({places, steps}) => table(
  [{title: 'Hook', plain: true}, {title: 'Operation', plain: true}, {title: 'Per step', number: true},
    {title: 'ms per step', number: true}, {title: 'Called from, innermost first', wide: true}],
  places.map(({hook, operation, count, seconds: lost, stack}) => [hookText(hook), operation,
    significant(count / Math.max(steps, 1), 3), significant(1000 * toNumber(lost) / Math.max(steps, 1), 3),
    element('details', {}, element('summary', {}, stack.split('\n').find(line => !line.startsWith('at::')) || stack),
      ...stack.split('\n').map(line => element('div', {}, element('code', {}, line))))]));

const showHostWaits = () => {
  if (data.host_waits.length === 0) return;
  const methods = new Set(data.host_waits.map(({method}) => method));
  section('sync', 'Waits for the device', 'Where a submission’s own code made the host wait for the device in its timed hooks. '
    + 'Waits inside the model are listed and do not count.',
    table([{title: 'Submission', plain: true}, {title: 'Workload', plain: true}, {title: 'Host waits', plain: true},
      {title: 'Trials', number: true}, {title: 'Steps', number: true}],
      data.host_waits.map(({submission, workload, verdict, sync_free: isFree, trials: count, steps}) => [
        submissionCell(submission), workload, element('span', {className: isFree ? 'good' : 'warn'}, verdict), String(count),
        steps.toLocaleString('en')])),
    ...data.host_waits.filter(({places}) => places.length > 0).map(entry => element('details', {},
      element('summary', {}, `${entry.submission} on ${entry.workload}: ${plural(entry.places.length, 'place')}`),
      hostWaitPlaces(entry))),
    caption(methods.has('tensor operations') ? 'Told by tensor operations: what would wait on a GPU, on a machine without one.'
      : 'Told by the calls of CUDA.', 'host_waits.csv'));
};

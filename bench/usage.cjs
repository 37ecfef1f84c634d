/**
 * Preloaded into every Node process that is measured (`--require`): what it has used, as one line of JSON on descriptor 3 when it
 * exits. VmHWM and not `maxRSS`, because that one begins with the memory of the process that spawned this one.
 */
const { readFileSync, writeSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  let peakKiB = maxRSS;
  try {
    peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? maxRSS);
  } catch {
    // Not Linux: the larger figure has to do.
  }
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakKiB }));
});

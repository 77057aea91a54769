import { stepBytes, usualStepMemory } from '../../src/core/training/microBatches.ts';
import { configOfLink } from '../../src/core/training/settingsLink.ts';
import { startProblem } from '../../src/core/training/startProblem.ts';
import { settingsOf } from '../../src/core/training/settingsSchema.ts';
import { presets } from '../../src/core/training/config.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

const MAX_MS = 500;
const VALUES = [
  '0',
  '1',
  '-1',
  '3',
  '3,000',
  '1e3',
  '1e308',
  '-1e308',
  'NaN',
  'Infinity',
  '0x10',
  '',
  ' ',
  'true',
  'joint',
  '64',
  '4096',
  '100000',
  '99999999999',
  '1.5',
  '%00',
  '<script>',
  '__proto__',
  'constructor',
  '💧',
  'a'.repeat(10_000),
];

/**
 * Settings links with values that nobody would write, `count` of them: each becomes settings that are sound, a problem in words, or
 * networks that there is no room for; nothing is thrown, nothing takes half a second.
 */
export function checkLinks(count: number, seed: number): TrustRow[] {
  const random = randomFromSeed(seed);
  const keys = [...settingsOf(presets.quick).map(({ key }) => key), 'preset', '__proto__', 'constructor', 'unknown'];
  const outcomes: string[] = [];
  const faults: string[] = [];
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const link = randomLink(random, keys);
    const started = performance.now();
    try {
      outcomes.push(outcomeOf(link));
      if (outcomes.at(-1) === 'beyond memory')
        faults.push(`link ${i} starts beyond memory: ${JSON.stringify(link).slice(0, 300)}`);
    } catch (error) {
      faults.push(`link ${i} ended in ${String(error)}: ${JSON.stringify(link).slice(0, 300)}`);
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  if (slowest > MAX_MS) faults.push(`the slowest took ${Math.round(slowest)} ms`);
  const outcome = `${countsOf(outcomes)}; slowest ${Math.round(slowest)} ms`;
  return [{ check: 'links', tried: `${count.toLocaleString('en')} with odd values`, outcome, faults }];
}

function randomLink(random: Random, keys: readonly string[]): Record<string, string> {
  const link = new URLSearchParams();
  for (let n = 1 + random.below(6); n > 0; n--)
    link.set(keys[random.below(keys.length)]!, VALUES[random.below(VALUES.length)]!);
  return Object.fromEntries(link);
}

function outcomeOf(link: Record<string, string>): string {
  const config = configOfLink(link);
  if (startProblem(config, {}, undefined, {}) !== null) return 'told why not';
  return stepBytes(config, config.run.batch) > 2 * usualStepMemory.bytes ? 'beyond memory' : 'sound';
}

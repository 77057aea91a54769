import { expect, it } from 'vitest';
import { createProgress, duration } from './progress.ts';

it('writes over one line on a terminal and keeps what is said', () => {
  const written: string[] = [];
  let time = 0;
  const progress = createProgress({ write: (text) => written.push(text), isTTY: true, columns: 80 }, () => time);
  progress.update(0, 10, 'a');
  time = 1000;
  progress.update(1, 10, 'b');
  progress.say('kept');
  progress.end();
  expect(written).toEqual(['0/10 · 0 % · a', '\r\u001B[K', '1/10 · 10 % · b · 9 s left', '\r\u001B[K', 'kept\n']);
});

it('writes plain lines now and then elsewhere, and always the last', () => {
  const written: string[] = [];
  let time = 0;
  const progress = createProgress({ write: (text) => written.push(text) }, () => time);
  for (let step = 100; step <= 200; step++, time += 1000) progress.update(step, 200, '');
  expect(written[0]).toBe('100/200 · 50 %\n');
  expect(written[1]).toBe('115/200 · 57 % · 1 min 25 s left\n');
  expect(written.at(-1)).toBe('200/200 · 100 %\n');
  expect(written).toHaveLength(8);
});

it('says durations shortly', () => {
  expect([duration(400), duration(59_400), duration(750_000), duration(11_100_000)]).toEqual([
    '0 s',
    '59 s',
    '12 min 30 s',
    '3 h 05 min',
  ]);
});

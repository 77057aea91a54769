import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventsOf } from './runLog.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrichor-log-'));
const write = (text: string): void => writeFileSync(join(folder, 'log.jsonl'), text);

it('reads a log whose last line a killed run left half written', async () => {
  expect(await eventsOf(folder), 'no log').toEqual([]);
  write('{"type":"stepped"}\n{"type":"stopped"}\n{"type":"val');
  expect((await eventsOf(folder)).map(({ type }) => type)).toEqual(['stepped', 'stopped']);
  write('{"type":"stepped"}\n');
  expect(await eventsOf(folder)).toHaveLength(1);
});

it('names the line of a log that is damaged in its middle, and what to do', async () => {
  write('{"type":"stepped"}\n{"ty\n{"type":"stopped"}\n');
  await expect(eventsOf(folder)).rejects.toThrow(/log\.jsonl, line 2 cannot be read\. Take the line out/);
});

import { expect, it } from 'vitest';
import { shareSender } from './shareSender.ts';

const root = 'https://rain.example/app/';

it.each([
  ['the page itself', 'https://rain.example/app/#/derain', 'own'],
  ['the system, which names nobody', '', 'unknown'],
  ['another site', 'https://elsewhere.example/form', 'foreign'],
  ['another port of the same host', 'https://rain.example:8443/', 'foreign'],
  ['a text that is no address', 'nobody', 'foreign'],
] as const)('tells %s', (_, referrer, sender) => {
  expect(shareSender({ referrer }, root)).toBe(sender);
});

import { errorSentences } from '../../shared/errors.ts';
import type { Refusal } from './request-guard.ts';

const what: Record<Refusal, string> = {
  method: 'This address only answers to GET.',
  host: 'This console answers only to the address that it printed at its start.',
  origin: 'Another page tried to use this console.',
  session: 'This browser has no session with the console, or its address was used already.',
};

/** The text of a refused request: what happened and what to do. */
export function refusalText(refusal: Refusal): string {
  const { meaning, next } = errorSentences['session.refused'];
  return `${what[refusal]}\n${meaning}\n${next}\n`;
}

/**
 * The page that a redeemed token answers with. It moves on by itself: a navigation that starts from
 * here carries the strict cookie also when the first one came from another place (a mail, a file).
 */
export const openingPage = [
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>IguanaX HA Console</title>',
  '<meta http-equiv="refresh" content="0; url=/"></head><body><p>The console opens.</p></body></html>',
].join('\n');

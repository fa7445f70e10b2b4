import { errorSentences } from '../../shared/error-sentences.ts';
import type { Refusal } from './request-guard.ts';

const what: Record<Refusal, string> = {
  method: 'This address only answers to GET.',
  host: 'This console answers only to the address that it printed at its start.',
  origin: 'Another page tried to use this console.',
  session: 'This address was used already or has expired, or this browser has no session with the console.',
};

/** The text of a refused request: what happened and what to do. */
export function refusalText(refusal: Refusal): string {
  const { meaning, next } = errorSentences['session.refused'];
  return `${what[refusal]}\n${meaning}\n${next}\n`;
}

/**
 * The page between an opening and the console itself, moving on to `next` by itself. A navigation that
 * starts from here carries the strict cookie also when the first one came from another place, such as a
 * mail. Its icon is an empty one of its own: without it the browser asks for a file that is not there.
 */
export function openingPage(next: { readonly path: string; readonly afterSeconds: number }): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>IguanaX HA Console</title>',
    '<link rel="icon" href="data:,">',
    `<meta http-equiv="refresh" content="${next.afterSeconds}; url=${next.path}"></head>`,
    '<body><p>The console opens. If this stays, press Enter in its terminal and open the address that it prints.</p></body></html>',
  ].join('\n');
}

import { connect } from 'node:net';
import * as z from 'zod/mini';

const UnitList = z.object({
  ok: z.literal(true),
  units: z.array(z.object({ unit: z.string(), state: z.string(), pid: z.nullable(z.int()) })),
});
export type ListedUnit = z.infer<typeof UnitList>['units'][number];

/** Asks a demo server for its units; `undefined` when it does not answer in time. */
export function listUnits(socketPath: string, limitMs: number): Promise<readonly ListedUnit[] | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let text = '';
    const end = (units: readonly ListedUnit[] | undefined) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(units);
    };
    const limit = setTimeout(() => end(undefined), limitMs);
    socket.setEncoding('utf8').on('error', () => end(undefined));
    socket.on('close', () => end(undefined));
    socket.on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) end(parseList(text));
    });
    socket.write('{"op":"list"}\n');
  });
}

function parseList(text: string): readonly ListedUnit[] | undefined {
  try {
    const parsed = UnitList.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.units : undefined;
  } catch {
    return undefined;
  }
}

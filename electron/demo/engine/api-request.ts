import type { IncomingMessage } from 'node:http';
import { fail, succeed, type Result } from '../../../shared/result.ts';

const limitBytes = 256 * 1024;

/** Parameters of a call, wherever they came from. */
export type ApiParameters = Readonly<Record<string, unknown>>;

/**
 * Reads the parameters of a call: the query, form fields, JSON in the field `data`, or a JSON body.
 * The failure is a sentence.
 */
export async function readParameters(
  request: IncomingMessage,
  url: URL,
): Promise<Result<ApiParameters, string>> {
  const body = await readBody(request);
  if (!body.ok) return body;
  try {
    const text = body.value.trim();
    const fields = text.startsWith('{')
      ? (JSON.parse(text) as Record<string, unknown>)
      : Object.fromEntries(new URLSearchParams(text));
    const query = Object.fromEntries(url.searchParams);
    const packed = [query['data'], fields['data']].map(unpack);
    return succeed(Object.assign({}, query, fields, ...packed) as ApiParameters);
  } catch {
    return fail('The parameters are not valid JSON.');
  }
}

/** `components`: one name, a list, or a list as JSON text. */
export function componentsOf(parameters: ApiParameters): string[] {
  const raw = parameters['components'];
  const value = typeof raw === 'string' && raw.startsWith('[') ? parsedOr(raw, []) : raw;
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function textOf(parameters: ApiParameters, name: string): string {
  const value = parameters[name];
  return typeof value === 'string' ? value : '';
}

export function flagOf(parameters: ApiParameters, name: string): boolean {
  return parameters[name] === true || parameters[name] === 'true';
}

function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function unpack(data: unknown): object {
  const value: unknown = typeof data === 'string' ? JSON.parse(data) : data;
  return typeof value === 'object' && value !== null ? value : {};
}

async function readBody(request: IncomingMessage): Promise<Result<string, string>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limitBytes) return fail('The request is too large.');
    parts.push(part);
  }
  return succeed(Buffer.concat(parts).toString('utf8'));
}

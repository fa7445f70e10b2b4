import type { AdvisedInterface } from './answers.ts';

/**
 * A list of interfaces as a person types or pastes it: one a line, fields parted by `;` or tab, the names that it must
 * stay in order with parted by `,`. A name with such signs stands in double quotes. Pure.
 */
export function interfacesFromLines(text: string): AdvisedInterface[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', rate = '', ...together] = fieldsOf(line, /[;\t]/);
      const others = together.flatMap((part) => fieldsOf(part, /,/));
      return {
        name: unquoted(name),
        perSecond: rateOf(rate),
        together: others.map(unquoted).filter((other) => other !== ''),
      };
    });
}

/** The same list as text; reading it again gives the same list. Pure. */
export function linesFromInterfaces(interfaces: readonly AdvisedInterface[]): string {
  return interfaces
    .map(({ name, perSecond, together }) => {
      const rate = perSecond === null ? '' : rateText(perSecond);
      const fields = [inQuotes(name), rate, together.map(inQuotes).join(', ')];
      while (fields.length > 1 && fields.at(-1) === '') fields.pop();
      return fields.join('; ');
    })
    .join('\n');
}

/** What stands for a rate that cannot be read: no number, or one that is read differently in two countries. */
export const unreadableRate = -1;

/** Thousands in groups, by one sign throughout, and what follows them. */
const grouped = /^(\d{1,3})([ \u00a0\u202f'’.,])(\d{3}(?:\2\d{3})*)([.,]\d+)?$/;

/** Nothing is no rate. `1,200` is a thousand in one country and little more than one in another: it is not guessed. */
function rateOf(text: string): number | null {
  const plain = text.trim();
  if (plain === '' || plain === '?') return null;
  const [whole, first, sign, rest, fraction = ''] = grouped.exec(plain) ?? [];
  if (whole === undefined || first === '0') {
    return /^\d+([.,]\d+)?$/.test(plain) ? Number(plain.replace(',', '.')) : unreadableRate;
  }
  const mayBePart = /[.,]/.test(sign!) && rest!.length === 3 && fraction === '';
  if (mayBePart || fraction.startsWith(sign!)) return unreadableRate;
  return Number(`${first}${rest!.replaceAll(sign!, '')}${fraction.replace(',', '.')}`);
}

/** So that it is read again as what it is. */
function rateText(perSecond: number): string {
  const text = String(perSecond);
  return grouped.test(text) ? `${text}0` : text;
}

/** Parts of a text between separators that stand outside quotes, still with their quotes. */
function fieldsOf(text: string, separator: RegExp): string[] {
  const fields = [''];
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    if (!quoted && separator.test(sign)) fields.push('');
    else fields[fields.length - 1] += sign;
  }
  return fields;
}

function unquoted(field: string): string {
  const plain = field.trim();
  return /^".*"$/.test(plain) && plain.length > 1 ? plain.slice(1, -1).replaceAll('""', '"') : plain;
}

function inQuotes(name: string): string {
  return /[;\t,"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

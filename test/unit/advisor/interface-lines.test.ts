import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interfacesFromLines, linesFromInterfaces } from '../../../shared/advisor/interface-lines.ts';

const name = fc
  .string({ minLength: 1, maxLength: 20 })
  .map((text) => text.replaceAll(/[\r\n\t]/g, '').trim())
  .filter((text) => text !== '');

test('reads back every list that it has written', () => {
  const list = fc.array(
    fc.record({
      name,
      perSecond: fc.option(fc.integer({ min: 0, max: 500 }), { nil: null }),
      together: fc.array(name, { maxLength: 3 }),
    }),
  );
  fc.assert(
    fc.property(list, (interfaces) => {
      expect(interfacesFromLines(linesFromInterfaces(interfaces))).toEqual(interfaces);
    }),
  );
});

test('reads what is pasted from a table, with commas in figures, and tells nonsense from nothing', () => {
  expect(interfacesFromLines('ADT in\t2,5\tORM, ORU\r\n\r\nORM\t?\nORU; x')).toEqual([
    { name: 'ADT in', perSecond: 2.5, together: ['ORM', 'ORU'] },
    { name: 'ORM', perSecond: null, together: [] },
    { name: 'ORU', perSecond: -1, together: [] },
  ]);
});

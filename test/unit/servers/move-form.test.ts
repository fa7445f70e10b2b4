import { describe, expect, it } from 'vitest';
import { emptyMoveForm, moveFormLack, readEndpoints } from '../../../shared/servers/move-form.ts';

describe('endpoints as a person types them', () => {
  it('are addresses with ports and, where a certificate has one, a name', () => {
    expect(readEndpoints('10.20.9.5:2379, 10.20.9.6 [2001:db8::7]:2380=etcd3.example')).toEqual([
      { address: '10.20.9.5', port: 2379, certificateName: '' },
      { address: '10.20.9.6', port: 2379, certificateName: '' },
      { address: '2001:db8::7', port: 2380, certificateName: 'etcd3.example' },
    ]);
  });

  it.each(['', ' , ', 'etcd.example:2379', '10.20.9.5:port', '10.20.9.5:2379=', '=name'])(
    'are not %j',
    (text) => expect(readEndpoints(text)).toBeNull(),
  );
});

describe('a form of the next lease store', () => {
  it('says what it lacks, one after the other', () => {
    const form = emptyMoveForm('clinic');
    expect(moveFormLack(form)).toBe('no server is chosen yet');
    expect(moveFormLack({ ...form, server: 'lb', port: null })).toBe('the port is not given yet');
    expect(moveFormLack({ ...form, server: 'lb' })).toBeNull();
    expect(moveFormLack({ ...form, kind: 'machine' })).toContain('name and address');
    expect(moveFormLack({ ...form, kind: 'etcd', endpoints: 'nonsense' })).toContain('an endpoint is not');
    expect(moveFormLack({ ...form, kind: 'etcd', endpoints: '10.20.9.5:2379' })).toContain('a file');
  });
});

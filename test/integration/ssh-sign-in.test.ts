import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemTime } from '../../electron/host/host-time.ts';
import type { AnswerQuestion, SshPlace, SshQuestion } from '../../electron/host/ssh/server-connection.ts';
import { createSessionPool } from '../../electron/host/ssh/session-pool.ts';
import { openSession } from '../../electron/host/ssh/ssh-session.ts';
import {
  ed25519,
  startSshTestServer,
  type SshTestServer,
  type SshTestServerOptions,
} from './ssh/ssh-test-server.ts';

/**
 * Goal: a server may ask whatever it likes, and a person answers it; a wrong or missing answer is told.
 * Method: an SSH server on loopback that asks in rounds.
 */
const pool = createSessionPool({ open: openSession, time: systemTime() });
const servers: SshTestServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function signIn(options: SshTestServerOptions, place: Partial<SshPlace>) {
  const server = await startSshTestServer({ password: 'secret', ...options });
  servers.push(server);
  const leased = await pool.lease({
    name: 'north',
    address: '127.0.0.1',
    port: server.port,
    user: 'root',
    pinned: [{ fingerprint: server.hostKey.fingerprint }],
    connectTimeoutMs: 5_000,
    ...place,
  });
  if (leased.ok) leased.value.release();
  return { server, error: leased.ok ? undefined : leased.error };
}

const password = { prompts: [{ prompt: 'Password: ', echo: false }], answers: ['secret'] };
const code = {
  instructions: 'Token of \u001b[31mroot\u001b[0m',
  prompts: [{ prompt: 'Verification code:', echo: true }],
  answers: ['123456'],
};

function answering(...answers: (readonly string[] | undefined)[]) {
  const asked: SshQuestion[] = [];
  const answer: AnswerQuestion = async (question) => {
    asked.push(question);
    return answers.shift();
  };
  return { asked, answer };
}

describe('a server that asks', () => {
  it('for the password only gets it without bothering anybody', async () => {
    const { asked, answer } = answering();
    const { error } = await signIn({ questions: [password] }, { password: 'secret', answer });
    expect([error, asked]).toEqual([undefined, []]);
    expect((await signIn({ questions: [password] }, { password: 'secret' })).error).toBeUndefined();
  });

  it('for a second factor after the password gets it from a person, shown without control characters', async () => {
    const { asked, answer } = answering(['123456']);
    const { error } = await signIn({ questions: [password, code] }, { password: 'secret', answer });
    expect(error).toBeUndefined();
    expect(asked).toEqual([
      {
        server: 'north',
        user: 'root',
        instructions: 'Sign-in Token of root',
        prompts: [{ text: 'Verification code:', hidden: false }],
      },
    ]);
  });

  it('for a second factor after the key gets it too', async () => {
    const pair = ed25519();
    const { asked, answer } = answering(['123456']);
    const { server, error } = await signIn(
      { publicKeys: [pair.public], questions: [code], keyThenQuestions: true },
      { privateKey: { text: pair.private }, answer },
    );
    expect([error, asked.length]).toEqual([undefined, 1]);
    expect(server.tried).toEqual(['none', 'publickey', 'publickey', 'keyboard-interactive']);
  });

  it('for a second factor that nobody can give is told what it asked, and gets nothing', async () => {
    const { error } = await signIn({ questions: [password, code] }, { password: 'secret' });
    expect(error?.code).toBe('ssh.authentication');
    expect(error?.details?.join()).toContain('asked, and nobody answered: “Verification code:”');
    expect(error?.next).toContain('--ask');
  });

  it('and gets a wrong answer lets nobody in', async () => {
    const { answer } = answering(['000000']);
    const { server, error } = await signIn({ questions: [password, code] }, { password: 'secret', answer });
    expect(error?.code).toBe('ssh.authentication');
    expect(server.tried).toEqual(['none', 'keyboard-interactive']);
  });

  it('gets no answer from a person who gives too many or none', async () => {
    for (const given of [['1', '2'], undefined]) {
      const { answer } = answering(given);
      const { error } = await signIn({ questions: [code] }, { answer });
      expect(error?.details?.join()).toContain('nobody answered');
    }
  });

  it('may wait for a person longer than a connection may take', async () => {
    const connectTimeoutMs = 5_000;
    const answer: AnswerQuestion = async () => {
      const askedMs = performance.now();
      await vi.waitFor(
        () => expect(performance.now() - askedMs).toBeGreaterThan(connectTimeoutMs + 100),
        15_000,
      );
      return ['123456'];
    };
    const { error } = await signIn({ questions: [code] }, { answer, connectTimeoutMs });
    expect(error).toBeUndefined();
  });
});

describe('a password that has expired', () => {
  it('is told as such, by whatever way the server demands a new one', async () => {
    const bare = await signIn({ passwordExpired: true }, { password: 'secret' });
    const change = { prompts: [{ prompt: 'New password: ', echo: false }], answers: ['x'] };
    const asked = await signIn({ questions: [password, change] }, { password: 'secret' });
    expect([bare.error?.code, asked.error?.code]).toEqual(['ssh.password-expired', 'ssh.password-expired']);
  });
});

describe('a refused password', () => {
  it('is sent once only', async () => {
    const { server, error } = await signIn({}, { password: 'wrong' });
    expect([error?.code, server.tried]).toEqual(['ssh.authentication', ['none', 'password']]);
  });
});

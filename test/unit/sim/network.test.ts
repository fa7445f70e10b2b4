import { describe, expect, it } from 'vitest';
import type { Dialled } from '../../../agent/api/dial.ts';
import type { Identity } from '../../../shared/site/identity.ts';
import { Machine } from '../../sim/machine.ts';
import { Network } from '../../sim/network.ts';
import { Program } from '../../sim/program.ts';
import { Random } from '../../sim/random.ts';
import { Schedule } from '../../sim/schedule.ts';

const identity: Identity = { kind: 'member', site: 'sim', cluster: 'WK1', server: 'north' };
const path = '/v1/peer';

/** Two machines, a listener on the second that sends back what it hears, and what the first one hears. */
class Pair {
  readonly schedule = new Schedule();
  readonly network = new Network(this.schedule, new Random(1));
  readonly north = this.machine('north');
  readonly south = this.machine('south');
  readonly third = this.machine('third');
  readonly client = this.program(this.north);
  readonly server = this.program(this.south);
  readonly relay = this.program(this.third);
  readonly heard: string[] = [];
  readonly served: string[] = [];

  constructor() {
    this.network.listen(this.south, 7670, path, {
      program: this.server,
      accept: (socket) =>
        void socket.on('message', (data) => {
          this.served.push(data.toString());
          socket.send(`again ${data.toString()}`);
        }),
    });
    this.network.listen(this.third, 7670, '/v1/relay', { program: this.relay, accept: () => undefined });
  }

  dial(through: boolean): Dialled {
    const machineOf = (id: string) => [this.north, this.south, this.third].find((one) => one.id === id)!;
    const note = (what: string) => () => void this.heard.push(what);
    const relayed = { expected: identity, address: 'third', port: 7670, path: '/v1/relay' };
    return this.network.dialFrom(
      this.client,
      identity,
      machineOf,
    )(
      {
        expected: identity,
        address: 'south',
        port: 7670,
        path,
        limitMs: 1_000,
        ...(through ? { through: relayed } : {}),
      },
      {
        onOpen: note('open'),
        onText: (text) => void this.heard.push(text),
        onError: (error) => void this.heard.push(error.message),
        onClose: note('closed'),
      },
    );
  }

  async pass(ms: number): Promise<void> {
    await this.schedule.pass(this.schedule.nowMs + ms, () => false);
  }

  private machine(id: string): Machine {
    return new Machine(id, this.schedule, new Random(2), 1);
  }

  private program(machine: Machine): Program {
    return new Program({
      name: machine.id,
      machine,
      schedule: this.schedule,
      accident: () => null,
      onBroken: (_program, error) => {
        throw error instanceof Error ? error : new Error(String(error));
      },
      onEnd: (ended) => this.network.programEnded(ended),
      readSpecial: () => null,
      onMemoryChange: () => undefined,
    });
  }
}

async function opened(through = false): Promise<{ pair: Pair; connection: Dialled }> {
  const pair = new Pair();
  const connection = pair.dial(through);
  await pair.pass(50);
  expect(pair.heard).toEqual(['open']);
  return { pair, connection };
}

describe('the network of the simulation', () => {
  it.each([false, true])(
    'carries texts both ways and in their order, through a relay: %s',
    async (through) => {
      const { pair, connection } = await opened(through);
      for (const text of ['1', '2', '3']) connection.send(text);
      await pair.pass(50);
      expect(pair.heard).toEqual(['open', 'again 1', 'again 2', 'again 3']);
    },
  );

  it('delivers after a cut what was sent during it, once and in order', async () => {
    const { pair, connection } = await opened();
    pair.network.way('north', 'south').cut = true;
    for (const text of ['1', '2', '3']) connection.send(text);
    await pair.pass(10_000);
    expect(pair.served).toEqual([]);
    expect(pair.network.joined(pair.north, pair.south)).toBe(false);
    pair.network.reconnect('north', 'south');
    await pair.pass(1_000);
    expect([...pair.served].sort()).toEqual(['1', '2', '3']);
  });

  it('cuts one direction and leaves the other one', async () => {
    const { pair, connection } = await opened();
    pair.network.way('south', 'north').cut = true;
    connection.send('1');
    await pair.pass(1_000);
    expect(pair.served).toEqual(['1']);
    expect(pair.heard).toEqual(['open']);
  });

  it('loses, repeats and delays as its way is told to', async () => {
    const { pair, connection } = await opened();
    const way = pair.network.way('north', 'south');
    Object.assign(way, { loss: 1 });
    connection.send('lost');
    Object.assign(way, { loss: 0, twice: 1 });
    connection.send('twice');
    Object.assign(way, { twice: 0, delayMs: 400, jitterMs: 0 });
    connection.send('late');
    await pair.pass(300);
    expect(pair.served).toEqual(['twice', 'twice']);
    await pair.pass(300);
    expect(pair.served).toEqual(['twice', 'twice', 'late']);
  });

  it('lets texts overtake each other only where it is told to', async () => {
    const orderOf = async (reorder: number) => {
      const { pair, connection } = await opened();
      Object.assign(pair.network.way('north', 'south'), { reorder, jitterMs: 200 });
      const sent = Array.from({ length: 20 }, (_, at) => String(at));
      for (const text of sent) connection.send(text);
      await pair.pass(1_000);
      expect([...pair.served].sort()).toEqual([...sent].sort());
      return pair.served.join() === sent.join();
    };
    expect(await orderOf(0)).toBe(true);
    expect(await orderOf(1)).toBe(false);
  });

  it('refuses a connection where nobody listens, and lets one to a dead machine run into its limit', async () => {
    const refusing = new Pair();
    refusing.server.end();
    refusing.dial(false);
    await refusing.pass(50);
    expect(refusing.heard).toEqual(['refused', 'closed']);
    const silent = new Pair();
    silent.south.losePower();
    silent.dial(false);
    await silent.pass(900);
    expect(silent.heard).toEqual([]);
    await silent.pass(200);
    expect(silent.heard).toEqual(['Opening handshake has timed out', 'closed']);
  });

  it('tells the end of a program at the other end, and nothing of a power cut', async () => {
    const ended = await opened();
    ended.pair.server.end();
    await ended.pair.pass(50);
    expect(ended.pair.heard).toEqual(['open', 'closed']);
    const off = await opened();
    off.pair.south.losePower();
    await off.pair.pass(10_000);
    expect(off.pair.heard).toEqual(['open']);
  });

  it('holds back what comes to a frozen program until it thaws', async () => {
    const { pair, connection } = await opened();
    pair.server.freeze(pair.schedule.nowMs + 500);
    connection.send('1');
    await pair.pass(400);
    expect(pair.served).toEqual([]);
    await pair.pass(200);
    expect(pair.heard).toEqual(['open', 'again 1']);
  });
});

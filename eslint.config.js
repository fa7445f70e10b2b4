// Lint rules of the product: style, size limits, and the "one place each" rules of docs/architecture.md.
// Folder borders themselves are in .dependency-cruiser.cjs.
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name every export; a default export has no name to search for.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'No barrel files: import from the file that defines the name.',
};
const noWallClockInCore = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'shared/ takes `now` as an argument.',
};

/** Modules that exactly one place of the product may import: [modules, place, sentence]. */
const onePlaceEach = [
  [
    ['ssh2'],
    'electron/host/ssh/*.ts',
    'ssh2 is wrapped in one folder, where one file makes connections and insists on a host key check.',
  ],
  [['electron'], 'electron/shell/**', 'Only the Electron shell knows Electron; the host runs without it.'],
  [
    ['electron-store'],
    'electron/shell/settings/electron-settings.ts',
    'Settings go through the settings port.',
  ],
  [['conf'], 'electron/host/settings/workstation-settings.ts', 'Settings go through the settings port.'],
  [
    ['electron-log/node'],
    'electron/shell/log-file.ts',
    'Logs go through the host log, which redacts secrets.',
  ],
  [['@peculiar/x509'], 'electron/host/authority/*.ts', 'Certificates are made by the site authority only.'],
  [['node:sqlite'], 'electron/host/history/*.ts', 'The history database has one owner.'],
  [
    ['nodemailer'],
    'agent/notifications/delivery/mail.ts',
    'Mail is sent by a short-lived child process of the agent.',
  ],
];

/** Powerful calls, one file each: [syntax, file, sentence]. */
const onePlaceCalls = [
  [
    "NewExpression[callee.name='Client']",
    'electron/host/ssh/ssh-client.ts',
    'SSH connections are made in one place, which compares the host key.',
  ],
  [
    "MemberExpression[object.name='ipcMain'][property.name=/^(handle|handleOnce|on|once)$/]",
    'electron/shell/answer-calls.ts',
    'Calls from the page are answered in one place, which checks the sender.',
  ],
  [
    "NewExpression[callee.property.name='BrowserWindow'], NewExpression[callee.name='BrowserWindow']",
    'electron/shell/console-window.ts',
    'Windows are made in one place, locked down.',
  ],
  [
    "CallExpression[callee.object.name='webContents'][callee.property.name='send']",
    'electron/shell/send-events.ts',
    'Events to the page are sent in one place.',
  ],
];

/** Modules that a folder never imports, however it is placed. */
const folderBans = [
  {
    folder: 'agent/{storage,probes}/**',
    names: ['fs', 'node:fs', 'fs/promises', 'node:fs/promises'],
    message:
      'A hung share stops every fs call of the process: touch it only from a child process (storage.sh).',
  },
];

/** In the agent the way to the shared directory is known in few places, so that no other code can touch it. */
const sharedPlaceBan = [
  [
    "MemberExpression[object.property.name='storage'][property.name='directory']",
    "MemberExpression[object.name='storage'][property.name='directory']",
    "VariableDeclarator[init.name='storage'] > ObjectPattern > Property[key.name='directory']",
    "VariableDeclarator[init.property.name='storage'] > ObjectPattern > Property[key.name='directory']",
    "MemberExpression[property.name='workingDirectory']",
    "ObjectPattern > Property[key.name='workingDirectory']",
  ].join(', '),
].map((selector) => ({
  selector,
  message:
    'A hung share stops every fs call of the process: it is touched in child processes of agent/storage only.',
}));

function importRule(names, message) {
  return names.map((name) => ({ name, message }));
}

const everyBan = onePlaceEach.flatMap(([names, , message]) => importRule(names, message));

/** An override that lifts the ban of one row inside its place and keeps all others. */
const onePlaceOverrides = onePlaceEach.map(([names, place]) => ({
  files: [place],
  rules: {
    'no-restricted-imports': ['error', { paths: everyBan.filter((ban) => !names.includes(ban.name)) }],
  },
}));

const callBan = ([selector, , message]) => ({ selector, message });

/** The syntax rules of electron/: all one-place calls, and per place all but its own. */
const onePlaceCallOverrides = [undefined, ...onePlaceCalls].map((own) => ({
  files: [own ? own[1] : 'electron/**/*.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      noDefaultExport,
      noBarrel,
      ...onePlaceCalls.filter((row) => row !== own).map(callBan),
    ],
  },
}));

const folderBanOverrides = folderBans.map(({ folder, names, message }) => ({
  files: [folder],
  rules: { 'no-restricted-imports': ['error', { paths: [...everyBan, ...importRule(names, message)] }] },
}));

const everywhere = {
  'array-callback-return': 'error',
  complexity: ['error', 20],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'max-depth': ['error', 3],
  'max-lines': ['error', 400],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'no-alert': 'error',
  'no-cond-assign': 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
  'no-else-return': 'error',
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-irregular-whitespace': 'error',
  'no-new-func': 'error',
  'no-param-reassign': 'error',
  'no-self-compare': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-assignment': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'no-restricted-imports': ['error', { paths: everyBan }],
  'no-restricted-syntax': ['error', noDefaultExport, noBarrel],
};

const typed = {
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/no-empty-function': 'off',
  // Indexed access is unchecked-safe (noUncheckedIndexedAccess), so `!` is how a proven index is written.
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  // Objects with methods are closures here, not classes: taking a method out of one is safe.
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const sharedCore = {
  files: ['shared/**/*.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...[
        'setTimeout',
        'setInterval',
        'setImmediate',
        'performance',
        'crypto',
        'process',
        'fetch',
        'window',
      ].map((name) => ({ name, message: 'shared/ is pure: time, chance and effects come in as arguments.' })),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'shared/ takes `now` as an argument.' },
      { object: 'Math', property: 'random', message: 'shared/ takes its chance as an argument.' },
    ],
    'no-restricted-syntax': ['error', noDefaultExport, noBarrel, noWallClockInCore],
  },
};

export default defineConfig(
  globalIgnores(['node_modules', 'dist', 'release', 'coverage', 'test-results', 'docs/examples']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs,cjs,js}'],
    rules: everywhere,
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: typed,
  },
  {
    files: ['renderer/**/*.{ts,tsx}', 'test/page/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  // A component is one function of markup; it is split by meaning, not by a line count made for logic.
  { files: ['**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true }] } },
  sharedCore,
  ...onePlaceOverrides,
  ...onePlaceCallOverrides,
  ...folderBanOverrides,
  {
    files: ['agent/**/*.ts'],
    // agent/probes only compares the path with the names of open files; the snapshot only shows it; a support bundle
    // looks through child programs with a limit.
    ignores: [
      'agent/storage/**',
      'agent/probes/**',
      'agent/member/member-snapshot-builder.ts',
      'agent/support/storage-part.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noBarrel, ...sharedPlaceBan] },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // describe() blocks hold many tests; tests may use every module the product wraps.
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['eslint.config.js', '**/vite.config.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { 'no-restricted-syntax': ['error', noBarrel] },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    rules: { '@typescript-eslint/no-unused-vars': 'off', 'no-unused-vars': 'error' },
  },
);

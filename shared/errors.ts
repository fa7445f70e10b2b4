import * as z from 'zod/mini';

/**
 * Every failure a person can meet: what happened is said by the raiser (`message`); the meaning for
 * messages and the next step are fixed here, once per code. Adding a code without them does not compile.
 */
export const errorSentences = {
  'site.missing': {
    meaning: 'Nothing was changed. Running servers are not affected.',
    next: 'Check the path, or set up a site first.',
  },
  'site.damaged': {
    meaning: 'The file was not used and not changed. Running servers are not affected.',
    next: 'Restore the file from its previous copy, or export it again from a workstation that has the site.',
  },
  'site.unsafe': {
    meaning: 'Nothing was changed. The configuration could lead to two Active servers or to lost messages.',
    next: 'Correct every line listed, then try again.',
  },
  'history.unavailable': {
    meaning: 'Only the history of this workstation is concerned. Servers and messages are not affected.',
    next: 'Make room on the disk and let this user write to the profile folder, then open the console again.',
  },
  'server.unreachable': {
    meaning:
      'The console cannot see this server. Its agents go on by themselves and messages are not affected by this.',
    next: 'Check address, power, cable and firewall, then try again.',
  },
  'server.timeout': {
    meaning: 'The server took too long to answer. What was asked may or may not have happened.',
    next: 'Look at the state shown, and try again when it is known.',
  },
  'ssh.authentication': {
    meaning: 'Nothing was changed on the server.',
    next: 'Check the user name and the key or password.',
  },
  'ssh.host-key-changed': {
    meaning: 'The server presents another key than the pinned one. Nothing was sent to it.',
    next: 'Ask the owner of the server whether it was reinstalled. Only then pin the new key.',
  },
  'ssh.host-key-unknown': {
    meaning: 'The key of this server was never confirmed. Nothing was sent to it.',
    next: 'Compare the fingerprint with the one on the server (ssh-keygen -lf) and pin it.',
  },
  'ssh.no-privilege': {
    meaning: 'Nothing was changed on the server.',
    next: 'Use root, or allow this user to run sudo, then try again.',
  },
  'ssh.command-failed': {
    meaning: 'The step did not finish. What was done before it is recorded, and running it again continues.',
    next: 'Read the output below, remove the cause and run it again.',
  },
  'install.port-taken': {
    meaning: 'Nothing was installed on this server. Another program uses the port of the agent.',
    next: 'Stop that program or choose another port for this member.',
  },
  'install.engine-missing': {
    meaning: 'Nothing was installed on this server. Without the engine it could not take over.',
    next: 'Install the engine there, or correct the name of its service.',
  },
  'install.engine-running': {
    meaning: 'Nothing was installed on this server. The engine goes on working, without protection.',
    next: 'Stop the engine on both servers in a maintenance window, then install again.',
  },
  'install.not-verified': {
    meaning: 'Everything is installed and guarded, but the cluster did not show exactly one Active in time.',
    next: 'Read what each member says below, remove the cause and run the installation again.',
  },
  'install.unsupported': {
    meaning: 'Nothing was installed on this server. It lacks something that protection rests on.',
    next: 'See the requirement named, upgrade the server, then try again.',
  },
  'install.bundle-damaged': {
    meaning: 'Nothing was replaced on the server.',
    next: 'Build or download the console again, then repeat.',
  },
  'install.guard-test-failed': {
    meaning:
      'The cluster was not armed: a refusal or a kill on the real service did not work, so two engines could not be excluded.',
    next: 'Read the evidence below. Do not rely on automatic failover for this server until it passes.',
  },
  'install.foreign': {
    meaning: 'Nothing was changed. The server already belongs to another site.',
    next: 'Remove the other agent from there first, or use the right site file.',
  },
  'agent.unreachable': {
    meaning: 'The agent does not answer. A server that works goes on protecting itself.',
    next: 'See whether the server is up and its agent runs (systemctl status).',
  },
  'agent.foreign': {
    meaning: 'The certificate belongs to another site or server. Nothing was sent.',
    next: 'Check the address. If the server was reinstalled, install its agent again.',
  },
  'agent.nonsense': {
    meaning: 'The answer could not be understood and was not used.',
    next: 'Compare the versions of console and agent, and collect a support bundle.',
  },
  'agent.version': {
    meaning: 'Console and agent have no version in common. Nothing was sent.',
    next: 'Upgrade the older of the two.',
  },
  'command.refused': {
    meaning: 'Nothing was changed.',
    next: 'Clear every blocker listed, then try again.',
  },
  'command.not-active': {
    meaning: 'Nothing was changed. Only the Active member can hand its cluster over.',
    next: 'Send the command to the Active member named in the answer.',
  },
  'command.revision': {
    meaning: 'Nothing was changed. The state had changed since the command was prepared.',
    next: 'Look at the new state and decide again.',
  },
  'command.forbidden': {
    meaning: 'Nothing was changed. This certificate may only look.',
    next: 'Ask an administrator of the site for another role.',
  },
  'request.invalid': {
    meaning: 'Nothing was changed. The request was not understood.',
    next: 'See the fields named.',
  },
  'session.refused': {
    meaning: 'Nothing was shown or changed.',
    next: 'Open the console with the address that it printed at its start.',
  },
  'port.taken': {
    meaning: 'The console was not started.',
    next: 'Close the other program, or let the console choose a free port.',
  },
  'demo.failed': {
    meaning: 'The demo site did not start. No real server is involved.',
    next: 'Read the line above, then start again.',
  },
  'demo.only': {
    meaning: 'Nothing was changed. Faults can be injected in the demo site only.',
    next: 'Use a drill on a real site.',
  },
  'runtime.missing': {
    meaning: 'The console cannot open its own window here.',
    next: 'It opens in a browser instead; the address is printed.',
  },
  internal: {
    meaning: 'The console made a mistake. Agents and messages are not affected by it.',
    next: 'Try again; if it stays, collect a support bundle.',
  },
} as const satisfies Record<string, { meaning: string; next: string }>;

export type ErrorCode = keyof typeof errorSentences;
export const errorCodes = Object.keys(errorSentences) as [ErrorCode, ...ErrorCode[]];

/** A failure as it crosses a process border or reaches a person. */
export const ProductError = z.object({
  code: z.enum(errorCodes),
  /** What happened, with the names and numbers of this case. One sentence. */
  message: z.string(),
  /** What it means for messages and servers. */
  meaning: z.string(),
  /** What to do next. */
  next: z.string(),
  /** Evidence: output of a command, broken fields, blockers. */
  details: z.optional(z.array(z.string())),
});
export type ProductError = z.infer<typeof ProductError>;

export function productError(code: ErrorCode, message: string, details?: readonly string[]): ProductError {
  const sentence = errorSentences[code];
  return { code, message, ...sentence, ...(details && details.length > 0 ? { details: [...details] } : {}) };
}

/** The same as text for logs and terminals: one paragraph, then its evidence. */
export function formatProductError(error: ProductError): string {
  const lines = [`${error.message} [${error.code}]`, error.meaning, `Next: ${error.next}`];
  return [...lines, ...(error.details ?? []).map((line) => `  - ${line}`)].join('\n');
}

import * as z from 'zod/mini';

/**
 * Every failure a person can meet: what happened is said by the raiser (`message`); the meaning for
 * messages and the next step are fixed here, once per code. Adding a code without them does not compile.
 */
export const errorSentences = {
  'site.missing': {
    meaning: 'Nothing was changed. Running servers are not affected.',
    next: 'Check the path. How a site is set up is told in docs/installation.md.',
  },
  'site.damaged': {
    meaning: 'The file was not used and not changed. Running servers are not affected.',
    next: 'Restore the file from its previous copy, or export it again from a workstation that has the site.',
  },
  'site.unsafe': {
    meaning: 'Nothing was changed. The configuration could lead to two Active servers or to lost messages.',
    next: 'Correct the site file, and look at it with "npm run site -- check FILE" before you install it.',
  },
  'kit.locked': {
    meaning: 'Nothing was changed. The servers go on by themselves.',
    next: 'Check the passphrase: without the one it was made with nobody can open it. Then use another kit.',
  },
  'kit.no-authority': {
    meaning: 'No kit was made. Only a workstation that holds the key of the authority can make one.',
    next: 'Make the kit on the workstation that the site was installed from.',
  },
  'kit.occupied': {
    meaning: 'Nothing was changed: what the folder holds may be the only copy of a site’s keys.',
    next: 'Choose a folder that does not exist yet with --profile, or open this one with the console.',
  },
  'setup.changed': {
    meaning: 'Your last change was not kept; the other one was. Servers are not affected.',
    next: 'Look at what the page shows now, and make your change again.',
  },
  'setup.not-kept': {
    meaning: 'Your last change is not kept and would be lost with this console. Servers are not affected.',
    next: 'Make room on the disk and let this user write to the settings folder, then change it again.',
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
    next: 'Look at both members (the console, or ixha status), and try again only when the state is known.',
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
  'ssh.host-key-revoked': {
    meaning: 'The owner of this key has declared it lost or stolen. Nothing was sent to the server.',
    next: 'Ask the owner of the server for a new host key, and pin that one.',
  },
  'ssh.passphrase': {
    meaning: 'Nothing was sent to the server: the key could not be opened on this workstation.',
    next: 'Give the right passphrase (passphraseFile), or load the key into the SSH agent.',
  },
  'ssh.password-expired': {
    meaning:
      'The server lets nobody work under this user until the password is changed. Nothing was changed.',
    next: 'Set a new password there by hand (sign in with ssh), and give it to the console.',
  },
  'ssh.algorithms': {
    meaning: 'No connection was made, since it could be read or changed on its way.',
    next: 'Bring the SSH server up to date, or accept its outdated algorithms for this server alone.',
  },
  'ssh.no-forwarding': {
    meaning: 'The SSH server works, and forbids connections through it. Nothing was changed.',
    next: 'Let this user forward TCP there (AllowTcpForwarding and PermitOpen in sshd_config).',
  },
  'ssh.no-privilege': {
    meaning: 'Nothing was changed on the server.',
    next: 'Use root, or allow this user to run sudo, then try again.',
  },
  'ssh.command-failed': {
    meaning: 'The step did not finish. What was done before it is recorded, and running it again continues.',
    next: 'Remove the cause that the output of the command tells, and run the installation again.',
  },
  'install.port-taken': {
    meaning: 'Nothing was installed on this server. Another program uses the port of the agent.',
    next: 'Stop that program (ss -ltnp shows it), or choose another port for this member in the site file.',
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
    next: 'Remove the cause that the members tell (ixha why), and run the installation again.',
  },
  'balancer.not-verified': {
    meaning:
      'Never two engines run, whatever the balancer does. But senders may not reach the Active, now or after a failover.',
    next: 'Compare the balancer with its recipe (npm run site -- balancer FILE), then verify again.',
  },
  'etcd.not-looked-at': {
    meaning: 'Nothing is known of the etcd from this workstation. Nothing was changed there.',
    next: 'Remove the cause and try again. The installation tries it from every member before it configures anything.',
  },
  'install.unsupported': {
    meaning: 'Nothing was installed on this server. It lacks something that protection rests on.',
    next: 'Bring the server to what docs/installation.md asks for, then try again.',
  },
  'install.store-unfit': {
    meaning:
      'Only the program was put on the servers. Nothing of the site was configured or changed, and no engine was touched.',
    next: 'Remove the cause on the etcd, the network or the site file, then install again.',
  },
  'install.bundle-damaged': {
    meaning: 'Nothing was replaced on the server.',
    next: 'Build or download the console again, then repeat.',
  },
  'install.guard-test-failed': {
    meaning:
      'The cluster was not armed: a refusal or a kill on the real service did not work, so two engines could not be excluded.',
    next: 'Do not rely on automatic failover for this server. Remove the cause that the evidence tells, and install again.',
  },
  'install.foreign': {
    meaning: 'Nothing was changed. The server already belongs to another site.',
    next: 'Remove the other agent from there first, or use the right site file.',
  },
  'upgrade.unprotected': {
    meaning: 'Nothing was changed on this server. Its agents and engines go on with the version they have.',
    next: 'Remove the reason, so that the cluster can fail over, and run the upgrade again.',
  },
  'upgrade.rolled-back': {
    meaning: 'The server runs the version before again, and this was proven. No server after it was touched.',
    next: 'Keep the output for whoever supplies the product. The upgrade can be run again at any time.',
  },
  'upgrade.half-done': {
    meaning:
      'The server has both versions, and which of them works is not proven. Running engines are not stopped by that while their lease is renewed.',
    next: 'See what its members say (ixha status, ixha why), then run the upgrade again: it goes on or goes back.',
  },
  'upgrade.refused': {
    meaning: 'Nothing was changed. Agents and engines go on with the version they have.',
    next: 'Correct what the message says, then run the upgrade again.',
  },
  'repair.refused': {
    meaning: 'Nothing was changed. Agents and engines go on as they are.',
    next: 'Correct what the message says, then run it again.',
  },
  'repair.not-whole': {
    meaning: 'What could be mended is mended. No engine was touched.',
    next: 'Remove the cause of what is left, and run the repair again.',
  },
  'support.not-written': {
    meaning: 'There is no bundle. Servers were only looked at; nothing was changed on them.',
    next: 'Choose a new file in a folder with room that this user may write to, and collect again.',
  },
  'agent.unreachable': {
    meaning: 'The agent does not answer. A server that works goes on protecting itself.',
    next: 'See whether the server is up and its agent runs there: systemctl status "ixha-agent@*".',
  },
  'agent.foreign': {
    meaning: 'The certificate belongs to another site or server. Nothing was sent.',
    next: 'Check the address. If the server was reinstalled, install its agent again.',
  },
  'agent.nonsense': {
    meaning: 'The answer could not be understood and was not used.',
    next: 'Bring console and agent to the same version. If they have it, look into journalctl -u "ixha-agent@*" there.',
  },
  'agent.version': {
    meaning: 'Console and agent have no version in common. Nothing was sent.',
    next: 'Upgrade the older of the two.',
  },
  'command.refused': {
    meaning: 'Nothing was changed.',
    next: 'Remove the reason given, then try again. What each member sees and decides is shown by ixha why.',
  },
  'command.not-active': {
    meaning: 'Nothing was changed. Only the Active member can hand its cluster over.',
    next: 'See who is Active now (ixha status) and send the command there. While nobody is, ixha why tells the reason.',
  },
  'command.revision': {
    meaning: 'Nothing was changed. The state had changed since the command was prepared.',
    next: 'Look at the new state and decide again.',
  },
  'command.forbidden': {
    meaning: 'Nothing was changed. This certificate does not allow it.',
    next: 'Ask an administrator of the site for another role.',
  },
  'request.invalid': {
    meaning: 'Nothing was changed. The request was not understood.',
    next: 'Correct what the message says is wrong, then try again. How a command is called is told by its --help.',
  },
  'session.refused': {
    meaning: 'Nothing was shown or changed.',
    next: 'Press Enter in the terminal where the console runs: it prints a new address. Without a terminal, start the console again.',
  },
  'port.taken': {
    meaning: 'The console was not started.',
    next: 'Close the other program, or leave out --port: the console then takes a free one.',
  },
  'demo.failed': {
    meaning: 'The demo site did not start. No real server is involved.',
    next: 'Remove the cause, then start again. A real site can be opened without the demo: npm start -- --profile DIR.',
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
    next: 'Try again. If it stays, start the console again and keep what it wrote in its terminal or log file.',
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

/** @param next the next step of this very case, where it is known better than the one of the code */
export function productError(
  code: ErrorCode,
  message: string,
  details?: readonly string[],
  next?: string,
): ProductError {
  return {
    code,
    message,
    ...errorSentences[code],
    ...(next === undefined ? {} : { next }),
    ...(details && details.length > 0 ? { details: [...details] } : {}),
  };
}

/** The same as text for logs and terminals: one paragraph, then its evidence. */
export function formatProductError(error: ProductError): string {
  const lines = [`${error.message} [${error.code}]`, error.meaning, `Next: ${error.next}`];
  return [...lines, ...(error.details ?? []).map((line) => `  - ${line}`)].join('\n');
}

import { secondPersonSentences } from './second-person/second-person-sentences.ts';
import { rollbackErrorSentences } from './setup/rollback-error-sentences.ts';
import { setupErrorSentences } from './setup/setup-error-sentences.ts';
import { readinessErrorSentences } from './readiness/readiness-error-sentences.ts';
import { historyErrorSentences } from './history/history-error-sentences.ts';

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
  'site.newer': {
    meaning: 'Nothing was changed. What somebody else has installed meanwhile would be lost.',
    next: 'Look at what the servers carry, under “Site document” on the page Servers or with "npm run site -- pull FILE", take it over, make your changes again, and try again.',
  },
  'site.locked': {
    meaning:
      'Nothing was changed from here. Two works on the servers at the same moment could undo each other.',
    next: 'Wait until that work has ended, or ask who does it, then run the command again.',
  },
  'kit.locked': {
    meaning: 'Nothing was changed. The servers go on by themselves.',
    next: 'Check the passphrase: without the one it was made with nobody can open it. Then use another kit.',
  },
  'kit.no-authority': {
    meaning: 'Nothing was changed. It needs a workstation that holds the key of the authority.',
    next: 'Do it on the workstation that the site was installed from, or on one made from its recovery kit.',
  },
  'invitation.refused': {
    meaning: 'No invitation was made, and nothing was changed.',
    next: 'Correct what the message says is wrong, then invite again.',
  },
  'invitation.ended': {
    meaning: 'Nothing was changed. No agent accepts that certificate any more.',
    next: 'Ask an administrator of the site for another invitation.',
  },
  'import.altered': {
    meaning: 'The file was not used, and nothing was changed: what it says cannot be told from a forgery.',
    next: 'Ask the workstation that has the site to export it again, and open that file without changing it.',
  },
  'import.foreign': {
    meaning: 'The file was not used, and nothing was changed. It belongs to another site or installation.',
    next: 'Compare the fingerprint of the authority with a workstation of the site, then ask for the right file.',
  },
  'import.refused': {
    meaning: 'Nothing was changed on this workstation or on any server.',
    next: 'Ask an administrator of the site for an invitation or a recovery kit, and open that with the file.',
  },
  'kit.occupied': {
    meaning: 'Nothing was changed: what the folder holds may be the only copy of a site’s keys.',
    next: 'Choose a folder that does not exist yet with --profile, or open this one with the console.',
  },
  ...setupErrorSentences,
  ...rollbackErrorSentences,
  ...historyErrorSentences,
  'verification.no-move': {
    meaning: 'There is nothing to verify. Servers and messages are not affected.',
    next: 'Bring a silent member back, since its journal may tell more, then look again.',
  },
  'verification.changed': {
    meaning: 'Nothing was signed or judged: what was on your screen is not what is kept now.',
    next: 'Look at what the page shows now, and sign or judge again.',
  },
  'verification.not-kept': {
    meaning: 'Nothing was signed or judged. Servers and messages are not affected.',
    next: 'Make room on the disk and let this user write to the profile folder, then do it again.',
  },
  ...readinessErrorSentences,
  'drill.refused': {
    meaning: 'No drill was begun and nothing was changed. Servers and messages are not affected.',
    next: 'Clear every reason that is told, then begin the drill again.',
  },
  'drill.unconfirmed': {
    meaning: 'No drill was begun and nothing was changed. Servers and messages are not affected.',
    next: 'Read what will happen and let everybody it concerns agree; then type the name, on the command line with --typed-name.',
  },
  'patch.refused': {
    meaning: 'No server was taken out of service or brought back. Servers and messages are not affected.',
    next: 'Clear every reason that is told, then ask again.',
  },
  'drill.not-kept': {
    meaning: 'What the drill found would be lost with this console. The servers go on by themselves.',
    next: 'Make room on the disk and let this user write to the profile folder, then make the drill again.',
  },
  'drill.damaged': {
    meaning: 'These drills are missing in the history. The files stay as they are; servers are not affected.',
    next: 'Bring the files back from a copy of the profile folder, or move them away.',
  },
  'report.not-written': {
    meaning: 'There is no report under that name, also no half one. Nothing else was changed.',
    next: 'Choose a new file in a folder with room that this user may write to.',
  },
  'report.no-browser': {
    meaning: 'No PDF was made. HTML, CSV and JSON hold the same report.',
    next: 'Install Chromium, Chrome or Edge on this workstation, or print the HTML file to a PDF.',
  },
  'report.not-printed': {
    meaning: 'No PDF was made. HTML, CSV and JSON hold the same report.',
    next: 'Try again with room for temporary files, or print the HTML file to a PDF.',
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
  'server.disk-full': {
    meaning:
      'The file was not placed, and no part of it is left. What stood there before stays as it was, and no engine was touched.',
    next: 'Free room on that server (df -h shows where), then run the same again: it goes on where it stopped.',
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
    meaning:
      'Nothing was installed on this server. Another program uses a port that agent, engine or load balancer need there.',
    next: 'Stop that program (ss -ltnp shows it), or choose another port for this member in the site file.',
  },
  'install.engine-missing': {
    meaning: 'Nothing was installed on this server. Without the engine it could not take over.',
    next: 'Install the engine there, or correct the name of its service.',
  },
  'install.engine-running': {
    meaning: 'Nothing was installed on this server. The engine goes on working, without protection.',
    next: 'Choose to observe the site first (in the setup, or "mode": "observe" in the site file) and arm it then, or stop the engine on both servers, then install again.',
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
  'arm.refused': {
    meaning: 'Nothing was changed. Engines and agents go on as they are.',
    next: 'Remove every reason that is told, then try again.',
  },
  'arm.half-done': {
    meaning:
      'Running engines were not stopped by this. What is done on each server is recorded, and nobody fails over before everything is armed.',
    next: 'Remove the cause, and run the same again: it goes on where it stopped.',
  },
  'install.foreign': {
    meaning: 'Nothing was changed. The server already belongs to another site.',
    next: 'Remove the other agent from there first, or use the right site file.',
  },
  'install.leaving': {
    meaning: 'Nothing was changed. Agents, engines and their protection go on as they are.',
    next: 'Do what the message asks for, then install the changed site again.',
  },
  'install.leaver-silent': {
    meaning:
      'Nothing was changed. What lies on that server stays there, and its certificates are good until they are revoked.',
    next: 'Start that server, so that it can be cleaned up. If it is lost for good, state so: it must then stay off, or be installed anew.',
  },
  'install.engines-undecided': {
    meaning: 'Nothing was changed. A running engine of a cluster that leaves would lose its protection.',
    next: 'Choose what shall become of it: left running without protection (--keep-engine), or stopped (--stop-engine).',
  },
  'upgrade.unprotected': {
    meaning: 'No agent was restarted that could not be missed. Agents and engines go on as they are.',
    next: 'Remove the reason, so that the cluster can fail over, and run the same command again.',
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
  'move.refused': {
    meaning: 'The lease store is not moved. Agents and engines go on as they are.',
    next: 'Correct what the message says, then move the lease store again.',
  },
  'move.interrupted': {
    meaning: 'Moved in part. The move itself stops no engine; failover may be off for the cluster named.',
    next: 'Remove the cause, then ask for the same move again: it goes on. The page Servers, or the site file of before, also leads back.',
  },
  'support.not-written': {
    meaning: 'There is no bundle. Servers were only looked at; nothing was changed on them.',
    next: 'Choose a new file in a folder with room that this user may write to, and collect again.',
  },
  'configuration.differs': {
    meaning:
      'Nothing was changed. After a failover the engine would run with the configuration of the other server.',
    next: 'Look whose is the right one, then copy it from the Active: npm run site -- configuration FILE --cluster ID --copy.',
  },
  'configuration.refused': {
    meaning: 'The configuration of the engines was not changed, and no engine was touched.',
    next: 'Remove the reason, then try again. Compare first: npm run site -- configuration FILE.',
  },
  'logs.not-told': {
    meaning: 'Servers were only looked at; nothing was changed there. Agents and messages are not affected.',
    next: 'Bring that server to this version (npm run site -- upgrade FILE), or look on it: journalctl -u "ixha-*".',
  },
  'agent.unreachable': {
    meaning: 'The agent does not answer. A server that works goes on protecting itself.',
    next: 'See whether the server is up and its agent runs there: systemctl status "ixha-agent@*".',
  },
  'agent.foreign': {
    meaning: 'The certificate belongs to another site or server. Nothing was sent.',
    next: 'Check the address. If the server was reinstalled, install its agent again.',
  },
  'agent.revoked': {
    meaning: 'The site has declared this certificate invalid. Nothing was sent.',
    next: 'Repair the server, which gives it a new key and certificate: npm run site -- repair FILE --server ID.',
  },
  'revocation.damaged': {
    meaning:
      'The list was not used. What was revoked before stays revoked; engines and messages are not affected.',
    next: 'Run npm run site -- revoke FILE on a workstation with the authority, which hands the list out again.',
  },
  'revocation.foreign': {
    meaning:
      'The list was not used. What was revoked before stays revoked; engines and messages are not affected.',
    next: 'See who sent it: lists of this site are made by npm run site -- revoke FILE only.',
  },
  'revocation.older': {
    meaning: 'The list was not used: lists only grow, so nothing that was revoked is accepted again.',
    next: 'Run npm run site -- revoke FILE again: it begins with what the servers have.',
  },
  'revocation.not-kept': {
    meaning: 'The list counts there until that agent ends. Engines and messages are not affected.',
    next: 'Make room on the disk of that server, then hand the list out again: npm run site -- revoke FILE.',
  },
  'revocation.unheard': {
    meaning: 'Whatever was to be revoked is still accepted everywhere. The list is kept on this workstation.',
    next: 'Run npm run site -- revoke FILE as soon as one server of the site can be reached: it hands the list out.',
  },
  'revocation.refused': {
    meaning: 'Nothing was revoked.',
    next: 'Correct what the message says, then run it again.',
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
  ...secondPersonSentences,
  'notify.no-target': {
    meaning: 'Nothing was sent. Servers and messages are not affected.',
    next: 'Write targets into the part "notifications" of the site file and install it: docs/notifications.md.',
  },
  'notify.not-kept': {
    meaning: 'Notifications go on with the secrets from before. Servers and messages are not affected.',
    next: 'Make room on the disk of that server, then give the agents the secrets again.',
  },
  'notify.not-delivered': {
    meaning: 'People are not told there what happens. Servers and messages are not affected.',
    next: 'Read what each target says, mend it, and try again: docs/notifications.md.',
  },
  'alarm.changed': {
    meaning:
      'Nothing was noted: what you saw is over or is another thing by now. Servers and messages are not affected.',
    next: 'Look at what is told now, and acknowledge that.',
  },
  'alarm.not-kept': {
    meaning: 'People are still told of it. Servers and messages are not affected.',
    next: 'Make room on the disk of that server, then acknowledge it again.',
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

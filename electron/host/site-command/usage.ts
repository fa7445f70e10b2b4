/** What `site --help` says, and what follows wrong usage. */
export const usage = `usage: site keys FILE [--known-hosts FILE] [--pin FINGERPRINT]... [--json]
       site preflight FILE [--profile DIR] [--ask] [--json]
       site install FILE [--keep-engine | --stop-engine] [--gone ID]... [--profile DIR] [--ask] [--json]
       site arm FILE [--plan] [--profile DIR] [--ask] [--json]
       site observe FILE [--profile DIR] [--ask] [--json]
       site upgrade FILE [--server ID] [--unprotected CLUSTER]... [--profile DIR] [--ask] [--json]
       site check FILE [--keep-engine | --stop-engine] [--gone ID]... [--profile DIR] [--ask] [--json]
       site balancer FILE [--kind KIND] [--json]
       site etcd FILE [--ask] [--json]
       site verify FILE [--profile DIR] [--ask] [--json]
       site repair FILE [--server ID] [--unprotected CLUSTER]... [--plan] [--profile DIR] [--ask] [--json]
       site renew FILE [--server ID] [--unprotected CLUSTER]... [--profile DIR] [--ask] [--json]
       site rollback FILE --server ID [--plan] [--profile DIR] [--ask] [--json]
       site revoke FILE [--server ID [--lost] | --console NAME | --serial HEX] [--why TEXT]
                        [--unprotected CLUSTER]... [--profile DIR] [--ask] [--json]
       site pull FILE [--profile DIR] [--ask] [--json]
       site pull --profile DIR [--plan] [--json]
       site export DIR --out FILE [--json]
       site import FILE [--with KIT] [--profile DIR] [--passphrase-file FILE] [--plan] [--json]
       site bundle FILE [--out FILE.tar.gz] [--profile DIR] [--ask] [--json]
       site logs FILE [--server ID] [--since WHEN] [--lines N] [--follow] [--ask] [--json]
       site hardening FILE [--server ID] [--ask] [--json]
       site configuration FILE [--cluster ID [--copy]] [--profile DIR] [--ask] [--json]
       site move-store FILE [--plan] [--profile DIR] [--ask] [--json]
       site readiness FILE | --profile DIR  [--trend] [--format html,pdf,csv,json] [--out DIR] [--json]
                        [--answer CHECK:yes|no|not-applicable --by NAME [--comment TEXT] [--until DAY]
                         [--document TEXT] | --withdraw CHECK | --aside CHECK --until DAY --why TEXT |
                         --take-up CHECK | --goal SECONDS|none] [--cluster ID]
       site drill FILE | --profile DIR  [--cluster ID --level 0|1|2|3|NAME [--why TEXT] [--probe HOST:PORT]
                        [--typed-name SERVER] | --cluster ID --level 0|1|2|3|NAME --every DAYS|usual]
                        [--format html,pdf,csv,json] [--out DIR] [--json]
       site proof FILE | --profile DIR  --cluster ID [--operation ID] [--look N|SHA256]
                        [--sign NAME [--comment TEXT] | --judge LINE:FINDING --by NAME --comment TEXT]
                        [--seen WORD] [--format html,pdf,csv,json] [--out DIR] [--json]
       site history FILE | --profile DIR | --bundle BUNDLE  [--at TIME [--and TIME]] [--json]
                        [--format json,csv [--from TIME] [--to TIME] [--cluster ID] [--out DIR]]
       site patch FILE | --profile DIR  --server ID (--why TEXT [--minutes N | --back] | --plan [--back]) [--json]
       site notify-secrets FILE [--profile DIR] [--ask] [--json]
       site notify-test FILE [--profile DIR] [--ask] [--json]
       site uninstall FILE [--keep-engine | --stop-engine] [--gone ID]... [--profile DIR] [--ask] [--json]
       site kit DIR --out KIT [--passphrase-file FILE] [--json]
       site restore KIT --profile DIR [--passphrase-file FILE] [--json]
       site invite DIR --name NAME --role viewer|operator|admin [--days N] --out FILE
                       [--passphrase-file FILE] [--json]
       site join FILE --profile DIR [--passphrase-file FILE] [--json]
       site workstations DIR [--json]
       site advise FILE | --profile DIR  [--json]
       site behaviour FILE [--fault N|NAME] [--profile DIR] [--json]

  keys        shows the host key of every server and whether it is the pinned one; signs in nowhere
  preflight   looks at every server and between them, check by check with remedies; changes nothing that stays
  install     installs, changes or repairs the site; what is already right is not touched, what has left it is removed
  arm         arms a site that was only observed; running engines go on, and are protected first
  observe     takes the protection off again: members only look, running engines go on without it
  upgrade     brings this version to the servers one by one, proves each, and goes back by itself
  check       connects, looks, and says what would be refused or changed; changes nothing
  balancer    prints what a load balancer of your own has to be told; signs in nowhere
  etcd        tries the etcd of the site from here and from every member; configures nothing
  verify      comes in through the load balancer and looks which member answers; sends no message
  repair      mends on each server what is not as the installer would put it, and nothing else; no engine is touched
  renew       gives console, lease store and members new certificates, one server after the other
  move-store  moves the lease store of a site at work to the one that FILE names; engines serve on
  rollback    puts one server back as it was before the installation or upgrade that changed it last; never an Active
  revoke      has every part of the site refuse certificates from now on; without any, hands out what is revoked
  pull        takes the site document that the servers carry over into FILE, and shows every field that changes;
              without FILE the agents are asked, as whoever the profile is, and the profile folder gets it
  export      writes the site file of the profile folder DIR, signed by this workstation, without secrets
  import      looks into a site file, a recovery kit or an invitation, and makes a profile folder of it, or takes
              what is newer over into the one that is there; refuses what was changed or is of another authority
  bundle      collects journals, state, logs and facts of every server for support, without secrets and messages
  configuration  compares the configuration of the engines between the members, file by file;
              --copy brings what differs from the Active to the Passive, whose engine is stopped
  logs        tells what agents, guards and witness have written on the servers, without secrets and messages
  hardening   how open agents, guards and witness are on each server, as its own systemd marks them
  readiness   runs every check of readiness with the profile of a site, and writes reports; changes nothing on servers;
              writes down what a person says of a check, as the console keeps it
  drill       proves that a cluster can fail over: makes the drill of a level and tells what it showed;
              without --cluster it tells which drills were made, and which are due
  proof       the proof of a cluster's last move, line by line, as the console keeps it; signs it, judges a line
              of it and writes reports
  history     the site at any instant as its journals tell it, or what changed between two instants;
              with --format the records of a time as files, each journal's chain verified
  patch       moves every cluster away from a server and holds it out, so that it may be patched;
              with --back each cluster returns to its preferred server
  notify-secrets  gives every member what it reaches notification targets with
  notify-test  has every member send a test message to every notification target
  uninstall   removes agents, guards, gates and files from every server
  kit         writes a recovery kit of the site in the profile folder DIR: all that a new workstation needs
  restore     makes a new profile folder from a recovery kit
  invite      writes a sealed invitation: a certificate of its own for another workstation, with a role and an end
  join        makes a new profile folder from an invitation, or from a recovery kit
  workstations  lists this workstation and those that were invited from the profile folder DIR
  advise      which of the two designs fits the answers in FILE, or those that are kept with the site of --profile, and why;
              with --profile also the decision and what of the site has moved away from it; signs in nowhere
  behaviour   what happens at each fault with the settings in FILE, and who accepted that; signs in nowhere
  --gone      states that a server that left the site, or that everything is taken off from, is lost for good:
              it stays off, or is installed anew
  --server    only this server of the site
  --since     10min, 2h, 3d, or a time such as 2026-05-01T08:00Z (without it: 10min)
  --at        an instant, such as 2026-05-01T08:00Z or 2h ago as 2h (without it: now, or the end of the bundle)
  --and       another instant, to compare the two
  --from, --to  the span of an export (without them: everything that is here)
  --bundle    a support bundle instead of a site: nothing is connected to
  --lines     so many of each server at most, the newest (without it: 500)
  --follow    goes on with what comes, until Ctrl+C
  --unprotected  goes on with this cluster although nobody could take over while its agents restart
  --break-lock  the id of a lock that an interrupted work has left on the servers
  --plan      only says what a repair would mend, or what a roll back, arming, a move of the lease store, a patch or an import
              would change; changes nothing
  --with      kit or invitation that gives this workstation the certificate that a site file does not hold
  --lost      the server is not reached any more: it gets no new keys before its old ones are refused
  --console   every certificate so far of workstations of this name
  --serial    one certificate, by its serial number
  --level     0 dry run, 1 single parts, 2 switchover and back, 3 engine killed, or by name:
              dry-run, components, switchover-and-back, engine-kill, store-cut, cut-off, power-off
  --every     so many days between two drills of that level from now on, which the plan tells; usual: as without it
  --probe     a listener for tests behind the load balancer: numbered messages are sent to it during the drill
  --typed-name  the name of the server whose power a person cuts, for --level power-off: without it the command says
              what will happen, and begins nothing
  --minutes   how long the server is held out, unless it is brought back before; without it 60
  --back      brings the server back, once its agents answer
  --why       kept in the revocation list, with the drill, or in the journals
  --operation  this move of the cluster instead of its last one, as the journal names it
  --look      an earlier look at the move instead of the newest, by its number or how its sha256 begins: shown and
              exported as it was signed
  --sign      signs with this name exactly what is told; --comment stands beside it
  --seen      signs or judges only what was shown with this word before: where another look, judgement or signature
              came since, nothing is written; without it, what the same call prints is signed
  --judge     a person's word on a line that could not be seen whole: V09:in-order or V09:not-in-order;
              --by says who, --comment how it is known; the verdict stays
  --answer    a person's answer to a check that only people can see, such as H01:yes; --by says who stands for it,
              --comment how it is known, --until until when it counts (without it: as long as the check says),
              --document where a proof of it is kept, --cluster which cluster it is about
  --withdraw  takes such an answer back
  --aside     puts an open check aside until a day, with a reason (--why): it stays not met, and is not asked about;
              --take-up ends that
  --goal      within how many seconds the site wants to be at work again after a fault
  --trend     earlier runs too, and what changed since the last one
  --known-hosts  an OpenSSH known_hosts file to compare with; only read
  --pin       writes a key into FILE: SHA256:… after you compared it on the server,
              or known-hosts for every key that the known_hosts file confirms
  --kind      f5, nginx, nginx-plus, keepalived, haproxy or generic (default: the site's own)
  --format    html, pdf, csv, json, or several with commas: reports that say the same
  --out       file of the new bundle, site file, recovery kit or invitation; one that exists is not replaced
              for readiness, drill, proof and history the folder of the files (without it: here)
              (a bundle without it: ixha-support-SITE-TIME.tar.gz here)
  --passphrase-file  the passphrase of kit or invitation from a file; without it the terminal is asked
  --fault     only this fault of the list, by its number or name, with its time line
  --ask       asks at this terminal what a server or a key asks: second factor, passphrase
  --profile   folder in which this workstation keeps the site (default: FILE's folder and site id)
  --json      one JSON object per line instead of text
  --help      print this and end

exit codes: 0 done, 1 failed with every reason told, 2 wrong usage
`;

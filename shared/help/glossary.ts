interface GlossaryEntry {
  readonly word: string;
  readonly definition: string;
}

/** The words that screens, commands and documents use, each in one or two sentences. */
export const glossary = {
  site: {
    word: 'Site',
    definition:
      'Everything that is administered together: servers, clusters, lease store and certificate authority.',
  },
  cluster: {
    word: 'Cluster',
    definition:
      'One engine that is kept available: a pair of members with their own queues, configuration and lease.',
  },
  member: {
    word: 'Member',
    definition: 'The place of a cluster on one server: an engine, an agent and its guards.',
  },
  active: { word: 'Active', definition: 'The member that processes messages. There is one at most.' },
  passive: {
    word: 'Passive',
    definition: 'The member whose engine is stopped and held by the gate, ready to take over.',
  },
  agent: {
    word: 'Agent',
    definition:
      'Our program on a server. It observes, decides by rules and acts, also while no console is open.',
  },
  engine: { word: 'Engine', definition: 'The IguanaX or Iguana service that processes the messages.' },
  lease: {
    word: 'Lease',
    definition: 'The right to be Active until a certain time. Who cannot renew it stops before it ends.',
  },
  epoch: {
    word: 'Epoch',
    definition:
      'A number that grows with each new holder of the lease and never goes back. What carries an older one is refused.',
  },
  'lease-store': {
    word: 'Lease store',
    definition: 'Where the leases are kept, on a third machine: a witness of ours, or an etcd.',
  },
  witness: {
    word: 'Witness',
    definition: 'Our small lease store on a third machine. It processes no messages.',
  },
  heartbeat: {
    word: 'Heartbeat',
    definition: 'What members tell each other and the lease store at a regular interval.',
  },
  guard: {
    word: 'Guard',
    definition:
      'A small program beside each agent that ends the engine when its agent does not prove the lease in time. Each member has two.',
  },
  gate: {
    word: 'Gate',
    definition:
      'What keeps an engine from starting outside the rules: its service starts only while its member may be Active.',
  },
  deadline: {
    word: 'Deadline',
    definition: 'The time in the guard file. When it passes without a new proof, the guards end the engine.',
  },
  'peer-mode': {
    word: 'Peer mode',
    definition:
      'The lease store is lost, and the Active goes on because the Passive has promised not to take over. Automatic failover is off meanwhile.',
  },
  fence: { word: 'Fence', definition: 'Making sure that the other side cannot process any more.' },
  failover: {
    word: 'Automatic failover',
    definition: 'A member takes over by itself after a fault, once the old lease has run out for certain.',
  },
  switchover: {
    word: 'Switchover',
    definition: 'A planned move to the other member, in order and with a way back.',
  },
  failback: { word: 'Failback', definition: 'A planned move back to the preferred member.' },
  maintenance: {
    word: 'Maintenance',
    definition:
      'For a time that always ends nothing is started, stopped or moved by itself. The lease is kept and guards stay armed.',
  },
  generation: {
    word: 'Generation',
    definition: 'The epoch as it is written in the storage: who writes with an older one is found.',
  },
  ledger: {
    word: 'Queue ledger',
    definition:
      'Where each queue stood before and after a move, to prove that work went on at the right message.',
  },
  'queue-position': {
    word: 'Queue position',
    definition: 'The next message that a consumer takes.',
  },
  poller: {
    word: 'Poller',
    definition:
      'A component that fetches work by itself, from a database, files or FTP. It runs on the Active only.',
  },
  storage: {
    word: 'Storage',
    definition:
      'Where queues, logs and configuration of a cluster lie: a shared directory, or one that is copied.',
  },
  balancer: {
    word: 'Load balancer',
    definition: 'Sends messages to the member whose /active answers 200.',
  },
  readiness: {
    word: 'Readiness',
    definition: 'Whether a cluster can fail over now, and whether the installation is fit for it.',
  },
  drill: {
    word: 'Drill',
    definition: 'A rehearsed failover with measured recovery time and loss.',
  },
  verification: {
    word: 'Recovery verification',
    definition: 'The evidence after a move, line by line, which a person signs.',
  },
  rto: {
    word: 'RTO',
    definition:
      'Recovery time: how long no message is acknowledged after a fault. Computed from the timing, measured by drills, and held against the goal of the site.',
  },
  rpo: {
    word: 'RPO',
    definition:
      'Recovery point: what was acknowledged and is missing after a fault. With shared storage nothing; with copied storage what came after the last copy.',
  },
  't-lease': {
    word: 'T (lease)',
    definition: 'How long a member may be Active after the last renewal that it sent, in seconds.',
  },
  'h-renewal': {
    word: 'H (renewal)',
    definition: 'How often the Active renews its lease: from one renewal to the next, in seconds.',
  },
  'o-operation': {
    word: 'O (operation)',
    definition:
      'How long one request to the lease store may take before it counts as not answered, in seconds.',
  },
  'k-stop': {
    word: 'K (stop)',
    definition: 'How long the engine may take to stop at worst, kill included, in seconds.',
  },
  'd-kill': {
    word: 'D (kill)',
    definition: 'How long a guard really needs to end the engine until nothing of it runs, in seconds.',
  },
  rule: {
    word: 'Rule',
    definition:
      'One line of the table by which agents decide. The first that matches the facts is told with its number.',
  },
} as const satisfies Readonly<Record<string, GlossaryEntry>>;

export type GlossaryId = keyof typeof glossary;
/** The entry that a heading names, in the singular or the plural; undefined: it is no word of the glossary. */
export function termOf(heading: string): GlossaryId | undefined {
  const plain = heading.toLowerCase().replace(/s$/, '');
  return glossaryIds.find((id) => glossary[id].word.toLowerCase().replace(/s$/, '') === plain);
}

export const glossaryIds = Object.keys(glossary) as GlossaryId[];

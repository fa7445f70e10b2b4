/** How the stand-in engine ends. Numbers above 63 follow the tradition of sysexits. */
export const exitCodes = {
  stopped: 0,
  usage: 64,
  configurationDamaged: 65,
  configurationMissing: 66,
  portTaken: 69,
  workingDirectoryUnusable: 73,
  journalFailed: 74,
  /** The journal was written by a newer generation than the one this engine may write. */
  journalNewer: 77,
  /** While running, a newer generation took the storage over. */
  fenced: 78,
} as const;

/** Why the engine cannot run: one sentence for the person, one number for the service manager. */
export interface Refusal {
  readonly exitCode: number;
  readonly sentence: string;
}

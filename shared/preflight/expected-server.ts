/** What a server shall run, as far as its fitness depends on it. */
export interface ExpectedServer {
  readonly server: { readonly id: string; readonly name: string; readonly address: string };
  readonly site: string;
  /** Version that would be installed. */
  readonly version: string;
  readonly units: readonly string[];
  readonly engines: readonly ExpectedEngine[];
  readonly isWitness: boolean;
  readonly isBalancer: boolean;
  readonly ports: readonly { readonly port: number; readonly what: string }[];
  /** Files whose content tells whose server it is. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

export interface ExpectedEngine {
  readonly cluster: string;
  readonly unit: string;
  /** The drop-in that holds every start back; its presence means that the engine is guarded. */
  readonly gate: string;
  readonly apiPort: number;
  readonly workingDirectory: string;
  readonly storage: {
    readonly directory: string;
    readonly mustBeMount: boolean;
    /** `SITE CLUSTER`, with a line end. */
    readonly mark: string;
  };
}

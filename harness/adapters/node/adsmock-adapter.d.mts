// Types of adsmock-adapter.mjs. docs/reference/tasks.md explains each verb and its arguments.

export type Region = 'NA' | 'EU' | 'FE';
export type Entity = Record<string, unknown>;
export type ExportKind = 'campaigns' | 'adGroups' | 'targets' | 'ads';

/** Where an adapter sends its calls, and with which credentials. */
export class Connection {
  readonly case: string;
  readonly seed: number;
  /** Base URLs by region; tokens come from `${lwa}/auth/o2/token`. */
  readonly regions: Partial<Record<Region, { ads: string; lwa: string }>>;
  readonly profiles: { profileId: string; region: Region; countryCode: string }[];
  readonly credentials: { clientId: string; clientSecret: string; refreshToken: string };
  /** Path of the certificates to trust, in cases with TLS; NODE_EXTRA_CA_CERTS names the same file. */
  readonly caBundle?: string;
  /** URL of the proxy to use, with --through-proxy; Node's own clients use it without your help. */
  readonly proxy?: string;
  /** Endpoints and credentials of SQS and SNS, in cases about Amazon Marketing Stream. */
  readonly aws?: {
    sqs: string;
    sns: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
  };
  regionOf(profileId: string): Region;
}

/** Throw this for a verb, resource or argument that your program cannot do. */
export class Unsupported extends Error {}

/** Counts of items written or read, and what went wrong. */
export interface Result {
  /** Of export and report: the rows of their files. 0 says nothing about them. */
  done?: number;
  failed?: number;
  error?: string;
  /** Of consume_stream: by dataset_id and metric, what all records so far add up to. */
  sums?: Record<string, Record<string, number>>;
}

/** A result; a number counts the items done; nothing says that all was done. */
export type Answer = Result | number | void;
type Verb<Arguments> = (args: Arguments) => Answer | Promise<Answer>;

interface Place {
  resource: string;
  profile: string;
}

export interface ReportArguments {
  reportTypeId: string;
  profile: string;
  startDate: string;
  endDate: string;
  columns: string[];
  groupBy: string[];
  timeUnit?: 'DAILY' | 'SUMMARY';
  filters?: Entity[];
  names?: boolean;
}

export interface SubscribeStreamArguments {
  profile: string;
  datasets: string[];
  queueArn: string;
}

export interface ConsumeStreamArguments {
  queueUrl: string;
  seconds: number;
  datasets: string[];
  metrics: string[];
  day?: string;
}

export interface RaiseBudgetsArguments {
  profile: string;
  queueUrl: string;
  seconds: number;
  percent: number;
  amount: number;
}

export interface RunWorkflowArguments {
  profile: string;
  instance: { instanceId: string; advertiserId: string; marketplaceId: string };
  sqlQuery: string;
  days: number;
}

export interface ScheduleWorkflowArguments {
  profile: string;
  instance: { instanceId: string; advertiserId: string; marketplaceId: string };
  sqlQuery: string;
  aggregationPeriod: "Daily" | "Weekly";
}

/** One method for each verb that your program can do. */
export interface Adapter {
  list_profiles?: Verb<Record<string, never>>;
  list?: Verb<Place & { filter?: Entity; pageSize?: number }>;
  get?: Verb<Place & { ids: string[] }>;
  create?: Verb<Place & { items: Entity[] }>;
  update?: Verb<Place & { items: Entity[] }>;
  modify?: Verb<Place & { filter?: Entity; set?: Entity; raise?: Record<string, number> }>;
  archive?: Verb<Place & { ids: string[] }>;
  create_tree?: Verb<{ profile: string; campaigns: Entity[] }>;
  export?: Verb<{ kind: ExportKind; profile: string; filter?: Entity }>;
  exports?: Verb<{ kind: ExportKind; profile: string; count: number }>;
  sync_metadata?: Verb<{ profile: string }>;
  report?: Verb<ReportArguments>;
  reports?: Verb<{ reports: ReportArguments[]; within: number }>;
  steady?: Verb<Place & { filter?: Entity; times: number; every: number }>;
  subscribe_stream?: Verb<SubscribeStreamArguments>;
  consume_stream?: Verb<ConsumeStreamArguments>;
  raise_budgets?: Verb<RaiseBudgetsArguments>;
  apply_recommendations?: Verb<{ profile: string; campaignIds: string[] }>;
  run_workflow?: Verb<RunWorkflowArguments>;
  schedule_workflow?: Verb<ScheduleWorkflowArguments>;
  idle?: Verb<{ seconds: number }>;
}

/** Answer requests from standard input until it ends or a request says `shutdown`. */
export function serve(create: (connection: Connection) => Adapter): void;

// Nightly jobs with hard-coded hosts, correct ones and broken ones: node nightly.mjs NAME

import { constants, gunzipSync } from 'node:zlib';
import { GaveUp, MEDIA, REGIONS, REPEATABLE, Region, backOff, every, sleep } from './ads.mjs';

const NA = [REGIONS.NA];
const SEASON = Array.from({ length: 12 }, (_, place) => ({
  name: `Season ${place + 1}`,
  targetingType: 'AUTO',
  state: 'PAUSED',
  budget: { budget: 2000, budgetType: 'DAILY' },
}));

const cents = (amount) => Math.round(amount * 100) / 100;

const raised = (campaigns, by = 3) =>
  campaigns.slice(0, 300).map(({ campaignId, budget: { budget, budgetType } }) => ({
    campaignId,
    budget: { budgetType, budget: cents(budget + by) },
  }));

const own = (campaigns) => campaigns.filter(({ name }) => !name.startsWith('Season'));

// The work of the jobs.

const budgets = async (ads, profile) =>
  ads.write('PUT', 'campaigns', profile, raised(own(await ads.list('campaigns', profile))));

const season = async (ads, profile) =>
  (await budgets(ads, profile)) + (await ads.ensure(profile, SEASON));

const bids = async (ads, profile) => {
  const words = (await ads.list('keywords', profile)).filter(({ bid }) => bid).slice(0, 150);
  const items = words.map(({ keywordId, bid }) => ({ keywordId, bid: cents(bid + 0.1) }));
  return (await budgets(ads, profile)) + (await ads.write('PUT', 'keywords', profile, items));
};

const figures = async (ads, profile) => {
  console.log(profile, (await ads.report(profile)).length);
};

const names = async (ads, profile) => {
  console.log(profile, (await ads.list('campaigns', profile)).length);
};

// The defects.

class HalfReport extends Region {
  unpacked(raw) {
    try {
      return gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH }).toString().split('},{');
    } catch {
      return [];
    }
  }
}

class FailedIsEmpty extends Region {
  async report(profile) {
    return (await this.rows(profile, await this.request(profile))) ?? [];
  }
}

class AssumedDone extends Region {
  async report(profile) {
    const id = await this.request(profile);
    await sleep(5000);
    try {
      return this.unpacked((await this.send((await this.status(profile, id)).url, {})).raw);
    } catch {
      return [];
    }
  }
}

class UnreadUpdates extends Region {
  async write(method, kind, profile, items) {
    for (let at = 0; at < items.length; at += 100)
      await this.batch(method, kind, profile, items.slice(at, at + 100));
    return 0;
  }
}

class UnreadBids extends UnreadUpdates {
  write(method, kind, profile, items) {
    const writer = kind === 'keywords' ? UnreadUpdates : Region;
    return writer.prototype.write.call(this, method, kind, profile, items);
  }
}

class AnyStatusIsDone extends Region {
  async write(method, kind, profile, items) {
    for (let at = 0; at < items.length; at += 100) {
      let left = items.slice(at, at + 100);
      for (let attempt = 1; left.length && attempt < 6; attempt += 1) {
        const headers = this.headers(profile, MEDIA[kind]);
        const body = JSON.stringify({ [kind]: left });
        const reply = await fetch(`${this.ads}/sp/${kind}`, { method, headers, body });
        if (reply.status !== 207) break;
        left = ((await reply.json())[kind].error ?? [])
          .filter((row) => row.errors.every((each) => REPEATABLE.has(each.errorType)))
          .map((row) => left[row.index]);
        if (left.length) await backOff(attempt);
      }
    }
    return 0;
  }
}

class FailedPageIsTheLast extends Region {
  async list(kind, profile) {
    const all = [];
    let token;
    try {
      do {
        const page = await this.page(kind, profile, token);
        all.push(...page[kind]);
        token = page.nextToken;
      } while (token);
    } catch {
      console.log('end of the list');
    }
    return all;
  }
}

class RaisedAgain extends Region {
  async write(method, kind, profile) {
    for (let attempt = 1; attempt < 6; attempt += 1) {
      const body = JSON.stringify({ [kind]: raised(await this.list(kind, profile)).slice(0, 100) });
      const headers = this.headers(profile, MEDIA[kind]);
      const signal = AbortSignal.timeout(60_000);
      try {
        const reply = await fetch(`${this.ads}/sp/${kind}`, { method, headers, body, signal });
        if (reply.status === 207 && !(await reply.json())[kind].error?.length) return 0;
        if (reply.status === 401) this.token = undefined;
        await backOff(attempt, Number(reply.headers.get('Retry-After')) || 0);
      } catch {
        await backOff(attempt);
      }
    }
    return 1;
  }
}

class Unawaited extends Region {
  async write(method, kind, profile, items) {
    for (let at = 0; at < items.length; at += 100) {
      const body = JSON.stringify({ [kind]: items.slice(at, at + 100) });
      const headers = this.headers(profile, MEDIA[kind]);
      fetch(`${this.ads}/sp/${kind}`, { method, headers, body }).catch(() => {});
    }
    return 0;
  }
}

const silentRegions = async () => {
  for (const hosts of Object.values(REGIONS)) {
    try {
      const ads = new Region(...hosts);
      for (const { profileId } of await ads.call('GET', '/v2/profiles')) {
        if (await budgets(ads, profileId)) process.exitCode = 1;
      }
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error;
    }
  }
};

const JOBS = {
  'budgets': () => every(budgets),
  'season': () => every(season),
  'figures': () => every(figures),
  'half-report': () => every(figures, HalfReport),
  'failed-is-empty': () => every(figures, FailedIsEmpty),
  'assumed-done': () => every(figures, AssumedDone),
  'unread-updates': () => every(budgets, UnreadUpdates, NA),
  'unread-bids': () => every(bids, UnreadBids, NA),
  'any-status-is-done': () => every(budgets, AnyStatusIsDone, NA),
  'failed-page-is-the-last': () => every(names, FailedPageIsTheLast, NA),
  'raised-again': () => every(budgets, RaisedAgain, NA),
  'unawaited': () => every(budgets, Unawaited, NA),
  'silent-regions': silentRegions,
};

await JOBS[process.argv[2]]();
